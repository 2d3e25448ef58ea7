package errors

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is far more than any server has to say about a fault.
const maxBody = 1 << 20

// Parse reads the SCIM Error message a server has sent (RFC 7644 section 3.12).
//
// schemas must contain the Error URN, in any case. status is required and may be
// a string, as the RFC says, or a number, as some servers write it; it must lie
// between 100 and 599. scimType and detail are single strings or absent (null
// counts as absent); a scimType this package does not know is kept. Unknown
// members are ignored. The path a server has put in front of its detail stays there.
//
// The error says what is wrong with the message: an [*Error] of type
// [InvalidSyntax] if it is not a SCIM Error at all, [InvalidValue] with the path of
// the member otherwise, 413 for a body over 1 MB. It describes the server's
// answer; a gateway should not pass it on to its own client.
func Parse(body []byte) (*Error, error) {
	if len(body) > maxBody {
		return nil, Status(http.StatusRequestEntityTooLarge, "the error message has %d bytes, the limit is %d", len(body), maxBody)
	}
	var m struct {
		Schemas json.RawMessage `json:"schemas"`
		Status  json.RawMessage `json:"status"`
		Type    json.RawMessage `json:"scimType"`
		Detail  json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, New(InvalidSyntax, "the error message is not a JSON object: %w", err)
	}
	if err := checkSchemas(m.Schemas); err != nil {
		return nil, err
	}
	status, err := parseStatus(m.Status)
	if err != nil {
		return nil, err
	}
	kind, err := parseString("scimType", m.Type)
	if err != nil {
		return nil, err
	}
	detail, err := parseString("detail", m.Detail)
	if err != nil {
		return nil, err
	}
	return &Error{Status: status, Type: Type(kind), Detail: detail}, nil
}

// checkSchemas demands the Error URN; other URNs may stand beside it.
func checkSchemas(raw json.RawMessage) error {
	var urns []string
	if raw != nil && json.Unmarshal(raw, &urns) != nil {
		return at("schemas", New(InvalidSyntax, "must be an array of strings"))
	}
	for _, urn := range urns {
		if len(urn) == len(URN) && strings.EqualFold(urn, URN) { // equal length: no letters outside ASCII that fold into it
			return nil
		}
	}
	return at("schemas", New(InvalidSyntax, "must contain %s", URN))
}

// parseStatus reads a status from a JSON string or number of three digits.
func parseStatus(raw json.RawMessage) (int, error) {
	if null(raw) {
		return 0, at("status", New(InvalidValue, "is required"))
	}
	digits := string(raw)
	if digits[0] == '"' && json.Unmarshal(raw, &digits) != nil {
		digits = ""
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || len(digits) != 3 || n < 100 || n > 599 {
		return 0, at("status", New(InvalidValue, "must be an HTTP status from 100 to 599"))
	}
	return int(n), nil
}

// parseString reads an optional member that is one string.
func parseString(name string, raw json.RawMessage) (s string, err error) {
	if !null(raw) && json.Unmarshal(raw, &s) != nil {
		return "", at(name, New(InvalidValue, "must be a single string"))
	}
	return s, nil
}

// null reports an absent member or an explicit null; RFC 7643 section 2.5 makes
// them one state.
func null(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}

// at gives an error its path.
func at(path string, e *Error) *Error {
	e.Path = path
	return e
}
