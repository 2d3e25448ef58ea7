package codec_test

import (
	"github.com/scimmodels/scim/internal/codec"
)

func locator(base string) *codec.Locator {
	return codec.NewLocator(base, []codec.Place{
		{Name: "Everything", Schema: "urn:x:Everything", Endpoint: "/Everything"},
		{Name: "User", Schema: "urn:x:User", Endpoint: "/Users"},
		{Name: "Group", Schema: "urn:x:Group", Endpoint: "Groups/"},
	})
}
