package match

// Begins tells whether something that Find looks for may begin within seen,
// whatever stands around it: a token that starts a name, or tokens without a
// space between that may be read as one. seen is a part of a text that ends at
// spaces or tokens, with its tokens. Where it is false for every word of a text,
// and no two of them are the halves of a name (Halves), Find finds nothing there.
func (f *Finder) Begins(seen string, tokens []Token) bool {
	f.seen, f.toks, f.want, f.out = seen, tokens, startsName, f.out[:0]
	if f.readAll()&startsName != 0 {
		return true
	}
	f.odd = f.odd[:0] // what marks a token as odd may stand outside
	for i := range tokens {
		f.odd = append(f.odd, int32(i))
	}
	f.comps, f.cands = f.comps[:0], f.cands[:0]
	f.compounds()
	for _, c := range f.cands {
		if f.m.words[c.id].starts&startsName != 0 {
			return true
		}
	}
	return false
}

// leastHalved is how many characters a name must have to be found cut in two by
// a space.
const leastHalved = 5

// Halves calls visit for every word that begins a name and may be cut in two by
// a space, with its folded and its reduced key: a text has it only where two
// tokens, one space between, are together the one key or the other.
func (m *Machine) Halves(visit func(folded, reduced string)) {
	for id := range m.words {
		w := &m.words[id]
		if w.forms.Has(Split) && w.starts&startsName != 0 && w.runes >= leastHalved {
			folded := m.vocab.text(int32(id))
			_, reduced, _ := m.opt.Keys(folded)
			visit(folded, reduced)
		}
	}
}
