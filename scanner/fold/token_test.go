package fold

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// naiveTokens is Tokens one character at a time.
func naiveTokens(seen string) (out []Token) {
	gap, n := GapFirst, 0
	for i := 0; i < len(seen); {
		r, size := utf8.DecodeRuneInString(seen[i:])
		script, ok := scriptOf(r)
		if !ok {
			if r < utf8.RuneSelf {
				gap |= gapOfASCII[r]
				if r == '#' {
					gap |= GapHash
				}
				if strings.ContainsRune(".!?", r) {
					gap |= stopAfter(seen, i+1)
				}
			} else {
				gap |= gapOfRune(r)
			}
			i += size
			n++
			continue
		}
		if n > 1 {
			gap |= GapMany
		}
		end := tokenEnd(seen, i, script)
		t := Token{Start: int32(i), End: int32(end), Script: script, Gap: gap, ASCII: true, Digits: true}
		for _, c := range seen[i:end] {
			t.ASCII = t.ASCII && c < utf8.RuneSelf
			t.Digits = t.Digits && c >= '0' && c <= '9'
		}
		out = append(out, t)
		i, gap, n = end, 0, 0
	}
	return out
}

func checkTokens(t testing.TB, seen string) {
	t.Helper()
	tokens := Tokens(nil, seen)
	if naive := naiveTokens(seen); !slices.Equal(tokens, naive) {
		t.Fatalf("%q\n got %v\nwant %v", seen, tokens, naive)
	}
	last := int32(0)
	for _, tok := range tokens {
		if tok.Start < last || tok.Start >= tok.End || int(tok.End) > len(seen) {
			t.Fatalf("%q: token [%d,%d) after %d", seen, tok.Start, tok.End, last)
		}
		if !utf8.RuneStart(seen[tok.Start]) || int(tok.End) < len(seen) && utf8.ValidString(seen) && !utf8.RuneStart(seen[tok.End]) {
			t.Fatalf("%q: token [%d,%d) cuts a character", seen, tok.Start, tok.End)
		}
		last = tok.End
	}
}

// Every single byte, at every place of a block of eight, between letters,
// digits and spaces.
func TestTokensEveryByte(t *testing.T) {
	for c := range 256 {
		for at := range 18 {
			for _, fill := range []string{"a", "Z", "9", " "} {
				b := []byte(strings.Repeat(fill, 18))
				b[at] = byte(c)
				if c < utf8.RuneSelf {
					checkTokens(t, string(b))
				}
				checkTokens(t, string(b[:at])+string(rune(c))+string(b[at:]))
			}
		}
	}
}

func TestTokensRandom(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	parts := []string{"a", "Nike", "1", "42", " ", ".", "! ", "-", "é", "耐克", "ナイ", "나이키", "ไนกี้", "\u200b", "🔥", "\u0301", "#", "…", "\n", "\f", "Ⓝ", "ﬁ", "²"}
	for range 20000 {
		var b strings.Builder
		for range rnd.IntN(12) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		checkTokens(t, b.String())
	}
}

func TestTokensAllocateNothing(t *testing.T) {
	text := strings.Repeat("Nike's running shoes, size 42 - for men & women!\n", 20)
	dst := make([]Token, 0, 1000)
	if n := testing.AllocsPerRun(100, func() { dst = Tokens(dst[:0], text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if len(dst) < 150 {
		t.Errorf("only %d tokens", len(dst))
	}
	if n := testing.AllocsPerRun(100, func() { See(text) }); n != 0 {
		t.Errorf("%v allocations of See", n)
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Nike's N.I.K.E", "耐克鞋", "a\u0301b", "\xff\xfea", "12345678a", "ไนกี้ 나이키", "N\u200bike\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, seen string) { checkTokens(t, seen) })
}
