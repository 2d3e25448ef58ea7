package main

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
)

//go:embed migrations
var migrations embed.FS

// migrate runs the migrations that have not been run yet, in the order of their names, all of them or none.
func (db *database) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, path.Join("migrations", db.name, "*.sql"))
	if err != nil {
		return err
	}
	return db.change(ctx, func(tx *sql.Tx) error {
		if db.alone != "" { // another process may be starting, too
			if _, err := tx.ExecContext(ctx, db.alone); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)"); err != nil {
			return err
		}
		for _, file := range files { // Glob sorts
			if err := migrateOne(ctx, tx, file); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	})
}

func migrateOne(ctx context.Context, tx *sql.Tx, file string) error {
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
