package attr_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/attr"
)

type named string

type Core struct {
	Resource `scim:"urn:x:Core"`

	Name string `json:"name"`
}

type Other struct {
	Resource `scim:"urn:x:Other"`

	Name string `json:"name"`
}

type Ext struct {
	Extension `scim:"urn:x:Ext"`

	Name string `json:"name"`
}

// Wrong is mistaken, and so is what mentions it.
type Wrong struct {
	Name string `json:"name" scim:"requird"`
}

// field makes a struct type X with one field, of the type and with the tag.
func field[T any](tag string) reflect.Type {
	return reflect.StructOf([]reflect.StructField{{Name: "Field", Type: reflect.TypeFor[T](), Tag: reflect.StructTag(tag)}})
}

// The text of each error names the type, the field and what is wrong with it.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		name  string
		typ   reflect.Type
		field string // "": the error is of the type as a whole
		want  string
	}{
		// Types.
		{"nil", nil, "", "a nil interface has no SCIM type"},
		{"string", reflect.TypeFor[string](), "", "string is not a struct type"},
		{"pointer to pointer", reflect.TypeFor[**User](), "", "**attr_test.User is not a struct type; use attr_test.User"},
		{"slice", reflect.TypeFor[[]User](), "", "[]attr_test.User is not a struct type"},
		{"map", reflect.TypeFor[map[string]any](), "", "map[string]interface {} is not a struct type"},
		{"interface", reflect.TypeFor[fmt.Stringer](), "", "fmt.Stringer is not a struct type"},

		// Names.
		{"no json tag", field[string](``), "Field", "the json tag must name the attribute"},
		{"no name", field[string](`json:",omitempty"`), "Field", "the json tag must name the attribute"},
		{"a name of two words", field[string](`json:"user name"`), "Field", `"user name" is not an attribute name: a letter, then letters, digits, - and _ (RFC 7643 section 2.1)`},
		{"7643-2.1-01 a digit first", field[string](`json:"1a"`), "Field", `"1a" is not an attribute name`},
		{"a dot", field[string](`json:"a.b"`), "Field", `"a.b" is not an attribute name`},
		{"a colon", field[string](`json:"urn:x"`), "Field", `"urn:x" is not an attribute name`},
		{"an extension that does not say so", field[struct {
			A string `json:"a"`
		}](`json:"urn:acme:params:scim:schemas:extension:x:2.0:User"`), "Field", "is named like an extension, but does not embed Extension with urn:acme:params:scim:schemas:extension:x:2.0:User in its scim tag"},
		{"a quote", field[string](`json:"a\"b"`), "Field", `is not an attribute name`},
		{"a letter beyond ASCII", field[string](`json:"größe"`), "Field", `is not an attribute name`},
		{"a dollar alone", field[string](`json:"$"`), "Field", `"$" is not an attribute name`},
		{"a hyphen, which Go takes for a name", field[string](`json:"-,"`), "Field", `"-" is not an attribute name`},
		{"twice", fresh("userName", "userName"), "", "has two attributes named userName"},
		{"twice but for the case", fresh("userName", "a", "USERNAME"), "", "has two attributes named USERNAME"},
		{"twice by embedding", reflect.TypeFor[struct {
			Common
			Again string `json:"FIRST"`
		}](), "", "has two attributes named FIRST"},
		{"a common attribute again", reflect.TypeFor[struct {
			Resource `scim:"urn:x:y"`
			MyID     string `json:"ID"`
		}](), "", "has two attributes named ID"},

		// Go types.
		{"map value", field[map[string]string](`json:"a"`), "Field", "map[string]string holds no SCIM value"},
		{"channel", field[chan int](`json:"a"`), "Field", "chan int holds no SCIM value"},
		{"function", field[func()](`json:"a"`), "Field", "func() holds no SCIM value"},
		{"complex number", field[complex128](`json:"a"`), "Field", "complex128 holds no SCIM value"},
		{"array", field[[2]string](`json:"a"`), "Field", "[2]string holds no SCIM value"},
		{"uintptr", field[uintptr](`json:"a"`), "Field", "uintptr holds no SCIM value"},
		{"interface with methods", field[fmt.Stringer](`json:"a"`), "Field", "fmt.Stringer holds no SCIM value"},
		{"error", field[error](`json:"a"`), "Field", "error holds no SCIM value"},
		{"pointer to pointer field", field[**string](`json:"a"`), "Field", "*string holds no SCIM value"},
		{"pointer to slice", field[*[]string](`json:"a"`), "Field", "[]string holds no SCIM value"},
		{"list of lists", field[[][]string](`json:"a"`), "Field", "[]string holds no SCIM value"},
		{"list of maps", field[[]map[string]int](`json:"a"`), "Field", "map[string]int holds no SCIM value"},
		{"a struct made for something else", field[url.URL](`json:"a"`), "Scheme", "the json tag must name the attribute"},

		// Words.
		{"unknown word", field[string](`json:"a" scim:"requird"`), "Field", `unknown scim word "requird"`},
		{"word in capitals", field[string](`json:"a" scim:"Required"`), "Field", `unknown scim word "Required"`},
		{"blank", field[string](`json:"a" scim:"required, caseExact"`), "Field", `unknown scim word " caseExact"`},
		{"comma too many", field[string](`json:"a" scim:"required,"`), "Field", `unknown scim word ""`},
		{"a URN on an attribute", field[string](`json:"a" scim:"urn:x:y"`), "Field", `unknown scim word "urn:x:y"`},
		{"twice", field[string](`json:"a" scim:"mutability=readOnly,mutability=immutable"`), "Field", "the scim word mutability has two values"},
		{"required=true", field[string](`json:"a" scim:"required=true"`), "Field", "the scim word required takes no value"},
		{"caseExact=false", field[string](`json:"a" scim:"caseExact=false"`), "Field", "the scim word caseExact takes no value"},
		{"closed=", field[string](`json:"a" scim:"closed="`), "Field", "the scim word closed takes no value"},
		{"positive=1", field[int](`json:"a" scim:"positive=1"`), "Field", "the scim word positive takes no value"},
		{"unlisted=1", field[int](`json:"a" scim:"unlisted=1"`), "Field", "the scim word unlisted takes no value"},
		{"mutability", field[string](`json:"a" scim:"mutability=readonly"`), "Field", `unknown mutability "readonly"`},
		{"mutability without value", field[string](`json:"a" scim:"mutability"`), "Field", `unknown mutability ""`},
		{"returned", field[string](`json:"a" scim:"returned=sometimes"`), "Field", `unknown returned "sometimes"`},
		{"uniqueness", field[string](`json:"a" scim:"uniqueness=client"`), "Field", `unknown uniqueness "client"`},
		{"format", field[string](`json:"a" scim:"format=e-mail"`), "Field", `unknown format "e-mail"`},
		{"referenceTypes of a number", field[int](`json:"a" scim:"referenceTypes=User"`), "Field", "referenceTypes needs a string, not int"},
		{"referenceTypes of a struct", field[Name](`json:"a" scim:"referenceTypes=User"`), "Field", "referenceTypes needs a string, not attr_test.Name"},

		// What a type cannot have: RFC 7643 section 2.3 with errata 6000, 6004 and 8470.
		{"caseExact of an integer", field[int](`json:"a" scim:"caseExact"`), "Field", "a value of type integer has no case"},
		{"caseExact of a boolean", field[bool](`json:"a" scim:"caseExact"`), "Field", "a value of type boolean has no case"},
		{"caseExact of a dateTime", field[time.Time](`json:"a" scim:"caseExact"`), "Field", "a value of type dateTime has no case"},
		{"caseExact of a complex value", field[Name](`json:"a" scim:"caseExact"`), "Field", "a value of type complex has no case"},
		{"uniqueness of a boolean", field[bool](`json:"a" scim:"uniqueness=server"`), "Field", "uniqueness does not apply to type boolean"},
		{"uniqueness of a dateTime", field[time.Time](`json:"a" scim:"uniqueness=global"`), "Field", "uniqueness does not apply to type dateTime"},
		{"uniqueness of a complex value", field[Name](`json:"a" scim:"uniqueness=server"`), "Field", "uniqueness does not apply to type complex"},
		{"uniqueness of binary", field[[]byte](`json:"a" scim:"uniqueness=server"`), "Field", "uniqueness does not apply to type binary"},
		{"canonicalValues of an integer", field[int](`json:"a" scim:"canonicalValues=1|2"`), "Field", "canonicalValues does not apply to type integer"},
		{"closed to nothing", field[string](`json:"a" scim:"closed"`), "Field", "closed needs canonicalValues"},
		{"positive string", field[string](`json:"a" scim:"positive"`), "Field", "positive does not apply to type string"},
		{"positive decimal", field[float64](`json:"a" scim:"positive"`), "Field", "positive does not apply to type decimal"},
		{"x509 string", field[string](`json:"a" scim:"format=x509"`), "Field", "the format does not apply to type string"},
		{"e-mail of binary", field[[]byte](`json:"a" scim:"format=email"`), "Field", "the format does not apply to type binary"},

		// What stands where.
		{"no URN", reflect.TypeFor[struct {
			Resource `scim:"User"`
		}](), "Resource", `"User" is not a schema URI`},
		{"empty URN", reflect.TypeFor[struct {
			Resource `scim:""`
		}](), "Resource", `"" is not a schema URI`},
		{"word beside the URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x:y,required"`
		}](), "Resource", `unknown scim word "required"; beside the URI there can be name=`},
		{"empty name", reflect.TypeFor[struct {
			Resource `scim:"urn:x:y,name="`
		}](), "Resource", `unknown scim word "name="`},
		{"message without struct", reflect.TypeFor[struct {
			_ int `scim:"urn:x:y"`
		}](), "_", "only structs can be embedded, not int"},
		{"embedded pointer", reflect.TypeFor[struct{ *User }](), "User", "only structs can be embedded, not *attr_test.User"},
		{"embedded pointer with URN", reflect.TypeFor[struct {
			*Resource `scim:"urn:x:y"`
		}](), "Resource", "only structs can be embedded, not *attr_test.Resource"},
		{"embedded string", reflect.TypeFor[struct{ named }](), "named", "only structs can be embedded, not attr_test.named"},
		{"two embedded resources", reflect.StructOf([]reflect.StructField{ // written out, go vet would find it as well
			{Name: "Core", Type: reflect.TypeFor[Core](), Anonymous: true}, {Name: "Other", Type: reflect.TypeFor[Other](), Anonymous: true},
		}), "Other", "the type already has the schema urn:x:Core"},
		{"two schemas", reflect.TypeFor[struct {
			Resource  `scim:"urn:x:y"`
			Extension `scim:"urn:x:z"`
		}](), "Extension", "the type already has the schema urn:x:y"},
		{"a schema beside an embedded resource", reflect.TypeFor[struct {
			Core
			Extension `scim:"urn:x:z"`
		}](), "Extension", "the type already has the schema urn:x:Core"},
		{"an attribute beside an embedded resource", reflect.TypeFor[struct {
			Core
			Title string `json:"title"`
		}](), "Title", "beside the embedded attr_test.Core only extensions can stand"},
		{"an attribute beside an embedded extension", reflect.TypeFor[struct {
			Ext
			Title string `json:"title"`
		}](), "Title", "beside the embedded attr_test.Ext only extensions can stand"},
		{"an extension by another name", reflect.TypeFor[struct {
			Core
			Ext *Ext `json:"urn:x:ext2"`
		}](), "Ext", "an extension is a struct or a pointer to one, and its json name is its URI, here urn:x:Ext"},
		{"an extension by a short name", reflect.TypeFor[struct {
			Core
			Ext *Ext `json:"ext"`
		}](), "Ext", "an extension is a struct or a pointer to one, and its json name is its URI, here urn:x:Ext"},
		{"a list of extensions", reflect.TypeFor[struct {
			Core
			Ext []Ext `json:"urn:x:Ext"`
		}](), "Ext", "an extension is a struct or a pointer to one"},
		{"an extension in a complex value", reflect.TypeFor[struct {
			Ext Ext `json:"urn:x:Ext"`
		}](), "Ext", "an extension extends a resource, not a complex attribute"},
		{"the same extension twice", reflect.TypeFor[struct {
			Core
			Ext  *Ext `json:"urn:x:Ext"`
			Ext2 *Ext `json:"urn:X:EXT"`
		}](), "", "has two attributes named urn:X:EXT"},
		{"a resource as value", reflect.TypeFor[struct {
			Core Core `json:"core"`
		}](), "Core", "attr_test.Core is a resource or message, not the value of an attribute"},
		{"resources as values", reflect.TypeFor[struct {
			Resource `scim:"urn:x:y"`
			Cores    []*Core `json:"cores"`
		}](), "Cores", "attr_test.Core is a resource or message, not the value of an attribute"},
		{"a message as value", reflect.TypeFor[struct {
			Resource `scim:"urn:x:y"`
			List     List[Core] `json:"list"`
		}](), "List", "is a resource or message, not the value of an attribute"},
		{"a resource in itself", reflect.TypeFor[Selfish](), "Self", "attr_test.Selfish is a resource or message, not the value of an attribute"},

		// The mistake of a type that is mentioned is told as that type's.
		{"inside", field[[]*Wrong](`json:"a"`), "Name", `type attr_test.Wrong, field Name: unknown scim word "requird"`},
		{"embedded", reflect.TypeFor[struct{ Wrong }](), "Name", `type attr_test.Wrong, field Name: unknown scim word "requird"`},
		{"two levels inside", reflect.TypeFor[List[struct {
			Wrongs []Wrong `json:"wrongs"`
		}]](), "Name", `type attr_test.Wrong, field Name: unknown scim word "requird"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := attr.Compile(c.typ)
			assert.Nil(t, p)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.True(t, strings.HasPrefix(err.Error(), "scim: "), err.Error())
			if c.field != "" {
				assert.Contains(t, err.Error(), "field "+c.field+": ")
			}
			if c.typ != nil && !strings.Contains(c.want, "type ") && (c.field == "" || c.typ.NumField() > 0 && c.field != "Scheme") {
				assert.Contains(t, err.Error(), c.typ.String())
			}
			assert.PanicsWithValue(t, err.Error(), func() { attr.Of(c.typ) })
		})
	}
}

type Selfish struct {
	Resource `scim:"urn:x:Selfish"`

	Self *Selfish `json:"self"`
}

// Late has its base where nobody expects it: what is mentioned before it is compiled before it is known to be a resource.
type Late struct {
	Back []LateBack `json:"back"`

	Resource `scim:"urn:x:Late"`
}

type LateBack struct {
	Late *Late `json:"late"`
}

type Renamed struct {
	Name `json:"name"`
}

type Blob []byte

type Date time.Time

type NumberedBase struct {
	Schemas string `json:"schemas"`
	ID      int    `json:"id"`
}

type PointerBase struct {
	Schemas []string `json:"schemas"`
	ID      *string  `json:"id"`
	Meta    *Meta    `json:"meta"`
}

// Mistakes that would show themselves as lost data, as documents that are no JSON, or as a panic in a request.
func TestMistakesThatWouldShowLate(t *testing.T) {
	for _, c := range []struct {
		name string
		typ  reflect.Type
		why  string
	}{
		{"a resource in itself, its base last", reflect.TypeFor[Late](), "a resource is not the value of an attribute"},
		{"an embedded struct with a name", reflect.TypeFor[Renamed](), "Go's own encoding/json takes it for the attribute name, not for shared fields"},
		{"bytes by another name", field[Blob](`json:"a"`), "encoding/json writes base64; a list of integers surprises"},
		{"a time by another name", field[Date](`json:"a"`), "a complex attribute without sub-attributes never has a value, and so the time is lost"},
		{"a quote in the URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x:\"y"`
		}](), "the document would be no JSON"},
		{"a backslash in the URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x:\\y"`
		}](), "the document would be no JSON"},
		{"a blank in the URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x: y"`
		}](), "no URI"},
		{"a line break in the URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x:\ny"`
		}](), "the document would be no JSON"},
		{"an extension with the core schema's URN", reflect.TypeFor[struct {
			Resource `scim:"urn:x:Ext"`
			Ext      *Ext `json:"urn:x:Ext"`
		}](), "paths could not tell them apart"},
		{"a base whose schemas and id have other types", reflect.TypeFor[struct {
			NumberedBase `scim:"urn:x:y"`
		}](), "the codec sets schemas as []string and reads id as a string"},
		{"a base with pointers", reflect.TypeFor[struct {
			PointerBase `scim:"urn:x:y"`
		}](), "the codec reads id and meta without a look whether they are pointers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := attr.Compile(c.typ)
			assert.Error(t, err, c.why)
		})
	}
}

// What looks odd and is allowed.
func TestAllowed(t *testing.T) {
	for _, typ := range []reflect.Type{
		field[string](`json:"$ref"`), field[string](`json:"a$b-c_d9"`), field[string](`json:"x509Certificates"`), field[string](`json:"a,string"`),
		field[string](`json:"a" scim:""`), field[string](`json:"a" scim:"required,required"`), field[string](`json:"a" scim:"mutability=readWrite,returned=default,uniqueness=none"`),
		field[[]byte](`json:"a" scim:"caseExact"`), field[[]byte](`json:"a" scim:"format=x509"`), field[int](`json:"a" scim:"uniqueness=server"`),
		field[float64](`json:"a" scim:"uniqueness=server"`), field[[]string](`json:"a" scim:"referenceTypes=User|Group"`), field[*string](`json:"a" scim:"referenceTypes=uri"`),
		field[json.RawMessage](`json:"a"`), reflect.TypeFor[struct{}](), reflect.TypeFor[struct {
			Resource `scim:"https://example.com/schemas/Device,name=Device"`
		}](),
		reflect.TypeFor[struct {
			Core
			Ext *Ext `json:"URN:X:EXT"`
		}](),
	} {
		_, err := attr.Compile(typ)
		assert.NoError(t, err, "%s", typ)
	}
}

func TestIsName(t *testing.T) {
	for _, name := range append([]string{"a", "Z", "$ref", "a-b", "a_b", "a1", "a$"}, coreNames...) {
		assert.True(t, attr.IsName(name), "%q", name)
	}
	for c := range 256 {
		b := byte(c)
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
		assert.Equal(t, letter, attr.IsName(string([]byte{b})), "%q", b)
		assert.Equal(t, letter || b == '$' || b == '-' || b == '_' || b >= '0' && b <= '9', attr.IsName(string([]byte{'x', b})), "%q", b)
	}
	for _, name := range []string{"$0", "$$a", "$-", "$_a", "", "$", "-a", "_a", "1a", "a b", "a.b", "a:b", "ä", "aä", "a\u212a", "a\"", "a\\", " a", "a "} {
		assert.False(t, attr.IsName(name), "%q", name)
	}
}
