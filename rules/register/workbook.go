package register

import (
	"archive/zip"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"prescreen/rules"
)

// Result lists of EUIPO, TMview and WIPO are saved as workbooks as well. The
// first sheet with a column of marks is read, row by row.

// mostSheet bounds what a sheet may unpack to, in bytes.
const mostSheet = 4 << 30

// isWorkbook tells an Excel workbook from an archive of files.
func isWorkbook(z *zip.Reader) bool {
	for _, f := range z.File {
		if f.Name == "xl/workbook.xml" {
			return true
		}
	}
	return false
}

// readWorkbook reads the marks of a workbook. The format named decides nothing
// but whose numbers they are.
func readWorkbook(path string, s *sieve) (err error) {
	at := rules.Pos{File: path}
	defer func() {
		if r := recover(); r != nil { // the reader panics on some damaged workbooks
			err = failed(at, "the workbook is damaged: %v", r)
		}
	}()
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: mostSheet})
	if err != nil {
		return failed(at, "%w", err)
	}
	defer book.Close()
	var seen []string
	for _, sheet := range book.GetSheetList() {
		read, first, err := readSheet(book, path, sheet, s)
		if err != nil || read {
			return err
		}
		seen = append(seen, first...)
	}
	return failed(at, "no column of marks among %q: name one mark; others may be %s", seen, strings.Join(columnNames(), ", "))
}

// headerWithin is how many rows may stand above a header.
const headerWithin = 20

// readSheet reads one sheet; read is false when it has no column of marks, and
// first are then the cells of its first filled row.
func readSheet(book *excelize.File, path, sheet string, s *sieve) (read bool, first []string, err error) {
	at := rules.Pos{File: path + ":" + sheet}
	rows, err := book.Rows(sheet)
	if err != nil {
		return false, nil, failed(at, "%w", err)
	}
	defer rows.Close()
	var header []string
	for at.Line = 1; rows.Next(); at.Line++ {
		cells, err := rows.Columns()
		if err != nil {
			return false, nil, failed(at, "%w", err)
		}
		if header == nil {
			if columns, ok := headerOf(cells, s.register); ok {
				header = columns
			} else if at.Line > headerWithin {
				return false, first, nil
			} else if len(first) == 0 {
				first = cells
			}
			continue
		}
		if err := takeRow(withDates(cells, header), header, at, s); err != nil {
			return false, nil, err
		}
	}
	if err := rows.Error(); err != nil {
		return false, nil, failed(at, "%w", err)
	}
	return header != nil, first, nil
}

// takeRow passes on one row of a sheet: it may be shorter than its header, not longer.
func takeRow(cells, header []string, at rules.Pos, s *sieve) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if len(cells) > len(header) {
		s.fault(at, len(strings.Join(cells, "")), "read row: it has %d cells, the header has %d", len(cells), len(header))
		return nil
	}
	m := markOfCells(cells, header, s)
	m.Pos = at
	return s.take(&m)
}

// withDates turns the days a workbook counts since 1900 into dates.
func withDates(cells, header []string) []string {
	for i, cell := range cells {
		if i >= len(header) || header[i] != "filed" && header[i] != "registered" {
			continue
		}
		if days, err := strconv.ParseFloat(cell, 64); err == nil && days > 1 && days < 100000 {
			if t, err := excelize.ExcelDateToTime(days, false); err == nil {
				cells[i] = t.Format(time.DateOnly)
			}
		}
	}
	return cells
}
