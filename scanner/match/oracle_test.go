package match

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// hit is what the oracles say of one match.
type hit struct {
	pattern, start, end int
	form                Form
}

func hitsOf(f *Finder, text string) []hit {
	found, _ := f.Find(text, testTokens(text))
	var out []hit
	for _, m := range found {
		out = append(out, hit{int(m.Pattern), int(m.Start), int(m.End), m.Form})
	}
	return sortedHits(out)
}

func sortedHits(hs []hit) []hit {
	slices.SortFunc(hs, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.form, b.form))
	})
	return slices.Compact(hs)
}

// plainOracle finds plain spellings by trying every pattern at every token.
func plainOracle(patterns []Pattern, text string) []hit {
	tokens := testTokens(text)
	var out []hit
	for p := range patterns {
		for i := range tokens {
			for _, words := range readingsOf(&patterns[p]) {
				if last, ok := follows(words, text, tokens, i); ok && aloneOracle(tokens, i, last) {
					h := hit{p, int(tokens[i].Start), int(tokens[last-1].End), Folded}
					if text[h.start:h.end] == patterns[p].Text {
						h.form = Exact
					}
					out = append(out, h)
				}
			}
		}
	}
	return sortedHits(out)
}

// oracleWord is one word of a phrase and the gaps allowed before it.
type oracleWord struct {
	key   string
	kinds []uint64
}

// readingsOf gives a pattern as written and, where an ampersand joins words of
// more than a letter, with the word "and" for it.
func readingsOf(p *Pattern) [][]oracleWord {
	var plain, spelled []oracleWord
	ands := false
	for k, t := range p.Tokens {
		w := oracleWord{strings.ToLower(p.Text[t.Start:t.End]), []uint64{looseGap}}
		long := k > 0 && t.End-t.Start > 1 && p.Tokens[k-1].End-p.Tokens[k-1].Start > 1
		if long && t.Gap&gapAmp != 0 {
			spelled, ands = append(spelled, oracleWord{"and", []uint64{looseGap}}), true
		}
		spelled = append(spelled, oracleWord{w.key, []uint64{looseGap}})
		if k > 0 {
			switch kindOfGap(t.Gap) {
			case hardGap:
				w.kinds = []uint64{looseGap, hardGap}
			case ampGap:
				w.kinds = []uint64{ampGap}
				if t.End-t.Start > 2 || p.Tokens[k-1].End-p.Tokens[k-1].Start > 2 {
					w.kinds = append(w.kinds, looseGap)
				}
			}
		}
		plain = append(plain, w)
	}
	if ands {
		return [][]oracleWord{plain, spelled}
	}
	return [][]oracleWord{plain}
}

func follows(words []oracleWord, text string, tokens []Token, i int) (last int, ok bool) {
	for k, w := range words {
		if i+k >= len(tokens) {
			return 0, false
		}
		t := tokens[i+k]
		if strings.ToLower(text[t.Start:t.End]) != w.key || k > 0 && !slices.Contains(w.kinds, kindOfGap(t.Gap)) {
			return 0, false
		}
	}
	return i + len(words), true
}

// aloneOracle: one Han character is a name only when no other touches it, and a
// longer name takes no single character from a word across a space.
func aloneOracle(tokens []Token, i, last int) bool {
	if tokens[i].Script != han {
		return true
	}
	touches := func(k int) bool { return tokens[k].Gap == 0 && tokens[k-1].Script == tokens[k].Script }
	before, after := i > 0 && touches(i), last < len(tokens) && touches(last)
	switch last - i {
	case 1:
		return !before && !after
	case 2:
		return true
	}
	return !(before && !touches(i+1)) && !(after && !touches(last-1))
}

func checkPlain(t testing.TB, f *Finder, patterns []Pattern, text string) {
	t.Helper()
	got, want := hitsOf(f, text), plainOracle(patterns, text)
	if !slices.Equal(got, want) {
		t.Fatalf("text %q\n got %v\nwant %v", text, got, want)
	}
}

// Every text over a small alphabet, against phrases that overlap, repeat and
// hold each kind of gap.
func TestPlainExhaustive(t *testing.T) {
	patterns := patternsOf(PlainForms, "a", "b", "a b", "b a", "a a", "aa", "a&b", "bb&aa", "aa b a", "a,b", "耐", "耐克", "克耐克", "a耐", "ab-b")
	f := Build(patterns, Options{Keys: testKeys}).NewFinder(16)
	alphabet := []string{"a", "b", "A", " ", "&", ",", "耐", "克"}
	var texts func(text string, depth int)
	n := 0
	texts = func(text string, depth int) {
		checkPlain(t, f, patterns, text)
		n++
		if depth == 0 {
			return
		}
		for _, s := range alphabet {
			texts(text+s, depth-1)
		}
	}
	texts("", 5)
	if n < 30000 {
		t.Fatalf("only %d texts", n)
	}
}

// Random longer texts and random phrases.
func TestPlainRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"ka", "ne", "Kane", "or", "and", "耐", "克", "x1", "501"}
	gaps := []string{" ", "-", ", ", " & ", "&", "", "\n", "_", " / "}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[rnd.IntN(len(words))])
			b.WriteString(gaps[rnd.IntN(len(gaps))])
		}
		return b.String()
	}
	for range 300 {
		var names []string
		for range 12 {
			names = append(names, strings.TrimRight(text(1+rnd.IntN(4)), " -,&\n_/"))
		}
		patterns := patternsOf(PlainForms, names...)
		f := Build(patterns, Options{Keys: testKeys}).NewFinder(rnd.IntN(20))
		for range 10 {
			checkPlain(t, f, patterns, text(rnd.IntN(14)))
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"a b", "bb and aa b", "克耐克 a,b", "L*uis N.I.K.E", "Ni🔥ke adi das", "Pr@da gucc! forNike"} {
		f.Add(s)
	}
	plain := patternsOf(PlainForms, "a", "b", "a b", "aa b a", "bb&aa", "耐", "耐克")
	plainFinder := Build(plain, Options{Keys: testKeys}).NewFinder(16)
	all := Build(patternsOf(AllForms, oracleNames...), Options{Keys: testKeys, Ordinary: ordinaryOf("for", "shoes", "nice")})
	kept, forgetful := all.NewFinder(DefaultMemo), all.NewFinder(0)
	f.Fuzz(func(t *testing.T, text string) {
		checkPlain(t, plainFinder, plain, text)
		tokens := testTokens(text)
		found, _ := kept.Find(text, tokens)
		checkSpans(t, text, tokens, found)
		found = slices.Clone(found)
		if again, _ := forgetful.Find(text, tokens); !slices.Equal(found, again) {
			t.Fatalf("the memo changes the answer for %q: %v, %v", text, found, again)
		}
	})
}

// checkSpans: spans lie in the text, on rune edges, agree with their tokens,
// and come in the order of their first token.
func checkSpans(t testing.TB, text string, tokens []Token, found []Match) {
	t.Helper()
	for i, m := range found {
		if m.Start < 0 || m.Start >= m.End || int(m.End) > len(text) || m.First < 0 || m.First >= m.Last || int(m.Last) > len(tokens) {
			t.Fatalf("%q: span out of range: %+v", text, m)
		}
		if utf8.ValidString(text) && (!runeEdge(text, m.Start) || !runeEdge(text, m.End)) {
			t.Fatalf("%q: %+v cuts a character", text, m)
		}
		if m.Start+4 < tokens[m.First].Start || m.End < tokens[m.Last-1].Start {
			t.Fatalf("%q: %+v does not agree with its tokens", text, m)
		}
		if i > 0 && found[i-1].First > m.First {
			t.Fatalf("%q: out of order: %+v after %+v", text, m, found[i-1])
		}
	}
}

func runeEdge(s string, i int32) bool { return int(i) == len(s) || s[i]&0xC0 != 0x80 }
