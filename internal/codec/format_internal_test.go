package codec

import (
	"archive/zip"
	"encoding/base64"
	"go/build"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a database of their own

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// accepts runs a check on texts that it is to accept and on others that it is to refuse.
func accepts(t *testing.T, check func(string) bool, good, bad []string) {
	t.Helper()
	for _, text := range good {
		assert.True(t, check(text), "%q", text)
	}
	for _, text := range bad {
		assert.False(t, check(text), "%q", text)
	}
}

var (
	references = []string{
		"http://example.com", "https://example.com/", "https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646",
		"HTTP://EXAMPLE.COM/", "http://example.com:8080/", "http://example.com:/", "http://[::1]/", "http://[::1]:80/", "http://user:password@host/",
		"http://host?a:b", "http://host#a:b", "http://a@b/", "https://example.com/a%20b", "https://example.com/a?b=c&d=%22#e",
		"urn:a:b", "urn:ietf:params:scim:schemas:core:2.0:User", "mailto:a@example.com", "tel:+1-201-555-0123", "data:,x", "a+b-c.d:e", "file:///x",
		"Users/1", "../Users/1", "./Users/1", "me", "/Users/1", "//example.com/x", "?a=b", "#a", ".", "..", "Users/a:b", "./a:b", "1", "$ref", "~", "",
		"Users/a%2Fb", "http://exämple.com/ü", "/Users/ü",
		"https://example.com/" + strings.Repeat("x", 1<<20), strings.Repeat("x", 1<<20), strings.Repeat("../", 1<<18),
		"/" + strings.Repeat("a:b@[c]%20", 1<<16),
	}
	noReferences = []string{
		"not a url", " ", " http://example.com", "http://example.com ", "http://exa mple", "a\tb", "a\nb", "a\x00b", "a\x7fb",
		`http://example.com/"x"`, "<http://example.com>", `\\server\share`, `C:\x`, "a^b", "a`b", "{id}", "http://example.com/{id}", "a|b",
		"http://[::1", "http://::1]", "http://[::1]x", "http://[::1]:x/", "http://a:b:c/", "http://a:b/", "http://a:80:80/", "http://::1/", "http://host:80x/",
		"%zz", "%", "%a", "a%", "http://ex%zzample.com/", "http://example.com/%zz", ":", ":a", "://example.com", "1:2", "a b:c", "ä:b",
		"http://example.com/" + strings.Repeat("x", 1<<20) + " ", strings.Repeat("x", 1<<20) + "%", strings.Repeat("x", 1<<20) + "\\",
	}
)

func TestReference(t *testing.T) { accepts(t, isReference, references, noReferences) }

// slowReference is isReference without its short cuts.
func slowReference(text string) bool {
	for _, r := range text {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("\"<>\\^`{|}", r) {
			return false
		}
	}
	_, err := url.Parse(text)
	return err == nil
}

func FuzzReference(f *testing.F) {
	for _, text := range slices.Concat(references, noReferences) {
		if len(text) < 1<<10 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		assert.Equal(t, slowReference(text), isReference(text))
	})
}

func TestEmail(t *testing.T) {
	accepts(t, isEmail, []string{
		"bjensen@example.com", "a@b", "A.B+c_d-e@sub.example.co.uk", "o'neil@example.com", "!#$%&'*+-/=?^_`{|}~@example.com", `"a b"@example.com`,
		`"a@b"@example.com`, "a@xn--mnchen-3ya.de", "ü@exämple.com", "a@[127.0.0.1]", strings.Repeat("a", 242) + "@example.com",
	}, []string{
		"", "a", "@", "a@", "@b", "a b@example.com", "a@b c", "a@@b", "a@b@c", "Barbara <bjensen@example.com>", "<bjensen@example.com>",
		" a@b", "a@b ", "a@b (comment)", "a@b,c@d", "a@b;c@d", "mailto:a@b", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@.b", "a\r\n@b", "a@b\r\nBcc: c@d", "a@b\x00",
		strings.Repeat("a", 243) + "@example.com", strings.Repeat("a", 1<<20) + "@b",
	})
}

func TestPhone(t *testing.T) {
	accepts(t, isPhone, []string{
		"tel:+1-201-555-0123", "tel:+12015550123", "TEL:+1.201.555.0123", "tel:+1(201)5550123", "tel:555-8377", "tel:863-1234;phone-context=+1-914-555",
		"tel:7042;phone-context=example.com", "tel:+1-201-555-0123;ext=1234", "tel:+1-201-555-0123;ext=1;isub=a%20b", "tel:*21#", "tel:0a", "tel:+1;a", "tel:+1;A=B",
	}, []string{
		"", "tel:", "tel:+", "tel:-", "tel:()", "555-555-8377", "+1-201-555-0123", "tel:+1 201 555 0123", "tel: +1", "tel:+1x", "tel:+1a", "tel:+*", "tel:++1",
		"tel:1+", "tel:g", "fax:+1", "tel:+1;", "tel:+1;;a", "tel:+1;=b", "tel:+1;a=", "tel:+1;a b", "tel:+1;a=b c", "tel:+1;a=\"b\"", "tel:+1;ä=b", "tel:+1;a_b=c",
		"tel:+1;a=b=c", "tel:+1\n", "tel:+١", "https://example.com",
	})
}

func TestLanguages(t *testing.T) {
	accepts(t, isLanguages, []string{
		"en", "en-US", "da, en-gb;q=0.8, en;q=0.7", "*", "en;q=1", "en;q=0", "en;q=1.000", "en;q=0.123", "en;Q=0.5", "en;q=1.", "en ; q=0.5", "en,\tde", "x-klingon",
	}, []string{
		"", ",", "en,", ",en", "en,,de", "en_US", "English (US)", "en;", "en;q", "en;q=", "en;q=2", "en;q=1.1", "en;q=1.0000", "en;q=0.1234", "en;q=.5",
		"en;q=-1", "en;q=0,5", "en;q=0.5;x", "en;r=0.5", "en-", "-en", "e", "en\n", "en US", "**",
	})
}

func TestLocale(t *testing.T) {
	locale := &attr.Attribute{Format: attr.Locale}
	accepts(t, func(text string) bool { return checkFormat(locale, text, false, opt.Locales) == nil }, []string{
		"en", "en-US", "en_US", "zh-Hant-TW", "de-CH-1996", "sr_Latn_RS", "es-419", "x-private", "X-private", "i-klingon", "en-a-bbb-x-a-ccc", "EN-us",
	}, []string{
		"", "e", "x", "i", "a-b", "en-", "-US", "_", "en--US", "en-x", "en-US-", "1n", "e1-US", "en US", "en-US ", "en-abcdefghi", "abcdefghi", "en_US.UTF-8", "ën", "en-Ü",
		"en\x00", "*", strings.Repeat("en-", 1<<18),
	})
}

func TestCountry(t *testing.T) {
	accepts(t, isCountry, []string{"US", "us", "De", "AD", "ZW", "BQ", "SS"}, []string{
		"", " ", "  ", "U", "USA", "840", "XX", "UK", "EU", "AN", "U ", " U", "S ", "D ", "AD AE", "ZZ", "ß", "ſs", "ı", "Ü", "\x00\x00",
	})
	codes := strings.Fields(countries)
	assert.Len(t, codes, 249, "officially assigned codes of ISO 3166-1")
	assert.True(t, slices.IsSorted(codes))
	assert.Len(t, slices.Compact(codes), 249)
	for _, code := range codes {
		assert.True(t, isCountry(code), code)
	}
}

func TestTimezone(t *testing.T) {
	accepts(t, isTimezone, []string{
		"America/Los_Angeles", "Europe/Berlin", "UTC", "Etc/UTC", "GMT+0", "Etc/GMT+12", "Etc/GMT-14", "America/Argentina/Buenos_Aires", "America/Port-au-Prince",
		"Asia/Calcutta", "Asia/Kolkata", "Europe/Kiev", "Europe/Kyiv", "US/Pacific", "EST5EDT", "W-SU", "Zulu", "NZ-CHAT", "Africa/Abidjan",
	}, []string{
		"", " ", "Mars/Base", "Local", "Factory", "../../etc/passwd", "/etc/passwd", "/usr/share/zoneinfo/UTC", `..\UTC`, "Etc/../UTC", "./UTC", "UTC/", "Europe", "Europe/",
		"europe/berlin", "EUROPE/BERLIN", "utc", " UTC", "UTC ", "UTC Universal", "UTC\x00", "posix/UTC", "right/UTC", "posixrules", "localtime", "zone.tab", "tzdata.zi",
		"Pacific Standard Time", "PST", "+01:00", "Etc/GMT+13", "Berlin", "Europe/Berlin\n", "C:\\UTC", strings.Repeat("A", 1<<20),
	})
	names := zoneNames()
	assert.True(t, slices.IsSorted(names))
	assert.Len(t, slices.Compact(slices.Clone(names)), len(names), "none stands twice")
	assert.Greater(t, len(names), 590)
	for _, name := range names {
		assert.True(t, isTimezone(name), name)
		_, err := time.LoadLocation(name)
		assert.NoError(t, err, "a name that Go knows")
	}
}

// Every name of the database that Go comes with is known. A test binary away from its Go, or one of a distribution that leaves the
// database out, has nothing to compare with but the names above.
func TestTimezonesOfGo(t *testing.T) {
	file := filepath.Join(build.Default.GOROOT, "lib", "time", "zoneinfo.zip")
	if _, err := os.Stat(file); err != nil {
		return
	}
	r, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer r.Close()
	seen := 0
	for _, f := range r.File {
		if f.FileInfo().IsDir() || f.Name == "Factory" {
			continue
		}
		seen++
		assert.True(t, isTimezone(f.Name), "%s is new: renew the list in zones.go", f.Name)
	}
	assert.Greater(t, seen, 500)
	t.Logf("%d names in %s", seen, file)
}

func TestOneDER(t *testing.T) {
	der := func(head []byte, n int) string { return string(slices.Concat(head, make([]byte, n))) }
	accepts(t, func(s string) bool { return oneDER([]byte(s)) }, []string{
		"\x30\x00", der([]byte{0x30, 5}, 5), der([]byte{0x30, 0x7f}, 0x7f), der([]byte{0x30, 0x81, 0x80}, 0x80), der([]byte{0x30, 0x81, 0xff}, 0xff),
		der([]byte{0x30, 0x82, 1, 0}, 0x100), der([]byte{0x30, 0x83, 1, 0, 0}, 0x10000), der([]byte{0x30, 0x84, 1, 0, 0, 0}, 0x1000000),
	}, []string{
		"", "\x30", "\x31\x00", "-----BEGIN CERTIFICATE-----", der([]byte{0x30, 5}, 4), der([]byte{0x30, 5}, 6), "\x30\x00\x30\x00", "\x30\x80\x00\x00",
		"\x30\x81", "\x30\x82\x01", "\x30\x81\x00", der([]byte{0x30, 0x81, 0x7f}, 0x7f), der([]byte{0x30, 0x82, 0, 0xff}, 0xff), der([]byte{0x30, 0x85, 0, 0, 0, 0, 1}, 1),
		"\x30\x84\xff\xff\xff\xff", "\x30\xff", der([]byte{0x30, 0x84, 0x80, 0, 0, 0}, 8),
	})
	const certificate = "MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAkGA1UEBhMCVVMx" // RFC 7643 section 8.2, its beginning
	b, err := base64.StdEncoding.DecodeString(certificate)
	require.NoError(t, err)
	assert.False(t, oneDER(b), "cut off")
	assert.True(t, oneDER(slices.Concat(b, make([]byte, 4+0x343-len(b)))))
}

// FuzzFormats looks for panics; a check says no to whatever has bytes that none of the formats has.
func FuzzFormats(f *testing.F) {
	for _, text := range []string{"a@b.c", `"a b"@c`, "tel:+1;ext=1", "en-US;q=0.5, *", "x-a", "US", "Europe/Berlin", "0\x84\x01\x00\x00\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		accepted := map[string]bool{
			"email": isEmail(text), "phone": isPhone(text), "languages": isLanguages(text), "tag": isTag(text), "timezone": isTimezone(text), "country": isCountry(text),
		}
		for check, ok := range accepted {
			if ok && (text == "" || strings.ContainsAny(text, "\x00\r\n\x7f")) {
				t.Errorf("%s accepts %q", check, text)
			}
		}
		if oneDER([]byte(text)) && oneDER([]byte(text+"x")) {
			t.Errorf("%q with and without another byte", text)
		}
	})
}

func TestCheckText(t *testing.T) {
	reference := attr.Attribute{Type: attr.Reference}
	open := attr.Attribute{Type: attr.String, CanonicalValues: []string{"work", "home"}}
	closed, exact, secret := open, open, open
	closed.Closed = true
	exact.CaseExact = true
	secret.Closed, secret.Returned = true, attr.Never
	format := func(f attr.Format) attr.Attribute { return attr.Attribute{Type: attr.String, Format: f} }
	hidden := format(attr.Country)
	hidden.Mutability = attr.WriteOnly
	all := ^opt.Requirement(0)
	for _, c := range []struct {
		name    string
		a       attr.Attribute
		text    string
		require opt.Requirement
		want    string // the detail; "" accepts
	}{
		{"7643-2.3.7 relative", reference, "../Users/1", 0, ""},
		{"7643-2.3.7 blank", reference, "not a url", 0, `must be a URI or a relative reference, not "not a url"`},
		{"long", reference, strings.Repeat("x", 200) + " ", 0, `must be a URI or a relative reference, not "` + strings.Repeat("x", 64) + `..."`},
		{"canonical, not required", open, "boat", 0, ""},
		{"canonical, another required", open, "boat", all &^ opt.CanonicalValues, ""},
		{"canonical, required", open, "boat", opt.CanonicalValues, `must be one of work, home, not "boat"`},
		{"canonical, case", open, "WORK", opt.CanonicalValues, ""},
		{"canonical, case exact", exact, "WORK", opt.CanonicalValues, `must be one of work, home, not "WORK"`},
		{"canonical, Kelvin sign", open, "wor\u212a", opt.CanonicalValues, "must be one of work, home, not \"wor\u212a\""},
		{"closed", closed, "boat", 0, `must be one of work, home, not "boat"`},
		{"closed, listed", closed, "Home", 0, ""},
		{"closed, secret", secret, "boat", 0, `must be one of work, home, not [secret]`},
		{"email, not required", format(attr.Email), "x", all &^ opt.Emails, ""},
		{"email", format(attr.Email), "x", opt.Emails, `must be an e-mail address such as bjensen@example.com (RFC 5321), not "x"`},
		{"phone, not required", format(attr.Phone), "x", all &^ opt.PhoneNumbers, ""},
		{"phone", format(attr.Phone), "x", opt.PhoneNumbers, `must be a tel URI such as tel:+1-201-555-0123 (RFC 3966), not "x"`},
		{"language, not required", format(attr.Language), "?", all &^ opt.Languages, ""},
		{"language", format(attr.Language), "?", opt.Languages, `must have the form of Accept-Language, such as en-US, not "?"`},
		{"locale, not required", format(attr.Locale), "?", all &^ opt.Locales, ""},
		{"locale", format(attr.Locale), "?", opt.Locales, `must be a language tag such as en-US, not "?"`},
		{"timezone, not required", format(attr.Timezone), "?", all &^ opt.Timezones, ""},
		{"timezone", format(attr.Timezone), "Mars/Base", opt.Timezones, `must be an IANA time zone such as America/Los_Angeles, not "Mars/Base"`},
		{"country, not required", format(attr.Country), "?", all &^ opt.Countries, ""},
		{"country", format(attr.Country), "UK", opt.Countries, `must be an ISO 3166-1 code of two letters such as US, not "UK"`},
		{"country, secret", hidden, "UK", opt.Countries, `must be an ISO 3166-1 code of two letters such as US, not [secret]`},
		{"none of all", format(attr.NoFormat), "?", all, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := Options{}
			o.Require = c.require
			err := checkText(&c.a, c.text, false, &o)
			if c.want == "" {
				assert.Nil(t, err)
				return
			}
			require.NotNil(t, err)
			assert.Equal(t, errors.Error{Status: 400, Type: errors.InvalidValue, Detail: c.want}, *err)
			err = checkText(&c.a, c.text, true, &o)
			require.NotNil(t, err)
			wanted, _, _ := strings.Cut(c.want, ", not ")
			assert.Equal(t, wanted+", not [secret]", err.Detail, "part of a secret: what would be right, not what was sent")
		})
	}
}
