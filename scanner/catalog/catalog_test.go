package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// listing makes a listing of store "eu" from id, title and description.
func listing(id, title, description string) scanner.Listing {
	return scanner.Listing{ID: id, Store: "eu", Supplier: "Acme", Category: "Shoes", Marketplace: "shopify",
		Fields: []scanner.Field{
			{Role: scanner.Title, Column: "Title", Row: 2, Text: title},
			{Role: scanner.Description, Column: "Body (HTML)", Col: 1, Row: 2, Text: description},
		}}
}

// screen finds the plain words Nike (high) and Lego (medium) and the disguise
// N1ke (critical): a stand-in for the real scanner with every kind of field set.
func screen(l scanner.Listing) *scanner.Result {
	r := &scanner.Result{Listing: l}
	for i, field := range l.Fields {
		for _, m := range []struct {
			text, mark string
			form       scanner.Form
			level      scanner.Level
			points     int
		}{{"Nike", "Nike", "exact", scanner.High, 70}, {"Lego", "Lego", "exact", scanner.Medium, 50}, {"N1ke", "Nike", "leet", scanner.Critical, 90}} {
			at := strings.Index(field.Text, m.text)
			if at < 0 {
				continue
			}
			r.Findings = append(r.Findings, scanner.Finding{
				Rule: "tm-" + strings.ToLower(m.mark), Mark: m.mark, Kind: "trademark", Right: "trademark", Owner: m.mark + " Ltd",
				Also:  []scanner.Also{{Rule: "tm-short", Mark: "Short"}},
				Field: i, Role: field.Role, Column: field.Column, Row: field.Row, Span: scanner.Span{Start: at, End: at + len(m.text)}, Text: m.text,
				Form: m.form, Use: scanner.UsePlain, Level: m.level, Rights: m.points,
				Certainty: scanner.Score{Points: 100, Parts: []scanner.Point{{For: "exact", Points: 100}}},
				UseRisk:   scanner.Score{Points: m.points, Parts: []scanner.Point{{For: "base", Points: m.points}}},
				Steps:     []string{}, Why: "named <here> & there", Replacements: []string{"trainers"}, Preferred: "trainers",
				Fingerprint: fmt.Sprintf("%x", l.Store+l.ID+m.mark+string(field.Role)+m.text),
			})
		}
	}
	r.Settle()
	return r
}

func info(asOf string) ScanInfo {
	return ScanInfo{AsOf: asOf, RuleSetSHA: "rules", SettingsSHA: "settings", EngineVersion: "1"}
}

func open(t *testing.T, dir string, opt Options) *Catalog {
	t.Helper()
	c, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// scan runs one whole scan and returns how many listings were screened.
func scan(t *testing.T, c *Catalog, about ScanInfo, list ...scanner.Listing) (screened int) {
	t.Helper()
	s, err := c.Begin(about)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		content := ContentHash(&l)
		findings, ok := s.Lookup(&l, content)
		r := screen(l)
		if ok {
			if want := r.Findings; !reflect.DeepEqual(findings, want) {
				t.Fatalf("stored findings of %s differ from fresh ones:\n%+v\n%+v", l.ID, findings, want)
			}
		} else {
			screened++
		}
		if err := s.Add(r, content); err != nil {
			t.Fatal(err)
		}
	}
	told, err := s.History(HistoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.Reported()
	if _, err := s.Commit(); err != nil {
		t.Fatal(err)
	}
	if kept, err := c.History(HistoryOptions{}); err != nil || !reflect.DeepEqual(told, kept) {
		t.Fatalf("the history before the commit differs from the one after:\n%+v\n%+v, %v", told, kept, err)
	}
	if err := c.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return screened
}

func TestRescanReusesWhatIsUnchanged(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "catalogue"), Options{})
	list := []scanner.Listing{listing("1", "Nike shoes", "N1ke and <b>Lego</b>"), listing("2", "plain", "nothing"), listing("3", "Lego", "")}
	if n := scan(t, c, info("2026-01-01"), list...); n != 3 {
		t.Errorf("first scan screened %d of 3", n)
	}
	for i := range list[0].Fields {
		list[0].Fields[i].Row = 99 // the row moved: the findings must say so
	}
	if n := scan(t, c, info("2026-01-08"), list...); n != 0 {
		t.Errorf("an unchanged listing was screened again: %d", n)
	}
	list[1] = listing("2", "plain", "Lego now")
	if n := scan(t, c, info("2026-01-15"), list...); n != 1 {
		t.Errorf("after one change %d were screened", n)
	}
	for _, change := range []func(*ScanInfo){
		func(i *ScanInfo) { i.RuleSetSHA = "other" },
		func(i *ScanInfo) { i.SettingsSHA = "other" },
		func(i *ScanInfo) { i.EngineVersion = "2" },
	} {
		about := info("2026-01-22")
		change(&about)
		if n := scan(t, c, about, list...); n != 3 {
			t.Errorf("other rules, settings or engine: %d of 3 screened", n)
		}
	}
}

func TestContentHashSeesEverything(t *testing.T) {
	base := listing("1", "title", "text")
	changes := map[string]func(*scanner.Listing){
		"category":    func(l *scanner.Listing) { l.Category = "Toys" },
		"supplier":    func(l *scanner.Listing) { l.Supplier = "Other" },
		"marketplace": func(l *scanner.Listing) { l.Marketplace = "ebay" },
		"text":        func(l *scanner.Listing) { l.Fields[0].Text = "Title" },
		"column":      func(l *scanner.Listing) { l.Fields[0].Column = "Name" },
		"role":        func(l *scanner.Listing) { l.Fields[0].Role = scanner.Bullet },
		"border":      func(l *scanner.Listing) { l.Fields[0].Text, l.Fields[0].Column = "itle", "Titlet" },
		"fewer":       func(l *scanner.Listing) { l.Fields = l.Fields[:1] },
	}
	for name, change := range changes {
		l := listing("1", "title", "text")
		if ContentHash(&l) != ContentHash(&base) {
			t.Fatal("equal listings have different hashes")
		}
		change(&l)
		if ContentHash(&l) == ContentHash(&base) {
			t.Errorf("%s: the hash did not change", name)
		}
	}
	moved := listing("1", "title", "text")
	moved.Fields[0].Row, moved.Origin.Rows = 7, []int{7}
	if ContentHash(&moved) != ContentHash(&base) {
		t.Error("a moved row changed the hash")
	}
}

func TestHistorySections(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	scan(t, c, info("2026-01-01"), listing("stays", "Nike", ""), listing("fixed", "Nike", ""), listing("gone", "Lego", ""), listing("back", "Lego", ""))
	if h, err := c.History(HistoryOptions{}); h != nil || err != nil {
		t.Errorf("history after one scan: %v, %v", h, err)
	}
	scan(t, c, info("2026-01-08"), listing("stays", "Nike", ""), listing("back", "Blocks", ""), listing("fixed", "Nike", ""))
	complete := info("2026-01-15")
	complete.Complete = true
	scan(t, c, complete, listing("stays", "Nike", ""), listing("fixed", "Trainers", ""), listing("back", "Lego", ""), listing("new", "N1ke", ""))
	h, err := c.History(HistoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(list []scanner.Change) string {
		var out []string
		for _, ch := range list {
			out = append(out, fmt.Sprintf("%s/%s/%s/%d", ch.ListingID, ch.Level, ch.FirstSeen, ch.Days))
		}
		return strings.Join(out, " ")
	}
	for _, test := range []struct{ name, got, want string }{
		{"new", ids(h.New), "new/critical/2026-01-15/0"},
		{"fixed", ids(h.Fixed), "fixed/high/2026-01-01/14"},
		{"back", ids(h.Back), "back/medium/2026-01-01/0"},
		{"open", ids(h.Open), "stays/high/2026-01-01/14"},
		{"gone", ids(h.Gone), "gone/medium/2026-01-01/14"},
		{"excused", ids(h.Excused), ""},
		{"since", h.Since + " " + h.SinceID, "2026-01-08 2"},
		{"trend", fmt.Sprint(h.Trend), "[{2026-01-01 map[medium:2 high:2]} {2026-01-08 map[medium:1 high:2]} {2026-01-15 map[medium:1 high:1 critical:1]}]"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.name, test.got, test.want)
		}
	}
	if h, err = c.History(HistoryOptions{Since: "2026-01-05"}); err != nil || h.SinceID != "1" || len(h.Open) != 2 {
		t.Errorf("since a date: %+v, %v", h, err)
	}
	for _, since := range []string{"9", "last week", "2025-12-31"} {
		if _, err := c.History(HistoryOptions{Since: since}); err == nil {
			t.Errorf("since %q: no error", since)
		}
	}
}

// A scan whose report was never written is no base to compare with.
func TestUnreportedScanHidesNothing(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	scan(t, c, info("2026-01-01"), listing("1", "plain", ""))
	for _, day := range []string{"2026-01-08", "2026-01-09"} {
		s, err := c.Begin(info(day))
		if err != nil {
			t.Fatal(err)
		}
		l := listing("1", "Nike", "")
		if err := s.Add(screen(l), ContentHash(&l)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	h, err := c.History(HistoryOptions{})
	if err != nil || len(h.New) != 1 || h.Since != "2026-01-01" {
		t.Errorf("history %+v, %v", h, err)
	}
}

// One id twice in a scan: equal ones count once, different ones both stay.
func TestDuplicateIDs(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	list := []scanner.Listing{listing("1", "Nike", ""), listing("1", "Lego", ""), listing("1", "Nike", "")}
	scan(t, c, info("2026-01-01"), list...)
	if n := scan(t, c, info("2026-01-08"), list...); n != 0 {
		t.Errorf("rescan screened %d", n)
	}
	h, err := c.History(HistoryOptions{})
	if err != nil || len(h.Open) != 2 || len(h.New)+len(h.Fixed) != 0 {
		t.Errorf("history %+v, %v", h, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	write := func(name, content string) func(dir string) {
		return func(dir string) {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	whole := func(dir string) {
		c := open(t, dir, Options{})
		scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
		c.Close()
	}
	for _, test := range []struct {
		name    string
		prepare func(dir string)
		opt     Options
		want    string
	}{
		{"foreign directory", write("holiday.jpg", ""), Options{}, "holds holiday.jpg and no ledger.db"},
		{"no ledger at all", func(string) {}, Options{ReadOnly: true}, "there is no catalogue yet"},
		{"a ledger just made", func(dir string) {
			db, err := bbolt.Open(filepath.Join(dir, ledgerFile), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
		}, Options{ReadOnly: true}, "there is no catalogue yet"},
		{"another program's", func(dir string) {
			db, err := bbolt.Open(filepath.Join(dir, ledgerFile), 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("songs"))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
		}, Options{}, "ledger.db belongs to another program"},
		{"ledger is no ledger", write(ledgerFile, strings.Repeat("garbage ", 5000)), Options{}, "ledger.db is damaged"},
		{"the same for a reader", write(ledgerFile, strings.Repeat("garbage ", 5000)), Options{ReadOnly: true}, "ledger.db is damaged"},
		{"truncated ledger", func(dir string) {
			whole(dir)
			if err := os.Truncate(filepath.Join(dir, ledgerFile), 9000); err != nil {
				t.Fatal(err)
			}
		}, Options{}, "ledger.db is damaged"},
		{"newer ledger", func(dir string) {
			whole(dir)
			setMeta(t, dir, "format", "3")
		}, Options{}, "it has format 3, this program reads 2"},
		{"damaged log", func(dir string) {
			whole(dir)
			write(filepath.Join(pendingDir, "000000000002.log"), "garbage")(dir)
		}, Options{}, "delete it to go on"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.prepare(dir)
			c, err := Open(dir, test.opt)
			if err == nil {
				c.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q does not say %q in one line", err, test.want)
			}
		})
	}
}

func TestNewDirectoryIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", ".prescreen")
	c := open(t, dir, Options{})
	stat, err := os.Stat(dir)
	if err != nil || stat.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v", stat.Mode(), err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, ".gitignore")); err != nil || string(b) != "*\n" {
		t.Errorf(".gitignore %q, %v", b, err)
	}
	if len(c.notes) != 0 {
		t.Errorf("a new catalogue has notes: %v", c.notes)
	}
}

// A damaged index is begun anew, and the next scan fills it, changed or not.
func TestDamagedIndexIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
	c.Close()
	segments, err := filepath.Glob(filepath.Join(dir, indexDir, "store", "*"))
	if err != nil || len(segments) == 0 {
		t.Fatal("no index files", err)
	}
	for _, s := range segments {
		if err := os.WriteFile(s, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c = open(t, dir, Options{})
	if len(c.notes) != 1 {
		t.Errorf("notes %v", c.notes)
	}
	if n := scan(t, c, info("2026-01-08"), listing("1", "Nike", "")); n != 0 {
		t.Errorf("screened again: %d", n)
	}
	if n, err := c.index.DocCount(); n != 1 || err != nil {
		t.Errorf("the index holds %d documents, %v", n, err)
	}
}

// Every exported field of a finding comes back from the ledger, also one that is
// added to scanner.Finding later; a ledger of format 1 holds JSON.
func TestFindingsSurviveTheLedger(t *testing.T) {
	full := make([]scanner.Finding, 2)
	fill(reflect.ValueOf(&full[0]).Elem(), new(int))
	full[0].Text = "broken \xff \u2028 text"
	back, err := decodeFindings(encodeFindings(full))
	if err != nil || !reflect.DeepEqual(back, full) {
		t.Errorf("%+v\n%+v, %v", back, full, err)
	}
	r := screen(listing("1", "Nike \u2028 N1ke", "<b>Lego</b>"))
	b, err := json.Marshal(r.Findings)
	if err != nil {
		t.Fatal(err)
	}
	if back, err = decodeFindings(b); err != nil || !reflect.DeepEqual(back, r.Findings) {
		t.Errorf("%+v\n%+v, %v", back, r.Findings, err)
	}
	if !reusable(r) {
		t.Error("a plain result cannot be reused")
	}
	if r.Notes = []string{"work bounded"}; reusable(r) {
		t.Error("a note would be lost")
	}
}

// fill sets every exported field below v to a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Int:
		v.SetInt(int64(*n % 5))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	default:
		panic("a kind of field the ledger has no form for: " + v.Type().String())
	}
}

// No bytes make decodeFindings fail otherwise than by an error.
func FuzzDecodeFindings(f *testing.F) {
	f.Add(encodeFindings(screen(listing("1", "Nike N1ke", "<b>Lego</b>")).Findings))
	f.Add([]byte{findingsVersion, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte("[]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := decodeFindings(b)
		if err == nil && len(list) > 0 && b[0] == findingsVersion {
			if again, err := decodeFindings(encodeFindings(list)); err != nil || !reflect.DeepEqual(again, list) {
				t.Errorf("%+v\n%+v, %v", again, list, err)
			}
		}
	})
}

// setMeta writes one value of the ledger's meta bucket.
func setMeta(t *testing.T, dir, key, value string) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, ledgerFile), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put([]byte(key), []byte(value)) })
	if err != nil {
		t.Fatal(err)
	}
}

// Interrupted indexing is completed by the next process.
func TestInterruptedIndexing(t *testing.T) {
	dir := t.TempDir()
	c := open(t, dir, Options{Workers: 1})
	var list []scanner.Listing
	for i := range 2*batchSize + 500 {
		list = append(list, listing(fmt.Sprint(i), "common words", ""))
	}
	commit(t, c, "2026-01-01", list)
	ctx, cancel := context.WithCancel(t.Context())
	err := c.Index(ctx, func(done, total int) {
		if total != len(list) {
			t.Errorf("progress of %d", total)
		}
		cancel()
	})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("cancelled indexing: %v", err)
	}
	c.Close()
	c = open(t, dir, Options{})
	if notes := c.Notes(english(t)); len(notes) != 1 || !strings.Contains(notes[0], "The index of scan 1") {
		t.Errorf("notes %q", notes)
	}
	v, err := c.Verify()
	if err != nil || len(v.Problems) != 1 || v.Problems[0] != "the index lacks 1 scans; the next scan completes it" {
		t.Errorf("%+v, %v", v, err)
	}
	last := 0
	if err := c.Index(t.Context(), func(done, _ int) { last = done }); err != nil || last != len(list) {
		t.Errorf("indexed %d, %v", last, err)
	}
	if v, err = c.Verify(); err != nil || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// What is gone stays listed until no log is left that could bring it back.
func TestGoneUntilLogsAreRemoved(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	commit(t, c, "2026-01-01", []scanner.Listing{listing("1", "goes", "")})
	complete := info("2026-01-08")
	complete.Complete, complete.Stores = true, []string{"eu"}
	s, err := c.Begin(complete)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit(); err != nil { // nothing is sold any more
		t.Fatal(err)
	}
	if err := c.unindex([]int{99}); !errors.Is(err, os.ErrNotExist) { // as if killed between the two
		t.Fatalf("a log that is not there: %v", err)
	}
	if keys, err := c.goneKeys(); err != nil || len(keys) != 1 {
		t.Errorf("gone: %q, %v", keys, err)
	}
	if err := c.Index(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if keys, err := c.goneKeys(); err != nil || len(keys) != 0 {
		t.Errorf("gone after indexing: %q, %v", keys, err)
	}
}

// A scan given up leaves nothing, and the next one can begin.
func TestAbandon(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	s, err := c.Begin(info("2026-01-01"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Begin(info("2026-01-01")); err == nil {
		t.Error("two scans at once")
	}
	l := listing("1", "Nike", "")
	if err := s.Add(screen(l), ContentHash(&l)); err != nil {
		t.Fatal(err)
	}
	s.Abandon()
	if err := s.Add(screen(l), ContentHash(&l)); err == nil {
		t.Error("added to a scan that has ended")
	}
	if _, err := s.Commit(); err == nil {
		t.Error("committed a scan that has ended")
	}
	if n := scan(t, c, info("2026-01-01"), l); n != 1 {
		t.Errorf("%d screened", n)
	}
	if _, err := c.Begin(info("1 May")); err == nil {
		t.Error("a date that is none was taken")
	}
}
