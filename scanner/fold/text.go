// Package fold turns a cell of a listing into what a reader sees, cuts that
// into tokens, and gives each token its keys: the folded key (case, width,
// accents and invisible characters undone) and the reduced key (look-alike
// letters, digits and symbols undone as well). Every byte it hands out knows
// where in the original cell it came from.
package fold

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Text is a cell as stored and as seen. The zero value is an empty cell.
// It is immutable.
type Text struct {
	Orig string // the cell, tags and entities in it
	Seen string // tags removed, entities decoded; equal to Orig where there were none

	from, to []int32 // per byte of Seen: the half-open byte range in Orig; nil when Seen is Orig
}

// See returns the cell as a reader sees it. Inline tags vanish (a word cut by
// <b> is one word), block tags become a newline, entities become their
// character, comments, scripts and styles are dropped. A cell without '<' and
// '&' costs nothing.
func See(cell string) Text {
	if strings.IndexByte(cell, '<') < 0 && strings.IndexByte(cell, '&') < 0 {
		return Text{Orig: cell, Seen: cell}
	}
	v := viewer{in: cell, out: make([]byte, 0, len(cell))}
	v.run()
	if !v.changed {
		return Text{Orig: cell, Seen: cell}
	}
	return Text{Orig: cell, Seen: string(v.out), from: v.from, to: v.to}
}

// Origin maps a half-open byte range of Seen to the range of Orig it was read
// from. An empty range maps to an empty one.
func (t *Text) Origin(start, end int) (int, int) {
	if t.from == nil {
		return start, end
	}
	if start >= end {
		if start < len(t.from) {
			return int(t.from[start]), int(t.from[start])
		}
		return len(t.Orig), len(t.Orig)
	}
	return int(t.from[start]), int(t.to[end-1])
}

// viewer walks the cell once, copying what is seen and where it came from.
type viewer struct {
	in       string
	out      []byte
	from, to []int32
	changed  bool
}

func (v *viewer) run() {
	for i := 0; i < len(v.in); {
		switch v.in[i] {
		case '<':
			i = v.tag(i)
		case '&':
			i = v.entity(i)
		default:
			v.keep(i)
			i++
		}
	}
}

func (v *viewer) keep(i int) {
	v.out = append(v.out, v.in[i])
	v.from, v.to = append(v.from, int32(i)), append(v.to, int32(i+1))
}

// put writes s for the bytes [start, end) of the cell.
func (v *viewer) put(s string, start, end int) {
	v.changed = true
	for i := range len(s) {
		v.out = append(v.out, s[i])
		v.from, v.to = append(v.from, int32(start)), append(v.to, int32(end))
	}
}

// tag handles a '<' at i: a tag, a comment, or a plain character.
func (v *viewer) tag(i int) int {
	rest := v.in[i:]
	if strings.HasPrefix(rest, "<!--") {
		v.changed = true
		if n := strings.Index(rest[4:], "-->"); n >= 0 {
			return i + 4 + n + 3
		}
		return len(v.in)
	}
	name, closing := tagName(rest)
	if name == "" {
		v.keep(i)
		return i + 1
	}
	end := tagEnd(rest)
	if end < 0 {
		v.keep(i)
		return i + 1
	}
	v.changed = true
	if !inlineTags[name] {
		v.put("\n", i, i+end)
	}
	if !closing && (name == "script" || name == "style") {
		return v.skipRaw(i+end, name)
	}
	return i + end
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

// tagEnd returns the length of the tag s starts with, minding quoted
// attributes; -1 when it never ends. A quote that is never closed ends at the
// first '>', so that one bad attribute does not swallow the text after it.
func tagEnd(s string) int {
	var quote byte
	first := -1
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '>' && quote == 0:
			return i + 1
		case c == '>' && first < 0:
			first = i + 1
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'') && s[i-1] == '=':
			quote = c
		}
	}
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
		v.keep(i)
		return i + 1
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
	v.put(got[:len(got)-tail], i, end-tail)
	return end - tail
}

// inlineTags are the elements that do not end a word.
var inlineTags = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true,
	"data": true, "del": true, "dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true,
	"mark": true, "nobr": true, "o:p": true, "q": true, "s": true, "samp": true, "small": true, "span": true, "strike": true,
	"strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true,
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
