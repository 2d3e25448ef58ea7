package errors

import (
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
)

// Reason says in words what a failing rule of validator/v10 asks for, as it
// stands in the detail behind the path. tag, param and kind are those of the
// validator's FieldError: Reason("max", "8", reflect.String) is "must have at most
// 8 characters", for a number it is "must be at most 8", for a slice "must have at
// most 8 elements". The characters are Unicode code points, as validator counts
// them. reflect.Invalid is for a kind that is not known: "must have a value or
// length of at most 8".
//
// The value that failed is never part of it. A rule without a wording here, such
// as one a service has registered, gives fails the rule "tag=param".
func Reason(tag, param string, kind reflect.Kind) string {
	if strings.Contains(tag, "|") {
		return alternatives(tag, kind)
	}
	sized := func(tag, param string) string { return size(tag, param, kind) }
	for _, wording := range []func(tag, param string) string{presence, moment, sized, content, comparison} {
		if s := wording(tag, param); s != "" {
			return s
		}
	}
	if form := shape(tag); form != "" {
		return "must be " + form
	}
	if param != "" {
		tag += "=" + param
	}
	return `fails the rule "` + tag + `"`
}

// reason is Reason for a fault of the validator.
func reason(f validator.FieldError) string {
	kind := f.Kind()
	if f.Type() == reflect.TypeFor[[]byte]() { // a binary value has no elements, to a client
		kind = reflect.Invalid
	}
	return Reason(f.Tag(), f.Param(), kind)
}

// alternatives words rules joined by "|", which carry their parameters inside.
func alternatives(tags string, kind reflect.Kind) string {
	var b strings.Builder
	for i, rule := range strings.Split(tags, "|") {
		if i > 0 {
			b.WriteString(", or ")
		}
		tag, param, _ := strings.Cut(rule, "=")
		b.WriteString(Reason(tag, param, kind))
	}
	return b.String()
}

// presence words the rules on whether a value is there at all. The conditional
// ones name Go fields in their parameter, which mean nothing to a client.
func presence(tag, _ string) string {
	switch tag {
	case "required":
		return "is required"
	case "required_if", "required_unless", "required_with", "required_with_all", "required_without", "required_without_all", "skip_unless":
		return "is required together with the other values given"
	case "excluded_if", "excluded_unless", "excluded_with", "excluded_with_all", "excluded_without", "excluded_without_all":
		return "is not allowed together with the other values given"
	case "isdefault":
		return "must not be given"
	case "unique":
		return "must not contain the same value twice"
	default:
		return ""
	}
}

// moment words the rules that without a parameter compare a time with the present
// one.
func moment(tag, param string) string {
	if param != "" {
		return ""
	}
	switch tag {
	case "gt":
		return "must be after the present time"
	case "gte":
		return "must not be before the present time"
	case "lt":
		return "must be before the present time"
	case "lte":
		return "must not be after the present time"
	default:
		return ""
	}
}

// size words the rules that mean the value of a number and the length of
// everything else.
func size(tag, param string, kind reflect.Kind) string {
	var relation string
	switch tag {
	case "len":
		relation = "exactly "
	case "min", "gte":
		relation = "at least "
	case "max", "lte":
		relation = "at most "
	case "gt":
		relation = "more than "
	case "lt":
		relation = "less than "
	case "eq", "ne":
		if kind != reflect.Slice && kind != reflect.Array && kind != reflect.Map { // then it is the value itself that counts
			return ""
		}
		relation = "exactly "
	default:
		return ""
	}
	var unit string
	switch kind {
	case reflect.String:
		unit = " character"
	case reflect.Slice, reflect.Array:
		unit = " element"
	case reflect.Map:
		unit = " key"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
		reflect.Float32, reflect.Float64:
		return "must be " + relation + param
	default:
		return "must have a value or length of " + relation + param
	}
	if tag == "lt" {
		relation = "fewer than "
	}
	if param != "1" {
		unit += "s"
	}
	if tag == "ne" {
		return "must not have " + relation + param + unit
	}
	return "must have " + relation + param + unit
}

// content words the rules on what a string may hold.
func content(tag, param string) string {
	switch tag {
	case "eq":
		return "must be " + param
	case "eq_ignore_case":
		return "must be " + param + ", in any case"
	case "ne":
		return "must not be " + param
	case "ne_ignore_case":
		return "must not be " + param + ", in any case"
	case "oneof":
		return "must be one of " + choices(param)
	case "oneofci":
		return "must be one of " + choices(param) + ", in any case"
	case "noneof":
		return "must be none of " + choices(param)
	case "noneofci":
		return "must be none of " + choices(param) + ", in any case"
	case "contains", "containsrune":
		return `must contain "` + param + `"`
	case "containsany":
		return `must contain one of the characters "` + param + `"`
	case "excludes", "excludesrune":
		return `must not contain "` + param + `"`
	case "excludesall":
		return `must contain none of the characters "` + param + `"`
	case "startswith":
		return `must begin with "` + param + `"`
	case "startsnotwith":
		return `must not begin with "` + param + `"`
	case "endswith":
		return `must end with "` + param + `"`
	case "endsnotwith":
		return `must not end with "` + param + `"`
	case "datetime":
		return `must be a date or time of the form "` + param + `"`
	case "postcode_iso3166_alpha2":
		return "must be a postal code of " + param
	default:
		return ""
	}
}

// choices lists the words of a oneof rule; single quotes hold a word of several.
func choices(param string) string {
	var list []string
	for rest := strings.TrimSpace(param); rest != ""; rest = strings.TrimSpace(rest) {
		end := " "
		if rest[0] == '\'' {
			rest, end = rest[1:], "'"
		}
		var word string
		word, rest, _ = strings.Cut(rest, end)
		list = append(list, word)
	}
	return strings.Join(list, ", ")
}

// comparison words the rules that compare with another field.
func comparison(tag, param string) string {
	switch tag {
	case "eqfield", "eqcsfield":
		return "must be equal to " + param
	case "nefield", "necsfield":
		return "must differ from " + param
	case "gtfield", "gtcsfield":
		return "must be greater than " + param
	case "gtefield", "gtecsfield":
		return "must not be less than " + param
	case "ltfield", "ltcsfield":
		return "must be less than " + param
	case "ltefield", "ltecsfield":
		return "must not be greater than " + param
	case "fieldcontains":
		return "must contain the value of " + param
	case "fieldexcludes":
		return "must not contain the value of " + param
	default:
		return ""
	}
}

// shape names the form a value must have, for the rules that ask for one.
func shape(tag string) string {
	switch tag {
	case "alpha":
		return "made of the letters A to Z only"
	case "alphaspace":
		return "made of the letters A to Z and blanks only"
	case "alphanum":
		return "made of the letters A to Z and digits only"
	case "alphanumspace":
		return "made of the letters A to Z, digits and blanks only"
	case "alphaunicode":
		return "made of letters only"
	case "alphanumunicode":
		return "made of letters and digits only"
	case "ascii":
		return "made of ASCII characters only"
	case "printascii":
		return "made of printable ASCII characters only"
	case "multibyte":
		return "written with at least one character outside ASCII"
	case "lowercase":
		return "in lower case"
	case "uppercase":
		return "in upper case"
	case "boolean":
		return "true or false"
	case "numeric":
		return "numeric"
	case "number":
		return "made of digits only"
	case "hexadecimal":
		return "a hexadecimal number"
	case "email":
		return "an e-mail address"
	case "e164":
		return "a phone number in the form +15551234567"
	case "url":
		return "a URL"
	case "http_url":
		return "a URL beginning with http:// or https://"
	case "https_url":
		return "a URL beginning with https://"
	case "uri":
		return "a URI"
	case "urn_rfc2141", "urn_rfc8141":
		return "a URN"
	case "datauri":
		return "a data URI"
	case "base32":
		return "a base32 string"
	case "base64":
		return "a base64 string"
	case "base64url", "base64rawurl":
		return "a base64url string"
	case "json":
		return "a JSON text"
	case "jwt":
		return "a JSON Web Token"
	case "uuid", "uuid_rfc4122":
		return "a UUID"
	case "uuid3", "uuid3_rfc4122":
		return "a UUID of version 3"
	case "uuid4", "uuid4_rfc4122":
		return "a UUID of version 4"
	case "uuid5", "uuid5_rfc4122":
		return "a UUID of version 5"
	case "uuid7":
		return "a UUID of version 7"
	case "ulid":
		return "a ULID"
	case "ip", "ip_addr":
		return "an IP address"
	case "ipv4", "ip4_addr":
		return "an IPv4 address"
	case "ipv6", "ip6_addr":
		return "an IPv6 address"
	case "cidr":
		return "an address range in CIDR form"
	case "cidrv4":
		return "an IPv4 address range in CIDR form"
	case "cidrv6":
		return "an IPv6 address range in CIDR form"
	case "mac":
		return "a MAC address"
	case "hostname", "hostname_rfc1123":
		return "a host name"
	case "hostname_label", "dns_rfc1035_label":
		return "a single label of a host name"
	case "hostname_port":
		return "a host name and port"
	case "port":
		return "a port number"
	case "fqdn":
		return "a fully qualified domain name"
	case "origin":
		return "a web origin"
	case "mimetype":
		return "a media type"
	case "timezone":
		return "a time zone name such as Europe/Paris"
	case "duration":
		return "a duration such as 1h30m"
	case "cron":
		return "a cron expression"
	case "semver":
		return "a semantic version"
	case "latitude":
		return "a latitude"
	case "longitude":
		return "a longitude"
	case "country_code":
		return "an ISO 3166-1 country code"
	case "iso3166_1_alpha2":
		return "a country code of two letters (ISO 3166-1)"
	case "iso3166_1_alpha3":
		return "a country code of three letters (ISO 3166-1)"
	case "iso3166_1_alpha_numeric":
		return "a numeric country code (ISO 3166-1)"
	case "eu_country_code", "iso3166_1_alpha2_eu", "iso3166_1_alpha3_eu", "iso3166_1_alpha_numeric_eu":
		return "the code of a country of the European Union (ISO 3166-1)"
	case "iso3166_2":
		return "a region code (ISO 3166-2)"
	case "iso4217", "iso4217_numeric":
		return "a currency code (ISO 4217)"
	case "bcp47_language_tag", "bcp47_strict_language_tag":
		return "a language tag such as en-US (BCP 47)"
	case "bic", "bic_iso_9362_2014":
		return "a bank identifier code"
	case "credit_card":
		return "a credit card number"
	case "luhn_checksum":
		return "a number with a valid check digit"
	case "hexcolor", "rgb", "rgba", "hsl", "hsla", "cmyk", "iscolor":
		return "a color"
	default:
		return ""
	}
}
