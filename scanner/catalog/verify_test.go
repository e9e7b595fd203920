package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"go.etcd.io/bbolt"
)

// two makes a catalogue with three scans of two stores.
func two(t *testing.T) *Catalog {
	t.Helper()
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	a, b, other := listing("a", "Nike", "secretword"), listing("b", "Lego", ""), listing("a", "N1ke", "otherword")
	other.Store = "us"
	scan(t, c, info("2026-01-01"), a, b, other)
	scan(t, c, info("2026-02-01"), listing("a", "shoes", "secretword"), b, other)
	scan(t, c, info("2026-03-01"), listing("a", "Nike", "secretword"), listing("b", "bricks", ""), other)
	return c
}

func TestEvidence(t *testing.T) {
	c := two(t)
	if _, err := c.Decide(Decision{Fingerprint: screen(listing("a", "Nike", "")).Findings[0].Fingerprint, Verdict: AskSupplier, Person: "Li", On: "2026-03-02"}); err != nil {
		t.Fatal(err)
	}
	tell := func(mark, since string) string {
		e, err := c.Evidence(mark, since)
		if err != nil {
			t.Fatal(err)
		}
		scans, err := c.Scans()
		if err != nil || e.Head != scans[len(scans)-1].Hash {
			t.Errorf("head %q, %v", e.Head, err)
		}
		var out []string
		for _, l := range e.Listings {
			for _, m := range l.Mentions {
				steps := ""
				for _, s := range m.Steps {
					steps += fmt.Sprintf(" %s %s %s,", s.Date, s.What, s.Level)
				}
				out = append(out, fmt.Sprintf("%s/%s %s:%s %d decisions", l.Store, l.ID, m.Text, steps, len(m.Decisions)))
			}
		}
		return strings.Join(out, "; ") + fmt.Sprintf(" in %d scans", len(e.Scans))
	}
	for _, test := range []struct{ mark, since, want string }{
		{"NIKE", "", "eu/a Nike: 2026-01-01 found high, 2026-02-01 fixed none, 2026-03-01 back high, 1 decisions; us/a N1ke: 2026-01-01 found critical, 0 decisions in 3 scans"},
		{"tm-lego", "2026-02-15", "eu/b Lego: 2026-01-01 found medium, 2026-03-01 fixed none, 0 decisions in 1 scans"},
		{"Lego", "2026-04-01", " in 0 scans"},
		{"Puma", "", " in 3 scans"},
	} {
		if got := tell(test.mark, test.since); got != test.want {
			t.Errorf("%s since %q:\n%s\n%s", test.mark, test.since, got, test.want)
		}
	}
	if _, err := c.Evidence("Nike", "March"); err == nil {
		t.Error("a date that is none was taken")
	}
}

func TestVerify(t *testing.T) {
	for _, test := range []struct {
		name   string
		tamper func(tx *bbolt.Tx) error
		index  func(bleve.Index) error
		want   string // "" for no problem
	}{
		{name: "whole"},
		{name: "a record edited", want: "scan 2 was changed", tamper: func(tx *bbolt.Tx) error {
			b := tx.Bucket(scansBucket)
			return b.Put(numberKey(2), bytes.Replace(b.Get(numberKey(2)), []byte("2026-02-01"), []byte("2026-01-15"), 1))
		}},
		{name: "a record removed", want: "no record of the scans between 1 and 3", tamper: func(tx *bbolt.Tx) error {
			b := tx.Bucket(scansBucket)
			var r Record
			if err := tx.Bucket(scansBucket).Delete(numberKey(2)); err != nil {
				return err
			}
			records := []Record{}
			for _, n := range []int{1, 3} {
				if err := jsonAt(b, numberKey(n), &r); err != nil {
					return err
				}
				records = append(records, r)
			}
			return appendRecord(tx, records[1], records[:1])
		}},
		{name: "a finding removed", want: `findings of store "us" that scan 1 entered`, tamper: func(tx *bbolt.Tx) error {
			k, _ := tx.Bucket(findingsBucket).Cursor().Last()
			return tx.Bucket(findingsBucket).Delete(k)
		}},
		{name: "a finding backdated", want: "findings of store", tamper: func(tx *bbolt.Tx) error {
			k, v := tx.Bucket(findingsBucket).Cursor().First()
			return tx.Bucket(findingsBucket).Put(k, bytes.Replace(v, []byte(`"Scan":3`), []byte(`"Scan":1`), 1))
		}},
		{name: "a listing damaged", want: `listing "a" of store "eu" is damaged`, tamper: func(tx *bbolt.Tx) error {
			k, v := tx.Bucket(listingsBucket).Cursor().First()
			v = bytes.Clone(v)
			v[len(v)-1] ^= 1
			return tx.Bucket(listingsBucket).Put(k, v)
		}},
		{name: "a document too few", want: `listing "b" of store "eu" is in the ledger and not in the index`,
			index: func(i bleve.Index) error { return i.Delete(listingKey("eu", "b", 0)) }},
		{name: "a document too many", want: `listing "z" of store "eu" is in the index and not in the ledger`,
			index: func(i bleve.Index) error { return i.Index(listingKey("eu", "z", 0), map[string]any{"title": "x"}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := two(t)
			if test.tamper != nil {
				if err := c.update(test.tamper); err != nil {
					t.Fatal(err)
				}
			}
			if test.index != nil {
				if err := test.index(c.index); err != nil {
					t.Fatal(err)
				}
			}
			v, err := c.Verify()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(v.Problems, "\n"); got != test.want && (test.want == "" || !strings.Contains(got, test.want)) {
				t.Errorf("problems %q, want %q", got, test.want)
			}
			if test.want == "" && (v.Scans != 3 || v.Listings != 3 || v.Findings != 3 || v.Head == "") {
				t.Errorf("%+v", v)
			}
		})
	}
}

// A forgotten store leaves no text on the disk, and the rest stays whole.
func TestForgetStore(t *testing.T) {
	c := two(t)
	if len(holding(t, c.dir, "secretword")) == 0 {
		t.Fatal("the text is nowhere to be found before it is forgotten")
	}
	f, err := c.Forget(t.Context(), ForgetOptions{Store: "eu", AsOf: "2026-03-02"})
	if err != nil || f.Listings != 2 || f.Findings != 2 {
		t.Fatalf("%+v, %v", f, err)
	}
	v, err := c.Verify()
	if err != nil || len(v.Problems) > 0 || v.Listings != 1 {
		t.Errorf("%+v, %v", v, err)
	}
	if hits, err := c.Search("nike", SearchOptions{}); err != nil || hits.Total != 1 || hits.Hits[0].Store != "us" {
		t.Errorf("%+v, %v", hits, err)
	}
	scan(t, c, info("2026-03-08"), listing("a", "Nike", "newword"))
	if v, err = c.Verify(); err != nil || len(v.Problems) > 0 {
		t.Errorf("after the next scan: %+v, %v", v, err)
	}
	c.Close()
	if files := holding(t, c.dir, "secretword"); len(files) > 0 {
		t.Errorf("%v still hold a text of the store", files)
	}
}

// holding returns the files under dir that hold the text.
func holding(t *testing.T, dir, text string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(text)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestForgetBefore(t *testing.T) {
	c := two(t)
	complete := info("2026-04-01")
	complete.Complete = true
	scan(t, c, complete, listing("a", "Nike", "secretword"))
	scan(t, c, info("2026-05-01"), listing("a", "Nike", "secretword"))
	f, err := c.Forget(t.Context(), ForgetOptions{Before: "2026-05-01", AsOf: "2026-05-02"})
	if err != nil || f.Listings != 1 || f.Findings != 1 {
		t.Fatalf("%+v, %v", f, err) // eu/b is gone and its finding was fixed
	}
	if v, err := c.Verify(); err != nil || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
	e, err := c.Evidence("Nike", "")
	if err != nil || len(e.Listings) != 2 || len(e.Listings[0].Mentions[0].Steps) != 3 {
		t.Errorf("what is open keeps its past: %+v, %v", e, err)
	}
	for _, opt := range []ForgetOptions{{AsOf: "2026-05-02"}, {Store: "eu", Before: "2026-01-01", AsOf: "2026-05-02"}, {Before: "May", AsOf: "2026-05-02"}, {Store: "eu"}} {
		if _, err := c.Forget(t.Context(), opt); err == nil {
			t.Errorf("%+v: no error", opt)
		}
	}
}

func jsonAt(b *bbolt.Bucket, key []byte, v any) error { return json.Unmarshal(b.Get(key), v) }
