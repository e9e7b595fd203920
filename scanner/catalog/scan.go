package catalog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
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
	Packs         []string // name and version of each rule pack, for evidence

	Started int64 // nanoseconds since 1970, set by Begin; tells two logs of one number apart
}

// state hashes all that decides the findings of a listing.
func (i *ScanInfo) state(content [32]byte) [32]byte {
	h := sha256.New()
	hashStrings(h, string(content[:]), i.RuleSetSHA, i.SettingsSHA, i.EngineVersion)
	return [32]byte(h.Sum(nil))
}

// decidedBy tells whether a scan on record was decided by the same rules,
// settings and engine.
func (i *ScanInfo) decidedBy(r Record) bool {
	return r.RuleSetSHA == i.RuleSetSHA && r.SettingsSHA == i.SettingsSHA && r.EngineVersion == i.EngineVersion
}

// Scan is a scan under way: Add its listings, Finish, ask for the History, write
// the report, say that it is Reported, Commit. Lookup may be called from many
// goroutines; Add too, but the order of calls decides which of two listings with
// one id is the first, so call it in input order. A goroutine of its own writes
// what was added, so that the report waits neither for hashing nor for the disk.
type Scan struct {
	c      *Catalog
	n      int
	info   ScanInfo
	fresh  bool // nothing on record was decided by the same rules, settings and engine
	mu     sync.Mutex
	log    *logWriter // nil when the scan has ended
	seed   maphash.Seed
	seen   map[uint64]copies
	stores map[string]bool // met in listings
	batch  []added
	queue  chan []added // nil when finished
	done   chan struct{}
	err    error // of the goroutine, set before done is closed
	told   bool

	failed chan struct{} // closed when the goroutine meets an error
}

// copies are the contents seen of listings with one id, as hashes.
type copies struct {
	first uint64
	more  []uint64
}

// added is a listing on its way to the log.
type added struct {
	n       int // how many of its id came before
	content [32]byte
	result  scanner.Result
}

// addBatch is how many listings are handed over at a time, addQueue how many
// such batches can wait.
const (
	addBatch = 128
	addQueue = 8
)

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
	s := &Scan{c: c, n: 1, info: info, fresh: !slices.ContainsFunc(records, info.decidedBy), seed: maphash.MakeSeed(),
		seen: map[uint64]copies{}, stores: map[string]bool{}, queue: make(chan []added, addQueue), done: make(chan struct{}), failed: make(chan struct{})}
	if len(records) > 0 {
		s.n = records[len(records)-1].ID + 1
	}
	if s.log, err = createLog(c.logPath(s.n, openExt), info); err != nil {
		return nil, fmt.Errorf("begin a scan: %w", err)
	}
	c.writing = true
	go s.write(s.log, s.queue)
	return s, nil
}

// Fresh tells that Lookup cannot find anything: no scan on record was decided by
// the same rules, settings and engine. Add then needs no content hash.
func (s *Scan) Fresh() bool { return s.fresh }

// Lookup returns the findings, before excuses, that an earlier scan stored for
// this very listing under the same rules, settings and engine; they are equal to
// what screening would give. ok is false when it must be screened. content is
// ContentHash(l).
func (s *Scan) Lookup(l *scanner.Listing, content [32]byte) (findings []scanner.Finding, ok bool) {
	if s.fresh {
		return nil, false
	}
	want := s.info.state(content)
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
// excuses; neither may be written to afterwards. content is
// ContentHash(&r.Listing), or zero when the scan is Fresh. The same listing added
// twice with the same content counts once. An error may be of an earlier call.
func (s *Scan) Add(r *scanner.Result, content [32]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue == nil {
		return errors.New("add a listing: the scan has ended")
	}
	n, again := s.count(&r.Listing)
	if again {
		return nil
	}
	if !s.stores[r.Listing.Store] {
		s.stores[plainKey(r.Listing.Store)] = true
	}
	s.batch = append(s.batch, added{n, content, *r})
	if len(s.batch) < addBatch {
		return nil
	}
	return s.send()
}

// count tells how many other listings with the id of l came before, and whether
// this very one did.
func (s *Scan) count(l *scanner.Listing) (n int, again bool) {
	var h maphash.Hash
	h.SetSeed(s.seed)
	id := sumStrings(&h, l.Store, l.ID)
	for _, t := range []string{l.Category, l.Supplier, l.Marketplace} {
		writeString(&h, t)
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		writeString(&h, string(f.Role))
		writeString(&h, f.Column)
		writeString(&h, f.Text)
	}
	content := h.Sum64()
	have, ok := s.seen[id]
	switch {
	case !ok:
		s.seen[id] = copies{first: content}
		return 0, false
	case have.first == content || slices.Contains(have.more, content):
		return 0, true
	}
	have.more = append(have.more, content)
	s.seen[id] = have
	return len(have.more), false
}

func sumStrings(h *maphash.Hash, list ...string) uint64 {
	for _, s := range list {
		writeString(h, s)
	}
	return h.Sum64()
}

// writeString writes a text and an end that no text of UTF-8 holds.
func writeString(h *maphash.Hash, s string) {
	h.WriteString(s)
	h.WriteByte(0xFF)
}

// send hands the batch to the goroutine that writes.
func (s *Scan) send() error {
	select {
	case s.queue <- s.batch:
		s.batch = make([]added, 0, addBatch)
		return nil
	case <-s.failed:
		<-s.done
		return fmt.Errorf("add a listing: %w", s.err)
	}
}

// write puts what is added into the log until the queue ends, then ends the log.
func (s *Scan) write(log *logWriter, queue <-chan []added) {
	defer close(s.done)
	for batch := range queue {
		for i := range batch {
			if s.err = s.put(log, &batch[i]); s.err != nil {
				close(s.failed)
				return
			}
		}
	}
	s.err = log.end()
}

func (s *Scan) put(log *logWriter, a *added) error {
	l := &a.result.Listing
	key := listingKey(l.Store, l.ID, a.n)
	var state [32]byte
	if !s.fresh {
		state = s.info.state(a.content)
		if s.c.holds(key, state) {
			return log.same(key)
		}
	}
	return log.result(key, state, &a.result)
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

// Finish says that everything was added, and waits until it is written. From
// here on a killed process loses nothing of the scan. Calling it again does nothing.
func (s *Scan) Finish() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.finish()
}

func (s *Scan) finish() error {
	if s.log == nil {
		return errors.New("finish a scan: it has ended")
	}
	if s.queue != nil {
		if len(s.batch) > 0 {
			if err := s.send(); err != nil {
				return err
			}
		}
		close(s.queue)
		s.queue = nil
	}
	<-s.done
	if s.err != nil {
		return fmt.Errorf("finish a scan: %w", s.err)
	}
	return nil
}

// Reported says that the report stands. A scan that was never reported is not
// the base of a later comparison, so a crash before its report hides nothing.
func (s *Scan) Reported() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = true
}

// Abandon drops the scan and all that was added to it. After Commit it does nothing.
func (s *Scan) Abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log == nil {
		return
	}
	if s.queue != nil {
		close(s.queue)
		s.queue = nil
	}
	<-s.done
	s.log.discard()
	s.end()
}

func (s *Scan) end() {
	s.log, s.seen, s.batch = nil, nil, nil
	s.c.mu.Lock()
	s.c.writing = false
	s.c.mu.Unlock()
}

// Commit writes the scan into the ledger and returns its record. The index is
// left to Index. After an error the scan may stand in its log; the next Open
// then finishes it.
func (s *Scan) Commit() (Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.log == nil {
		return Record{}, errors.New("commit a scan: it has ended")
	}
	if err := s.finish(); err != nil {
		s.log.discard()
		s.end()
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	log, ext := s.log, sealedExt
	if s.told {
		ext = toldExt
	}
	s.end()
	if err := log.seal(ext); err != nil {
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	if err := s.c.apply(s.n, ext); err != nil {
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	records, err := s.c.records()
	if err != nil || len(records) == 0 {
		return Record{}, fmt.Errorf("commit a scan: %w", err)
	}
	return records[len(records)-1], nil
}

// resume finishes what an earlier process left. A log that is not whole is a
// scan that was cut short and is dropped; every other goes into the ledger. One
// that was never committed counts as not reported, whether it was or not.
func (c *Catalog) resume() error {
	open, err := c.pending(openExt)
	if err != nil {
		return err
	}
	for _, n := range open {
		if err := c.rescue(n); err != nil {
			return err
		}
	}
	for _, ext := range []string{sealedExt, toldExt} { // of the second there is none but the last
		logs, err := c.pending(ext)
		if err != nil {
			return err
		}
		for _, n := range logs {
			if err := whole(c.logPath(n, ext)); err != nil {
				return err
			}
			if err := c.apply(n, ext); err != nil {
				return err
			}
			c.note("catalog.unindexed", "scan", n)
		}
	}
	if cut, err := c.forgetting(); err != nil || cut == nil {
		return err
	}
	c.note("catalog.forget-cut-short")
	return nil
}

// rescue commits a log that was never committed if it is whole, else drops it.
func (c *Catalog) rescue(n int) error {
	path := c.logPath(n, openExt)
	if err := whole(path); err != nil {
		c.note("catalog.cut-short")
		return os.Remove(path)
	}
	c.note("catalog.rescued", "scan", n)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return (&logWriter{file: f}).seal(sealedExt)
}
