package attr_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/scimmodels/scim/internal/attr"
)

// Machine has names that are near to each other, or to nothing, and a secret.
type Machine struct {
	Resource `scim:"urn:x:Machine"`

	Serial string   `json:"serialNumber"`
	Model  string   `json:"model"`
	Modes  string   `json:"modes"`
	OS     string   `json:"os"`
	Key    string   `json:"accessKey" scim:"mutability=writeOnly,returned=never"`
	Disk   Disk     `json:"disk"`
	Disks  []Disk   `json:"disks"`
	Owner  Holder   `json:"owner"`
	Tags   []string `json:"tags"`
	Long   string   `json:"aNameOfExactlySixtyFourBytesWhichIsTheLongestThatGetsSuggestions"`
	Longer string   `json:"aNameOfMoreThanSixtyFourBytesWhichIsFarTooLongToGetAnySuggestionAtAll"`
	Lease  *Lease   `json:"urn:x:Lease:1.0"`
	Lab    *Lab     `json:"https://x/lab"`
}

type Disk struct {
	Size  int    `json:"size"`
	Label string `json:"label"`
}

type Holder struct {
	Value    string `json:"value"`
	Employer string `json:"employer"`
}

type Lease struct {
	Extension `scim:"urn:x:Lease:1.0"`

	Lessor string `json:"lessor"`
	Until  string `json:"until"`
	Terms  Terms  `json:"terms"`
	Bench  string `json:"bench"`
}

type Terms struct {
	Months int `json:"months"`
}

type Lab struct {
	Extension `scim:"https://x/lab"`

	Room  string `json:"room"`
	Bench string `json:"bench"`
}

func TestHint(t *testing.T) {
	machine := attr.Of(reflect.TypeFor[Machine]())
	disk, lease := attr.Of(reflect.TypeFor[Disk]()), attr.Of(reflect.TypeFor[Lease]())
	const long = "aNameOfExactlySixtyFourBytesWhichIsTheLongestThatGetsSuggestions"
	for _, c := range []struct {
		name string
		p    *attr.Plan
		path string
		want string // "": nothing is near
	}{
		{"a letter too many", machine, "serialNumbers", "serialNumber"},
		{"a letter missing", machine, "serialNumbr", "serialNumber"},
		{"another letter", machine, "zerialNumber", "serialNumber"},
		{"letters swapped", machine, "sreialNumber", "serialNumber"},
		{"swapped in a short name", machine, "dsik", "disk"},
		{"two mistakes", machine, "cerialNumer", "serialNumber"},
		{"two swaps", machine, "sreialNumbre", "serialNumber"},
		{"three mistakes", machine, "cerialNumr", ""},
		{"another case", machine, "SERIALNUMBR", "serialNumber"},
		{"an underscore", machine, "serial_number", "serialNumber"},
		{"two mistakes in six letters", machine, "mmodls", ""},
		{"one mistake in three letters", machine, "oss", ""},
		{"the nearer of two", machine, "modess", "modes"},
		{"the first of two", machine, "modey", "model"},
		{"a secret, by name only", machine, "acessKey", "accessKey"},
		{"a common attribute", machine, "externalID2", "externalId"},
		{"nothing like it", machine, "shoeSize", ""},
		{"no name", machine, "", ""},
		{"a dot", machine, ".", ""},
		{"letters beyond ASCII", machine, "sérialNumber", "serialNumber"}, // two bytes for one letter
		{"no letters at all", machine, "\xff\x00\xfe", ""},
		{"a filter behind it", machine, `disks[size eq 1]`, ""},

		{"part", machine, "disk.lable", "disk.label"},
		{"part in another case", machine, "DISK.LABELS", "disk.label"},
		{"part nothing like it", machine, "disk.speed", ""},
		{"part of a misspelled attribute", machine, "dsik.label", "disk.label"},
		{"both misspelled", machine, "onwer.employr", "owner.employer"},
		{"part of what has none", machine, "model.value", ""},
		{"part of a list of strings", machine, "tags.value", ""},
		{"part of a part", machine, "disk.label.size", ""},
		{"part named alone", machine, "employer", "owner.employer"},
		{"part named alone, in another case", machine, "EMPLOYER", "owner.employer"},
		{"part that several have", machine, "label", ""},
		{"part misspelled and named alone", machine, "emploier", ""},

		{"of an extension, without URN", machine, "lessor", "urn:x:Lease:1.0:lessor"},
		{"of an extension that is no URN", machine, "ROOM", "https://x/lab:room"},
		{"part in an extension, without URN", machine, "terms.months", "urn:x:Lease:1.0:terms.months"},
		{"of two extensions", machine, "bench", ""},
		{"of an extension, with the URN of the core schema", machine, "urn:x:Machine:lessor", "urn:x:Lease:1.0:lessor"},
		{"misspelled behind a URN", machine, "URN:X:LEASE:1.0:lesor", "urn:x:Lease:1.0:lessor"},
		{"part misspelled behind a URN", machine, "urn:x:Lease:1.0:terms.month", "urn:x:Lease:1.0:terms.months"},
		{"part named alone behind a URN", machine, "urn:x:Lease:1.0:months", "urn:x:Lease:1.0:terms.months"},
		{"misspelled behind a URI", machine, "https://x/lab:romm", "https://x/lab:room"},
		{"misspelled behind the core URN", machine, "urn:x:Machine:modil", "model"},
		{"nothing like it behind a URN", machine, "urn:x:Lease:1.0:shoeSize", ""},
		{"a schema", machine, "urn:x:Machine", ""},
		{"an extension", machine, "urn:x:Lease:1.0", ""},
		{"an extension misspelled", machine, "urn:x:Lesse:1.0", "urn:x:Lease:1.0"},
		{"another URN", machine, "urn:y:z", ""},
		{"another long URN", machine, "urn:" + strings.Repeat("y", 9999), ""},

		{"64 bytes", machine, long[:63] + "_", long},
		{"65 bytes", machine, long + "_", ""},
		{"a name too long", machine, "aNameOfMoreThanSixtyFourBytesWhichIsFarTooLongToGetAnySuggestionAtAl", ""},
		{"a name without end", machine, strings.Repeat("serialNumber", 9999), ""},
		{"a part without end", machine, "disk." + strings.Repeat("label", 9999), ""},
		{"64 bytes behind a URN", machine, "urn:x:Machine:" + long[:63] + "_", long},

		{"in a complex value", disk, "lable", "label"},
		{"in a complex value, nothing like it", disk, "speed", ""},
		{"in an extension", lease, "lesor", "lessor"},
		{"in an extension, of the core schema", lease, "serialNumber", ""},
	} {
		t.Run("7644-3.12-01/"+c.name, func(t *testing.T) {
			want := ""
			if c.want != "" {
				want = "; did you mean " + c.want + "?"
			}
			assert.Equal(t, want, c.p.Hint(c.path))
			assert.Equal(t, "is no attribute of "+c.p.Name+want, c.p.Lacks(c.path))
			assert.Equal(t, "is no sub-attribute of this attribute"+want, c.p.LacksPart(c.path))
			if _, ok := c.p.Find(c.path); !ok && c.want != "" {
				_, ok = c.p.Find(c.want)
				assert.True(t, ok, "what is suggested is there")
			}
		})
	}
}

func TestSecret(t *testing.T) {
	machine := attr.Of(reflect.TypeFor[Machine]())
	for _, a := range machine.Attributes {
		assert.Equal(t, a.Name == "accessKey", a.Secret(), a.Name)
	}
	for _, c := range []struct {
		name  string
		t     reflect.Type
		hides bool
	}{
		{"an attribute", reflect.TypeFor[Machine](), true},
		{"none", reflect.TypeFor[Disk](), false},
		{"of a recursive type", reflect.TypeFor[Node](), false},
		{"below", reflect.TypeFor[Rack](), true},
	} {
		t.Run("7643-4.1.1-10/"+c.name, func(t *testing.T) { assert.Equal(t, c.hides, attr.Of(c.t).Hides) })
	}
}

// Rack has machines, whose secrets are its own.
type Rack struct {
	_ struct{} `scim:"urn:x:Rack"`

	Machines []Machine `json:"machines"`
}
