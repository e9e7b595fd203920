package catalog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"prescreen/scanner"
)

// Snippet is a piece of a listing's text with what the query found in it.
type Snippet struct {
	Field    string         // title, brand, tags, description
	Text     string         // plain text, tags and entities taken out
	Spans    []scanner.Span // bytes of Text, ascending, not overlapping
	CutFront bool           // there is more before Text
	CutBack  bool           // there is more after it
}

// snippetSize is about how many bytes a snippet has.
const snippetSize = 160

// highlighter finds again, in the stored text of a hit, what a query looks for.
// Doing so for the few hits shown is far cheaper than asking the index for the
// places of all hits.
type highlighter struct{ clauses []clause }

// show adds the snippets of a hit: one for each text that holds a match.
func (h *highlighter) show(hit *Hit) {
	d := document{Cells: make([]cell, len(hit.listing.Fields))}
	for i := range d.Cells {
		f := &hit.listing.Fields[i]
		d.Cells[i] = cell{f.Role, f.Column, f.Text}
	}
	texts := d.texts()
	for _, field := range textFields {
		for _, text := range texts[field] {
			if spans := h.spans(field, text); len(spans) > 0 {
				hit.Snippets = append(hit.Snippets, cut(field, text, spans))
			}
		}
	}
}

// spans returns where the clauses match in text.
func (h *highlighter) spans(field, text string) []scanner.Span {
	list := terms(text)
	var out []scanner.Span
	for i := range h.clauses {
		c := &h.clauses[i]
		if c.not || c.field != "" && c.field != field && c.op != value {
			continue
		}
		for at := range list {
			if n := c.matches(list[at:]); n > 0 {
				out = append(out, scanner.Span{Start: list[at].start, End: list[at+n-1].end})
			}
		}
	}
	return merge(out)
}

// matches tells how many terms of a text, from the first on, the clause
// matches; 0 for none.
func (c *clause) matches(list []term) int {
	first := list[0].folded
	switch {
	case c.op == prefix && strings.HasPrefix(first, c.terms[0].folded), c.op == fuzzy && editsWithin([]rune(first), []rune(c.terms[0].folded), c.distance):
		return 1
	case c.op == prefix, c.op == fuzzy:
		return 0
	}
	most := 0
	for _, words := range c.spelled {
		most = max(most, inARow(words, list))
	}
	return most
}

// inARow tells how many terms from the first on are the words, each in one of
// its spellings; 0 when they are not.
func inARow(words [][]string, list []term) int {
	if len(words) == 0 || len(list) == 0 {
		return 0
	}
	for _, word := range words[0] {
		n := 0
		for part := range strings.FieldsSeq(word) {
			if n == len(list) || list[n].folded != part {
				n = 0
				break
			}
			n++
		}
		if n > 0 && len(words) == 1 {
			return n
		}
		if n > 0 {
			if more := inARow(words[1:], list[n:]); more > 0 {
				return n + more
			}
		}
	}
	return 0
}

// editsWithin tells whether a becomes b by at most n insertions, deletions and
// replacements (Levenshtein's distance, by rows).
func editsWithin(a, b []rune, n int) bool {
	if len(a)-len(b) > n || len(b)-len(a) > n {
		return false
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)] <= n
}

func merge(spans []scanner.Span) []scanner.Span {
	slices.SortFunc(spans, func(a, b scanner.Span) int { return a.Start - b.Start })
	var out []scanner.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// cut takes the piece of text around the first span, at spaces where there are
// any near, and moves the spans that lie in it.
func cut(field, text string, spans []scanner.Span) Snippet {
	start, end := 0, len(text)
	if len(text) > snippetSize {
		start = max(0, spans[0].Start-snippetSize/3)
		end = min(len(text), max(start+snippetSize, spans[0].End))
		start, end = toSpace(text, start, spans[0].Start), toSpaceBack(text, end, spans[0].End)
	}
	s := Snippet{Field: field, Text: text[start:end], CutFront: start > 0, CutBack: end < len(text)}
	for _, sp := range spans {
		if sp.Start >= start && sp.End <= end {
			s.Spans = append(s.Spans, scanner.Span{Start: sp.Start - start, End: sp.End - start})
		}
	}
	return s
}

// toSpace moves at to the right, behind a space before limit, else to the next character.
func toSpace(text string, at, limit int) int {
	if at == 0 {
		return 0
	}
	if i := strings.IndexAny(text[at:limit], " \n"); i >= 0 {
		return at + i + 1
	}
	for at < limit && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// toSpaceBack moves at to the left, before a space behind limit, else to the start of a character.
func toSpaceBack(text string, at, limit int) int {
	if at == len(text) {
		return at
	}
	if i := strings.LastIndexAny(text[limit:at], " \n"); i >= 0 {
		return limit + i
	}
	for at > limit && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
