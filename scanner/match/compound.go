package match

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Compounds: several tokens that may be read as one. They are looked for only
// where the text shows their pattern, which is rare in honest text:
//
//	N.I.K.E   N i k e     single letters with one separator     spelled-out
//	Pr@da  Gucc!  $eiko   a symbol for a letter                 leet
//	L*uis  Cr🐊cs  Cr_cs  a sign for a letter                   masked
//	Ni🔥ke  adi das       a name cut in two                     split

// compound is an edge over tokens [first, last) with its own byte range and
// the candidates [cands, cands+n) of the Finder.
type compound struct {
	first, last int32
	start, end  int32
	cands, n    int32
}

const (
	longestSpelling = 24 // letters of a spelled-out name
	longestChain    = 8  // tokens of any other compound
)

// letterGap is every gap that may stand for a letter or hide inside a word.
const letterGap = gapStar | gapSymbol | gapLeet

// compounds finds the compounds of a text, ordered by first token.
func (f *Finder) compounds() {
	spelled := 0 // tokens before it are part of a spelled-out name
	for _, at := range f.odd {
		i := int(at)
		if i < spelled || f.toks[i].Script != word {
			continue
		}
		flags := f.read[i].flags
		if flags&flagLetter != 0 {
			if spelled = f.spelling(i); spelled > i {
				continue
			}
		}
		if f.toks[i].Gap&gapLeet != 0 || i+1 == len(f.toks) || f.toks[i+1].Gap&(gapLeet|gapAmp) != 0 {
			f.edges(i)
		}
		if flags&flagHead != 0 && i+1 < len(f.toks) {
			f.pieces(i)
		}
	}
}

// spelling reads the run of single letters that starts at token i: if a name
// begins there, the longest is taken and the token after it returned, else i. A
// run that spells an ordinary word is passed over whole.
func (f *Finder) spelling(i int) int {
	j := i + 1
	for j < len(f.toks) && j-i < longestSpelling && f.read[j].flags&flagLetter != 0 && f.sameSeparator(i, j) {
		j++
	}
	if j-i < 3 {
		return i
	}
	if whole := f.m.opt.Fold(f.joined(i, j)); !f.m.isName(whole) && f.m.opt.Ordinary(whole) {
		return j // w e d d i n g spells no Edding
	}
	least := i + 3
	if strings.TrimSpace(f.seen[f.toks[i].End:f.toks[i+1].Start]) == "" {
		least++ // three letters apart are rather initials or sizes
	}
	if _, reduced, _ := f.m.opt.Keys(f.joined(i, i+3)); j < least || !f.m.heads.begins(reduced) {
		return i
	}
	for last := j; last >= least; last-- {
		if from := len(f.cands); f.spelledOut(f.joined(i, last)) {
			f.addCompound(i, last, f.toks[i].Start, f.toks[last-1].End, from)
			return last
		}
	}
	return i
}

// isName tells whether a folded word is a whole name.
func (m *Machine) isName(folded string) bool {
	id := m.vocab.find(folded)
	return id >= 0 && m.words[id].name
}

// sameSeparator tells whether token j follows token j-1 with the separator
// that stands between tokens i and i+1.
func (f *Finder) sameSeparator(i, j int) bool {
	sep := f.seen[f.toks[j-1].End:f.toks[j].Start]
	if len(sep) == 0 || len(sep) > 4 || sep == ", " || sep == "," || f.toks[j].Gap&gapFirst != 0 {
		return false // A, B, C is a list
	}
	return sep == f.seen[f.toks[i].End:f.toks[i+1].Start]
}

// joined writes tokens [i, j) without what stands between them. The string is
// good until the next call.
func (f *Finder) joined(i, j int) string {
	f.text = f.text[:0]
	for _, t := range f.toks[i:j] {
		f.text = append(f.text, f.seen[t.Start:t.End]...)
	}
	return string(f.text)
}

// spelledOut appends the names the letters of a run give; only a whole name
// will do.
func (f *Finder) spelledOut(joined string) bool {
	folded, reduced, _ := f.m.opt.Keys(joined)
	f.ids = append(f.ids[:0], f.m.vocab.find(folded))
	if f.ids[0] < 0 {
		f.ids = f.m.reduced.of(f.ids[:0], reduced)
	}
	n := len(f.cands)
	for _, id := range f.ids {
		if w := &f.m.words[id]; w.single && w.forms.Has(SpelledOut) {
			f.cands = append(f.cands, candidate{id: id, form: SpelledOut})
		}
	}
	return len(f.cands) > n
}

// edges reads a token with a symbol right before or after it: @didas, Gucc!
func (f *Finder) edges(i int) {
	t := f.toks[i]
	start, end := t.Start, t.End
	if t.Gap&gapLeet != 0 && start > 0 && leetSigns[f.seen[start-1]] && (start == 1 || f.seen[start-2] <= ' ') {
		start--
	}
	if int(end) < len(f.seen) && leetSigns[f.seen[end]] && (int(end)+1 == len(f.seen) || f.seen[end+1] <= ' ') {
		end++
	}
	if start == t.Start && end == t.End || t.Digits || f.read[i].flags&flagName != 0 {
		return
	}
	if from := len(f.cands); f.m.mayBeWhole(f.seen[start:end]) && f.readAs(f.seen[start:end], Leet, 4) {
		f.addCompound(i, i+1, start, end, from)
	}
}

// leetSigns are the signs that stand for a letter at the edge of a name. A bar
// there parts the words of a list: Matte| Oily Skin.
var leetSigns = [256]bool{'@': true, '$': true, '!': true, '+': true}

// pieces reads the tokens from i on as one name, where the gaps between them
// allow it.
func (f *Finder) pieces(i int) {
	odd := false
	for j := i + 1; j < len(f.toks) && j-i < longestChain; j++ {
		t := f.toks[j]
		if t.Script != word || t.Gap&gapFirst != 0 || t.Gap&(gapHard|gapStop|gapQuote|gapAmp) != 0 && t.Gap&letterGap == 0 {
			return
		}
		if t.Gap&gapSpace != 0 {
			if j == i+1 {
				f.halves(i)
			}
			return
		}
		odd = odd || t.Gap&letterGap != 0
		if t.End-f.toks[i].Start > 4*longestSpelling {
			return
		}
		if from := len(f.cands); f.joinPieces(i, j+1, odd) {
			f.addCompound(i, j+1, f.toks[i].Start, t.End, from)
		}
	}
}

// joinPieces tries the readings of the touching tokens [i, j), the strongest
// first; once one gives a whole name, the weaker ones are left.
func (f *Finder) joinPieces(i, j int, odd bool) bool {
	from := len(f.cands)
	if f.mayJoin(i, j) && f.readAs(f.joined(i, j), Split, 4) && (!odd && !f.unlikely(i, j) || f.barred(i, j)) {
		f.cands = f.cands[:from]
	}
	if !odd && !f.namesFrom(from) && f.blanks(i, j) && f.unlikely(i, j) {
		f.readAs(f.maskOf(i, j), Masked, 5)
	}
	if !odd || f.namesFrom(from) {
		return len(f.cands) > from
	}
	if whole := f.seen[f.toks[i].Start:f.toks[j-1].End]; f.m.mayBeWhole(whole) {
		f.readAs(whole, Leet, 4)
	}
	if !f.namesFrom(from) {
		f.readAs(f.maskOf(i, j), Masked, 4)
	}
	return len(f.cands) > from
}

// namesFrom tells whether a whole name is among the candidates from a place on.
func (f *Finder) namesFrom(from int) bool {
	return slices.ContainsFunc(f.cands[from:], func(c candidate) bool { return f.m.words[c.id].name })
}

// mayJoin tells whether tokens [i, j) written together may be a name. It is
// asked first because most are not.
func (f *Finder) mayJoin(i, j int) bool {
	h := uint64(0)
	for _, t := range f.toks[i:j] {
		for k := t.Start; k < t.End; k++ {
			c := f.seen[k]
			if c >= utf8.RuneSelf {
				return true
			}
			h = extend(h, f.m.class[c])
		}
	}
	return f.m.wholes.has(h)
}

// mayBeWhole is mayJoin for a text with its signs.
func (m *Machine) mayBeWhole(s string) bool {
	h := uint64(0)
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return true
		}
		h = extend(h, m.class[s[i]])
	}
	return m.wholes.has(h)
}

// unlikely tells whether pieces joined by a hyphen or dot are rather a name cut
// up than what they seem: two plain words, a number (3-Bay), the possessive of a
// short word (Tom's). Words are joined by hyphens and dots; signs that join none
// (Hua·wei) need a common word on both sides to be taken for a list.
func (f *Finder) unlikely(i, j int) bool {
	odd := false
	plain := f.m.opt.Ordinary
	if f.strange(i, j) {
		plain = f.m.opt.Common
	}
	for k, t := range f.toks[i:j] {
		if t.Digits || k > 0 && f.possessive(i+k) && t.End-f.toks[i].Start <= 5 {
			return false
		}
		odd = odd || t.End-t.Start < 3 || !f.is(plain, t)
	}
	return odd
}

// barred tells whether a bar stands between two of the tokens [i, j): it may be
// a letter of the name, but cuts none in two.
func (f *Finder) barred(i, j int) bool {
	return strings.Contains(f.seen[f.toks[i].End:f.toks[j-1].Start], "|")
}

// blanks tells whether tokens [i, j) are joined by underscores, which leave a
// letter blank as a * does: Givenc_y.
func (f *Finder) blanks(i, j int) bool {
	for k := i + 1; k < j; k++ {
		if strings.Trim(f.seen[f.toks[k-1].End:f.toks[k].Start], "_") != "" {
			return false
		}
	}
	return true
}

// strange tells whether tokens [i, j) are joined by something else than hyphens,
// full stops and apostrophes.
func (f *Finder) strange(i, j int) bool {
	for k := i + 1; k < j; k++ {
		switch f.seen[f.toks[k-1].End:f.toks[k].Start] {
		case "-", ".", "'", "’", "/":
			return false
		}
	}
	return true
}

func (f *Finder) is(word func(string) bool, t Token) bool {
	folded, _, _ := f.m.opt.Keys(f.seen[t.Start:t.End])
	return word(folded)
}

// maskOf writes tokens [i, j) in lower case, with a * for every sign between
// them.
func (f *Finder) maskOf(i, j int) string {
	f.text = f.text[:0]
	for k, t := range f.toks[i:j] {
		if k > 0 {
			gap := f.seen[f.toks[i+k-1].End:t.Start]
			n := utf8.RuneCountInString(gap)
			if !asciiOnly(gap) {
				n = 1 // one picture may take several code points
			}
			for range n {
				f.text = append(f.text, '*')
			}
		}
		f.text = append(f.text, f.seen[t.Start:t.End]...)
	}
	return strings.ToLower(string(f.text))
}

// PlainWords is the cost of a Split whose two parts are plain words by
// themselves (star bucks), and of a Joined whose name and rest are (targetbag):
// it takes more than the text to tell the name from its words.
const PlainWords = 1

// halves reads a name cut in two by a space. Two plain words are rather two
// words; two short ones have to be common to be plain, because of up to four
// letters almost any is a word of some language. A single letter cut off leaves
// no word behind.
func (f *Finder) halves(i int) {
	a, b := f.toks[i], f.toks[i+1]
	if f.read[i+1].flags&flagTail == 0 || b.Gap != gapSpace || a.Digits || b.Digits {
		return
	}
	from := len(f.cands)
	if !f.mayJoin(i, i+2) || !f.readAs(f.joined(i, i+2), Split, leastHalved) {
		return
	}
	plain := f.m.opt.Ordinary
	short := min(a.End-a.Start, b.End-b.Start)
	if a.End-a.Start < 5 && b.End-b.Start < 5 && short > 1 {
		plain = f.m.opt.Common
	}
	isA, isB := f.is(plain, a), f.is(plain, b)
	switch {
	case short == 1 && (isA || isB):
		f.cands = f.cands[:from]
		return
	case isA && isB:
		for k := range f.cands[from:] {
			f.cands[from+k].cost = PlainWords
		}
	}
	f.addCompound(i, i+2, a.Start, b.End, from)
}

// addCompound enters the candidates from place from on as a compound.
func (f *Finder) addCompound(first, last int, start, end int32, from int) {
	f.comps = append(f.comps, compound{int32(first), int32(last), start, end, int32(from), int32(len(f.cands) - from)})
}

// compsAt returns the place of the first compound that begins at token i or after.
func (f *Finder) compsAt(i int) int {
	return sort.Search(len(f.comps), func(k int) bool { return int(f.comps[k].first) >= i })
}

// mostFits is how many names a mask may fit and still mean one of them.
const mostFits = 4

// readAs appends to f.cands what a joined, symbol-bearing or masked string
// stands for, names of at least so many characters, and tells whether it stands
// for anything.
func (f *Finder) readAs(s string, form Form, least uint8) bool {
	if len(s) < 4 {
		return false
	}
	from := len(f.cands)
	for _, id := range f.readIDs(s, form) {
		w := &f.m.words[id]
		if w.forms.Has(form) && w.runes >= least {
			f.cands = append(f.cands, candidate{id: id, form: form})
		}
	}
	if form == Masked && len(f.cands) > from+mostFits {
		f.cands = f.cands[:from]
	}
	return len(f.cands) > from
}

func (f *Finder) readIDs(s string, form Form) []int32 {
	m := f.m
	switch form {
	case Masked:
		return f.maskedAs(s)
	case Leet:
		folded, reduced, traits := m.opt.Keys(s)
		if _, ok := disguise(folded, traits); !ok {
			return nil
		}
		f.ids = m.reduced.of(f.ids[:0], reduced)
		return f.ids
	}
	if id := m.vocab.find(m.opt.Fold(s)); id >= 0 {
		f.ids = append(f.ids[:0], id)
		return f.ids
	}
	if !strings.ContainsFunc(s, isSubstitute) {
		return nil
	}
	folded, reduced, _ := m.opt.Keys(s)
	if f.ids = m.reduced.of(f.ids[:0], reduced); len(f.ids) > 0 && m.opt.Ordinary(folded) {
		return nil
	}
	return f.ids
}

// isSubstitute tells whether r may stand for a letter: a digit or a sign.
func isSubstitute(r rune) bool {
	return r < utf8.RuneSelf && (r|0x20 < 'a' || r|0x20 > 'z')
}
