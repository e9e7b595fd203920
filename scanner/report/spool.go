package report

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
)

// spool holds rows until all are known, then gives them back worst first. Rows
// are kept packed: in memory up to a bound, then in a temporary file that is
// removed at close. Memory grows by 16 bytes a row beyond that. Where no
// temporary file can be made the rows stay in memory.
type spool struct {
	bound int // bytes kept in memory
	buf   []byte
	base  int64 // bytes already in the file
	file  *os.File
	stuck bool // no temporary file to be had
	index []spooled
	row   []byte
}

type spooled struct {
	rank int32
	size uint32
	at   int64
}

const spoolBound = 8 << 20

func newSpool() *spool { return &spool{bound: spoolBound} }

// add appends one row of the given rank.
func (s *spool) add(rank int, cells []cell) error {
	s.row = s.row[:0]
	for _, c := range cells {
		s.row = c.pack(s.row)
	}
	s.index = append(s.index, spooled{int32(rank), uint32(len(s.row)), s.base + int64(len(s.buf))})
	s.buf = append(s.buf, s.row...)
	if len(s.buf) < s.bound || s.stuck {
		return nil
	}
	return s.flush()
}

// flush moves what is in memory to the temporary file.
func (s *spool) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "prescreen-report-*")
		if err != nil {
			s.stuck = true
			return nil
		}
		s.file = f
	}
	if _, err := s.file.Write(s.buf); err != nil {
		return fmt.Errorf("keep report rows: %w", err)
	}
	s.base += int64(len(s.buf))
	s.buf = s.buf[:0]
	return nil
}

// len is the number of rows.
func (s *spool) len() int { return len(s.index) }

// worstFirst calls each with the first n rows by rank, earlier ones first
// among equals. The cells are valid until the next call.
func (s *spool) worstFirst(n int, each func([]cell) error) error {
	slices.SortStableFunc(s.index, func(a, b spooled) int { return cmp.Compare(b.rank, a.rank) })
	var cells []cell
	for _, entry := range s.index[:min(n, len(s.index))] {
		row, err := s.read(entry)
		if err != nil {
			return err
		}
		if cells, err = unpackCells(row, cells[:0]); err != nil {
			return err
		}
		if err = each(cells); err != nil {
			return err
		}
	}
	return nil
}

func (s *spool) read(e spooled) ([]byte, error) {
	if e.at >= s.base {
		return s.buf[e.at-s.base:][:e.size], nil
	}
	s.row = slices.Grow(s.row[:0], int(e.size))[:e.size]
	if _, err := s.file.ReadAt(s.row, e.at); err != nil {
		return nil, fmt.Errorf("read report rows back: %w", err)
	}
	return s.row, nil
}

// close removes the temporary file.
func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
		s.file = nil
	}
	s.buf, s.index = nil, nil
}

// cellKind says what a cell of the workbook shows.
type cellKind byte

const (
	blankCell    cellKind = iota
	inputCell             // empty, for the reader to fill in
	dateCell              // the same for a date
	textCell              // text, never a formula
	numberCell            // number
	levelCell             // text is the level's word, number the level
	evidenceCell          // text highlighted between before and after
	linkCell              // text is a web address
	headCell              // a heading
	shareCell             // number in thousandths, shown as a percentage
)

// cell is one cell of the workbook before it is written.
type cell struct {
	kind                cellKind
	number              int
	text, before, after string
}

func text(s string) cell { return cell{kind: textCell, text: visible(s)} }
func number(n int) cell  { return cell{kind: numberCell, number: n} }
func heading(s string, k columnKind) cell {
	return cell{kind: headCell, number: int(k), text: visible(s)}
}

// pack appends c to b: the kind, the number, then each text with its length.
func (c cell) pack(b []byte) []byte {
	b = append(b, byte(c.kind))
	b = binary.AppendVarint(b, int64(c.number))
	for _, s := range [...]string{c.text, c.before, c.after} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// unpackCells appends the cells packed in b to cells.
func unpackCells(b []byte, cells []cell) ([]cell, error) {
	for len(b) > 0 {
		c := cell{kind: cellKind(b[0])}
		n, used := binary.Varint(b[1:])
		if used <= 0 {
			return nil, fmt.Errorf("read report rows back: broken number")
		}
		c.number, b = int(n), b[1+used:]
		for _, s := range [...]*string{&c.text, &c.before, &c.after} {
			size, used := binary.Uvarint(b)
			if used <= 0 || size > uint64(len(b)-used) {
				return nil, fmt.Errorf("read report rows back: broken text")
			}
			*s, b = string(b[used:used+int(size)]), b[used+int(size):]
		}
		cells = append(cells, c)
	}
	return cells, nil
}
