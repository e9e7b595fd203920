package catalog

import (
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// Names that are glued to a word, or cut in two by a space:
//
//	nikeshoes  forNike     listed in the vocabulary under nike, by its spelling
//	adi das                looked for as a phrase when adidas is asked for
//
// As in matching, what is left over of a glued word must be a common word or
// begin at a capital, and two ordinary words are two words: a search for carpet
// does not find "car pet".

const (
	leastGlued  = 4  // letters of the name
	leastRest   = 3  // letters of the word it is glued to
	longestGlue = 30 // letters of both
	leastSplit  = 5  // letters of a name that is cut in two
)

// glued calls visit for every part of an ASCII word that may be a name glued to
// another word. word is as written, folded its term.
func glued(word, folded string, visit func(name string)) {
	if len(word) != len(folded) || len(folded) < leastGlued+leastRest || len(folded) > longestGlue || scanner.OrdinaryWord(folded) {
		return
	}
	for at := leastRest; at <= len(folded)-leastRest; at++ {
		left, right := folded[:at], folded[at:]
		hump := capital(word[at]) && !capital(word[at-1])
		if len(right) >= leastGlued && (hump || scanner.CommonWord(left)) {
			visit(right)
		}
		if len(left) >= leastGlued && (hump || scanner.CommonWord(right)) {
			visit(left)
		}
	}
}

func capital(b byte) bool { return b >= 'A' && b <= 'Z' }

// readGlued enters a word under the names that may be glued into it.
func (s *speller) readGlued(word, folded string) {
	glued(word, folded, func(name string) {
		key, _ := fold.Reduce(name)
		s.keys[fold.Squeeze(key)+"\x00"+folded] = true
	})
}

// splits gives a word cut in two by a space at every place, as phrases.
func splits(word string) []string {
	if len(word) < leastSplit || len(word) > longestCut || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
		return nil
	}
	var out []string
	for at := 2; at <= len(word)-2; at++ {
		left, right := word[:at], word[at:]
		ordinary := scanner.OrdinaryWord
		if len(left) < leastSplit && len(right) < leastSplit {
			ordinary = scanner.CommonWord
		}
		if !ordinary(left) || !ordinary(right) {
			out = append(out, left+" "+right)
		}
	}
	return out
}
