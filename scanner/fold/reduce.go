package fold

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// Two tables: Unicode's own, made for identifiers, and ours, which knows the
// swaps that people make in running text (к, м, н for their Latin twins).
var (
	//go:embed confusable.txt
	confusableTable string
	//go:embed lookalike.txt
	lookalikeTable string
)

// lookalike maps a letter of another script to the ASCII letter it looks like.
var lookalike = readLookalikes(confusableTable + lookalikeTable)

// lowLookalike is the part of lookalike that text is full of.
var lowLookalike = func() (low [0x600]byte) {
	for r, c := range lookalike {
		if r < rune(len(low)) {
			low[r] = c
		}
	}
	return low
}()

func readLookalikes(tables string) map[rune]byte {
	m := make(map[rune]byte, 512)
	for line := range strings.Lines(tables) {
		letter, looks, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || len(letter) != 1 {
			continue
		}
		for _, s := range strings.Fields(looks) {
			r, _ := utf8.DecodeRuneInString(s)
			m[r] = letter[0]
		}
	}
	return m
}

// Traits say what is unusual about the characters of a token.
type Traits uint8

// The traits.
const (
	Foreign     Traits = 1 << iota // a letter of another script that looks like an ASCII letter
	ASCIILetter                    // an ASCII letter, or a compatibility form of one
	Hidden                         // an invisible character or an overlay mark inside
	Substitute                     // a digit or symbol that can stand for a letter
	Pictured                       // squared, circled or otherwise pictured letters
	Compat                         // fullwidth, mathematical and other compatibility forms, accents
	Other                          // a letter with no ASCII look-alike
)

// class maps an ASCII byte to the representative of its look-alike class, or
// to itself. Digits and symbols that stand for letters share a class with
// them, so that NIKE, nlke and N1ke reduce to one key.
func class(c byte) byte {
	switch c {
	case 'l', '1', '|', '!':
		return 'i'
	case '0':
		return 'o'
	case '5', '$':
		return 's'
	case '4', '@':
		return 'a'
	case '3':
		return 'e'
	case '7', '+':
		return 't'
	case '8':
		return 'b'
	case '9':
		return 'g'
	}
	return c
}

// Reduce returns the reduced key of a token, taken from its original
// characters (lower-casing first would turn the Greek capital nu into a v),
// and the traits met on the way.
func Reduce(token string) (string, Traits) {
	var buf [64]byte
	out := buf[:0]
	var traits Traits
	for _, r := range decomposed(token) {
		c, t := asciiLike(r)
		traits |= t
		switch {
		case c != 0:
			out = append(out, class(c))
		case t&(Hidden|Compat) == 0:
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
	}
	for i := range len(token) {
		if token[i] >= utf8.RuneSelf && traits&(Foreign|Other) == 0 {
			traits |= Compat
			break
		}
	}
	return string(out), traits
}

// decomposed takes the characters of a token apart; syllables of kana and
// Hangul stay whole, because nothing looks like their parts.
func decomposed(token string) string {
	for _, r := range token {
		if r >= utf8.RuneSelf && latinBase(r) == 0 && (!stable(r) || r == 'Й' || r == 'й') {
			return takeApart(token)
		}
	}
	return token
}

// takeApart is the compatibility decomposition, but for the lunate sigma: it
// looks like a c and decomposes to a sigma, which does not.
func takeApart(token string) string {
	i := strings.IndexFunc(token, lunateSigma)
	if i < 0 {
		return norm.NFKD.String(token)
	}
	_, size := utf8.DecodeRuneInString(token[i:])
	return norm.NFKD.String(token[:i]) + token[i:i+size] + takeApart(token[i+size:])
}

func lunateSigma(r rune) bool { return r == 'ϲ' || r == 'Ϲ' }

// asciiLike returns the lower-case ASCII character r reads as, or 0, and the
// trait r adds. Marks that are dropped give 0 with Hidden or Compat.
func asciiLike(r rune) (byte, Traits) {
	switch {
	case r < utf8.RuneSelf:
		return asciiTrait(byte(r))
	case r < rune(len(lowLookalike)) && lowLookalike[r] != 0:
		return lowLookalike[r], Foreign
	case stable(r):
		return 0, Other
	case latinBase(r) != 0:
		return latinBase(r), ASCIILetter | Compat
	case invisible(r), r >= 0x0334 && r <= 0x0338, r == 0x20D2, r == 0x20D3, r == 0x20E5, r == 0x20E6:
		return 0, Hidden
	case unicode.Is(unicode.Mn, r):
		return 0, Compat
	case r == '€':
		return 'e', Substitute
	case r == '¡':
		return 'i', Substitute
	case r == '¢':
		return 'c', Substitute
	}
	if s := symbolLetter(r); s != 0 {
		return s, Pictured | ASCIILetter
	}
	if c := lookalike[r]; c != 0 {
		return c, Foreign
	}
	return 0, Other
}

func asciiTrait(c byte) (byte, Traits) {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	if c >= 'a' && c <= 'z' {
		return c, ASCIILetter
	}
	return c, Substitute
}

// Keys returns both keys of a token and its traits. Plain lower-case ASCII
// words allocate at most the reduced key.
func Keys(token string) (folded, reduced string, traits uint8) {
	for i := range len(token) {
		if token[i] >= utf8.RuneSelf {
			if isHan(token) {
				return token, token, uint8(Other)
			}
			reduced, t := Reduce(token)
			return Fold(token), reduced, uint8(t)
		}
	}
	return asciiKeys(token)
}

// isHan tells whether token is a plain Han character, which is its own key.
func isHan(token string) bool {
	r, size := utf8.DecodeRuneInString(token)
	return size == len(token) && r >= 0x4E00 && r <= 0x9FFF
}

// What an ASCII byte is in either key, and its trait.
var asciiFolded, asciiReduced, asciiTraits = asciiTables()

func asciiTables() (folded, reduced, traits [128]uint8) {
	for c := range byte(128) {
		f, t := asciiTrait(c)
		folded[c], reduced[c], traits[c] = f, class(f), uint8(t)
	}
	return folded, reduced, traits
}

// asciiKeys makes the keys of an ASCII token; where one equals the token or
// the other key, it is the same string.
func asciiKeys(token string) (folded, reduced string, traits uint8) {
	var buf [2 * 64]byte
	f, r := buf[:0:64], buf[64:64]
	same := true
	for i := range len(token) {
		c := token[i] & 127
		f, r = append(f, asciiFolded[c]), append(r, asciiReduced[c])
		same = same && asciiFolded[c] == asciiReduced[c]
		traits |= asciiTraits[c]
	}
	folded = token
	if string(f) != token {
		folded = string(f)
	}
	if same {
		return folded, folded, traits
	}
	return folded, string(r), traits
}

// Squeeze makes every run of one character in a key a single character.
func Squeeze(key string) string {
	var last rune = -1
	return strings.Map(func(r rune) rune {
		if r == last {
			return -1
		}
		last = r
		return r
	}, key)
}

// Steps tells in words how the characters of text were read as target (a
// folded key): one step per character that is not plainly the letter it
// stands for, in order, e.g. "Ν GREEK CAPITAL LETTER NU -> n".
func Steps(text, target string) []string {
	var steps []string
	j := 0
	for _, r := range text {
		want := byte(0)
		if j < len(target) {
			want = target[j]
		}
		step, took := stepOf(r, want)
		if step != "" {
			steps = append(steps, step)
		}
		if took {
			j++
		}
	}
	return steps
}

// stepOf explains one character; took tells whether it uses up a letter of the target.
func stepOf(r rune, want byte) (step string, took bool) {
	if invisible(r) || r >= 0x0300 && r < 0x0370 {
		return codePoint(r) + " dropped", false
	}
	if r < utf8.RuneSelf {
		c, t := asciiTrait(byte(r))
		switch {
		case c == want:
			return "", true
		case class(c) == class(want) && want != 0:
			return string(r) + " -> " + string(rune(want)), true
		case t == ASCIILetter:
			return "", c == want
		}
		return string(r) + " dropped", false
	}
	read, _ := asciiLike(r)
	if d := norm.NFKD.String(string(r)); read == 0 && d != string(r) {
		first, _ := utf8.DecodeRuneInString(d)
		read, _ = asciiLike(first)
	}
	if read == 0 {
		return codePoint(r) + " dropped", false
	}
	return string(r) + " " + runenames.Name(r) + " -> " + string(rune(read)), true
}

func codePoint(r rune) string {
	name := runenames.Name(r)
	if unicode.IsPrint(r) {
		return string(r) + " " + name
	}
	return name
}
