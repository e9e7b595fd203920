package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"prescreen/scanner"

	"golang.org/x/text/unicode/norm"
)

func sortGroups(groups []*group) {
	sort.SliceStable(groups, func(i, j int) bool { return groups[i].first() < groups[j].first() })
}

// listing builds the listing of a complete group; false where no row holds
// text. ids makes its id unique.
func (g *group) listing(m *match, ids *identities) (scanner.Listing, bool) {
	l := scanner.Listing{Fields: g.fieldsOf(m.shape.Group.KeepTitles, m.chosen)}
	if len(l.Fields) == 0 {
		return l, false
	}
	var id, image string
	l.Origin.Rows = make([]int, 0, len(g.rows)+len(g.children))
	for i := range cap(l.Origin.Rows) {
		r := g.row(i)
		l.Origin.Rows = append(l.Origin.Rows, r.row)
		id = first(id, r.id)
		image = first(image, r.image)
		l.Category = first(l.Category, r.category)
		l.Supplier = first(l.Supplier, r.supplier)
		l.URL = first(l.URL, r.url)
	}
	slices.Sort(l.Origin.Rows)
	if id == "" {
		id = textID(l.Fields, first(image, l.URL))
	}
	l.ID = ids.unique(id)
	return l, true
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

// identities numbers equal ids in the order they come: A, A#2, A#3. Of an id
// only a hash is kept: a million ids are then 20 MB without a pointer in them.
type identities struct {
	seen     map[uint64]int32
	repeated int // ids that came more than once
}

func (n *identities) unique(id string) string {
	if n.seen == nil {
		n.seen = map[uint64]int32{}
	}
	key := hashID(id)
	n.seen[key]++
	count := n.seen[key]
	if count == 1 {
		return strings.Clone(id) // a cell may hold on to the whole record's text
	}
	if count == 2 {
		n.repeated++
	}
	numbered := fmt.Sprintf("%s#%d", id, count)
	for n.seen[hashID(numbered)] > 0 { // a file may hold the very id A#2
		count++
		numbered = fmt.Sprintf("%s#%d", id, count)
	}
	n.seen[hashID(numbered)] = 1
	return numbered
}

// hashID is FNV-1a: the same in every run, so that equal files give equal ids.
func hashID(id string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h
}
