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
