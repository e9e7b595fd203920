package scanner

import (
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// Sieve tells, word by word, where a Scanner may find anything. A collection
// that knows the words of its listings asks it once for each distinct word and
// need screen only the listings that hold one of those: a finding begins in a
// stretch of text without spaces for which Begins is true, or in the two halves
// of a word of Halves. A Sieve belongs to one goroutine.
type Sieve struct {
	finder *match.Finder
	tokens []fold.Token
}

// Sieve returns a sieve. ok is false when the Scanner has compiled packs, whose
// names are looked up by hash and cannot be told by their words.
func (s *Scanner) Sieve() (sieve *Sieve, ok bool) {
	if len(s.opt.Registers) > 0 {
		return nil, false
	}
	return &Sieve{finder: s.machine.NewFinder(s.opt.Memo)}, true
}

// Begins tells whether a finding may begin in a stretch of what a reader sees
// (fold.Text.Seen), whatever stands before and after it.
func (v *Sieve) Begins(stretch string) bool {
	v.tokens = fold.Tokens(v.tokens[:0], stretch)
	return v.finder.Begins(stretch, v.tokens)
}

// Halves calls visit for every word that may be found cut in two by a space,
// with the folded and the reduced key that the halves have together.
func (s *Scanner) Halves(visit func(folded, reduced string)) { s.machine.Halves(visit) }

// OrdinaryWord tells whether a folded word is an ordinary word of a language
// that we hold a list of, CommonWord whether it is an English one. Both are safe
// for concurrent use.
func OrdinaryWord(folded string) bool { return ordinaryWord(folded) }

// CommonWord is described at OrdinaryWord.
func CommonWord(folded string) bool { return commonWord(folded) }
