package resource_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/resource"
)

const (
	shopURN  = "urn:acme:params:scim:schemas:core:2.0:Shop"
	stockURN = "urn:acme:params:scim:schemas:extension:stock:2.5:Shop"
)

// Shop has each kind of returned at each level: its own attributes, parts of a complex value, of elements and of an extension.
type Shop struct {
	resource.Resource `scim:"urn:acme:params:scim:schemas:core:2.0:Shop"`

	A      string       `json:"a,omitempty" scim:"returned=always"`
	D      string       `json:"d,omitempty"`
	R      string       `json:"r,omitempty" scim:"returned=request"`
	N      string       `json:"n,omitempty" scim:"returned=never"`
	W      string       `json:"w,omitempty" scim:"mutability=writeOnly"`
	Part   ShopPart     `json:"part,omitzero"`
	Parts  []ShopPart   `json:"parts,omitempty"`
	Plain  ShopPlain    `json:"plain,omitzero"`
	Plains []ShopPlain  `json:"plains,omitempty"`
	Always ShopPlain    `json:"always,omitzero" scim:"returned=always"`
	Asked  ShopPlain    `json:"asked,omitzero" scim:"returned=request"`
	Hidden ShopPlain    `json:"hidden,omitzero" scim:"returned=never"`
	Stock  *ShopStock   `json:"urn:acme:params:scim:schemas:extension:stock:2.5:Shop,omitempty"`
	Guest  *ShopComment `json:"urn:acme:params:scim:schemas:extension:comment:2.0:Shop,omitempty"`
}

// ShopPart insists on a part of it.
type ShopPart struct {
	A string `json:"a,omitempty" scim:"returned=always"`
	D string `json:"d,omitempty"`
	E string `json:"e,omitempty"`
	R string `json:"r,omitempty" scim:"returned=request"`
	N string `json:"n,omitempty" scim:"returned=never"`
	W string `json:"w,omitempty" scim:"mutability=writeOnly"`
}

type ShopPlain struct {
	D string `json:"d,omitempty"`
	E string `json:"e,omitempty"`
	R string `json:"r,omitempty" scim:"returned=request"`
}

type ShopStock struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:stock:2.5:Shop"`

	A     string     `json:"a,omitempty" scim:"returned=always"`
	D     string     `json:"d,omitempty"`
	R     string     `json:"r,omitempty" scim:"returned=request"`
	N     string     `json:"n,omitempty" scim:"returned=never"`
	Only  string     `json:"only,omitempty"`
	Parts []ShopPart `json:"parts,omitempty"`
	Plain ShopPlain  `json:"plain,omitzero"`
}

type ShopComment struct {
	resource.Extension `scim:"urn:acme:params:scim:schemas:extension:comment:2.0:Shop"`

	D    string `json:"d,omitempty"`
	Text string `json:"text,omitempty"`
}

const guestURN = "urn:acme:params:scim:schemas:extension:comment:2.0:Shop"

func shop() *Shop {
	part := func(i string) ShopPart {
		return ShopPart{"a" + i, "d" + i, "e" + i, "r" + i, "n" + i, "w" + i}
	}
	plain := func(i string) ShopPlain { return ShopPlain{"d" + i, "e" + i, "r" + i} }
	return &Shop{
		Resource: resource.Resource{ID: "1", ExternalID: "x", Meta: resource.Meta{ResourceType: "Shop", Version: `W/"1"`}},
		A:        "a", D: "d", R: "r", N: "n", W: "w", Part: part("1"), Parts: []ShopPart{part("2"), part("3")},
		Plain: plain("1"), Plains: []ShopPlain{plain("2"), plain("3")}, Always: plain("4"), Asked: plain("5"), Hidden: plain("6"),
		Stock: &ShopStock{A: "a", D: "d", R: "r", N: "n", Only: "o", Parts: []ShopPart{part("7")}, Plain: plain("8")}, Guest: &ShopComment{D: "d", Text: "t"},
	}
}

// The documents below name schemas as <S>, its extensions as <X> and <C>.
var shops = strings.NewReplacer("<S>", shopURN, "<X>", stockURN, "<C>", guestURN)

// What is always returned, at all levels.
const (
	shopMin   = `"id":"1","a":"a","part":{"a":"a1"},"parts":[{"a":"a2"},{"a":"a3"}],"always":{"d":"d4","e":"e4"}`
	shopMinX  = `"<X>":{"a":"a","parts":[{"a":"a7"}]}`
	shopOther = `"plain":{"d":"d1","e":"e1"},"plains":[{"d":"d2","e":"e2"},{"d":"d3","e":"e3"}]`
	shopPart  = `"part":{"a":"a1","d":"d1","e":"e1"}`
	shopParts = `"parts":[{"a":"a2","d":"d2","e":"e2"},{"a":"a3","d":"d3","e":"e3"}]`
	shopX     = `"<X>":{"a":"a","d":"d","only":"o","parts":[{"a":"a7","d":"d7","e":"e7"}],"plain":{"d":"d8","e":"e8"}}`
	shopC     = `"<C>":{"d":"d","text":"t"}`
	shopMeta  = `"externalId":"x","meta":{"resourceType":"Shop","version":"W/\"1\""}`
	shopCore  = `"id":"1","a":"a","d":"d",` + shopPart + `,` + shopParts + `,` + shopOther + `,"always":{"d":"d4","e":"e4"},` + shopMeta
)

func TestProjection(t *testing.T) {
	least := func(more string) string { return `{"schemas":["<S>","<X>"],` + shopMin + `,` + shopMinX + more + `}` }
	minC := func(more string) string { return strings.Replace(least(more), `"<X>"],`, `"<X>","<C>"],`, 1) }
	for _, c := range []struct {
		name            string
		attrs, excluded string
		want            string
		strict          string // where strict mode finds less
	}{
		{name: "7644-3.4-01/nothing asked", want: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + shopX + `,` + shopC + `}`},
		{name: "7644-3.9-01/default", attrs: "d", want: least(`,"d":"d"`)},
		{name: "7643-7-15/always needs no asking", attrs: "a", want: least(``)},
		{name: "7643-7-19/request", attrs: "r", want: least(`,"r":"r"`)},
		{name: "7643-7-16/never", attrs: "n,hidden,hidden.d,parts.n,<X>:n", want: least(``)},
		{name: "7643-7-16/writeOnly", attrs: "w,part.w,parts.w,<X>:parts.w", want: least(``)},
		{name: "AMB-27/unknown", attrs: "nope,plain.nope,<X>:nope,urn:x:y,urn:x:y:d,d.x,part.d.x,a.b.c", want: least(``)},
		{name: "AMB-27/no notation", attrs: `parts[a eq "a2"],parts[0],.,:,d.,.d,<X>:,<X>.d`, want: least(``)},
		{name: "7644-3.9-06/complex", attrs: "plain", want: least(`,"plain":{"d":"d1","e":"e1"}`)},
		{name: "7644-3.9-06/part", attrs: "plain.d", want: least(`,"plain":{"d":"d1"}`)},
		{name: "7644-3.9-06/two parts", attrs: "plain.e,plain.d", want: least(`,"plain":{"d":"d1","e":"e1"}`)},
		{name: "7644-3.9-06/part and whole", attrs: "plain.d,plain", want: least(`,"plain":{"d":"d1","e":"e1"}`)},
		{name: "7644-3.9-06/whole and part", attrs: "plain,plain.d", want: least(`,"plain":{"d":"d1","e":"e1"}`)},
		{name: "7643-7-19/part on request", attrs: "plain.r", want: least(`,"plain":{"r":"r1"}`)},
		{name: "7643-7-19/whole and its part on request", attrs: "plain,plain.r", want: least(`,"plain":{"d":"d1","e":"e1","r":"r1"}`)},
		{name: "7643-7-19/a part on request and the whole", attrs: "plain.r,plain", want: least(`,"plain":{"d":"d1","e":"e1","r":"r1"}`)},
		{name: "7643-7-19/part on request of what is always returned", attrs: "always.r", want: strings.Replace(least(``), `"e":"e4"`, `"e":"e4","r":"r4"`, 1)},
		{name: "7643-7-19/complex on request", attrs: "asked", want: least(`,"asked":{"d":"d5","e":"e5"}`)},
		{name: "7643-7-19/part of it", attrs: "asked.e", want: least(`,"asked":{"e":"e5"}`)},
		{name: "7644-3.9-06/each element", attrs: "plains.e", want: least(`,"plains":[{"e":"e2"},{"e":"e3"}]`)},
		{name: "7644-3.9-06/each element beside what it insists on", attrs: "parts.d,part.e", want: `{"schemas":["<S>","<X>"],"id":"1","a":"a","part":{"a":"a1","e":"e1"},"parts":[{"a":"a2","d":"d2"},{"a":"a3","d":"d3"}],"always":{"d":"d4","e":"e4"},` + shopMinX + `}`},
		{name: "7644-3.9-06/whole lists", attrs: "parts,part", want: `{"schemas":["<S>","<X>"],"id":"1","a":"a",` + shopPart + `,` + shopParts + `,"always":{"d":"d4","e":"e4"},` + shopMinX + `}`},
		{name: "7643-3.1-12/meta", attrs: "meta", want: least(`,"meta":{"resourceType":"Shop","version":"W/\"1\""}`)},
		{name: "7643-3.1-12/part of meta", attrs: "meta.version", want: least(`,"meta":{"version":"W/\"1\""}`)},
		{name: "7644-3.10-01/any case", attrs: "D,PLAIN.E,PLAINS.d", want: least(`,"d":"d","plain":{"e":"e1"},"plains":[{"d":"d2"},{"d":"d3"}]`)},
		{name: "7644-3.10-01/full URN", attrs: "<S>:d,URN:ACME:PARAMS:SCIM:SCHEMAS:CORE:2.0:SHOP:plain.e", want: least(`,"d":"d","plain":{"e":"e1"}`)},
		{name: "7644-3.10-02/extension attribute", attrs: "<X>:d", want: `{"schemas":["<S>","<X>"],` + shopMin + `,"<X>":{"a":"a","d":"d","parts":[{"a":"a7"}]}}`},
		{name: "7644-3.10-02/its parts", attrs: "<X>:parts.e,<X>:PLAIN.r,<X>:r", want: `{"schemas":["<S>","<X>"],` + shopMin + `,"<X>":{"a":"a","r":"r","parts":[{"a":"a7","e":"e7"}],"plain":{"r":"r8"}}}`},
		{name: "7644-3.10-02/without its URN", attrs: "only", want: `{"schemas":["<S>","<X>"],` + shopMin + `,"<X>":{"a":"a","only":"o","parts":[{"a":"a7"}]}}`, strict: least(``)},
		{name: "7644-3.10-02/without its URN the core comes first", attrs: "plain.e", want: least(`,"plain":{"e":"e1"}`)},
		{name: "7644-3.10-02/extension alone", attrs: "<X>", want: `{"schemas":["<S>","<X>"],` + shopMin + `,` + shopX + `}`},
		{name: "7644-3.10-02/extension alone, any case", attrs: strings.ToUpper(guestURN), want: minC(`,` + shopC)},
		{name: "7644-3.10-02/extension and part on request", attrs: "<X>,<X>:r", want: `{"schemas":["<S>","<X>"],` + shopMin + `,` + strings.Replace(shopX, `"a":"a"`, `"a":"a","r":"r"`, 1) + `}`},
		{name: "7644-3.10-01/core URN alone", attrs: "<S>", want: `{"schemas":["<S>","<X>"],` + shopCore + `,` + shopMinX + `}`},
		{name: "7644-3.10-01/core URN and a part", attrs: "plain.d,<S>", want: `{"schemas":["<S>","<X>"],` + shopCore + `,` + shopMinX + `}`},
		{name: "7644-3.10-01/several", attrs: "d,<C>:d,externalId", want: minC(`,"d":"d","externalId":"x","<C>":{"d":"d"}`)},
		{name: "7643-7-15/schemas and id", attrs: "schemas,id", want: least(``)},

		{name: "7644-3.9-02/default", excluded: "d,plain,plains", want: `{"schemas":["<S>","<X>","<C>"],"id":"1","a":"a",` + shopPart + `,` + shopParts + `,"always":{"d":"d4","e":"e4"},` + shopMeta + `,` + shopX + `,` + shopC + `}`},
		{name: "7643-7-15/always", excluded: "id,schemas,a,part.a,parts.a,always,<X>:a", want: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + shopX + `,` + shopC + `}`},
		{name: "7643-7-19/request stays out", excluded: "d", want: `{"schemas":["<S>","<X>","<C>"],` + strings.Replace(shopCore, `"d":"d",`, ``, 1) + `,` + shopX + `,` + shopC + `}`},
		{name: "7643-7-16/never stays out", excluded: "n,w,hidden,r,part.n", want: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + shopX + `,` + shopC + `}`},
		{name: "7644-3.9-06/parts", excluded: "plain.d,plains.e,PART.D,<S>:parts.E", want: `{"schemas":["<S>","<X>","<C>"],"id":"1","a":"a","d":"d","part":{"a":"a1","e":"e1"},"parts":[{"a":"a2","d":"d2"},{"a":"a3","d":"d3"}],"plain":{"e":"e1"},"plains":[{"d":"d2"},{"d":"d3"}],"always":{"d":"d4","e":"e4"},` + shopMeta + `,` + shopX + `,` + shopC + `}`},
		{name: "7644-3.9-06/all parts", excluded: "plain.d,plain.e,plains.d,plains.e,<C>:d,<C>:text", want: `{"schemas":["<S>","<X>"],"id":"1","a":"a","d":"d",` + shopPart + `,` + shopParts + `,"always":{"d":"d4","e":"e4"},` + shopMeta + `,` + shopX + `}`},
		{name: "AMB-29/the part survives", excluded: "part,parts,<X>", want: `{"schemas":["<S>","<X>","<C>"],` + shopMin + `,"d":"d",` + shopOther + `,` + shopMeta + `,` + shopMinX + `,` + shopC + `}`},
		{name: "AMB-29/part and whole", excluded: "part.d,part,parts,parts.d,<X>:d,<X>", want: `{"schemas":["<S>","<X>","<C>"],` + shopMin + `,"d":"d",` + shopOther + `,` + shopMeta + `,` + shopMinX + `,` + shopC + `}`},
		{name: "7644-3.10-02/extension excluded", excluded: guestURN, want: `{"schemas":["<S>","<X>"],` + shopCore + `,` + shopX + `}`},
		{name: "7644-3.10-02/extension attribute excluded without its URN", excluded: "text,only", want: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + strings.Replace(shopX, `"only":"o",`, ``, 1) + `,"<C>":{"d":"d"}}`, strict: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + shopX + `,` + shopC + `}`},
		{name: "7644-3.10-01/core URN excluded", excluded: "<S>", want: `{"schemas":["<S>","<X>","<C>"],` + shopMin + `,` + shopX + `,` + shopC + `}`},
		{name: "AMB-27/unknown excluded", excluded: "nope,plain.nope,urn:x:y,parts[0]", want: `{"schemas":["<S>","<X>","<C>"],` + shopCore + `,` + shopX + `,` + shopC + `}`},
		{name: "7643-3.1-12/meta excluded", excluded: "meta.version,externalId", want: `{"schemas":["<S>","<X>","<C>"],` + strings.Replace(strings.Replace(shopCore, `,"version":"W/\"1\""`, ``, 1), `"externalId":"x",`, ``, 1) + `,` + shopX + `,` + shopC + `}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := &resource.SearchRequest{}
			if c.attrs != "" {
				q.Attributes = strings.Split(shops.Replace(c.attrs), ",")
			}
			if c.excluded != "" {
				q.ExcludedAttributes = strings.Split(shops.Replace(c.excluded), ",")
			}
			for _, mode := range []struct {
				opts []resource.Option
				want string
			}{{nil, c.want}, {[]resource.Option{resource.Strict()}, c.strict}} {
				if mode.want == "" {
					mode.want = c.want
				}
				s, twin := shop(), shop()
				text, err := resource.Marshal(resource.QueryResponse, s, append(mode.opts, q)...)
				require.NoError(t, err)
				equalJSON(t, shops.Replace(mode.want), string(text))
				assert.Equal(t, twin, s, "the resource is changed")
				_, err = resource.Validate[Shop](resource.QueryResponse, text, resource.Strict())
				require.NoError(t, err, "a client reads %s", text)
			}
		})
	}
}

// The table "Returned by situation", whole, at each level: at the top, in a complex value, in elements, in an extension and in its elements.
func TestReturnedBySituation(t *testing.T) {
	const yes, no = true, false
	table := map[string][7]bool{ // plain; named; others named; excluded; others excluded; client sent it; client did not
		"a": {yes, yes, yes, yes, yes, yes, yes},
		"d": {yes, yes, no, no, yes, yes, yes},
		"r": {no, yes, no, no, no, yes, no},
		"n": {no, no, no, no, no, no, no},
		"w": {no, no, no, no, no, no, no},
	}
	levels := []string{"", "part.", "parts.", "<X>:", "<X>:parts."}
	tested := 0
	for _, level := range levels {
		for kind, row := range table {
			if level == "<X>:" && kind == "w" {
				continue // the extension has none
			}
			path := shops.Replace(level + kind)
			written := func(ctx resource.Context, opts ...resource.Option) bool {
				s := shop()
				text, err := resource.Marshal(ctx, s, opts...)
				require.NoError(t, err)
				return stands(decoded(t, string(text)), path)
			}
			named, other := []string{path}, []string{"plain.d"}
			for i, got := range [][]bool{
				{written(resource.QueryResponse)},
				{written(resource.QueryResponse, &resource.SearchRequest{Attributes: named}), written(resource.PatchResponse, &resource.SearchRequest{Attributes: named}), written(resource.CreationResponse, &resource.SearchRequest{Attributes: named}), written(resource.ReplaceResponse, &resource.SearchRequest{Attributes: named})},
				{written(resource.QueryResponse, &resource.SearchRequest{Attributes: other}), written(resource.CreationResponse, &resource.SearchRequest{Attributes: other})},
				{written(resource.QueryResponse, &resource.SearchRequest{ExcludedAttributes: named}), written(resource.CreationResponse, &resource.SearchRequest{ExcludedAttributes: named}), written(resource.PatchResponse, &resource.SearchRequest{ExcludedAttributes: named}, resource.Sent(path))},
				{written(resource.QueryResponse, &resource.SearchRequest{ExcludedAttributes: other})},
				{written(resource.CreationResponse), written(resource.ReplaceResponse), written(resource.PatchResponse, resource.Sent(path)), written(resource.PatchResponse, resource.Sent(strings.ToUpper(path), "nope")), written(resource.PatchResponse, resource.Sent(path), &resource.SearchRequest{ExcludedAttributes: other})},
				{written(resource.PatchResponse), written(resource.PatchResponse, resource.Sent("d", "plain.r"))},
			} {
				for k, g := range got {
					assert.Equal(t, row[i], g, "7643-7-15 to 20, 7644-3.9-04: %s, column %d, %d", path, i, k)
				}
				tested++
			}
		}
	}
	assert.Equal(t, 7*(5*len(levels)-1), tested)
}

// members of an object; none of anything else.
func members(doc any) map[string]any {
	object, _ := doc.(map[string]any)
	return object
}

// stands says whether a document has the attribute, in each element of a list.
func stands(doc any, path string) bool {
	for _, urn := range []string{stockURN, guestURN} {
		if rest, ok := strings.CutPrefix(path, urn+":"); ok {
			inner, ok := members(doc)[urn]
			return ok && stands(inner, rest)
		}
	}
	name, rest, more := strings.Cut(path, ".")
	value, ok := members(doc)[name]
	if !ok || !more {
		return ok
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, one := range list {
		if !stands(one, rest) {
			return false
		}
	}
	return true
}

func TestProjectionEmpties(t *testing.T) {
	s := shop()
	s.Plains = []ShopPlain{{D: "d"}, {E: "e"}}
	s.Plain, s.Guest.Text = ShopPlain{D: "d"}, ""
	for _, c := range []struct{ name, attrs, want string }{
		{"7643-2.5-04/complex value", "plain.e", `{"plain":null}`},
		{"7643-2.5-04/element", "plains.e", `{"plains":[{"e":"e"}]}`},
		{"7643-2.5-04/list", "plains.r", `{"plains":null}`},
		{"7643-2.5-04/extension", guestURN + ":text", `{"` + guestURN + `":null,"schemas":["` + shopURN + `","` + stockURN + `"]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := resource.Marshal(resource.QueryResponse, s, &resource.SearchRequest{Attributes: []string{c.attrs}})
			require.NoError(t, err)
			partOf(t, c.want, string(text))
		})
	}
	t.Run("7643-3.1-15/always stays demanded", func(t *testing.T) {
		for _, q := range []*resource.SearchRequest{{Attributes: []string{"d"}}, {ExcludedAttributes: []string{"a", "id"}}, {Attributes: []string{"nope"}}} {
			s := shop()
			s.A, s.ID = "", ""
			text, err := resource.Marshal(resource.QueryResponse, s, q)
			assert.Nil(t, text)
			list := faultsOf(t, err)
			require.Len(t, list, 2)
			assert.Equal(t, [4]any{"id", 500, "a", 500}, [4]any{list[0].Path, list[0].Status, list[1].Path, list[1].Status})
		}
		s := shop()
		s.Stock.Parts[0].A = ""
		_, err := resource.Marshal(resource.QueryResponse, s, &resource.SearchRequest{Attributes: []string{shops.Replace("<X>:parts.d")}})
		assert.Equal(t, shops.Replace("<X>:parts[0].a"), faultsOf(t, err)[0].Path)
	})
	t.Run("7644-3.9-01/requests and stores take no notice", func(t *testing.T) {
		for _, ctx := range []resource.Context{resource.Storage, resource.CreationRequest, resource.ReplaceRequest} {
			plain, err := resource.Marshal(ctx, shop())
			require.NoError(t, err)
			text, err := resource.Marshal(ctx, shop(), &resource.SearchRequest{Attributes: []string{"d"}}, resource.Sent("r"))
			require.NoError(t, err)
			assert.Equal(t, string(plain), string(text))
		}
	})
	t.Run("AMB-28/empty lists", func(t *testing.T) {
		plain, err := resource.Marshal(resource.QueryResponse, shop())
		require.NoError(t, err)
		var none *resource.SearchRequest
		for _, q := range []*resource.SearchRequest{{}, {Attributes: []string{}, ExcludedAttributes: []string{}}, {Filter: "d pr", Count: new(1)}, none} {
			text, err := resource.Marshal(resource.QueryResponse, shop(), q)
			require.NoError(t, err)
			assert.Equal(t, string(plain), string(text))
		}
	})
	t.Run("a discovery document is whole", func(t *testing.T) {
		text, err := resource.Marshal(resource.QueryResponse, configuration(), &resource.SearchRequest{Attributes: []string{"patch"}})
		require.NoError(t, err)
		_, err = resource.Validate[resource.ServiceProviderConfig](resource.QueryResponse, text)
		require.NoError(t, err)
	})
}

// RFC 7644 section 3.4.2: members of a list are trimmed each by its own type, the list itself is not.
func TestProjectionOfLists(t *testing.T) {
	user := &Employee{User: resource.User{Resource: resource.Resource{ID: "u"}, UserName: "n", DisplayName: "U", Name: resource.Name{GivenName: "g", FamilyName: "f"}}, Enterprise: &resource.EnterpriseUser{Department: "D", Division: "V"}}
	group := &resource.Group{Resource: resource.Resource{ID: "g"}, DisplayName: "G", Members: []resource.Member{{Value: "1"}}}
	for _, c := range []struct {
		name        string
		q           resource.SearchRequest
		user, group string
	}{
		{"7644-3.4.2-01/userName", resource.SearchRequest{Attributes: []string{"userName"}}, `{"schemas":["<U>"],"id":"u","userName":"n"}`, `{"schemas":["<G>"],"id":"g"}`},
		{"7644-3.4.2-01/displayName", resource.SearchRequest{Attributes: []string{"displayName", "members"}}, `{"schemas":["<U>"],"id":"u","displayName":"U"}`, `{"schemas":["<G>"],"id":"g","displayName":"G","members":[{"value":"1"}]}`},
		{"7644-3.10-02/extension", resource.SearchRequest{Attributes: []string{resource.EnterpriseUserSchema + ":division"}}, `{"schemas":["<U>","<E>"],"id":"u","<E>":{"division":"V"}}`, `{"schemas":["<G>"],"id":"g"}`},
		{"7644-3.9-02/excluded", resource.SearchRequest{ExcludedAttributes: []string{"members", "displayName", "name.givenName", resource.EnterpriseUserSchema}}, `{"schemas":["<U>"],"id":"u","userName":"n","name":{"familyName":"f"}}`, `{"schemas":["<G>"],"id":"g"}`},
		{"7644-3.10-01/URN of one of the types", resource.SearchRequest{Attributes: []string{resource.GroupSchema + ":displayName"}}, `{"schemas":["<U>"],"id":"u"}`, `{"schemas":["<G>"],"id":"g","displayName":"G"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := resource.Page[any](&c.q, []any{user, group, *user, *group}, 4)
			text, err := resource.Marshal(resource.QueryResponse, list, &c.q)
			require.NoError(t, err)
			equalJSON(t, urns.Replace(`{"schemas":["<LIST>"],"totalResults":4,"startIndex":1,"itemsPerPage":4,"Resources":[`+c.user+`,`+c.group+`,`+c.user+`,`+c.group+`]}`), string(text))
			typed := resource.Page(&c.q, []*Employee{user}, 1)
			text, err = resource.Marshal(resource.QueryResponse, typed, &c.q)
			require.NoError(t, err)
			equalJSON(t, urns.Replace(`{"schemas":["<LIST>"],"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[`+c.user+`]}`), string(text))
		})
	}
}

// Whatever is asked for: nothing appears that Storage would not write or that is never returned, attributes shows part
// of the whole, a longer list shows more, and what attributes shows and what excludedAttributes leaves make up the whole.
func TestProjectionProperties(t *testing.T) {
	paths := []string{"a", "d", "r", "n", "w", "part", "part.d", "part.r", "parts", "parts.e", "plain", "plain.d", "plain.r", "plains", "plains.e", "always", "asked", "asked.d", "asked.r",
		"hidden", "externalId", "meta", "meta.version", "<S>:d", "<X>", "<X>:d", "<X>:r", "<X>:parts", "<X>:parts.d", "<X>:plain.e", "<C>", "<C>:d", "nope"}
	write := func(ctx resource.Context, q *resource.SearchRequest) map[string]bool {
		text, err := resource.Marshal(ctx, shop(), q)
		require.NoError(t, err)
		return leaves("", decoded(t, string(text)))
	}
	everything := write(resource.Storage, nil)
	l := &tally{}
	contains := func(id string, ctx resource.Context, about string, more, less map[string]bool) {
		for leaf := range less {
			if !more[leaf] {
				l.errorf("%s: %v %s: %s", id, ctx, about, leaf)
				return
			}
		}
	}
	for _, ctx := range responses {
		whole, minimum := write(ctx, nil), write(ctx, &resource.SearchRequest{Attributes: []string{"nope"}})
		for i, x := range paths {
			x = shops.Replace(x)
			shown := write(ctx, &resource.SearchRequest{Attributes: []string{x}})
			left := write(ctx, &resource.SearchRequest{ExcludedAttributes: []string{x}})
			contains("7644-3.9-01", ctx, x+" shows what is not there", everything, shown)
			contains("7644-3.9-01", ctx, x+" hides what is always returned", shown, minimum)
			contains("7644-3.9-02", ctx, "without "+x+" hides what is always returned", left, minimum)
			contains("7644-3.9-02", ctx, "without "+x+" shows more", whole, left)
			for leaf := range whole {
				if shown[leaf] == left[leaf] && !minimum[leaf] {
					l.errorf("7644-3.9-02: %v: %s is both or neither shown by attributes=%s and left by excludedAttributes", ctx, leaf, x)
				}
			}
			for j, y := range paths {
				if (i+j)%share != 0 {
					continue
				}
				y = shops.Replace(y)
				both, again := write(ctx, &resource.SearchRequest{Attributes: []string{x, y}}), write(ctx, &resource.SearchRequest{Attributes: []string{y, x}})
				contains("7644-3.9-01", ctx, x+","+y+" shows less than "+x, both, shown)
				contains("7644-3.9-01", ctx, x+","+y+" shows less than in the other order", both, again)
				without, again := write(ctx, &resource.SearchRequest{ExcludedAttributes: []string{x, y}}), write(ctx, &resource.SearchRequest{ExcludedAttributes: []string{y, x}})
				contains("7644-3.9-02", ctx, "without "+x+","+y+" shows more than without "+x, left, without)
				contains("7644-3.9-02", ctx, "without "+x+","+y+" shows less than in the other order", without, again)
				l.tested++
			}
		}
	}
	require.GreaterOrEqual(t, l.tested, 4*len(paths)*(len(paths)/share))
	l.report(t, l.tested)
}

// leaves lists the values of a document by path, schemas apart.
func leaves(path string, v any) map[string]bool {
	all := map[string]bool{}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if path+name != "schemas" {
				maps.Copy(all, leaves(path+name+"/", value))
			}
		}
	case []any:
		for _, value := range v {
			maps.Copy(all, leaves(path, value))
		}
	default:
		all[path+shortJSON(v)] = true
	}
	return all
}
