package scanner

import (
	"unicode"
	"unicode/utf8"

	"prescreen/scanner/fold"
)

// A register holds most words of every language: something is registered as
// ORANGE, as CASE and as HOME. A phrase of a register is therefore let through
// only where something beside the word itself speaks for the mark. What is
// known of the phrase alone stands in its gate, made when the pack is compiled,
// so that most hits end after a few bit tests.

// gate is what is known of a phrase: the classes of its marks and what sort of
// words it is made of.
type gate uint64

// The bits of a gate. Bits 1 to 45 are the classes of its marks.
const (
	gateAnyClass gate = 1 << 0 // of one of its marks the classes are not known

	gateLive     gate = 1 << (46 + iota - 1) // registered, or the register does not say
	gatePending                              // applied for
	gateWord                                 // one word
	gateOrdinary                             // ordinary words and digits only
	gateCoined                               // holds a word of four letters or more that no word list has
	gateShort                                // three letters or fewer
	gateCode                                 // letters and digits in one word, or digits only
	gateUnspaced                             // of a script without spaces
	gateAlias                                // no mark is written so: pseudo marks and other scripts only
	gateLong                                 // eight letters or more

	gateClasses gate = 1<<46 - 2
)

func (g gate) has(bits gate) bool { return g&bits != 0 }

// describe makes the gate of the phrase whose tokens t holds, and the phrase
// written as one word where that is no ordinary word.
func (t *phraseTable) describe(text string) (g gate, joined string) {
	g = gateAlias
	letters, words := 0, true
	ordinary := true
	for _, tok := range t.tokens {
		raw := text[tok.Start:tok.End]
		letters += utf8.RuneCountInString(raw)
		words = words && tok.Script == fold.Word
		if tok.Script != fold.Word {
			g |= gateUnspaced
			ordinary = false
			continue
		}
		folded := fold.Fold(raw)
		joined += folded
		if !t.wordGate(&g, folded, tok.Digits) {
			ordinary = false
		}
	}
	if ordinary {
		g |= gateOrdinary
	}
	if len(t.tokens) == 1 {
		g |= gateWord
	}
	if letters <= 3 {
		g |= gateShort
	}
	if letters >= 8 {
		g |= gateLong
	}
	if len(t.tokens) < 2 || !words || letters < 6 || t.ordinary(joined) {
		joined = ""
	}
	return g, joined
}

// wordGate adds what one word says to g and tells whether it is ordinary.
func (t *phraseTable) wordGate(g *gate, folded string, digits bool) bool {
	if digits {
		*g |= gateCode
		return true
	}
	n, mixed := 0, false
	for _, r := range folded {
		n++
		mixed = mixed || unicode.IsDigit(r)
	}
	switch {
	case t.ordinary(folded) || n == 1:
		return true
	case mixed:
		*g |= gateCode
	case n >= 4:
		*g |= gateCoined
	}
	return false
}

// signal is what around a mention speaks for its being a mark.
type signal uint8

// The signals.
const (
	signalBrand   signal = 1 << iota // it is all of the brand field
	signalClaimed                    // the listing's brand field says it too
	signalOpening                    // it opens the title
	signalCapital                    // capitals where the text around has none
	signalClass                      // the goods are of its class
	signalApart                      // the goods are of classes that have nothing to do with its own
)

func (s signal) count() int {
	n := 0
	for _, one := range []signal{signalBrand, signalClaimed, signalOpening, signalCapital, signalClass} {
		if s&one != 0 {
			n++
		}
	}
	if s&signalApart != 0 {
		n--
	}
	return n
}

// passes tells whether a phrase with gate g is let through with the signals s.
// maybe are signals not looked at yet that could still come.
func (g gate) passes(s, maybe signal) bool {
	if !g.has(gateLive | gatePending) {
		return false
	}
	if s&signalBrand != 0 {
		return true
	}
	have := (s | maybe).count()
	switch {
	case g.has(gateUnspaced):
		return g.has(gateLong) || have >= 1
	case g.has(gateOrdinary | gateShort), !g.has(gateCoined):
		if g.has(gateWord | gateShort | gateAlias) {
			return (s|maybe)&signalClaimed != 0 && have >= 2
		}
		return have >= 3
	case !g.has(gateWord) && g.has(gateLong):
		return have >= 0 // a phrase with a coined word: unless the goods are others
	case g.has(gateCode):
		return have >= 2
	}
	return have >= 1
}

// sureness grades how far the words alone make the mark.
func (g gate) sureness() string {
	switch {
	case g.has(gateUnspaced) && g.has(gateLong), g.has(gateCoined) && !g.has(gateWord) && g.has(gateLong):
		return "register phrase"
	case g.has(gateCoined) && !g.has(gateCode|gateShort):
		return "register coined word"
	}
	return "register word"
}
