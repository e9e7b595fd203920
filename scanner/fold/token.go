package fold

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// Script is the coarse script of a token. Words of the alphabetic scripts are
// whole tokens; scripts written without spaces give one token per character
// (Han, kana, Hangul) or per grapheme cluster (Thai and its neighbours), so
// that a name inside a run is a phrase of small tokens.
type Script = uint8

// The scripts.
const (
	Word Script = iota // letters and digits of an alphabet, digits
	Han
	Kana
	Hangul
	Thai
)

// Gap describes what stands between a token and the one before it.
type Gap = uint16

// The parts of a gap. Tokens that touch have gap 0.
const (
	GapSpace  Gap = 1 << iota // white space within a line
	GapSoft                   // - ' . _ and other marks that join names
	GapAmp                    // & or +
	GapHard                   // , ; : / | ( ) and other marks between names
	GapStop                   // end of a sentence or line
	GapStar                   // * and other masks
	GapSymbol                 // emoji, dingbats and the like
	GapLeet                   // @ $ ! and other symbols that can stand for a letter
	GapMany                   // more than one character
	GapHash                   // a # right before the token
	GapQuote                  // quotation marks
	GapFirst                  // before the first token
)

// Token is one unit of a text: bytes [Start, End) of Text.Seen. It is an
// unnamed shape on purpose: the matcher, which knows nothing of this package,
// spells out the same shape and takes a []Token without copying.
type Token = struct {
	Start, End int32
	Script     uint8
	ASCII      bool   // only ASCII letters and digits
	Digits     bool   // only digits
	Gap        uint16 // what stands before it
}

// class of an ASCII byte: 1 letter or digit, 2 white space, 3 other.
var asciiClass [128]uint8

// gapOfASCII says what an ASCII byte between tokens means.
var gapOfASCII [128]Gap

func init() {
	for c := range 128 {
		b := byte(c)
		switch {
		case isASCIILetter(b) || b >= '0' && b <= '9':
			asciiClass[c] = 1
		case b == '\n' || b == '\r':
			gapOfASCII[c] = GapStop
		case b <= ' ' || b == 127:
			gapOfASCII[c] = GapSpace
		default:
			gapOfASCII[c] = GapHard
		}
	}
	for _, b := range "-'._`" {
		gapOfASCII[b] = GapSoft
	}
	for _, b := range "&+" {
		gapOfASCII[b] = GapAmp
	}
	for _, b := range "*#?" {
		gapOfASCII[b] = GapStar
	}
	for _, b := range "@$!|" {
		gapOfASCII[b] = GapLeet
	}
	gapOfASCII['"'] = GapQuote
	gapOfASCII['\f'] = GapFirst | GapStop
}

// Tokens appends the tokens of seen to dst and returns it. It allocates only
// when dst is too small.
func Tokens(dst []Token, seen string) []Token {
	gap, gapLen := GapFirst, 0
	for i := 0; i < len(seen); {
		c := seen[i]
		if c < utf8.RuneSelf {
			if asciiClass[c] != 1 {
				gap |= gapOfASCII[c]
				if c == '#' {
					gap |= GapHash
				}
				if c == '.' || c == '!' || c == '?' {
					gap |= stopAfter(seen, i+1)
				}
				i++
				gapLen++
				continue
			}
			end, digits := asciiWord(seen, i)
			if end == len(seen) || seen[end] < utf8.RuneSelf || tokenEnd(seen, end-1, Word) == end {
				dst = append(dst, Token{Start: int32(i), End: int32(end), ASCII: true, Digits: digits, Gap: many(gap, gapLen)})
				i, gap, gapLen = end, 0, 0
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(seen[i:])
		script, ok := scriptOf(r)
		if !ok {
			gap |= gapOfRune(r)
			i += size
			gapLen++
			continue
		}
		end := tokenEnd(seen, i, script)
		t := Token{Start: int32(i), End: int32(end), Script: script, Gap: many(gap, gapLen)}
		dst = append(dst, t)
		i, gap, gapLen = end, 0, 0
	}
	return dst
}

func many(g Gap, n int) Gap {
	if n > 1 {
		g |= GapMany
	}
	return g
}

// stopAfter says whether the text after a full stop begins a new sentence.
func stopAfter(s string, i int) Gap {
	if i >= len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '\r' || s[i] == '<' {
		return GapStop
	}
	return 0
}

// asciiWord returns the end of the run of ASCII letters and digits that starts
// at i, and whether it holds digits only. It looks at eight bytes at a time:
// a text has more letters than anything else.
func asciiWord(s string, i int) (end int, digits bool) {
	digits = true
	for {
		block, n := eightAt(s, i)
		stops, letters := classify(block)
		if stops != 0 {
			stop := bits.TrailingZeros64(stops) / 8
			return i + stop, digits && letters&(1<<(8*stop)-1) == 0
		}
		digits = digits && letters == 0
		i += n
	}
}

// eightAt packs the n bytes of s from i on, at most eight; zeros fill up.
func eightAt(s string, i int) (block uint64, n int) {
	switch {
	case i+8 <= len(s):
		return eightBytes(s[i:]), 8
	case len(s) >= 8:
		return eightBytes(s[len(s)-8:]) >> (8 * (i + 8 - len(s))), len(s) - i
	}
	for k := len(s) - 1; k >= i; k-- {
		block = block<<8 | uint64(s[k])
	}
	return block, len(s) - i
}

func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// classify marks, by the highest bit of each byte, what is no ASCII letter or
// digit (stops) and what is a letter. A sum of two bytes below 128 carries into
// nothing but its own highest bit: b+(128-'a') has it set exactly if b >= 'a'.
func classify(block uint64) (stops, letters uint64) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	b := block &^ highs
	l := b | 0x20*ones
	letters = (l + (0x80-'a')*ones) &^ (l + (0x7F-'z')*ones) &^ block & highs
	digits := (b + (0x80-'0')*ones) &^ (b + (0x7F-'9')*ones) &^ block & highs
	return ^(letters | digits) & highs, letters
}

// tokenEnd returns the end of the token of the given script starting at i.
func tokenEnd(s string, i int, script Script) int {
	_, size := utf8.DecodeRuneInString(s[i:])
	j := i + size
	if script != Word {
		for j < len(s) { // combining marks and invisible characters stay with their base
			r, n := utf8.DecodeRuneInString(s[j:])
			if !unicode.Is(unicode.M, r) && !(invisible(r) && continues(s[j+n:], script)) {
				break
			}
			j += n
		}
		return j
	}
	end := j
	for j < len(s) {
		r, n := utf8.DecodeRuneInString(s[j:])
		if sc, ok := scriptOf(r); ok && sc == Word {
			j += n
			end = j
		} else if unicode.Is(unicode.M, r) {
			j += n
			end = j
		} else if invisible(r) {
			j += n
		} else {
			break
		}
	}
	return end
}

// continues tells whether s starts with a token character of script.
func continues(s string, script Script) bool {
	r, _ := utf8.DecodeRuneInString(s)
	sc, ok := scriptOf(r)
	return ok && sc == script
}

// scriptOf tells whether r belongs to a token, and of which script.
func scriptOf(r rune) (Script, bool) {
	switch {
	case r < 0x0E00:
		return Word, unicode.IsLetter(r) || unicode.IsDigit(r) || r == '²' || r == '³'
	case r < 0x1100:
		if r < 0x0F00 || r >= 0x1000 && r < 0x10A0 {
			return Thai, unicode.IsLetter(r) || unicode.IsDigit(r)
		}
	case r >= 0x3041 && r <= 0x30FF || r >= 0xFF66 && r <= 0xFF9F || r >= 0x31F0 && r <= 0x31FF:
		return Kana, r != '・' && r != '゠'
	case r >= 0xAC00 && r <= 0xD7A3 || r >= 0x1100 && r <= 0x11FF || r >= 0x3130 && r <= 0x318F:
		return Hangul, true
	case r >= 0x2E80 && r <= 0x2FDF || r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x323AF || r == '々' || r == '〇':
		return Han, true
	case r >= 0x17_80 && r < 0x1800:
		return Thai, unicode.IsLetter(r)
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return Word, true
	}
	return Word, symbolLetter(r) != 0
}

func gapOfRune(r rune) Gap {
	switch r {
	case '’', '‘', 'ʼ', '′', '·', '•', '‐', '‑', '‒', '–', '®', '™', '©', '℠', '・', '．', '－', '＿', '゠':
		return GapSoft
	case '＆', '＋':
		return GapAmp
	case '＊', '∗', '⁎', '●', '○', '■', '□', '▪', '×', '✱', '✲', '✳':
		return GapStar
	case '“', '”', '«', '»', '„', '「', '」', '『', '』', '《', '》', '〈', '〉':
		return GapQuote
	case '。', '！', '？', '\u2028', '\u2029', '\u0085', '｡':
		return GapStop
	case '€', '£', '¡', '＠', '＄', '¢':
		return GapLeet
	case '，', '、', '；', '：', '（', '）', '【', '】', '｜', '—', '／', '،', '؛':
		return GapHard
	}
	switch {
	case invisible(r):
		return 0
	case unicode.IsSpace(r):
		return GapSpace
	case unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r), unicode.Is(unicode.M, r):
		return GapSymbol
	}
	return GapHard
}

// invisible tells whether r draws nothing: default-ignorable code points that
// occur inside words (zero width space and joiners, soft hyphen, variation
// selectors, direction marks, tags). Source: DerivedCoreProperties.txt,
// Default_Ignorable_Code_Point.
func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r == 0xAD, r == 0x034F, r == 0x061C, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x3164, r == 0xFEFF, r == 0xFFA0:
		return true
	}
	return r >= 0x180B && r <= 0x180F || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E ||
		r >= 0x2060 && r <= 0x206F || r >= 0xFE00 && r <= 0xFE0F || r >= 0xFFF0 && r <= 0xFFF8 || r >= 0xE0000 && r <= 0xE0FFF
}
