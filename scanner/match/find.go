package match

import (
	"strings"
	"unicode/utf8"
)

// DefaultMemo is the number of distinct tokens a Finder remembers: about 10 MB
// when full. 258,035 real listings hold some 300,000 distinct words.
const DefaultMemo = 1 << 18

// mostMatches bounds what one text may yield.
const mostMatches = 20000

// Finder searches texts with a Machine. It belongs to one goroutine; its memo
// is cleared when full, so that its memory is bounded and its answers are the
// same whatever it remembers.
type Finder struct {
	m        *Machine
	capacity int
	memo     memo

	// scratch of one Find
	seen  string
	toks  []Token
	read  []reading // per token
	odd   []int32   // tokens at which a compound may begin
	comps []compound
	want  startKind
	out   []Match
	ids   []int32
	cands []candidate // of compounds
	text  []byte
}

// flags of a token, beyond its candidates: two say what may start at it, see
// startKind.
const (
	flagHead   uint8 = 4 << iota // may begin a name that is cut in pieces
	flagTail                     // may end one
	flagLetter                   // a single letter, or a digit that can stand for one
	flagName                     // plainly a name of its own
)

// NewFinder returns a Finder that remembers up to memo distinct tokens from
// text to text; 0 remembers none.
func (m *Machine) NewFinder(memo int) *Finder {
	f := &Finder{m: m, capacity: memo}
	f.memo.grow()
	return f
}

// Find returns every match in seen, whose tokens are given: overlapping ones
// and several forms of one place included, ordered by first token. Patterns
// that are mere context are left out. The slice is the Finder's own and good
// until the next Find. complete is false when the text held more matches than
// a report could use and the rest were left out.
func (f *Finder) Find(seen string, tokens []Token) (found []Match, complete bool) {
	return f.find(seen, tokens, startsName)
}

// FindContext is Find for the patterns that are context, and no others.
func (f *Finder) FindContext(seen string, tokens []Token) (found []Match, complete bool) {
	return f.find(seen, tokens, startsContext)
}

func (f *Finder) find(seen string, tokens []Token, want startKind) ([]Match, bool) {
	f.seen, f.toks, f.want, f.out = seen, tokens, want, f.out[:0]
	flags := f.readAll()
	f.comps, f.cands = f.comps[:0], f.cands[:0]
	if want == startsName && len(f.odd) > 0 {
		f.compounds()
	}
	if flags&want == 0 && len(f.comps) == 0 {
		return nil, true
	}
	next := 0
	for i := range tokens {
		if r := &f.read[i]; r.flags&want != 0 {
			f.startAt(i, r)
		}
		for ; next < len(f.comps) && int(f.comps[next].first) == i; next++ {
			p := f.comps[next]
			for _, c := range f.cands[p.cands : p.cands+p.n] {
				f.start(i, int(p.last), p.start, p.end, c, true)
			}
		}
		if len(f.out) > mostMatches {
			return f.out[:mostMatches], false
		}
	}
	return f.out, true
}

// readAll looks every token up, notes where a compound may begin, and returns
// the flags of all tokens together.
func (f *Finder) readAll() (flags uint8) {
	if f.memo.used >= f.capacity {
		f.memo.clear()
	}
	if cap(f.read) < len(f.toks) {
		f.read = make([]reading, len(f.toks)+len(f.toks)/2)
	}
	f.read, f.odd = f.read[:len(f.toks)], f.odd[:0]
	last := uint8(0) // flags of the token before
	for i := range f.toks {
		t := &f.toks[i]
		var r reading
		if size := t.End - t.Start; size <= 8 {
			key := pack(f.seen, t.Start, t.End)
			if s := f.memo.findShort(key, int(size)); s.size != 0 { // nearly always
				r = s.read
			} else {
				r = f.readNew(s, key, t)
			}
		} else if size <= longestToken {
			r = f.readLong(t)
		}
		f.read[i] = r
		flags |= r.flags
		if t.Gap&oddGap != 0 || last&(flagHead|flagLetter) != 0 && r.flags&(flagTail|flagLetter) != 0 {
			f.noteOdd(i, t.Gap, last)
		}
		last = r.flags
	}
	if n := len(f.toks); n > 0 && int(f.toks[n-1].End) < len(f.seen) {
		f.noteBegin(n - 1)
	}
	return flags
}

// oddGap is every gap that a compound may hold, but for a mere space.
const oddGap = letterGap | gapSoft | gapAmp

// noteOdd notes the tokens on both sides of a gap before token i that may be
// in a compound; last are the flags of the token before it.
func (f *Finder) noteOdd(i int, gap uint16, last uint8) {
	if i > 0 && (gap&(gapLeet|gapAmp) != 0 || last&(flagHead|flagLetter) != 0) {
		f.noteBegin(i - 1)
	}
	if gap&gapLeet != 0 {
		f.noteBegin(i)
	}
}

// noteBegin notes that a compound may begin at token i.
func (f *Finder) noteBegin(i int) {
	if n := len(f.odd); n == 0 || f.odd[n-1] != int32(i) {
		f.odd = append(f.odd, int32(i))
	}
}

func (f *Finder) readLong(t *Token) reading {
	raw := f.seen[t.Start:t.End]
	h := hashOf(raw)
	s := f.memo.findLong(raw, h)
	if s.size == 0 {
		return f.readNew(s, h, t)
	}
	r := s.read
	r.first = f.memo.longs[r.first].first
	return r
}

func (f *Finder) readNew(s *memoSlot, key uint64, t *Token) reading {
	raw := f.seen[t.Start:t.End]
	r := f.resolve(raw, t.Script)
	f.memo.keep(s, key, raw, r)
	return r
}

func (f *Finder) startAt(i int, r *reading) {
	t := &f.toks[i]
	for _, c := range f.memo.slab[r.first : r.first+uint32(r.n)] {
		f.start(i, i+1, t.Start+int32(c.from), t.Start+int32(c.to), c, int32(c.to) == t.End-t.Start)
	}
}

// start begins a phrase with the candidate c of tokens [i, j).
func (f *Finder) start(i, j int, start, end int32, c candidate, atEnd bool) {
	w := &f.m.words[c.id]
	if w.starts&f.want != 0 {
		f.walk(place{i, j, start, end, atEnd}, w.root, c.form, c.cost, 0)
	}
}

// place is what a phrase covers so far: tokens [i, j) and bytes [start, end);
// atEnd when the last token is covered to its end.
type place struct {
	i, j       int
	start, end int32
	atEnd      bool
}

// walk reports what ends at node and follows every edge onward. A phrase takes
// the weakest form of its parts and the highest cost.
func (f *Finder) walk(p place, n int32, form Form, cost uint8, depth int) {
	at := f.m.nodes[n]
	for k := at.accept; k != 0; {
		a := &f.m.accepts[k-1]
		if a.kind == f.want {
			f.accept(a, p, form, cost)
		}
		k = a.next
	}
	if !at.fan || !p.atEnd || p.j >= len(f.toks) || depth > 16 || len(f.out) > mostMatches {
		return
	}
	t, r := &f.toks[p.j], &f.read[p.j]
	kind := kindOfGap(t.Gap)
	for _, c := range f.memo.slab[r.first : r.first+uint32(r.n)] {
		if c.from != 0 {
			continue
		}
		if next, ok := f.m.edges.get(edgeKey(n, c.id, kind)); ok {
			to := place{p.i, p.j + 1, p.start, t.Start + int32(c.to), int32(c.to) == t.End-t.Start}
			f.walk(to, next, max(form, c.form), max(cost, c.cost), depth+1)
		}
	}
	for k := f.compsAt(p.j); k < len(f.comps) && int(f.comps[k].first) == p.j; k++ {
		q := f.comps[k]
		for _, c := range f.cands[q.cands : q.cands+q.n] {
			if next, ok := f.m.edges.get(edgeKey(n, c.id, kind)); ok {
				f.walk(place{p.i, int(q.last), p.start, q.end, true}, next, max(form, c.form), max(cost, c.cost), depth+1)
			}
		}
	}
}

func (f *Finder) accept(a *accept, p place, form Form, cost uint8) {
	pattern := &f.m.patterns[a.pattern]
	if a.form == Joined && form < Joined {
		form = Joined
	}
	end := p.end
	if form == Exact || form == Folded {
		var ok bool
		if form, end, ok = f.aligned(p, form); !ok || f.acrossWords(p, pattern) {
			return
		}
		if f.seen[p.start:end] == pattern.Text {
			form = Exact
		} else if form == Exact {
			form = Folded
		}
	}
	if !pattern.Forms.Has(form) {
		return
	}
	if form == Misspelt && p.j-p.i == 1 && int(cost) > f.m.misspellBudget(a) {
		return // near enough as a part of a longer name only
	}
	f.out = append(f.out, Match{Pattern: a.pattern, Start: p.start, End: end, First: int32(p.i), Last: int32(p.j), Form: form, Cost: cost})
}

// misspellBudget is what a misspelling of a whole one-word name may cost.
func (m *Machine) misspellBudget(a *accept) int {
	p := &m.patterns[a.pattern]
	n := int(m.letters[a.pattern])
	switch {
	case m.lone[a.pattern] && (n >= leastCyrillic || p.Text[0] < utf8.RuneSelf):
		return Budget(n)
	case a.form == Joined && n > 4:
		return Budget(n)
	}
	return 0
}

// aligned checks a match in a script without spaces against the run of its
// script around it, and takes in a particle or a possessive that follows:
// Hangul names begin their run, kana names begin or end theirs, a single Han
// character stands alone, Thai needs three clusters.
func (f *Finder) aligned(p place, form Form) (Form, int32, bool) {
	i, j, end := p.i, p.j, p.end
	if f.toks[i].Script == word {
		if j < len(f.toks) && f.possessive(j) {
			return Inflected, f.toks[j].End, true
		}
		return form, end, true
	}
	before := i > 0 && f.toks[i].Gap == 0 && f.toks[i-1].Script == f.toks[i].Script
	after := j < len(f.toks) && f.toks[j].Gap == 0 && f.toks[j].Script == f.toks[j-1].Script
	switch f.toks[i].Script {
	case han:
		return form, end, j-i > 1 || !before && !after
	case kana:
		before = before && sameKana(f.seen, f.toks[i-1], f.toks[i])
		after = after && sameKana(f.seen, f.toks[j], f.toks[j-1])
		return form, end, !before && !after || (!before || !after) && j-i >= 3
	case hangul:
		if before || !after {
			return form, end, !before
		}
		k := j
		for k < len(f.toks) && f.toks[k].Gap == 0 && f.toks[k].Script == hangul {
			k++
		}
		if tail := f.seen[end:f.toks[k-1].End]; hangulParticles[tail] {
			return Inflected, f.toks[k-1].End, true
		}
		return Joined, end, j-i >= 3
	case thai:
		return form, end, j-i >= 3 || !before && !after
	}
	return form, end, true
}

// acrossWords tells whether a Han name without spaces lies across a space in
// the text and takes but one character from the word on one side of it: 自然 堂屋
// holds no 自然堂, while 耐 克鞋 holds 耐克.
func (f *Finder) acrossWords(p place, pattern *Pattern) bool {
	if f.toks[p.i].Script != han || p.j-p.i < 3 || strings.ContainsRune(pattern.Text, ' ') {
		return false
	}
	return f.toks[p.i+1].Gap != 0 && f.touches(p.i) || f.toks[p.j-1].Gap != 0 && f.touches(p.j)
}

// touches tells whether nothing stands between Han tokens k-1 and k.
func (f *Finder) touches(k int) bool {
	return k > 0 && k < len(f.toks) && f.toks[k].Gap == 0 && f.toks[k].Script == han && f.toks[k-1].Script == han
}

// possessive tells whether token j is the s of a possessive: Nike's.
func (f *Finder) possessive(j int) bool {
	t, prev := f.toks[j], f.toks[j-1]
	if t.End-t.Start != 1 || f.seen[t.Start]|0x20 != 's' || t.Gap != gapSoft {
		return false
	}
	gap := f.seen[prev.End:t.Start]
	return gap == "'" || gap == "’"
}

// sameKana tells whether two touching kana tokens are of one syllabary.
func sameKana(seen string, a, b Token) bool {
	ra, _ := utf8.DecodeRuneInString(seen[a.Start:])
	rb, _ := utf8.DecodeRuneInString(seen[b.Start:])
	return isHiragana(ra) == isHiragana(rb)
}

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x309F }
