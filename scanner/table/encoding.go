package table

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
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
}

var (
	utf8Charset = charset{name: "UTF-8"}
	utf16LE     = charset{name: "UTF-16LE", enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), wide: true}
	utf16BE     = charset{name: "UTF-16BE", enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), wide: true}
	utf32LE     = charset{name: "UTF-32LE", enc: utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), wide: true}
	utf32BE     = charset{name: "UTF-32BE", enc: utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), wide: true}
	gb18030     = charset{name: "GB18030", enc: simplifiedchinese.GB18030}
	cp932       = charset{name: "Shift_JIS", enc: japanese.ShiftJIS}
	cp1252      = charset{name: "windows-1252", enc: charmap.Windows1252}
	cp1251      = charset{name: "windows-1251", enc: charmap.Windows1251}
)

// multibyte says whether a byte below 0x80 may be the tail of a character.
func (c *charset) multibyte() bool {
	return c.enc != nil && (c.name == gb18030.name || c.name == cp932.name)
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
		c = legacyCharset(head, windows)
		c.guessed = true
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
// part of one; both are 0 when all of b is sound. A character cut off at the
// end counts as neither.
func countUTF8(b []byte) (valid, invalid int) {
	if utf8.Valid(b) {
		return 0, 0 // the usual case, several times faster; the count matters only beside broken bytes
	}
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r != utf8.RuneError || n > 1:
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

// legacyCharset scores the encodings that old tools and Excel write. The order
// settles a draw.
func legacyCharset(head []byte, windows [][]byte) charset {
	best, top := cp1252, 0.0
	for _, k := range []struct {
		set   charset
		score func([]byte) plausibility
	}{{gb18030, scoreGB}, {cp932, scoreJapanese}, {cp1252, scoreWestern}, {cp1251, scoreCyrillic}} {
		p := k.score(head)
		for _, w := range windows {
			q := k.score(w)
			p.good, p.total, p.bad = p.good+q.good, p.total+q.total, p.bad+q.bad
		}
		if v := p.value(); v > top {
			best, top = k.set, v
		}
	}
	return best
}

// plausibility is a tally over the bytes above 0x7F: those that read as
// frequent characters, all of them, and those that cannot be read.
type plausibility struct{ good, total, bad float64 }

func (p plausibility) value() float64 { return p.good / (p.total + 4*p.bad + 1) }

func inRange(b, lo, hi byte) bool { return b >= lo && b <= hi }

// scoreGB credits the 3,755 everyday characters (lead B0-D7) and full-width
// punctuation fully, the rarer ones of GB 2312 half.
func scoreGB(b []byte) (p plausibility) {
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if i+1 >= len(b) {
			break
		}
		lead, trail := b[i], b[i+1]
		switch {
		case !inRange(lead, 0x81, 0xFE) || trail < 0x30 || trail == 0x7F || trail == 0xFF || inRange(trail, 0x3A, 0x3F):
			p.bad++
			continue
		case trail <= 0x39:
			p.total += 4
			i += 3
			continue
		case trail >= 0xA1 && (inRange(lead, 0xB0, 0xD7) || inRange(lead, 0xA1, 0xA3)):
			p.good += 2
		case trail >= 0xA1 && inRange(lead, 0xD8, 0xF7):
			p.good++
		}
		p.total += 2
		i++
	}
	return p
}

// scoreJapanese credits kana and first-level kanji fully; half-width katakana
// little, because any high byte reads as one.
func scoreJapanese(b []byte) (p plausibility) {
	kana := 0
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		if inRange(lead, 0xA1, 0xDF) {
			p.total, p.good = p.total+1, p.good+0.3
			continue
		}
		if i+1 >= len(b) {
			break
		}
		trail := b[i+1]
		if lead == 0x80 || lead == 0xA0 || lead > 0xFC || trail < 0x40 || trail == 0x7F || trail > 0xFC {
			p.bad++
			continue
		}
		if inRange(lead, 0x82, 0x83) {
			kana++
		}
		if inRange(lead, 0x81, 0x83) || inRange(lead, 0x88, 0x97) {
			p.good += 2
		}
		p.total += 2
		i++
	}
	if kana == 0 { // no Japanese sentence does without
		p.good /= 4
	}
	return p
}

// scoreWestern credits a lone accented letter beside ASCII and the signs that
// Western sellers type; runs of high bytes are another script.
func scoreWestern(b []byte) (p plausibility) {
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		alone := (i == 0 || b[i-1] < 0x80) && (i+1 == len(b) || b[i+1] < 0x80)
		p.total++
		switch {
		case bytes.IndexByte([]byte{0x81, 0x8D, 0x8F, 0x90, 0x9D}, c) >= 0:
			p.bad++
		case alone && c >= 0xC0 && c != 0xD7 && c != 0xF7:
			p.good++
		case alone:
			p.good += 0.9
		case c >= 0xC0:
			p.good += 0.3
		}
	}
	return p
}

// scoreCyrillic credits lower-case letters, and capitals that do not follow a
// lower-case one.
func scoreCyrillic(b []byte) (p plausibility) {
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		beside := i > 0 && b[i-1] >= 0xC0 || i+1 < len(b) && b[i+1] >= 0xC0
		p.total++
		switch {
		case c == 0x98:
			p.bad++
		case c >= 0xE0 && beside:
			p.good++
		case c >= 0xC0 && beside && (i == 0 || b[i-1] < 0xE0):
			p.good++
		}
	}
	return p
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

// mendCell reads a cell of a UTF-8 file that is not UTF-8: wholly Chinese or
// with lone Western letters when nothing else fits, else each broken byte
// becomes U+FFFD.
func mendCell(b []byte) (text string, replaced int, other string) {
	valid, invalid := countUTF8(b)
	if valid < invalid { // two-byte characters of GB 18030 may look like UTF-8 by chance
		if p := scoreGB(b); p.bad == 0 && p.total >= 4 && p.good >= 0.8*p.total {
			if out, err := gb18030.enc.NewDecoder().Bytes(b); err == nil && !bytes.Contains(out, []byte("\uFFFD")) {
				return string(out), 0, gb18030.name
			}
		}
		if p := scoreWestern(b); valid == 0 && p.bad == 0 && p.good >= 0.9*p.total {
			if out, err := cp1252.enc.NewDecoder().Bytes(b); err == nil {
				return string(out), 0, cp1252.name
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
