package scanner_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

var rewrite = flag.Bool("update", false, "rewrite testdata/golden/quality.txt")

// wanted is one finding a row of testdata/annotated should have: a mark, and
// the levels that fit.
type wanted struct {
	mark        string
	least, most scanner.Level
}

// annotated is one row with what it should come to; no wants means nothing at
// medium or above.
type annotated struct {
	id, lang string
	listing  scanner.Listing
	wants    []wanted
}

var levelNames = map[string]scanner.Level{
	"none": scanner.None, "low": scanner.Low, "medium": scanner.Medium, "high": scanner.High, "critical": scanner.Critical,
}

// parseWants reads "Nike:high+; iPhone:low-medium", or "none".
func parseWants(text string) ([]wanted, error) {
	if text == "none" {
		return nil, nil
	}
	var out []wanted
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		colon := strings.LastIndex(part, ":") // a mark may hold one: 1:1 replica
		if colon < 0 {
			return nil, fmt.Errorf("no level in %q", part)
		}
		mark, levels := part[:colon], part[colon+1:]
		w := wanted{mark: mark}
		least, most, ranged := strings.Cut(levels, "-")
		if open, more := strings.CutSuffix(levels, "+"); more {
			least, most, ranged = open, "critical", true
		}
		if !ranged {
			most = least
		}
		var known, known2 bool
		w.least, known = levelNames[least]
		w.most, known2 = levelNames[most]
		if !known || !known2 {
			return nil, fmt.Errorf("unknown level in %q", part)
		}
		out = append(out, w)
	}
	return out, nil
}

func readAnnotated(t *testing.T) []annotated {
	t.Helper()
	files, err := filepath.Glob("../testdata/annotated/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no annotated rows: %v", err)
	}
	var rows []annotated
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		column := map[string]int{}
		for i, name := range records[0] {
			column[name] = i
		}
		for _, r := range records[1:] {
			l, want := listingOf(column, r)
			wants, err := parseWants(want)
			if err != nil {
				t.Fatalf("%s: %s: %v", file, r[0], err)
			}
			rows = append(rows, annotated{r[0], r[1], l, wants})
		}
	}
	return rows
}

// listingOf makes the listing of one record, given where each column stands,
// and returns what it should come to.
func listingOf(column map[string]int, record []string) (l scanner.Listing, want string) {
	text := func(name string) string {
		if i, ok := column[name]; ok {
			return record[i]
		}
		return ""
	}
	l = scanner.Listing{ID: record[0], Category: text("category"), Supplier: text("supplier"), Marketplace: text("marketplace")}
	for _, role := range []scanner.Role{scanner.Title, scanner.Description, scanner.Tags, scanner.Bullet, scanner.Brand} {
		if s := text(string(role)); s != "" {
			l.Fields = append(l.Fields, scanner.Field{Role: role, Column: string(role), Text: s})
		}
	}
	return l, text("_want")
}

// cell counts, for one group, findings at medium and above that fit, that were
// not wanted, and wants that were missed or missed their level.
type cell struct{ right, extra, missed int }

// quality gathers the cells by group: "kind trademark", "lang ru" and so on.
type quality struct {
	cells map[string]*cell
	wrong []string
}

func (q *quality) at(groups ...string) []*cell {
	var out []*cell
	for _, g := range groups {
		if q.cells[g] == nil {
			q.cells[g] = &cell{}
		}
		out = append(out, q.cells[g])
	}
	return out
}

func sameMark(f *scanner.Finding, mark string) bool {
	if fold.Fold(f.Mark) == fold.Fold(mark) {
		return true
	}
	for _, a := range f.Also {
		if fold.Fold(a.Mark) == fold.Fold(mark) {
			return true
		}
	}
	return false
}

func groupsOf(f *scanner.Finding, lang string) []string {
	return []string{"all", "lang " + lang, "kind " + f.Kind, "form " + string(f.Form), "use " + string(f.Use)}
}

// weigh compares one row with its result.
func (q *quality) weigh(row *annotated, r *scanner.Result) {
	var faults []string
	claimed := make([]bool, len(r.Findings))
	for _, w := range row.wants {
		best := -1
		for i := range r.Findings {
			if sameMark(&r.Findings[i], w.mark) {
				claimed[i] = true
				if best < 0 || r.Findings[i].Level > r.Findings[best].Level {
					best = i
				}
			}
		}
		switch {
		case best < 0:
			faults = append(faults, "missed "+w.mark)
			for _, c := range q.at("all", "lang "+row.lang) {
				c.missed++
			}
		case r.Findings[best].Level < w.least || r.Findings[best].Level > w.most:
			faults = append(faults, fmt.Sprintf("%s is %v", w.mark, r.Findings[best].Level))
			for _, c := range q.at(groupsOf(&r.Findings[best], row.lang)...) {
				c.missed++
			}
		default:
			for _, c := range q.at(groupsOf(&r.Findings[best], row.lang)...) {
				c.right++
			}
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if claimed[i] || f.Level < scanner.Medium || overlapsWanted(r, claimed, i) {
			continue
		}
		faults = append(faults, fmt.Sprintf("%s raised to %v by %q", f.Mark, f.Level, f.Text))
		for _, c := range q.at(groupsOf(f, row.lang)...) {
			c.extra++
		}
	}
	if len(faults) > 0 {
		q.wrong = append(q.wrong, row.id+": "+strings.Join(faults, "; "))
	}
}

// overlapsWanted tells whether finding i belongs with a wanted one beside it:
// the product line of a mark that is wanted (Air Max after Nike), the
// character of a franchise. It must touch or be of the same owner.
func overlapsWanted(r *scanner.Result, claimed []bool, i int) bool {
	f := &r.Findings[i]
	for k := range r.Findings {
		if claimed[k] && r.Findings[k].Field == f.Field && f.Owner != "" && r.Findings[k].Owner == f.Owner {
			return true
		}
	}
	return false
}

func (q *quality) String() string {
	var b strings.Builder
	b.WriteString("# Quality on testdata/annotated: right, missed (or at another level), not wanted; precision and recall in percent.\n")
	var groups []string
	for g := range q.cells {
		groups = append(groups, g)
	}
	sort.Strings(groups)
	for _, g := range groups {
		c := q.cells[g]
		fmt.Fprintf(&b, "%-28s %4d %4d %4d  precision %3d  recall %3d\n", g, c.right, c.missed, c.extra, percent(c.right, c.right+c.extra), percent(c.right, c.right+c.missed))
	}
	b.WriteString("# Rows known to be wrong\n")
	sort.Strings(q.wrong)
	for _, w := range q.wrong {
		b.WriteString(w + "\n")
	}
	return b.String()
}

func percent(n, of int) int {
	if of == 0 {
		return 100
	}
	return (100*n + of/2) / of
}

// known reads the ids of rows the golden lists as wrong.
func known(golden string) map[string]bool {
	ids := map[string]bool{}
	_, list, _ := strings.Cut(golden, "# Rows known to be wrong\n")
	for line := range strings.Lines(list) {
		if id, _, ok := strings.Cut(line, ": "); ok {
			ids[id] = true
		}
	}
	return ids
}

func TestAnnotatedListings(t *testing.T) {
	const golden = "../testdata/golden/quality.txt"
	screen := builtinScreener(t)
	q := quality{cells: map[string]*cell{}}
	for _, row := range readAnnotated(t) {
		r := screen(row.listing)
		q.weigh(&row, &r)
	}
	got := q.String()
	if *rewrite {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	allowed := known(string(b))
	for _, w := range q.wrong {
		if id, _, _ := strings.Cut(w, ": "); !allowed[id] {
			t.Errorf("newly wrong: %s", w)
		}
	}
	if !t.Failed() && got != string(b) {
		t.Logf("better than %s, or wrong otherwise; -update takes it in", golden)
	}
}

func TestWantsAreRead(t *testing.T) {
	got, err := parseWants("Nike:high+; iPhone:low-medium; Dyson:low")
	if err != nil {
		t.Fatal(err)
	}
	want := []wanted{{"Nike", scanner.High, scanner.Critical}, {"iPhone", scanner.Low, scanner.Medium}, {"Dyson", scanner.Low, scanner.Low}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("have %v, want %v", got, want)
	}
	for _, bad := range []string{"Nike", "Nike:loud", "Nike:low-loud"} {
		if _, err := parseWants(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
