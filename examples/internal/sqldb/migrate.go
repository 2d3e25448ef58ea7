package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// Alone is Change for what is done at start: f begins once no other process, or another of this one, is alone. That may take as long as an
// index on a large table, so the wait ends with ctx only.
func (db *DB) Alone(ctx context.Context, f func(tx *sql.Tx) error) error {
	for {
		begun := false
		err := db.Change(ctx, func(tx *sql.Tx) error {
			begun = true
			if db.alone != "" {
				if _, err := tx.ExecContext(ctx, db.alone); err != nil {
					return err
				}
			}
			return f(tx)
		})
		if begun || !busy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// pause is for how long a process that waits for a file lets go of it.
const pause = 50 * time.Millisecond

// Migrate runs the migrations that have not been run yet, files in a directory with the name of the kind, in the order of their names, all of
// them or none. It waits until other processes have done so, but not long for a database that cannot be reached.
func (db *DB) Migrate(ctx context.Context, migrations fs.FS) error {
	files, err := fs.Glob(migrations, path.Join(db.Name, "*.sql"))
	if err != nil {
		return err
	}
	if err := db.reach(ctx); err != nil {
		return err
	}
	return db.Alone(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"); err != nil {
			return err
		}
		for _, file := range files { // Glob sorts
			if err := migrateOne(ctx, tx, migrations, file); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	})
}

// reach opens a connection.
func (db *DB) reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*Patience)
	defer cancel()
	if err := db.Write.PingContext(ctx); !busy(err) { // who is busy is there
		return db.told(err)
	}
	return nil
}

func migrateOne(ctx context.Context, tx *sql.Tx, migrations fs.FS, file string) error {
	name := path.Base(file)
	var done int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM migrations WHERE name = $1", name).Scan(&done); err != nil || done > 0 {
		return err
	}
	statements, err := fs.ReadFile(migrations, file)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO migrations (name) VALUES ($1)", name)
	return err
}
