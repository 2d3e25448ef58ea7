package attr

import (
	"strings"

	"github.com/scimmodels/scim/internal/wire"
)

// Lacks says of a path in attribute notation, as an error does behind it, that the plan has no such attribute. Where one is near, it
// is named: is no attribute of User; did you mean userName?
func (p *Plan) Lacks(path string) string {
	return "is no attribute of " + p.Name + p.Hint(path)
}

// LacksPart is Lacks for a name in the value of a complex attribute, which the plan stands for.
func (p *Plan) LacksPart(name string) string {
	return "is no sub-attribute of this attribute" + p.Hint(name)
}

// Hint is the end of an error about a name that the plan does not know: the nearest one as a question, or nothing where none is near.
func (p *Plan) Hint(path string) string {
	if near := p.nearest(path); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// What counts as near. The bounds also keep an error cheap, whatever a client sends.
const (
	mostName  = 64 // bytes of a name
	mostEdits = 2  // and always less than a third of the name
)

// nearest finds what somebody may have meant: the same name in another place, where only one has it, else a name that is spelled alike.
func (p *Plan) nearest(path string) string {
	prefix := ""
	if strings.IndexByte(path, ':') >= 0 {
		owner, way, longest := p.owner(path)
		switch {
		case longest == len(path): // a schema, not an attribute of it
			return ""
		case longest < 0:
			if a := p.closest(path); a != nil { // an extension
				return a.Name
			}
			return ""
		}
		path = path[longest+1:]
		if way != nil {
			prefix = owner.URN + ":"
		}
		p = owner
	}
	if len(path) > mostName {
		return ""
	}
	near, qualified := p.elsewhere(path)
	if near == "" {
		near = p.alike(path)
	}
	if near == "" || qualified {
		return near
	}
	return prefix + near
}

// elsewhere finds a sub-attribute named without its attribute, and an attribute of an extension named without its URN. Where several
// have that name nobody can tell which one is meant.
func (p *Plan) elsewhere(path string) (found string, qualified bool) {
	for _, a := range p.Attributes {
		name := ""
		switch {
		case a.Sub == nil, a.Unlisted:
		case a.IsExtension():
			if steps, ok := a.Sub.names(nil, path); ok {
				name = a.Name + ":" + spelled(steps)
			}
		case a.Sub.Kind == Complex:
			if s := a.Sub.Lookup(path); s != nil {
				name = a.Name + "." + s.Name
			}
		}
		switch {
		case name == "":
		case found != "":
			return "", false
		default:
			found, qualified = name, a.IsExtension()
		}
	}
	return found, qualified
}

func spelled(steps []*Attribute) string {
	names := make([]string, len(steps))
	for i, a := range steps {
		names[i] = a.Name
	}
	return strings.Join(names, ".")
}

// alike finds the attribute, and the sub-attribute where one is named, whose spelling is nearest.
func (p *Plan) alike(path string) string {
	name, sub, dotted := strings.Cut(path, ".")
	a := p.either(name)
	switch {
	case a == nil || a.IsExtension():
		return ""
	case !dotted:
		return a.Name
	case a.Sub == nil || a.Sub.Kind != Complex:
		return ""
	}
	s := a.Sub.either(sub)
	if s == nil {
		return ""
	}
	return a.Name + "." + s.Name
}

// either is the attribute of that name or, without one, of the closest name.
func (p *Plan) either(name string) *Attribute {
	if a := p.Lookup(name); a != nil {
		return a
	}
	return p.closest(name)
}

// closest finds the attribute whose name takes the fewest edits, the first of several; nil where none is near.
func (p *Plan) closest(name string) (near *Attribute) {
	if len(name) > mostName {
		return nil
	}
	most := mostEdits
	for _, a := range p.Attributes {
		if a.Unlisted { // nobody is told of it
			continue
		}
		if n := edits(a.Name, name, most); n <= most && 3*n < max(len(a.Name), len(name)) {
			near, most = a, n-1
		}
	}
	return near
}

// edits counts the letters to insert, drop, replace or swap with the next one to make one name of the other, ASCII case ignored. It stops
// counting beyond most. got has mostName bytes or fewer.
func edits(want, got string, most int) int {
	if diff := len(want) - len(got); max(diff, -diff) > most {
		return most + 1
	}
	var rows [3][mostName + 1]int // row i, column j: to make the first i letters of want of the first j of got
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(want); i++ {
		from, to := max(i-most, 1), min(i+most, len(got)) // farther from the diagonal there are more than most
		least := most + 1
		if from == 1 {
			least = i
		}
		row[from-1] = least
		for j := from; j <= to; j++ {
			w, g := wire.LowerByte(want[i-1]), wire.LowerByte(got[j-1])
			n := above[j-1]
			if w != g {
				n = 1 + min(n, above[j], row[j-1])
			}
			if i > 1 && j > 1 && w == wire.LowerByte(got[j-2]) && wire.LowerByte(want[i-2]) == g {
				n = min(n, before[j-2]+1)
			}
			row[j] = n
			least = min(least, n)
		}
		if least > most {
			return least
		}
		if to < len(got) {
			row[to+1] = most + 1
		}
		before, above, row = above, row, before
	}
	return above[len(got)]
}
