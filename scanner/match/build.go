package match

import "unicode/utf8"

// Build makes the tables. The cost is linear in the bytes of the patterns; the
// index of misspellings, about thirty entries per name, is made when first
// needed.
func Build(patterns []Pattern, opt Options) *Machine {
	m := &Machine{opt: opt, patterns: patterns, letters: make([]uint8, len(patterns)), lone: make([]bool, len(patterns))}
	m.opt.complete()
	tokens := 0
	for i := range patterns {
		tokens += len(patterns[i].Tokens)
	}
	m.vocab = newVocabulary(tokens)
	m.vocab.arena = make([]byte, 0, 6*tokens)
	m.edges = newEdgeTable(tokens - len(patterns))
	m.words = make([]wordInfo, 0, tokens)
	m.nodes = make([]node, 0, 2*tokens)
	m.accepts = make([]accept, 0, 2*len(patterns))
	b := builder{Machine: m}
	for i := range patterns {
		b.addPattern(int32(i))
	}
	b.index()
	return m
}

// builder is a Machine in the making, with scratch.
type builder struct {
	*Machine
	keys   []string
	joined []byte
	front  []int32
}

func (b *builder) addPattern(i int32) {
	p := &b.patterns[i]
	if len(p.Tokens) == 0 {
		return
	}
	keys, joined := b.keys[:0], b.joined[:0]
	allWords, letters := true, 0
	for _, t := range p.Tokens {
		raw := p.Text[t.Start:t.End]
		folded := b.opt.Fold(raw)
		keys = append(keys, folded)
		joined = append(joined, folded...)
		allWords = allWords && t.Script == word
		letters += utf8.RuneCountInString(raw)
	}
	b.keys, b.joined = keys, joined
	b.letters[i], b.lone[i] = uint8(min(letters, 255)), len(p.Tokens) == 1
	b.addPath(keys, p, accept{pattern: i, form: Exact}, false)
	if len(keys) < 2 || !allWords {
		return
	}
	if amp := ampAsWord(p); amp != nil {
		b.addPath(spliceAnd(keys, amp), nil, accept{pattern: i, form: Folded}, false)
	}
	if p.Forms.Has(Joined) && utf8.RuneCount(joined) >= 4 {
		b.addPath([]string{string(joined)}, p, accept{pattern: i, form: Joined}, true)
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

// mostReadings bounds the ways one phrase is entered; it is reached only by a
// phrase with four or more commas or ampersands.
const mostReadings = 8

// addPath enters one phrase. The gaps of p decide how its tokens may be joined
// in a text; without p every join is loose. A gap that may be met in two ways
// leads to two nodes: sharing one would let in other phrases through the gap.
func (b *builder) addPath(keys []string, p *Pattern, acc accept, joined bool) {
	own := &b.patterns[acc.pattern]
	acc.kind = kindOf(own)
	front := b.front[:0]
	for k, key := range keys {
		id := b.entry(key, own.Forms)
		w := &b.words[id]
		w.single = w.single || len(keys) == 1
		w.name = w.name || len(keys) == 1 && !own.Context
		w.own = w.own || len(keys) == 1 && !joined
		w.part = w.part || len(keys) > 1
		if k == 0 {
			if w.root < 0 {
				w.root = b.newNode()
			}
			w.starts |= acc.kind
			front = append(front, w.root)
			continue
		}
		front = b.step(front, id, gapsOf(p, k))
	}
	for _, n := range front {
		b.end(n, acc)
	}
	b.front = front
}

// gapsOf lists the kinds of gap that may stand before the k-th token of p. An
// ampersand between short tokens (H&M) must be there; between words it may be
// left out. A hard gap may be met by a hard one or a loose one.
func gapsOf(p *Pattern, k int) []uint64 {
	if p != nil && k < len(p.Tokens) {
		prev, t := p.Tokens[k-1], p.Tokens[k]
		switch kindOfGap(t.Gap) {
		case ampGap:
			if t.End-t.Start > 2 || prev.End-prev.Start > 2 {
				return []uint64{ampGap, looseGap}
			}
			return []uint64{ampGap}
		case hardGap:
			return []uint64{hardGap, looseGap}
		}
	}
	return loose
}

var loose = []uint64{looseGap}

// step follows or makes the edges to entry id from every node of front.
func (b *builder) step(front []int32, id int32, kinds []uint64) []int32 {
	if len(front)*len(kinds) > mostReadings {
		kinds = kinds[:1]
	}
	n := len(front)
	for _, kind := range kinds {
		for _, from := range front[:n] {
			key := edgeKey(from, id, kind)
			next, ok := b.edges.get(key)
			if !ok {
				next = b.newNode()
				b.edges.put(key, next)
				b.nodes[from].fan = true
			}
			front = append(front, next)
		}
	}
	return append(front[:0], front[n:]...)
}

// end lets acc end at node n, once.
func (b *builder) end(n int32, acc accept) {
	last := &b.nodes[n].accept
	for *last != 0 {
		a := &b.accepts[*last-1]
		if a.pattern == acc.pattern {
			return
		}
		last = &a.next
	}
	*last = int32(len(b.accepts) + 1)
	b.accepts = append(b.accepts, acc)
}

func edgeKey(node, id int32, kind uint64) uint64 {
	return uint64(node)<<32 | kind<<30 | uint64(id)
}

func (b *builder) newNode() int32 {
	b.nodes = append(b.nodes, node{})
	return int32(len(b.nodes) - 1)
}

// entry returns the vocabulary number of key, widening what is known of it.
func (b *builder) entry(key string, forms Forms) int32 {
	id, fresh := b.vocab.add(key)
	if fresh {
		n, letters, cyrillic := 0, true, true
		for _, r := range key {
			n++
			letters = letters && r >= 'a' && r <= 'z'
			cyrillic = cyrillic && isCyrillic(r)
		}
		b.words = append(b.words, wordInfo{root: -1, runes: uint8(min(n, 255)), letter: letters, cyrillic: cyrillic})
	}
	b.words[id].forms |= forms
	return id
}

// index enters the finished vocabulary in the look-up tables of the forms its
// words may take.
func (b *builder) index() {
	for c := range b.class {
		if _, reduced, _ := b.opt.Keys(string(rune(c))); len(reduced) == 1 {
			b.class[c] = reduced[0]
		}
	}
	size := len(b.vocab.arena)
	b.heads, b.tails = newAffixes(size), newAffixes(size)
	b.wholes, b.quads = newAffixes(b.vocab.len()), newAffixes(b.vocab.len())
	b.reduced.keys = newVocabulary(b.vocab.len())
	b.squeezed.keys = newVocabulary(b.vocab.len())
	b.whole = newAffixes(b.vocab.len())
	for id := range b.words {
		b.whole.set(b.forwardReduced(b.vocab.text(int32(id))))
		b.indexWord(int32(id))
	}
}

// forwardReduced is the hash of a key's reduced key, as far as ASCII goes; only
// ASCII words ask for it.
func (b *builder) forwardReduced(key string) uint64 {
	h := uint64(0)
	for i := range len(key) {
		c := key[i]
		if c < utf8.RuneSelf {
			c = b.class[c]
		}
		h = extend(h, c)
	}
	return h
}

// Forms whose words are looked up by their reduced key, and all that are
// looked up other than by their plain key.
const (
	reducedForms  = 1<<Lookalike | 1<<Leet | 1<<Invisible | 1<<Repeated | 1<<Masked | 1<<Split | 1<<SpelledOut
	doubtfulForms = reducedForms | 1<<Misspelt | 1<<Joined | 1<<Inflected
)

func (b *builder) indexWord(id int32) {
	w := b.words[id]
	if w.forms&doubtfulForms == 0 {
		return
	}
	key := b.vocab.text(id)
	if w.single && !w.own && w.part && b.opt.Ordinary(key) {
		b.dropJoined(id)
	}
	if w.forms.Has(Inflected) {
		b.addStems(id, key)
	}
	if mayBeMisspelt(&w) {
		b.near.allow(int(w.runes))
	}
	if w.forms&(reducedForms|1<<Joined) == 0 {
		return
	}
	_, reduced, _ := b.opt.Keys(key)
	if w.runes >= 3 && w.forms&(1<<Lookalike|1<<Leet|1<<Invisible) != 0 {
		b.reduced.add(reduced, id)
	}
	if w.runes >= 3 && w.forms&(1<<Leet|1<<Masked|1<<Split|1<<SpelledOut) != 0 {
		b.heads.addBeginnings(reduced)
	}
	if w.forms&(1<<Split|1<<Leet) != 0 {
		b.wholes.set(forward(reduced))
	}
	if w.runes >= 4 && w.letter {
		if w.forms.Has(Repeated) {
			b.squeezed.add(squeeze(reduced), id)
		}
		if w.forms.Has(Masked) {
			b.masks.add(maskKey(len(key), key[0]), id)
		}
		if w.forms.Has(Split) {
			b.tails.addEnds(key)
		}
		if w.name && w.forms.Has(Joined) {
			b.quads.set(fourBytes(key))
		}
	}
}

// dropJoined takes back a phrase written as one word where that word is an
// ordinary one and a part of other phrases ("for ever" in "forever young").
func (b *builder) dropJoined(id int32) {
	w := &b.words[id]
	w.single, w.name = false, false
	last := &b.nodes[w.root].accept
	for *last != 0 {
		a := &b.accepts[*last-1]
		if a.form == Joined {
			*last = a.next
			continue
		}
		last = &a.next
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
