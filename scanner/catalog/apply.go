package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// chunk is how many entries go into the ledger in one transaction: enough to
// make the disk syncs cheap, few enough to bound memory. A test makes it smaller.
var chunk = 5000

// progress is how far a log is in the ledger. It is stored in the transaction
// that got it there, so an entry is applied exactly once.
type progress struct {
	Scan     int
	Started  int64
	Applied  int // entries
	Listings int
	Changed  int
	Digests  map[string][]byte // store -> sum of its events' hashes
}

var applyingKey = []byte("applying")

// apply copies a sealed log into the ledger, from where an earlier attempt
// stopped. A log that is there already is left alone.
func (c *Catalog) apply(n int) error {
	records, err := c.records()
	if err != nil {
		return err
	}
	if len(records) > 0 && records[len(records)-1].ID >= n {
		return nil
	}
	a := &applier{c: c, at: progress{Scan: n}}
	info, err := readLog(c.logPath(n, sealedExt), a.load, a.take)
	if err != nil {
		return err
	}
	if err := a.flush(); err != nil {
		return err
	}
	return c.update(func(tx *bbolt.Tx) error { return a.finish(tx, info, records) })
}

// applier copies one log into the ledger.
type applier struct {
	c      *Catalog
	at     progress
	read   int // entries read, those applied by an earlier attempt among them
	batch  []entry
	seen   map[[16]byte]bool // listings in the log
	stores map[string]bool   // stores they belong to
}

// load finds out how far an earlier attempt at this very log came.
func (a *applier) load(info ScanInfo) error {
	a.at.Started = info.Started
	a.seen, a.stores = map[[16]byte]bool{}, map[string]bool{}
	return a.c.view(func(tx *bbolt.Tx) error {
		var at progress
		b := tx.Bucket(metaBucket).Get(applyingKey)
		if b != nil && json.Unmarshal(b, &at) == nil && at.Scan == a.at.Scan && at.Started == a.at.Started {
			a.at = at
		}
		if a.at.Digests == nil {
			a.at.Digests = map[string][]byte{}
		}
		return nil
	})
}

func (a *applier) take(e *entry) error {
	a.seen[seenKey(e.Key)] = true
	store, _ := splitKey(e.Key)
	a.stores[store] = true
	a.read++
	if a.read <= a.at.Applied {
		return nil
	}
	a.batch = append(a.batch, *e)
	if len(a.batch) < chunk {
		return nil
	}
	return a.flush()
}

func (a *applier) flush() error {
	if len(a.batch) == 0 {
		return nil
	}
	err := a.c.update(func(tx *bbolt.Tx) error {
		for i := range a.batch {
			if err := a.entry(tx, &a.batch[i]); err != nil {
				return err
			}
		}
		a.at.Applied = a.read
		return putJSON(tx.Bucket(metaBucket), applyingKey, &a.at)
	})
	a.batch = a.batch[:0]
	return err
}

func (a *applier) entry(tx *bbolt.Tx, e *entry) error {
	a.at.Listings++
	if e.Same {
		return nil
	}
	a.at.Changed++
	r := listingRecord{state: e.State, epoch: a.c.epoch, scan: uint32(a.at.Scan), reusable: e.Reusable, findings: e.Findings}
	if err := tx.Bucket(listingsBucket).Put([]byte(e.Key), r.encode()); err != nil {
		return err
	}
	if err := tx.Bucket(unindexBucket).Delete([]byte(e.Key)); err != nil {
		return err
	}
	findings, err := decodeFindings(e.Findings)
	if err != nil {
		return err
	}
	return a.mentions(tx, e, current(e, findings))
}

// current gives the open mentions among findings by fingerprint, each with its
// highest level as the state of one event.
func current(e *entry, findings []scanner.Finding) map[string]*mention {
	out := map[string]*mention{}
	store, id := splitKey(e.Key)
	for i := range findings {
		f := &findings[i]
		if f.Level < scanner.Low {
			continue
		}
		if m := out[f.Fingerprint]; m != nil && m.now() >= int(f.Level) {
			continue
		}
		out[f.Fingerprint] = &mention{
			Store: store, ID: id, Title: e.Doc.title(), Supplier: e.Doc.Supplier,
			Category: e.Doc.Category, Marketplace: e.Doc.Marketplace,
			Rule: f.Rule, Mark: f.Mark, Text: f.Text, Role: f.Role, Kind: f.Kind, Right: f.Right,
			Form: f.Form, Use: f.Use, Covers: e.Covers[f.Fingerprint],
			Events: []event{{State: int(f.Level)}},
		}
	}
	return out
}

// mentions brings the stored mentions of one listing to what was found now.
func (a *applier) mentions(tx *bbolt.Tx, e *entry, now map[string]*mention) error {
	old := map[string]*mention{}
	err := mentions(tx, e.Key+"\x00", func(key string, m *mention) error {
		old[key[len(e.Key)+1:]] = m
		return nil
	})
	if err != nil {
		return err
	}
	for print, m := range now {
		state := m.now()
		m.Events = nil
		if before := old[print]; before != nil {
			m.Events = before.Events
		}
		if len(m.Events) == 0 || m.now() != state {
			a.event(e.Key, print, m, state)
		}
	}
	for print, m := range old {
		if now[print] == nil && m.now() > fixed {
			a.event(e.Key, print, m, fixed)
			now[print] = m
		}
	}
	for print, m := range now {
		if err := putJSON(tx.Bucket(findingsBucket), []byte(e.Key+"\x00"+print), m); err != nil {
			return err
		}
	}
	return nil
}

// event adds a change of state to m and to the store's digest.
func (a *applier) event(key, print string, m *mention, state int) {
	e := event{Scan: a.at.Scan, State: state}
	m.Events = append(m.Events, e)
	a.at.Digests[m.Store] = addDigest(a.at.Digests[m.Store], key, print, e)
}

// addDigest adds an event's hash to sum by exclusive or, so that the order in
// which events come does not matter.
func addDigest(sum []byte, key, print string, e event) []byte {
	h := sha256.New()
	hashStrings(h, key, print)
	binary.Write(h, binary.BigEndian, [2]int64{int64(e.Scan), int64(e.State)})
	out := h.Sum(nil)
	for i := range sum {
		out[i] ^= sum[i]
	}
	return out
}

// finish takes note of what is gone and writes the scan's record.
func (a *applier) finish(tx *bbolt.Tx, info ScanInfo, before []Record) error {
	for _, store := range info.Stores {
		a.stores[plainKey(store)] = true
	}
	stores := slices.Sorted(maps.Keys(a.stores))
	if info.Complete {
		for _, store := range stores {
			if err := a.gone(tx, store); err != nil {
				return err
			}
		}
	}
	r := Record{ID: a.at.Scan, AsOf: info.AsOf, Stores: stores, Complete: info.Complete,
		RuleSetSHA: info.RuleSetSHA, SettingsSHA: info.SettingsSHA, EngineVersion: info.EngineVersion, Files: info.Files,
		Listings: a.at.Listings, Changed: a.at.Changed, Digests: map[string]string{}}
	for store, sum := range a.at.Digests {
		r.Digests[store] = hex.EncodeToString(sum)
	}
	if err := tx.Bucket(metaBucket).Delete(applyingKey); err != nil {
		return err
	}
	return appendRecord(tx, r, before)
}

// gone marks the store's listings that the log does not hold.
func (a *applier) gone(tx *bbolt.Tx, store string) error {
	var keys []string
	prefix := []byte(store + "\x00")
	cur := tx.Bucket(listingsBucket).Cursor()
	for k, v := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = cur.Next() {
		if r, ok := decodeHead(v); ok && !r.gone && !a.seen[seenKey(string(k))] {
			keys = append(keys, string(k))
		}
	}
	for _, key := range keys {
		if err := a.markGone(tx, key); err != nil {
			return fmt.Errorf("mark %q as gone: %w", strings.ReplaceAll(key, "\x00", " "), err)
		}
	}
	return nil
}

func (a *applier) markGone(tx *bbolt.Tx, key string) error {
	r, err := decodeRecord(tx.Bucket(listingsBucket).Get([]byte(key)))
	if err != nil {
		return err
	}
	r.gone, r.scan = true, uint32(a.at.Scan)
	if err := tx.Bucket(listingsBucket).Put([]byte(key), r.encode()); err != nil {
		return err
	}
	if err := tx.Bucket(unindexBucket).Put([]byte(key), nil); err != nil {
		return err
	}
	closed := map[string]*mention{}
	err = mentions(tx, key+"\x00", func(k string, m *mention) error {
		if m.now() > fixed {
			closed[k] = m
		}
		return nil
	})
	if err != nil {
		return err
	}
	for k, m := range closed {
		a.event(key, k[len(key)+1:], m, gone)
		if err := putJSON(tx.Bucket(findingsBucket), []byte(k), m); err != nil {
			return err
		}
	}
	return nil
}
