package main

import (
	"log/slog"
	"strings"
	"testing"
)

// overtaken is a store in which somebody else is faster, as many times as it says.
type overtaken struct {
	accounts

	times *int
}

func (o overtaken) update(a account) (account, error) {
	if err := o.other(a.ID); err != nil {
		return a, err
	}
	return o.accounts.update(a)
}

func (o overtaken) remove(a account) error {
	if err := o.other(a.ID); err != nil {
		return err
	}
	return o.accounts.remove(a)
}

func (o overtaken) other(id string) error {
	if *o.times == 0 {
		return nil
	}
	*o.times--
	a, err := o.get(id)
	if err == nil {
		a.ExternalID += "x"
		_, err = o.accounts.update(a)
	}
	return err
}

// A client to whom any version is right is served on what is there now; one that has named a version is told that it is not there any more.
func TestOvertaken(t *testing.T) {
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		for condition, status := range map[string]int{"": 200, "*": 200, "the version": 412} {
			t.Run("7644-3.14-04 7644-3.14-06 "+method+" "+condition, func(t *testing.T) {
				db, times := quickStore(), 0
				s := newService(db, "", slog.New(slog.DiscardHandler))
				mount(s, "/Overtaken", overtaken{accounts{db}, &times})
				c := serve(t, s)
				made := c.post("/Users", user("ann")).is(201)
				path := "/Overtaken/" + made.id()
				body := map[string]string{
					"PUT":   strings.Replace(user("ann"), "{", `{"title": "Guide", `, 1),
					"PATCH": `{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "title", "value": "Guide"}]}`,
				}[method]
				if condition == "the version" {
					c = c.with("If-Match", made.header.Get("ETag"))
				} else if condition != "" {
					c = c.with("If-Match", condition)
				}
				if method == "DELETE" && status == 200 {
					status = 204
				}
				times = 3
				c.do(method, path, body).is(status)
				if attempts := 3 - times; (attempts == 1) != (status == 412) {
					t.Errorf("%d attempts", attempts)
				}
			})
		}
	}
}
