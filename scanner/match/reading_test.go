package match

import "strings"

// The tests read texts with a tokeniser and keys of their own: small, slow and
// plain, so that what the Finder does with them can be checked by hand.

var testReduced = map[rune]rune{
	'l': 'i', '1': 'i', '!': 'i', '0': 'o', '5': 's', '$': 's', '4': 'a', '@': 'a', '3': 'e', '7': 't',
	'Ν': 'n', 'і': 'i', 'е': 'e',
}

// testKeys folds by lower-casing; Ν, і and е are the look-alikes it knows, a
// zero width space is dropped.
func testKeys(token string) (folded, reduced string, traits uint8) {
	var f, r strings.Builder
	for _, c := range token {
		look, listed := testReduced[c]
		switch {
		case c == '\u200b':
			traits |= hidden
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
			look, listed = testReduced[c]
			traits |= asciiLetter
		case c >= 'a' && c <= 'z':
			traits |= asciiLetter
		case c < 0x80:
			traits |= substitute
		case listed:
			traits |= foreign
		default:
			traits |= other
		}
		f.WriteRune(c)
		if listed {
			c = look
		}
		r.WriteRune(c)
	}
	return f.String(), r.String(), traits
}

// testTokens cuts at everything that is no ASCII letter or digit, known
// look-alike or Han character; every Han character is a token.
func testTokens(s string) []Token {
	var out []Token
	gap, n := gapFirst, 0
	open := false
	for i, c := range s {
		size := int32(len(string(c)))
		isHan := c >= 0x4E00 && c <= 0x9FFF
		_, listed := testReduced[c]
		isWord := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || listed && c > 0x80 || open && c == '\u200b'
		switch {
		case isWord && open:
			out[len(out)-1].End += size
			out[len(out)-1].ASCII = out[len(out)-1].ASCII && c < 0x80
			out[len(out)-1].Digits = out[len(out)-1].Digits && c <= '9'
			continue
		case isWord || isHan:
			if n > 1 {
				gap |= gapMany
			}
			t := Token{Start: int32(i), End: int32(i) + size, Gap: gap, ASCII: c < 0x80, Digits: c <= '9'}
			if isHan {
				t.Script = han
			}
			out = append(out, t)
			open, gap, n = isWord, 0, 0
			continue
		}
		open = false
		n++
		gap |= testGap(c)
	}
	return out
}

func testGap(c rune) uint16 {
	switch {
	case c == ' ':
		return gapSpace
	case strings.ContainsRune("-'._", c):
		return gapSoft
	case c == '&':
		return gapAmp
	case strings.ContainsRune("*#?", c):
		return gapStar
	case strings.ContainsRune("@$!", c):
		return gapLeet
	case c == '\n':
		return gapStop
	case c > 0x1F000:
		return gapSymbol
	}
	return gapHard
}

func patternsOf(forms Forms, names ...string) []Pattern {
	var out []Pattern
	for _, n := range names {
		out = append(out, Pattern{Text: n, Tokens: testTokens(n), Forms: forms})
	}
	return out
}

func ordinaryOf(words ...string) func(string) bool {
	set := setOf(words)
	return func(w string) bool { return set[w] }
}
