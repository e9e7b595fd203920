package table

import "bytes"

// Nearly every cell of a real sheet is written in one of a few ways:
//
//	<c r="B2" s="4"/>
//	<c r="B2" s="4" t="s"><v>17</v></c>
//	<c r="B2" t="inlineStr"><is><t xml:space="preserve">text</t></is></c>
//
// Reading these as a whole takes a third of the time of reading them tag by
// tag. Whatever looks different in any way, or is cut off by the end of the
// buffer, is left to the scanner; both ways give the same cells, which
// FuzzXLSX watches over.

var (
	valueOpen   = []byte("<v>")
	valueClose  = []byte("</v></c>")
	cellClose   = []byte("</c>")
	inlineOpen  = []byte("<is><t")
	inlineClose = []byte("</t></is></c>")
	spaceKept   = []byte(` xml:space="preserve">`)
	itemOpen    = []byte("<si><t")
	itemClose   = []byte("</t></si>")
)

// quickCell reads the cell that starts at the scanner's position, if it is one
// of the usual ones; done is false when nothing was read.
func (s *sheetReader) quickCell() (done bool, err error) {
	b := s.x.buf[s.x.pos:]
	col := s.col
	kind, style, i := quickAttrs(b, &col)
	if i < 0 || col >= maxColumns {
		return false, nil
	}
	if b[i-2] == '/' {
		s.col, s.x.pos = col, s.x.pos+i
		return true, nil
	}
	text, inline, n := quickValue(b[i:])
	if n < 0 || len(text) > s.w.max || 2*len(s.buf) > s.w.max {
		return false, nil
	}
	s.col, s.x.pos = col, s.x.pos+i+n
	start := len(s.buf)
	switch {
	case inline:
		s.buf = unescapeExcel(appendXMLText(s.buf, text, false), start)
	case len(text) > 0:
		s.x.text, s.x.cdata = text, false
		if err := s.content(valueKind(kind), style); err != nil {
			return true, err
		}
	}
	if len(s.buf) > start {
		s.filled = append(s.filled, filledCell{col: col, start: start, end: len(s.buf)})
		s.width = max(s.width, col+1)
	}
	return true, nil
}

// quickAttrs reads a tag <c ...> at the start of b and returns where it ends,
// -1 if it is none or has other attributes than r, s and t. A closed one ends
// in "/>".
func quickAttrs(b []byte, col *int) (kind []byte, style, end int) {
	if len(b) < 4 || b[0] != '<' || b[1] != 'c' {
		return nil, 0, -1
	}
	*col++
	for i := 2; i+5 < len(b); {
		switch {
		case b[i] == '>':
			return kind, style, i + 1
		case b[i] == '/' && b[i+1] == '>':
			return kind, style, i + 2
		case b[i] != ' ' || b[i+2] != '=' || b[i+3] != '"':
			return nil, 0, -1
		}
		v := b[i+4:]
		n := 0
		for n < len(v) && n < 24 && v[n] != '"' {
			n++
		}
		if n == len(v) || n == 24 {
			return nil, 0, -1
		}
		switch v = v[:n]; b[i+1] {
		case 'r':
			if c := columnOf(v); c >= 0 {
				*col = c
			}
		case 's':
			if style = digits(v); style < 0 {
				return nil, 0, -1
			}
		case 't':
			kind = v
		default:
			return nil, 0, -1
		}
		i += 5 + n
	}
	return nil, 0, -1
}

// digits returns the value of up to nine digits, -1 for anything else.
func digits(b []byte) (n int) {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// quickValue reads what follows the start tag of a cell up to the cell's end
// tag and returns the raw text and where the tag ends, -1 for what is unusual.
func quickValue(b []byte) (text []byte, inline bool, end int) {
	switch {
	case bytes.HasPrefix(b, valueOpen):
		n := bytes.IndexByte(b[3:], '<')
		if n >= 0 && bytes.HasPrefix(b[3+n:], valueClose) {
			return b[3 : 3+n], false, 3 + n + len(valueClose)
		}
	case bytes.HasPrefix(b, inlineOpen):
		if text, n := quickText(b[len(inlineOpen):], inlineClose); n >= 0 {
			return text, true, len(inlineOpen) + n
		}
	case bytes.HasPrefix(b, cellClose):
		return nil, false, len(cellClose)
	}
	return nil, false, -1
}

// quickText reads the rest of a tag <t> and its text, which end must follow.
func quickText(b, end []byte) (text []byte, next int) {
	start := 1
	if bytes.HasPrefix(b, spaceKept) {
		start = len(spaceKept)
	} else if len(b) == 0 || b[0] != '>' {
		return nil, -1
	}
	n := bytes.IndexByte(b[start:], '<')
	if n < 0 || !bytes.HasPrefix(b[start+n:], end) {
		return nil, -1
	}
	return b[start : start+n], start + n + len(end)
}
