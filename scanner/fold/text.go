// Package fold turns a cell of a listing into what a reader sees, cuts that
// into tokens, and gives each token its keys: the folded key (case, width,
// accents and invisible characters undone) and the reduced key (look-alike
// letters, digits and symbols undone as well). Every byte it hands out knows
// where in the original cell it came from.
package fold

import (
	"html"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Text is a cell as stored and as seen. The zero value is an empty cell.
// It is immutable.
type Text struct {
	Orig string // the cell, tags and entities in it
	Seen string // tags removed, entities decoded; equal to Orig where there were none

	pieces []piece // where the bytes of Seen come from, in order; nil when Seen is Orig
}

// piece is a stretch of Seen, from at to the next piece: copied from Orig byte
// for byte, or standing for the whole of Orig[from:to].
type piece struct {
	at, from, to int32
	copied       bool
}

// Separator stands in Seen before every text that is not part of the running
// text: no name reaches across it.
const Separator = "\n\f"

// See returns the cell as a reader, and a search engine, sees it. Inline tags
// vanish (a word cut by <b> is one word), block tags become a newline, entities
// become their character, scripts and styles are dropped. What the page does
// not show but carries follows the visible text, each behind a Separator:
// comments, alternative texts and titles, elements that are hidden by style. A
// comment within a word does not break the word. The work is linear in the
// cell whatever its markup; a cell without tags and entities costs nothing.
func See(cell string) Text {
	if strings.IndexByte(cell, '<') < 0 && !holdsEntity(cell) {
		return Text{Orig: cell, Seen: cell}
	}
	v := viewer{in: cell, shown: sink{text: make([]byte, 0, len(cell))}}
	v.to = &v.shown
	v.run(0)
	if !v.changed {
		return Text{Orig: cell, Seen: cell}
	}
	v.shown.append(&v.unshown)
	return Text{Orig: cell, Seen: string(v.shown.text), pieces: v.shown.pieces}
}

// holdsEntity tells whether an '&' in s may begin an entity.
func holdsEntity(s string) bool {
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 || i+1 == len(s) {
			return false
		}
		if s = s[i+1:]; s[0] == '#' || isASCIILetter(s[0]) {
			return true
		}
	}
}

// Origin maps a half-open byte range of Seen to the range of Orig it was read
// from. An empty range maps to an empty one. A range that reaches across a
// Separator is cut there.
func (t *Text) Origin(start, end int) (int, int) {
	if t.pieces == nil {
		return start, end
	}
	if start >= len(t.Seen) {
		return len(t.Orig), len(t.Orig)
	}
	first := t.pieceAt(start)
	from, _ := t.pieces[first].origin(start)
	if start >= end {
		return from, from
	}
	last := t.pieceAt(end - 1)
	_, to := t.pieces[last].origin(end - 1)
	if to < from {
		if end = strings.Index(t.Seen[start:end], Separator) + start; end > start {
			return t.Origin(start, end)
		}
		return from, from
	}
	return from, to
}

func (t *Text) pieceAt(i int) int {
	return sort.Search(len(t.pieces), func(k int) bool { return int(t.pieces[k].at) > i }) - 1
}

// origin gives the range of Orig that byte i of Seen, which lies in p, stands for.
func (p *piece) origin(i int) (from, to int) {
	if p.copied {
		from = int(p.from) + i - int(p.at)
		return from, from + 1
	}
	return int(p.from), int(p.to)
}

// sink is a text under construction.
type sink struct {
	text   []byte
	pieces []piece
}

// copy writes in[i:j] as it stands.
func (s *sink) copy(in string, i, j int) {
	if n := len(s.pieces); n == 0 || !s.pieces[n-1].copied || int(s.pieces[n-1].to) != i {
		s.pieces = append(s.pieces, piece{int32(len(s.text)), int32(i), int32(j), true})
	} else {
		s.pieces[n-1].to = int32(j)
	}
	s.text = append(s.text, in[i:j]...)
}

// put writes text for in[i:j].
func (s *sink) put(text string, i, j int) {
	s.pieces = append(s.pieces, piece{int32(len(s.text)), int32(i), int32(j), false})
	s.text = append(s.text, text...)
}

func (s *sink) append(o *sink) {
	for _, p := range o.pieces {
		p.at += int32(len(s.text))
		s.pieces = append(s.pieces, p)
	}
	s.text = append(s.text, o.text...)
}

// viewer walks the cell once, writing what is shown and what is not to two
// sinks. Its flags make sure that no part of the cell is searched in vain
// twice.
type viewer struct {
	in             string
	shown, unshown sink
	to             *sink // where text goes at present
	changed        bool

	comment bool   // inside a comment
	noEnd   bool   // no '>' follows any more
	plain   bool   // a quote was never closed: quotes in tags mean nothing any more
	hidden  string // the element that hides its contents, if inside one
	depth   int    // elements of that name open
}

func (v *viewer) run(i int) {
	for i < len(v.in) {
		j := i
		for j < len(v.in) && v.in[j] != '<' && v.in[j] != '&' {
			j++
		}
		if j > i {
			v.to.copy(v.in, i, j)
			i = j
			continue
		}
		if v.in[i] == '<' {
			i = v.tag(i)
		} else {
			i = v.entity(i)
		}
	}
}

func (v *viewer) keep(i int) int {
	v.to.copy(v.in, i, i+1)
	return i + 1
}

// tag handles a '<' at i: a tag, a comment, or a plain character.
func (v *viewer) tag(i int) int {
	rest := v.in[i:]
	if strings.HasPrefix(rest, "<!--") {
		return v.commentAt(i)
	}
	name, closing := tagName(rest)
	if name == "" {
		return v.keep(i)
	}
	end := v.tagEnd(i)
	if end < 0 {
		return v.keep(i)
	}
	v.changed = true
	if name == "!" {
		v.aside(i+2, end-1)
		return end
	}
	if !inlineTags[name] {
		v.to.put("\n", i, end)
	}
	if closing {
		v.close(name, i, end)
		return end
	}
	if name == "script" || name == "style" {
		return v.skipRaw(end, name)
	}
	hides := strings.IndexByte(rest[:end-i], ' ') > 0 && v.attributes(i+1+len(name), end-1)
	v.open(name, hides && v.in[end-2] != '/', i, end)
	return end
}

// commentAt handles a comment at i. One that never ends takes all the rest;
// the start of one within another means nothing.
func (v *viewer) commentAt(i int) int {
	v.changed = true
	if v.comment {
		return i + 4
	}
	start, end, next := i+4, len(v.in), len(v.in)
	if n := strings.Index(v.in[start:], "-->"); n >= 0 {
		end, next = start+n, start+n+3
	}
	v.aside(start, end)
	return next
}

// aside reads in[i:j] as a text of its own that is not shown.
func (v *viewer) aside(i, j int) {
	outer := *v
	v.in, v.comment, v.noEnd, v.plain, v.hidden = v.in[:j], true, false, false, ""
	v.to = &v.unshown
	v.separate(i)
	v.run(i)
	v.separate(j)
	v.in, v.comment, v.noEnd, v.plain, v.to, v.hidden, v.depth = outer.in, outer.comment, outer.noEnd, outer.plain, outer.to, outer.hidden, outer.depth
}

// separate makes sure that what is written to unshown next stands apart.
func (v *viewer) separate(i int) {
	if !strings.HasSuffix(string(v.unshown.text[max(0, len(v.unshown.text)-len(Separator)):]), Separator) {
		v.unshown.put(Separator, i, i)
	}
}

// open notes an element that starts at i; its contents are not shown if hides.
func (v *viewer) open(name string, hides bool, i, end int) {
	switch {
	case v.hidden == name && v.in[end-2] != '/':
		v.depth++
	case v.hidden == "" && hides && !voidTags[name]:
		v.hidden, v.depth = name, 1
		v.separate(i)
		v.to = &v.unshown
	}
}

// close notes the end of an element.
func (v *viewer) close(name string, i, end int) {
	if v.hidden != name {
		return
	}
	if v.depth--; v.depth > 0 {
		return
	}
	v.hidden = ""
	v.separate(i)
	if !v.comment {
		v.to = &v.shown
	}
}

// textAttributes hold text that a page carries without showing it at once.
var textAttributes = []string{"alt", "title", "aria-label", "placeholder", "content"}

// attributes reads the attributes in[i:end] of a tag: texts among them are
// written to unshown. It tells whether they hide the element.
func (v *viewer) attributes(i, end int) (hides bool) {
	for i < end {
		name, from, to, next := v.attribute(i, end)
		i = next
		switch name = strings.ToLower(name); {
		case name == "hidden":
			hides = true
		case name == "style":
			hides = hides || hidingStyle(v.in[from:to])
		case to > from && slices.Contains(textAttributes, name):
			v.aside(from, to)
		}
	}
	return hides
}

// attribute reads the attribute at i or after: its name and the range of its
// value, and where the next one starts.
func (v *viewer) attribute(i, end int) (name string, from, to, next int) {
	for i < end && (v.in[i] <= ' ' || v.in[i] == '/' || v.in[i] == '=' || v.in[i] == '"' || v.in[i] == '\'') {
		i++
	}
	start := i
	for i < end && v.in[i] > ' ' && v.in[i] != '=' {
		i++
	}
	name = v.in[start:i]
	for i < end && v.in[i] <= ' ' {
		i++
	}
	if i >= end || v.in[i] != '=' {
		return name, i, i, i
	}
	for i++; i < end && v.in[i] <= ' '; i++ {
	}
	if i < end && (v.in[i] == '"' || v.in[i] == '\'') {
		n := strings.IndexByte(v.in[i+1:end], v.in[i])
		if n < 0 {
			return name, i + 1, end, end
		}
		return name, i + 1, i + 1 + n, i + 2 + n
	}
	from = i
	for i < end && v.in[i] > ' ' {
		i++
	}
	return name, from, i, i
}

// hidingStyle tells whether a style attribute keeps its element from sight.
func hidingStyle(style string) bool {
	s := strings.ToLower(strings.Join(strings.Fields(style), ""))
	for _, h := range []string{"display:none", "visibility:hidden", "font-size:0", "opacity:0"} {
		_, rest, found := strings.Cut(s, h)
		if found && (rest == "" || rest[0] != '.' && (rest[0] < '0' || rest[0] > '9')) {
			return true
		}
	}
	return false
}

// skipRaw drops everything up to the closing tag of a script or style.
func (v *viewer) skipRaw(i int, name string) int {
	for j := i; j < len(v.in); j++ {
		if v.in[j] != '<' {
			continue
		}
		if n, closing := tagName(v.in[j:]); closing && n == name {
			return j
		}
	}
	return len(v.in)
}

// tagName returns the lower-case name of the tag s starts with, "" when s
// starts with a mere less-than sign.
func tagName(s string) (name string, closing bool) {
	i := 1
	if i < len(s) && s[i] == '/' {
		closing = true
		i++
	}
	if i < len(s) && (s[i] == '!' || s[i] == '?') {
		return "!", false
	}
	start := i
	for i < len(s) && i-start < 24 && (isASCIILetter(s[i]) || i > start && (s[i] >= '0' && s[i] <= '9' || s[i] == '-' || s[i] == ':')) {
		i++
	}
	if i == start || i < len(s) && s[i] != '>' && s[i] != '/' && s[i] > ' ' {
		return "", false
	}
	return strings.ToLower(s[start:i]), closing
}

// tagEnd returns where the tag at i ends, minding quoted attributes; -1 when
// it never does. When a quote is never closed, the tag ends at its first '>',
// so that one bad attribute does not swallow the text after it.
func (v *viewer) tagEnd(i int) int {
	if v.noEnd {
		return -1
	}
	var quote byte
	first := -1
	for k := i + 1; k < len(v.in); k++ {
		c := v.in[k]
		switch {
		case c == '>' && (quote == 0 || v.plain):
			return k + 1
		case c == '>' && first < 0:
			first = k + 1
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'') && v.in[k-1] == '=':
			quote = c
		}
	}
	v.plain = true
	v.noEnd = first < 0
	return first
}

// entity handles an '&' at i.
func (v *viewer) entity(i int) int {
	end := i + 1
	for end < len(v.in) && end-i < 34 && (isASCIILetter(v.in[end]) || v.in[end] >= '0' && v.in[end] <= '9' || v.in[end] == '#') {
		end++
	}
	if end < len(v.in) && v.in[end] == ';' {
		end++
	}
	src := v.in[i:end]
	got := html.UnescapeString(src)
	if got == src {
		return v.keep(i)
	}
	// "&ampnike" decodes only its first letters; the undecoded tail is text of its own.
	tail := 0
	for tail < len(got) && tail < len(src) && got[len(got)-1-tail] == src[len(src)-1-tail] && src[len(src)-1-tail] != ';' {
		tail++
	}
	if tail == len(got) {
		tail = 0
	}
	if !utf8.ValidString(got) {
		got = "\uFFFD"
	}
	v.changed = true
	v.to.put(got[:len(got)-tail], i, end-tail)
	return end - tail
}

// inlineTags are the elements that do not end a word.
var inlineTags = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true,
	"data": true, "del": true, "dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true,
	"mark": true, "nobr": true, "o:p": true, "q": true, "s": true, "samp": true, "small": true, "span": true, "strike": true,
	"strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// voidTags are the elements without contents.
var voidTags = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true,
	"meta": true, "param": true, "source": true, "track": true, "wbr": true,
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
