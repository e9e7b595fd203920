package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
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

// apply copies a committed log into the ledger, from where an earlier attempt
// stopped. A log that is there already is left alone. ext tells whether its
// report was written; once the ledger knows, the log's name need not say so.
func (c *Catalog) apply(n int, ext string) error {
	records, err := c.records()
	if err != nil {
		return err
	}
	if len(records) == 0 || records[len(records)-1].ID < n {
		a := &applier{c: c, at: progress{Scan: n}, told: ext == toldExt}
		if _, err := readLog(c.logPath(n, ext), a.load, a.take); err != nil {
			return err
		}
		if err := a.flush(); err != nil {
			return err
		}
		if err := c.update(func(tx *bbolt.Tx) error { return a.finish(tx, records) }); err != nil {
			return err
		}
	}
	if ext == sealedExt {
		return nil
	}
	return os.Rename(c.logPath(n, ext), c.logPath(n, sealedExt))
}

// applier copies one log into the ledger.
type applier struct {
	c      *Catalog
	info   ScanInfo
	told   bool // the report was written
	at     progress
	read   int // entries read, those applied by an earlier attempt among them
	batch  []entry
	seen   map[[16]byte]bool // listings in the log, when it holds everything
	stores map[string]bool   // stores they belong to
}

// load finds out how far an earlier attempt at this very log came.
func (a *applier) load(info ScanInfo) error {
	a.info, a.at.Started = info, info.Started
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
	if a.info.Complete {
		a.seen[seenKey(e.Key)] = true
	}
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
	if e.State == [32]byte{} {
		e.State = a.info.state(ContentHash(&e.Result.Listing))
	}
	r := listingRecord{state: e.State, epoch: a.c.epoch, scan: uint32(a.at.Scan), reusable: e.Reusable, findings: e.Findings}
	if err := tx.Bucket(listingsBucket).Put([]byte(e.Key), r.encode()); err != nil {
		return err
	}
	if err := tx.Bucket(unindexBucket).Delete([]byte(e.Key)); err != nil {
		return err
	}
	return a.mentions(tx, e, current(&e.Result))
}

// current gives the open mentions of a listing by fingerprint, each with its
// highest level as the state of one event.
func current(r *scanner.Result) map[string]*mention {
	out := map[string]*mention{}
	l, covers := &r.Listing, map[string]string(nil)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level < scanner.Low {
			continue
		}
		if m := out[f.Fingerprint]; m != nil && m.now() >= int(f.Level) {
			continue
		}
		if covers == nil {
			covers = coverHashes(r)
		}
		out[f.Fingerprint] = &mention{
			Store: l.Store, ID: l.ID, Title: l.Title(), Supplier: l.Supplier,
			Category: l.Category, Marketplace: l.Marketplace,
			Rule: f.Rule, Mark: f.Mark, Text: f.Text, Role: f.Role, Kind: f.Kind, Right: f.Right,
			Form: f.Form, Use: f.Use, Covers: covers[f.Fingerprint],
			Events: []event{{State: int(f.Level)}},
		}
	}
	return out
}

// carry brings the stored mentions of one listing, old, to what scan number n
// found, now, both by fingerprint. It returns all of them; changed is called
// for each event it adds.
func carry(old, now map[string]*mention, n int, changed func(print string, m *mention, e event)) map[string]*mention {
	add := func(print string, m *mention, state int) {
		e := event{Scan: n, State: state}
		m.Events = append(m.Events, e)
		changed(print, m, e)
	}
	for print, m := range now {
		state := m.now()
		m.Events = nil
		m.Covered = n
		if before := old[print]; before != nil {
			m.Events = before.Events
			if before.Covers == m.Covers {
				m.Covered = before.Covered
			}
		}
		if len(m.Events) == 0 || m.now() != state {
			add(print, m, state)
		}
	}
	for print, m := range old {
		if now[print] == nil {
			if m.now() > fixed {
				add(print, m, fixed)
			}
			now[print] = m
		}
	}
	return now
}

// mentions brings the stored mentions of one listing to what was found now.
func (a *applier) mentions(tx *bbolt.Tx, e *entry, now map[string]*mention) error {
	old, last := map[string]*mention{}, map[string]int{}
	err := mentions(tx, e.Key+"\x00", func(key string, m *mention) error {
		print := key[len(e.Key)+1:]
		old[print], last[print] = m, len(m.Events)
		return nil
	})
	if err != nil {
		return err
	}
	all := carry(old, now, a.at.Scan, func(print string, m *mention, ev event) { a.digest(e.Key, print, m.Store, ev) })
	for print, m := range all {
		if old[print] == m && len(m.Events) == last[print] {
			continue // closed before, closed now
		}
		if err := putJSON(tx.Bucket(findingsBucket), []byte(e.Key+"\x00"+print), m); err != nil {
			return err
		}
	}
	return nil
}

// digest adds an event to its store's digest.
func (a *applier) digest(key, print, store string, e event) {
	a.at.Digests[store] = addDigest(a.at.Digests[store], key, print, e)
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
func (a *applier) finish(tx *bbolt.Tx, before []Record) error {
	info := a.info
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
		RuleSetSHA: info.RuleSetSHA, SettingsSHA: info.SettingsSHA, EngineVersion: info.EngineVersion, Files: info.Files, Packs: info.Packs,
		Listings: a.at.Listings, Changed: a.at.Changed, Digests: map[string]string{}}
	for store, sum := range a.at.Digests {
		r.Digests[store] = hex.EncodeToString(sum)
	}
	if err := tx.Bucket(metaBucket).Delete(applyingKey); err != nil {
		return err
	}
	if a.told {
		if err := tx.Bucket(reportedBucket).Put(numberKey(r.ID), nil); err != nil {
			return err
		}
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
		e := event{Scan: a.at.Scan, State: gone}
		m.Events = append(m.Events, e)
		a.digest(key, k[len(key)+1:], m.Store, e)
		if err := putJSON(tx.Bucket(findingsBucket), []byte(k), m); err != nil {
			return err
		}
	}
	return nil
}
