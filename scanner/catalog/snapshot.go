package catalog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"go.etcd.io/bbolt"
)

var errNoCatalogue = errors.New("there is no catalogue yet; a scan makes one")

// openReader takes a copy of the ledger and opens that. The index follows when
// a search needs it.
func (c *Catalog) openReader() error {
	if _, err := os.Stat(c.path(ledgerFile)); errors.Is(err, os.ErrNotExist) {
		return errNoCatalogue
	}
	var err error
	if c.copied, err = os.MkdirTemp("", "prescreen-read-"); err != nil {
		return err
	}
	copied := filepath.Join(c.copied, ledgerFile)
	if err := copyBolt(c.path(ledgerFile), copied); err != nil {
		return err
	}
	if err := c.openLedger(copied, bbolt.Options{ReadOnly: true, Timeout: time.Second}); err != nil {
		return err
	}
	if fresh, err := c.checkFormat(); err != nil || fresh {
		return cmp.Or(err, errNoCatalogue)
	}
	return c.view(func(tx *bbolt.Tx) error {
		n, _ := strconv.ParseUint(string(tx.Bucket(metaBucket).Get(epochKey)), 10, 32)
		c.epoch = uint32(n)
		return nil
	})
}

// copyBolt copies a bbolt file that another process may be writing. A commit
// writes only pages that the last one does not use, then one of the two meta
// pages at the start; so a copy during which the meta pages stayed the same is
// whole, and any other is taken again.
func copyBolt(src, dst string) error {
	for try := range 100 {
		same, err := tryCopyBolt(src, dst)
		if err != nil || same {
			return err
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
	return fmt.Errorf("%s changes faster than it can be copied; try again later", filepath.Base(src))
}

func tryCopyBolt(src, dst string) (same bool, err error) {
	in, err := os.Open(src)
	if err != nil {
		return false, err
	}
	defer in.Close()
	before, err := metaPages(in)
	if err != nil {
		return false, err
	}
	out, err := os.Create(dst)
	if err != nil {
		return false, err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return false, err
	}
	after, err := metaPages(in)
	return err == nil && bytes.Equal(before, after), err
}

// metaPages reads the two first pages, whatever their size up to 16 KiB.
func metaPages(f *os.File) ([]byte, error) {
	b := make([]byte, 2*16384)
	n, err := f.ReadAt(b, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b[:n], err
}

// searchIndex returns the index for searching; a reader links it first.
func (c *Catalog) searchIndex() (bleve.Index, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index != nil {
		return c.index, nil
	}
	if c.db == nil {
		return nil, errors.New("the catalogue is closed")
	}
	var err error
	for try := range 20 { // a segment may be merged away while it is being linked
		dir := filepath.Join(c.copied, "index"+strconv.Itoa(try))
		if err = linkIndex(c.path(indexDir), dir); err == nil {
			c.index, err = openStamped(dir, c.epoch, map[string]any{"read_only": true, "bolt_timeout": "2s"})
		}
		if err == nil {
			return c.index, nil
		}
		os.RemoveAll(dir)
		time.Sleep(time.Duration(try) * 5 * time.Millisecond)
	}
	return nil, fmt.Errorf("the index cannot be read (%w); the next scan makes it again", err)
}

// linkIndex makes a copy of a Bleve index that costs next to nothing: its
// segments never change, so links to them do; only the small list of segments,
// a bbolt file, is copied.
func linkIndex(src, dst string) error {
	if err := os.MkdirAll(filepath.Join(dst, "store"), 0o700); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(src, "index_meta.json"), filepath.Join(dst, "index_meta.json")); err != nil {
		return err
	}
	const list = "root.bolt"
	if err := copyBolt(filepath.Join(src, "store", list), filepath.Join(dst, "store", list)); err != nil {
		return err
	}
	segments, err := os.ReadDir(filepath.Join(src, "store"))
	if err != nil {
		return err
	}
	for _, s := range segments {
		if s.Name() == list {
			continue
		}
		if err := link(filepath.Join(src, "store", s.Name()), filepath.Join(dst, "store", s.Name())); err != nil {
			return err
		}
	}
	return nil
}

// link makes dst the same file as src, or a copy where the system or the disks
// do not allow that.
func link(src, dst string) error {
	if os.Link(src, dst) == nil {
		return nil
	}
	if abs, err := filepath.Abs(src); err == nil && os.Symlink(abs, dst) == nil {
		return nil
	}
	return copyFile(src, dst)
}

func copyFile(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(dst)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
