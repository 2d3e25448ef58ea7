module github.com/scimmodels/scim/internal/compare

go 1.26.0

replace github.com/scimmodels/scim => ../..

require (
	github.com/elimity-com/scim v0.0.0-20240320110924-172bf2aee9c8
	github.com/imulab/go-scim/pkg/v2 v2.2.0
	github.com/marcelom97/scimgateway v1.0.0
	github.com/scimmodels/scim v0.0.0-00010101000000-000000000000
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

require (
	github.com/di-wu/parser v0.2.2 // indirect
	github.com/di-wu/xsd-datetime v1.0.0 // indirect
	github.com/gabriel-vasile/mimetype v1.4.16 // indirect
	github.com/go-playground/locales v0.14.2 // indirect
	github.com/go-playground/universal-translator v0.18.2 // indirect
	github.com/go-playground/validator/v10 v10.30.6 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/leodido/go-urn v1.5.0 // indirect
	github.com/satori/go.uuid v1.2.0 // indirect
	github.com/scim2/filter-parser/v2 v2.2.1 // indirect
	github.com/stretchr/testify v1.12.1
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
