package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/scimmodels/scim/examples/server/store"
	"github.com/scimmodels/scim/resource"
)

// dump writes all resources as a ListResponse of documents for Storage: with hashed passwords, so nobody else may read the file. It
// takes the name once it is complete.
func dump(ctx context.Context, db store.Store, kinds []*store.Kind, file string) (err error) {
	out, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // its mode is 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(out.Name())) //nolint:gosec // whoever starts the program names its files
		}
	}()
	if err := errors.Join(write(ctx, db, kinds, out), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), file) //nolint:gosec // the same
}

func write(ctx context.Context, db store.Store, kinds []*store.Kind, out *os.File) error {
	w := bufio.NewWriter(out)
	_, _ = fmt.Fprintf(w, "{\"schemas\":[%q],\"Resources\":[", resource.ListResponseSchema) // Flush has the error
	n := 0
	var document []byte
	for _, k := range kinds {
		for v, err := range db.All(ctx, k) {
			if err != nil {
				return err
			}
			if document, err = resource.Append(document[:0], resource.Storage, v); err != nil {
				return err
			}
			if n++; n > 1 {
				_ = w.WriteByte(',')
			}
			_ = w.WriteByte('\n')
			_, _ = w.Write(document)
		}
	}
	_, _ = fmt.Fprintf(w, "\n],\"totalResults\":%d,\"startIndex\":1,\"itemsPerPage\":%d}\n", n, n)
	return w.Flush()
}

// load stores what dump has written. A store that has one of the resources already refuses them all.
func load(ctx context.Context, db store.Store, kinds []*store.Kind, file string) error {
	documents, err := documentsOf(file)
	if err != nil {
		return usage{err}
	}
	return db.Restore(ctx, itemsOf(documents, kinds, file))
}

func itemsOf(documents []json.RawMessage, kinds []*store.Kind, file string) iter.Seq2[store.Item, error] {
	return func(yield func(store.Item, error) bool) {
		for i, document := range documents {
			item, err := itemOf(document, kinds)
			if err != nil {
				err = usage{fmt.Errorf("%s, %s: %w", file, position(i, len(documents)), err)}
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func itemOf(document []byte, kinds []*store.Kind) (store.Item, error) {
	var head struct {
		ID   string `json:"id"`
		Meta struct {
			ResourceType string `json:"resourceType"`
		} `json:"meta"`
	}
	if err := json.Unmarshal(document, &head); err != nil {
		return store.Item{}, err
	}
	for _, k := range kinds {
		if k.Name != head.Meta.ResourceType {
			continue
		}
		if head.ID == "" {
			return store.Item{}, errors.New("the resource has no id")
		}
		v, err := resource.ValidateAs(k.Type, resource.Storage, document)
		return store.Item{Kind: k, Value: v}, err
	}
	return store.Item{}, fmt.Errorf("meta.resourceType is %q, which is no resource type of this service", head.Meta.ResourceType)
}
