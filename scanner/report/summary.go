package report

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

const (
	summaryGroups = 12   // marketplaces, suppliers and files shown on the summary
	summaryUnread = 1000 // unread rows and notes shown on the summary
	summaryWidth  = 10   // columns of its tables
	summaryChars  = 110  // characters they hold side by side
	chartBars     = 10
	chartsFrom    = "L" // the charts stand to the right of the tables
)

var summaryLayout = layout{noHeading: true, columns: []column{
	{width: 34, kind: wrapped}, {width: 11}, {width: 11}, {width: 9}, {width: 9}, {width: 9}, {width: 9}, {width: 9}, {width: 10}, {width: 9}, {width: 3}}}

// summary writes the first sheet from top to bottom.
type summary struct {
	*sheet
	run      scanner.Summary
	levelRow int // row of the first level, for its chart
	trendRow int // row of the first scan of the trend, 0 without
	err      error
}

func (b *workbook) summarySheet(run scanner.Summary) error {
	sh, err := b.newSheet("summary", summaryLayout)
	if err != nil {
		return err
	}
	grid := false
	if err = b.file.SetSheetView(sh.name, 0, &excelize.ViewOptions{ShowGridLines: &grid}); err != nil {
		return err
	}
	s := &summary{sheet: sh, run: run}
	s.head()
	s.levels()
	s.history()
	s.groups("markets", "marketplace", b.tally.markets, func(n string) string { return b.words.name("platform", n) })
	s.groups("suppliers", "supplier", b.tally.suppliers, nil)
	s.groups("files", "file", b.tally.files, nil)
	s.facts()
	s.packs()
	s.notChecked()
	if s.err != nil {
		return s.err
	}
	if err = b.charts(s); err != nil {
		return err
	}
	return s.finish(summaryLayout)
}

// put writes one row unless an earlier one failed.
func (s *summary) put(cells ...cell) {
	if s.err == nil {
		s.err = s.write(cells)
	}
}

// styled writes one line of text in the given style.
func (s *summary) styled(style int, height float64, line string) {
	if s.err != nil {
		return
	}
	s.row++
	at := "A" + strconv.Itoa(s.row)
	cells := make([]any, summaryWidth)
	for i := range cells {
		cells[i] = excelize.Cell{StyleID: style}
	}
	cells[0] = excelize.Cell{StyleID: style, Value: s.book.clip(visible(line))}
	s.err = s.stream.SetRow(at, cells, excelize.RowOpts{Height: height})
}

func (s *summary) section(id string, pairs ...any) {
	s.row++ // an empty row above
	s.styled(s.book.styles.section, 20, s.book.words.Say(id, pairs...))
	if row := strconv.Itoa(s.row); s.err == nil {
		s.err = s.stream.MergeCell("A"+row, "J"+row)
	}
}

// fact writes a label and its value.
func (s *summary) fact(id, value string) {
	if s.err != nil {
		return
	}
	s.row++
	row := strconv.Itoa(s.row)
	s.err = errors.Join(
		s.stream.SetRow("A"+row, []any{
			excelize.Cell{StyleID: s.book.styles.label, Value: s.book.words.Say("workbook.fact." + id)}, s.book.value(text(value), false)}),
		s.stream.MergeCell("B"+row, "J"+row))
}

// heads writes table headings.
func (s *summary) heads(ids ...string) {
	cells := make([]cell, len(ids))
	for i, id := range ids {
		kind := numeric
		if i == 0 || id == "version" || id == "sha256" {
			kind = onOneLine
		}
		cells[i] = heading(s.book.words.Say("workbook.col."+id), kind)
	}
	s.put(cells...)
}

func (s *summary) head() {
	w, run := s.book.words, s.run
	s.styled(s.book.styles.title, 30, w.Say("report.heading", "date", s.book.tally.info.AsOf))
	s.styled(0, 16, w.Say("report.counts", "listings", grouped(run.Listings), "rows", grouped(run.Rows),
		"flagged", grouped(run.Flagged), "findings", grouped(run.Findings)))
	for _, sentence := range run.Standing {
		s.long(sentence)
	}
}

func (s *summary) levels() {
	s.section("workbook.by_level")
	s.heads("level", "listings", "share")
	s.levelRow = s.row + 1
	for level := scanner.Critical; level >= scanner.Low; level-- {
		share := 0
		if s.run.Listings > 0 {
			share = s.run.Levels[level] * 1000 / s.run.Listings
		}
		s.put(s.book.levelCell(level), number(s.run.Levels[level]), cell{kind: shareCell, number: share})
	}
	s.put(text(s.book.words.Say("workbook.clean")), number(s.run.Listings-s.run.Flagged))
	s.put(text(s.book.words.Say("workbook.excused_findings")), number(s.run.Excused))
	s.put(text(s.book.words.Say("workbook.unread_rows")), number(s.run.Unread))
}

func (s *summary) history() {
	h := s.book.tally.history
	if h == nil {
		return
	}
	s.section("report.since", "date", h.Since)
	for _, part := range changeParts(h) {
		s.put(text(s.book.words.Say("change."+part.name)), number(len(part.changes)))
	}
	if len(h.Trend) == 0 {
		return
	}
	s.section("workbook.trend")
	s.heads("date", "critical", "high", "medium", "low")
	s.trendRow = s.row + 1
	for _, p := range h.Trend {
		s.put(text(p.Date), number(p.Levels[scanner.Critical]), number(p.Levels[scanner.High]), number(p.Levels[scanner.Medium]), number(p.Levels[scanner.Low]))
	}
}

// groups writes the levels of the worst groups.
func (s *summary) groups(section, column string, g groups, name func(string) string) {
	if len(g) == 0 {
		return
	}
	s.section("workbook.by_" + section)
	s.heads(column, "screened", "flagged", "critical", "high", "medium", "low", "share", "findings", "excused_count")
	all := g.sorted()
	for _, one := range all[:min(summaryGroups, len(all))] {
		label := s.book.words.orNone(one.Name)
		if name != nil && one.Name != "" {
			label = name(one.Name)
		}
		cells := s.book.groupCells(one)
		s.put(append([]cell{text(label)}, cells[:len(cells)-1]...)...)
	}
	if more := len(all) - summaryGroups; more > 0 {
		s.put(text(s.book.words.Say("report.and_more", "count", grouped(more))))
	}
}

func (s *summary) facts() {
	info := s.book.tally.info
	s.section("workbook.run")
	s.fact("tool", info.Tool+" "+info.Version)
	s.fact("as_of", info.AsOf)
	s.fact("marketplace", s.book.words.name("platform", wireRun(info).Marketplace))
	s.fact("fail_on", s.book.words.name("level", info.FailOn))
	s.fact("elapsed", seconds(s.run.ElapsedMS))
}

func (s *summary) packs() {
	s.section("workbook.packs")
	s.heads("pack", "rules", "version", "sha256")
	s.widenHash()
	for _, p := range s.book.tally.info.Packs {
		s.put(text(p.Name), number(p.Rules), text(p.Version), text(p.SHA256))
		s.widenHash()
	}
}

// widenHash lets the hash of the last row take the width left.
func (s *summary) widenHash() {
	if s.err == nil {
		row := strconv.Itoa(s.row)
		s.err = s.stream.MergeCell("D"+row, "J"+row)
	}
}

// notChecked says what a reader must not take for screened, and what the
// workbook itself could not hold.
func (s *summary) notChecked() {
	b := s.book
	notes := b.words.notChecked(b.tally, s.run)
	notes = append(notes, b.left...)
	if b.clipped > 0 {
		notes = append(notes, b.words.Say("workbook.clipped", "count", grouped(b.clipped)))
	}
	s.section("report.not_checked")
	for _, n := range notes {
		s.long(n)
	}
	var lines []string
	for _, u := range b.tally.unread {
		place := b.words.place(u)
		if u.Line > 0 {
			place = b.words.Say("workbook.line", "place", place, "line", u.Line)
		}
		lines = append(lines, place+": "+visible(cause(u)))
	}
	s.list("workbook.unread_rows", lines, b.tally.unreadAll)
	lines = nil
	for _, n := range b.tally.notes {
		lines = append(lines, n.File+" "+n.ID+": "+n.Text)
	}
	s.list("workbook.bounded", lines, b.tally.notesAll)
}

// list writes a section of long lines, of all there are.
func (s *summary) list(id string, lines []string, all int) {
	if all == 0 {
		return
	}
	s.section(id)
	shown := min(summaryUnread, len(lines))
	for _, line := range lines[:shown] {
		s.long(line)
	}
	if more := all - shown; more > 0 {
		s.long(s.book.words.Say("report.and_more", "count", grouped(more)))
	}
}

// long writes a line across the width of the tables.
func (s *summary) long(line string) {
	if s.err != nil {
		return
	}
	s.row++
	row, c := strconv.Itoa(s.row), text(line)
	s.err = errors.Join(
		s.stream.SetRow("A"+row, []any{s.book.value(c, true)}, excelize.RowOpts{Height: rowHeight(c.lines(summaryChars), c.wide())}),
		s.stream.MergeCell("A"+row, "J"+row))
}

// charts puts the native charts beside the tables. They read the cells of the
// tables, so that a change by hand shows in them.
func (b *workbook) charts(s *summary) error {
	row := 4
	add := func(c *excelize.Chart) error {
		at := chartsFrom + strconv.Itoa(row)
		row += 18
		return b.file.AddChart(s.name, at, c)
	}
	if err := add(b.levelChart(s)); err != nil {
		return err
	}
	if n := min(chartBars, len(b.tally.marks)); n > 0 {
		if err := add(b.stacked("workbook.chart_marks", b.sheetName("marks"), n)); err != nil {
			return err
		}
	}
	if n := min(chartBars, len(b.tally.suppliers)); n > 1 {
		if err := add(b.stacked("workbook.chart_suppliers", b.sheetName("suppliers"), n)); err != nil {
			return err
		}
	}
	if s.trendRow > 0 {
		return add(b.trendChart(s))
	}
	return nil
}

func (b *workbook) chart(kind excelize.ChartType, title string) *excelize.Chart {
	ink := excelize.Font{Family: fontName, Size: 9, Color: "37474F"}
	gap, all := uint(45), 100
	c := &excelize.Chart{
		Type: kind, Dimension: excelize.ChartDimension{Width: 620, Height: 320}, GapWidth: &gap,
		Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: b.words.Say(title),
			Font: &excelize.Font{Family: fontName, Size: 12, Bold: true, Color: headFill}}}},
		Legend: excelize.ChartLegend{Position: "bottom"},
		XAxis:  excelize.ChartAxis{Font: ink}, YAxis: excelize.ChartAxis{Font: ink, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "#,##0"}},
		Border: excelize.LineOptions{Type: excelize.LineNone},
	}
	if kind == excelize.BarStacked {
		c.Overlap, c.XAxis.ReverseOrder = &all, true
	}
	return c
}

// levelChart has one series per level, because only then each keeps its colour.
func (b *workbook) levelChart(s *summary) *excelize.Chart {
	c := b.chart(excelize.Col, "workbook.chart_levels")
	c.PlotArea.ShowVal = true
	for i := range 4 {
		row := s.levelRow + i
		c.Series = append(c.Series, excelize.ChartSeries{
			Name: quoteSheet(s.name) + "!$A$" + strconv.Itoa(row), Categories: span(s.name, "B", s.levelRow-1, 1), Values: span(s.name, "B", row, 1),
			Fill: solid(levelLook[scanner.Critical-scanner.Level(i)].chart),
		})
	}
	return c
}

// stacked shows the levels of the first n rows of a sheet of marks or suppliers.
func (b *workbook) stacked(title, name string, n int) *excelize.Chart {
	c := b.chart(excelize.BarStacked, title)
	for i := range 4 {
		column, _ := excelize.ColumnNumberToName(levelsAt + i)
		c.Series = append(c.Series, excelize.ChartSeries{
			Name: quoteSheet(name) + "!$" + column + "$1", Categories: span(name, "A", 2, n), Values: span(name, column, 2, n),
			Fill: solid(levelLook[scanner.Critical-scanner.Level(i)].chart),
		})
	}
	return c
}

func (b *workbook) trendChart(s *summary) *excelize.Chart {
	c := b.chart(excelize.Line, "workbook.trend")
	n := len(b.tally.history.Trend)
	for i, column := range []string{"B", "C", "D", "E"} {
		colour := levelLook[scanner.Critical-scanner.Level(i)].chart
		c.Series = append(c.Series, excelize.ChartSeries{
			Name: quoteSheet(s.name) + "!$" + column + "$" + strconv.Itoa(s.trendRow-1), Categories: span(s.name, "A", s.trendRow, n),
			Values: span(s.name, column, s.trendRow, n), Fill: solid(colour), Line: excelize.LineOptions{Width: 2.25},
			Marker: excelize.ChartMarker{Symbol: []string{"circle", "square", "diamond", "triangle"}[i], Size: 7, Fill: solid(colour)},
		})
	}
	return c
}

// span names n cells of a column, downward from row.
func span(name, column string, row, n int) string {
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", quoteSheet(name), column, row, column, row+n-1)
}

func quoteSheet(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }
