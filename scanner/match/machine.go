// Package match finds many patterns in a tokenised text in one pass: exact,
// and in every spelling people use to disguise, glue, split or misspell a
// name. It works on tokens, not bytes:
//
//	text    For   iPhone   15  Pro   case
//	tokens  for   iphone   15  pro   case        (keys, each resolved once)
//	phrases root -iphone-> * -15-> . -pro-> *    (one table over token ids)
//
// Every distinct token is resolved once to the vocabulary entries it may
// stand for (its candidates), and the answer is kept in a memo, so that the
// expensive spellings are paid per distinct token and not per occurrence. A
// phrase is a path through the table; token candidates and compounds (several
// tokens read as one: N.I.K.E, adi das, L*uis) are the edges it may take.
package match

import "unicode/utf8"

// Form says how a text spells a pattern. A smaller form is stronger evidence.
type Form uint8

// The forms.
const (
	Exact Form = iota
	Folded
	Inflected
	Alias // given by the caller to patterns that are another name; never found here
	Joined
	Split
	Invisible
	Lookalike
	SpelledOut
	Repeated
	Leet
	Masked
	Misspelt
	forms
)

var formNames = [forms]string{"exact", "folded", "inflected", "alias", "joined", "split", "invisible", "lookalike", "spelled-out", "repeated", "leet", "masked", "misspelt"}

// String gives the form's name as used in every output.
func (f Form) String() string { return formNames[f] }

// Forms is a set of forms a pattern may be found in.
type Forms uint16

// Sets of forms.
const (
	PlainForms    = Forms(1<<Exact | 1<<Folded)
	RegisterForms = PlainForms | 1<<Joined | 1<<Invisible | 1<<Lookalike
	AllForms      = Forms(1<<forms - 1)
	ListForms     = AllForms &^ (1 << Misspelt)
)

// Has tells whether f is in the set.
func (s Forms) Has(f Form) bool { return s>>f&1 == 1 }

// Token is one unit of a text; Gap says what stands before it. The shape is
// that of the caller's tokeniser, spelled out here because this package knows
// nothing of it.
type Token = struct {
	Start, End int32
	Script     uint8
	ASCII      bool
	Digits     bool
	Gap        uint16
}

// The scripts and gaps of a Token, as its maker numbers them.
const (
	word uint8 = iota
	han
	kana
	hangul
	thai
)

const (
	gapSpace uint16 = 1 << iota
	gapSoft
	gapAmp
	gapHard
	gapStop
	gapStar
	gapSymbol
	gapLeet
	gapMany
	gapHash
	gapQuote
	gapFirst
)

// The traits of a token's characters, as Keys numbers them.
const (
	foreign uint8 = 1 << iota
	asciiLetter
	hidden
	substitute
	pictured
	compat
	other
)

// Pattern is one name to find.
type Pattern struct {
	Text   string
	Tokens []Token // of Text
	Forms  Forms
}

// Keys gives a token's folded key (case and accents undone), its reduced key
// (look-alike letters and digits undone too) and the traits of its characters.
type Keys func(token string) (folded, reduced string, traits uint8)

// Options are what a Machine needs beyond its patterns.
type Options struct {
	Keys     Keys
	Ordinary func(folded string) bool // is this an ordinary word? Gates every doubtful spelling
}

// Match is one pattern found: bytes [Start, End) of the text, tokens
// [First, Last) of it, the form it took and, for Misspelt, the cost in tenths
// of an edit.
type Match struct {
	Pattern     int32
	Start, End  int32
	First, Last int32
	Form        Form
	Cost        uint8
}

// Machine holds the tables of a set of patterns. It is immutable after Build
// and safe for concurrent use; each worker takes its own Finder from it.
type Machine struct {
	opt      Options
	patterns []Pattern
	vocab    vocabulary
	edges    table   // node<<32 | gap kind<<30 | vocabulary id -> node
	root     []int32 // vocabulary id -> node of the phrase that starts with it, -1 if none
	accepts  [][]accept
	words    []wordInfo         // per vocabulary id
	reduced  map[string][]int32 // reduced key -> vocabulary ids
	squeezed map[string][]int32 // squeezed reduced key -> vocabulary ids
	byLength map[int][]int32    // length in runes -> ids that may be masked
	stems    map[string][]stem  // stem of a name that takes endings -> ids
	heads    map[string]bool    // proper beginnings of names that may be split
	tails    map[string]bool    // proper ends of them
	near     nearIndex          // deletion index for misspellings
}

// wordInfo is what the resolver needs to know of a vocabulary entry.
type wordInfo struct {
	runes  uint8
	forms  Forms // union of the forms of the patterns it occurs in
	single bool  // a pattern of its own
	letter bool  // ASCII letters only
}

// accept ends a phrase: the pattern, and the form its very writing imposes
// (Joined for a phrase written as one word).
type accept struct {
	pattern int32
	form    Form
}

// gapKind is the part of a gap that a phrase must agree with.
const (
	looseGap uint64 = iota
	ampGap
	hardGap
)

func kindOfGap(g uint16) uint64 {
	switch {
	case g&(gapHard|gapStop|gapFirst|gapQuote) != 0:
		return hardGap
	case g&gapAmp != 0:
		return ampGap
	}
	return looseGap
}

// Build makes the tables. The cost is linear in the bytes of the patterns
// plus, for names that may be misspelt, about thirty entries per name.
func Build(patterns []Pattern, opt Options) *Machine {
	m := &Machine{
		opt: opt, patterns: patterns,
		reduced: map[string][]int32{}, squeezed: map[string][]int32{}, byLength: map[int][]int32{},
		stems: map[string][]stem{}, heads: map[string]bool{}, tails: map[string]bool{},
	}
	if m.opt.Ordinary == nil {
		m.opt.Ordinary = func(string) bool { return false }
	}
	for i := range patterns {
		m.addPattern(int32(i))
	}
	for id := range m.words {
		m.index(int32(id))
	}
	m.near.build(m)
	return m
}

// Patterns returns the patterns the machine was built from; not to be changed.
func (m *Machine) Patterns() []Pattern { return m.patterns }

func (m *Machine) addPattern(i int32) {
	p := &m.patterns[i]
	if len(p.Tokens) == 0 {
		return
	}
	keys := make([]string, len(p.Tokens))
	joined, allWords, letters := "", true, 0
	for k, t := range p.Tokens {
		folded, _, _ := m.opt.Keys(p.Text[t.Start:t.End])
		keys[k] = folded
		joined += folded
		allWords = allWords && t.Script == word
		letters += utf8.RuneCountInString(folded)
	}
	m.addPath(keys, p, accept{i, Exact}, false)
	if len(keys) < 2 || !allWords {
		return
	}
	if amp := ampAsWord(p); amp != nil {
		m.addPath(spliceAnd(keys, amp), nil, accept{i, Folded}, false)
	}
	if p.Forms.Has(Joined) && letters >= 4 && !m.opt.Ordinary(joined) {
		m.addPath([]string{joined}, &Pattern{Tokens: []Token{{}}, Forms: p.Forms}, accept{i, Joined}, true)
	}
}

// ampAsWord lists the gaps of p that hold an ampersand between real words, so
// that "Dolce and Gabbana" is found as well as "Dolce & Gabbana".
func ampAsWord(p *Pattern) []int {
	var at []int
	for k, t := range p.Tokens {
		if k > 0 && t.Gap&gapAmp != 0 && t.End-t.Start > 1 && p.Tokens[k-1].End-p.Tokens[k-1].Start > 1 {
			at = append(at, k)
		}
	}
	return at
}

func spliceAnd(keys []string, at []int) []string {
	var out []string
	for k, key := range keys {
		if len(at) > 0 && at[0] == k {
			out = append(out, "and")
			at = at[1:]
		}
		out = append(out, key)
	}
	return out
}

// addPath enters one phrase. The gaps of p decide how its tokens may be
// joined in a text; without p every join is loose.
func (m *Machine) addPath(keys []string, p *Pattern, acc accept, joined bool) {
	forms := AllForms
	if p != nil {
		forms = p.Forms
	} else {
		forms = m.patterns[acc.pattern].Forms
	}
	node := int32(-1)
	for k, key := range keys {
		id := m.entry(key, forms, len(keys) == 1 || joined)
		if k == 0 {
			if m.root[id] < 0 {
				m.root[id] = m.newNode()
			}
			node = m.root[id]
			continue
		}
		node = m.step(node, id, p, k)
	}
	for _, a := range m.accepts[node] {
		if a.pattern == acc.pattern {
			return
		}
	}
	m.accepts[node] = append(m.accepts[node], acc)
}

// step follows or makes the edge to the k-th token of p. An ampersand between
// short tokens (H&M) must be there; between words it may be left out. A hard
// gap in the pattern may be met by a hard gap or a loose one.
func (m *Machine) step(node, id int32, p *Pattern, k int) int32 {
	kinds := []uint64{looseGap}
	if p != nil && k < len(p.Tokens) {
		prev, t := p.Tokens[k-1], p.Tokens[k]
		switch kindOfGap(t.Gap) {
		case ampGap:
			kinds = []uint64{ampGap}
			if t.End-t.Start > 2 || prev.End-prev.Start > 2 {
				kinds = append(kinds, looseGap)
			}
		case hardGap:
			kinds = []uint64{looseGap, hardGap}
		}
	}
	next := int32(-1)
	for _, kind := range kinds {
		if n, ok := m.edges.get(edgeKey(node, id, kind)); ok {
			next = n
		}
	}
	if next < 0 {
		next = m.newNode()
	}
	for _, kind := range kinds {
		m.edges.put(edgeKey(node, id, kind), next)
	}
	return next
}

func edgeKey(node, id int32, kind uint64) uint64 {
	return uint64(node)<<32 | kind<<30 | uint64(id)
}

func (m *Machine) newNode() int32 {
	m.accepts = append(m.accepts, nil)
	return int32(len(m.accepts) - 1)
}

// entry returns the vocabulary id of key, widening what is known of it.
func (m *Machine) entry(key string, forms Forms, single bool) int32 {
	id, fresh := m.vocab.add(key)
	if fresh {
		m.root = append(m.root, -1)
		n, letters := 0, true
		for _, r := range key {
			n++
			letters = letters && r >= 'a' && r <= 'z'
		}
		m.words = append(m.words, wordInfo{runes: uint8(min(n, 255)), letter: letters})
	}
	w := &m.words[id]
	w.forms |= forms
	w.single = w.single || single
	return id
}

// index enters a finished vocabulary word in the look-up tables of the forms
// it may take.
func (m *Machine) index(id int32) {
	w := m.words[id]
	key := m.vocab.text(id)
	_, reduced, _ := m.opt.Keys(key)
	if w.runes >= 3 && w.forms&(1<<Lookalike|1<<Leet|1<<Invisible) != 0 {
		m.reduced[reduced] = append(m.reduced[reduced], id)
	}
	if w.runes >= 4 && w.forms.Has(Repeated) && w.letter {
		s := squeeze(reduced)
		m.squeezed[s] = append(m.squeezed[s], id)
	}
	if w.runes >= 4 && w.forms.Has(Masked) && w.letter {
		m.byLength[int(w.runes)] = append(m.byLength[int(w.runes)], id)
	}
	if w.runes >= 5 && w.forms.Has(Split) && w.letter {
		for i := 2; i < len(key)-1; i++ {
			m.heads[key[:i]], m.tails[key[i:]] = true, true
		}
	}
	if w.forms.Has(Inflected) {
		m.addStems(id, key)
	}
}

func squeeze(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if i == 0 || s[i] != s[i-1] || s[i] >= utf8.RuneSelf {
			b = append(b, s[i])
		}
	}
	return string(b)
}
