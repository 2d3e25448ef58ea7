package errors

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// mediaType is the Content-Type of every SCIM body (RFC 7644 section 3.1).
const mediaType = "application/scim+json"

// message is the Error as it is written, members in the order of the RFC's table.
type message struct {
	Schemas []string `json:"schemas"`
	Status  string   `json:"status"`
	Type    Type     `json:"scimType,omitempty"`
	Detail  string   `json:"detail,omitempty"`
}

// Append appends the SCIM Error message of [From](err) to dst, as [Write] sends
// it and as the response of a failed bulk operation holds it (RFC 7644 sections
// 3.7.3 and 3.12). The status is a JSON string and the detail begins with the
// path. A nil err is a mistake of the caller and gives the bare 500.
func Append(dst []byte, err error) []byte {
	return appendMessage(dst, visible(err))
}

// Write answers a request with the SCIM Error of [From](err): status, the headers
// the error carries, Content-Type application/scim+json and the message of
// [Append]. The status of the response is the one in the body (RFC 7644 sections
// 3.2 and 3.12). 304 and 204 have no body. A status that is missing follows from
// the scimType; an informational one, which cannot end a request, becomes 500,
// and so does a nil err, which is a mistake of the caller.
func Write(w http.ResponseWriter, err error) {
	e := visible(err)
	if e.Status < http.StatusOK {
		final := *e
		final.Status = http.StatusInternalServerError
		e = &final
	}
	h := w.Header()
	for name, values := range e.Header {
		h[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	// A length that was set for another body would cut this one off.
	h.Del("Content-Length")
	if e.Status == http.StatusNotModified || e.Status == http.StatusNoContent {
		h.Del("Content-Type")
		w.WriteHeader(e.Status)
		return
	}
	h.Set("Content-Type", mediaType)
	w.WriteHeader(e.Status)
	_, _ = w.Write(appendMessage(nil, e)) // the client is gone: nobody is left to be told
}

// visible is From, which a nil error does not make nil.
func visible(err error) *Error {
	if e := From(err); e != nil {
		return e
	}
	return &Error{Status: http.StatusInternalServerError, Detail: "internal server error"}
}

// appendMessage writes e, whose status is filled in.
func appendMessage(dst []byte, e *Error) []byte {
	buf := bytes.NewBuffer(dst)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	m := message{Schemas: []string{URN}, Status: strconv.Itoa(e.Status), Type: e.Type, Detail: e.wire()}
	if err := enc.Encode(m); err != nil {
		return dst // strings alone always encode: invalid UTF-8 is replaced
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
