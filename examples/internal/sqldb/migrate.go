package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
)

// Alone makes a transaction that writes wait until no other one, of whatever process, is alone: for what is done at start.
func (db *DB) Alone(ctx context.Context, tx *sql.Tx) error {
	if db.alone == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, db.alone)
	return err
}

// migrate runs the migrations that have not been run yet, in the order of their names, all of them or none.
func (db *DB) migrate(ctx context.Context, migrations fs.FS) error {
	files, err := fs.Glob(migrations, path.Join(db.Name, "*.sql"))
	if err != nil {
		return err
	}
	return db.Change(ctx, func(tx *sql.Tx) error {
		if err := db.Alone(ctx, tx); err != nil {
			return err
		}
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
