package codec

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
	"github.com/scimmodels/scim/internal/wire"
)

// checkText checks a string against what the attribute says of it beyond being a string. secret says that it must not be shown,
// whatever the attribute itself says.
func checkText(a *attr.Attribute, text string, secret bool, o *Options) *errors.Error {
	if a.Type == attr.Reference && !isReference(text) { // RFC 7643 section 2.3.7
		return errors.New(errors.InvalidValue, "must be a URI or a relative reference, not %s", told(a, text, secret))
	}
	if len(a.CanonicalValues) > 0 && (a.Closed || o.Require&opt.CanonicalValues != 0) && !canonical(a, text) {
		return errors.New(errors.InvalidValue, "must be one of %s, not %s", strings.Join(a.CanonicalValues, ", "), told(a, text, secret))
	}
	if a.Format == attr.NoFormat || o.Require == 0 {
		return nil
	}
	return checkFormat(a, text, secret, o.Require)
}

// told is how an error may tell a value: shortened, in quotes, and never a secret.
func told(a *attr.Attribute, text string, secret bool) string {
	if secret || a.Secret() {
		return masked
	}
	return clip(text)
}

// masked stands for a secret.
const masked = "[secret]"

// checkFormat applies the formats that RFC 7643 section 4.1 suggests, each only where it is required.
func checkFormat(a *attr.Attribute, text string, secret bool, require opt.Requirement) *errors.Error {
	switch f := a.Format; {
	case f == attr.Email && require&opt.Emails != 0 && !isEmail(text):
		return errors.New(errors.InvalidValue, "must be an e-mail address such as bjensen@example.com (RFC 5321), not %s", told(a, text, secret))
	case f == attr.Phone && require&opt.PhoneNumbers != 0 && !isPhone(text):
		return errors.New(errors.InvalidValue, "must be a tel URI such as tel:+1-201-555-0123 (RFC 3966), not %s", told(a, text, secret))
	case f == attr.Language && require&opt.Languages != 0 && !isLanguages(text):
		return errors.New(errors.InvalidValue, "must have the form of Accept-Language, such as en-US, not %s", told(a, text, secret))
	case f == attr.Locale && require&opt.Locales != 0 && !isTag(strings.ReplaceAll(text, "_", "-")):
		return errors.New(errors.InvalidValue, "must be a language tag such as en-US, not %s", told(a, text, secret))
	case f == attr.Timezone && require&opt.Timezones != 0 && !isTimezone(text):
		return errors.New(errors.InvalidValue, "must be an IANA time zone such as America/Los_Angeles, not %s", told(a, text, secret))
	case f == attr.Country && require&opt.Countries != 0 && !isCountry(text):
		return errors.New(errors.InvalidValue, "must be an ISO 3166-1 code of two letters such as US, not %s", told(a, text, secret))
	}
	return nil
}

func canonical(a *attr.Attribute, text string) bool {
	for _, c := range a.CanonicalValues {
		if c == text || !a.CaseExact && wire.Fold(c, text) {
			return true
		}
	}
	return false
}

// isReference says whether text is a URI-reference of RFC 3986. The cheap test on characters comes first:
// url.Parse lets blanks and quotes pass.
func isReference(text string) bool {
	var seen uint8
	for i := range len(text) {
		seen |= uriClasses[text[i]]
	}
	switch {
	case seen&uriNever != 0:
		return false
	case seen&uriRare != 0:
	case seen&uriColon == 0:
		return true
	default: // scheme://host/path without a port, or urn:x:y
		colon := strings.IndexByte(text, ':')
		if !isScheme(text[:colon]) {
			break
		}
		rest, ok := strings.CutPrefix(text[colon:], "://")
		if !ok {
			if len(text) > colon+1 && text[colon+1] != '/' {
				return true
			}
			break
		}
		if end := strings.IndexByte(rest, '/'); end >= 0 {
			rest = rest[:end]
		}
		if strings.IndexByte(rest, ':') < 0 {
			return true
		}
	}
	_, err := url.Parse(text)
	return err == nil
}

// Classes of bytes in a URI: those that never stand in one, those that only url.Parse can judge, and the colon.
const (
	uriNever = 1 << iota
	uriRare
	uriColon
)

var uriClasses = func() (class [256]uint8) {
	for c := range 0x21 {
		class[c] = uriNever
	}
	for _, c := range []byte("\"<>\\^`{|}\x7f") {
		class[c] = uriNever
	}
	for _, c := range []byte("[]%@") {
		class[c] = uriRare
	}
	class[':'] = uriColon
	return class
}()

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		later := c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'
		if !letter && (i == 0 || !later) {
			return false
		}
	}
	return s != ""
}

// isEmail accepts a mailbox of RFC 5321, section 4.1.2, as long as a path may carry, and nothing around it.
func isEmail(text string) bool {
	const most = 254
	if len(text) > most {
		return false
	}
	a, err := mail.ParseAddress(text)
	return err == nil && a.Name == "" && (a.Address == text || a.String() == "<"+text+">") // the latter quotes what must be quoted
}

// isPhone accepts a global or local number of RFC 3966, section 3, with its visual separators and parameters. A local number may do
// without the phone-context that the RFC asks for.
func isPhone(text string) bool {
	number, ok := strings.CutPrefix(strings.ToLower(text), "tel:")
	if !ok {
		return false
	}
	number, params, parametrised := strings.Cut(number, ";")
	number, global := strings.CutPrefix(number, "+")
	digits := 0
	for i := range len(number) {
		switch c := number[i]; {
		case c >= '0' && c <= '9':
			digits++
		case strings.IndexByte("-.()", c) >= 0:
		case !global && (c >= 'a' && c <= 'f' || c == '*' || c == '#'):
			digits++
		default:
			return false
		}
	}
	return digits > 0 && (!parametrised || isParameters(params))
}

// isParameters accepts the parameters of a tel URI in lower case: names, each with a value or without.
func isParameters(params string) bool {
	for param := range strings.SplitSeq(params, ";") {
		name, value, assigned := strings.Cut(param, "=")
		if !consists(name, "-") || assigned && !consists(value, "-_.!~*'()[]/:&+$%") {
			return false
		}
	}
	return true
}

// consists says whether s is not empty and has no characters but small letters, digits and those of also.
func consists(s, also string) bool {
	for i := range len(s) {
		c := s[i]
		plain := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !plain && strings.IndexByte(also, c) < 0 {
			return false
		}
	}
	return s != ""
}

// isLanguages accepts the form of Accept-Language: tags, each with an optional weight (erratum 6007).
func isLanguages(text string) bool {
	for part := range strings.SplitSeq(text, ",") {
		tag, weight, weighted := strings.Cut(strings.Trim(part, " \t"), ";")
		if tag = strings.Trim(tag, " \t"); tag != "*" && !isTag(tag) {
			return false
		}
		if weighted && !isWeight(strings.Trim(weight, " \t")) {
			return false
		}
	}
	return true
}

func isWeight(s string) bool {
	q, ok := strings.CutPrefix(strings.ToLower(s), "q=")
	if !ok || q == "" || len(q) > 5 || q[0] != '0' && q[0] != '1' {
		return false
	}
	rest := q[1:]
	if rest == "" {
		return true
	}
	if rest[0] != '.' {
		return false
	}
	for i := 1; i < len(rest); i++ {
		if rest[i] < '0' || rest[i] > '9' || q[0] == '1' && rest[i] != '0' {
			return false
		}
	}
	return true
}

// isTag accepts the shape of a language tag (RFC 5646): a language of letters, then parts of letters and digits. A part of one character
// announces those that follow it.
func isTag(s string) bool {
	parts := strings.Split(s, "-")
	for n, part := range parts {
		if part == "" || len(part) > 8 || len(part) == 1 && (n == len(parts)-1 || n == 0 && strings.IndexByte("xXiI", part[0]) < 0) {
			return false
		}
		for i := range len(part) {
			c := part[i]
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (n == 0 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// isTimezone knows the names by heart: the system's database is a matter of I/O, and not every container has one.
// Their case counts, for it does wherever such a name is put to use.
func isTimezone(text string) bool {
	_, found := slices.BinarySearch(zoneNames(), text)
	return found
}

// zoneNames is made when a time zone is checked for the first time: most programs never do.
var zoneNames = sync.OnceValue(func() []string { return strings.Fields(zones) })

func isCountry(text string) bool {
	return len(text) == 2 && strings.Contains(countries, " "+strings.ToUpper(text)+" ")
}

// countries has the officially assigned codes of ISO 3166-1 alpha-2.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR" +
	" GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ" +
	" NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW" +
	" SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ" +
	" UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "

// oneDER says whether b is one DER SEQUENCE and nothing after it. DER writes a length in the shortest form.
func oneDER(b []byte) bool {
	if len(b) < 2 || b[0] != 0x30 {
		return false
	}
	n, head := int(b[1]), 2
	if n >= 0x80 {
		octets := n & 0x7f
		if octets == 0 || octets > 4 || len(b) < 2+octets || b[2] == 0 || octets == 1 && b[2] < 0x80 {
			return false
		}
		n = 0
		for _, o := range b[2 : 2+octets] {
			n = n<<8 | int(o)
		}
		head += octets
	}
	return n == len(b)-head
}
