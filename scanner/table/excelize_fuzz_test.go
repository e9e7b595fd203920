package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Workbooks made of arbitrary cells, written by excelize either way it can
// write them, are read as excelize reads them.
func FuzzAgainstExcelize(f *testing.F) {
	f.Add("id\x1ftitle\x1etext 1\x1fa & b <c>\x1e\x1f\x1f =1+1", byte(0), false)
	f.Add(" lead\x1ftrail \x1f\n\x1e12.50\x1f007\x1f1e9\x1eTRUE\x1f_x000D_", byte(1), true)
	f.Add("耐克\x1fเคส\x1f\U0001F525\x1e\x1e\x1e\x1f\x1flast", byte(2), false)
	f.Fuzz(func(t *testing.T, cells string, kind byte, stream bool) {
		if !utf8.ValidString(cells) || len(cells) > 4096 || strings.ContainsFunc(cells, unwritable) {
			t.Skip("excelize cannot write it")
		}
		data, err := madeBook(cells, kind, stream)
		if err != nil {
			t.Skip(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		cs, err := openContainer("f.xlsx", bytes.NewReader(data), int64(len(data)), containerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		compareSheet(t, cs[0].Sheets[0], book)
	})
}

// unwritable tells the characters that XML cannot hold, and those between cells.
func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\x1e' && r != '\x1f' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError
}

// madeBook writes rows parted by \x1e of cells parted by \x1f: as strings, as
// numbers where they are some, or in rich text.
func madeBook(cells string, kind byte, stream bool) ([]byte, error) {
	book := excelize.NewFile()
	defer book.Close()
	var w *excelize.StreamWriter
	if stream {
		var err error
		if w, err = book.NewStreamWriter("Sheet1"); err != nil {
			return nil, err
		}
	}
	for r, row := range strings.Split(cells, "\x1e") {
		for c, text := range strings.Split(row, "\x1f") {
			at, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return nil, err
			}
			if err := put(book, w, at, text, kind); err != nil {
				return nil, err
			}
		}
	}
	if w != nil {
		if err := w.Flush(); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	err := book.Write(&out)
	return out.Bytes(), err
}

func put(book *excelize.File, w *excelize.StreamWriter, at, text string, kind byte) error {
	var value any = text
	var n float64
	if kind%3 == 1 {
		if _, err := fmt.Sscanf(text, "%g", &n); err == nil {
			value = n
		}
	}
	switch {
	case text == "":
		return nil
	case w != nil:
		return w.SetRow(at, []any{value})
	case kind%3 == 2:
		half := len([]rune(text)) / 2
		runs := []excelize.RichTextRun{{Text: string([]rune(text)[:half])}, {Text: string([]rune(text)[half:]), Font: &excelize.Font{Bold: true}}}
		return book.SetCellRichText("Sheet1", at, runs)
	}
	return book.SetCellValue("Sheet1", at, value)
}
