package scanner

import (
	"strings"

	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// fieldView is one field as the judgement sees it: tokens, and what was found
// among them. Positions are token indexes unless said otherwise.
type fieldView struct {
	field    *Field
	index    int // of the field in its listing
	text     fold.Text
	tokens   []fold.Token
	mentions []mention
	cues     []cueHit
	goods    []goodsHit

	joined string  // folded tokens, one space before each and one at the end; made on demand
	at     []int32 // per token: where it starts in joined
	caps   caps

	languages map[string]bool // answers of inLanguage
}

// mention is one rule found at one place.
type mention struct {
	match.Match
	pattern *patternOf
	rule    int32
	entry   *registered // of a pack; rule is then below zero and stands for the phrase
	also    []int32     // rules whose shorter match stands inside
	held    []mention   // of packs, standing inside; longest first
	inside  []mention   // of rules, standing inside, should this one be an ordinary phrase
}

// cueHit is a cue phrase found at tokens [first, last).
type cueHit struct {
	cue         *cue
	first, last int32
}

// goodsHit is a word of goods found at tokens [first, last).
type goodsHit struct {
	classes     classSet
	lang        string
	first, last int32
	glued       bool // within that one token, to a name
}

// reset clears a view for the next field, keeping its memory.
func (v *fieldView) reset() {
	*v = fieldView{mentions: v.mentions[:0], cues: v.cues[:0], goods: v.goods[:0], at: v.at[:0]}
}

// fold makes joined and at.
func (v *fieldView) fold() {
	if v.joined != "" {
		return
	}
	var b strings.Builder
	b.Grow(len(v.text.Seen) + len(v.tokens) + 2)
	for _, t := range v.tokens {
		b.WriteByte(' ')
		v.at = append(v.at, int32(b.Len()))
		b.WriteString(fold.Fold(v.text.Seen[t.Start:t.End]))
	}
	b.WriteByte(' ')
	v.at = append(v.at, int32(b.Len()))
	v.joined = b.String()
}

// near tells whether the folded phrase stands within window tokens of tokens
// [first, last), or overlaps them. A plural s of its last word is let pass.
func (v *fieldView) near(phrase string, first, last int32, window int) bool {
	v.fold()
	lo := max(0, int(first)-window)
	hi := min(len(v.tokens), int(last)+window)
	if window == 0 { // must overlap: give it room to both sides
		lo, hi = max(0, int(first)-8), min(len(v.tokens), int(last)+8)
	}
	part := v.joined[v.at[lo]-1 : v.at[hi]]
	base := int(v.at[lo]) - 1
	for from := 0; ; {
		i := strings.Index(part[from:], " "+phrase)
		if i < 0 {
			return false
		}
		start, end := from+i+1, from+i+1+len(phrase)
		if whole(part[end:]) && (window > 0 || base+start < int(v.at[last]) && base+end > int(v.at[first])) {
			return true
		}
		from = start
	}
}

func whole(rest string) bool {
	return strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "s ") || strings.HasPrefix(rest, "es ")
}

// has tells whether the folded phrase stands anywhere in the field.
func (v *fieldView) has(phrase string) bool {
	return v.near(phrase, 0, int32(len(v.tokens)), 1)
}

// caps counts how a field is capitalised, to know whether a capital means anything.
type caps struct {
	known        bool
	words, upper int // words of letters; words beginning with a capital
	shout        int // words all in capitals, of at least two letters
}

func (v *fieldView) capitals() caps { return v.capitalsOf(v.tokens) }

// capitalsOf is capitals for a view whose tokens are not set yet.
func (v *fieldView) capitalsOf(tokens []fold.Token) caps {
	if v.caps.known {
		return v.caps
	}
	c := caps{known: true}
	for _, t := range tokens {
		s := v.text.Seen[t.Start:t.End]
		if t.Digits || !t.ASCII || s[0] <= '9' {
			continue
		}
		c.words++
		if s[0] <= 'Z' {
			c.upper++
		}
		if len(s) > 1 && shouts(s) {
			c.shout++
		}
	}
	v.caps = c
	return c
}

// shouts tells whether ASCII text holds no small letter.
func shouts(s string) bool {
	for i := range len(s) {
		if s[i] >= 'a' && s[i] <= 'z' {
			return false
		}
	}
	return true
}

// running tells whether the field is running text, in which a capital inside a
// sentence marks a name. A title in Title Case is not.
func (c caps) running() bool { return c.words >= 4 && c.upper*2 < c.words }

// mixed tells whether most words are not in capitals.
func (c caps) mixed() bool { return c.words >= 3 && c.shout*3 < c.words }

// sameSentence tells whether no sentence ends between two token positions, a before b.
func (v *fieldView) sameSentence(a, b int32) bool {
	for i := a; i < b && int(i) < len(v.tokens); i++ {
		if i > 0 && v.tokens[i].Gap&fold.GapStop != 0 && i > a {
			return false
		}
	}
	return int(b) >= len(v.tokens) || b <= a || v.tokens[b].Gap&fold.GapStop == 0
}

// sentence returns the token range of the sentence around tokens [first, last).
func (v *fieldView) sentence(first, last int32) (int32, int32) {
	for first > 0 && v.tokens[first].Gap&fold.GapStop == 0 {
		first--
	}
	for int(last) < len(v.tokens) && v.tokens[last].Gap&fold.GapStop == 0 {
		last++
	}
	return first, last
}
