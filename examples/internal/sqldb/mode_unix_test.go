//go:build unix

package sqldb_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/examples/internal/sqldb"
	"github.com/scimmodels/scim/examples/internal/sqldb/sqldbtest"
)

// What is in a database is not for everybody who has an account on the machine. A file that is there stays as its owner wants it.
func TestFileMode(t *testing.T) {
	for name, before := range map[string]fs.FileMode{"a new file": 0, "a file that is there": 0o640} {
		t.Run(name, func(t *testing.T) {
			address, want := sqldbtest.File(t), before
			file := strings.TrimPrefix(address, "sqlite:")
			if before == 0 {
				want = 0o600
			} else {
				require.NoError(t, os.WriteFile(file, nil, before))
			}
			db, err := sqldb.Open(t.Context(), address, fstest.MapFS{"sqlite/1.sql": {Data: []byte("CREATE TABLE a (id TEXT)")}}, nil)
			require.NoError(t, err)
			defer db.Close()
			files, err := filepath.Glob(file + "*")
			require.NoError(t, err)
			assert.Equal(t, []string{file, file + "-shm", file + "-wal"}, files)
			for _, file := range files {
				info, err := os.Stat(file)
				require.NoError(t, err)
				assert.Equal(t, want, info.Mode().Perm(), file)
			}
		})
	}
	_, err := sqldb.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "nowhere", "a.db"), fstest.MapFS{}, nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
}
