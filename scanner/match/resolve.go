package match

import (
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

// resolve lists what the token raw may stand for, strongest first. A token
// that is plainly a name, or an ordinary word, is never a doubtful spelling of
// another.
func (m *Machine) resolve(raw string, script uint8) []candidate {
	if len(raw) > 64*4 {
		return nil
	}
	folded, reduced, traits := m.opt.Keys(raw)
	out := m.plain(nil, raw, folded, traits)
	if script != word || len(out) > 0 && m.words[out[0].id].single {
		return out
	}
	ordinary := m.opt.Ordinary(folded)
	if !ordinary || !asciiOnly(folded) {
		out = m.endings(out, raw, folded)
	}
	if len(out) > 0 || ordinary {
		return out
	}
	out = m.reducedTo(out, raw, folded, reduced, traits)
	if len(out) == 0 {
		out = m.glued(out, raw, folded)
	}
	if len(out) == 0 && traits == asciiLetter {
		out = m.misspelt(out, folded)
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

// plain finds the token under its folded key.
func (m *Machine) plain(out []candidate, raw, folded string, traits uint8) []candidate {
	id := m.vocab.find(folded)
	if id < 0 {
		return out
	}
	form := Folded
	switch {
	case raw == folded:
		form = Exact
	case traits&hidden != 0:
		form = Invisible
	case traits&pictured != 0:
		form = Lookalike
	}
	return append(out, candidate{id: id, form: form, to: uint16(len(raw))})
}

func (m *Machine) endings(out []candidate, raw, folded string) []candidate {
	for _, id := range m.inflected(nil, folded) {
		out = append(out, candidate{id: id, form: Inflected, to: uint16(len(raw))})
	}
	return out
}

// reducedTo finds the token under its reduced keys: look-alike letters of
// other scripts, digits and symbols for letters, repeated letters.
func (m *Machine) reducedTo(out []candidate, raw, folded, reduced string, traits uint8) []candidate {
	n := utf8.RuneCountInString(reduced)
	if n < 3 || traits&(asciiLetter|foreign) == 0 {
		return out
	}
	form, ok := disguise(folded, traits)
	if ok {
		for _, id := range m.reduced[reduced] {
			if !m.words[id].letter && traits == asciiLetter {
				continue // rava is no RAV4: letters do not disguise digits
			}
			if m.words[id].runes >= 4 || form != Leet && traits&foreign != 0 {
				out = append(out, candidate{id: id, form: form, to: uint16(len(raw))})
			}
		}
	}
	if len(out) > 0 || n < 5 || traits&foreign != 0 && traits&asciiLetter == 0 {
		return out
	}
	if !hasRun(folded) {
		return out
	}
	for _, id := range m.squeezed[squeeze(reduced)] {
		if name := m.vocab.text(id); len(name) < len(folded) && squeeze(name) == squeeze(folded) || traits&substitute != 0 {
			out = append(out, candidate{id: id, form: Repeated, to: uint16(len(raw))})
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
// capital; otherwise the name is a mere substring (Bushnikel).
func (m *Machine) glued(out []candidate, raw, folded string) []candidate {
	if len(folded) < 6 || len(folded) > 40 || len(raw) != len(folded) {
		return out
	}
	best := 0
	for i := 0; i+4 <= len(folded); i++ {
		for j := len(folded); j-i >= 4 && j-i > best; j-- {
			if i == 0 && j == len(folded) {
				continue
			}
			id := m.vocab.find(folded[i:j])
			if id < 0 || !m.words[id].single || !m.words[id].forms.Has(Joined) || !m.words[id].letter {
				continue
			}
			if !m.leftover(raw, folded, 0, i, 0) || !m.leftover(raw, folded, j, len(folded), 0) {
				continue
			}
			if m.opt.Ordinary(folded[i:j]) && !humpAt(raw, i) && !humpAt(raw, j) {
				continue // applesauce, goldentarget: a word made of words
			}
			best = j - i
			out = append(out[:0], candidate{id: id, form: Joined, from: uint16(i), to: uint16(j)})
		}
	}
	return out
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

// known tells whether w is an ordinary word, or a whole pattern of its own.
func (m *Machine) known(w string) bool {
	if m.opt.Ordinary(w) {
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

// maskedAs returns the names that fit a mask, in which * stands for one
// letter. At least three letters in five must show.
func (m *Machine) maskedAs(mask string) []int32 {
	mask = strings.ToLower(mask)
	shown := len(mask) - strings.Count(mask, "*")
	if len(mask) < 4 || 5*shown < 3*len(mask) || shown < 3 {
		return nil
	}
	var ids []int32
	for _, id := range m.byLength[len(mask)] {
		if fits(mask, m.vocab.text(id)) {
			ids = append(ids, id)
		}
	}
	return ids
}

func fits(mask, name string) bool {
	for i := range len(mask) {
		if mask[i] != '*' && mask[i] != name[i] {
			return false
		}
	}
	return true
}
