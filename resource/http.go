package resource

import (
	stderrors "errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/attr"
	"github.com/scimmodels/scim/internal/opt"
)

// MediaType is the media type of all SCIM messages (RFC 7644 section 8.1).
const MediaType = "application/scim+json"

// DefaultLimit is the size in bytes up to which [Read] reads a body when it is given no limit of its own.
const DefaultLimit = 1 << 20

// contentType is shared by all responses: net/http reads header values and never changes them.
var contentType = []string{MediaType}

// Write answers a request with v, a resource or message, in a response context: 201 Created in [CreationResponse],
// otherwise 200 OK, with the media type of SCIM and, of a resource, its Location and its version as ETag (RFC 7644
// sections 3.1 and 3.14). Nothing is sent before v has been written completely. If v cannot be written, Write answers
// 500 with a SCIM error and returns the cause for the log; it is also what w reports when the connection is gone.
func Write(w http.ResponseWriter, ctx Context, v any, opts ...Option) error {
	s := opt.Collect(opts)
	buffer := buffers.Get().(*[]byte) //nolint:errcheck,forcetypeassert // the pool holds nothing else
	defer release(buffer)
	p, f, err := structOf(v)
	switch {
	case !ctx.response():
		err = stderrors.New("scim: Write answers a request and needs a response context, not " + ctx.String())
	case err == nil:
		*buffer, err = appendStruct((*buffer)[:0], ctx, p, f, &s)
	}
	if err != nil {
		errors.Write(w, errors.Status(http.StatusInternalServerError, "internal server error"))
		return err
	}
	header := w.Header()
	header["Content-Type"] = contentType
	lines := make([]string, 3) // of the three headers that differ from answer to answer
	lines[0] = strconv.Itoa(len(*buffer))
	header["Content-Length"] = lines[0:1:1]
	place(header, lines[1:], p, f, &s)
	if ctx == CreationResponse {
		w.WriteHeader(http.StatusCreated)
	}
	_, err = w.Write(*buffer)
	return err
}

// NoContent answers 204 No Content with the Location and ETag of v, the resource concerned. A nil v has neither,
// as after DELETE (RFC 7644 section 3.6).
func NoContent(w http.ResponseWriter, v any, opts ...Option) {
	if v != nil {
		if p, f, err := structOf(v); err == nil {
			s := opt.Collect(opts)
			place(w.Header(), make([]string, 2), p, f, &s)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// place sets Location and ETag from the meta of a resource. lines has room for both.
func place(header http.Header, lines []string, p *attr.Plan, f reflect.Value, s *opt.Settings) {
	if p.Kind != attr.Resource || p.Meta == nil {
		return
	}
	if location := locator(s).Location(p, f); location != "" {
		lines[0] = location
		header["Location"] = lines[0:1:1]
	}
	if a := p.Version; a != nil {
		if version := a.Of(p.Meta.Of(f)).String(); version != "" {
			lines[1] = version
			header["Etag"] = lines[1:2:2]
		}
	}
}

// Read reads the body of a request, up to limit bytes; a limit below 1 means [DefaultLimit]. The errors are
// *errors.Error: 415 for a media type that is neither application/scim+json nor application/json (none at all is
// accepted, RFC 7644 section 3.8), 413 for a longer body, and 400 when the body breaks off.
func Read(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if limit < 1 {
		limit = DefaultLimit
	}
	if err := mediaType(r); err != nil {
		return nil, err
	}
	if r.ContentLength > limit {
		return nil, errors.From(&http.MaxBytesError{Limit: limit})
	}
	if r.Body == nil {
		return nil, nil
	}
	reader := http.MaxBytesReader(w, r.Body, limit)
	if r.ContentLength > 0 { // the length is known: one allocation of the right size
		body := make([]byte, r.ContentLength)
		_, err := io.ReadFull(reader, body)
		return whole(body, err)
	}
	body, err := io.ReadAll(reader)
	return whole(body, err)
}

func whole(body []byte, err error) ([]byte, error) {
	if err == nil {
		return body, nil
	}
	if known := errors.From(err); known.Status != http.StatusInternalServerError {
		return nil, known
	}
	return nil, errors.New(errors.InvalidSyntax, "the body could not be read to its end; send it again: %w", err)
}

func mediaType(r *http.Request) error {
	value := r.Header.Get("Content-Type")
	if value == "" || value == MediaType {
		return nil
	}
	media, _, err := mime.ParseMediaType(value)
	if err == nil && (media == MediaType || media == "application/json") {
		return nil
	}
	return errors.Status(http.StatusUnsupportedMediaType, "the Content-Type must be %s or application/json, not %q", MediaType, shorten(value))
}
