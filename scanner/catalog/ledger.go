package catalog

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/golang/snappy"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"prescreen/scanner"
)

// format is the ledger's version; it changes when older programs could not read
// it. One of oldFormat, which keeps findings as JSON, is read and carried on.
const (
	format    = 2
	oldFormat = 1
)

// The ledger's buckets.
var (
	metaBucket      = []byte("meta")      // format, epoch, applying
	scansBucket     = []byte("scans")     // scan number, 8 bytes big endian -> record
	reportedBucket  = []byte("reported")  // scan number -> nothing: its report was written
	listingsBucket  = []byte("listings")  // listing key -> listing record
	findingsBucket  = []byte("findings")  // listing key, NUL, fingerprint -> mention
	decisionsBucket = []byte("decisions") // number, 8 bytes big endian -> Decision
	spellingsBucket = []byte("spellings") // reduced word, NUL, folded word -> nothing, see spelling.go
	unindexBucket   = []byte("unindex")   // listing key -> nothing: to be taken out of the index
)

var buckets = [][]byte{metaBucket, scansBucket, reportedBucket, listingsBucket, findingsBucket, decisionsBucket, spellingsBucket, unindexBucket}

func ledgerDamaged(cause any) error {
	return fmt.Errorf("%s is damaged (%v); restore it from a copy, or move the directory away and scan again", ledgerFile, cause)
}

// guarded runs fn and turns a panic or memory fault into an error: bbolt maps
// the file into memory and trusts what it reads there.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = ledgerDamaged(r)
		}
	}()
	return fn()
}

// openLedger opens the file. What stands in the way of opening (rights, a lock,
// a full disk) is returned as it is; anything else means a damaged file.
func (c *Catalog) openLedger(path string, opt bbolt.Options) error {
	return guarded(func() error {
		db, err := bbolt.Open(path, 0o600, &opt)
		var system *fs.PathError
		switch {
		case err == nil:
			c.db = db
			return nil
		case errors.Is(err, berrors.ErrTimeout), errors.As(err, &system):
			return err
		}
		return ledgerDamaged(err)
	})
}

func (c *Catalog) view(fn func(*bbolt.Tx) error) error {
	return guarded(func() error { return c.db.View(fn) })
}

func (c *Catalog) update(fn func(*bbolt.Tx) error) error {
	if c.opt.ReadOnly {
		return errors.New("the catalogue is open for reading only")
	}
	return guarded(func() error { return c.db.Update(fn) })
}

// prepareLedger checks the ledger's format, and makes the buckets of a new one.
func (c *Catalog) prepareLedger() error {
	if _, err := c.checkFormat(); err != nil {
		return err
	}
	if current, err := c.hasFormat(); err != nil || current {
		return err
	}
	return c.update(func(tx *bbolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return tx.Bucket(metaBucket).Put([]byte("format"), []byte(strconv.Itoa(format)))
	})
}

// checkFormat refuses a ledger that is not of this format. fresh is true when
// there is nothing in it yet.
func (c *Catalog) checkFormat() (fresh bool, err error) {
	err = c.view(func(tx *bbolt.Tx) error {
		if first, _ := tx.Cursor().First(); first == nil {
			fresh = true
			return nil
		}
		meta := tx.Bucket(metaBucket)
		if meta == nil || meta.Get([]byte("format")) == nil {
			return fmt.Errorf("%s belongs to another program", ledgerFile)
		}
		n, err := strconv.Atoi(string(meta.Get([]byte("format"))))
		if err != nil {
			return ledgerDamaged(err)
		}
		if n != format && n != oldFormat {
			return fmt.Errorf("it has format %d, this program reads %d; use the version of prescreen that made it, or a new directory", n, format)
		}
		for _, name := range buckets {
			if tx.Bucket(name) == nil {
				return ledgerDamaged("no " + string(name))
			}
		}
		return nil
	})
	return fresh, err
}

// hasFormat tells whether the ledger says that it is of this format.
func (c *Catalog) hasFormat() (yes bool, err error) {
	err = c.view(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		yes = meta != nil && string(meta.Get([]byte("format"))) == strconv.Itoa(format)
		return nil
	})
	return yes, err
}

// listingKey is store, NUL, id, NUL, n. n is empty but for the second and later
// listings that share an id within one scan.
func listingKey(store, id string, n int) string {
	key := plainKey(store) + "\x00" + plainKey(id) + "\x00"
	if n > 0 {
		key += strconv.Itoa(n + 1)
	}
	return key
}

func plainKey(s string) string { return strings.ReplaceAll(s, "\x00", "�") }

// splitKey returns the store and id of a listing key.
func splitKey(key string) (store, id string) {
	store, rest, _ := strings.Cut(key, "\x00")
	id, _, _ = strings.Cut(rest, "\x00")
	return store, id
}

func numberKey(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// listingRecord is what the ledger holds about one listing. As bytes:
// checksum 4, state 32, epoch 4, scan 4, flags 1, then the findings as
// snappy-compressed bytes (see encodeFindings), nothing when there are none.
type listingRecord struct {
	state    [32]byte // hash of all that decides its findings, see Scan
	epoch    uint32   // generation of the index that holds it
	scan     uint32   // scan that screened it last
	gone     bool
	reusable bool
	findings []byte // see encodeFindings, nil when there are none
}

const recordHead = 4 + 32 + 4 + 4 + 1

func (r *listingRecord) encode() []byte {
	b := make([]byte, 4, recordHead+len(r.findings))
	b = append(b, r.state[:]...)
	b = binary.BigEndian.AppendUint32(b, r.epoch)
	b = binary.BigEndian.AppendUint32(b, r.scan)
	var flags byte
	if r.gone {
		flags |= 1
	}
	if r.reusable {
		flags |= 2
	}
	b = append(b, flags)
	if r.findings != nil {
		b = append(b, snappy.Encode(nil, r.findings)...)
	}
	binary.BigEndian.PutUint32(b, crc32.ChecksumIEEE(b[4:]))
	return b
}

// decodeHead reads all but the findings; it neither checks nor copies.
func decodeHead(b []byte) (r listingRecord, ok bool) {
	if len(b) < recordHead {
		return r, false
	}
	copy(r.state[:], b[4:])
	r.epoch = binary.BigEndian.Uint32(b[36:])
	r.scan = binary.BigEndian.Uint32(b[40:])
	r.gone = b[44]&1 != 0
	r.reusable = b[44]&2 != 0
	return r, true
}

func decodeRecord(b []byte) (listingRecord, error) {
	r, ok := decodeHead(b)
	if !ok || binary.BigEndian.Uint32(b) != crc32.ChecksumIEEE(b[4:]) {
		return r, errors.New("checksum of a listing does not match")
	}
	if len(b) == recordHead {
		return r, nil
	}
	var err error
	r.findings, err = snappy.Decode(nil, b[recordHead:])
	return r, err
}

// mention is one fingerprint's life: what was found and when that changed.
type mention struct {
	Store, ID, Title, Supplier string
	Category, Marketplace      string
	Rule, Mark, Text           string
	Role                       scanner.Role
	Kind, Right                string
	Form                       scanner.Form
	Use                        scanner.Use
	Covers                     string // hash of the texts it stands in, see coverHashes
	Covered                    int    `json:",omitempty"` // scan since which Covers is what it is, 0 when not known
	Events                     []event
}

// event is a change of a mention's state in one scan.
type event struct {
	Scan  int
	State int // a level 1-4 while open, else fixed or gone
}

const (
	fixed = 0
	gone  = -1
)

// at returns the state after scan number n; ok is false before the first event.
func (m *mention) at(n int) (state int, ok bool) {
	for _, e := range m.Events {
		if e.Scan > n {
			break
		}
		state, ok = e.State, true
	}
	return state, ok
}

func (m *mention) now() int { return m.Events[len(m.Events)-1].State }

// mentions calls fn for every mention whose key has the prefix, in key order.
func mentions(tx *bbolt.Tx, prefix string, fn func(key string, m *mention) error) error {
	cur := tx.Bucket(findingsBucket).Cursor()
	for k, v := cur.Seek([]byte(prefix)); k != nil && bytes.HasPrefix(k, []byte(prefix)); k, v = cur.Next() {
		var m mention
		if err := json.Unmarshal(v, &m); err != nil || len(m.Events) == 0 {
			return ledgerDamaged(fmt.Sprintf("a finding of %q cannot be read", k))
		}
		if err := fn(string(k), &m); err != nil {
			return err
		}
	}
	return nil
}

func putJSON(b *bbolt.Bucket, key []byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.Put(key, data)
}
