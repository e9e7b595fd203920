package main

import (
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/mattn/go-runewidth"
	"github.com/xuri/excelize/v2"
)

// evidenceStyles are the styles of the workbook's cells.
type evidenceStyles struct{ title, bold, wrapped int }

// workbook writes a sheet of facts and one per table, ready to print; every
// cell is text, never a formula.
func (s *evidenceSheet) workbook(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	styles, err := newEvidenceStyles(f)
	if err != nil {
		return err
	}
	if err := s.factSheet(f, styles); err != nil {
		return err
	}
	for i := range s.Tables {
		if err := s.Tables[i].sheet(f, styles); err != nil {
			return err
		}
	}
	_, err = f.WriteTo(w)
	return err
}

func newEvidenceStyles(f *excelize.File) (s evidenceStyles, err error) {
	const text = 49 // the number format of text
	var errs [3]error
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	s.title, errs[0] = f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true, Size: 14}})
	s.bold, errs[1] = f.NewStyle(&excelize.Style{NumFmt: text, Font: &excelize.Font{Bold: true}, Alignment: top, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E2E8F0"}}})
	s.wrapped, errs[2] = f.NewStyle(&excelize.Style{NumFmt: text, Alignment: top})
	return s, errors.Join(errs[:]...)
}

// factSheet says what the workbook is, and how to prove its date.
func (s *evidenceSheet) factSheet(f *excelize.File, styles evidenceStyles) error {
	const name = "prescreen"
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	rows := append([][2]string{{s.Title, ""}}, s.Facts...)
	rows = append(rows, [2]string{s.HeadName, s.Head}, [2]string{"", s.HeadNote})
	for i, row := range rows {
		at := strconv.Itoa(i + 1)
		first, second := styles.bold, styles.wrapped
		if i == 0 {
			first, second = styles.title, styles.title
		}
		if err := errors.Join(f.SetCellStr(name, "A"+at, shortened(plain(row[0]), mostInCell)), f.SetCellStr(name, "B"+at, shortened(plain(row[1]), mostInCell)),
			f.SetCellStyle(name, "A"+at, "A"+at, first), f.SetCellStyle(name, "B"+at, "B"+at, second)); err != nil {
			return err
		}
	}
	return errors.Join(f.SetColWidth(name, "A", "A", 26), f.SetColWidth(name, "B", "B", 80), printed(f, name))
}

// printed makes a sheet print on landscape pages as wide as it is.
func printed(f *excelize.File, sheet string) error {
	landscape, one, many := "landscape", 1, 0
	fit := true
	return errors.Join(f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one, FitToHeight: &many}),
		f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// sheet writes one table, its header frozen and with a filter.
func (t *evidenceTable) sheet(f *excelize.File, styles evidenceStyles) error {
	if _, err := f.NewSheet(t.Name); err != nil {
		return err
	}
	if err := printed(f, t.Name); err != nil {
		return err
	}
	sw, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, width := range t.Widths {
		if err := sw.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for n, row := range append([][]string{t.Header}, t.Rows...) {
		style := styles.wrapped
		if n == 0 {
			style = styles.bold
		}
		cells := make([]any, len(row))
		for k, c := range row {
			cells[k] = excelize.Cell{StyleID: style, Value: shortened(plain(c), mostInCell)}
		}
		if err := sw.SetRow("A"+strconv.Itoa(n+1), cells, excelize.RowOpts{Height: t.height(row)}); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(t.Header), len(t.Rows)+1)
	if err != nil {
		return err
	}
	return f.AutoFilter(t.Name, "A1:"+last, nil)
}

// height is that of a row whose cells are wrapped, in points: no program works
// it out when it opens the file. Wide characters count twice.
func (t *evidenceTable) height(row []string) float64 {
	const line, most = 15.0, 20
	lines := 1.0
	for i, cell := range row {
		lines = max(lines, math.Ceil(float64(runewidth.StringWidth(cell))/(t.Widths[i]-1)))
	}
	return line * min(lines, most)
}
