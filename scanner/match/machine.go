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
	Text    string
	Tokens  []Token // of Text
	Forms   Forms
	Context bool // found by FindContext, not by Find: words that only matter beside a name
}

// Keys gives a token's folded key (case and accents undone), its reduced key
// (look-alike letters and digits undone too) and the traits of its characters.
type Keys func(token string) (folded, reduced string, traits uint8)

// Options are what a Machine needs beyond its patterns.
type Options struct {
	Keys     Keys
	Fold     func(token string) string // the folded key alone; nil: the first of Keys
	Ordinary func(folded string) bool  // is this an ordinary word? Gates every doubtful spelling
	Common   func(folded string) bool  // is this a common word that may be glued to a name? nil: Ordinary
}

// complete sets what was left out.
func (o *Options) complete() {
	if o.Ordinary == nil {
		o.Ordinary = func(string) bool { return false }
	}
	if o.Fold == nil {
		keys := o.Keys
		o.Fold = func(token string) string { folded, _, _ := keys(token); return folded }
	}
	if o.Common == nil {
		o.Common = o.Ordinary
	}
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
	letters  []uint8 // per pattern: characters of its tokens, at most 255
	lone     []bool  // per pattern: it is a single token

	vocab   vocabulary
	words   []wordInfo // per vocabulary entry
	nodes   []node
	accepts []accept
	edges   edgeTable // node<<32 | gap kind<<30 | vocabulary entry -> node

	reduced  groups    // reduced key -> entries
	squeezed groups    // squeezed reduced key -> entries
	stems    groups    // stem of a name that takes endings -> entries
	masks    groups    // length and first letter -> entries that may be masked
	whole    affixes   // reduced keys of all entries
	heads    affixes   // beginnings of reduced keys of names that may be split or masked
	tails    affixes   // ends of folded keys of names that may be split
	wholes   affixes   // reduced keys of names that may be split or hold signs
	class    [128]byte // what an ASCII byte is in a reduced key
	quads    affixes   // first four letters of names that may be glued
	near     nearIndex // deletion index for misspellings
}

// wordInfo is what the resolver needs to know of a vocabulary entry.
type wordInfo struct {
	root     int32 // node of the phrases that start with it, -1 if none
	forms    Forms // union of the forms of the patterns it occurs in
	runes    uint8
	starts   startKind // what the phrases at root lead to
	single   bool      // a pattern of its own, or a phrase written as one word
	own      bool      // a pattern of its own
	name     bool      // single, and not merely context
	part     bool      // a word of a longer phrase
	letter   bool      // ASCII letters only
	cyrillic bool      // Cyrillic letters only
}

// startKind is what can be found from a token on.
type startKind = uint8

const (
	startsName    startKind = 1 << iota // a pattern Find looks for
	startsContext                       // a pattern FindContext looks for
)

func kindOf(p *Pattern) startKind {
	if p.Context {
		return startsContext
	}
	return startsName
}

// node is a place in the phrase table: what ends there, and whether any phrase
// goes on.
type node struct {
	accept int32 // place+1 of the first of what ends here, 0 if nothing does
	fan    bool
}

// accept ends a phrase: the pattern, the form its very writing imposes (Joined
// for a phrase written as one word), and what else ends at the same node.
type accept struct {
	pattern int32
	next    int32 // place+1, 0 at the end
	form    Form
	kind    startKind
}

// gapKind is the part of a gap that a phrase must agree with.
const (
	looseGap uint64 = iota
	ampGap
	hardGap
	noGap // between two texts: no phrase reaches across
)

func kindOfGap(g uint16) uint64 {
	switch {
	case g&gapFirst != 0:
		return noGap
	case g&(gapHard|gapStop|gapQuote) != 0:
		return hardGap
	case g&gapAmp != 0:
		return ampGap
	}
	return looseGap
}

// Patterns returns the patterns the machine was built from; not to be changed.
func (m *Machine) Patterns() []Pattern { return m.patterns }
