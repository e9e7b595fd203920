package main

import (
	_ "embed"
	"html"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"prescreen/scanner"
)

// Deleting a name leaves things behind: two blanks, empty brackets, a comma or
// dash with nothing on one side, a "for" with nothing after it. The text is cut
// into pieces, those of the names are gone, and around each hole the pieces
// that lost their sense go too, until the neighbours on both sides can stand
// beside each other:
//
//	Case for [Nike]® - black      hole, sign
//	Case for [    ]  - black      "for" has nothing after it
//	Case     [    ]  - black      one blank of three is enough
//	Case - black
//
// Tags inside a line are passed over and stay; tags that end a line, and the
// ends of the text, are edges. Nothing is touched that does not stand beside a
// hole. The cost is linear in the text.

//go:embed fixwords.txt
var fixWords string

// repairWords are the words of fixwords.txt by sort, in lower case.
var repairWords = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(fixWords) {
		if sort, list, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(sort, "#") {
			for w := range strings.SplitSeq(list, " | ") {
				out[sort] = append(out[sort], w)
			}
		}
	}
	return out
})

// pieceKind says what a piece of a text is for its neighbours.
type pieceKind byte

const (
	wordPiece  pieceKind = iota
	spacePiece           // blanks, also as entities
	signPiece            // ® ™ ©
	commaPiece           // , ; / & and the like: weak joints
	dashPiece            // - – — | : strong joints
	stopPiece            // . ! ?
	openPiece
	shutPiece
	quotePiece
	inlinePiece // a tag inside a line
	edgePiece   // a tag that ends a line
	holePiece   // a deleted name
)

// piece is one stretch of a text.
type piece struct {
	start, end int // bytes of the text
	kind       pieceKind
	text       string // as a reader sees it
	gone       bool
	new        string // what stands there instead, when it differs
	changed    bool
}

// mender repairs one text.
type mender struct {
	pieces []piece
	kept   func(at int) bool // tells whether another name, which stays, begins at a byte
	lists  bool              // the text is a list of words, not a sentence
}

// cutNames returns the changes that delete the spans, ascending and apart, from
// text with what the deletion leaves of no use. The role says whether the text
// is a sentence; kept tells where a name begins that stays.
func cutNames(text string, role scanner.Role, spans []scanner.Span, kept func(at int) bool) []scanner.Replacement {
	m := &mender{kept: kept, lists: role == scanner.Tags || role == scanner.Keywords}
	at := 0
	for _, s := range spans {
		m.split(text, at, s.Start, true)
		m.pieces = append(m.pieces, piece{start: s.Start, end: s.End, kind: holePiece, text: text[s.Start:s.End], gone: true})
		at = s.End
	}
	m.split(text, at, len(text), false)
	for _, step := range []func(int){m.mend, m.blanks, m.capital} {
		for i := 0; i < len(m.pieces); i++ { // mend may split one
			if m.pieces[i].kind == holePiece {
				step(i)
			}
		}
	}
	return m.cuts(text)
}

// cuts joins the pieces that go, or change, into as few changes as there are.
func (m *mender) cuts(text string) []scanner.Replacement {
	var out []scanner.Replacement
	for _, p := range m.pieces {
		if !p.gone && !p.changed {
			continue
		}
		last := len(out) - 1
		if last < 0 || out[last].Span.End != p.start {
			out = append(out, scanner.Replacement{Span: scanner.Span{Start: p.start, End: p.start}})
			last++
		}
		out[last].Span.End = p.end
		out[last].New += p.new
		out[last].Old = text[out[last].Span.Start:p.end]
	}
	return out
}

// split cuts text[from:to] into pieces; beforeHole says that a hole follows.
func (m *mender) split(text string, from, to int, beforeHole bool) {
	for at := from; at < to; {
		p := pieceAt(text, at, to)
		if last := len(m.pieces) - 1; p.kind == wordPiece && last >= 0 && m.pieces[last].kind == wordPiece && m.pieces[last].end == at {
			m.pieces[last].end, m.pieces[last].text = p.end, m.pieces[last].text+p.text
		} else {
			m.pieces = append(m.pieces, p)
		}
		at = p.end
	}
	if last := len(m.pieces) - 1; beforeHole && last >= 0 && m.pieces[last].end == to && to > from {
		m.splitWord(last, func(s string) int { return len(s) - affix(s, "glued", strings.HasSuffix) })
	}
}

// affix is the length of the longest word of a sort at an end of s.
func affix(s, sort string, at func(string, string) bool) int {
	n := 0
	for _, w := range repairWords()[sort] {
		if at(s, w) {
			n = max(n, len(w))
		}
	}
	return n
}

// splitWord makes two pieces of word i at the byte that where gives.
func (m *mender) splitWord(i int, where func(string) int) {
	p := m.pieces[i]
	n := where(p.text)
	if p.kind != wordPiece || n <= 0 || n >= len(p.text) || p.end-p.start != len(p.text) {
		return
	}
	rest := piece{start: p.start + n, end: p.end, text: p.text[n:]}
	m.pieces[i].end, m.pieces[i].text = p.start+n, p.text[:n]
	m.pieces = slices.Insert(m.pieces, i+1, rest)
}

// pieceAt reads the piece at a byte: a tag, an entity or one character.
func pieceAt(text string, at, to int) piece {
	p := piece{start: at, end: at + 1}
	switch text[at] {
	case '<':
		if end := tagEnd(text[at:to]); end > 0 {
			p.end, p.text, p.kind = at+end, text[at:at+end], edgePiece
			if inlineTag(p.text) {
				p.kind = inlinePiece
			}
			return p
		}
	case '&':
		if end := strings.IndexByte(text[at:min(to, at+12)], ';'); end > 1 {
			if seen := html.UnescapeString(text[at : at+end+1]); utf8.RuneCountInString(seen) == 1 {
				p.end, p.text = at+end+1, seen
				r, _ := utf8.DecodeRuneInString(seen)
				p.kind = kindOfRune(r)
				return p
			}
		}
	}
	r, size := utf8.DecodeRuneInString(text[at:to])
	p.end, p.text, p.kind = at+size, text[at:at+size], kindOfRune(r)
	if p.kind == stopPiece || p.kind == dashPiece || p.kind == commaPiece {
		if partOfNumber(text, at, at+size) {
			p.kind = wordPiece
		}
	}
	return p
}

// partOfNumber tells that a sign belongs to a number: 1.5, 1,000, -20 %.
func partOfNumber(text string, from, to int) bool {
	if to >= len(text) || text[to] < '0' || text[to] > '9' {
		return false
	}
	if from == 0 || text[from-1] == ' ' {
		return strings.ContainsRune("-+", rune(text[from]))
	}
	return text[from-1] >= '0' && text[from-1] <= '9'
}

func kindOfRune(r rune) pieceKind {
	switch {
	case unicode.IsSpace(r):
		return spacePiece
	case strings.ContainsRune("®™©℠", r):
		return signPiece
	case strings.ContainsRune(",;/&+・、，；／＆·•", r):
		return commaPiece
	case strings.ContainsRune("-–—―|:：｜－~_", r):
		return dashPiece
	case strings.ContainsRune(".!?。！？…", r):
		return stopPiece
	case strings.ContainsRune("([{（［【「『《〈", r):
		return openPiece
	case strings.ContainsRune(")]}）］】」』》〉", r):
		return shutPiece
	case strings.ContainsRune("\"“”„«»'‘’", r):
		return quotePiece
	}
	return wordPiece
}

// tagEnd is the length of the tag or comment at the start of s, 0 if it is none.
func tagEnd(s string) int {
	if strings.HasPrefix(s, "<!--") {
		if end := strings.Index(s, "-->"); end > 0 {
			return end + 3
		}
		return 0
	}
	if len(s) < 3 || s[1] != '/' && (s[1]|0x20 < 'a' || s[1]|0x20 > 'z') {
		return 0
	}
	return strings.IndexByte(s, '>') + 1
}

// inlineTag tells whether a tag stands inside a line of text.
func inlineTag(tag string) bool {
	name := strings.ToLower(strings.TrimLeft(tag, "</"))
	if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "big", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr":
		return true
	}
	return false
}
