package patch_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each requirement on PATCH has a test that carries its ID, in this package or among those of package resource on PATCH.
func TestRows(t *testing.T) {
	id := regexp.MustCompile(`\b(?:(?:7643|7644)-\d+(?:\.\d+)*-\d\d|AMB-\d\d)\b`)
	covered := map[string]bool{}
	for _, pattern := range []string{"*_test.go", "../resource/patch_*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, found := range id.FindAllString(string(text), -1) {
				covered[found] = true
			}
		}
	}
	list, err := os.ReadFile("testdata/rows.txt")
	require.NoError(t, err)
	rows := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		line, _, _ = strings.Cut(line, "#")
		for row := range strings.FieldsSeq(line) {
			assert.Equal(t, row, id.FindString(row), "%q is no ID", row)
			assert.False(t, rows[row], "%s stands twice", row)
			assert.True(t, covered[row], "no test carries %s", row)
			rows[row] = true
		}
	}
	require.Greater(t, len(rows), 100)
}
