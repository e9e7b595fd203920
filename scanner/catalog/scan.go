package catalog

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// ScanInfo says what a scan is about. RuleSetSHA, SettingsSHA and EngineVersion
// are all that decides findings besides the listing: when one differs from an
// earlier scan's, nothing is reused from that scan.
type ScanInfo struct {
	AsOf          string   // YYYY-MM-DD
	Stores        []string // stores the files belong to; those met in listings are added
	Complete      bool     // the files hold everything these stores sell: what is missing is gone
	RuleSetSHA    string
	SettingsSHA   string
	EngineVersion string
	Files         []string

	Started int64 // nanoseconds since 1970, set by Begin; tells two logs of one number apart
}

// Scan is a scan under way. Lookup may be called from many goroutines; Add too,
// but the order of calls decides which of two listings with one id is the first,
// so call it in input order.
type Scan struct {
	c    *Catalog
	n    int
	info ScanInfo
	mu   sync.Mutex
	log  *logWriter
	seen map[[16]byte][][32]byte // hash of store and id -> states added so far
}

// Begin starts a scan. There can be one at a time; end it with Commit or Abandon.
func (c *Catalog) Begin(info ScanInfo) (*Scan, error) {
	if c.opt.ReadOnly {
		return nil, errors.New("begin a scan: the catalogue is open for reading only")
	}
	if _, err := time.Parse(time.DateOnly, info.AsOf); err != nil {
		return nil, fmt.Errorf("begin a scan: as-of date %q is not YYYY-MM-DD", info.AsOf)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writing {
		return nil, errors.New("begin a scan: another one is under way")
	}
	records, err := c.records()
	if err != nil {
		return nil, fmt.Errorf("begin a scan: %w", err)
	}
	info.Started = time.Now().UnixNano()
	s := &Scan{c: c, n: 1, info: info, seen: map[[16]byte][][32]byte{}}
	if len(records) > 0 {
		s.n = records[len(records)-1].ID + 1
	}
	if s.log, err = createLog(c.logPath(s.n, openExt), info); err != nil {
		return nil, fmt.Errorf("begin a scan: %w", err)
	}
	c.writing = true
	return s, nil
}

// state hashes all that decides the findings of a listing.
func (s *Scan) state(content [32]byte) [32]byte {
	h := sha256.New()
	hashStrings(h, string(content[:]), s.info.RuleSetSHA, s.info.SettingsSHA, s.info.EngineVersion)
	return [32]byte(h.Sum(nil))
}

// Lookup returns the findings, before excuses, that an earlier scan stored for
// this very listing under the same rules, settings and engine; they are equal to
// what screening would give. ok is false when it must be screened. content is
// ContentHash(l).
func (s *Scan) Lookup(l *scanner.Listing, content [32]byte) (findings []scanner.Finding, ok bool) {
	want := s.state(content)
	err := s.c.view(func(tx *bbolt.Tx) error {
		listings := tx.Bucket(listingsBucket)
		for n := 0; ; n++ {
			b := listings.Get([]byte(listingKey(l.Store, l.ID, n)))
			r, found := decodeHead(b)
			if !found {
				return nil
			}
			if r.state != want || !r.reusable {
				continue
			}
			r, err := decodeRecord(b)
			if err != nil {
				return err
			}
			findings, err = decodeFindings(r.findings)
			ok = err == nil
			return err
		}
	})
	if err != nil {
		return nil, false // a damaged record is screened and written anew
	}
	for i := range findings { // rows may have moved while the content stayed
		f := &findings[i]
		if f.Field < 0 || f.Field >= len(l.Fields) {
			return nil, false
		}
		f.Row = l.Fields[f.Field].Row
	}
	return findings, ok
}

// Add records one screened or looked-up listing with its findings before
// excuses. content is ContentHash(&r.Listing). The same listing added twice with
// the same content counts once.
func (s *Scan) Add(r *scanner.Result, content [32]byte) error {
	state := s.state(content)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log == nil {
		return errors.New("add a listing: the scan has ended")
	}
	id := seenKey(listingKey(r.Listing.Store, r.Listing.ID, 0))
	if slices.Contains(s.seen[id], state) {
		return nil
	}
	key := listingKey(r.Listing.Store, r.Listing.ID, len(s.seen[id]))
	s.seen[id] = append(s.seen[id], state)
	e := entry{Key: key, State: state, Same: s.c.holds(key, state)}
	if !e.Same {
		if err := e.fill(r); err != nil {
			return fmt.Errorf("add listing %q: %w", r.Listing.ID, err)
		}
	}
	if err := s.log.gob.Encode(&e); err != nil {
		return fmt.Errorf("add listing %q: %w", r.Listing.ID, err)
	}
	return nil
}

func seenKey(key string) [16]byte {
	h := sha256.Sum256([]byte(key))
	return [16]byte(h[:16])
}

// holds tells whether ledger and index hold the listing in this very state.
func (c *Catalog) holds(key string, state [32]byte) bool {
	same := false
	err := c.view(func(tx *bbolt.Tx) error {
		r, err := decodeRecord(tx.Bucket(listingsBucket).Get([]byte(key)))
		same = err == nil && r.state == state && !r.gone && r.epoch == c.epoch
		return nil
	})
	return err == nil && same
}

func (e *entry) fill(r *scanner.Result) error {
	e.Reusable = reusable(r)
	e.Doc = newDocument(r)
	if len(r.Findings) == 0 {
		return nil
	}
	e.Covers = coverHashes(r)
	var err error
	e.Findings, err = json.Marshal(r.Findings)
	return err
}

// Abandon drops the scan and all that was added to it. After Commit it does nothing.
func (s *Scan) Abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log != nil {
		s.log.discard()
		s.end()
	}
}

func (s *Scan) end() {
	s.log, s.seen = nil, nil
	s.c.mu.Lock()
	s.c.writing = false
	s.c.mu.Unlock()
}

// Commit writes the scan into the ledger and returns its record. From here on
// nothing of it can be lost. The index is left to Index, so that the report need
// not wait for it. After an error the scan may stand in its log; the next Open
// then finishes it.
func (s *Scan) Commit() (Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log == nil {
		return Record{}, errors.New("commit a scan: it has ended")
	}
	log := s.log
	s.end()
	if err := log.seal(); err != nil {
		log.discard()
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	if err := s.c.apply(s.n); err != nil {
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	records, err := s.c.records()
	if err != nil || len(records) == 0 {
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	return records[len(records)-1], nil
}

// Reported says that the report of a scan is written. A scan that was never
// reported is not the base of a later comparison, so a crash between Commit and
// report hides nothing.
func (c *Catalog) Reported(r Record) error {
	return c.update(func(tx *bbolt.Tx) error {
		return tx.Bucket(reportedBucket).Put(numberKey(r.ID), nil)
	})
}
