package table

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"

	"golang.org/x/text/encoding/htmlindex"
)

// Excel 97-2003 (BIFF8) and Excel 5/95 (BIFF5) workbooks: a stream of records,
// each a type, a length and data. The workbook's own records list the sheets,
// the shared strings and the formats; each sheet is a run of cell records from
// its BOF to its EOF.

// Record types that are read; every other one is passed over.
const (
	biffFormula  = 0x0006
	biffEOF      = 0x000A
	biffDateMode = 0x0022
	biffFilePass = 0x002F
	biffContinue = 0x003C
	biffCodePage = 0x0042
	biffSheet    = 0x0085
	biffMulRK    = 0x00BD
	biffRString  = 0x00D6
	biffXF       = 0x00E0
	biffSST      = 0x00FC
	biffLabelSST = 0x00FD
	biffNumber   = 0x0203
	biffLabel    = 0x0204
	biffBoolErr  = 0x0205
	biffString   = 0x0207
	biffRK       = 0x027E
	biffFormat   = 0x041E
	biffBOF      = 0x0809
)

var errBIFF = because("container.records-damaged")

// biffBook is a workbook stream held in memory.
type biffBook struct {
	name     string
	data     []byte
	old      bool // BIFF5: texts are in code page
	page     *charset
	base1904 bool
	strings  []string
	formats  map[int]numberStyle
	styles   []int // number format of each cell style
}

// biffRecord is one record; next is where the following one starts.
type biffRecord struct {
	kind uint16
	data []byte
	next int
}

// at reads the record at off; ok is false at the end of the stream.
func (b *biffBook) at(off int) (r biffRecord, ok bool) {
	if off < 0 || off+4 > len(b.data) {
		return r, false
	}
	r.kind = binary.LittleEndian.Uint16(b.data[off:])
	r.next = off + 4 + int(binary.LittleEndian.Uint16(b.data[off+2:]))
	if r.next > len(b.data) {
		return r, false
	}
	r.data = b.data[off+4 : r.next]
	return r, true
}

// biffEntry is a sheet as the workbook lists it.
type biffEntry struct {
	name   string
	offset int
	hidden bool
	kind   byte // 0 for a worksheet
}

// openBIFF lists the sheets of a workbook stream.
func openBIFF(name string, data []byte, opt containerOptions) (*container, error) {
	b := &biffBook{name: name, data: data, page: &cp1252, formats: map[int]numberStyle{}}
	entries, err := b.globals()
	if err != nil {
		return nil, because("container.old-excel", "file", name, "why", err)
	}
	c := &container{Name: name}
	for _, e := range entries {
		if e.kind != 0 {
			c.Notes = append(c.Notes, message("container.sheet-no-cells", "sheet", e.name))
			continue
		}
		c.Sheets = append(c.Sheets, &sheet{Name: e.name, Hidden: e.hidden, Container: "xls",
			read: func(yield func(record, error) bool) *tally { return b.read(e, yield) }})
	}
	if len(c.Sheets) == 0 {
		return nil, because("container.no-worksheet", "file", name)
	}
	return c, nil
}

// globals reads the records before the first sheet.
func (b *biffBook) globals() ([]biffEntry, error) {
	r, ok := b.at(0)
	if !ok || r.kind != biffBOF || len(r.data) < 4 {
		return nil, because("container.before-excel-5")
	}
	b.old = binary.LittleEndian.Uint16(r.data) < 0x0600
	var entries []biffEntry
	for {
		if r, ok = b.at(r.next); !ok {
			return nil, errBIFF
		}
		switch r.kind {
		case biffEOF:
			return entries, nil
		case biffFilePass:
			return nil, because("container.password")
		case biffCodePage:
			b.codePage(r.data)
		case biffDateMode:
			b.base1904 = len(r.data) > 0 && r.data[0] == 1
		case biffSheet:
			if e, ok := b.entry(r.data); ok {
				entries = append(entries, e)
			}
		case biffFormat:
			b.format(r.data)
		case biffXF:
			if len(r.data) >= 4 {
				b.styles = append(b.styles, int(binary.LittleEndian.Uint16(r.data[2:])))
			}
		case biffSST:
			next, err := b.sharedStrings(r)
			if err != nil {
				return nil, err
			}
			r.next = next
		}
	}
}

// codePage sets the encoding of 8-bit texts.
func (b *biffBook) codePage(data []byte) {
	if len(data) < 2 {
		return
	}
	n := binary.LittleEndian.Uint16(data)
	switch n {
	case 936:
		b.page = &gb18030
	case 932:
		b.page = &cp932
	default:
		if enc, err := htmlindex.Get(fmt.Sprintf("windows-%d", n)); err == nil {
			b.page = &charset{name: fmt.Sprintf("windows-%d", n), enc: enc}
		}
	}
}

func (b *biffBook) entry(data []byte) (e biffEntry, ok bool) {
	if len(data) < 8 {
		return e, false
	}
	e.offset = int(binary.LittleEndian.Uint32(data))
	e.hidden, e.kind = data[4]&3 != 0, data[5]
	e.name = b.shortText(data[6:])
	return e, true
}

func (b *biffBook) format(data []byte) {
	if len(data) < 3 {
		return
	}
	id := int(binary.LittleEndian.Uint16(data))
	if b.old {
		b.formats[id] = formatMeaning(b.shortText(data[2:]))
	} else {
		b.formats[id] = formatMeaning(b.longText(data[2:]))
	}
}

// biffCell is a cell with its record, and for a number in a MULRK the place in
// it.
type biffCell struct {
	row, col uint16
	at       int32 // offset of the record
	index    int32
}

// read makes one pass over a sheet. Cell records need not stand in order, so
// they are listed first.
func (b *biffBook) read(e biffEntry, yield func(record, error) bool) *tally {
	count := &tally{}
	cells, err := b.cells(e.offset)
	if !slices.IsSortedFunc(cells, compareCells) {
		slices.SortStableFunc(cells, compareCells)
	}
	for i := 0; i < len(cells); {
		n := i
		for n < len(cells) && cells[n].row == cells[i].row {
			n++
		}
		rec, err := b.row(cells[i:n])
		if (err != nil || len(rec.Cells) > 0) && !yield(rec, err) {
			return count
		}
		i = n
	}
	if err != nil {
		yield(record{}, because("container.sheet-early", "sheet", e.name, "file", b.name, "why", err))
	}
	return count
}

func compareCells(a, b biffCell) int {
	return (int(a.row)-int(b.row))<<16 + int(a.col) - int(b.col)
}

// cells lists the cell records of the sheet whose BOF stands at off.
func (b *biffBook) cells(off int) ([]biffCell, error) {
	r, ok := b.at(off)
	if !ok || r.kind != biffBOF {
		return nil, because("container.not-there")
	}
	var out []biffCell
	depth := 1
	for {
		off = r.next
		if r, ok = b.at(off); !ok {
			return out, errBIFF
		}
		switch r.kind {
		case biffBOF: // a chart inside the sheet
			depth++
		case biffEOF:
			if depth--; depth == 0 {
				return out, nil
			}
		}
		if depth > 1 || len(r.data) < 6 {
			continue
		}
		row, col := binary.LittleEndian.Uint16(r.data), binary.LittleEndian.Uint16(r.data[2:])
		n := 0
		switch r.kind {
		case biffFormula, biffLabelSST, biffNumber, biffLabel, biffRString, biffBoolErr, biffRK:
			n = 1
		case biffMulRK:
			n = (len(r.data) - 6) / 6
		}
		if int(col)+n > 256 && n > 0 {
			return out, because("container.beyond", "row", int(row)+1, "column", "IV")
		}
		for i := range n {
			out = append(out, biffCell{row: row, col: col + uint16(i), at: int32(off), index: int32(i)})
		}
	}
}

// row builds a record from the cells of one row.
func (b *biffBook) row(cells []biffCell) (record, error) {
	rec := record{Row: int(cells[0].row) + 1}
	for _, c := range cells {
		text, ok := b.value(c)
		if !ok {
			return record{}, &rowError{Row: rec.Row, Err: because("container.cell-damaged", "cell", cellName(int(c.col), rec.Row))}
		}
		if text == "" {
			continue
		}
		for len(rec.Cells) <= int(c.col) {
			rec.Cells = append(rec.Cells, "")
		}
		rec.Cells[c.col] = text
	}
	return rec, nil
}

// value returns the text of a cell; ok is false if its record is damaged.
func (b *biffBook) value(c biffCell) (text string, ok bool) {
	r, _ := b.at(int(c.at))
	style := int(binary.LittleEndian.Uint16(r.data[4:]))
	rest := r.data[6:]
	switch {
	case r.kind == biffLabel || r.kind == biffRString:
		return b.spilledText(rest, r.next)
	case r.kind == biffLabelSST && len(rest) >= 4:
		if n := binary.LittleEndian.Uint32(rest); int64(n) < int64(len(b.strings)) {
			return b.strings[n], true
		}
	case r.kind == biffRK && len(rest) >= 4:
		return b.number(rkNumber(binary.LittleEndian.Uint32(rest)), style), true
	case r.kind == biffMulRK:
		pair := r.data[4+6*int(c.index):]
		return b.number(rkNumber(binary.LittleEndian.Uint32(pair[2:])), int(binary.LittleEndian.Uint16(pair))), true
	case r.kind == biffNumber && len(rest) >= 8:
		return b.number(math.Float64frombits(binary.LittleEndian.Uint64(rest)), style), true
	case r.kind == biffBoolErr && len(rest) >= 2:
		return boolOrError(rest[0], rest[1] == 1), true
	case r.kind == biffFormula && len(rest) >= 8:
		return b.formulaResult(rest, style, r.next)
	}
	return "", false
}

// spilledText reads a text with a length of two bytes that may go on in
// CONTINUE records.
func (b *biffBook) spilledText(data []byte, next int) (string, bool) {
	if b.old {
		return b.longText(data), len(data) >= 2
	}
	s := &biffSpill{book: b, data: data, next: next}
	text, err := s.text()
	return text, err == nil
}

// formulaResult returns the value Excel stored with a formula. A text stands
// in a record of its own soon after.
func (b *biffBook) formulaResult(rest []byte, style, next int) (string, bool) {
	if rest[6] != 0xFF || rest[7] != 0xFF {
		return b.number(math.Float64frombits(binary.LittleEndian.Uint64(rest)), style), true
	}
	switch rest[0] {
	case 0:
		for range 4 { // an array or shared formula may stand between
			r, ok := b.at(next)
			if ok && r.kind == biffString {
				return b.spilledText(r.data, r.next)
			}
			next = r.next
		}
		return "", false
	case 1:
		return boolOrError(rest[2], false), true
	case 2:
		return boolOrError(rest[2], true), true
	}
	return "", true // an empty text
}

func boolOrError(v byte, isError bool) string {
	if !isError {
		if v != 0 {
			return "TRUE"
		}
		return "FALSE"
	}
	names := map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
	return names[v]
}

// rkNumber unpacks a number of 30 bits: an integer or the top of a float,
// perhaps times 100.
func rkNumber(rk uint32) float64 {
	var f float64
	if rk&2 != 0 {
		f = float64(int32(rk) >> 2)
	} else {
		f = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		f /= 100
	}
	return f
}

func (b *biffBook) number(f float64, style int) string {
	meaning := plainNumber
	if style < len(b.styles) {
		var ok bool
		if meaning, ok = b.formats[b.styles[style]]; !ok {
			meaning = builtinMeaning(b.styles[style])
		}
	}
	raw := strconv.AppendFloat(nil, f, 'g', -1, 64)
	return string(appendNumber(nil, raw, meaning, b.base1904))
}
