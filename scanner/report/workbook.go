package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// workbook writes the XLSX report. Rows wait in spools until the run is known,
// because the reader wants the worst first and a stream can only go forward;
// then every sheet is streamed once. excelize's cell by cell interface is not
// used: its rich text is quadratic in the number of cells.
type workbook struct {
	w        io.Writer
	words    words
	tally    *tally
	findings *spool
	listings *spool
	maxRows  int // rows a sheet can hold
	cells    []cell
	answers  bool // columns for a supplier's answer instead of the decision

	file    *excelize.File
	styles  styles
	clipped int // cells cut at Excel's limit
	left    []string
}

const (
	sheetRows = 1048576 // rows Excel can hold, the heading included
	cellLimit = 32767   // UTF-16 units Excel can hold in a cell
)

func newWorkbook(w io.Writer, opt Options) Writer {
	return &workbook{w: w, words: words{opt.Lang}, answers: opt.Answers, findings: newSpool(), listings: newSpool(), maxRows: sheetRows}
}

func (b *workbook) Begin(info scanner.RunInfo) error {
	b.tally = newTally(info)
	return nil
}

func (b *workbook) Result(r scanner.Result) error {
	b.tally.add(&r)
	found := shownFindings(&r)
	if len(found) == 0 {
		return nil
	}
	if err := b.listings.add(rank(r.Level, r.Rights, r.Platform), b.listingRow(&r, found)); err != nil {
		return err
	}
	for _, f := range found {
		if err := b.findings.add(findingRank(f), b.findingRow(&r.Listing, f)); err != nil {
			return err
		}
	}
	return nil
}

func (b *workbook) Unread(u scanner.Unread) error {
	b.tally.miss(u)
	return nil
}

func (b *workbook) End(s scanner.Summary) (err error) {
	b.tally.history = s.History
	defer b.findings.close()
	defer b.listings.close()
	b.file = excelize.NewFile()
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if b.styles, err = newStyles(b.file); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	if err = b.sheets(s); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return b.save()
}

// save writes the package once its sheets stand.
func (b *workbook) save() error {
	day := runDay(b.tally.info.AsOf)
	if err := b.properties(day); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	b.sortContentTypes()
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newPackage(b.w, day) })
	return b.file.Write(io.Discard)
}

// sheets fills every sheet; the summary is first in the book and last to be
// written, because it reports what the others could not hold.
func (b *workbook) sheets(s scanner.Summary) error {
	names := []string{"summary", "listings", "findings", "marks", "suppliers", "files"}
	if b.tally.history != nil {
		names = append(names, "history", "rollups")
		if len(b.tally.history.SupplierTrend) > 0 {
			names = append(names, "trends")
		}
	}
	for i, n := range names {
		title := b.sheetName(n)
		if i == 0 {
			if err := b.file.SetSheetName("Sheet1", title); err != nil {
				return err
			}
		} else if _, err := b.file.NewSheet(title); err != nil {
			return err
		}
	}
	steps := []func() error{b.listingSheet, b.findingSheet, b.markSheet, b.supplierSheet, func() error { return b.fileSheet(s) }, b.historySheet, b.rollupSheet, b.trendSheet}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return b.summarySheet(s)
}

// sheetName gives the sheet's name in the report's language, as Excel allows it.
func (b *workbook) sheetName(id string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '-'
		}
		return r
	}, b.words.Say("workbook.sheet."+id))
	return firstGraphemes(name, 31)
}

func (b *workbook) properties(day time.Time) error {
	at := day.Format(time.RFC3339)
	info := b.tally.info
	if err := b.file.SetDocProps(&excelize.DocProperties{
		Title: b.words.Say("report.heading", "date", info.AsOf), Creator: info.Tool + " " + info.Version,
		LastModifiedBy: info.Tool, Created: at, Modified: at, Language: b.words.Tag(),
	}); err != nil {
		return err
	}
	return b.file.SetAppProps(&excelize.AppProperties{Application: info.Tool})
}

// sortContentTypes puts the picture types, which excelize adds in the order of
// a map, in one fixed order.
func (b *workbook) sortContentTypes() {
	if types := b.file.ContentTypes; types != nil {
		sort.Slice(types.Defaults, func(i, j int) bool { return types.Defaults[i].Extension < types.Defaults[j].Extension })
	}
}

// runDay is the day of the run; the first day a ZIP can name when there is none.
func runDay(asOf string) time.Time {
	day, err := time.Parse(time.DateOnly, asOf)
	if err != nil || day.Year() < 1980 || day.Year() > 2107 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return day
}

// sheet is one sheet being streamed.
type sheet struct {
	book   *workbook
	name   string
	stream *excelize.StreamWriter
	layout layout
	row    int // rows written
	values []any
}

// column describes one column of a table sheet.
type column struct {
	id    string  // completes the message id "workbook.col."
	width float64 // in characters
	kind  columnKind
	hide  bool
}

// columnKind says how a column's cells are laid out.
type columnKind byte

const (
	onOneLine columnKind = iota // text that may run out of sight
	wrapped                     // text the reader must see whole: the row grows with it
	numeric                     // heading at the right
)

// layout says how a sheet is set up before its first row.
type layout struct {
	columns   []column
	frozen    int // columns that stay when scrolling right
	printed   int // columns on paper, 0 for all
	portrait  bool
	noHeading bool // a free sheet, without heading row and filter
}

func (b *workbook) newSheet(id string, l layout) (*sheet, error) {
	name := b.sheetName(id)
	if err := b.paper(name, l); err != nil {
		return nil, err
	}
	stream, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	s := &sheet{book: b, name: name, stream: stream, layout: l}
	for i, c := range l.columns {
		if err = errors.Join(stream.SetColWidth(i+1, i+1, c.width), stream.SetColVisible(i+1, i+1, !c.hide)); err != nil {
			return nil, err
		}
	}
	if l.noHeading {
		return s, nil
	}
	if err = s.freeze(l.frozen); err != nil {
		return nil, err
	}
	heads := make([]cell, len(l.columns))
	for i, c := range l.columns {
		heads[i] = heading(b.words.Say("workbook.col."+c.id), c.kind)
	}
	return s, s.write(heads)
}

// freeze keeps the heading row and the first columns in sight.
func (s *sheet) freeze(columns int) error {
	corner, err := excelize.CoordinatesToCellName(columns+1, 2)
	if err != nil {
		return err
	}
	pane := "bottomRight"
	if columns == 0 {
		pane = "bottomLeft"
	}
	return s.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: corner, ActivePane: pane})
}

// paper sets how the sheet prints: A4, one page wide, the heading on every page.
func (b *workbook) paper(name string, l layout) error {
	a4, wide, tall, fit, height := 9, 1, 0, true, 15.0
	turn := "landscape"
	if l.portrait {
		turn = "portrait"
	}
	err := errors.Join(
		b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit, DefaultRowHeight: &height, CustomHeight: &fit}),
		b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &turn, FitToWidth: &wide, FitToHeight: &tall}),
		b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&8&A&R&8&P / &N"}))
	if err != nil || l.noHeading {
		return err
	}
	quoted := "'" + strings.ReplaceAll(name, "'", "''") + "'"
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quoted + "!$1:$1", Scope: name})
}

// write adds one row, as tall as its wrapped cells need.
func (s *sheet) write(cells []cell) error {
	s.row++
	s.values = s.values[:0]
	lines, wide := 1, false
	for i, c := range cells {
		wrap := i < len(s.layout.columns) && s.layout.columns[i].kind == wrapped
		if wrap || c.kind == headCell {
			lines = max(lines, c.lines(s.layout.columns[i].width))
			wide = wide || c.wide()
		}
		s.values = append(s.values, s.book.value(c, wrap))
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, s.values, excelize.RowOpts{Height: rowHeight(lines, wide)})
}

const (
	lineHeight = 13.2 // points, of the 10 point font
	wideHeight = 15.6 // the same with the ideographs of the usual fonts
	linesShown = 12   // a taller row would push the others off the screen
)

// rowHeight is the height of a row of so many lines; one line fits either way.
func rowHeight(lines int, wide bool) float64 {
	height := lineHeight
	if wide && lines > 1 {
		height = wideHeight
	}
	return 2 + height*float64(min(lines, linesShown))
}

// wideFrom is the first of the characters that take two columns: ideographs,
// kana, hangul, full width.
const wideFrom = 0x2E80

func (c cell) wide() bool {
	return strings.ContainsFunc(c.text, func(r rune) bool { return r >= wideFrom })
}

// lines estimates how many lines the cell takes in a column of this width.
func (c cell) lines(width float64) int {
	need := 0.0
	for _, s := range [...]string{c.before, c.text, c.after} {
		for _, r := range s {
			need += share(r)
		}
	}
	return max(1, int(need/width+0.95))
}

// share is how much of a line r takes, in characters of the larger font that
// widths are counted in, with what is lost where words wrap before the edge.
func share(r rune) float64 {
	switch {
	case r >= wideFrom:
		return 1.9
	case r >= 'A' && r <= 'Z' || r > 0x7f && unicode.IsUpper(r):
		return 1.2
	}
	return 0.93
}

// finish adds the filter over all rows and columns, the print area, and closes the sheet.
func (s *sheet) finish(l layout) error {
	if !l.noHeading {
		end, err := excelize.CoordinatesToCellName(len(l.columns), max(s.row, 2))
		if err != nil {
			return err
		}
		if err = s.book.file.AutoFilter(s.name, "A1:"+end, nil); err != nil {
			return err
		}
		// Listing ids are often digits; they are meant to be text.
		if err = s.book.file.AddIgnoredErrors(s.name, "A1:"+end, excelize.IgnoredErrorsNumberStoredAsText); err != nil {
			return err
		}
	}
	if l.printed > 0 {
		last, err := excelize.ColumnNumberToName(l.printed)
		if err != nil {
			return err
		}
		area := fmt.Sprintf("'%s'!$A$1:$%s$%d", strings.ReplaceAll(s.name, "'", "''"), last, max(s.row, 1))
		if err = s.book.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: s.name}); err != nil {
			return err
		}
	}
	return s.stream.Flush()
}

// spooled writes the rows of a spool, worst first, as many as the sheet holds;
// what does not fit is told on the summary.
func (b *workbook) spooled(id string, l layout, rows *spool, done func(*sheet) error) error {
	s, err := b.newSheet(id, l)
	if err != nil {
		return err
	}
	if err = rows.worstFirst(b.maxRows-1, func(cells []cell) error { return s.write(cells) }); err != nil {
		return err
	}
	if more := rows.len() - (b.maxRows - 1); more > 0 {
		b.left = append(b.left, b.words.Say("workbook.left_out", "count", grouped(more), "sheet", s.name))
	}
	rows.close()
	if done != nil {
		if err = done(s); err != nil {
			return err
		}
	}
	return s.finish(l)
}

// rows writes rows that are all in memory.
func (b *workbook) rows(id string, l layout, rows [][]cell) error {
	s, err := b.newSheet(id, l)
	if err != nil {
		return err
	}
	for _, r := range rows[:min(len(rows), b.maxRows-1)] {
		if err = s.write(r); err != nil {
			return err
		}
	}
	if more := len(rows) - (b.maxRows - 1); more > 0 {
		b.left = append(b.left, b.words.Say("workbook.left_out", "count", grouped(more), "sheet", s.name))
	}
	return s.finish(l)
}

// levelCells gives the counts from critical down to low.
func levelCells(l levels) []cell {
	return []cell{number(l[scanner.Critical]), number(l[scanner.High]), number(l[scanner.Medium]), number(l[scanner.Low])}
}

var levelColumns = []column{{id: "critical", width: 9, kind: numeric}, {id: "high", width: 9, kind: numeric},
	{id: "medium", width: 9, kind: numeric}, {id: "low", width: 9, kind: numeric}}

// columns joins column groups.
func columns(parts ...[]column) []column { return slices.Concat(parts...) }
