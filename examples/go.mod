module github.com/scimmodels/scim/examples

go 1.26.0

replace github.com/scimmodels/scim => ../

require github.com/scimmodels/scim v0.0.0

require (
	github.com/di-wu/parser v0.2.2 // indirect
	github.com/gabriel-vasile/mimetype v1.4.16 // indirect
	github.com/go-playground/locales v0.14.2 // indirect
	github.com/go-playground/universal-translator v0.18.2 // indirect
	github.com/go-playground/validator/v10 v10.30.6 // indirect
	github.com/leodido/go-urn v1.5.0 // indirect
	github.com/scim2/filter-parser/v2 v2.2.1 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
