package table

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

const maxColumns = 16384 // XFD, the last column of a worksheet

// sheetReader reads the rows of one worksheet part. It relies on nothing but
// the cells themselves: not on <dimension>, which is wrong in real downloads,
// not on cell references, which may be missing.
type sheetReader struct {
	w     *workbook
	x     *xmlScanner
	style []numberStyle
	table *sharedStrings

	row     int // 1-based row at hand
	col     int // 0-based column at hand
	width   int // cells up to the last filled one
	buf     []byte
	filled  []filledCell
	text    strings.Builder // where rows are made text
	out     []string        // cells of the record at hand
	refused error           // why the row at hand cannot be given

	sawData    bool // <sheetData> was met
	inData     bool // and not left yet
	disordered bool
	formula    bool // the cell at hand has one

	located func(cellSpot) // told of every cell, nil when only reading
}

// cellSpot is where a cell stands in the part, for rewriting it.
type cellSpot struct {
	row, col   int   // as in record
	start, end int64 // bytes of the whole element in the part
	prefix     string
	style      int
	reference  bool // it names its own row and column
	formula    bool
	text       string
}

// errMisplaced says that reading on would put text into the wrong row.
var errMisplaced = because("container.misplaced")

// filledCell is a cell with text: in the row's buffer, or shared.
type filledCell struct {
	col, start, end int
	shared          string
}

// read makes one pass over the worksheet in part.
func (w *workbook) read(name, part string, yield func(record, error) bool) *tally {
	count := &tally{}
	s := &sheetReader{w: w, style: w.loadStyles()}
	fail := func(err error) {
		id := "container.sheet-unstarted"
		if s.row > 0 {
			id = "container.sheet-stopped"
		}
		yield(record{}, because(id, "sheet", name, "file", w.name, "row", s.row, "why", err))
	}
	r, err := w.parts.open(part)
	if err != nil {
		fail(err)
		return count
	}
	defer r.Close()
	if s.x, err = newXMLScanner(r); err != nil {
		fail(err)
		return count
	}
	stopped := false
	err = s.rows(func(rec record, err error) bool {
		stopped = !yield(rec, err)
		return !stopped
	})
	switch {
	case stopped:
	case err != nil:
		fail(err)
	case !s.sawData:
		fail(because("container.no-rows-section", "part", part))
	}
	if s.disordered {
		count.say(message("container.disordered"))
	}
	return count
}

// rows yields row after row until the end of the part.
func (s *sheetReader) rows(yield func(record, error) bool) error {
	for {
		if err := s.x.next(s.w.max); err != nil {
			return err
		}
		switch s.x.kind {
		case xmlDone:
			return nil
		case xmlEnd:
			if s.x.is("sheetData") {
				s.inData = false
			}
		case xmlStart:
			switch {
			case s.x.is("sheetData"):
				s.sawData, s.inData = true, !s.x.closed
			case s.inData && s.x.is("c"):
				return errMisplaced
			case s.inData && s.x.is("row"):
				more, err := s.readRow(yield)
				if err != nil || !more {
					return err
				}
			}
		}
	}
}

// readRow reads the row whose start tag was just met and yields it if it holds
// text; more is false when the caller asks to stop.
func (s *sheetReader) readRow(yield func(record, error) bool) (more bool, err error) {
	s.startRow()
	if !s.x.closed {
		if err := s.cells(); err != nil {
			return false, err
		}
	}
	rec := s.record()
	switch {
	case s.refused != nil:
		return yield(record{}, &rowError{Row: s.row, Err: s.refused}), nil
	case len(rec.Cells) > 0:
		return yield(rec, nil), nil
	}
	return true, nil
}

func (s *sheetReader) startRow() {
	before := s.row
	s.row++
	if v, ok := s.x.attr("r"); ok {
		if n, err := strconv.ParseUint(string(v), 10, 31); err == nil && n > 0 {
			s.row = int(n)
		}
	}
	s.disordered = s.disordered || s.row <= before
	s.col, s.width, s.refused = -1, 0, nil
	s.buf, s.filled = s.buf[:0], s.filled[:0]
}

// record builds the row at hand; it has no cells when the row holds no text.
func (s *sheetReader) record() record {
	if s.width == 0 {
		return record{}
	}
	text, cells := s.rowText(), s.blankCells()
	for _, c := range s.filled {
		if cells[c.col] != "" {
			s.refuse(because("container.cell-twice", "cell", cellName(c.col, s.row)))
		}
		if c.end > c.start {
			cells[c.col] = text[c.start:c.end]
		} else {
			cells[c.col] = c.shared
		}
	}
	return record{Row: s.row, Cells: cells}
}

// rowText returns buf as text; that of short rows shares a block.
func (s *sheetReader) rowText() string {
	b := &s.text
	if b.Cap()-b.Len() < len(s.buf) {
		*b = strings.Builder{}
		b.Grow(max(len(s.buf), textBlock))
	}
	start := b.Len()
	b.Write(s.buf)
	return b.String()[start:]
}

// blankCells returns the cells of the row, the same slice for every row.
func (s *sheetReader) blankCells() []string {
	if cap(s.out) < s.width {
		s.out = make([]string, s.width+s.width/2)
	}
	cells := s.out[:s.width]
	clear(cells)
	return cells
}

// cells reads up to the end of the row.
func (s *sheetReader) cells() error {
	quick := s.located == nil && !s.w.tagwise
	for {
		for quick {
			done, err := s.quickCell()
			if err != nil {
				return err
			}
			if !done {
				break
			}
		}
		if err := s.x.next(s.w.max); err != nil {
			return err
		}
		switch s.x.kind {
		case xmlDone:
			return errXMLEnds
		case xmlEnd:
			if s.x.is("row") {
				return nil
			}
			if s.x.is("sheetData") {
				return errXMLEnds
			}
		case xmlStart:
			switch {
			case s.x.is("row"):
				return errMisplaced
			case s.x.is("c"):
				if err := s.cell(); err != nil {
					return err
				}
			}
		}
	}
}

// cell reads one cell, its start tag just met.
func (s *sheetReader) cell() error {
	spot := s.spot()
	kind, style := cellAttrs(s.x.attrs, &s.col)
	start, before := len(s.buf), len(s.filled)
	s.formula = false
	if !s.x.closed {
		if err := s.value(kind, style); err != nil {
			return err
		}
	}
	if s.located != nil {
		spot.row, spot.col, spot.style, spot.formula = s.row, s.col, style, s.formula
		spot.end = s.x.base + int64(s.x.pos)
		spot.text = string(s.buf[start:])
		if len(s.filled) > before {
			spot.text = s.filled[before].shared
		}
		s.located(spot)
	}
	if s.col >= maxColumns {
		s.refuse(because("container.beyond", "row", s.row, "column", "XFD"))
		return nil
	}
	if len(s.buf) > start {
		s.filled = append(s.filled, filledCell{col: s.col, start: start, end: len(s.buf)})
		s.width = max(s.width, s.col+1)
	}
	if len(s.buf) > 4*s.w.max {
		s.refuse(because("container.row-large", "n", 4*s.w.max>>20))
		s.buf = s.buf[:0]
	}
	return nil
}

// spot notes where the cell whose start tag was just met begins.
func (s *sheetReader) spot() (spot cellSpot) {
	if s.located != nil {
		spot.start = s.x.tagAt
		spot.prefix = string(s.x.buf[s.x.tagAt-s.x.base+1:][:s.x.prefix])
		_, spot.reference = s.x.attr("r")
	}
	return spot
}

func (s *sheetReader) refuse(err error) {
	if s.refused == nil {
		s.refused = err
	}
}

func (s *sheetReader) refuseLong() {
	s.refuse(because("container.cell-long", "cell", cellName(s.col, s.row), "n", s.w.max))
}

// cellAttrs reads the attributes of <c>; col moves to the cell's own column,
// or on by one where the reference is missing.
func cellAttrs(attrs []byte, col *int) (kind []byte, style int) {
	*col++
	for i := 0; i < len(attrs); {
		i = skipBlanks(attrs, i)
		key := i
		for i < len(attrs) && attrs[i] != '=' && attrs[i] > ' ' {
			i++
		}
		name := attrs[key:i]
		if i = skipBlanks(attrs, i); i < len(attrs) && attrs[i] == '=' {
			i = skipBlanks(attrs, i+1)
		}
		if i >= len(attrs) || attrs[i] != '"' && attrs[i] != '\'' {
			break
		}
		end := bytes.IndexByte(attrs[i+1:], attrs[i])
		if end < 0 {
			break
		}
		v := attrs[i+1 : i+1+end]
		i += end + 2
		switch string(name) {
		case "t":
			kind = v
		case "s":
			style, _ = strconv.Atoi(string(v))
		case "r":
			if n := columnOf(v); n >= 0 {
				*col = n
			}
		}
	}
	return kind, style
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	return i
}

// columnOf returns the 0-based column of a reference such as AB12, -1 if it
// has none.
func columnOf(ref []byte) int {
	n := 0
	for _, c := range ref {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c < 'A' || c > 'Z' || n > maxColumns {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// value reads the content of a cell into buf, or adds the shared text.
func (s *sheetReader) value(kind []byte, style int) error {
	k := valueKind(kind)
	for inside := false; ; {
		err := s.x.next(s.w.max)
		if errors.Is(err, errXMLLong) {
			s.refuseLong()
			err = s.x.discardText()
			s.x.kind = xmlStart
			s.x.name = nil
		}
		if err != nil {
			return err
		}
		switch s.x.kind {
		case xmlDone:
			return errXMLEnds
		case xmlText:
			if inside {
				if err := s.content(k, style); err != nil {
					return err
				}
			}
		case xmlStart:
			s.formula = s.formula || s.x.is("f")
			switch {
			case s.x.is("c"), s.x.is("row"):
				return errMisplaced
			case s.x.closed:
			case s.x.is("v"):
				inside = true
			case s.x.is("is"):
				s.buf, err = appendRich(s.buf, s.x, "is", s.w.max)
				if errors.Is(err, errCellLong) {
					s.refuseLong()
				} else if err != nil {
					return err
				}
			}
		case xmlEnd:
			switch string(s.x.name) {
			case "v":
				inside = false
			case "c":
				return nil
			case "row", "sheetData":
				return errXMLEnds
			}
		}
	}
}

type cellKind uint8

const (
	numberCell cellKind = iota
	sharedCell
	boolCell
	textCell // formula results, errors, ISO dates, inline strings written into <v>
)

func valueKind(t []byte) cellKind {
	switch string(t) {
	case "", "n":
		return numberCell
	case "s":
		return sharedCell
	case "b":
		return boolCell
	}
	return textCell
}

// content takes the text of <v>.
func (s *sheetReader) content(k cellKind, style int) error {
	switch k {
	case sharedCell:
		return s.sharedText()
	case boolCell:
		if string(s.x.text) == "1" || string(s.x.text) == "true" {
			s.buf = append(s.buf, "TRUE"...)
		} else {
			s.buf = append(s.buf, "FALSE"...)
		}
	case textCell:
		start := len(s.buf)
		s.buf = unescapeExcel(appendXMLText(s.buf, s.x.text, s.x.cdata), start)
	default:
		meaning := plainNumber
		if style >= 0 && style < len(s.style) {
			meaning = s.style[style]
		}
		s.buf = appendNumber(s.buf, s.x.text, meaning, s.w.base1904)
	}
	return nil
}

// sharedText looks the cell's text up in the table of shared strings.
func (s *sheetReader) sharedText() error {
	if s.table == nil {
		table, err := s.w.loadStrings()
		if err != nil && table.n == 0 {
			return err
		}
		s.table = table
	}
	n := digits(s.x.text)
	if n < 0 {
		n = digits([]byte(trimmed(s.x.text)))
	}
	if n >= s.table.n && s.table.broken != nil {
		s.refuse(s.table.broken)
		return nil
	}
	if n < 0 || n >= s.table.n {
		s.refuse(because("container.no-string", "cell", cellName(s.col, s.row), "string", fmt.Sprintf("%.20q", s.x.text)))
		return nil
	}
	if len(s.table.long) > 0 && s.table.long[n] {
		s.refuseLong()
		return nil
	}
	text, err := s.table.text(n)
	if err != nil {
		return err
	}
	if text != "" && s.col < maxColumns {
		s.filled = append(s.filled, filledCell{col: s.col, shared: text})
		s.width = max(s.width, s.col+1)
	}
	return nil
}

func trimmed(b []byte) string {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// cellName returns a reference such as AB12 of a 0-based column and a row.
func cellName(col, row int) string { return fmt.Sprintf("%s%d", columnName(col), row) }

// columnName returns the letters of a 0-based column: 0 is A.
func columnName(col int) string {
	var b []byte
	for n := col + 1; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}
