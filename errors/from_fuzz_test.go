package errors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

// tree makes an error out of fuzz bytes; when they are used up it is a plain one.
type tree struct {
	data []byte
	text string // what our own errors say
	deep int
}

func (d *tree) n(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

func (d *tree) err() error {
	if d.deep++; d.deep > 100 || len(d.data) == 0 {
		return errors.New(secret)
	}
	switch d.n(20) {
	case 0, 1, 2:
		return d.ours()
	case 3:
		list := make(scimerrors.List, d.n(200))
		for i := range list {
			if list[i] = d.ours(); d.n(5) == 4 {
				list[i] = nil
			}
		}
		return list
	case 4:
		return scimerrors.Type(pickOf(d, "", "uniqueness", "sensitive", "tooMany", "unheardOf"))
	case 5:
		return &http.MaxBytesError{Limit: 7}
	case 6:
		return pickOf(d, context.Canceled, context.DeadlineExceeded)
	case 7:
		return pickOf(d, io.EOF, io.ErrUnexpectedEOF)
	case 8:
		return json.Unmarshal([]byte(pickOf(d, `{"a":`, `x`, `{"a":"`+secret, `[1`)), new(any))
	case 9:
		return json.Unmarshal([]byte(pickOf(d, `{"a":"`+secret+`"}`, `{"b":[1]}`, `[]`)), &struct {
			A int               `json:"a"`
			B map[string]string `json:"b"`
		}{})
	case 10:
		return pickOf[error](d, (*brittle)(nil), (*scimerrors.Error)(nil), (*http.MaxBytesError)(nil), validator.ValidationErrors(nil), scimerrors.List(nil))
	case 11:
		return convertible{d.ours()}
	case 12:
		return validator.New().Struct(struct {
			Mail string `validate:"email"`
			Kind string `validate:"oneof=a b"`
		}{secret, secret})
	case 13, 14, 15:
		return fmt.Errorf("%s: %w", secret, d.err())
	case 16, 17, 18:
		return errors.Join(d.err(), d.err(), d.err())
	}
	return errors.New(secret)
}

func (d *tree) ours() *scimerrors.Error {
	e := &scimerrors.Error{
		Status: []int{0, 400, 404, 100, 304, 204, 599, 600, -1}[d.n(9)], Detail: d.text,
		Type: []scimerrors.Type{"", scimerrors.Uniqueness, scimerrors.InvalidValue, "unheardOf"}[d.n(4)],
		Path: []string{"", "emails[0].value"}[d.n(2)],
	}
	if d.n(3) == 0 {
		e.Err = errors.New(secret)
	}
	return e
}

func pickOf[T any](d *tree, list ...T) T { return list[d.n(len(list))] }

// FuzzFrom: whatever an error is made of, From does not panic and is the same once more; what a client gets has the status, says nothing of
// foreign errors, and Parse reads it back.
func FuzzFrom(f *testing.F) {
	for i := range 40 {
		data := make([]byte, 60)
		for k := range data {
			data[k] = byte(k*k*(2*i+1) + i*k + i)
		}
		f.Add(data, "no such attribute")
	}
	f.Add([]byte{0, 0, 0, 0, 0}, "\xff\u2028\x00<&>")
	f.Add([]byte{3, 199}, strings.Repeat("ä", 3000))
	f.Fuzz(func(t *testing.T, data []byte, text string) {
		if strings.Contains(text, secret) || len(text) > 10_000 {
			return
		}
		err := (&tree{data: data, text: text}).err()
		e := scimerrors.From(err)
		if err == nil {
			require.Nil(t, e)
			return
		}
		require.NotNil(t, e)
		require.True(t, e.Status >= 100 && e.Status <= 599, e.Status)
		require.Same(t, e, scimerrors.From(e))

		written := scimerrors.Append(nil, err)
		require.NotContains(t, string(written), secret)
		require.Less(t, len(written), 8*(8<<10)+6*len(text), "escapes make six bytes of one")
		read, wrong := scimerrors.Parse(written)
		require.NoError(t, wrong, "%s", written)
		require.Equal(t, e.Status, read.Status)
		require.Equal(t, e.Type, read.Type)
		if utf8.ValidString(text) {
			require.True(t, strings.HasSuffix(read.Detail, e.Detail), "%q of %q", read.Detail, e.Detail)
		}

		w := httptest.NewRecorder()
		scimerrors.Write(w, err)
		switch {
		case e.Status == http.StatusNotModified || e.Status == http.StatusNoContent:
			require.Equal(t, e.Status, w.Code)
			require.Empty(t, w.Body.String())
		case e.Status < http.StatusOK:
			require.Equal(t, http.StatusInternalServerError, w.Code)
		default:
			require.Equal(t, e.Status, w.Code)
			require.Equal(t, string(written), w.Body.String())
			require.Contains(t, w.Body.String(), strconv.Itoa(w.Code))
		}
	})
}
