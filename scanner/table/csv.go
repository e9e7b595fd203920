package table

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// A record is split in one pass without copying: cells are byte ranges of the
// input. The splitter accepts what real exports hold beyond RFC 4180 (blanks
// after a closing quote, quotes inside a plain cell) and counts what it had to
// forgive, so that the reader above it can tell a sound record from one that
// needs repair (repair.go).

// dialect is how a text file separates rows and cells.
type dialect struct {
	delim byte
	quote bool // quotes group cells; false: a quote is a letter like any other
	cr    bool // a lone CR ends a row; else it is part of its cell
	width int  // cells the table's rows usually have, 0 if unknown
}

// rawCell is the byte range of one cell in the buffer, quotes left out.
type rawCell struct {
	start, end int
	quoted     bool
	doubled    bool // holds "" for "
}

// rawRecord is one split record.
type rawRecord struct {
	cells []rawCell
	end   int  // where its last cell ends, quote included
	next  int  // where the next record starts
	stray int  // quotes standing where none may, taken as text
	open  bool // the last cell's quote is never closed, or not for very long
	plain bool // one line without a quote
}

// split states: the cell ended, the record ended, or the input is too short.
const (
	cellEnd = iota
	recordEnd
	needMore
)

// maxStray is how many quotes in the wrong place a record may have before it
// counts as open: without it each of many open quotes would be followed to the
// end of the file.
const maxStray = 64

// split reads the record at the start of b into r. It reports false when b
// ends before the record does and more input may follow.
func (d *dialect) split(b []byte, eof bool, r *rawRecord) bool {
	r.cells, r.stray, r.open, r.plain = r.cells[:0], 0, false, false
	if line, next, ok := d.plainLine(b, eof); ok {
		r.plain, r.next = true, next
		d.splitLine(line, r)
		return true
	}
	for i := 0; ; {
		var state int
		if q := d.quoteAt(b, i); q >= 0 {
			i, state = d.quotedCell(b, q, eof, r)
		} else {
			i, state = d.plainCell(b, i, eof, r)
		}
		switch state {
		case needMore:
			return false
		case recordEnd:
			r.next = i
			return true
		}
	}
}

// plainLine returns the first line of b without its LF if quotes and lone CRs
// do not matter in it.
func (d *dialect) plainLine(b []byte, eof bool) (line []byte, next int, ok bool) {
	n := bytes.IndexByte(b, '\n')
	switch {
	case n >= 0:
		line, next = b[:n], n+1
	case eof:
		line, next = b, len(b)
	default:
		return nil, 0, false
	}
	if d.quote && bytes.IndexByte(line, '"') >= 0 || d.cr && bytes.IndexByte(line, '\r') >= 0 {
		return nil, 0, false
	}
	return line, next, true
}

const (
	eachByte = 0x0101010101010101 // times a byte: eight of it
	lowBits  = 0x7f7f7f7f7f7f7f7f
)

// splitLine cuts a line at every delimiter, looking at eight bytes at a time.
func (d *dialect) splitLine(line []byte, r *rawRecord) {
	start, i := 0, 0
	want := uint64(d.delim) * eachByte
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:]) ^ want
		found := ^((x&lowBits + lowBits) | x | lowBits) // the top bit of each byte that is the delimiter
		for ; found != 0; found &= found - 1 {
			end := i + bits.TrailingZeros64(found)/8
			r.cells = append(r.cells, rawCell{start: start, end: end})
			start = end + 1
		}
	}
	for ; i < len(line); i++ {
		if line[i] == d.delim {
			r.cells = append(r.cells, rawCell{start: start, end: i})
			start = i + 1
		}
	}
	r.add(line, rawCell{start: start, end: len(line)})
}

// quoteAt returns where the quote opening the cell at i stands, -1 if the cell
// is plain. Blanks before it are skipped when a quote that ends a cell follows
// on the same line.
func (d *dialect) quoteAt(b []byte, i int) int {
	if !d.quote || i >= len(b) {
		return -1
	}
	if b[i] == '"' {
		return i
	}
	if b[i] != ' ' {
		return -1
	}
	q := i
	for q < len(b) && b[q] == ' ' {
		q++
	}
	if q == len(b) || b[q] != '"' {
		return -1
	}
	for p := q + 1; p < len(b) && b[p] != '\n'; p++ {
		if b[p] != '"' {
			continue
		}
		if p+1 < len(b) && b[p+1] == '"' {
			p++
			continue
		}
		if stop, _ := d.closes(b, p+1, true); stop >= 0 {
			return q
		}
		return -1
	}
	return -1
}

// plainCell reads an unquoted cell starting at i.
func (d *dialect) plainCell(b []byte, i int, eof bool, r *rawRecord) (int, int) {
	start := i
	for ; ; i++ {
		if i = d.nextMark(b, i); i == len(b) {
			break
		}
		switch c := b[i]; {
		case c == d.delim:
			r.cells = append(r.cells, rawCell{start: start, end: i})
			return i + 1, cellEnd
		case c == '\n':
			r.add(b, rawCell{start: start, end: i})
			return i + 1, recordEnd
		case c == '\r' && d.cr:
			if i+1 == len(b) && !eof {
				return i, needMore
			}
			r.cells, r.end = append(r.cells, rawCell{start: start, end: i}), i
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			return i + 1, recordEnd
		case c == '"' && d.quote:
			r.stray++
		}
	}
	if !eof {
		return i, needMore
	}
	r.add(b, rawCell{start: start, end: i})
	return i, recordEnd
}

// nextMark returns where the next byte stands, from i on, that may end a plain
// cell or is a quote; len(b) if none does. Eight bytes are looked at together:
// subtracting one from each sets the top bit of those that were zero, the first
// of which is found for certain.
func (d *dialect) nextMark(b []byte, i int) int {
	const ones, tops = eachByte, 0x80 * eachByte
	delim := uint64(d.delim) * eachByte
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		v, n, q, c := x^delim, x^'\n'*ones, x^'"'*ones, x^'\r'*ones
		if m := ((v-ones)&^v | (n-ones)&^n | (q-ones)&^q | (c-ones)&^c) & tops; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == d.delim || c == '\n' || c == '"' || c == '\r' {
			break
		}
	}
	return i
}

// add appends the last cell of a record, its CR before LF (or before the end
// of the file) cut.
func (r *rawRecord) add(b []byte, c rawCell) {
	if c.end > c.start && b[c.end-1] == '\r' {
		c.end--
	}
	r.cells, r.end = append(r.cells, c), c.end
}

// quotedCell reads a cell whose quote opens at i.
func (d *dialect) quotedCell(b []byte, i int, eof bool, r *rawRecord) (int, int) {
	cell := rawCell{start: i + 1, quoted: true}
	for p := i + 1; ; {
		q := bytes.IndexByte(b[p:], '"')
		if q < 0 {
			if !eof {
				return i, needMore
			}
			cell.end, r.open = len(b), true
			r.cells, r.end = append(r.cells, cell), len(b)
			return len(b), recordEnd
		}
		q += p
		if q+1 < len(b) && b[q+1] == '"' {
			cell.doubled = true
			p = q + 2
			continue
		}
		stop, state := d.closes(b, q+1, eof)
		if state == needMore {
			return i, needMore
		}
		if stop < 0 { // a quote in the text
			r.stray++
			p = q + 1
			if r.stray < maxStray {
				continue
			}
			cell.end, r.open = p, true
			r.cells, r.end = append(r.cells, cell), p
			return p, recordEnd
		}
		cell.end = q
		r.cells, r.end = append(r.cells, cell), q+1
		return stop, state
	}
}

// closes says whether a quote just before i closes its cell: only blanks may
// stand between it and the end of the cell. It returns where the next cell or
// record starts, -1 if the quote closes nothing.
func (d *dialect) closes(b []byte, i int, eof bool) (int, int) {
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case c == d.delim:
			return i + 1, cellEnd
		case c == '\n':
			return i + 1, recordEnd
		case c == '\r' && d.cr:
			if i+1 == len(b) && !eof {
				return i, needMore
			}
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			return i + 1, recordEnd
		case c != ' ' && c != '\t' && c != '\r':
			return -1, cellEnd
		}
	}
	if !eof {
		return i, needMore
	}
	return i, recordEnd
}

// lineEnd returns where the line starting at i ends and where the next one
// starts; found is false when b holds no line end.
func (d *dialect) lineEnd(b []byte, i int) (end, next int, found bool) {
	n := bytes.IndexByte(b[i:], '\n')
	if d.cr {
		if m := bytes.IndexByte(b[i:], '\r'); m >= 0 && (n < 0 || m < n) {
			if m+1 == n {
				return i + m, i + n + 1, true
			}
			return i + m, i + m + 1, true
		}
	}
	if n < 0 {
		return len(b), len(b), false
	}
	end = i + n
	if n > 0 && b[end-1] == '\r' {
		end--
	}
	return end, i + n + 1, true
}

// lines counts the line ends in b the way editors do: LF, CRLF and lone CR.
func lines(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	for i := 0; ; {
		m := bytes.IndexByte(b[i:], '\r')
		if m < 0 {
			return n
		}
		i += m + 1
		if i == len(b) || b[i] != '\n' {
			n++
		}
	}
}
