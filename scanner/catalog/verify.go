package catalog

import (
	"encoding/hex"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// Verified is what Verify found.
type Verified struct {
	Scans      int
	Listings   int // on record, those that are gone among them
	Findings   int // ever found
	NotIndexed int // listings the index will hold again when they are next scanned
	Head       string
	Problems   []string // empty when all agrees
}

// Verify checks the chain of scan records, that the findings on record are those
// the scans entered, every listing's checksum, and that the index holds exactly
// the listings it should. It reads the whole ledger. An error means that it
// could not be checked; what is wrong stands in Problems.
func (c *Catalog) Verify() (Verified, error) {
	v := &verifier{indexed: map[string]bool{}, digests: map[int]map[string][]byte{}}
	records, err := c.records()
	if err == nil {
		v.chain(records)
		err = c.view(func(tx *bbolt.Tx) error { return v.ledger(tx, c.epoch) })
	}
	if err == nil {
		v.compareDigests(records)
		err = v.index(c)
	}
	if err != nil {
		return v.out, fmt.Errorf("verify: %w", err)
	}
	return v.out, nil
}

type verifier struct {
	out     Verified
	indexed map[string]bool // listing keys that must be in the index
	digests map[int]map[string][]byte
}

// problem notes what is wrong, up to a number a person can read.
func (v *verifier) problem(format string, args ...any) {
	const enough = 50
	switch {
	case len(v.out.Problems) < enough:
		v.out.Problems = append(v.out.Problems, fmt.Sprintf(format, args...))
	case len(v.out.Problems) == enough:
		v.out.Problems = append(v.out.Problems, "more, not listed")
	}
}

func (v *verifier) chain(records []Record) {
	prev := ""
	for i, r := range records {
		hash, err := r.hash()
		switch {
		case err != nil || hash != r.Hash:
			v.problem("the record of scan %d was changed after it was written", r.ID)
		case r.Prev != prev:
			v.problem("the record of scan %d does not follow the one before it", r.ID)
		case i > 0 && r.ID != records[i-1].ID+1:
			v.problem("there is no record of the scans between %d and %d", records[i-1].ID, r.ID)
		}
		prev = r.Hash
	}
	v.out.Scans, v.out.Head = len(records), prev
}

// ledger reads listings and findings; both buckets have the same order of keys.
func (v *verifier) ledger(tx *bbolt.Tx, epoch uint32) error {
	open := map[string]map[string]bool{} // listing key -> fingerprints open
	err := mentions(tx, "", func(key string, m *mention) error {
		v.out.Findings++
		listing := listingPart(key)
		print := key[len(listing)+1:]
		if m.now() > fixed {
			if open[listing] == nil {
				open[listing] = map[string]bool{}
			}
			open[listing][print] = true
		}
		for _, e := range m.Events {
			if v.digests[e.Scan] == nil {
				v.digests[e.Scan] = map[string][]byte{}
			}
			v.digests[e.Scan][m.Store] = addDigest(v.digests[e.Scan][m.Store], listing, print, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = tx.Bucket(listingsBucket).ForEach(func(k, b []byte) error {
		v.listing(string(k), b, epoch, open[string(k)])
		delete(open, string(k))
		return nil
	})
	for key := range open {
		v.problem("%s has findings but no record", plainName(key))
	}
	return err
}

func (v *verifier) listing(key string, b []byte, epoch uint32, open map[string]bool) {
	v.out.Listings++
	r, err := decodeRecord(b)
	var findings []scanner.Finding
	if err == nil {
		findings, err = decodeFindings(r.findings)
	}
	if err != nil {
		v.problem("the record of %s is damaged: %v", plainName(key), err)
		return
	}
	if r.gone {
		return
	}
	if r.epoch == epoch {
		v.indexed[key] = true
	} else {
		v.out.NotIndexed++
	}
	want := map[string]bool{}
	for i := range findings {
		if findings[i].Level >= scanner.Low {
			want[findings[i].Fingerprint] = true
		}
	}
	for print := range want {
		if !open[print] {
			v.problem("the finding %s of %s has no history", print, plainName(key))
		}
	}
	for print := range open {
		if !want[print] {
			v.problem("the finding %s of %s is open in its history but not found", print, plainName(key))
		}
	}
}

func plainName(key string) string {
	store, id := splitKey(key)
	return fmt.Sprintf("listing %q of store %q", id, store)
}

// compareDigests compares what each scan said it changed with what is there,
// except where a deletion took it away.
func (v *verifier) compareDigests(records []Record) {
	forgotten := func(r Record, store string) bool {
		return slices.ContainsFunc(records, func(f Record) bool {
			return f.Forgot != nil && f.ID > r.ID && (f.Forgot.Store == store && store != "" || f.Forgot.Store == "" && r.ID <= f.Forgot.UpTo)
		})
	}
	for _, r := range records {
		for store, sum := range r.Digests {
			if !forgotten(r, store) && sum != hex.EncodeToString(v.digests[r.ID][store]) {
				v.problem("the findings of store %q that scan %d entered are not those on record", store, r.ID)
			}
			delete(v.digests[r.ID], store)
		}
		for store := range v.digests[r.ID] {
			v.problem("there are findings of store %q that scan %d did not enter", store, r.ID)
		}
		delete(v.digests, r.ID)
	}
	for n := range v.digests {
		v.problem("there are findings of a scan %d that is not on record", n)
	}
}

// index compares the listings in the index with those that must be there.
func (v *verifier) index(c *Catalog) error {
	logs, err := c.pending(sealedExt)
	if err != nil {
		return err
	}
	if len(logs) > 0 {
		v.problem("the index lacks %d scans; the next scan completes it", len(logs))
		return nil
	}
	cut, err := c.forgetting()
	if err != nil {
		return err
	}
	if cut != nil {
		v.problem("a deletion was cut short and its texts may still be on the disk; the next scan completes it")
		return nil
	}
	index, err := c.searchIndex()
	if err != nil {
		v.problem("%v", err)
		return nil
	}
	ids, err := allIDs(index)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !v.indexed[id] {
			v.problem("%s is in the index and not in the ledger", plainName(id))
		}
		delete(v.indexed, id)
	}
	for key := range v.indexed {
		v.problem("%s is in the ledger and not in the index", plainName(key))
	}
	return nil
}
