package catalog

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/golang/snappy"
)

// A log's name is its scan's number and one of these.
const (
	openExt   = ".open"
	sealedExt = ".log"
)

// entry is one listing of a scan, as its log holds it.
type entry struct {
	Key      string
	Same     bool // nothing changed: only its presence counts
	State    [32]byte
	Reusable bool
	Findings []byte            // JSON of []scanner.Finding, nil when there are none
	Covers   map[string]string // fingerprint -> hash of the texts it stands in
	Doc      document
	End      bool // the last entry: the log is whole
}

// logWriter writes a scan's log: gob, compressed, ScanInfo first.
type logWriter struct {
	file *os.File
	snap *snappy.Writer
	gob  *gob.Encoder
}

func createLog(path string, info ScanInfo) (*logWriter, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &logWriter{file: f, snap: snappy.NewBufferedWriter(f)}
	w.gob = gob.NewEncoder(w.snap)
	return w, w.gob.Encode(info)
}

// seal ends the log, makes sure it is on disk, and gives it its final name.
func (w *logWriter) seal() error {
	open := w.file.Name()
	if err := errors.Join(w.gob.Encode(entry{End: true}), w.snap.Close(), w.file.Sync(), w.file.Close()); err != nil {
		return err
	}
	return os.Rename(open, strings.TrimSuffix(open, openExt)+sealedExt)
}

// discard throws the log away.
func (w *logWriter) discard() {
	w.file.Close()
	os.Remove(w.file.Name())
}

// readLog calls start with what a sealed log says of its scan, then each for
// every entry. An error of either ends it.
func readLog(path string, start func(ScanInfo) error, each func(*entry) error) (ScanInfo, error) {
	var info ScanInfo
	f, err := os.Open(path)
	if err != nil {
		return info, err
	}
	defer f.Close()
	damaged := func(err error) error {
		return fmt.Errorf("%s is damaged (%w); delete it to go on without that scan", path, err)
	}
	dec := gob.NewDecoder(bufio.NewReaderSize(snappy.NewReader(f), 1<<16))
	if err := dec.Decode(&info); err != nil {
		return info, damaged(err)
	}
	if err := start(info); err != nil {
		return info, err
	}
	for {
		var e entry
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return info, damaged(err)
		}
		if e.End {
			return info, nil
		}
		if err := each(&e); err != nil {
			return info, err
		}
	}
}

func (c *Catalog) logPath(n int, ext string) string {
	return c.path(pendingDir, fmt.Sprintf("%012d%s", n, ext))
}

// pending returns the numbers of the logs with the extension, ascending.
func (c *Catalog) pending(ext string) ([]int, error) {
	entries, err := os.ReadDir(c.path(pendingDir))
	if err != nil {
		return nil, err
	}
	var out []int
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ext)
		if n, err := strconv.Atoi(name); ok && err == nil {
			out = append(out, n)
		}
	}
	sort.Ints(out)
	return out, nil
}

// resume finishes what an earlier process left: an unsealed log is a scan that
// was cut short and is dropped, a sealed one goes into the ledger.
func (c *Catalog) resume() error {
	open, err := c.pending(openExt)
	if err != nil {
		return err
	}
	for _, n := range open {
		c.note("catalog.cut-short")
		if err := os.Remove(c.logPath(n, openExt)); err != nil {
			return err
		}
	}
	sealed, err := c.pending(sealedExt)
	if err != nil {
		return err
	}
	for _, n := range sealed {
		if err := c.apply(n); err != nil {
			return err
		}
		c.note("catalog.unindexed", "scan", n)
	}
	return nil
}
