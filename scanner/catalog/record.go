package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// Record is one scan as the ledger keeps it. Each record holds the hash of the
// one before, so that an accidental or partial edit of the past shows. It proves
// no date by itself: whoever wants that sends Hash to a third party at the time.
type Record struct {
	ID            int    // 1 for the first scan, then ascending
	AsOf          string // YYYY-MM-DD
	Stores        []string
	Complete      bool
	RuleSetSHA    string
	SettingsSHA   string
	EngineVersion string
	Files         []string
	Packs         []string          `json:",omitempty"` // name and version of each rule pack
	Listings      int               // listings seen
	Changed       int               // of these, screened or written anew
	Digests       map[string]string // store -> hex digest of the changes this scan made
	Forgot        *Forgot           `json:",omitempty"` // set when this is no scan but a deletion
	Prev          string            // Hash of the record before, "" for the first
	Hash          string            // hex SHA-256 of this record with Hash empty
}

// Forgot says what a deletion took out of the ledger.
type Forgot struct {
	Store    string // every trace of this store, or
	Before   string // what was closed before this date, YYYY-MM-DD
	UpTo     int    // with Before: the last scan whose changes were taken
	Listings int
	Findings int
}

func (r Record) hash() (string, error) {
	r.Hash = ""
	b, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// appendRecord chains r to the records before it and stores it.
func appendRecord(tx *bbolt.Tx, r Record, before []Record) error {
	if len(before) > 0 {
		r.Prev = before[len(before)-1].Hash
	}
	var err error
	if r.Hash, err = r.hash(); err != nil {
		return err
	}
	return putJSON(tx.Bucket(scansBucket), numberKey(r.ID), r)
}

// Scans returns every scan and deletion on record, oldest first.
func (c *Catalog) Scans() ([]Record, error) {
	r, err := c.records()
	if err != nil {
		return nil, fmt.Errorf("read the scans of catalogue %s: %w", c.dir, err)
	}
	return r, nil
}

func (c *Catalog) records() ([]Record, error) {
	var out []Record
	err := c.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(scansBucket).ForEach(func(k, v []byte) error {
			var r Record
			if err := json.Unmarshal(v, &r); err != nil {
				return ledgerDamaged(err)
			}
			out = append(out, r)
			return nil
		})
	})
	return out, err
}
