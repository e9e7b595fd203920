package catalog

import (
	"strings"
	"unicode/utf8"

	"prescreen/scanner/fold"
)

// A preview asks the rules about each distinct word of the catalogue instead of
// each listing (scanner.Sieve). Most words are terms of the index as they stand.
// The ledger keeps the others as written, the stretches:
//
//	νIKE  iPhone  ЛЕГО     a word that is more than its folded term
//	t-shirt  L*uis  a.b    tokens without a space between
//	Gucc!  @didas          a word with a sign for a letter at its edge
//	N I K E                single letters with one separator
//
// Whatever the matcher reads as one name lies within one of them, or is cut in
// two by a space (halvesOf). A stretch stands in documents that hold all its
// terms.

const (
	longestPiece  = 96 // bytes the matcher joins at most
	piecesAtOnce  = 8  // tokens it joins at most
	lettersAtOnce = 24 // single letters it joins at most
	hiddenGap     = fold.GapStar | fold.GapSymbol | fold.GapLeet
	betweenWords  = fold.GapHard | fold.GapStop | fold.GapQuote | fold.GapAmp
)

// eachStretch calls visit for the stretches of text but for single words.
func eachStretch(text string, tokens []fold.Token, visit func(stretch string)) {
	for i := 0; i < len(tokens); {
		j := i + 1
		for j < len(tokens) && joins(&tokens[j-1], &tokens[j]) {
			j++
		}
		signed := withSigns(text, &tokens[i], &tokens[j-1])
		if n := int(tokens[j-1].End - tokens[i].Start); j > i+1 || len(signed) > n {
			windows(i, j, piecesAtOnce, func(from, to int) {
				visit(withSigns(text, &tokens[from], &tokens[to-1]))
			})
		}
		i = j
	}
	for i := 0; i+2 < len(tokens); {
		j := lettersFrom(text, tokens, i)
		if j-i < 3 {
			i++
			continue
		}
		windows(i, j, lettersAtOnce, func(from, to int) { visit(text[tokens[from].Start:tokens[to-1].End]) })
		i = j - 1
	}
}

// windows covers [i, j) by pieces of at most 2n, so that every n in a row lie
// within one of them.
func windows(i, j, n int, visit func(from, to int)) {
	for from := i; ; from += n {
		visit(from, min(from+2*n, j))
		if from+2*n >= j {
			return
		}
	}
}

// joins tells whether the matcher may read two neighbouring tokens as one word.
func joins(a, b *fold.Token) bool {
	return a.Script == fold.Word && b.Script == fold.Word && b.Gap&(fold.GapFirst|fold.GapSpace) == 0 &&
		(b.Gap&betweenWords == 0 || b.Gap&hiddenGap != 0) && b.End-a.Start <= longestPiece
}

// withSigns is the text of tokens a to b, with a sign for a letter that stands
// right before or after it and next to a space.
func withSigns(text string, a, b *fold.Token) string {
	start, end := int(a.Start), int(b.End)
	if start > 0 && leetSign(text[start-1]) && (start == 1 || text[start-2] <= ' ') {
		start--
	}
	if end < len(text) && leetSign(text[end]) && (end+1 == len(text) || text[end+1] <= ' ') {
		end++
	}
	return text[start:end]
}

// lettersFrom returns the end of the run of single letters that begins at token
// i, all with the separator of the first two.
func lettersFrom(text string, tokens []fold.Token, i int) int {
	if !oneLetter(text, &tokens[i]) {
		return i
	}
	separator := text[tokens[i].End:tokens[i+1].Start]
	if separator == "" || len(separator) > 4 {
		return i
	}
	j := i + 1
	for j < len(tokens) && oneLetter(text, &tokens[j]) && text[tokens[j-1].End:tokens[j].Start] == separator {
		j++
	}
	return j
}

func oneLetter(text string, t *fold.Token) bool {
	n := t.End - t.Start
	return t.Script == fold.Word && (n == 1 || n <= 8 && utf8.RuneCountInString(text[t.Start:t.End]) == 1)
}

// plainWord tells whether the rules say of a word what they say of its folded
// term: it is the term, or differs from it by capitals as in Word or WORD.
func plainWord(word, folded string, t *fold.Token) bool {
	if word == folded {
		return true
	}
	if !t.ASCII {
		return false
	}
	rest := word[1:]
	return rest == strings.ToLower(rest) || word == strings.ToUpper(word)
}

// longestName is the longest token that the matcher looks at.
const longestName = 255

// longestStretch is far more than the matcher would join or a rule would name,
// and what a key of the ledger can hold.
const longestStretch = 4096

// stretch enters a stretch that is new.
func (s *speller) stretch(text string) {
	if s.known[text] || len(text) > longestStretch {
		return
	}
	if len(s.known) >= seenWords {
		clear(s.known)
	}
	text = strings.Clone(text)
	s.known[text] = true
	s.stretches = append(s.stretches, text)
}
