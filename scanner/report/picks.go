package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

// ReadPicks returns what was written into the Pick column of a diff sheet at
// path, a workbook or a CSV with its columns, in any language of the program
// and any order. Rows without a pick are passed over. A pick beside no
// fingerprint, and a file without the two columns, are errors.
func ReadPicks(path string) ([]Pick, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read picks: %w", err)
	}
	heads, err := pickHeads()
	if err != nil {
		return nil, err
	}
	r := pickReader{heads: heads}
	if bytes.HasPrefix(data, []byte("PK")) {
		err = r.workbook(data)
	} else {
		err = r.csv(data)
	}
	if err == nil && r.tables == 0 {
		err = errors.New("no columns Pick and Fingerprint: give a diff sheet of fix --diff")
	}
	if err != nil {
		return nil, fmt.Errorf("read picks from %s: %w", path, err)
	}
	return r.found, nil
}

// pickReader reads the tables of one file.
type pickReader struct {
	heads             map[string]string
	tables            int
	pick, fingerprint int // 0-based columns, -1 when the table is none of ours
	found             []Pick
}

func (r *pickReader) workbook(data []byte) (err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			return err
		}
		for n := 1; rows.Next() && err == nil; n++ {
			var cells []string
			if cells, err = rows.Columns(); err == nil {
				err = r.row(n, cells)
			}
		}
		if err = errors.Join(err, rows.Error(), rows.Close()); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	return nil
}

func (r *pickReader) csv(data []byte) error {
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		c.Comma = ';' // Excel of most of Europe
	}
	for n := 1; ; n++ {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = r.row(n, cells)
		}
		if err != nil {
			return err
		}
	}
}

// row takes one row; the first of a table holds its headings.
func (r *pickReader) row(n int, cells []string) error {
	if n == 1 {
		r.pick, r.fingerprint = -1, -1
		for i, c := range cells {
			switch r.heads[strings.TrimSpace(c)] {
			case "pick":
				r.pick = i
			case "fingerprint":
				r.fingerprint = i
			}
		}
		if r.pick >= 0 && r.fingerprint >= 0 {
			r.tables++
		}
		return nil
	}
	at := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return strings.TrimSpace(cells[i])
	}
	if r.fingerprint < 0 || at(r.pick) == "" {
		return nil
	}
	if at(r.fingerprint) == "" {
		return fmt.Errorf("row %d: a pick beside no finding", n)
	}
	r.found = append(r.found, Pick{Fingerprint: at(r.fingerprint), Choice: at(r.pick), Row: n})
	return nil
}
