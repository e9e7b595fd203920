package rules

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// listText turns the bytes of a list into text. Packs must be UTF-8, because
// somebody writes them by hand; a list is what a spreadsheet or an ERP saved, so
// other encodings are guessed and the guess is told by a warning.
func listText(file string, data []byte, warn func(Warning)) (string, *Error) {
	if !isUTF16(data) {
		if decoded, name := guessed(data); name != "" {
			warn(Warning{Pos: Pos{File: file, Line: 1}, Check: "encoding", Text: "this list is not UTF-8 and is read as " + name + sample(decoded)})
			data = decoded
		}
	}
	return plainText(file, data)
}

// guessed decodes data that is no UTF-8; name is "" when it is, or when nothing fits.
func guessed(data []byte) (decoded []byte, name string) {
	if decoded, name = bareUTF16(data); name != "" {
		return decoded, name
	}
	if firstInvalid(data) < 0 {
		return nil, ""
	}
	for _, try := range []struct {
		name string
		enc  encoding.Encoding
		fits func(data, decoded []byte) bool
	}{
		{"GB18030", simplifiedchinese.GB18030, looksChinese},
		{"Shift_JIS", japanese.ShiftJIS, looksJapanese},
		{"windows-1251", charmap.Windows1251, looksRussian},
		{"windows-1252", charmap.Windows1252, looksLatin},
	} {
		decoded, err := try.enc.NewDecoder().Bytes(data)
		if err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) && try.fits(data, decoded) {
			return decoded, try.name
		}
	}
	return nil, ""
}

// bareUTF16 decodes UTF-16 without a byte order mark, which shows by the zero
// byte of each Latin letter, comma and line end.
func bareUTF16(data []byte) ([]byte, string) {
	if len(data) < 8 || len(data)%2 != 0 {
		return nil, ""
	}
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	mark, name := []byte{0xff, 0xfe}, "UTF-16 (little-endian)"
	if zeros[0] > zeros[1] {
		mark, name = []byte{0xfe, 0xff}, "UTF-16 (big-endian)"
	}
	if most := max(zeros[0], zeros[1]); most == 0 || most*20 < len(data) || min(zeros[0], zeros[1]) > 0 {
		return nil, ""
	}
	decoded, err := decodeUTF16(append(mark, data...))
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return nil, ""
	}
	return decoded, name
}

// looksChinese tells whether text read as GB18030 is Chinese. Common Chinese
// characters and signs are written with two high bytes in it; other encodings
// read this way give pairs with a low second byte, or letters no list has.
func looksChinese(data, _ []byte) bool {
	common, pairs := 0, 0
	for i := 0; i < len(data); i++ {
		if data[i] < 0x80 {
			continue
		}
		pairs++
		if i+1 < len(data) {
			lead, trail := data[i], data[i+1]
			if trail >= 0xa1 && (lead >= 0xb0 && lead <= 0xf7 || lead == 0xa1 || lead == 0xa3) {
				common++
			}
		}
		i++
	}
	return pairs > 0 && common*10 >= pairs*9
}

// share gives how many in a hundred of the non-ASCII runes of text fit.
func share(text []byte, fits func(rune) bool) int {
	all, fit := 0, 0
	for _, r := range string(text) {
		if r >= 0x80 {
			all++
			if fits(r) {
				fit++
			}
		}
	}
	return 100 * fit / max(all, 1)
}

// looksJapanese asks for kana, which no other reading of the bytes yields so often.
func looksJapanese(_, decoded []byte) bool {
	return share(decoded, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) && r < 0xff00 }) >= 25
}

// looksRussian asks for words of Cyrillic letters, against the single accented
// letters of Latin text.
func looksRussian(_, decoded []byte) bool {
	letters, inWords := 0, 0
	for _, word := range strings.FieldsFunc(string(decoded), func(r rune) bool { return !unicode.IsLetter(r) }) {
		cyrillic := 0
		for _, r := range word {
			if unicode.Is(unicode.Cyrillic, r) {
				cyrillic++
			}
		}
		letters += cyrillic
		if cyrillic == utf8.RuneCountInString(word) && cyrillic > 2 {
			inWords += cyrillic
		}
	}
	return letters > 0 && inWords*10 >= letters*7
}

// looksLatin asks for accented letters and the signs of typography.
func looksLatin(_, decoded []byte) bool {
	return share(decoded, func(r rune) bool {
		return unicode.Is(unicode.Latin, r) || strings.ContainsRune("™®©’‘“”–—…·°€£«»", r)
	}) >= 90
}

// sample shows the first decoded word that is not ASCII, so that a wrong guess is seen.
func sample(decoded []byte) string {
	for _, word := range strings.FieldsFunc(string(decoded), func(r rune) bool { return strings.ContainsRune(",;\t\r\n|\"", r) }) {
		if strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 }) >= 0 {
			return fmt.Sprintf(" (%q)", shorten(strings.TrimSpace(word)))
		}
	}
	return ""
}
