package resource_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/scimmodels/scim/resource"
)

// FuzzValidatePatch: what Validate accepts of a PATCH, Marshal writes, and Validate reads that as the same operations. What it
// refuses is the client's fault, and Strict refuses it, too.
func FuzzValidatePatch(f *testing.F) {
	for _, ops := range []string{
		`{"op":"add","path":"title","value":"x"}`, `{"op":"Replace","path":"NAME.givenname","value":"x"},{"op":"remove","path":"title"}`,
		`{"op":"add","path":"emails[type eq \"work\"].value","value":"a@b"}`, `{"op":"replace","path":"addresses[type eq \"work\" and not (primary eq true)]","value":{"type":"work"}}`,
		`{"op":"add","value":{"name.givenName":"x","emails":[{"value":"a","primary":"True"},null],"<E>":{"manager":"1","department":null},"<E>:division":"d","unknown":1}}`,
		`{"op":"replace","value":{"id":"1","meta":{"version":"W/\"1\""},"groups":[],"schemas":["<E>"],"active":"False","emails":[{"value":null}]}}`,
		`{"op":"remove","path":"emails","value":[{"value":"a","type":"work"},{"display":"b"}]}`, `{"op":"remove","path":"<E>"}`, `{"op":"add","path":"<E>","value":{"manager":{"value":"1","displayName":"x"}}}`,
		`{"op":"remove","path":"schemas[value co \"enter\"]"}`, `{"op":"replace","path":"schemas","value":[]}`, `{"op":"remove","path":"emails[value eq \"a\" or value eq \"b\"].display"}`,
		`{"op":"add","path":"count","value":9007199254740993}`, `{"op":"add","path":"ratio","value":1e-7},{"op":"replace","path":"at","value":"2011-05-13T04:42:34.5+02:00"},{"op":"add","path":"blob","value":"AQI"}`,
		`{"op":"replace","path":"parts[at ge \"2011-05-13T04:42:34Z\" and count eq 1]","value":{"tags":["a"],"at":"2011-05-13T04:42:34Z"}}`, `{"op":"add","path":"tags","value":"x"}`, `{"op":"remove","path":"flags[value eq true]"}`,
		`{"op":"replace","path":"networks[value eq \"w\"]","value":{"value":"v","secret":"s"}}`, `{"op":"add","value":{"locked":false,"owner":{"value":"1","$ref":"../Users/1"},"pin":"1234"}}`,
		`{"op":"add","path":"emails[0]","value":{}}`, `{"op":"move"}`, `{"op":"remove"}`, `{"path":""}`,
	} {
		for kind := range byte(3) {
			f.Add([]byte(urns.Replace(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+ops+`]}`)), kind)
		}
	}
	for _, sent := range corpusBodies(f) {
		if sent.method == http.MethodPatch {
			f.Add(sent.body, byte(0))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, kind byte) {
		for _, opts := range [][]resource.Option{nil, {resource.Strict()}, {resource.RejectUnknown()}} {
			switch kind % 3 {
			case 0:
				acceptsPatch[Employee](t, body, opts)
			case 1:
				acceptsPatch[Probe](t, body, opts)
			default:
				acceptsPatch[Device](t, body, opts)
			}
		}
	})
}

func acceptsPatch[T any](t *testing.T, body []byte, opts []resource.Option) {
	t.Helper()
	op, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body, opts...)
	if err != nil {
		if op != nil {
			t.Fatalf("a result beside the error %v", err)
		}
		clientFault(t, err)
		if _, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, body, resource.Strict(), resource.RejectUnknown()); err == nil {
			t.Fatalf("accepted strictly: %s", body)
		}
		return
	}
	if len(op.Operations) == 0 {
		return
	}
	for _, o := range op.Operations {
		if o.Op != "add" && o.Op != "remove" && o.Op != "replace" || o.Path == "" || (o.Value == nil) != (o.Op == "remove") {
			t.Fatalf("not in normal form: %+v of %s", o, body)
		}
		if readOnlyPath(o.Path) { // of these Marshal does not write all: a client does not send them
			return
		}
	}
	text, err := resource.Marshal(resource.PatchRequest, op)
	if err != nil {
		t.Fatalf("%v of %s", err, body)
	}
	again, err := resource.Validate[resource.PatchOp[T]](resource.PatchRequest, text, opts...)
	if err != nil {
		t.Fatalf("%v of %s from %s", err, text, body)
	}
	if !reflect.DeepEqual(op, again) {
		t.Fatalf("%+v\n%+v\n%s\n%s", op, again, text, body)
	}
	second, err := resource.Marshal(resource.PatchRequest, again)
	if err != nil || string(second) != string(text) {
		t.Fatalf("%v\n%s\n%s", err, text, second)
	}
}

// readOnlyPath says whether a path of the types above leads to something readOnly.
func readOnlyPath(path string) bool {
	for _, name := range []string{"id", "meta", "groups", "firmware"} {
		if rest, ok := strings.CutPrefix(path, name); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return strings.HasSuffix(path, ".displayName") || strings.HasSuffix(path, ".address") || strings.HasSuffix(path, ":issued")
}
