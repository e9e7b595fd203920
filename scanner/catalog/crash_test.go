package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// moments are the places between two writes at which a process can be killed in
// the second week. Each leaves the directory as the process would.
var moments = []struct {
	name     string
	note     string // said by the next writer
	reported bool   // whether the ledger then knows that the report was written
	leave    func(t *testing.T, c *Catalog, s *Scan)
}{
	{"begun", "cut short", false, func(t *testing.T, c *Catalog, s *Scan) {}},
	{"finished, report not known to be written", "Scan 2 was complete", false, func(t *testing.T, c *Catalog, s *Scan) {
		must(t, s.Finish())
	}},
	{"reported, not in the ledger", "index of scan 2", true, func(t *testing.T, c *Catalog, s *Scan) {
		must(t, s.Finish())
		must(t, s.log.seal(toldExt))
	}},
	{"half in the ledger", "index of scan 2", true, func(t *testing.T, c *Catalog, s *Scan) {
		must(t, s.Finish())
		must(t, s.log.seal(toldExt))
		a := &applier{c: c, at: progress{Scan: 2}, told: true}
		n, stop := 0, errors.New("killed")
		_, err := readLog(c.logPath(2, toldExt), a.load, func(e *entry) error {
			if n++; n > weekSize/2 {
				return stop
			}
			return errors.Join(a.take(e), a.flush())
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
	}},
	{"in the ledger, the log still told", "index of scan 2", true, func(t *testing.T, c *Catalog, s *Scan) {
		s.Reported()
		_, err := s.Commit()
		must(t, err)
		must(t, os.Rename(c.logPath(2, sealedExt), c.logPath(2, toldExt)))
	}},
	{"in the ledger, not in the index", "index of scan 2", true, func(t *testing.T, c *Catalog, s *Scan) {
		s.Reported()
		_, err := s.Commit()
		must(t, err)
	}},
	{"in the index, the log still there", "index of scan 2", true, func(t *testing.T, c *Catalog, s *Scan) {
		s.Reported()
		_, err := s.Commit()
		must(t, err)
		log, err := os.ReadFile(c.logPath(2, sealedExt))
		must(t, err)
		must(t, c.Index(context.Background(), nil))
		must(t, os.WriteFile(c.logPath(2, sealedExt), log, 0o600))
	}},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Killed between any two writes of a scan, a catalogue ends as that of an
// undisturbed run, and knows of a report only when it was surely written.
func TestKilledBetweenTwoWrites(t *testing.T) {
	base := t.TempDir()
	undisturbed := filepath.Join(base, "undisturbed")
	must(t, weeks(undisturbed))
	want := dump(t, undisturbed)
	for i, m := range moments {
		t.Run(m.name, func(t *testing.T) {
			dir := filepath.Join(base, fmt.Sprint(i))
			c := open(t, dir, Options{})
			about := info("2026-01-01")
			about.Complete = true
			scan(t, c, about, week(0)...)
			about.AsOf = "2026-01-02"
			s, err := c.Begin(about)
			must(t, err)
			for _, l := range week(1) {
				must(t, s.Add(screen(l), ContentHash(&l)))
			}
			m.leave(t, c, s)
			left := filepath.Join(base, fmt.Sprint(i, " left"))
			must(t, os.CopyFS(left, os.DirFS(dir))) // what a killed process leaves
			c = open(t, left, Options{})
			if notes := strings.Join(c.Notes(english(t)), "\n"); !strings.Contains(notes, m.note) {
				t.Errorf("the next writer says %q", notes)
			}
			reported := false
			must(t, c.view(func(tx *bbolt.Tx) error {
				k, _ := tx.Bucket(reportedBucket).Cursor().Seek(numberKey(2))
				reported = k != nil
				return nil
			}))
			if reported != m.reported {
				t.Errorf("report known to be written: %v", reported)
			}
			must(t, c.Close())
			must(t, weeks(left))
			if got := dump(t, left); got != want {
				t.Errorf("it differs from an undisturbed run:\n%s\n%s", got, want)
			}
		})
	}
}

// A log that was cut anywhere is told from one that is whole.
func TestCutLogs(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	s, err := c.Begin(info("2026-01-01"))
	must(t, err)
	l := listing("1", "Nike", "shoes")
	must(t, s.Add(screen(l), [32]byte{}))
	must(t, s.Finish())
	whole, err := os.ReadFile(c.logPath(1, openExt))
	must(t, err)
	path := filepath.Join(t.TempDir(), "cut.log")
	read := func(b []byte) error {
		must(t, os.WriteFile(path, b, 0o600))
		_, err := readLog(path, func(ScanInfo) error { return nil }, func(*entry) error { return nil })
		return err
	}
	if err := read(whole); err != nil {
		t.Fatalf("a whole log: %v", err)
	}
	for n := range whole {
		if err := read(whole[:n]); err == nil {
			t.Fatalf("a log cut after %d of %d bytes was taken for whole", n, len(whole))
		}
		changed := append([]byte(nil), whole...)
		changed[n] ^= 0x20
		if err := read(changed); err == nil {
			t.Fatalf("a log with byte %d changed was taken for whole", n)
		} else if strings.Contains(err.Error(), "\n") {
			t.Fatalf("more than one sentence: %q", err)
		}
	}
}

// A ledger of the format before is carried on, and from then on says so.
func TestOldFormatIsCarriedOn(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
	must(t, c.Close())
	setMeta(t, dir, "format", "1")
	must(t, open(t, dir, Options{ReadOnly: true}).Close())
	c = open(t, dir, Options{})
	if n := scan(t, c, info("2026-01-08"), listing("1", "Nike", "")); n != 0 {
		t.Errorf("%d screened again", n)
	}
	if current, err := c.hasFormat(); err != nil || !current {
		t.Errorf("the format is not the present one, %v", err)
	}
}
