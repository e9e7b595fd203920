package catalog

import (
	"strings"
	"unicode/utf8"

	"prescreen/scanner/fold"
)

// A word that is cut is several terms of the index. What it looks like:
//
//	N I K E   N.I.K.E     single letters, one separator
//	Ni🔥ke    t-shirt      pieces that touch
//	n!ke      Gucc!       a sign for a letter
//	n*ke                  a sign that hides one
//
// The vocabulary lists each under the key of the whole word, with the terms it
// is made of as its spelling ("n i k e"), and a query for the word asks for
// that phrase as well. So the text itself is indexed once, as it stands.

// cutWord is a stretch of a text, tokens [first, last) and bytes [start, end),
// that may be one word.
type cutWord struct {
	first, last int
	start, end  int
	key         string // reduced key of the whole, or of a mask: see maskKey
	mask        string // with * for what is hidden, "" when nothing is
}

const (
	longestCut   = 24 // letters apart
	longestChain = 4  // pieces that touch
	shortRun     = 12 // single letters up to which every part of a run is a word too
	cutGap       = fold.GapStar | fold.GapSymbol | fold.GapLeet | fold.GapSoft
	endOfWord    = fold.GapSpace | fold.GapStop | fold.GapHard | fold.GapQuote | fold.GapAmp | fold.GapFirst
)

// cutWords calls visit for every stretch of text that may be a cut word.
func cutWords(text string, tokens []fold.Token, visit func(cutWord)) {
	c := cutter{text: text, tokens: tokens, visit: visit}
	for i := 0; i < len(tokens); {
		if tokens[i].Script != fold.Word {
			i++
			continue
		}
		if next := c.letters(i); next > i {
			i = next
			continue
		}
		c.pieces(i)
		c.edges(i)
		i++
	}
}

type cutter struct {
	text   string
	tokens []fold.Token
	visit  func(cutWord)
}

func (c *cutter) single(i int) bool {
	t := &c.tokens[i]
	return t.Script == fold.Word && (t.End-t.Start == 1 || utf8.RuneCountInString(c.text[t.Start:t.End]) == 1)
}

func (c *cutter) gap(i int) string { return c.text[c.tokens[i-1].End:c.tokens[i].Start] }

// letters visits the run of single letters that begins at token i, and the
// parts of a short one, and returns the token after it; i when there is none.
func (c *cutter) letters(i int) int {
	if !c.single(i) || i+2 >= len(c.tokens) {
		return i
	}
	between := c.gap(i + 1)
	if between == "" || len(between) > 4 || strings.HasPrefix(between, ",") || c.tokens[i+1].Gap&fold.GapFirst != 0 {
		return i
	}
	j := i + 1
	for j < len(c.tokens) && j-i < longestCut && c.single(j) && c.gap(j) == between {
		j++
	}
	if j-i < 3 {
		return i
	}
	for first := i; first+3 <= j; first++ {
		for last := j; last >= first+3; last-- {
			if j-i <= shortRun || first == i && last == j {
				c.whole(first, last, c.joined(first, last))
			}
		}
	}
	return j
}

// pieces visits what token i gives with those that touch it.
func (c *cutter) pieces(i int) {
	for j := i + 1; j < len(c.tokens) && j-i < longestChain; j++ {
		t := &c.tokens[j]
		if t.Script != fold.Word || t.Gap&cutGap == 0 || t.Gap&endOfWord&^fold.GapStop != 0 || strings.ContainsAny(c.gap(j), "\n\r") {
			return
		}
		c.whole(i, j+1, c.joined(i, j+1))
		if c.signs(i, j+1, fold.GapLeet) {
			c.whole(i, j+1, c.text[c.tokens[i].Start:t.End])
		}
		if c.signs(i, j+1, fold.GapStar|fold.GapSymbol|fold.GapLeet) {
			c.masked(i, j+1)
		}
	}
}

// signs tells whether every gap within tokens [i, j) holds one of the kinds.
func (c *cutter) signs(i, j int, kinds fold.Gap) bool {
	for k := i + 1; k < j; k++ {
		if c.tokens[k].Gap&kinds == 0 {
			return false
		}
	}
	return true
}

// edges visits token i with a sign for a letter right before or after it.
func (c *cutter) edges(i int) {
	t := &c.tokens[i]
	start, end := int(t.Start), int(t.End)
	if start > 0 && leetSign(c.text[start-1]) && (start == 1 || c.text[start-2] <= ' ') {
		start--
	}
	if end < len(c.text) && leetSign(c.text[end]) && (end+1 == len(c.text) || c.text[end+1] <= ' ') {
		end++
	}
	if t.Digits || end-start == int(t.End-t.Start) || end-start < 4 {
		return
	}
	if key := keyOf(c.text[start:end]); key != "" {
		c.visit(cutWord{first: i, last: i + 1, start: start, end: end, key: key})
	}
}

func leetSign(b byte) bool { return strings.IndexByte("@$!|+", b) >= 0 }

// joined writes tokens [i, j) without what stands between them.
func (c *cutter) joined(i, j int) string {
	var b strings.Builder
	for _, t := range c.tokens[i:j] {
		b.WriteString(c.text[t.Start:t.End])
	}
	return b.String()
}

func (c *cutter) whole(i, j int, word string) {
	if key := keyOf(word); len(key) >= 3 {
		c.visit(cutWord{first: i, last: j, start: int(c.tokens[i].Start), end: int(c.tokens[j-1].End), key: key})
	}
}

// keyOf is the reduced key of a word in one piece, "" for a mere number.
func keyOf(word string) string {
	if strings.Trim(word, "0123456789") == "" {
		return ""
	}
	key, _ := fold.Reduce(word)
	return fold.Squeeze(key)
}

// masked visits a word in which signs hide letters. Three letters in five show.
func (c *cutter) masked(i, j int) {
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i {
			b.WriteString(strings.Repeat("*", hiddenBy(c.gap(k))))
		}
		t := &c.tokens[k]
		b.WriteString(foldWord(c.text[t.Start:t.End]))
	}
	mask := b.String()
	shown := len(mask) - strings.Count(mask, "*")
	if !plainMask(mask) || len(mask) < 4 || len(mask) > longestCut || shown < 3 || 5*shown < 3*len(mask) {
		return
	}
	c.visit(cutWord{first: i, last: j, start: int(c.tokens[i].Start), end: int(c.tokens[j-1].End), key: maskKey(mask), mask: mask})
}

// hiddenBy is how many letters a gap hides: a picture may take several code points.
func hiddenBy(gap string) int {
	for i := range len(gap) {
		if gap[i] >= utf8.RuneSelf {
			return 1
		}
	}
	return len(gap)
}

// plainMask tells whether a mask is of ASCII letters, digits and * alone.
func plainMask(mask string) bool {
	for i := range len(mask) {
		if c := mask[i]; c != '*' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return mask[0] != '*'
}

// maskKey groups the masks one word may stand behind: those of its length and
// first letter. No word has such a key.
func maskKey(word string) string { return "*" + string(rune('A'+len(word))) + word[:1] }

// fitsMask tells whether a folded word may stand behind a mask.
func fitsMask(mask, word string) bool {
	if len(mask) != len(word) {
		return false
	}
	for i := range len(mask) {
		if mask[i] != '*' && mask[i] != word[i] {
			return false
		}
	}
	return true
}
