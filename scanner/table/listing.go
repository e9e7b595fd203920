package table

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"prescreen/scanner"

	"golang.org/x/text/unicode/norm"
)

func sortGroups(groups []*group) {
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].first() < groups[j].first() })
}

// assembler makes listings of complete groups. What they are made of is
// allocated for several at once.
type assembler struct {
	ids    identities
	merged fieldSet        // of the group at hand
	fields []scanner.Field // for listings to come
	rows   []int           // for listings to come
}

const (
	fieldBlock = 24  // fields allocated together
	rowBlock   = 128 // row numbers allocated together
)

// listing builds the listing of a group; false where no row holds text.
func (a *assembler) listing(g *group, m *match) (l scanner.Listing, ok bool) {
	fields := g.rows[0].fields
	if len(g.rows) > 1 || len(g.children) > 0 {
		a.merged.clear()
		g.mergeFields(&a.merged, m.shape.Group.KeepTitles, m.chosen)
		fields = a.merged.fields
	}
	if len(fields) == 0 {
		return l, false
	}
	l.Fields = a.newFields(fields)
	var id, image string
	l.Origin.Rows = a.newRows(len(g.rows) + len(g.children))
	for i := range l.Origin.Rows {
		r := g.row(i)
		l.Origin.Rows[i] = r.row
		id = first(id, r.id)
		image = first(image, r.image)
		l.Category = first(l.Category, r.category)
		l.Supplier = first(l.Supplier, r.supplier)
		l.URL = first(l.URL, r.url)
	}
	if len(l.Origin.Rows) > 1 {
		slices.Sort(l.Origin.Rows)
	}
	if id == "" {
		id = textID(l.Fields, first(image, l.URL))
	}
	l.ID = a.ids.unique(id)
	return l, true
}

// newFields copies fields into a block. A listing that is kept is not to keep
// the long texts of others alive: after one the block is left.
func (a *assembler) newFields(fields []scanner.Field) []scanner.Field {
	n := len(fields)
	if n > fieldBlock/2 {
		return slices.Clone(fields)
	}
	if n > len(a.fields) {
		a.fields = make([]scanner.Field, fieldBlock)
	}
	out := a.fields[:n:n]
	a.fields = a.fields[n:]
	size := 0
	for i := range fields {
		out[i] = fields[i]
		size += len(fields[i].Text)
	}
	if size > textBlock/4 {
		a.fields = nil
	}
	return out
}

func (a *assembler) newRows(n int) []int {
	if n > rowBlock/4 {
		return make([]int, n)
	}
	if n > len(a.rows) {
		a.rows = make([]int, rowBlock)
	}
	rows := a.rows[:n:n]
	a.rows = a.rows[n:]
	return rows
}

// row returns the i-th of the group's rows, the children last.
func (g *group) row(i int) *tableRow {
	if i < len(g.rows) {
		return g.rows[i]
	}
	return g.children[i-len(g.rows)]
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// textID names a listing that has no key: a hash of its folded title (else its
// first text) and its image or address, so that it keeps its name next week.
func textID(fields []scanner.Field, image string) string {
	text := fields[0].Text
	folded := strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(text))), " ")
	sum := sha256.Sum256([]byte(folded + "\x00" + image))
	return "t:" + hex.EncodeToString(sum[:8])
}
