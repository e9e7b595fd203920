package catalog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

var errKilled = errors.New("killed")

// twoStores makes a catalogue of two stores; the title of each listing in "us"
// holds the word quokkas.
func twoStores(t *testing.T, dir string) *Catalog {
	t.Helper()
	c := open(t, dir, Options{})
	var us []scanner.Listing
	for i := range 5 {
		l := listing(fmt.Sprint(i), "Nike quokkas", "")
		l.Store = "us"
		us = append(us, l)
	}
	scan(t, c, info("2026-01-01"), us...)
	must(t, c.Index(t.Context(), nil))
	scan(t, c, info("2026-01-02"), listing("1", "common Nike", ""), listing("2", "common Lego", ""))
	must(t, c.Index(t.Context(), nil))
	return c
}

// Killed between any two writes of a deletion, the catalogue is whole, the next
// run says so and completes it: nothing forgotten stays on the disk, and nothing
// else is lost.
func TestForgetKilledBetweenTwoWrites(t *testing.T) {
	gone := Forgot{Store: "us"}
	week := func(c *Catalog) {
		scan(t, c, info("2026-01-09"), listing("1", "common Nike", ""), listing("2", "common N1ke", ""))
		must(t, c.Index(t.Context(), nil))
		must(t, c.Close())
	}
	undisturbed := filepath.Join(t.TempDir(), "c")
	c := twoStores(t, undisturbed)
	_, err := c.Forget(t.Context(), ForgetOptions{Store: "us", AsOf: "2026-01-03"})
	must(t, err)
	week(c)
	want := dump(t, undisturbed)

	names := []string{"in the ledger", "out of the index", "index rewritten", "words deleted"}
	for done, name := range names {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "c")
			c := twoStores(t, dir)
			records, err := c.records()
			must(t, err)
			f := gone
			must(t, c.update(func(tx *bbolt.Tx) error { return f.delete(tx, "2026-01-03", records) }))
			for _, step := range c.forgetSteps(t.Context())[:done+1] {
				must(t, step())
			}
			must(t, os.WriteFile(c.path(ledgerFile+".new"), []byte("half a file of quokkas"), 0o600))
			must(t, c.Close())

			c = open(t, dir, Options{})
			if notes := strings.Join(c.Notes(english(t)), "\n"); !strings.Contains(notes, "A deletion was cut short") {
				t.Errorf("the next run says %q", notes)
			}
			if v, err := c.Verify(); err != nil || len(v.Problems) != 1 || !strings.Contains(v.Problems[0], "the next scan completes it") {
				t.Errorf("before it is completed: %q, %v", v.Problems, err)
			}
			week(c)
			if got := dump(t, dir); got != want {
				t.Errorf("it differs from an undisturbed run:\n%s\n%s", got, want)
			}
			if files := holding(t, dir, "quokkas"); len(files) > 0 {
				t.Errorf("the forgotten text stays in %v", files)
			}
			c = open(t, dir, Options{})
			if cut, err := c.CompleteForget(t.Context()); err != nil || cut != nil {
				t.Errorf("still not complete: %v, %v", cut, err)
			}
		})
	}
}

// A deletion that was cut short can be completed at once, without a scan.
func TestCompleteForget(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	c := twoStores(t, dir)
	records, err := c.records()
	must(t, err)
	f := Forgot{Store: "us"}
	must(t, c.update(func(tx *bbolt.Tx) error { return f.delete(tx, "2026-01-03", records) }))
	must(t, c.Close())
	if len(holding(t, dir, "quokkas")) == 0 {
		t.Fatal("the text is nowhere to be found before the deletion is complete")
	}
	c = open(t, dir, Options{})
	cut, err := c.CompleteForget(t.Context())
	if err != nil || cut == nil || cut.Store != "us" || cut.Listings != 5 {
		t.Fatalf("%+v, %v", cut, err)
	}
	must(t, c.Close())
	if files := holding(t, dir, "quokkas"); len(files) > 0 {
		t.Errorf("the forgotten text stays in %v", files)
	}
}

// commitOnly scans into the ledger and leaves the index as it is.
func commitOnly(t *testing.T, c *Catalog, about ScanInfo, list ...scanner.Listing) {
	t.Helper()
	s, err := c.Begin(about)
	must(t, err)
	for _, l := range list {
		must(t, s.Add(screen(l), ContentHash(&l)))
	}
	_, err = s.Commit()
	must(t, err)
}

// Killed between any two writes while gone listings leave the index: the next
// scan carries on, and a listing that has come back meanwhile is found.
func TestUnindexKilledBetweenTwoWrites(t *testing.T) {
	moments := []struct {
		name  string
		leave func(c *Catalog)
	}{
		{"out of the index, both logs there", func(c *Catalog) {}},
		{"the first log removed", func(c *Catalog) { must(t, os.Remove(c.logPath(1, sealedExt))) }},
		{"both logs removed, the list still there", func(c *Catalog) {
			must(t, os.Remove(c.logPath(1, sealedExt)))
			must(t, os.Remove(c.logPath(2, sealedExt)))
		}},
	}
	for _, m := range moments {
		for _, back := range []bool{false, true} {
			t.Run(fmt.Sprint(m.name, ", back ", back), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "c")
				c := open(t, dir, Options{})
				stays, goes := listing("1", "Nike stays", ""), listing("2", "Nike goes", "")
				about := info("2026-01-01")
				about.Complete = true
				commitOnly(t, c, about, stays, goes)
				about.AsOf = "2026-01-08"
				commitOnly(t, c, about, stays)
				x := &indexer{c: c}
				must(t, x.log(t.Context(), 1))
				must(t, x.log(t.Context(), 2))
				keys, err := c.goneKeys()
				if err != nil || len(keys) != 1 {
					t.Fatal(keys, err)
				}
				must(t, c.index.Delete(keys[0]))
				m.leave(c)
				must(t, c.Close())

				c = open(t, dir, Options{})
				about.AsOf = "2026-01-15"
				list, want := []scanner.Listing{stays}, "1"
				if back {
					list, want = append(list, goes), "1 2"
				}
				scan(t, c, about, list...)
				must(t, c.Index(t.Context(), nil))
				hits, err := c.Search("nike", SearchOptions{Size: -1})
				must(t, err)
				var ids []string
				for _, h := range hits.Hits {
					ids = append(ids, h.ID)
				}
				slices.Sort(ids)
				if got := strings.Join(ids, " "); got != want {
					t.Errorf("found %q, want %q", got, want)
				}
				if v, err := c.Verify(); err != nil || len(v.Problems) > 0 || v.NotIndexed > 0 || v.Scans != 3 {
					t.Errorf("%+v, %v", v, err)
				}
				if keys, err := c.goneKeys(); err != nil || len(keys) > 0 {
					t.Errorf("still to be taken out: %v, %v", keys, err)
				}
			})
		}
	}
}

// Killed while decisions of a report are read back: all or none are there, and
// reading the report again adds what is missing and nothing twice.
func TestDecisionsKilledBetweenTwoWrites(t *testing.T) {
	for _, stored := range []bool{false, true} {
		t.Run(fmt.Sprint("stored ", stored), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "c")
			c := open(t, dir, Options{})
			l := listing("1", "Nike and Lego", "")
			scan(t, c, info("2026-01-01"), l)
			var list []Decision
			for _, f := range screen(l).Findings {
				list = append(list, Decision{Fingerprint: f.Fingerprint, Verdict: Accept, Reason: "ours", Person: "Ann", On: "2026-01-02", Report: "2026-01-01"})
			}
			err := c.update(func(tx *bbolt.Tx) error {
				_, err := record(tx, list)
				return errors.Join(err, errKilled)
			})
			if !errors.Is(err, errKilled) {
				t.Fatal(err)
			}
			first := len(list)
			if stored {
				n, err := c.Decide(list...)
				if err != nil || n != first {
					t.Fatal(n, err)
				}
				first = 0
			}
			must(t, c.Close())
			c = open(t, dir, Options{})
			for i := range list {
				list[i].On = "2026-01-09" // the day it is read again
			}
			if n, err := c.Decide(list...); err != nil || n != first {
				t.Errorf("read again: %d recorded, %v, want %d", n, err, first)
			}
			if have, err := c.Decisions(); err != nil || len(have) != len(list) {
				t.Errorf("%d decisions of %d, %v", len(have), len(list), err)
			}
			scan(t, c, info("2026-01-15"), l)
			must(t, c.Index(t.Context(), nil))
			if v, err := c.Verify(); err != nil || len(v.Problems) > 0 {
				t.Errorf("%v, %v", v.Problems, err)
			}
		})
	}
}
