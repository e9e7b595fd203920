package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// candidate is a vocabulary entry a token may stand for: the form it would
// take and, for a name glued into a longer token, the bytes of the token it
// covers.
type candidate struct {
	id       int32
	form     Form
	cost     uint8 // of a misspelling, in tenths of an edit
	from, to uint16
}

// longestToken is what is looked at; longer runs of letters are no names.
const longestToken = 255 // bytes

// resolve lists what the token raw may stand for in the memo's slab, strongest
// first, and flags what it may be a part of. A token that is plainly a name,
// or an ordinary word, is never a doubtful spelling of another. The ordinary
// word is asked for last, because few tokens get as far.
func (f *Finder) resolve(raw string, script uint8) reading {
	m := f.m
	if flags, ok := m.hopeless(raw); ok {
		return reading{flags: flags}
	}
	first := len(f.memo.slab)
	w := spelling{raw: raw}
	w.folded, w.reduced, w.traits = m.opt.Keys(raw)
	out := m.plain(f.memo.slab, &w)
	flags := uint8(0)
	if script == word {
		flags = m.flagsOf(&w, out[first:])
		if len(out) == first || !m.words[out[first].id].single {
			out = f.doubtful(out, first, &w)
		}
	}
	out = out[:min(len(out), first+mostCandidates)]
	for _, c := range out[first:] {
		flags |= m.words[c.id].starts
	}
	f.memo.slab = out
	return reading{flags, uint8(len(out) - first), uint32(first)}
}

// hopeless tells, in one pass over its letters, whether an ASCII word stands
// for nothing at all: it is no known word or ending of one under its reduced
// key, holds no name, and repeats no letter three times. Most new words of a
// text are of this kind. Where it is true, flags are all there is to know.
func (m *Machine) hopeless(raw string) (flags uint8, ok bool) {
	var h, h1, h2 uint64 // of the reduced key, and of all but its last letters
	letters, run := 0, 0
	for i := range len(raw) {
		c := raw[i]
		if c >= utf8.RuneSelf {
			return 0, false
		}
		h2, h1, h = h1, h, extend(h, m.class[c])
		if c > '9' {
			letters++
		}
		if run++; i > 0 && (c^raw[i-1])&^0x20 != 0 {
			run = 1
		}
		if run == 3 {
			return 0, false
		}
	}
	n := len(raw)
	if n < 2 || m.near.holds(n) && letters == n || m.whole.has(h) {
		return 0, false
	}
	if raw[n-1]|0x20 == 's' && (m.whole.has(h1) || m.whole.has(h2)) || n >= 6 && m.holdsName(raw) {
		return 0, false
	}
	if m.heads.has(h) {
		flags |= flagHead
	}
	end := uint64(0)
	for i := n - 1; i >= 0; i-- {
		end = extend(end, asciiLower(raw[i]))
	}
	if m.tails.has(end) {
		flags |= flagTail
	}
	return flags, true
}

func asciiLower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// holdsName tells whether four letters of an ASCII word may begin a name that
// is glued into it.
func (m *Machine) holdsName(raw string) bool {
	for i := 0; i+4 <= len(raw); i++ {
		if m.quads.has(fourBytes(raw[i:]) | 0x20202020) {
			return true
		}
	}
	return false
}

// mostCandidates bounds what one token may stand for.
const mostCandidates = 255

// spelling is a token under resolution: as written, and its keys.
type spelling struct {
	raw, folded, reduced string
	traits               uint8
}

func (m *Machine) flagsOf(w *spelling, plain []candidate) (flags uint8) {
	if n := len(w.raw); n == 1 || utf8.RuneCountInString(w.raw) == 1 {
		if w.traits&(asciiLetter|foreign) != 0 || n == 1 && strings.Contains("01345", w.raw) {
			flags |= flagLetter
		}
	}
	if m.heads.begins(w.reduced) {
		flags |= flagHead
	}
	if m.tails.ends(w.folded) {
		flags |= flagTail
	}
	if len(plain) > 0 && m.words[plain[0].id].single && plain[0].form <= Inflected {
		flags |= flagName
	}
	return flags
}

// doubtful appends what a word that is no name may be meant for; out[first:]
// holds its plain readings.
func (f *Finder) doubtful(out []candidate, first int, w *spelling) []candidate {
	m := f.m
	n := len(out)
	out = m.endings(out, w)
	if len(out) > n && asciiOnly(w.folded) && m.opt.Ordinary(w.folded) {
		return out[:n]
	}
	if len(out) > first {
		return out
	}
	out = f.reducedTo(out, w)
	if len(out) == first {
		out = m.glued(out, first, w)
	}
	if len(out) > first {
		if m.opt.Ordinary(w.folded) {
			return out[:first]
		}
		return out
	}
	if w.traits == asciiLetter || w.traits&(asciiLetter|hidden|substitute|pictured) == 0 {
		out = m.misspelt(out, first, w)
	}
	return out
}

func asciiOnly(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plain finds the token under its folded key. A phrase that written as one
// word is an ordinary one is no name.
func (m *Machine) plain(out []candidate, w *spelling) []candidate {
	id := m.vocab.find(w.folded)
	if id < 0 {
		return out
	}
	if k := &m.words[id]; k.single && !k.own && !k.part && m.opt.Ordinary(w.folded) {
		return out
	}
	form := Folded
	switch {
	case w.raw == w.folded:
		form = Exact
	case w.traits&hidden != 0:
		form = Invisible
	case w.traits&pictured != 0:
		form = Lookalike
	}
	return append(out, candidate{id: id, form: form, to: uint16(len(w.raw))})
}

// reducedTo finds the token under its reduced keys: look-alike letters of
// other scripts, digits and symbols for letters, repeated letters.
func (f *Finder) reducedTo(out []candidate, w *spelling) []candidate {
	m := f.m
	n := utf8.RuneCountInString(w.reduced)
	if n < 3 || w.traits&(asciiLetter|foreign) == 0 {
		return out
	}
	first := len(out)
	if form, ok := disguise(w.folded, w.traits); ok {
		f.ids = m.reduced.of(f.ids[:0], w.reduced)
		for _, id := range f.ids {
			if !m.words[id].letter && w.traits == asciiLetter {
				continue // rava is no RAV4: letters do not disguise digits
			}
			if m.words[id].runes >= 4 || form != Leet && w.traits&foreign != 0 {
				out = append(out, candidate{id: id, form: form, to: uint16(len(w.raw))})
			}
		}
	}
	if len(out) > first || n < 5 || w.traits&foreign != 0 && w.traits&asciiLetter == 0 || !hasRun(w.folded) {
		return out
	}
	f.ids = m.squeezed.of(f.ids[:0], squeeze(w.reduced))
	for _, id := range f.ids {
		if name := m.vocab.text(id); len(name) < len(w.folded) && squeeze(name) == squeeze(w.folded) || w.traits&substitute != 0 {
			out = append(out, candidate{id: id, form: Repeated, to: uint16(len(w.raw))})
		}
	}
	return out
}

// disguise tells which trick the characters of a token show, and whether the
// token may be one at all: a token of one foreign script is an ordinary word
// there unless it holds ASCII too, and a code with more digits than letters is
// a model number.
func disguise(folded string, traits uint8) (Form, bool) {
	switch {
	case traits&other != 0:
		return 0, false
	case traits&foreign != 0:
		return Lookalike, true
	case traits&(hidden|pictured) != 0:
		return Invisible, true
	case traits&substitute != 0:
		letters, rest := 0, 0
		for _, r := range folded {
			if r >= 'a' && r <= 'z' {
				letters++
			} else {
				rest++
			}
		}
		return Leet, letters >= 2 && letters >= rest
	}
	return Lookalike, true // an l for an i, nothing else differs
}

// hasRun tells whether a letter stands three times in a row.
func hasRun(s string) bool {
	for i := 2; i < len(s); i++ {
		if s[i] == s[i-1] && s[i] == s[i-2] && s[i] >= 'a' {
			return true
		}
	}
	return false
}

// glued finds names inside a longer token: nikeshoes, forNike, GymSharkSeamless.
// What is left over on either side must be words we know, or begin at a
// capital; otherwise the name is a mere substring (Bushnikel). The longest name
// is meant, one that is no plain word before one that is.
func (m *Machine) glued(out []candidate, first int, w *spelling) []candidate {
	raw, folded := w.raw, w.folded
	if len(folded) < 6 || len(folded) > 40 || len(raw) != len(folded) {
		return out
	}
	best := candidate{cost: PlainWords}
	for i := 0; i+4 <= len(folded); i++ {
		if !m.quads.has(fourBytes(folded[i:])) {
			continue
		}
		for j := len(folded); j-i >= 4; j-- {
			longer := j-i > int(best.to-best.from)
			if i == 0 && j == len(folded) || !longer && best.cost == 0 {
				continue
			}
			id := m.vocab.find(folded[i:j])
			if id < 0 || !m.gluable(id) || !m.leftover(raw, folded, 0, i, 0) || !m.leftover(raw, folded, j, len(folded), 0) {
				continue
			}
			cost, ok := m.gluedCost(id, raw, folded, i, j)
			if ok && (cost < best.cost || cost == best.cost && longer) {
				best = candidate{id: id, form: Joined, cost: cost, from: uint16(i), to: uint16(j)}
			}
		}
	}
	if best.to == 0 {
		return out
	}
	return append(out[:first], best)
}

// gluedCost is the cost of the name id at folded[i:j] inside a token. A name
// that is a plain word is told from the words around it by its capitals or by
// the year after it (Omega2023), and by nothing in goldentarget.
func (m *Machine) gluedCost(id int32, raw, folded string, i, j int) (cost uint8, ok bool) {
	switch {
	case !m.opt.Ordinary(folded[i:j]):
		return 0, true
	case !m.words[id].own:
		return 0, false
	case humpAt(raw, i) || humpAt(raw, j) || i == 0 && digitsOnly(folded[j:]):
		return 0, true
	}
	return PlainWords, true
}

func (m *Machine) gluable(id int32) bool {
	w := &m.words[id]
	return w.name && w.letter && w.forms.Has(Joined)
}

// leftover tells whether folded[i:j] is made of known words and digits.
func (m *Machine) leftover(raw, folded string, i, j, depth int) bool {
	if i == j {
		return true
	}
	if depth > 4 {
		return false
	}
	if digitsOnly(folded[i:j]) || depth == 0 && (i > 0 && humpAt(raw, i) || i == 0 && humpAt(raw, j)) {
		return true
	}
	for k := j; k-i >= 3; k-- {
		part := folded[i:k]
		if m.known(part) && m.leftover(raw, folded, k, j, depth+1) {
			return true
		}
	}
	return false
}

// known tells whether w may be glued to a name: a common word of at least four
// letters, or a whole pattern of its own.
func (m *Machine) known(w string) bool {
	if len(w) >= 4 && m.opt.Common(w) {
		return true
	}
	id := m.vocab.find(w)
	return id >= 0 && m.words[id].single
}

// humpAt tells whether a new capital starts at i, as in forNike.
func humpAt(raw string, i int) bool {
	return i > 0 && i < len(raw) && raw[i] >= 'A' && raw[i] <= 'Z' && raw[i-1] >= 'a' && raw[i-1] <= 'z'
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// maskKey groups the names a mask of n letters beginning with c may stand for.
func maskKey(n int, c byte) string { return string([]byte{byte(min(n, 255)), c}) }

// maskedAs returns the names that fit a mask, in which * stands for one
// letter. At least three letters in five must show, the first among them.
func (f *Finder) maskedAs(mask string) []int32 {
	shown := len(mask) - strings.Count(mask, "*")
	if len(mask) < 4 || 5*shown < 3*len(mask) || shown < 3 {
		return nil
	}
	f.ids = f.m.masks.of(f.ids[:0], maskKey(len(mask), mask[0]))
	return slices.DeleteFunc(f.ids, func(id int32) bool { return !fits(mask, f.m.vocab.text(id)) })
}

func fits(mask, name string) bool {
	if len(mask) != len(name) {
		return false
	}
	for i := range len(mask) {
		if mask[i] != '*' && mask[i] != name[i] {
			return false
		}
	}
	return true
}
