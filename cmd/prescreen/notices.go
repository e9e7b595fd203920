package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"prescreen/scanner/catalog"
)

// notices is what a file of notices says.
type notices struct {
	list   []catalog.Notice
	faults []error  // rows that cannot be used, each with its number
	rights []string // wordings that name no right we know: taken as any right
}

// noticeRow is one row of a table, with its number.
type noticeRow struct {
	row   int
	cells []string
	err   error
}

// headerWithin is how many rows a title or a note may stand above the header.
const headerWithin = 15

// readNotices reads a table of notices: CSV with commas, semicolons or tabs, in
// UTF-8, UTF-16 or GB 18030, or the first sheet of a workbook that has the
// header. err is a file that cannot be used at all.
func readNotices(path string) (*notices, error) {
	tables, err := noticeTables(path)
	if err != nil {
		return nil, fmt.Errorf("read notices %s: %w", path, err)
	}
	var first []string
	for _, rows := range tables {
		for i, r := range rows[:min(len(rows), headerWithin)] {
			if columns, ok := noticeHeader(r.cells); ok {
				return noticesOf(path, columns, rows[i+1:]), nil
			}
			if first == nil && strings.Join(r.cells, "") != "" {
				first = r.cells
			}
		}
	}
	if first == nil {
		return nil, fmt.Errorf("read notices %s: no header row", path)
	}
	return nil, fmt.Errorf("read notices %s: the header needs an id or title, a brand and a date; it has %s", path, strings.Join(first, ", "))
}

// noticeTables reads the tables of a file, one but for workbooks.
func noticeTables(path string) ([][]noticeRow, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".xlsm":
		return noticeSheets(path)
	case ".xls", ".ods", ".pdf", ".eml", ".msg", ".docx":
		return nil, errors.New("this format is not read; save it as .xlsx or CSV UTF-8")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	text, err := noticeText(data)
	if err != nil {
		return nil, err
	}
	return [][]noticeRow{noticeLines(text)}, nil
}

// mostUnzipped bounds what a workbook of notices may unpack to, in bytes.
const mostUnzipped = 200 << 20

func noticeSheets(path string) (out [][]noticeRow, err error) {
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnzipped})
	if err != nil {
		return nil, fmt.Errorf("it cannot be opened as a workbook: %w", err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		table, err := f.GetRows(sheet)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", sheet, err)
		}
		var rows []noticeRow
		for i, cells := range table {
			rows = append(rows, noticeRow{row: i + 1, cells: cells})
		}
		out = append(out, rows)
	}
	return out, nil
}

// noticeLines splits a text into rows. Lines that break the rules of CSV are
// rows with an error.
func noticeLines(text string) []noticeRow {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	if r.Comma = noticeComma(text); r.Comma == '\t' {
		r.LazyQuotes, r.TrimLeadingSpace = true, false // blanks are cells where tabs divide them
	}
	var rows []noticeRow
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		line := 0
		if len(cells) > 0 {
			line, _ = r.FieldPos(0)
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			line = bad.StartLine
		}
		rows = append(rows, noticeRow{row: line, cells: cells, err: err})
	}
}

// noticeComma is the delimiter that the first lines hold most.
func noticeComma(text string) rune {
	best, most := ',', 0
	head := text[:min(len(text), 4096)]
	for _, c := range ",;\t" {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func noticeText(data []byte) (string, error) {
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().String(string(data))
		return text, err
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().String(string(data))
	if err != nil || strings.ContainsRune(text, utf8.RuneError) {
		return "", errors.New("it is neither UTF-8 nor GB 18030; save it as CSV UTF-8")
	}
	return text, nil
}

// noticeHeader finds the columns, name -> place; ok is false for a row that is
// no header.
func noticeHeader(header []string) (columns map[string]int, ok bool) {
	columns = map[string]int{}
	for name, heads := range noticeColumns {
		best := len(heads)
		for i, h := range header {
			if at := slices.Index(heads, bareName(h)); at >= 0 && at < best {
				best, columns[name] = at, i
			}
		}
	}
	_, id := columns["id"]
	_, title := columns["title"]
	_, brand := columns["brand"]
	_, date := columns["date"]
	return columns, (id || title) && brand && date
}

// noticesOf reads the rows under the header.
func noticesOf(path string, columns map[string]int, rows []noticeRow) *notices {
	cell := func(r *noticeRow, name string) string {
		if i, ok := columns[name]; ok && i < len(r.cells) {
			return strings.TrimSpace(r.cells[i])
		}
		return ""
	}
	var dates []string
	for i := range rows {
		dates = append(dates, cell(&rows[i], "date"))
	}
	order := orderOf(dates)
	out := &notices{}
	for i := range rows {
		r := &rows[i]
		if r.err == nil && strings.TrimSpace(strings.Join(r.cells, "")) == "" {
			continue
		}
		n := catalog.Notice{Row: r.row, Store: cell(r, "store"), ID: cell(r, "id"), Title: cell(r, "title"), Brand: cell(r, "brand")}
		err := r.err
		if err == nil {
			n.Date, err = checkNotice(&n, cell(r, "date"), order)
		}
		if err != nil {
			out.faults = append(out.faults, fmt.Errorf("read notices %s: row %d: %w", path, r.row, err))
			continue
		}
		var known bool
		if n.Right, known = rightOf(cell(r, "right")); !known && !slices.Contains(out.rights, cell(r, "right")) {
			out.rights = append(out.rights, cell(r, "right"))
		}
		out.list = append(out.list, n)
	}
	return out
}

// checkNotice tells what a notice lacks, and reads its date.
func checkNotice(n *catalog.Notice, date string, order dateOrder) (string, error) {
	read, ok, ambiguous := noticeDate(date, order)
	switch {
	case n.ID == "" && n.Title == "":
		return "", errors.New("neither id nor title")
	case n.Brand == "":
		return "", errors.New("no brand")
	case ambiguous:
		return "", fmt.Errorf("date %q: day and month cannot be told apart; want a date such as 2026-11-23", date)
	case !ok:
		return "", fmt.Errorf("date %q: want a date such as 2026-11-23", date)
	}
	return read, nil
}
