package errors_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
)

func fault(t scimerrors.Type, path, detail string) *scimerrors.Error {
	e := scimerrors.New(t, "%s", detail)
	e.Path = path
	return e
}

func TestListErr(t *testing.T) {
	one := fault(scimerrors.InvalidValue, "active", "must be a boolean")
	two := fault(scimerrors.Mutability, "id", "is readOnly")
	for _, tt := range []struct {
		name string
		list scimerrors.List
		want error
	}{
		{"nil", nil, nil},
		{"empty", scimerrors.List{}, nil},
		{"only nil elements", scimerrors.List{nil, nil}, nil},
		{"one", scimerrors.List{one}, one},
		{"one beside nil", scimerrors.List{nil, one}, one},
		{"two", scimerrors.List{one, two}, scimerrors.List{one, two}},
		{"two beside nil", scimerrors.List{one, nil, two}, scimerrors.List{one, two}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := append(scimerrors.List(nil), tt.list...)
			got := tt.list.Err()
			assert.Equal(t, tt.want, got) // a nil List in the interface would not equal nil
			assert.Equal(t, before, append(scimerrors.List(nil), tt.list...), "the list was changed")
		})
	}
}

func TestListText(t *testing.T) {
	list := scimerrors.List{
		fault(scimerrors.InvalidValue, "active", "must be a boolean"), nil,
		scimerrors.Status(500, "no store: %w", io.EOF),
	}
	assert.Equal(t, "active: must be a boolean (invalidValue); no store (500): EOF", list.Error())
	assert.Equal(t, "no errors", scimerrors.List{}.Error())
	assert.Equal(t, "no errors", scimerrors.List{nil}.Error())
	assert.Len(t, list.Unwrap(), 2)
}

func TestListAsOneMessage(t *testing.T) {
	first := fault(scimerrors.Uniqueness, "userName", "is taken")
	first.Header = http.Header{"Retry-After": {"1"}}
	second := fault(scimerrors.InvalidValue, "emails[2].type", "must be a string, not a number")
	second.Err = errors.New("secret of the store")
	want := "userName: is taken; emails[2].type: must be a string, not a number"

	for name, err := range map[string]error{
		"list":         scimerrors.List{first, second},
		"with nil":     scimerrors.List{nil, first, nil, second},
		"wrapped":      fmt.Errorf("validate: %w", scimerrors.List{first, second}),
		"errors.Join":  errors.Join(first, second),
		"join of list": errors.Join(scimerrors.List{first}, io.EOF, scimerrors.List{second}),
	} {
		t.Run("7644-3.12-16/"+name, func(t *testing.T) {
			e := scimerrors.From(err)
			assert.Equal(t, 409, e.Status)
			assert.Equal(t, scimerrors.Uniqueness, e.Type)
			assert.Equal(t, want, e.Detail)
			assert.Equal(t, first.Header, e.Header)
			assert.NotContains(t, string(scimerrors.Append(nil, err)), "secret")
			require.ErrorIs(t, e, scimerrors.InvalidValue, "the second fault is still there for errors.Is")
			assert.ErrorIs(t, e, second)
		})
	}

	t.Run("a fault without words shows its type or status", func(t *testing.T) {
		e := scimerrors.From(scimerrors.List{{Type: scimerrors.NoTarget}, {Status: 404}, {}})
		assert.Equal(t, 400, e.Status)
		assert.Equal(t, "noTarget; status 404; status 500", e.Detail)
	})
	t.Run("the status of the first is filled in", func(t *testing.T) {
		list := scimerrors.List{{Type: scimerrors.Sensitive, Detail: "a"}, {Detail: "b"}}
		assert.Equal(t, 403, scimerrors.From(list).Status)
		assert.Zero(t, list[0].Status, "the original was changed")
	})
}

func TestListIsCapped(t *testing.T) {
	t.Run("many faults", func(t *testing.T) {
		list := make(scimerrors.List, 0, 1000)
		for i := range 1000 {
			list = append(list, fault(scimerrors.InvalidValue, fmt.Sprintf("emails[%d].value", i), strings.Repeat("x", 50)))
		}
		detail := scimerrors.From(list).Detail
		assert.LessOrEqual(t, len(detail), 8<<10)
		shown := strings.Count(detail, "emails[")
		require.Greater(t, shown, 100)
		assert.True(t, strings.HasSuffix(detail, fmt.Sprintf("; and %d more", 1000-shown)), detail[len(detail)-40:])
	})
	t.Run("one of them enormous", func(t *testing.T) {
		list := scimerrors.List{
			fault(scimerrors.InvalidFilter, "", strings.Repeat("ä", 100_000)),
			fault(scimerrors.InvalidValue, "active", "must be a boolean"),
		}
		detail := scimerrors.From(list).Detail
		assert.LessOrEqual(t, len(detail), 8<<10)
		assert.True(t, utf8.ValidString(detail))
		assert.Contains(t, detail, "...; active: must be a boolean")

		list[0], list[1] = list[1], list[0]
		assert.Equal(t, "active: must be a boolean; and 1 more", scimerrors.From(list).Detail)
	})
	t.Run("a hundred ordinary ones fit", func(t *testing.T) {
		list := make(scimerrors.List, 0, 100)
		for i := range 100 {
			list = append(list, fault(scimerrors.InvalidValue, fmt.Sprintf("emails[%d].type", i), "must be a string, not a number"))
		}
		detail := scimerrors.From(list).Detail
		assert.True(t, strings.HasSuffix(detail, "emails[99].type: must be a string, not a number"))
	})
	t.Run("a single error is left as it is", func(t *testing.T) {
		e := scimerrors.New(scimerrors.InvalidValue, "%s", strings.Repeat("x", 20_000))
		assert.Same(t, e, scimerrors.From(e))
	})
}
