package filter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/scimmodels/scim/filter"
	"github.com/scimmodels/scim/internal/cpu"
	"github.com/scimmodels/scim/resource"
)

// crowd makes n users, all different.
func crowd(n int) []*Account {
	users := make([]*Account, n)
	departments := []string{"Engineering", "Sales", "Tour Operations"}
	for i := range users {
		u := &Account{}
		u.ID = fmt.Sprintf("id-%06d", i)
		u.UserName = fmt.Sprintf("user%d@corp.example", i)
		u.DisplayName = fmt.Sprintf("User %d", i)
		u.Active = new(i%2 == 0)
		u.Emails = []resource.Email{
			{Value: fmt.Sprintf("user%d@%s.example", i, []string{"a", "b"}[i/2%2]), Type: "work", Primary: new(true)},
			{Value: fmt.Sprintf("home%d@home.example", i), Type: "home"},
		}
		u.Enterprise = &resource.EnterpriseUser{Department: departments[i%3]}
		users[i] = u
	}
	return users
}

// The five filters of peers/go.md, table D, each beside the predicate that a Go programmer would write for it.
var matches = []struct {
	name, filter string
	hand         func(u *Account) bool
	want         int // of 10,000
}{
	{"userName_eq", `userName eq "USER5000@corp.example"`, func(u *Account) bool {
		return strings.EqualFold(u.UserName, "USER5000@corp.example")
	}, 1},
	{"active_and_emails", `active eq true and emails[type eq "work" and value co "@b.example"]`, func(u *Account) bool {
		if u.Active == nil || !*u.Active {
			return false
		}
		for i := range u.Emails {
			e := &u.Emails[i]
			if strings.EqualFold(e.Type, "work") && strings.Contains(strings.ToLower(e.Value), "@b.example") {
				return true
			}
		}
		return false
	}, 2500},
	{"extension_department", `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Engineering"`, func(u *Account) bool {
		return u.Enterprise != nil && strings.EqualFold(u.Enterprise.Department, "Engineering")
	}, 3334},
	{"emails_co", `emails.value co "user50"`, func(u *Account) bool {
		for i := range u.Emails {
			if strings.Contains(strings.ToLower(u.Emails[i].Value), "user50") {
				return true
			}
		}
		return false
	}, 111},
	{"title_ne", `title ne "Boss"`, func(u *Account) bool {
		return !strings.EqualFold(u.Title, "Boss")
	}, 10000},
}

// BenchmarkMatch is goal 10 of performance.md: name/scim against name/hand of the same run.
func BenchmarkMatch(b *testing.B) {
	users := crowd(10_000)
	for _, m := range matches {
		b.Run(m.name+"/scim", func(b *testing.B) {
			f, err := filter.Compile[Account](m.filter)
			if err != nil {
				b.Fatal(err)
			}
			scan(b, users, m.want, func(u *Account) bool { return f.Match(u) })
		})
		b.Run(m.name+"/hand", func(b *testing.B) { scan(b, users, m.want, m.hand) })
	}
}

// BenchmarkMatchMillion is the same over a million users, far more than any cache holds.
func BenchmarkMatchMillion(b *testing.B) {
	users := crowd(1_000_000)
	for _, m := range matches {
		want := 0
		for _, u := range users {
			if m.hand(u) {
				want++
			}
		}
		b.Run(m.name+"/scim", func(b *testing.B) {
			f, err := filter.Compile[Account](m.filter)
			if err != nil {
				b.Fatal(err)
			}
			scan(b, users, want, func(u *Account) bool { return f.Match(u) })
		})
		b.Run(m.name+"/hand", func(b *testing.B) { scan(b, users, want, m.hand) })
	}
}

func scan(b *testing.B, users []*Account, want int, match func(*Account) bool) {
	b.Helper()
	b.ReportAllocs()
	defer cpu.Measure(b)()
	for b.Loop() {
		n := 0
		for _, u := range users {
			if match(u) {
				n++
			}
		}
		if n != want {
			b.Fatalf("%d users match, not %d", n, want)
		}
	}
}

const seventy = `userType eq "Employee" and emails[type eq "work" and value co "@e.org"]`

// BenchmarkCompile is goal 11: parse and compile a filter of 70 bytes.
func BenchmarkCompile(b *testing.B) {
	if _, err := filter.Compile[Account](seventy); err != nil { // the plan is made once
		b.Fatal(err)
	}
	b.ReportAllocs()
	defer cpu.Measure(b)()
	for b.Loop() {
		if _, err := filter.Compile[Account](seventy); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParse is the part of it that knows no type.
func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	defer cpu.Measure(b)()
	for b.Loop() {
		if _, err := filter.Parse(seventy); err != nil {
			b.Fatal(err)
		}
	}
}

// hostile are filters close to 64 KB.
func hostile() []struct{ name, filter string } {
	const most = filter.DefaultLength
	full := func(piece string) string { return strings.Repeat(piece, most/len(piece)) }
	type h = struct{ name, filter string }
	return []h{
		{"parentheses", full("(")},
		{"nots", full("not(")},
		{"brackets", full("a[")},
		{"or", strings.TrimSuffix(full("id pr or "), " or ")},
		{"or_1000", strings.TrimSuffix(strings.Repeat(`userName eq "some.user.of.the.company@corp.example" or `, 1000), " or ")},
		{"value_paths", strings.TrimSuffix(strings.Repeat(`emails[type eq "work" and value co "x"] or `, 500), " or ")},
		{"string", `userName co "` + strings.Repeat("a", most-20) + `b"`},
		{"escapes", `userName co "` + strings.Repeat(`\u00e9`, (most-20)/6) + `"`},
		{"number", `meta.version eq 1` + strings.Repeat("0", most-20)},
		{"blanks", "id" + strings.Repeat(" ", most-4) + "pr"},
		{"name", strings.Repeat("a", most-3) + " pr"},
		{"urn", strings.Repeat("a:", most/2-4) + "b pr"},
		{"dots", "urn:a:" + strings.Repeat("1.", most/2-8) + "b pr"},
		{"invalid", strings.Repeat("\xff", most)},
		{"quotes", strings.Repeat(`"`, most)},
	}
}

// BenchmarkHostile is goal 12: no filter of 64 KB takes long.
func BenchmarkHostile(b *testing.B) {
	for _, h := range hostile() {
		b.Run(h.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(h.filter)))
			defer cpu.Measure(b)()
			for b.Loop() {
				_, _ = filter.Compile[Account](h.filter)
			}
		})
	}
}

// BenchmarkHostileMatch looks for a long text in a long text that almost has it everywhere: linear, or it would take minutes.
func BenchmarkHostileMatch(b *testing.B) {
	f, err := filter.Compile[Account](`userName co "` + strings.Repeat("A", 60_000) + `b"`)
	if err != nil {
		b.Fatal(err)
	}
	u := &Account{}
	u.UserName = strings.Repeat("A", 1_000_000)
	b.ReportAllocs()
	defer cpu.Measure(b)()
	for b.Loop() {
		if f.Match(u) {
			b.Fatal("found")
		}
	}
}

// BenchmarkCompare sorts by names.
func BenchmarkCompare(b *testing.B) {
	users := crowd(2)
	o, err := filter.CompileOrder[Account]("userName", "")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	defer cpu.Measure(b)()
	for b.Loop() {
		o.Compare(users[0], users[1])
	}
}
