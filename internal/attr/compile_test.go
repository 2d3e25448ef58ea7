package attr_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

func names(attributes []*attr.Attribute) []string {
	list := make([]string, 0, len(attributes))
	for _, a := range attributes {
		list = append(list, a.Name)
	}
	return list
}

// members has the names of a set's members.
func members(p *attr.Plan, s attr.Set) string {
	var list []string
	for _, a := range p.Attributes {
		if s.Has(a.Bit) {
			list = append(list, a.Name)
		}
	}
	return strings.Join(list, " ")
}

func TestResource(t *testing.T) {
	p := attr.Of(reflect.TypeFor[User]())
	assert.Equal(t, reflect.TypeFor[User](), p.Go)
	assert.Equal(t, attr.Resource, p.Kind)
	assert.Equal(t, userURN, p.URN)
	assert.Equal(t, "User", p.Name)
	assert.Equal(t, "User Account", p.Description)
	assert.Equal(t, []int{0}, p.Base)
	assert.Equal(t, []string{"schemas", "id", "externalId", "userName", "name", "password", "active", "emails", "photos", "nickName", "meta"},
		names(p.Attributes), "meta stands last, hidden fields nowhere")
	assert.Empty(t, p.Extensions)
	for i, a := range p.Attributes {
		assert.EqualValues(t, i, a.Bit, a.Name)
		assert.Equal(t, i < 3 || a.Name == "meta", a.Common, a.Name)
		assert.Equal(t, `"`+a.Name+`"`, a.Quoted)
	}

	all := strings.Join(names(p.Attributes), " ")
	assert.Equal(t, all, members(p, p.All.Set))
	assert.Equal(t, "userName", members(p, p.Client))
	assert.Equal(t, "id meta", members(p, p.ReadOnly))
	assert.Equal(t, "schemas id nickName", members(p, p.Always))
	assert.Equal(t, "password", members(p, p.Never))
	assert.Equal(t, "schemas id externalId userName name active emails photos nickName meta", members(p, p.Echo.Set), "photos is returned on request")
	assert.Equal(t, "schemas id externalId userName name active emails nickName meta", members(p, p.Plain.Set))
	assert.True(t, p.Rules)
	assert.False(t, p.Plainly)

	assert.Same(t, p.Lookup("schemas"), p.Schemas)
	assert.Same(t, p.Lookup("id"), p.ID)
	assert.Same(t, p.Lookup("meta"), p.Meta)
	assert.Same(t, attr.Of(reflect.TypeFor[Meta]()), p.MetaPlan())
	assert.Nil(t, p.Value)
	assert.Nil(t, p.Primary)

	emails := p.Lookup("emails").Sub
	assert.Equal(t, attr.Complex, emails.Kind)
	assert.Same(t, attr.Of(reflect.TypeFor[Email]()), emails)
	assert.Same(t, emails.Lookup("value"), emails.Value)
	assert.Same(t, emails.Lookup("type"), emails.TypeAttr)
	assert.Same(t, emails.Lookup("primary"), emails.Primary)
	assert.Nil(t, emails.Ref)
	assert.Nil(t, emails.MetaPlan())
	assert.Equal(t, "value", members(emails, emails.Client))

	photos := p.Lookup("photos").Sub
	assert.Same(t, photos.Lookup("$ref"), photos.Ref)
	assert.True(t, photos.Ref.Required)
	assert.Empty(t, members(photos, photos.Client), "a client need not send what is readOnly")

	assert.Nil(t, attr.Of(reflect.TypeFor[Name]()).ID, "an attribute named id has no meaning outside of a resource")
}

func TestCharacteristics(t *testing.T) {
	user := attr.Of(reflect.TypeFor[User]())
	a := user.Lookup("userName")
	assert.Equal(t, attr.String, a.Type)
	assert.Equal(t, attr.OpString, a.Op)
	assert.True(t, a.Required)
	assert.False(t, a.CaseExact)
	assert.False(t, a.Omit)
	assert.Equal(t, attr.ReadWrite, a.Mutability, "RFC 7643 section 2.2")
	assert.Equal(t, attr.Default, a.Returned, "RFC 7643 section 2.2")
	assert.Equal(t, attr.Server, a.Uniqueness)
	assert.Equal(t, "Name the user signs in with.", a.Description)
	assert.Equal(t, "UserName", a.Field)

	a = user.Lookup("id")
	assert.True(t, a.CaseExact)
	assert.True(t, a.Omit)
	assert.Equal(t, attr.ReadOnly, a.Mutability)
	assert.Equal(t, attr.Always, a.Returned)

	a = user.Lookup("meta")
	assert.True(t, a.Omit, "omitzero")
	assert.Equal(t, attr.Structure, a.Type)

	a = user.Lookup("nickName")
	assert.Equal(t, "max=10", a.Validate)
	assert.Equal(t, attr.None, a.Uniqueness, "RFC 7643 section 2.2")

	a = user.Lookup("emails").Sub.Lookup("type")
	assert.Equal(t, []string{"work", "home", "other"}, a.CanonicalValues)
	assert.True(t, a.Closed)
	assert.Equal(t, attr.Email, user.Lookup("emails").Sub.Value.Format)

	a = user.Lookup("photos").Sub.Ref
	assert.Equal(t, attr.Reference, a.Type)
	assert.Equal(t, attr.OpString, a.Op)
	assert.Equal(t, []string{"User", "Group"}, a.ReferenceTypes)
	assert.True(t, a.CaseExact, "RFC 7643 section 2.3.7")
	assert.True(t, attr.Of(reflect.TypeFor[Enterprise]()).Lookup("level").Positive)
	assert.True(t, attr.Of(reflect.TypeFor[Types]()).Lookup("bytes").CaseExact, "RFC 7643 section 2.3.6")
}

func TestTypes(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Types]())
	assert.Equal(t, attr.Complex, p.Kind)
	assert.True(t, p.Plainly)
	for _, c := range []struct {
		name    string
		typ     attr.Type
		op      attr.Op
		pointer bool
		multi   bool
	}{
		{"string", attr.String, attr.OpString, false, false},
		{"named", attr.String, attr.OpString, false, false},
		{"bool", attr.Boolean, attr.OpBool, false, false},
		{"int", attr.Integer, attr.OpInt, false, false},
		{"int8", attr.Integer, attr.OpInt, false, false},
		{"int16", attr.Integer, attr.OpInt, false, false},
		{"int32", attr.Integer, attr.OpInt, false, false},
		{"int64", attr.Integer, attr.OpInt, false, false},
		{"uint", attr.Integer, attr.OpUint, false, false},
		{"uint8", attr.Integer, attr.OpUint, false, false},
		{"uint64", attr.Integer, attr.OpUint, false, false},
		{"float32", attr.Decimal, attr.OpFloat, false, false},
		{"float64", attr.Decimal, attr.OpFloat, false, false},
		{"time", attr.DateTime, attr.OpTime, false, false},
		{"bytes", attr.Binary, attr.OpBytes, false, false},
		{"struct", attr.Structure, attr.OpStruct, false, false},
		{"raw", attr.Raw, attr.OpRaw, false, false},
		{"any", attr.Raw, attr.OpAny, false, false},
		{"reference", attr.Reference, attr.OpString, false, false},
		{"ptrString", attr.String, attr.OpString, true, false},
		{"ptrTime", attr.DateTime, attr.OpTime, true, false},
		{"ptrBytes", attr.Binary, attr.OpBytes, true, false},
		{"ptrStruct", attr.Structure, attr.OpStruct, true, false},
		{"strings", attr.String, attr.OpString, false, true},
		{"lists", attr.Binary, attr.OpBytes, false, true},
		{"structs", attr.Structure, attr.OpStruct, false, true},
		{"ptrStructs", attr.Structure, attr.OpStruct, true, true},
		{"times", attr.DateTime, attr.OpTime, false, true},
		{"raws", attr.Raw, attr.OpRaw, false, true},
		{"tags", attr.String, attr.OpString, false, true},
	} {
		a := p.Lookup(c.name)
		if !assert.NotNil(t, a, c.name) {
			continue
		}
		assert.Equal(t, c.typ, a.Type, c.name)
		assert.Equal(t, c.op, a.Op, c.name)
		assert.Equal(t, c.pointer, a.Pointer, c.name)
		assert.Equal(t, c.multi, a.MultiValued, c.name)
		assert.Equal(t, c.op == attr.OpStruct, a.Sub != nil, c.name)
		field := p.Go.Field(a.Index[0]).Type
		want := field
		if c.multi {
			assert.Equal(t, field, a.Slice, c.name)
			want = field.Elem()
		} else {
			assert.Nil(t, a.Slice, c.name)
		}
		if c.pointer {
			want = want.Elem()
		}
		assert.Equal(t, want, a.Elem, c.name)
	}
	assert.Len(t, p.Attributes, reflect.TypeFor[Types]().NumField(), "every field has its row")
}

func TestExtensions(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Account]())
	assert.Equal(t, attr.Resource, p.Kind)
	assert.Equal(t, "User", p.Name, "the schema's name is the core schema's")
	assert.Equal(t, userURN, p.URN)
	assert.Equal(t, []int{0, 0}, p.Base)
	assert.Equal(t, []string{enterpriseURN, badgeURN}, names(p.Extensions))
	all := names(p.Attributes)
	assert.Equal(t, []string{enterpriseURN, badgeURN, "meta"}, all[len(all)-3:])
	assert.Equal(t, "userName "+badgeURN, members(p, p.Client))

	for _, name := range []string{enterpriseURN, strings.ToUpper(enterpriseURN), strings.ToLower(enterpriseURN)} {
		a := p.Lookup(name)
		require.NotNil(t, a, name)
		assert.True(t, a.IsExtension())
		assert.True(t, a.Pointer)
		assert.Equal(t, attr.Extension, a.Sub.Kind)
		assert.Equal(t, "EnterpriseUser", a.Sub.Name)
		assert.Equal(t, "Place", a.Sub.Description)
		assert.Equal(t, enterpriseURN, a.Sub.URN)
		assert.NotNil(t, a.Sub.Lookup("department"))
	}
	assert.Equal(t, "Badge", p.Lookup(badgeURN).Sub.Name)
	assert.Nil(t, p.Lookup("department"))
	assert.Nil(t, p.Lookup(enterpriseURN+":department"))
	assert.Nil(t, p.Lookup(userURN))
	assert.False(t, p.Lookup("name").IsExtension())

	// The embedded type keeps a plan of its own.
	user := attr.Of(reflect.TypeFor[User]())
	assert.NotSame(t, user.Lookup("userName"), p.Lookup("userName"))
	assert.Equal(t, []int{1}, user.Lookup("userName").Index)
	assert.Equal(t, []int{0, 1}, p.Lookup("userName").Index)
	assert.Same(t, user.Lookup("name").Sub, p.Lookup("name").Sub)

	twice := attr.Of(reflect.TypeFor[Special]())
	assert.Equal(t, []int{0, 0, 0}, twice.Base)
	assert.Equal(t, []string{enterpriseURN, badgeURN}, names(twice.Extensions))
	assert.Equal(t, all, names(twice.Attributes))
}

func TestMessage(t *testing.T) {
	p := attr.Of(reflect.TypeFor[List[Account]]())
	assert.Equal(t, attr.Message, p.Kind)
	assert.Equal(t, listURN, p.URN)
	assert.Equal(t, []string{"totalResults", "Resources", "nextCursor"}, names(p.Attributes))
	assert.Same(t, attr.Of(reflect.TypeFor[Account]()), p.Lookup("resources").Sub)
	assert.Nil(t, p.Schemas)
	assert.Nil(t, p.Base)
	assert.True(t, p.Rules, "an Account has a validate tag")
	assert.False(t, attr.Of(reflect.TypeFor[List[Name]]()).Rules)
	assert.Same(t, p, attr.Of(reflect.TypeFor[*List[Account]]()), "a pointer's plan is that of its struct")
}

// Of and Fields lead to the field that Go means by the name.
func TestFieldsAreFound(t *testing.T) {
	for _, v := range []any{User{}, Account{}, Special{}, Types{}, List[User]{}, Shared{}, Deep{}} {
		p := attr.Of(reflect.TypeOf(v))
		s := reflect.New(p.Go).Elem()
		fields := attr.In(s)
		check := func(a *attr.Attribute) {
			t.Helper()
			want := s.FieldByName(a.Field)
			require.True(t, want.IsValid(), "%s.%s", p.Go, a.Field)
			assert.Equal(t, want.Addr().Pointer(), a.Of(s).Addr().Pointer(), "%s.%s", p.Go, a.Field)
			f := fields.Of(a)
			assert.Equal(t, want.Addr().Pointer(), f.Addr().Pointer(), "%s.%s", p.Go, a.Field)
			assert.Equal(t, want.Type(), f.Type())
			assert.True(t, f.CanSet())
			assert.Equal(t, want.Addr().Pointer(), s.FieldByIndex(a.Index).Addr().Pointer())
		}
		for _, a := range p.Attributes {
			check(a)
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 200 {
			check(p.Attributes[random.IntN(len(p.Attributes))])
		}
	}
}

type Common struct {
	First  string `json:"first"`
	Second string `json:"second"`
}

type more struct {
	Common
	Third string `json:"third"`
}

// Shared embeds structs as Go programs share fields, exported or not.
type Shared struct {
	Zeroth string `json:"zeroth"`
	more
	Fourth string `json:"fourth"`
	_      int
}

type Deep struct {
	Other string `json:"other"`
	Shared
	Last string `json:"last"`
}

func TestSharedFields(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Deep]())
	assert.Equal(t, attr.Complex, p.Kind)
	assert.Equal(t, []string{"other", "zeroth", "first", "second", "third", "fourth", "last"}, names(p.Attributes))
	assert.Equal(t, []int{1, 1, 0, 1}, p.Lookup("second").Index)
	for i, a := range p.Attributes {
		for _, b := range p.Attributes[:i] {
			a, b := a.Index, b.Index
			assert.NotSame(t, &a[0], &b[0], "paths of their own")
		}
	}
}

type Node struct {
	Name     string  `json:"name" validate:"max=3"`
	Children []Node  `json:"children"`
	Parent   *Node   `json:"parent"`
	Siblings []*Node `json:"siblings"`
	Other    *Left   `json:"other"`
}

type Left struct {
	Name  string `json:"name"`
	Right *Right `json:"right"`
}

type Right struct {
	Lefts []Left `json:"lefts"`
	Inner struct {
		Left *Left `json:"left"`
	} `json:"inner"`
}

type Loop struct {
	Left *LoopLeft `json:"left"`
}

type LoopLeft struct {
	Loop *Loop  `json:"loop"`
	Name string `json:"name" validate:"max=3"`
}

func TestRecursion(t *testing.T) {
	p := attr.Of(reflect.TypeFor[Node]())
	assert.Same(t, p, p.Lookup("children").Sub)
	assert.Same(t, p, p.Lookup("parent").Sub)
	assert.Same(t, p, p.Lookup("siblings").Sub)
	left := p.Lookup("other").Sub
	assert.Same(t, attr.Of(reflect.TypeFor[Left]()), left)
	assert.Same(t, left, left.Lookup("right").Sub.Lookup("lefts").Sub)
	assert.Same(t, left, left.Lookup("right").Sub.Lookup("inner").Sub.Lookup("left").Sub)
	assert.True(t, p.Rules)
	assert.False(t, left.Rules)
	assert.False(t, left.Lookup("right").Sub.Rules)

	loop := attr.Of(reflect.TypeFor[Loop]())
	assert.True(t, loop.Rules, "through two plans that contain each other")
	assert.True(t, loop.Lookup("left").Sub.Rules)

	type Own struct { // what refers to types whose plans are known already
		Nodes []Node `json:"nodes"`
		Loop  *Loop  `json:"loop"`
	}
	own := attr.Of(reflect.TypeFor[Own]())
	assert.Same(t, p, own.Lookup("nodes").Sub)
	assert.True(t, own.Rules)
}

func TestPlansAreKept(t *testing.T) {
	typ := fresh("a", "b")
	p, err := attr.Compile(typ)
	require.NoError(t, err)
	again, err := attr.Compile(reflect.PointerTo(typ))
	require.NoError(t, err)
	assert.Same(t, p, again)
	assert.Same(t, p, attr.Of(typ))

	bad := fresh("a", "A")
	for range 2 {
		p, err = attr.Compile(bad)
		assert.Nil(t, p)
		require.Error(t, err, "an error is no plan either the second time")
	}
	// What a mistaken type mentions can be compiled all the same.
	inner := fresh("good")
	outer := reflect.StructOf([]reflect.StructField{
		{Name: "Inner", Type: inner, Tag: `json:"inner"`}, {Name: "Bad", Type: bad, Tag: `json:"bad"`},
	})
	_, err = attr.Compile(outer)
	require.Error(t, err)
	p, err = attr.Compile(inner)
	require.NoError(t, err)
	assert.NotNil(t, p.Lookup("good"))
	assert.Panics(t, func() { attr.Of(outer) })
}

// coreNames has the attribute and sub-attribute names of RFC 7643.
var coreNames = strings.Fields(`schemas id externalId meta resourceType created lastModified location version userName name formatted familyName
	givenName middleName honorificPrefix honorificSuffix displayName nickName profileUrl title userType preferredLanguage locale timezone active password
	emails phoneNumbers ims photos addresses streetAddress locality region postalCode country groups entitlements roles x509Certificates value display type
	primary $ref members employeeNumber costCenter organization division department manager documentationUri patch supported bulk maxOperations
	maxPayloadSize filter maxResults changePassword sort etag authenticationSchemes specUri description endpoint schema schemaExtensions required
	attributes subAttributes multiValued canonicalValues caseExact mutability returned uniqueness referenceTypes`)

func TestLookup(t *testing.T) {
	p := attr.Of(fresh(coreNames...))
	for i, name := range coreNames {
		for _, spelling := range []string{name, strings.ToUpper(name), strings.ToLower(name), swapped(name)} {
			a := p.Lookup(spelling)
			require.NotNil(t, a, spelling)
			assert.Equal(t, name, a.Name)
			assert.EqualValues(t, i, a.Bit)
		}
		for _, wrong := range []string{name + "x", name[:len(name)-1], "x" + name, name + " ", " " + name, name + "\x00", name[:len(name)-1] + "@",
			strings.ReplaceAll(name+"k", "k", "\u212a"), strings.ReplaceAll("s"+name, "s", "\u017f"), strings.ReplaceAll(name+"i", "i", "\u0131")} {
			if a := p.Lookup(wrong); a != nil {
				assert.True(t, strings.EqualFold(a.Name, wrong), "%q found %s", wrong, a.Name)
			}
		}
	}
	for _, unknown := range []string{"", "x", "honorific", "honorificMiddle", "\u212a", strings.Repeat("a", 1<<20), "\xff", "user\u00dfname"} {
		assert.Nil(t, p.Lookup(unknown), "%q", unknown)
	}
	assert.NotSame(t, p.Lookup("honorificPrefix"), p.Lookup("honorificSuffix"))

	kelvin := attr.Of(fresh("k", "sky", "task"))
	assert.NotNil(t, kelvin.Lookup("K"))
	assert.NotNil(t, kelvin.Lookup("SKY"))
	for _, name := range []string{"\u212a", "s\u212ay", "tas\u212a", "\u017fky", "ta\u017fk"} {
		assert.Nil(t, kelvin.Lookup(name), "%q folds to a letter in Unicode, not in SCIM", name)
	}
}

func swapped(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c|0x20 >= 'a' && c|0x20 <= 'z' {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

// Tables of every size find all of their names and nothing else.
func TestLookupSizes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "abkKsSzZ$-_019"
	word := func(first, letters string, n int) []byte {
		b := make([]byte, 1+n)
		b[0] = first[random.IntN(len(first))]
		for i := range n {
			b[1+i] = letters[random.IntN(len(letters))]
		}
		return b
	}
	for size := range 70 {
		list := make([]string, 0, size)
		have := map[string]int{}
		for len(list) < size {
			b := word("ASKZ", letters, random.IntN(20))
			if key := strings.ToLower(string(b)); have[key] == 0 {
				list = append(list, string(b))
				have[key] = len(list)
			}
		}
		p := attr.Of(fresh(list...))
		for range 500 {
			b := word("asAS", letters, random.IntN(4))
			a := p.Lookup(string(b))
			n := have[strings.ToLower(string(b))]
			require.Equal(t, n != 0, a != nil, "%q", b)
			if a != nil {
				assert.Equal(t, list[n-1], a.Name)
			}
		}
		for i, name := range list {
			require.NotNil(t, p.Lookup(swapped(name)))
			assert.EqualValues(t, i, p.Lookup(swapped(name)).Bit)
		}
	}
}

func TestMaxAttributes(t *testing.T) {
	list := make([]string, 0, attr.MaxAttributes+1)
	for i := range attr.MaxAttributes {
		list = append(list, "a"+strconv.Itoa(i))
	}
	p, err := attr.Compile(fresh(list...))
	require.NoError(t, err)
	for i, name := range list {
		a := p.Lookup(strings.ToUpper(name))
		require.NotNil(t, a)
		assert.EqualValues(t, i, a.Bit)
		assert.True(t, p.All.Has(a.Bit))
	}
	_, err = attr.Compile(fresh(append(list, "more")...))
	require.ErrorContains(t, err, "257 attributes, 256 is the most")
}

// Many goroutines compile types that nobody has seen, some of them the same, while others read plans.
func TestConcurrency(t *testing.T) {
	const routines, rounds = 64, 20
	shared := make([]reflect.Type, rounds)
	for i := range shared {
		inner := fresh("shared" + strconv.Itoa(i))
		shared[i] = reflect.StructOf([]reflect.StructField{
			{Name: "Inner", Type: inner, Tag: `json:"inner"`},
			{Name: "List", Type: reflect.SliceOf(inner), Tag: `json:"list"`},
			{Name: "Name", Type: reflect.TypeFor[Name](), Tag: `json:"name"`},
		})
	}
	plans := make([][rounds]*attr.Plan, routines)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for g := range routines {
		wg.Go(func() {
			<-start
			for i := range rounds {
				own := reflect.StructOf([]reflect.StructField{
					{Name: "Own", Type: fresh("own"+strconv.Itoa(g)+"-"+strconv.Itoa(i), "k"), Tag: `json:"own"`},
					{Name: "Shared", Type: shared[i], Tag: `json:"shared"`},
				})
				p := attr.Of(own)
				if sub := p.Lookup("OWN").Sub; sub.Lookup(fmt.Sprintf("OWN%d-%d", g, i)) == nil {
					t.Error("the plan of a new type is not complete")
				}
				plans[g][i] = attr.Of(shared[i])
				if p.Lookup("shared").Sub != plans[g][i] {
					t.Error("two plans for one type")
				}
				if attr.Of(reflect.TypeFor[Account]()).Lookup("username") == nil {
					t.Error("a plan has lost an attribute")
				}
				if _, err := attr.Compile(fresh("twice"+strconv.Itoa(g), "TWICE"+strconv.Itoa(g))); err == nil {
					t.Error("a mistake has gone")
				}
			}
		})
	}
	close(start)
	wg.Wait()
	for g := range routines {
		assert.Equal(t, plans[0], plans[g], "all see the same plans")
	}
}
