package attr

import "strings"

// In a scim tag a backslash before a comma, a bar or another backslash makes it part of a value.

// Escape writes a value so that a tag has it as one piece.
func Escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `,`, `\,`, `|`, `\|`).Replace(s)
}

// split cuts a tag or value at a character that no backslash stands before. The pieces keep their backslashes.
func split(s string, at byte) []string {
	if strings.IndexByte(s, '\\') < 0 {
		return strings.Split(s, string(at))
	}
	var pieces []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case at:
			pieces = append(pieces, s[start:i])
			start = i + 1
		}
	}
	return append(pieces, s[start:])
}

// plain takes the backslashes out of a piece.
func plain(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`\,|`, s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// values reads a list with bars between its values; an empty one has none.
func values(s string) []string {
	if s == "" {
		return nil
	}
	list := split(s, '|')
	for i := range list {
		list[i] = plain(list[i])
	}
	return list
}
