package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner/catalog"
)

// writeHits writes the hits of a search, whole or not at all, in the format of
// the extension.
func (a *app) writeHits(path string, h *catalog.Hits) error {
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		err = writeTable(path, a.ui.hitRows(h))
	case ".jsonl":
		err = writeBeside(path, func(w io.Writer) error { return hitLines(w, h) })
	case ".xlsx":
		err = writeBeside(path, func(w io.Writer) error { return hitBook(w, a.ui.say("search.sheet"), a.ui.hitRows(h)) })
	default:
		err = hitFormat(path)
	}
	if err == nil {
		a.ui.line(a.ui.say("search.written", "count", len(h.Hits), "total", h.Total, "file", plain(path)))
	}
	return err
}

// hitFormat refuses an extension that names no format.
func hitFormat(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".jsonl", ".xlsx":
		return nil
	}
	return fmt.Errorf("-o %s: the extension picks the format: use one of xlsx, jsonl, csv", path)
}

var hitColumns = []string{"store", "id", "level", "marks", "title", "found", "supplier", "category", "marketplace", "score"}

// hitRows gives the hits as rows of text under a header. What was found stands
// in brackets.
func (u *ui) hitRows(h *catalog.Hits) [][]string {
	rows := make([][]string, 1, len(h.Hits)+1)
	for _, c := range hitColumns {
		rows[0] = append(rows[0], u.say("search.col."+c))
	}
	for i := range h.Hits {
		x := &h.Hits[i]
		var found []string
		for k := range x.Snippets {
			found = append(found, x.Snippets[k].Field+": "+bracketed(&x.Snippets[k], "[", "]"))
		}
		rows = append(rows, []string{x.Store, x.ID, u.say("level." + x.Level), strings.Join(x.Marks, ", "), x.Title,
			strings.Join(found, " | "), x.Supplier, x.Category, x.Marketplace, strconv.FormatFloat(x.Score, 'f', 4, 64)})
	}
	return rows
}

// hitLine is a hit in JSON Lines.
type hitLine struct {
	Type        string        `json:"type"`
	Store       string        `json:"store"`
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Supplier    string        `json:"supplier"`
	Category    string        `json:"category"`
	Marketplace string        `json:"marketplace"`
	Level       string        `json:"level"`
	Marks       []string      `json:"marks"`
	Score       float64       `json:"score"`
	Snippets    []snippetLine `json:"snippets"`
}

// snippetLine is a snippet: text, and the bytes of it that were found.
type snippetLine struct {
	Field string   `json:"field"`
	Text  string   `json:"text"`
	Spans [][2]int `json:"spans"`
}

func hitLines(w io.Writer, h *catalog.Hits) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range h.Hits {
		x := &h.Hits[i]
		line := hitLine{"hit", x.Store, x.ID, x.Title, x.Supplier, x.Category, x.Marketplace, x.Level, append([]string{}, x.Marks...), x.Score, []snippetLine{}}
		for _, s := range x.Snippets {
			out := snippetLine{Field: s.Field, Text: s.Text, Spans: [][2]int{}}
			for _, sp := range s.Spans {
				out.Spans = append(out.Spans, [2]int{sp.Start, sp.End})
			}
			line.Snippets = append(line.Snippets, out)
		}
		if err := e.Encode(&line); err != nil {
			return err
		}
	}
	return nil
}

// What one sheet and one of its cells may hold.
const (
	mostRows   = 1 << 20
	mostInCell = 32767
)

// hitBook writes the rows as a workbook; every cell is text.
func hitBook(w io.Writer, sheet string, rows [][]string) error {
	if len(rows) > mostRows {
		return fmt.Errorf("%d hits are more than a sheet holds: use --limit, or jsonl", len(rows)-1)
	}
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := errors.Join(sw.SetColWidth(1, len(rows[0]), 18), sw.SetColWidth(5, 6, 60),
		sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})); err != nil {
		return err
	}
	for n, row := range rows {
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = excelize.Cell{StyleID: text, Value: shortened(plain(cell), mostInCell)}
		}
		if err := sw.SetRow("A"+strconv.Itoa(n+1), cells); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// shortened cuts s to what a cell holds, with an ellipsis where it was cut.
// Excel counts UTF-16 units, of which a string never has more than bytes.
func shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := n - len("…")
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}
