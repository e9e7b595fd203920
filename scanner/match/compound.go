package match

import (
	"strings"
	"unicode/utf8"
)

// Compounds: several tokens that may be read as one. They are looked for only
// where the text shows their pattern, which is rare in honest text:
//
//	N.I.K.E   N i k e     single letters with one separator     spelled-out
//	Pr@da  Gucc!  $eiko   a symbol for a letter                 leet
//	L*uis  Cr🐊cs         a sign for a letter                   masked
//	Ni🔥ke  adi das       a name cut in two                     split

// compound is an edge over tokens [first, last) with its own byte range.
type compound struct {
	first, last int32
	start, end  int32
	cands       []candidate
}

const (
	longestSpelling = 24 // letters of a spelled-out name
	longestChain    = 8  // tokens of any other compound
)

// letterGap is every gap that may stand for a letter or hide inside a word.
const letterGap = gapStar | gapSymbol | gapLeet

// compounds appends the compounds of a text to f.comps, ordered by first token.
func (f *Finder) compounds(seen string, tokens []Token) {
	f.comps = f.comps[:0]
	for i := 0; i < len(tokens); i++ {
		if f.flags[i]&flagLetter != 0 {
			if next := f.spelling(seen, tokens, i); next > i {
				i = next - 1
				continue
			}
		}
		f.edges(seen, tokens, i)
		if i+1 < len(tokens) {
			f.pieces(seen, tokens, i)
		}
	}
}

// spelling reads the run of single letters that starts at token i, and returns
// the token after it; i when there is no such run.
func (f *Finder) spelling(seen string, tokens []Token, i int) int {
	j := i + 1
	for j < len(tokens) && f.flags[j]&flagLetter != 0 && sameSeparator(seen, tokens, i, j) {
		j++
	}
	if j-i < 3 {
		return i
	}
	sep := seen[tokens[i].End:tokens[i+1].Start]
	spaced := strings.TrimSpace(sep) == ""
	for a := i; a < j; a++ {
		for b := min(j, a+longestSpelling); b-a >= 3; b-- {
			if b-a == 3 && spaced {
				break
			}
			if cands := f.m.spelledOut(letters(seen, tokens[a:b])); cands != nil {
				f.addCompound(a, b, tokens[a].Start, tokens[b-1].End, cands)
				a = b - 1
				break
			}
		}
	}
	return j
}

// sameSeparator tells whether token j follows token j-1 with the separator
// that stands between tokens i and i+1.
func sameSeparator(seen string, tokens []Token, i, j int) bool {
	sep := seen[tokens[j-1].End:tokens[j].Start]
	if len(sep) == 0 || len(sep) > 4 || sep == ", " || sep == "," {
		return false // A, B, C is a list
	}
	return sep == seen[tokens[i].End:tokens[i+1].Start]
}

func letters(seen string, tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(seen[t.Start:t.End])
	}
	return b.String()
}

// spelledOut resolves the letters of a run; only a whole name will do.
func (m *Machine) spelledOut(joined string) []candidate {
	folded, reduced, _ := m.opt.Keys(joined)
	ids := []int32{m.vocab.find(folded)}
	if ids[0] < 0 {
		ids = m.reduced[reduced]
	}
	var out []candidate
	for _, id := range ids {
		if w := m.words[id]; w.single && w.forms.Has(SpelledOut) {
			out = append(out, candidate{id: id, form: SpelledOut})
		}
	}
	return out
}

// edges reads a token with a symbol right before or after it: @didas, Gucc!
func (f *Finder) edges(seen string, tokens []Token, i int) {
	t := tokens[i]
	if t.Script != word || t.Digits {
		return
	}
	start, end := t.Start, t.End
	if t.Gap&gapLeet != 0 && start > 0 && leetSign(seen[start-1]) && (start == 1 || seen[start-2] <= ' ') {
		start--
	}
	if end < int32(len(seen)) && leetSign(seen[end]) && (int(end)+1 == len(seen) || seen[end+1] <= ' ') {
		end++
	}
	if start == t.Start && end == t.End || f.flags[i]&flagName != 0 {
		return
	}
	if cands := f.compound(seen[start:end], Leet); cands != nil {
		f.addCompound(i, i+1, start, end, cands)
	}
}

func leetSign(c byte) bool { return c == '@' || c == '$' || c == '!' || c == '|' || c == '+' }

// pieces reads the tokens from i on as one name, where the gaps between them
// allow it.
func (f *Finder) pieces(seen string, tokens []Token, i int) {
	if tokens[i].Script != word {
		return
	}
	odd := false
	for j := i + 1; j < len(tokens) && j-i < longestChain; j++ {
		t := tokens[j]
		if t.Script != word || t.Gap&(gapHard|gapStop|gapFirst|gapQuote|gapAmp) != 0 && t.Gap&letterGap == 0 {
			return
		}
		if t.Gap&gapSpace != 0 {
			if j == i+1 {
				f.halves(seen, tokens, i)
			}
			return
		}
		odd = odd || t.Gap&letterGap != 0
		start, end := tokens[i].Start, t.End
		if end-start > 4*longestSpelling {
			return
		}
		if cands := f.joinPieces(seen, tokens[i:j+1], odd); cands != nil {
			f.addCompound(i, j+1, start, end, cands)
		}
	}
}

// joinPieces tries the readings of touching tokens, the strongest first.
func (f *Finder) joinPieces(seen string, tokens []Token, odd bool) []candidate {
	if cands := f.compound(letters(seen, tokens), Split); cands != nil && (odd || f.doubtful(seen, tokens)) {
		return cands
	}
	if !odd {
		return nil
	}
	whole := seen[tokens[0].Start:tokens[len(tokens)-1].End]
	if asciiOnly(whole) {
		if cands := f.compound(whole, Leet); cands != nil {
			return cands
		}
	}
	return f.compound(maskOf(seen, tokens), Masked)
}

// doubtful tells whether pieces joined by a hyphen or dot are no two plain words.
func (f *Finder) doubtful(seen string, tokens []Token) bool {
	for _, t := range tokens {
		if w := strings.ToLower(seen[t.Start:t.End]); len(w) < 3 || !f.m.opt.Ordinary(w) {
			return true
		}
	}
	return false
}

// maskOf writes the tokens with a * for every sign between them.
func maskOf(seen string, tokens []Token) string {
	var b strings.Builder
	for k, t := range tokens {
		if k > 0 {
			gap := seen[tokens[k-1].End:t.Start]
			n := utf8.RuneCountInString(gap)
			if !asciiOnly(gap) {
				n = 1 // one picture may take several code points
			}
			for range n {
				b.WriteByte('*')
			}
		}
		b.WriteString(seen[t.Start:t.End])
	}
	return b.String()
}

// halves reads a name cut in two by a space. Two plain words are two words.
func (f *Finder) halves(seen string, tokens []Token, i int) {
	a, b := tokens[i], tokens[i+1]
	if f.flags[i]&flagHead == 0 || f.flags[i+1]&flagTail == 0 || b.Gap != gapSpace || a.Digits || b.Digits {
		return
	}
	if f.flags[i]&flagOrdinary != 0 && f.flags[i+1]&flagOrdinary != 0 {
		return
	}
	whole := seen[a.Start:a.End] + seen[b.Start:b.End]
	if cands := f.compound(whole, Split); cands != nil {
		f.addCompound(i, i+2, a.Start, b.End, cands)
	}
}

func (f *Finder) addCompound(first, last int, start, end int32, cands []candidate) {
	f.comps = append(f.comps, compound{int32(first), int32(last), start, end, cands})
}

// compound resolves a joined, symbol-bearing or masked string, once per string.
func (f *Finder) compound(s string, form Form) []candidate {
	key := string(rune('0'+form)) + s
	if c, ok := f.joined[key]; ok {
		return c
	}
	c := f.m.readCompound(s, form)
	if len(f.joined) >= f.capacity {
		clear(f.joined)
	}
	if f.capacity > 0 {
		f.joined[key] = c
	}
	return c
}

func (m *Machine) readCompound(s string, form Form) []candidate {
	if len(s) < 4 {
		return nil
	}
	var ids []int32
	switch form {
	case Masked:
		ids = m.maskedAs(s)
	case Split:
		folded, reduced, traits := m.opt.Keys(s)
		if id := m.vocab.find(folded); id >= 0 {
			ids = append(ids, id)
		} else if traits&substitute != 0 && !m.opt.Ordinary(folded) {
			ids = m.reduced[reduced]
		}
	case Leet:
		folded, reduced, traits := m.opt.Keys(s)
		if _, ok := disguise(folded, traits); ok {
			ids = m.reduced[reduced]
		}
	}
	var out []candidate
	for _, id := range ids {
		w := m.words[id]
		if w.forms.Has(form) && (w.runes >= 5 || w.runes == 4 && form != Split) {
			out = append(out, candidate{id: id, form: form})
		}
	}
	if form == Masked && len(out) > 4 {
		return nil // fits too much to mean anything
	}
	return out
}
