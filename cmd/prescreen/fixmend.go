package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// next finds the nearest piece from i in a direction that says something: what
// is gone, blank or a tag inside the line is passed over. ok is false at an
// edge.
func (m *mender) next(i, step int) (at int, ok bool) {
	for i += step; i >= 0 && i < len(m.pieces); i += step {
		switch p := &m.pieces[i]; {
		case p.gone || p.kind == spacePiece || p.kind == inlinePiece:
		case p.kind == edgePiece:
			return i, false
		default:
			return i, true
		}
	}
	return i, false
}

// blankBetween tells whether a blank stands between two pieces.
func (m *mender) blankBetween(a, b int) bool {
	for i := min(a, b) + 1; i < max(a, b); i++ {
		if p := &m.pieces[i]; !p.gone && p.kind == spacePiece {
			return true
		}
	}
	return false
}

// side is the nearest piece on one side of a hole.
type side struct {
	at      int
	ok      bool // there is one before the edge
	kind    pieceKind
	touches bool // no blank between
	and     bool // a word that joins names
}

func (m *mender) side(hole, step int) side {
	at, ok := m.next(hole, step)
	s := side{at: at, ok: ok}
	if ok {
		p := &m.pieces[at]
		s.kind, s.touches = p.kind, !m.blankBetween(hole, at)
		s.and = p.kind == wordPiece && slices.Contains(repairWords()["and"], strings.ToLower(p.text))
	}
	return s
}

func (s *side) joint() bool { return s.ok && (s.kind == commaPiece || s.kind == dashPiece || s.and) }

// ends tells that a phrase ends here.
func (s *side) ends() bool { return !s.ok || s.kind == stopPiece || s.kind == shutPiece }

// begins tells that a phrase begins here.
func (s *side) begins() bool { return !s.ok || s.kind == stopPiece || s.kind == openPiece }

func (m *mender) drop(i int) { m.pieces[i].gone = true }

// mend repairs the neighbourhood of one hole.
func (m *mender) mend(hole int) {
	if r := m.side(hole, 1); r.ok && r.touches && r.kind == wordPiece {
		m.splitWord(r.at, func(s string) int { return affix(s, "tail", strings.HasPrefix) })
	}
	for range len(m.pieces) { // each step but the last drops a piece
		l, r := m.side(hole, -1), m.side(hole, 1)
		if !m.step(&l, &r) {
			break
		}
	}
}

// step drops what has lost its sense between the two neighbours of a hole and
// tells whether it did.
func (m *mender) step(l, r *side) bool {
	switch {
	case r.ok && r.kind == signPiece && r.touches:
		m.drop(r.at)
	case l.ok && r.ok && m.pair(l, r):
		m.drop(l.at)
		m.drop(r.at)
	case r.ok && r.touches && m.isTail(r) && (l.begins() || l.joint()):
		m.drop(r.at)
	case l.joint() && r.joint():
		if r.kind == dashPiece && l.kind != dashPiece {
			m.drop(l.at)
		} else {
			m.drop(r.at)
		}
	case r.joint() && l.begins():
		m.drop(r.at)
	case l.joint() && r.ends():
		m.drop(l.at)
	case r.ok && r.kind == dashPiece && r.touches && !l.touches, r.joint() && r.touches && l.ok && l.kind == wordPiece && !l.touches && m.pieces[r.at].text == "/":
		m.drop(r.at)
	case l.ok && l.kind == dashPiece && l.touches && r.ok && !r.touches:
		m.drop(l.at)
	default:
		return m.lead(l, r)
	}
	return true
}

// pair tells whether two pieces are brackets or quotes with nothing between.
func (m *mender) pair(l, r *side) bool {
	if l.kind == openPiece && r.kind == shutPiece {
		return true
	}
	if l.kind != quotePiece || r.kind != quotePiece {
		return false
	}
	a, b := m.pieces[l.at].text, m.pieces[r.at].text
	return a == b || strings.Contains("“” „“ «» ‘’", a+b)
}

func (m *mender) isTail(r *side) bool {
	return slices.Contains(repairWords()["tail"], m.pieces[r.at].text)
}

// lead drops the "for" before a hole that nothing follows, and an article; an
// article before another word is made to agree with it.
func (m *mender) lead(l, r *side) bool {
	if !l.ok || l.kind != wordPiece {
		return false
	}
	if slices.Contains(repairWords()["article"], strings.ToLower(m.pieces[l.at].text)) {
		return m.article(l, r)
	}
	if !r.ends() && r.kind != openPiece && !r.joint() && !m.leads(r) {
		return false
	}
	first := m.leadFrom(l.at)
	if first < 0 {
		return false
	}
	if after, ok := m.next(r.at, 1); r.joint() && r.kind != dashPiece && ok && m.kept != nil && m.kept(m.pieces[after].start) {
		m.drop(r.at) // "for X, Y": the "for" belongs to Y now
		return true
	}
	for i := first; i <= l.at; i++ {
		if m.pieces[i].kind == wordPiece {
			m.drop(i)
		}
	}
	m.blanksWithin(first, l.at)
	return true
}

// leads tells whether a word that leads to a name stands on the right.
func (m *mender) leads(r *side) bool {
	return r.ok && r.kind == wordPiece && slices.Contains(repairWords()["lead"], strings.ToLower(m.pieces[r.at].text))
}

// leadFrom returns the first piece of the longest phrase of leading words that
// ends with piece last, -1 if none does.
func (m *mender) leadFrom(last int) int {
	if slices.Contains(repairWords()["glued"], m.pieces[last].text) {
		return last
	}
	found, phrase := -1, ""
	for i, words := last, 0; i >= 0 && words < 3; i-- {
		switch p := &m.pieces[i]; {
		case p.gone || p.kind == spacePiece || p.kind == inlinePiece:
			continue
		case p.kind != wordPiece:
			return found
		default:
			phrase = strings.TrimSpace(strings.ToLower(p.text) + " " + phrase)
			words++
		}
		if slices.Contains(repairWords()["lead"], phrase) {
			found = i
		}
	}
	return found
}

// blanksWithin leaves one blank where a phrase went with its own.
func (m *mender) blanksWithin(first, last int) {
	for i := first; i <= last; i++ {
		if m.pieces[i].kind == spacePiece {
			m.drop(i)
		}
	}
}

func (m *mender) article(l, r *side) bool {
	p := &m.pieces[l.at]
	if r.ends() || r.joint() {
		m.drop(l.at)
		return true
	}
	if p.changed || r.kind != wordPiece || !strings.EqualFold(p.text, "a") && !strings.EqualFold(p.text, "an") {
		return false
	}
	want := p.text[:1]
	if strings.ContainsRune("aeiouAEIOU", rune(m.pieces[r.at].text[0])) {
		want += "n"
	}
	if want != p.text {
		p.new, p.changed = want, true
	}
	return false
}

// blanks leaves one blank of those around a hole, none at an edge or before a
// sign that follows its word.
func (m *mender) blanks(hole int) {
	l, r := m.side(hole, -1), m.side(hole, 1)
	left, right := m.blanksFrom(hole, -1, l.at), m.blanksFrom(hole, 1, r.at)
	dropAll := func(list []int) {
		for _, i := range list {
			m.drop(i)
		}
	}
	tight := r.ok && (r.kind == shutPiece || r.kind == stopPiece || strings.Contains(",;:，；：、", m.pieces[r.at].text))
	switch {
	case !l.ok || l.kind == openPiece:
		dropAll(right)
	case !r.ok || tight:
		dropAll(left)
	case len(left) > 0 && len(right) > 0:
		if lineEnd(m, right) && !lineEnd(m, left) {
			dropAll(left)
		} else {
			dropAll(right)
			m.keepOne(left)
		}
	case len(left)+len(right) == 0 && l.kind == wordPiece && r.kind == wordPiece && latin(m.pieces[l.at].text) && latin(m.pieces[r.at].text):
		m.pieces[hole].new = " "
	default:
		m.keepOne(append(left, right...))
	}
}

// keepOne drops blanks of a run but the first, unless they are laid out in
// lines.
func (m *mender) keepOne(list []int) {
	if len(list) < 2 || lineEnd(m, list) {
		return
	}
	for _, i := range list[1:] {
		m.drop(i)
	}
}

func lineEnd(m *mender, list []int) bool {
	return slices.ContainsFunc(list, func(i int) bool { return strings.ContainsAny(m.pieces[i].text, "\r\n") })
}

// blanksFrom lists the blanks between a hole and the piece at, nearest last on
// the left and first on the right.
func (m *mender) blanksFrom(hole, step, at int) []int {
	var out []int
	for i := hole + step; i != at && i >= 0 && i < len(m.pieces); i += step {
		if p := &m.pieces[i]; p.kind == spacePiece && !p.gone {
			out = append(out, i)
		}
	}
	if step < 0 {
		slices.Reverse(out)
	}
	return out
}

func latin(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) || unicode.IsDigit(r)
}

// capital gives the word that now begins a sentence the capital of the name
// that began it.
func (m *mender) capital(hole int) {
	l, r := m.side(hole, -1), m.side(hole, 1)
	if m.lists || l.ok && l.kind != stopPiece || !r.ok || r.kind != wordPiece {
		return
	}
	was, _ := utf8.DecodeRuneInString(m.pieces[hole].text)
	p := &m.pieces[r.at]
	if !unicode.IsUpper(was) || p.text != strings.ToLower(p.text) || p.end-p.start != len(p.text) || p.changed {
		return
	}
	first, size := utf8.DecodeRuneInString(p.text)
	if up := unicode.ToUpper(first); up != first {
		p.new, p.changed = string(up)+p.text[size:], true
	}
}
