// Package catalog remembers what was seen, found and decided, and when. A
// catalogue is one directory:
//
//	ledger.db    bbolt: scans, listings, findings before excuses, decisions
//	pending/     logs of scans not yet (fully) in ledger and index
//	index/       the Bleve index that search reads
//	writer       who writes at the moment: process id and start time
//
// A scan is first written to a log. Commit seals the log and copies it into the
// ledger; Index copies it into the Bleve index and deletes it. Both copies can
// be repeated, so a process killed at any moment loses at most the scan that was
// not committed, and the next writer finishes the rest:
//
//	Add ──> pending/N.open ──seal──> pending/N.log ──> ledger ──> index ──> deleted
//	         (lost when killed)       (finished by the next writer)
//
// bbolt rather than SQLite: it is already among Bleve's dependencies, needs no
// C, and its file lock is the lock of the whole directory.
//
// Readers take no lock. They copy the ledger (checking that no commit fell into
// the copy) and link the index's immutable segments, so a reader never waits for
// a writer nor a writer for a reader.
package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"prescreen/scanner"
)

const (
	ledgerFile = "ledger.db"
	pendingDir = "pending"
	indexDir   = "index"
	writerFile = "writer"
)

// ledgerOptions is how a writer opens the ledger. The lock is the catalogue's:
// who does not get it at once is told who has it.
var ledgerOptions = bbolt.Options{Timeout: 200 * time.Millisecond, FreelistType: bbolt.FreelistMapType}

// Options says how a catalogue is opened. The zero value opens it for writing.
type Options struct {
	ReadOnly bool // look only; the directory must hold a catalogue
	Workers  int  // goroutines that index; 0 picks two, or one on one processor
}

// Catalog is an open catalogue. It is safe for concurrent use, except that only
// one Scan can be under way at a time and that Forget must run alone.
type Catalog struct {
	dir     string
	opt     Options
	db      *bbolt.DB
	copied  string // temporary directory with a reader's copy
	notes   []note
	mu      sync.Mutex
	index   bleve.Index // opened when first needed
	epoch   uint32      // generation of the index, see index.go
	writing bool        // a Scan is under way
}

// note is something found on opening that a person should know.
type note struct {
	id    string
	pairs []any
}

// BusyError says that another process is writing to the catalogue.
type BusyError struct {
	Dir   string
	PID   int       // 0 when not known
	Since time.Time // start of the other process's writing
}

// Error names the other process.
func (e *BusyError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("open catalogue %s: another process is writing to it", e.Dir)
	}
	return fmt.Sprintf("open catalogue %s: process %d has been writing to it since %s; wait for it, or use --no-catalog",
		e.Dir, e.PID, e.Since.Format("2006-01-02 15:04:05"))
}

// writer is the content of the writer file.
type writer struct {
	PID     int
	Started time.Time
}

// Open opens the catalogue in dir. For writing it makes the directory (0700,
// with a .gitignore of *) when there is none, and finishes what a killed process
// left behind; Notes tells. Errors: a *BusyError while another process writes; a
// directory that holds other files, a damaged ledger, a newer format, or for a
// reader no catalogue at all, one sentence each.
func Open(dir string, opt Options) (*Catalog, error) {
	if err := registerTokenizer(); err != nil {
		return nil, fmt.Errorf("open catalogue %s: %w", dir, err)
	}
	c := &Catalog{dir: dir, opt: opt}
	open := c.openWriter
	if opt.ReadOnly {
		open = c.openReader
	}
	if err := open(); err != nil {
		c.Close()
		var busy *BusyError
		if errors.As(err, &busy) {
			return nil, busy
		}
		return nil, fmt.Errorf("open catalogue %s: %w", dir, err)
	}
	return c, nil
}

// Dir returns the directory as it was named to Open.
func (c *Catalog) Dir() string { return c.dir }

// Notes says in lang what was found on opening: a scan cut short, an index
// completed or begun anew. Empty when all was in order.
func (c *Catalog) Notes(lang *scanner.Language) []string {
	var out []string
	for _, n := range c.notes {
		out = append(out, lang.Say(n.id, n.pairs...))
	}
	return out
}

func (c *Catalog) note(id string, pairs ...any) {
	c.notes = append(c.notes, note{id, pairs})
}

// Close releases the catalogue. A scan under way is lost; whatever was committed
// stays. Calling it again does nothing.
func (c *Catalog) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	if c.index != nil {
		errs = append(errs, c.index.Close())
		c.index = nil
	}
	if c.db != nil {
		if !c.opt.ReadOnly {
			os.Remove(filepath.Join(c.dir, writerFile))
		}
		errs = append(errs, c.db.Close())
		c.db = nil
	}
	if c.copied != "" {
		errs = append(errs, os.RemoveAll(c.copied))
		c.copied = ""
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close catalogue %s: %w", c.dir, err)
	}
	return nil
}

func (c *Catalog) path(elem ...string) string {
	return filepath.Join(append([]string{c.dir}, elem...)...)
}

func (c *Catalog) openWriter() error {
	if err := c.makeDir(); err != nil {
		return err
	}
	err := c.openLedger(c.path(ledgerFile), ledgerOptions)
	if errors.Is(err, berrors.ErrTimeout) {
		return c.busy()
	}
	if err != nil {
		return err
	}
	self, err := json.Marshal(writer{os.Getpid(), time.Now()})
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.path(writerFile), self, 0o600); err != nil {
		return err
	}
	if err := c.prepareLedger(); err != nil {
		return err
	}
	if err := c.openIndex(); err != nil {
		return err
	}
	return c.resume()
}

// busy names the process that holds the lock.
func (c *Catalog) busy() error {
	e := &BusyError{Dir: c.dir}
	var w writer
	if b, err := os.ReadFile(c.path(writerFile)); err == nil && json.Unmarshal(b, &w) == nil {
		e.PID, e.Since = w.PID, w.Started
	}
	return e
}

// makeDir makes a new catalogue's directory. One that is in use for something
// else is refused, because forgetting and rebuilding delete files.
func (c *Catalog) makeDir() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == name })
	}
	for _, e := range entries {
		if !has(ledgerFile) && e.Name() != pendingDir && e.Name() != ".gitignore" {
			return fmt.Errorf("it holds %s and no %s, so it is no catalogue; name a new or empty directory", e.Name(), ledgerFile)
		}
	}
	if err := os.MkdirAll(c.path(pendingDir), 0o700); err != nil {
		return err
	}
	if has(".gitignore") {
		return nil
	}
	return os.WriteFile(c.path(".gitignore"), []byte("*\n"), 0o600)
}
