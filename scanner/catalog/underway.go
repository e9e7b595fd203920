package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// underway is what a scan that is finished but not yet in the ledger will make
// of the mentions there, so that the report can tell what changed without waiting
// for the ledger. Its read and mentions are those of carry and markGone: a test
// compares. nil stands for no such scan.
type underway struct {
	path    string
	record  Record
	seen    map[[16]byte]bool              // listings in the log, when it holds everything
	changed map[string]map[string]*mention // listing key -> what was found now
}

// History tells what this scan changed, as Catalog.History will once it is
// committed. It finishes the scan.
func (s *Scan) History(opt HistoryOptions) (*scanner.History, error) {
	if err := s.Finish(); err != nil {
		return nil, err
	}
	info := s.info
	u := &underway{path: s.c.logPath(s.n, openExt), record: Record{ID: s.n, AsOf: info.AsOf, Complete: info.Complete}}
	s.mu.Lock()
	stores := maps.Clone(s.stores)
	s.mu.Unlock()
	for _, store := range info.Stores {
		stores[plainKey(store)] = true
	}
	u.record.Stores = slices.Sorted(maps.Keys(stores))
	h, err := s.c.history(opt, u)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return h, nil
}

// read reads the log: that much memory as the changed listings' findings take.
func (u *underway) read() error {
	if u == nil {
		return nil
	}
	u.seen, u.changed = map[[16]byte]bool{}, map[string]map[string]*mention{}
	_, err := readLog(u.path, func(ScanInfo) error { return nil }, func(e *entry) error {
		if u.record.Complete {
			u.seen[seenKey(e.Key)] = true
		}
		if !e.Same {
			u.changed[e.Key] = current(&e.Result)
		}
		return nil
	})
	return err
}

// mentions calls fn for every mention of a store as the scan leaves it.
func (u *underway) mentions(tx *bbolt.Tx, prefix string, fn func(key string, m *mention) error) error {
	if u == nil {
		return mentions(tx, prefix, fn)
	}
	of, group := "", map[string]*mention{}
	pass := func() error {
		err := u.pass(of, group, fn)
		group = map[string]*mention{}
		return err
	}
	err := mentions(tx, prefix, func(key string, m *mention) error {
		if listing := listingPart(key); listing != of {
			if err := pass(); err != nil {
				return err
			}
			of = listing
		}
		group[key[len(of)+1:]] = m
		return nil
	})
	if err == nil {
		err = pass()
	}
	if err != nil {
		return err
	}
	for key := range u.changed { // listings without a mention so far
		if strings.HasPrefix(key, prefix) {
			if err := u.pass(key, nil, fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// pass gives fn the mentions of one listing, old being those in the ledger.
func (u *underway) pass(key string, old map[string]*mention, fn func(key string, m *mention) error) error {
	ignore := func(string, *mention, event) {}
	if now, ok := u.changed[key]; ok {
		delete(u.changed, key)
		old = carry(old, now, u.record.ID, ignore)
	} else if u.record.Complete && slices.Contains(u.record.Stores, storeOf(key)) && !u.seen[seenKey(key)] {
		for _, m := range old {
			if m.now() > fixed {
				m.Events = append(m.Events, event{Scan: u.record.ID, State: gone})
			}
		}
	}
	for print, m := range old {
		if err := fn(key+"\x00"+print, m); err != nil {
			return err
		}
	}
	return nil
}

func storeOf(key string) string {
	store, _ := splitKey(key)
	return store
}
