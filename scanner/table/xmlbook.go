package table

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Excel 2003 XML workbooks ("XML Spreadsheet 2003") are plain XML files, which
// ERP systems like to write into a file named .xls:
//
//	<Worksheet ss:Name="Items"><Table><Row ss:Index="3">
//	  <Cell ss:Index="2"><Data ss:Type="String">Cup</Data></Cell>

const xmlBookMark = "urn:schemas-microsoft-com:office:spreadsheet"

// xmlBook is such a workbook.
type xmlBook struct {
	src source
	max int
}

// openXMLBook lists the worksheets.
func openXMLBook(src source, opt containerOptions) (*container, error) {
	b := &xmlBook{src: src, max: opt.maxCell()}
	c := &container{Name: src.name}
	err := b.walk(func(x *xmlScanner, index int) (bool, error) {
		if index == maxSheets {
			return false, because("container.sheets-many", "n", maxSheets)
		}
		c.Sheets = append(c.Sheets, &sheet{Name: x.attrText("Name"), Container: "xls", Encoding: "UTF-8",
			read: func(yield func(record, error) bool) *tally { return b.read(index, yield) }})
		return true, nil
	})
	if err != nil {
		return nil, because("container.xml-book", "file", src.name, "why", err)
	}
	if len(c.Sheets) == 0 {
		return nil, because("container.xml-book-empty", "file", src.name)
	}
	return c, nil
}

// walk calls each at the start tag of every worksheet until it asks to stop.
func (b *xmlBook) walk(each func(x *xmlScanner, index int) (bool, error)) error {
	r, err := b.src.open()
	if err != nil {
		return err
	}
	defer r.Close()
	x, err := newXMLScanner(r)
	for index := 0; err == nil || err == io.EOF; {
		if err = x.next(b.max); err != nil || x.kind == xmlDone {
			return err
		}
		if x.kind == xmlStart && x.is("Worksheet") {
			more, err := each(x, index)
			if err != nil || !more {
				return err
			}
			index++
		}
	}
	return err
}

// read makes one pass over the sheet of this index.
func (b *xmlBook) read(index int, yield func(record, error) bool) *tally {
	count := &tally{}
	s := &xmlBookRows{max: b.max}
	stopped := false
	err := b.walk(func(x *xmlScanner, at int) (bool, error) {
		if at < index {
			return true, nil
		}
		return false, s.rows(x, func(rec record, err error) bool {
			stopped = !yield(rec, err)
			return !stopped
		})
	})
	if err != nil && !stopped {
		yield(record{}, because("container.xml-book-stopped", "file", b.src.name, "row", s.row, "why", err))
	}
	return count
}

// xmlBookRows is the state of one pass.
type xmlBookRows struct {
	max   int
	row   int
	cells []string
	long  bool
}

// rows reads up to the end of the worksheet whose start tag was just met.
func (s *xmlBookRows) rows(x *xmlScanner, yield func(record, error) bool) error {
	for {
		if err := x.next(s.max); err != nil {
			return err
		}
		switch {
		case x.kind == xmlDone:
			return errXMLEnds
		case x.kind == xmlEnd && x.is("Worksheet"):
			return nil
		case x.kind == xmlStart && x.is("Row"):
			s.row = indexAttr(x, s.row) + 1
			s.cells, s.long = nil, false
			if !x.closed {
				if err := s.readRow(x); err != nil {
					return err
				}
			}
			if !s.give(yield) {
				return nil
			}
		}
	}
}

// give yields the row at hand if it holds text or could not be read.
func (s *xmlBookRows) give(yield func(record, error) bool) bool {
	switch {
	case s.long:
		return yield(record{}, &rowError{Row: s.row, Err: because("container.row-cell-long", "row", s.row, "n", s.max)})
	case len(s.cells) > 0:
		return yield(record{Row: s.row, Cells: s.cells}, nil)
	}
	return true
}

// indexAttr returns the 0-based place an element gives itself with ss:Index,
// else next.
func indexAttr(x *xmlScanner, next int) int {
	v, ok := x.attr("Index")
	n, err := strconv.ParseUint(string(v), 10, 31)
	if !ok || err != nil || n == 0 {
		return next
	}
	return int(n) - 1
}

func (s *xmlBookRows) readRow(x *xmlScanner) error {
	col := -1
	for {
		if err := x.next(s.max); err != nil {
			return err
		}
		switch {
		case x.kind == xmlDone:
			return errXMLEnds
		case x.kind == xmlEnd && x.is("Row"):
			return nil
		case x.kind == xmlStart && x.is("Cell"):
			col = indexAttr(x, col+1)
			at := col
			if n, err := strconv.Atoi(x.attrText("MergeAcross")); err == nil && n > 0 && n < maxColumns {
				col += n
			}
			if x.closed {
				continue
			}
			text, err := s.readCell(x)
			if errors.Is(err, errCellLong) {
				s.long = true
			} else if err != nil {
				return err
			}
			if err := s.put(at, text); err != nil {
				return err
			}
		}
	}
}

func (s *xmlBookRows) put(col int, text string) error {
	if text == "" {
		return nil
	}
	if col >= maxColumns {
		return because("container.beyond", "row", s.row, "column", "XFD")
	}
	for len(s.cells) <= col {
		s.cells = append(s.cells, "")
	}
	s.cells[col] = text
	return nil
}

// readCell returns the text of <Data>, tags in it left out; comments on the
// cell are no part of it.
func (s *xmlBookRows) readCell(x *xmlScanner) (string, error) {
	var text []byte
	inData, comment, long := false, 0, false
	for {
		err := x.next(s.max)
		if errors.Is(err, errXMLLong) {
			long = true
			if err = x.discardText(); err == nil {
				continue
			}
		}
		if err != nil {
			return "", err
		}
		switch {
		case x.kind == xmlDone:
			return "", errXMLEnds
		case x.kind == xmlEnd && x.is("Cell"):
			if long || len(text) > s.max {
				return "", errCellLong
			}
			return string(text), nil
		case x.is("Comment") && x.kind != xmlText && !x.closed:
			comment += map[xmlKind]int{xmlStart: 1, xmlEnd: -1}[x.kind]
		case x.is("Data") && x.kind != xmlText:
			inData = x.kind == xmlStart && !x.closed && comment == 0
		case x.kind == xmlText && inData && len(text) <= s.max:
			text = appendXMLText(text, x.text, x.cdata)
		}
	}
}

// isXMLBook says whether the head of an XML file is that of a workbook.
func isXMLBook(head []byte) bool {
	return bytes.Contains(head, []byte(xmlBookMark)) || strings.Contains(string(head), "<Workbook")
}
