package match

import "unicode/utf8"

// DefaultMemo is the number of distinct tokens a Finder remembers.
const DefaultMemo = 1 << 16

// mostMatches bounds what one text may yield.
const mostMatches = 20000

// Finder searches texts with a Machine. It belongs to one goroutine; its memo
// is cleared when full, so that its memory is bounded and its answers are the
// same whatever it remembers.
type Finder struct {
	m        *Machine
	capacity int
	memo     map[string]resolved
	joined   map[string][]candidate

	// scratch of one Find
	cands [][]candidate
	flags []uint8
	comps []compound
	out   []Match
	seen  string
	toks  []Token
}

type resolved struct {
	cands []candidate
	flags uint8
}

// flags of a token, beyond its candidates
const (
	flagOrdinary uint8 = 1 << iota
	flagHead           // begins a name that may be cut in two
	flagTail           // ends one
	flagLetter         // a single letter, or a digit that can stand for one
	flagName           // plainly a name of its own
)

// NewFinder returns a Finder that remembers up to memo distinct tokens; 0
// remembers none.
func (m *Machine) NewFinder(memo int) *Finder {
	return &Finder{m: m, capacity: memo, memo: map[string]resolved{}, joined: map[string][]candidate{}}
}

// Find returns every match in seen, whose tokens are given: overlapping ones
// and several forms of one place included, ordered by first token. The slice
// is the Finder's own and good until the next Find. complete is false when the
// text held more matches than a report could use and the rest were left out.
func (f *Finder) Find(seen string, tokens []Token) (found []Match, complete bool) {
	f.seen, f.toks, f.out = seen, tokens, f.out[:0]
	f.cands, f.flags = f.cands[:0], f.flags[:0]
	odd := false
	for _, t := range tokens {
		r := f.lookup(seen[t.Start:t.End], t.Script)
		f.cands, f.flags = append(f.cands, r.cands), append(f.flags, r.flags)
		odd = odd || r.flags&(flagHead|flagLetter) != 0 || t.Gap&(letterGap|gapSoft) != 0 || t.End < int32(len(seen)) && leetSign(seen[t.End])
	}
	f.comps = f.comps[:0]
	if odd {
		f.compounds(seen, tokens)
	}
	next := 0
	for i := range tokens {
		for _, c := range f.cands[i] {
			f.start(i, i+1, tokens[i].Start+int32(c.from), tokens[i].Start+int32(c.to), c, int(c.to) == int(tokens[i].End-tokens[i].Start))
		}
		for next < len(f.comps) && int(f.comps[next].first) < i {
			next++
		}
		for k := next; k < len(f.comps) && int(f.comps[k].first) == i; k++ {
			for _, c := range f.comps[k].cands {
				f.start(i, int(f.comps[k].last), f.comps[k].start, f.comps[k].end, c, true)
			}
		}
		if len(f.out) > mostMatches {
			return f.out[:mostMatches], false
		}
	}
	return f.out, true
}

func (f *Finder) lookup(raw string, script uint8) resolved {
	if r, ok := f.memo[raw]; ok {
		return r
	}
	r := resolved{cands: f.m.resolve(raw, script)}
	if script == word {
		r.flags = f.m.flagsOf(raw, r.cands)
	}
	if f.capacity == 0 {
		return r
	}
	if len(f.memo) >= f.capacity {
		clear(f.memo)
	}
	f.memo[string(append([]byte(nil), raw...))] = r
	return r
}

func (m *Machine) flagsOf(raw string, cands []candidate) uint8 {
	folded, _, traits := m.opt.Keys(raw)
	var flags uint8
	if n := utf8.RuneCountInString(raw); n == 1 && (traits&(asciiLetter|foreign) != 0 || raw == "0" || raw == "1" || raw == "3" || raw == "4" || raw == "5") {
		flags |= flagLetter
	}
	if m.opt.Ordinary(folded) {
		flags |= flagOrdinary
	}
	if m.heads[folded] {
		flags |= flagHead
	}
	if m.tails[folded] {
		flags |= flagTail
	}
	if len(cands) > 0 && cands[0].form <= Inflected && m.words[cands[0].id].single {
		flags |= flagName
	}
	return flags
}

// start begins a phrase with the candidate c of tokens [i, j).
func (f *Finder) start(i, j int, start, end int32, c candidate, atEnd bool) {
	node := f.m.root[c.id]
	if node < 0 {
		return
	}
	f.walk(i, j, start, end, node, c.form, c.cost, atEnd, 0)
}

// walk reports what ends at node and follows every edge onward. A phrase takes
// the weakest form of its parts and the highest cost.
func (f *Finder) walk(i, j int, start, end, node int32, form Form, cost uint8, atEnd bool, depth int) {
	for _, a := range f.m.accepts[node] {
		f.accept(a, i, j, start, end, form, cost)
	}
	if !atEnd || j >= len(f.toks) || depth > 16 || len(f.out) > mostMatches {
		return
	}
	kind := kindOfGap(f.toks[j].Gap)
	for _, c := range f.cands[j] {
		if c.from != 0 {
			continue
		}
		if n, ok := f.m.edges.get(edgeKey(node, c.id, kind)); ok {
			t := f.toks[j]
			f.walk(i, j+1, start, t.Start+int32(c.to), n, max(form, c.form), max(cost, c.cost), int(c.to) == int(t.End-t.Start), depth+1)
		}
	}
	for k := range f.comps {
		p := &f.comps[k]
		if int(p.first) != j {
			continue
		}
		for _, c := range p.cands {
			if n, ok := f.m.edges.get(edgeKey(node, c.id, kind)); ok {
				f.walk(i, int(p.last), start, p.end, n, max(form, c.form), max(cost, c.cost), true, depth+1)
			}
		}
	}
}

func (f *Finder) accept(a accept, i, j int, start, end int32, form Form, cost uint8) {
	p := &f.m.patterns[a.pattern]
	if a.form == Joined && form < Joined {
		form = Joined
	}
	if form == Exact || form == Folded {
		var ok bool
		if form, end, ok = f.aligned(i, j, start, end, form); !ok {
			return
		}
		if f.seen[start:end] == p.Text {
			form = Exact
		} else if form == Exact {
			form = Folded
		}
	}
	if !p.Forms.Has(form) {
		return
	}
	if form == Misspelt && j-i == 1 && int(cost) > f.m.misspellBudget(a, p) {
		return // near enough as a part of a longer name only
	}
	f.out = append(f.out, Match{Pattern: a.pattern, Start: start, End: end, First: int32(i), Last: int32(j), Form: form, Cost: cost})
}

// misspellBudget is what a misspelling of a whole one-word name may cost.
func (m *Machine) misspellBudget(a accept, p *Pattern) int {
	if a.form == Joined || len(p.Tokens) == 1 {
		return Budget(lettersOf(p))
	}
	return 0
}

// lettersOf counts the characters of a pattern's tokens.
func lettersOf(p *Pattern) int {
	n := 0
	for _, t := range p.Tokens {
		n += utf8.RuneCountInString(p.Text[t.Start:t.End])
	}
	return n
}

// aligned checks a match in a script without spaces against the run of its
// script around it, and takes in a particle or a possessive that follows:
// Hangul names begin their run, kana names begin or end theirs, a single Han
// character stands alone, Thai needs three clusters.
func (f *Finder) aligned(i, j int, start, end int32, form Form) (Form, int32, bool) {
	before := i > 0 && f.toks[i].Gap == 0 && f.toks[i-1].Script == f.toks[i].Script
	after := j < len(f.toks) && f.toks[j].Gap == 0 && f.toks[j].Script == f.toks[j-1].Script
	switch f.toks[i].Script {
	case word:
		if j < len(f.toks) && f.possessive(j) {
			return Inflected, f.toks[j].End, true
		}
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
