//go:build goexperiment.jsonv2

package wire_test

import (
	"encoding/json/jsontext"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

// The second twin of the package, which Go 1.26 has behind GOEXPERIMENT=jsonv2 only: unlike encoding/json it refuses duplicate names, invalid
// UTF-8 and lone surrogates by itself. Known differences, all of them refusals of ours: names that differ in the case of ASCII letters only, nesting
// beyond MaxDepth, and more than MaxUnknown names in an object.

// FuzzJSONText: what Skip accepts jsontext accepts, what it refuses jsontext refuses but for the known differences, and strings and numbers end
// at the same place and have the same value.
func FuzzJSONText(f *testing.F) {
	for _, text := range accepted {
		f.Add(text)
	}
	for _, c := range refused {
		if len(c.text) < 10_000 {
			f.Add(c.text)
		}
	}
	f.Add(userDocument(f))
	f.Add(manyNames(2))
	f.Fuzz(func(t *testing.T, text string) {
		err := skip(text)
		if !jsontext.Value(text).IsValid() {
			require.NotNil(t, err, "jsontext refuses it")
			return
		}
		if err != nil {
			require.NotEmpty(t, refusedByTokens(t, text), "only Skip refuses it: %v", err)
			return
		}
		sameValues(t, text)
	})
}

// sameValues reads all strings, names included, and all numbers of an accepted text by both.
func sameValues(t *testing.T, text string) {
	t.Helper()
	d := jsontext.NewDecoder(strings.NewReader(text))
	for {
		kind := d.PeekKind()
		if kind != '"' && kind != '0' {
			if _, err := d.ReadToken(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
			continue
		}
		raw, err := d.ReadValue()
		require.NoError(t, err)
		end := int(d.InputOffset())
		start := end - len(raw)
		require.Equal(t, text[start:end], string(raw))
		if kind == '0' {
			got, integer, err := wire.Number(text, start)
			require.Nil(t, err)
			require.Equal(t, end, got)
			require.Equal(t, !strings.ContainsAny(string(raw), ".eE"), integer)
			continue
		}
		got, clean, wrong := wire.String(text, start)
		require.Nil(t, wrong)
		require.Equal(t, end, got)
		want, err := jsontext.AppendUnquote(nil, raw)
		require.NoError(t, err)
		require.Equal(t, string(want), wire.Unquote(text[start+1:end-1]))
		require.Equal(t, !strings.Contains(string(raw), `\`), clean)
	}
}

// FuzzAppendJSONText: what AppendString writes is what jsontext writes. Known difference: AppendString replaces invalid UTF-8, which
// jsontext reports.
func FuzzAppendJSONText(f *testing.F) {
	for s := range written {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := wire.AppendString(nil, s)
		require.True(t, jsontext.Value(got).IsValid())
		want, err := jsontext.AppendQuote(nil, s)
		require.Equal(t, utf8.ValidString(s), err == nil)
		require.Equal(t, string(want), string(got)) // it replaces, too, beside the error
	})
}
