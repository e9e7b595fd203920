package catalog

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

// UnknownStoreError says that the catalogue holds nothing of a store.
type UnknownStoreError struct {
	Store string
	Known []string // the stores there are, sorted
}

// Error names the stores there are.
func (e *UnknownStoreError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("there is no store %q: the catalogue holds none", e.Store)
	}
	return fmt.Sprintf("there is no store %q; the stores are %s", e.Store, strings.Join(e.Known, ", "))
}

// Stores lists the stores the ledger holds listings or decisions of, sorted.
func (c *Catalog) Stores() ([]string, error) {
	found := map[string]bool{}
	err := c.view(func(tx *bbolt.Tx) error {
		cur := tx.Bucket(listingsBucket).Cursor()
		for k, _ := cur.First(); k != nil; { // from store to store, not from listing to listing
			store, _, _ := bytes.Cut(k, []byte{0})
			found[string(store)] = true
			k, _ = cur.Seek(append(bytes.Clone(store), 1))
		}
		return eachDecision(tx, func(_ int, d Decision) error {
			found[d.Store] = true
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list the stores: %w", err)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// HasStore returns an *UnknownStoreError unless the ledger holds the store.
func (c *Catalog) HasStore(store string) error {
	known, err := c.Stores()
	if err != nil || slices.Contains(known, plainKey(store)) {
		return err
	}
	return &UnknownStoreError{store, known}
}
