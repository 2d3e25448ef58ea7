package resource_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rowID is the form of a requirement's ID: RFC, section and number, or AMB and a number for a point on which the RFCs are silent.
var rowID = regexp.MustCompile(`\b(?:(?:7643|7644|9865|9967)-\d+(?:\.\d+)*-\d\d|AMB-\d\d)\b`)

// Each requirement that must be covered by now has a test that carries its ID, somewhere in the project.
func TestRows(t *testing.T) {
	list, err := os.ReadFile("testdata/rows.txt")
	require.NoError(t, err)
	covered := map[string]bool{}
	const root = ".."
	require.FileExists(t, filepath.Join(root, "go.mod"))
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, id := range rowID.FindAllString(string(text), -1) {
			covered[id] = true
		}
		return err
	}))
	rows := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		line, _, _ = strings.Cut(line, "#")
		for id := range strings.FieldsSeq(line) {
			assert.Equal(t, id, rowID.FindString(id), "%q is no ID", id)
			assert.False(t, rows[id], "%s stands twice", id)
			assert.True(t, covered[id], "no test carries %s", id)
			rows[id] = true
		}
	}
	require.NotEmpty(t, rows)
}
