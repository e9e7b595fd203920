package rules

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// readTables gets the rows out of a list by its file name's extension.
// Rows that could be read are given beside the faults of the others.
func readTables(file string, data []byte, warn func(Warning)) ([]table, Errors) {
	ext := strings.ToLower(path.Ext(file))
	if ext == ".xlsx" || ext == ".xlsm" {
		return readWorkbook(file, data)
	}
	text, bad := listText(file, data, warn)
	if bad != nil {
		return nil, Errors{bad}
	}
	if ext == ".txt" {
		return readLines(file, text)
	}
	return readDelimited(file, text, ext)
}

// readLines reads one term per line; a line that begins with # is a comment.
// A line with a tab is a fault: the file is a table by another name.
func readLines(file, text string) ([]table, Errors) {
	t := table{name: file}
	var errs Errors
	for i, line := range strings.Split(text, "\n") {
		term := strings.TrimSpace(line)
		if term == "" || strings.HasPrefix(term, "#") {
			continue
		}
		col := utf8.RuneCountInString(line[:strings.Index(line, term)]) + 1
		if tab := strings.IndexByte(term, '\t'); tab >= 0 {
			errs = append(errs, &Error{Pos: Pos{file, i + 1, col + utf8.RuneCountInString(term[:tab])},
				Err: errors.New("read list: this line has a tab, but the file has one term per line"), Hint: "save the table as .tsv or .csv"})
			continue
		}
		t.rows = append(t.rows, tableRow{[]string{term}, func(int) Pos { return Pos{file, i + 1, col} }})
	}
	return []table{t}, errs
}

// readDelimited reads CSV, whose delimiter is the one under which the first
// filled line is a header.
func readDelimited(file, text, ext string) ([]table, Errors) {
	t := table{name: file}
	var errs Errors
	src := newSource(file, text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = sniffDelimiter(text, ext), -1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return []table{t}, errs
		}
		if err != nil {
			errs = append(errs, quoteError(src, err))
			continue
		}
		places := make([]Pos, len(cells))
		for i := range cells {
			line, col := r.FieldPos(i)
			places[i] = src.bytePos(line, col)
		}
		t.add(cells, func(cell int) Pos { return places[min(cell, len(places)-1)] })
	}
}

// add appends a row unless it is blank; blank cells at its end are left out.
func (t *table) add(cells []string, at func(int) Pos) {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > 0 {
		t.rows = append(t.rows, tableRow{cells, at})
	}
}

// bytePos turns a line and a column in bytes, both 1-based, into a position.
func (s *source) bytePos(line, col int) Pos {
	line = min(max(line, 1), len(s.lines))
	text := s.lines[line-1]
	return Pos{s.file, line, utf8.RuneCountInString(text[:min(max(col-1, 0), len(text))]) + 1}
}

// quoteError gives a CSV fault its place.
func quoteError(src *source, err error) *Error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return &Error{Pos: Pos{File: src.file}, Err: fmt.Errorf("read list: %w", err)}
	}
	return &Error{Pos: src.bytePos(p.Line, p.Column), Err: fmt.Errorf("read list: %w", p.Err),
		Hint: "a cell with quotes inside is written \"like \"\"this\"\"\""}
}

// delimiters are what may part the cells of a line, likeliest first.
var delimiters = []string{",", ";", "\t", "|"}

// sniffDelimiter picks the delimiter under which a filled line near the top
// makes the best header; failing that the commonest one of the first line, so
// that a table without header is seen to be a table.
func sniffDelimiter(text, ext string) rune {
	var first string
	tries, best, likeliest := 0, noHeader, ""
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if tries++; tries > headerRows {
			break
		}
		if tries == 1 {
			first = line
		}
		for _, delimiter := range delimiters {
			if cells := strings.Split(strings.ReplaceAll(line, `"`, ""), delimiter); len(cells) > 1 && headerRank(cells) > best {
				best, likeliest = headerRank(cells), delimiter
			}
		}
	}
	if best > noHeader {
		return rune(likeliest[0])
	}
	if ext == ".tsv" {
		return '\t'
	}
	most := slices.MaxFunc(delimiters, func(a, b string) int { return strings.Count(first, a) - strings.Count(first, b) })
	return rune(most[0])
}

// maxUnzipped bounds what a workbook may unpack to, in bytes.
const maxUnzipped = 1 << 30

// readWorkbook reads every sheet of an Excel workbook, row by row.
func readWorkbook(file string, data []byte) (tables []table, errs Errors) {
	defer func() {
		if r := recover(); r != nil { // the reader panics on some damaged workbooks
			tables, errs = nil, workbookErrors(file, fmt.Errorf("damaged: %v", r))
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped})
	if err != nil {
		return nil, workbookErrors(file, err)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		t, err := readSheet(book, file, sheet)
		if err != nil {
			return nil, workbookErrors(file+":"+sheet, err)
		}
		if len(t.rows) > 0 {
			tables = append(tables, t)
		}
	}
	if len(tables) == 0 {
		return nil, Errors{{Pos: Pos{File: file}, Err: errNoTable, Hint: "name one column term and write the terms below it"}}
	}
	return tables, nil
}

// workbookErrors wraps what kept a workbook from being read.
func workbookErrors(file string, err error) Errors {
	return Errors{{Pos: Pos{File: file}, Err: fmt.Errorf("read workbook: %w", err), Hint: "open it in Excel and save it again as .xlsx, or as CSV UTF-8"}}
}

// readSheet reads the filled rows of one sheet.
func readSheet(book *excelize.File, file, sheet string) (table, error) {
	t := table{name: file + ":" + sheet}
	rows, err := book.Rows(sheet)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return t, fmt.Errorf("row %d: %w", line, err)
		}
		t.add(cells, func(cell int) Pos { return Pos{t.name, line, cell + 1} })
	}
	return t, rows.Error()
}
