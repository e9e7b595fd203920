package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"prescreen/scanner"
)

// smallDisk mounts a file system of 32 MB of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=32m"); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fillDisk takes all but the last free bytes of the disk.
func fillDisk(t *testing.T, dir string, free int64) (release func()) {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	must(t, err)
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	size, err := f.Seek(0, 1)
	must(t, err)
	must(t, f.Truncate(size-free))
	must(t, f.Close())
	return func() { must(t, os.Remove(path)) }
}

// oneSentence checks what a person is told.
func oneSentence(t *testing.T, err error, wants ...string) {
	t.Helper()
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("want one sentence, have %v", err)
	}
	for _, w := range wants {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q lacks %q", err, w)
		}
	}
}

// A disk that fills up while listings come, before the ledger takes them, or
// before the catalogue opens: one sentence each, and nothing that was committed
// is lost.
func TestFullDisk(t *testing.T) {
	disk := smallDisk(t)
	dir := filepath.Join(disk, "c")
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
	var list []scanner.Listing
	for i := range 1500 {
		list = append(list, listing(fmt.Sprint(i), "Nike thing", strings.Repeat("text ", 200)))
	}
	add := func(c *Catalog, asOf string) (*Scan, error) {
		s, err := c.Begin(info(asOf))
		must(t, err)
		for _, l := range list {
			if err := s.Add(screen(l), ContentHash(&l)); err != nil {
				return s, err
			}
		}
		return s, s.Finish()
	}

	release := fillDisk(t, disk, 200<<10)
	s, err := add(c, "2026-01-08")
	oneSentence(t, err, "no space left on device", "pending")
	s.Abandon()
	release()
	check := func(scans int) {
		t.Helper()
		if v, err := c.Verify(); err != nil || len(v.Problems) > 0 || v.Scans != scans {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	check(1)

	s, err = add(c, "2026-01-08")
	must(t, err)
	release = fillDisk(t, disk, 0)
	s.Reported()
	_, err = s.Commit()
	oneSentence(t, err, "no space left on device")
	must(t, c.Close())
	_, err = Open(dir, Options{})
	oneSentence(t, err, "no space left on device")
	release()
	c = open(t, dir, Options{})
	must(t, c.Index(t.Context(), nil))
	check(2) // the scan was in its log
	h, err := c.History(HistoryOptions{})
	if err != nil || h == nil || len(h.New) != len(list)-1 || len(h.Open) != 1 {
		t.Errorf("%v", err)
	}
}

// A disk that fills up while the index takes a scan: one sentence, the ledger
// has the scan, and the next run completes the index, however little room there is.
func TestFullDiskWhileIndexing(t *testing.T) {
	disk := smallDisk(t)
	var list []scanner.Listing
	for i := range 3000 {
		list = append(list, listing(fmt.Sprint(i), fmt.Sprint("Nike thing ", i), strings.Repeat(fmt.Sprint("text ", i, " "), 60)))
	}
	for i, free := range []int64{0, 100 << 10, 1 << 20} {
		dir := filepath.Join(disk, fmt.Sprint(i))
		c := open(t, dir, Options{})
		scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
		commit(t, c, "2026-01-08", list)
		release := fillDisk(t, disk, free)
		err := c.Index(t.Context(), nil)
		oneSentence(t, err, "no space left on device", "index scan 2")
		c.Close() // what it cannot flush is in the log
		release()
		c = open(t, dir, Options{})
		if scans, err := c.Scans(); err != nil || len(scans) != 2 {
			t.Errorf("%d KB free: %d scans, %v", free>>10, len(scans), err)
		}
		scan(t, c, info("2026-01-15"), list[0])
		if v, err := c.Verify(); err != nil || len(v.Problems) > 0 || v.NotIndexed > 0 {
			t.Errorf("%d KB free: %+v, %v", free>>10, v, err)
		}
		if hits, err := c.Search("thing", SearchOptions{}); err != nil || hits.Total != len(list) {
			t.Errorf("%d KB free: %d found, %v", free>>10, hits.Total, err)
		}
		must(t, c.Close())
		must(t, os.RemoveAll(dir))
	}
}

// Others fill the disk while the index takes a scan: it stops before Bleve is
// without room.
func TestDiskFilledWhileIndexing(t *testing.T) {
	disk := smallDisk(t)
	var list []scanner.Listing
	for i := range 8 * batchSize {
		list = append(list, listing(fmt.Sprint(i), fmt.Sprint("thing ", i), "text"))
	}
	dir := filepath.Join(disk, "c")
	c := open(t, dir, Options{Workers: 1})
	commit(t, c, "2026-01-08", list)
	var release func()
	err := c.Index(t.Context(), func(int, int) {
		if release == nil {
			release = fillDisk(t, disk, spareRoom-4096)
		}
	})
	oneSentence(t, err, "no space left on device", "index scan 1", "needs 4 MB of room")
	must(t, c.Close())
	release()
	c = open(t, dir, Options{})
	must(t, c.Index(t.Context(), nil))
	if v, err := c.Verify(); err != nil || len(v.Problems) > 0 || v.Scans != 1 || v.Listings != len(list) {
		t.Errorf("%+v, %v", v, err)
	}
}

// A disk that nobody may write to: a writer is told so, a reader reads.
func TestReadOnlyDisk(t *testing.T) {
	disk := smallDisk(t)
	dir := filepath.Join(disk, "c")
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
	must(t, c.Close())
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	_, err := Open(dir, Options{})
	oneSentence(t, err, "open catalogue", "read-only file system")
	_, err = Open(filepath.Join(disk, "new"), Options{})
	oneSentence(t, err, "open catalogue", "read-only file system")
	r := open(t, dir, Options{ReadOnly: true})
	if hits, err := r.Search("nike", SearchOptions{}); err != nil || hits.Total != 1 {
		t.Errorf("a reader: %+v, %v", hits, err)
	}
}
