package patch_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	scimerrors "github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/patch"
	"github.com/scimmodels/scim/resource"
	"github.com/scimmodels/scim/schema"
)

// trial is a PATCH of a stored resource and what comes of it, by default and under Strict.
type trial struct {
	name   string // begins with the ID of the requirement
	stored string // members of the stored resource besides those every one has
	ops    string // the operations, without brackets
	want   string // members of the result that differ from the stored ones, null for those that are gone; "": nothing changes
	faults []denial
	// repairs are the uses of tolerances, as "Rule path". Without one of the rules the PATCH is refused.
	repairs []string
	strict  []denial // what Strict finds; nil: the same as by default
	opts    []resource.Option
}

// denial is a fault, and words of its text.
type denial struct {
	path string
	kind scimerrors.Type
	text string
}

func deny(kind scimerrors.Type, path, text string) []denial { return []denial{{path, kind, text}} }
func badValue(path, text string) []denial                   { return deny(scimerrors.InvalidValue, path, text) }
func frozen(path, text string) []denial                     { return deny(scimerrors.Mutability, path, text) }
func missed(path, text string) []denial                     { return deny(scimerrors.NoTarget, path, text) }
func badForm(path, text string) []denial                    { return deny(scimerrors.InvalidSyntax, path, text) }
func badPath(text string) []denial {
	return deny(scimerrors.InvalidPath, "Operations[0].path", text)
}

// everyone is what each stored resource of a type has.
var everyone = map[reflect.Type]string{
	reflect.TypeFor[Worker]():         `{"id":"1","userName":"bjensen"}`,
	reflect.TypeFor[resource.Group](): `{"id":"g","displayName":"Guides"}`,
	reflect.TypeFor[Crate]():          `{"id":"1","name":"N","code":"0000"}`,
	reflect.TypeFor[Gauge]():          `{"id":"1"}`,
	reflect.TypeFor[Guarded](): `{"id":"1","name":"nn","chief":{"kind":"a"},"tags":["t"],"musts":[{"value":"1","kind":"a"}],` +
		`"urn:acme:params:scim:schemas:extension:badge:2.0:Guarded":{"number":"12345678"}}`,
}

// runTrials carries out a table of trials.
func runTrials[T any](t *testing.T, trials []trial) {
	t.Helper()
	require.NotEmpty(t, trials)
	for _, c := range trials {
		t.Run(c.name, func(t *testing.T) { carryOut[T](t, c) })
	}
}

func carryOut[T any](t *testing.T, c trial) {
	t.Helper()
	var repairs []resource.Repair
	attempt[T](t, c, c.faults, "default", append(slices.Clone(c.opts), resource.Repairs(&repairs)))
	rules := reported(t, c, repairs)
	strict := c.strict
	if strict == nil {
		strict = c.faults
	}
	attempt[T](t, c, strict, "strict", append(slices.Clone(c.opts), resource.Strict()))
	if len(rules) == 0 || len(c.faults) > 0 {
		return
	}
	attempt[T](t, c, nil, "with the tolerances it takes", append(slices.Clone(c.opts), resource.Tolerate(rules...)))
	for i := range rules {
		others := slices.Delete(slices.Clone(rules), i, i+1)
		err := outcomeOf[T](t, c, append(slices.Clone(c.opts), resource.Tolerate(others...)))
		assert.Error(t, err, "accepted without %s", rules[i])
	}
}

// reported checks the repairs of a trial and returns their rules, each once.
func reported(t *testing.T, c trial, repairs []resource.Repair) (rules []resource.Tolerance) {
	t.Helper()
	got := make([]string, 0, len(repairs))
	for _, r := range repairs {
		got = append(got, string(r.Rule)+" "+r.Path)
		assert.NotEmpty(t, r.Source, "%+v", r)
		assert.NotContains(t, r.Got+r.Path, "hunter", "a secret: %+v", r)
		if !slices.Contains(rules, r.Rule) {
			rules = append(rules, r.Rule)
		}
	}
	want := make([]string, len(c.repairs))
	for i, r := range c.repairs {
		want[i] = abbreviated.Replace(r)
	}
	assert.Equal(t, want, got, "repairs")
	return rules
}

// storedIn makes the resource that a trial begins with, as a database holds it.
func storedIn[T any](t *testing.T, c trial) *T {
	t.Helper()
	doc := objectOf(t, everyone[reflect.TypeFor[T]()])
	maps.Copy(doc, objectOf(t, "{"+abbreviated.Replace(c.stored)+"}"))
	v, err := resource.Validate[T](resource.Storage, documentOf(t, declared[T](t, doc)))
	require.NoError(t, err)
	return v
}

func bodyOf(c trial) []byte {
	return []byte(abbreviated.Replace(`{"schemas":["<P>"],"Operations":[` + c.ops + `]}`))
}

// outcomeOf carries out a trial and says how it ends.
func outcomeOf[T any](t *testing.T, c trial, opts []resource.Option) error {
	t.Helper()
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, bodyOf(c), opts...)
	if err == nil {
		_, err = patch.Apply(storedIn[T](t, c), op, opts...)
	}
	return err
}

// attempt carries out a trial in one mode, for the type as such and as one known at run time only.
func attempt[T any](t *testing.T, c trial, faults []denial, mode string, opts []resource.Option) {
	t.Helper()
	current, twin := storedIn[T](t, c), storedIn[T](t, c)
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, bodyOf(c), opts...)
	var got *T
	if err == nil {
		normalForm(t, c, op, mode)
		got, err = patch.Apply(current, op, opts...)
	} else {
		assert.Nil(t, op, mode)
	}
	require.Equal(t, twin, current, "%s: the stored resource is changed", mode)
	var ignored []resource.Repair // they are the same
	other, otherErr := atRunTime(t, c, current, append(opts, resource.Repairs(&ignored)))
	if len(faults) > 0 {
		assert.Nil(t, got, mode)
		assert.Nil(t, other, mode)
		denied(t, err, faults, mode)
		assert.Equal(t, err.Error(), otherErr.Error(), "%s: at run time", mode)
		return
	}
	require.NoError(t, err, mode)
	require.NoError(t, otherErr, "%s: at run time", mode)
	assert.Equal(t, any(got), other, "%s: at run time", mode)
	if c.want == "" {
		assert.Same(t, current, got, "%s: nothing changes, so it is the same resource", mode)
		return
	}
	assert.NotSame(t, current, got, "%s: changed, but not a new resource", mode)
	assert.JSONEq(t, documentExpected[T](t, c, twin), textOf(t, got), mode)
	assert.Equal(t, declaredIn(t, got), resource.Common(got).Schemas, "%s: schemas in memory", mode)
}

// normalForm checks that what Validate yields is its own normal form, on the wire and as written in Go, and fit for Changes.
func normalForm[T any](t *testing.T, c trial, op *resource.PatchOp[T], mode string) {
	t.Helper()
	_, err := patch.Changes(op)
	require.NoError(t, err, mode)
	for _, o := range op.Operations {
		assert.Contains(t, []string{"add", "remove", "replace"}, o.Op, mode)
		assert.NotEmpty(t, o.Path, mode)
		assert.NotEqual(t, reflect.Pointer, reflect.ValueOf(o.Value).Kind(), mode)
	}
	if len(op.Operations) == 0 {
		return
	}
	text, err := resource.Marshal(resource.PatchRequest, op)
	require.NoError(t, err, mode)
	again, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, text)
	require.NoError(t, err, "%s: %s again", mode, text)
	require.Len(t, again.Operations, len(op.Operations), "%s: %s again", mode, text)
	for i := range again.Operations { // OnMiss follows from the mode
		again.Operations[i].OnMiss = op.Operations[i].OnMiss
	}
	assert.Equal(t, op, again, "%s: %s", mode, text)
}

func atRunTime(t *testing.T, c trial, current any, opts []resource.Option) (any, error) {
	t.Helper()
	v, err := resource.ValidateAs(reflect.TypeOf(current).Elem(), resource.PatchRequest, bodyOf(c), opts...)
	if err != nil {
		assert.Nil(t, v)
		return nil, err
	}
	return patch.ApplyTo(current, anyOp(t, v), opts...)
}

// denied checks that an error has exactly these faults, and that a client is told of each.
func denied(t *testing.T, err error, faults []denial, mode string) {
	t.Helper()
	require.Error(t, err, mode)
	list := scimerrors.List{}
	if !asList(err, &list) {
		list = scimerrors.List{scimerrors.From(err)}
	}
	want, got := make([]string, 0, len(faults)), make([]string, 0, len(list))
	for _, f := range faults {
		want = append(want, abbreviated.Replace(f.path)+" "+string(f.kind))
	}
	for _, e := range list {
		got = append(got, e.Path+" "+string(e.Type))
	}
	require.Equal(t, want, got, "%s: %v", mode, err)
	var message struct{ Status, ScimType, Detail string }
	require.NoError(t, json.Unmarshal(scimerrors.Append(nil, err), &message))
	assert.Equal(t, strconv.Itoa(list[0].Type.Status()), message.Status, mode)
	assert.Equal(t, string(list[0].Type), message.ScimType, mode)
	for i, e := range list {
		text := abbreviated.Replace(faults[i].text)
		assert.Contains(t, e.Detail, text, mode)
		assert.NotEmpty(t, e.Detail, mode)
		assert.NotContains(t, message.Detail, "hunter", "a secret")
		require.ErrorIs(t, err, e.Type, mode)
		if len(message.Detail) < 900 { // a long one is cut off
			assert.Contains(t, message.Detail, e.Path, mode)
			assert.Contains(t, message.Detail, text, mode)
		}
	}
}

// documentExpected is the document of the result.
func documentExpected[T any](t *testing.T, c trial, stored *T) string {
	t.Helper()
	doc := objectOf(t, textOf(t, stored))
	for name, value := range objectOf(t, "{"+abbreviated.Replace(c.want)+"}") {
		if doc[name] = value; string(value) == "null" {
			delete(doc, name)
		}
	}
	return string(documentOf(t, declared[T](t, doc)))
}

// declared says in schemas what a document has.
func declared[T any](t *testing.T, doc map[string]json.RawMessage) map[string]json.RawMessage {
	t.Helper()
	var urns []string
	for i, s := range schema.All[T]() {
		if _, ok := doc[s.ID]; ok || i == 0 {
			urns = append(urns, s.ID)
		}
	}
	text, err := json.Marshal(urns)
	require.NoError(t, err)
	doc["schemas"] = text
	return doc
}

func declaredIn(t *testing.T, v any) (urns []string) {
	t.Helper()
	require.NoError(t, json.Unmarshal(objectOf(t, textOf(t, v))["schemas"], &urns))
	return urns
}

// textOf is all of a resource.
func textOf(t *testing.T, v any) string {
	t.Helper()
	text, err := resource.Marshal(resource.Storage, v)
	require.NoError(t, err)
	return string(text)
}

func objectOf(t *testing.T, text string) map[string]json.RawMessage {
	t.Helper()
	doc := map[string]json.RawMessage{}
	require.NoError(t, json.NewDecoder(strings.NewReader(text)).Decode(&doc), "%s", text)
	return doc
}

func documentOf(t *testing.T, doc map[string]json.RawMessage) []byte {
	t.Helper()
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	return text
}

func asList(err error, list *scimerrors.List) bool {
	l, ok := err.(scimerrors.List) //nolint:errorlint // the verbs return it bare
	*list = l
	return ok
}
