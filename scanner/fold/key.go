package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the folded key of a token: case, width, compatibility forms
// and accents undone, invisible characters dropped. Accents are dropped after
// Latin, Greek and Cyrillic letters only; elsewhere they carry the meaning.
// Plain lower-case ASCII is returned as it is.
func Fold(token string) string {
	plain := true
	for i := range len(token) {
		c := token[i]
		if c >= utf8.RuneSelf {
			return foldUnicode(token)
		}
		if c >= 'A' && c <= 'Z' {
			plain = false
		}
	}
	if plain {
		return token
	}
	return strings.ToLower(token)
}

func foldUnicode(token string) string {
	if folded, ok := foldStable(token); ok {
		return folded
	}
	var b strings.Builder
	b.Grow(len(token))
	dropping := false
	for _, r := range norm.NFKD.String(token) {
		switch {
		case invisible(r):
			continue
		case unicode.Is(unicode.Mn, r):
			if dropping || arabicVowel(r) {
				continue
			}
			b.WriteRune(r)
			continue
		}
		if s := symbolLetter(r); s != 0 {
			r = rune(s)
		}
		dropping = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
		foldRune(&b, unicode.ToLower(r))
	}
	return norm.NFC.String(b.String())
}

// foldStable folds a token of letters that nothing decomposes or composes, the
// bulk of what is not ASCII, without the machinery of normalisation. ok is
// false for every other token.
func foldStable(token string) (folded string, ok bool) {
	var buf [64]byte
	out := buf[:0]
	for _, r := range token {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, asciiFolded[r])
		case latinBase(r) != 0:
			out = append(out, latinBase(r))
		case !stable(r):
			return "", false
		default:
			out = utf8.AppendRune(out, stableLower(r))
		}
	}
	if string(out) == token {
		return token, true
	}
	return string(out), true
}

// latinBases holds, for the Latin letters with accents that text is full of,
// the lower-case letter below the accents; 0 for every other character of the
// two ranges.
var latinBases = func() (t [2][0x190]byte) {
	for i, from := range latinRanges {
		for k := range t[i] {
			d := norm.NFKD.String(string(from + rune(k)))
			marks := strings.TrimLeft(d, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
			if len(d)-len(marks) == 1 && marks != "" && strings.TrimFunc(marks, accent) == "" {
				t[i][k] = asciiFolded[d[0]]
			}
		}
	}
	return t
}()

var latinRanges = [2]rune{0xC0, 0x1E00}

func accent(r rune) bool { return unicode.Is(unicode.Mn, r) && (r < 0x0334 || r > 0x0338) }

// latinBase returns the letter below the accents of r, 0 if r is no such letter.
func latinBase(r rune) byte {
	for i, from := range latinRanges {
		if k := r - from; k >= 0 && int(k) < len(latinBases[i]) {
			return latinBases[i][k]
		}
	}
	return 0
}

// stable tells whether r is a plain letter: no decomposition, no part in a
// composition with another stable letter, and no folding but its lower case.
func stable(r rune) bool {
	switch {
	case r >= 'А' && r <= 'я':
		return true // Й and й too: their breve is dropped, as any accent is
	case r >= 'Α' && r <= 'ω':
		return r != 'ς' && r != 0x03A2 && (r < 'Ϊ' || r > 'ΰ')
	case r >= 'א' && r <= 'ת':
		return true
	case r >= 'ا' && r <= 'ي':
		return r != 'ة' && r != 'ـ' && r != 'ى' && (r <= 'غ' || r >= 'ف')
	case r >= 'ぁ' && r <= 'ゖ', r >= 'ァ' && r <= 'ー' && r != '・':
		return true
	}
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3
}

// stableLower is the lower case of a stable letter.
func stableLower(r rune) rune {
	if r == 'Й' || r == 'й' {
		return 'и'
	}
	if r >= 'Α' && r <= 'Ω' || r >= 'А' && r <= 'Я' {
		return r + 32
	}
	return r
}

// foldRune writes the folding of a lower-case letter: letters that no
// decomposition takes apart, and the spelling variants of Arabic.
func foldRune(b *strings.Builder, r rune) {
	switch r {
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	case 'ø':
		b.WriteByte('o')
	case 'ł':
		b.WriteByte('l')
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'ı':
		b.WriteByte('i')
	case 'ς':
		b.WriteRune('σ')
	case 'ٱ':
		b.WriteRune('ا')
	case 'ى', 'ی':
		b.WriteRune('ي')
	case 'ة':
		b.WriteRune('ه')
	case 'ک':
		b.WriteRune('ك')
	case 'ـ': // tatweel only stretches
	default:
		b.WriteRune(r)
	}
}

// arabicVowel tells whether r is a short vowel sign or a hamza or madda that
// decomposition took off its letter; writers leave them out at will.
func arabicVowel(r rune) bool { return r >= 0x064B && r <= 0x0655 || r == 0x0670 }

// Shown gives the plain letters a text shows, capitals kept: compatibility forms
// undone, invisible characters and overlay marks left out.
func Shown(text string) string {
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		if invisible(r) || r >= 0x0300 && r < 0x0370 {
			return -1
		}
		return r
	}, text))
}

// symbolLetter returns the ASCII letter a pictured letter stands for (squared,
// negative squared, negative circled, regional indicator), or 0. Those have no
// compatibility mapping in Unicode. Circled and parenthesised letters have one
// and are let through as letters too.
func symbolLetter(r rune) byte {
	switch {
	case r >= 0x1F150 && r <= 0x1F169:
		return byte(r-0x1F150) + 'a'
	case r >= 0x1F170 && r <= 0x1F189:
		return byte(r-0x1F170) + 'a'
	case r >= 0x1F130 && r <= 0x1F149:
		return byte(r-0x1F130) + 'a'
	case r >= 0x24B6 && r <= 0x24CF:
		return byte(r-0x24B6) + 'a'
	case r >= 0x24D0 && r <= 0x24E9:
		return byte(r-0x24D0) + 'a'
	case r >= 0x249C && r <= 0x24B5:
		return byte(r-0x249C) + 'a'
	}
	return 0
}
