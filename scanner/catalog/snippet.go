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
type highlighter struct {
	clauses []clause
	literal bool
}

// snippets returns one snippet for each of the texts that holds a match.
func (h *highlighter) snippets(field string, texts []string) []Snippet {
	var out []Snippet
	for _, text := range texts {
		if spans := h.spans(field, text); len(spans) > 0 {
			out = append(out, cut(field, text, spans))
		}
	}
	return out
}

// spans returns where the clauses match in text.
func (h *highlighter) spans(field, text string) []scanner.Span {
	list := terms(text)
	var out []scanner.Span
	for i := range h.clauses {
		c := h.clauses[i]
		if c.op == value && c.field == "marks" { // show the mark's name where the text has it
			c.op, c.field, c.terms = phrase, "", terms(c.text)
		}
		if c.not || c.op > fuzzy || len(c.terms) == 0 || c.field != "" && c.field != field {
			continue
		}
		for at := 0; at+len(c.terms) <= len(list); at++ {
			if h.match(&c, list[at:]) {
				out = append(out, scanner.Span{Start: list[at].start, End: list[at+len(c.terms)-1].end})
			}
		}
	}
	return merge(out)
}

// match tells whether the clause matches at the first of the terms.
func (h *highlighter) match(c *clause, list []term) bool {
	switch c.op {
	case prefix:
		return strings.HasPrefix(list[0].folded, c.terms[0].folded)
	case fuzzy:
		return editsWithin([]rune(list[0].folded), []rune(c.terms[0].folded), c.distance)
	}
	for i := range c.terms {
		want, got := &c.terms[i], &list[i]
		same := got.folded == want.folded || !h.literal && got.reduced == want.reduced
		if !same {
			return false
		}
	}
	return true
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
