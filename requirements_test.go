package scim_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const requirementsFile = "testdata/requirements.md"

// requirementID is the ID of a rule, such as 7643-2.4-04, or of a point that the RFCs leave open: AMB-17. A name may join
// several of a section: 7644-3.5.1-01,02.
var requirementID = regexp.MustCompile(`\b((?:(?:7643|7644|9865|9967)-\d+(?:\.\d+)*|AMB)-)(\d\d(?:,\d\d)*)\b`)

func requirementIDs(text string) (ids []string) {
	for _, m := range requirementID.FindAllStringSubmatch(text, -1) {
		for number := range strings.SplitSeq(m[2], ",") {
			ids = append(ids, m[1]+number)
		}
	}
	return ids
}

// requirements reads the IDs of the register, each with whether a test has to name it, which goes for all tables but those whose
// heading says that there is no test.
func requirements(text string) (tested map[string]bool, faults []string) {
	tested = map[string]bool{}
	heading, columns, last := "", 0, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "## "); ok {
			heading, columns, last = title, 0, ""
		}
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		id := cells[0]
		if id == "ID" {
			columns = len(cells)
			continue
		}
		if len(cells) != columns || slices.Contains(cells, "") {
			faults = append(faults, fmt.Sprintf("%s: the row does not have %d cells with something in each", id, columns))
			continue
		}
		if !slices.Equal(requirementIDs(id), []string{id}) {
			faults = append(faults, id+" is no ID")
			continue
		}
		if _, twice := tested[id]; twice {
			faults = append(faults, id+" stands twice")
		}
		if last != "" && slices.Compare(order(last), order(id)) > 0 {
			faults = append(faults, id+" stands behind "+last)
		}
		last, tested[id] = id, !strings.Contains(heading, "without a test")
		if rule := strings.Split(id, "-"); len(rule) == 3 {
			if want := "RFC " + rule[0] + " §" + rule[1]; cells[1] != want {
				faults = append(faults, fmt.Sprintf("%s: the section is %s, not %s", id, want, cells[1]))
			}
			if !slices.Contains([]string{"MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "OPTIONAL"}, cells[2]) {
				faults = append(faults, fmt.Sprintf("%s: there is no level %s", id, cells[2]))
			}
		}
	}
	if len(tested) == 0 {
		faults = append(faults, "there are no rows")
	}
	return tested, faults
}

// order makes IDs comparable: the numbers of a section stand before its subsections.
func order(id string) (numbers []int) {
	parts := strings.Split(strings.TrimPrefix(id, "AMB-"), "-")
	for i, part := range parts {
		for number := range strings.SplitSeq(part, ".") {
			n, _ := strconv.Atoi(number) // an ID has nothing but digits there
			numbers = append(numbers, n)
		}
		if i == 1 {
			numbers = append(numbers, -1)
		}
	}
	return numbers
}

// uncovered compares the register with the IDs that tests and other texts name, each with a file that does.
func uncovered(tested map[string]bool, tests, others map[string]string) (faults []string) {
	for _, id := range slices.Sorted(maps.Keys(tested)) {
		switch file, named := tests[id]; {
		case tested[id] && !named:
			faults = append(faults, "no test names "+id)
		case !tested[id] && named:
			faults = append(faults, file+" names "+id+", which stands among the rules without a test")
		}
	}
	for _, named := range []map[string]string{tests, others} {
		for _, id := range slices.Sorted(maps.Keys(named)) {
			if _, known := tested[id]; !known {
				faults = append(faults, named[id]+" names "+id+", which has no row")
			}
		}
	}
	return faults
}

// testing says whether the file is a test or belongs to a package of tests, such as scimtest.
func (s source) testing() bool { return s.test || strings.HasSuffix(s.dir, "test") }

// Every ID has a row that says what it means, and every row a test that names it.
func TestRequirements(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tests, others := map[string]string{}, map[string]string{}
	note := func(into map[string]string, file string) {
		for _, id := range requirementIDs(read(file)) {
			into[id] = file
		}
	}
	for _, s := range sources(t) {
		switch {
		case s.path == "requirements_test.go": // which names some to be refused
		case s.testing():
			note(tests, s.path)
		default:
			note(others, s.path)
		}
	}
	lists, err := filepath.Glob("*/testdata/rows.txt") // of what a package's tests have to name
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range lists {
		note(others, file)
	}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".md" && filepath.ToSlash(path) != requirementsFile {
			note(others, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tested, faults := requirements(read(requirementsFile))
	for _, fault := range append(faults, uncovered(tested, tests, others)...) {
		t.Errorf("%s: %s", requirementsFile, fault)
	}
}

// The rules above are worth something only if they refuse.
func TestRequirementsRefuse(t *testing.T) {
	const rules = "## Rules\n\n| ID | Section | Level | Rule |\n|---|---|---|---|\n"
	const first, second = "| 7643-2.4-01 | RFC 7643 §2.4 | MUST | A. |\n", "| 7643-2.4-02 | RFC 7643 §2.4 | MAY | B. |\n"
	const untested = "\n## Rules without a test\n\n| ID | Section | Level | Rule | Why |\n|---|---|---|---|---|\n" +
		"| 9967-2.1-01 | RFC 9967 §2.1 | MUST | C. | D. |\n"
	const open = "\n## Open points\n\n| ID | Section | Question | Answer |\n|---|---|---|---|\n| AMB-01 | RFC 7643 §3, RFC 7644 §3.12 | E? | F. |\n"
	const covered = "7643-2.4-01,02 and AMB-01"
	for name, c := range map[string]struct {
		register, tests, others string
		want                    []string
	}{
		"in order":             {rules + first + second + untested + open, covered, "AMB-01, 9967-2.1-01", nil},
		"other dates and RFCs": {rules + first, "7643-2.4-01 on 2011-05-13, RFC 7230-3-01 and 7643-2.4", "", nil},
		"subsection":           {rules + second + "| 7643-2.4.1-01 | RFC 7643 §2.4.1 | SHOULD | B. |\n", "7643-2.4-02 7643-2.4.1-01", "", nil},
		"no register": {"", covered, "", []string{"there are no rows",
			"a test names 7643-2.4-01, which has no row", "a test names 7643-2.4-02, which has no row", "a test names AMB-01, which has no row"}},
		"no tests":             {rules + first + open, "", "", []string{"no test names 7643-2.4-01", "no test names AMB-01"}},
		"one more in a test":   {rules + first, "7643-2.4-01,03", "", []string{"a test names 7643-2.4-03, which has no row"}},
		"one more elsewhere":   {rules + first, "7643-2.4-01", "AMB-02", []string{"a text names AMB-02, which has no row"}},
		"named elsewhere only": {rules + first, "", "7643-2.4-01", []string{"no test names 7643-2.4-01"}},
		"a test after all": {rules + first + untested, "7643-2.4-01 9967-2.1-01", "",
			[]string{"a test names 9967-2.1-01, which stands among the rules without a test"}},
		"twice":        {rules + first + first, "7643-2.4-01", "", []string{"7643-2.4-01 stands twice"}},
		"not in order": {rules + second + first, "7643-2.4-01,02", "", []string{"7643-2.4-01 stands behind 7643-2.4-02"}},
		"no ID": {rules + "| 7643-2.4 | RFC 7643 §2.4 | MUST | A. |\n| AMB-01,02 | RFC 7643 §2.4 | MUST | A. |\n", "", "",
			[]string{"7643-2.4 is no ID", "AMB-01,02 is no ID", "there are no rows"}},
		"another section": {rules + "| 7643-2.4-01 | RFC 7644 §2.4 | MUST | A. |\n", "7643-2.4-01", "",
			[]string{"7643-2.4-01: the section is RFC 7643 §2.4, not RFC 7644 §2.4"}},
		"another level": {rules + "| 7643-2.4-01 | RFC 7643 §2.4 | WILL | A. |\n", "7643-2.4-01", "", []string{"7643-2.4-01: there is no level WILL"}},
		"no rule": {rules + first + "| 7643-2.4-02 | RFC 7643 §2.4 | MUST |\n| 7643-2.4-03 | RFC 7643 §2.4 | MUST | |\n", "7643-2.4-01", "",
			[]string{"7643-2.4-02: the row does not have 4 cells with something in each", "7643-2.4-03: the row does not have 4 cells with something in each"}},
	} {
		t.Run(name, func(t *testing.T) {
			named := func(text, file string) map[string]string {
				files := map[string]string{}
				for _, id := range requirementIDs(text) {
					files[id] = file
				}
				return files
			}
			tested, got := requirements(c.register)
			got = append(got, uncovered(tested, named(c.tests, "a test"), named(c.others, "a text"))...)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
