package wire_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

// userDocument is the user of RFC 7643, section 8.3, without white space.
func userDocument(tb testing.TB) string {
	tb.Helper()
	b, err := os.ReadFile("testdata/user-enterprise.json")
	require.NoError(tb, err)
	return string(b)
}

// user is what a Go program would declare for that document.
type user struct {
	Schemas    []string `json:"schemas"`
	ID         string   `json:"id"`
	ExternalID string   `json:"externalId"`
	UserName   string   `json:"userName"`
	Name       struct {
		Formatted       string `json:"formatted"`
		FamilyName      string `json:"familyName"`
		GivenName       string `json:"givenName"`
		MiddleName      string `json:"middleName"`
		HonorificPrefix string `json:"honorificPrefix"`
		HonorificSuffix string `json:"honorificSuffix"`
	} `json:"name"`
	DisplayName string       `json:"displayName"`
	NickName    string       `json:"nickName"`
	ProfileURL  string       `json:"profileUrl"`
	Emails      []multiValue `json:"emails"`
	Addresses   []struct {
		Type          string `json:"type"`
		StreetAddress string `json:"streetAddress"`
		Locality      string `json:"locality"`
		Region        string `json:"region"`
		PostalCode    string `json:"postalCode"`
		Country       string `json:"country"`
		Formatted     string `json:"formatted"`
		Primary       bool   `json:"primary"`
	} `json:"addresses"`
	PhoneNumbers      []multiValue `json:"phoneNumbers"`
	Ims               []multiValue `json:"ims"`
	Photos            []multiValue `json:"photos"`
	UserType          string       `json:"userType"`
	Title             string       `json:"title"`
	PreferredLanguage string       `json:"preferredLanguage"`
	Locale            string       `json:"locale"`
	Timezone          string       `json:"timezone"`
	Active            bool         `json:"active"`
	Password          string       `json:"password"`
	Groups            []multiValue `json:"groups"`
	X509Certificates  []multiValue `json:"x509Certificates"`
	Enterprise        struct {
		EmployeeNumber string `json:"employeeNumber"`
		CostCenter     string `json:"costCenter"`
		Organization   string `json:"organization"`
		Division       string `json:"division"`
		Department     string `json:"department"`
		Manager        struct {
			Value       string `json:"value"`
			Ref         string `json:"$ref"`
			DisplayName string `json:"displayName"`
		} `json:"manager"`
	} `json:"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"`
	Meta struct {
		ResourceType string    `json:"resourceType"`
		Created      time.Time `json:"created"`
		LastModified time.Time `json:"lastModified"`
		Version      string    `json:"version"`
		Location     string    `json:"location"`
	} `json:"meta"`
}

type multiValue struct {
	Value   string `json:"value"`
	Ref     string `json:"$ref"`
	Display string `json:"display"`
	Type    string `json:"type"`
	Primary bool   `json:"primary"`
}

func BenchmarkSkip(b *testing.B) {
	document := userDocument(b)
	text := []byte(document)
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			var names wire.Names
			if _, err := wire.Skip(document, 0, 0, &names); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Valid", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			if !json.Valid(text) {
				b.Fatal("not valid")
			}
		}
	})
	b.Run("Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			var u user
			if err := json.Unmarshal(text, &u); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSkipRatio times the two in turn, so that a busy machine slows both alike, and reports the ratio of the medians.
func BenchmarkSkipRatio(b *testing.B) {
	document := userDocument(b)
	text := []byte(document)
	const batch = 20
	var ours, theirs []time.Duration
	for b.Loop() {
		begin := time.Now()
		for range batch {
			var names wire.Names
			if _, err := wire.Skip(document, 0, 0, &names); err != nil {
				b.Fatal(err)
			}
		}
		ours = append(ours, time.Since(begin))
		begin = time.Now()
		for range batch {
			var u user
			if err := json.Unmarshal(text, &u); err != nil {
				b.Fatal(err)
			}
		}
		theirs = append(theirs, time.Since(begin))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(float64(ours[len(ours)/2])/float64(theirs[len(theirs)/2]), "of-Unmarshal")
}

// BenchmarkSkipHostile is one megabyte of objects of a thousand names each: what finding duplicates may cost at most.
func BenchmarkSkipHostile(b *testing.B) {
	document := manyNames(1_000_000)
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		var names wire.Names
		if _, err := wire.Skip(document, 0, 0, &names); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSkipNonASCII(b *testing.B) {
	for name, text := range map[string]string{"Latin": "Ångström är svårt att stava ", "Chinese": "中文字符測試文本", "Emoji": "😀😃😄"} {
		document := `"` + strings.Repeat(text, 100) + `"`
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			for b.Loop() {
				if _, _, err := wire.String(document, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendString(b *testing.B) {
	for name, s := range map[string]string{
		"Short":   "work",
		"Email":   "bjensen@example.com",
		"URL":     "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
		"Newline": "100 Universal City Plaza\nHollywood, CA 91608 USA",
		"Latin":   "Ångström är svårt att stava",
	} {
		b.Run(name+"/wire", func(b *testing.B) {
			dst := make([]byte, 0, 256)
			b.ReportAllocs()
			for b.Loop() {
				dst = wire.AppendString(dst[:0], s)
			}
		})
		b.Run(name+"/Marshal", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := json.Marshal(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTime(b *testing.B) {
	for name, s := range map[string]string{"Seconds": "2010-01-23T04:56:22Z", "Offset": "2011-05-13T04:42:34.123+02:00"} {
		b.Run("Parse/"+name+"/wire", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := wire.ParseTime(s); !ok {
					b.Fatal("not a time")
				}
			}
		})
		b.Run("Parse/"+name+"/time.Parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := time.Parse(time.RFC3339Nano, s); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Append/"+name+"/wire", func(b *testing.B) {
			t, _ := wire.ParseTime(s)
			dst := make([]byte, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = wire.AppendTime(dst[:0], t)
			}
		})
		b.Run("Append/"+name+"/AppendFormat", func(b *testing.B) {
			t, _ := wire.ParseTime(s)
			dst := make([]byte, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				dst = t.AppendFormat(dst[:0], time.RFC3339Nano)
			}
		})
	}
}

func BenchmarkHashFold(b *testing.B) {
	for _, s := range []string{"id", "value", "userName", "honorificPrefix", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"} {
		b.Run(s[:min(len(s), 15)], func(b *testing.B) {
			for b.Loop() {
				wire.HashFold(s)
			}
		})
	}
}
