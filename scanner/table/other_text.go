package table

import (
	"sort"
	"strings"
	"unicode"
)

// otherText watches the columns that have no role for prose, so that a reader
// learns which texts were not screened.
type otherText struct {
	cols []int
	hits map[int]int
	rows int
}

// Columns are judged by their first rows; a few cells of prose are enough to
// tell free text from codes.
const (
	otherRows    = 200
	otherMinHits = 3
	proseWords   = 5
	proseHan     = 12
)

func newOtherText(m *match) otherText {
	known := map[int]bool{}
	for _, t := range m.columns.text {
		known[t.col] = true
	}
	for _, cols := range m.columns.meta {
		for _, c := range cols {
			known[c] = true
		}
	}
	o := otherText{hits: map[int]int{}}
	for c := range m.header.cells {
		if !known[c] && m.header.names[c] != "" {
			o.cols = append(o.cols, c)
		}
	}
	return o
}

func (o *otherText) see(rec record) {
	o.rows++
	for _, c := range o.cols {
		if prose(cellAt(rec, c)) {
			o.hits[c]++
		}
	}
}

// columns lists the header cells of columns with prose, left to right.
func (o *otherText) columns(h *header) []string {
	var cols []int
	for c, n := range o.hits {
		if n >= min(otherMinHits, o.rows) {
			cols = append(cols, c)
		}
	}
	sort.Ints(cols)
	var names []string
	for _, c := range cols {
		names = append(names, strings.TrimSpace(h.cell(c)))
	}
	return names
}

// prose tells text a buyer reads from codes, paths and addresses.
func prose(s string) bool {
	if len(s) < 20 || strings.Contains(s, "://") || strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
		return false
	}
	words, han, start := 0, 0, true
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
			han++
		}
		if start && unicode.IsLetter(r) {
			words++
		}
		start = unicode.IsSpace(r)
	}
	return words >= proseWords || han >= proseHan
}
