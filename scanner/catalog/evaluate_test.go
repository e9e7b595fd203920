package catalog

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// holdsClause tells from a listing's own texts whether a literal clause holds:
// the slow and obvious way.
func holdsClause(cl *clause, l *scanner.Listing) bool {
	if cl.op == value {
		return strings.EqualFold(l.Supplier, cl.text)
	}
	texts := (&document{Cells: cellsOf(l)}).texts()
	for _, field := range cl.textFields() {
		for _, text := range texts[field] {
			list := terms(text)
			for at := range list {
				if cl.op == prefix && strings.HasPrefix(list[at].folded, cl.terms[0].folded) || cl.op == fuzzy && editsWithin([]rune(list[at].folded), []rune(cl.terms[0].folded), cl.distance) {
					return true
				}
				n := 0
				for cl.op == phrase && n < len(cl.terms) && at+n < len(list) && list[at+n].folded == cl.terms[n].folded {
					n++
				}
				if n > 0 && n == len(cl.terms) {
					return true
				}
			}
		}
	}
	return false
}

func cellsOf(l *scanner.Listing) []cell {
	var out []cell
	for _, f := range l.Fields {
		out = append(out, cell{f.Role, f.Column, f.Text})
	}
	return out
}

// Whatever the query, the segments give what the texts themselves say, in the
// order promised, and the same whatever the size of a unit and the page.
func TestSearchEqualsReadingEveryText(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	rnd := rand.New(rand.NewPCG(3, 5))
	vocabulary := strings.Fields("a b ab abc bca cab aab bb cc 耐 克 x1")
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(7) {
			b.WriteString(vocabulary[rnd.IntN(len(vocabulary))] + []string{" ", " ", "-", ". "}[rnd.IntN(4)])
		}
		return b.String()
	}
	all := map[string]scanner.Listing{}
	for week := range 4 { // some listings change, so that segments hold deleted documents
		var list []scanner.Listing
		for i := range 120 {
			id := fmt.Sprint(week*60 + i)
			l := scanner.Listing{ID: id, Store: fmt.Sprint("s", i%3), Supplier: fmt.Sprint("S", i%4)}
			for _, role := range []scanner.Role{scanner.Title, scanner.Bullet, scanner.Bullet, scanner.Tags, scanner.Brand} {
				l.Fields = append(l.Fields, scanner.Field{Role: role, Column: "c", Text: text()})
			}
			list = append(list, l)
			all[listingKey(l.Store, l.ID, 0)] = l
		}
		scan(t, c, info(fmt.Sprintf("2026-01-%02d", week+1)), list...)
	}
	snapshot, err := snapshotOf(c.index)
	if err != nil {
		t.Fatal(err)
	}
	defer snapshot.Close()
	found := 0
	for range 600 {
		query := randomQuery(rnd, vocabulary)
		clauses, err := parseQuery(query)
		if err != nil {
			t.Fatal(query, err)
		}
		var want []string
		for key, l := range all {
			if !slices.ContainsFunc(clauses, func(cl clause) bool { return holdsClause(&cl, &l) == cl.not }) {
				want = append(want, key)
			}
		}
		p, err := c.planOf(clauses, snapshot, true)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := p.run(snapshot, len(all), true, 1, unitSize)
		if err != nil {
			t.Fatal(query, err)
		}
		var got []string
		for _, f := range whole.best {
			got = append(got, f.key)
		}
		if !slices.IsSortedFunc(whole.best, byScore) || whole.total != len(got) {
			t.Errorf("%s: %d in all, order %v", query, whole.total, got)
		}
		small, err := p.run(snapshot, 5, true, 2, 1+rnd.IntN(50))
		if err != nil || small.total != whole.total || fmt.Sprint(small.facets) != fmt.Sprint(whole.facets) {
			t.Errorf("%s: %d and %d in all, facets %v and %v, %v", query, small.total, whole.total, small.facets, whole.facets, err)
		}
		for i, f := range small.best {
			if f.key != got[i] || f.score != whole.best[i].score {
				t.Errorf("%s: hit %d is %q %v, want %q %v", query, i, f.key, f.score, got[i], whole.best[i].score)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d found, want %d", query, len(got), len(want))
		}
		found += len(got)
	}
	if found < 5000 {
		t.Errorf("only %d found in all: the queries prove little", found)
	}
}

func randomQuery(rnd *rand.Rand, vocabulary []string) string {
	word := func() string { return vocabulary[rnd.IntN(len(vocabulary))] }
	var parts []string
	for range 1 + rnd.IntN(3) {
		part := ""
		if rnd.IntN(4) == 0 {
			part = "-"
		}
		if rnd.IntN(5) == 0 {
			part += []string{"title:", "tags:", "description:"}[rnd.IntN(3)]
		}
		switch rnd.IntN(7) {
		case 0:
			part += word() + "*"
		case 1:
			part += "ab" + fmt.Sprint("~", 1+rnd.IntN(2))
		case 2:
			part = strings.Trim(part[:min(1, len(part))], "tde") + "supplier:s" + fmt.Sprint(rnd.IntN(5))
		case 3, 4:
			part += `"` + word() + " " + word() + `"`
		default:
			part += word()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}
