package table

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charset is how the bytes of a text file are to be read.
//
// All encodings but the wide ones keep ASCII bytes ASCII, so such a file is
// split first and decoded cell by cell: one cell saved in another encoding, or
// one broken byte, then damages nothing else, and positions in the file stay
// known. Wide ones (UTF-16, UTF-32) are turned into UTF-8 as a stream.
type charset struct {
	name     string
	enc      encoding.Encoding // nil for UTF-8
	wide     bool
	cut, end int  // bytes [cut,end) of the file are a byte order mark, to be left out
	guessed  bool // by scoring, not by a mark or by being valid UTF-8
	why      evidence
}

var (
	utf8Charset = charset{name: "UTF-8"}
	utf16LE     = charset{name: "UTF-16LE", enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), wide: true}
	utf16BE     = charset{name: "UTF-16BE", enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), wide: true}
	utf32LE     = charset{name: "UTF-32LE", enc: utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), wide: true}
	utf32BE     = charset{name: "UTF-32BE", enc: utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), wide: true}
)

// multibyte says whether a byte below 0x80 may be the tail of a character.
func (c *charset) multibyte() bool {
	return c.enc != nil && (c.name == gb18030.name || c.name == cp932.name || c.name == big5.name)
}

// boms are the byte order marks, longer ones before their own prefixes.
var boms = []struct {
	mark string
	set  charset
}{
	{"\x00\x00\xfe\xff", utf32BE},
	{"\xff\xfe\x00\x00", utf32LE},
	{"\xef\xbb\xbf", utf8Charset},
	{"\xff\xfe", utf16LE},
	{"\xfe\xff", utf16BE},
}

// detectCharset judges the first bytes of a file (head) together with windows
// taken further on; each window must start at a line start.
func detectCharset(head []byte, windows [][]byte) charset {
	if c, ok := markedCharset(head); ok {
		return c
	}
	if c, ok := wideByNULs(head); ok {
		return c
	}
	var valid, invalid int
	for _, w := range append([][]byte{head}, windows...) {
		v, n := countUTF8(w)
		valid, invalid = valid+v, invalid+n
	}
	c := utf8Charset
	if invalid > 0 && valid < 3*invalid {
		c = guessCharset(append([][]byte{head}, windows...)...)
	}
	c.cut, c.end = strayMark(head)
	return c
}

// markedCharset recognises a byte order mark at the very start.
func markedCharset(head []byte) (charset, bool) {
	for _, b := range boms {
		if !bytes.HasPrefix(head, []byte(b.mark)) {
			continue
		}
		c := b.set
		c.end = len(b.mark)
		for bytes.HasPrefix(head[c.end:], []byte(b.mark)) { // written twice by some tools
			c.end += len(b.mark)
		}
		return c, true
	}
	return charset{}, false
}

// strayMark finds a UTF-8 mark that other bytes were written before, and the
// blanks in front of it.
func strayMark(head []byte) (cut, end int) {
	i := bytes.Index(head[:min(len(head), 19)], []byte("\xef\xbb\xbf"))
	if i < 0 {
		return 0, 0
	}
	cut, end = i, i+3
	for cut > 0 && (head[cut-1] == '\t' || head[cut-1] == ' ') {
		cut--
	}
	return cut, end
}

// wideByNULs recognises UTF-16 and UTF-32 without a mark: the zero bytes of
// their ASCII characters all stand on the same side.
func wideByNULs(head []byte) (charset, bool) {
	head = head[:len(head)&^3]
	if bytes.IndexByte(head, 0) < 0 {
		return charset{}, false
	}
	var at [4]int
	for i, b := range head {
		if b == 0 {
			at[i&3]++
		}
	}
	quarter, even, odd := len(head)/4, at[0]+at[2], at[1]+at[3]
	switch {
	case even+odd < len(head)/50+1:
		return charset{}, false
	case at[1] > quarter*9/10 && at[2] > quarter*9/10 && at[3] > quarter*9/10:
		return utf32LE, true
	case at[0] > quarter*9/10 && at[1] > quarter*9/10 && at[2] > quarter*9/10:
		return utf32BE, true
	case odd > 10*even:
		return utf16LE, true
	case even > 10*odd:
		return utf16BE, true
	}
	return charset{}, false
}

// countUTF8 counts the multi-byte characters of b and the bytes that are no
// part of one; both are 0 when all of b is sound. Characters of three bytes
// and more count thrice: other encodings hardly give them by chance, but often
// give those of two. A character cut off at the end counts as neither.
func countUTF8(b []byte) (valid, invalid int) {
	if utf8.Valid(b) {
		return 0, 0 // the usual case, several times faster; the count matters only beside broken bytes
	}
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRune(b[i:])
		switch {
		case n > 2:
			valid += 3
		case n > 1:
			valid++
		case !utf8.FullRune(b[i:]):
			return valid, invalid
		default:
			invalid++
		}
		i += n
	}
	return valid, invalid
}

// decodeCell turns one cell of a file in this charset into UTF-8. replaced
// counts the characters that had to become U+FFFD; other names the encoding
// when the cell is plainly in another one than the file.
func (c *charset) decodeCell(b []byte) (text string, replaced int, other string) {
	if c.enc == nil {
		if utf8.Valid(b) {
			return string(b), 0, ""
		}
		return mendCell(b)
	}
	if plainlyUTF8(b) {
		return string(b), 0, utf8Charset.name
	}
	out, err := c.enc.NewDecoder().Bytes(b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\uFFFD"))
	}
	return string(out), bytes.Count(out, []byte("\uFFFD")), ""
}

// plainlyUTF8 says whether a cell of a file in another encoding is UTF-8: no
// byte out of place and two characters of three bytes or more, which other
// encodings hardly ever give by chance.
func plainlyUTF8(b []byte) bool {
	long := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return false
		}
		if n > 2 {
			long++
		}
		i += n
	}
	return long > 1
}

// mendCell reads a cell of a UTF-8 file that is not UTF-8: wholly in another
// encoding when it fits one well, else each broken byte becomes U+FFFD.
func mendCell(b []byte) (text string, replaced int, other string) {
	valid, invalid := countUTF8(b)
	if valid < invalid { // two-byte characters of GB 18030 may look like UTF-8 by chance
		c := guessCharset(b)
		_, oneByte := c.enc.(*charmap.Charmap)
		if oneByte && valid == 0 && c.why.fit >= 0.9 || !oneByte && c.why.bytes >= 4 && c.why.fit >= 0.8 {
			if out, err := c.enc.NewDecoder().Bytes(b); err == nil && !bytes.Contains(out, []byte("\uFFFD")) {
				return string(out), 0, c.name
			}
		}
	}
	var out []byte
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			replaced++
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return string(out), replaced, ""
}
