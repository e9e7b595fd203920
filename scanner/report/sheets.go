package report

import (
	"slices"
	"strconv"
	"strings"

	"prescreen/scanner"
)

var findingLayout = layout{frozen: 3, printed: 11, columns: []column{
	{id: "level", width: 10}, {id: "mark", width: 16}, {id: "text", width: 16}, {id: "evidence", width: 52, kind: wrapped},
	{id: "why", width: 40, kind: wrapped}, {id: "instead", width: 28, kind: wrapped},
	{id: "decision", width: 14}, {id: "reason", width: 24, kind: wrapped}, {id: "person", width: 12},
	{id: "id", width: 16}, {id: "title", width: 40, kind: wrapped}, {id: "supplier", width: 18}, {id: "marketplace", width: 14}, {id: "link", width: 24},
	{id: "file", width: 22}, {id: "sheet", width: 12}, {id: "row", width: 8, kind: numeric}, {id: "column", width: 16}, {id: "field", width: 12},
	{id: "kind", width: 16}, {id: "right", width: 14}, {id: "owner", width: 22}, {id: "form", width: 16}, {id: "use", width: 16},
	{id: "rights", width: 9, kind: numeric}, {id: "platform", width: 9, kind: numeric}, {id: "certainty", width: 9, kind: numeric}, {id: "use_risk", width: 9, kind: numeric},
	{id: "points", width: 48}, {id: "platform_points", width: 28}, {id: "steps", width: 30},
	{id: "advice", width: 40, kind: wrapped}, {id: "others", width: 28}, {id: "also", width: 20}, {id: "excused", width: 24, kind: wrapped}, {id: "rule", width: 20},
	{id: "fingerprint", width: 20, hide: true},
}}

// findingRow fills the columns of findingLayout. The cells are valid until the next row.
func (b *workbook) findingRow(l *scanner.Listing, f *scanner.Finding) []cell {
	w, e := b.words, evidenceIn(l, f)
	also := make([]string, len(f.Also))
	for i, a := range f.Also {
		also[i] = a.Mark
	}
	b.cells = append(b.cells[:0],
		b.levelCell(f.Level), text(f.Mark), text(f.Text), cell{kind: evidenceCell, text: e.Hit, before: e.Before, after: e.After},
		text(f.Why), text(w.instead(f)),
		b.firstInput(), cell{kind: inputCell}, cell{kind: inputCell},
		text(l.ID), text(titleOf(l)), text(l.Supplier), text(w.name("platform", l.Marketplace)), cell{kind: linkCell, text: visible(l.URL)},
		text(l.Origin.File), text(l.Origin.Sheet), number(f.Row), text(f.Column), text(w.name("role", string(f.Role))),
		text(w.name("kind", f.Kind)), text(w.name("right", f.Right)), text(f.Owner), text(w.name("form", string(f.Form))), text(w.name("use", string(f.Use))),
		number(f.Rights), number(f.Platform.Points), number(f.Certainty.Points), number(f.UseRisk.Points),
		text(w.rights(f)), text(w.points(f.Platform)), text(strings.Join(f.Steps, " → ")),
		text(f.Advice), text(others(f)), text(strings.Join(also, ", ")), text(f.Excused), text(f.Rule),
		text(f.Fingerprint))
	return b.cells
}

// others lists the replacements besides the preferred one.
func others(f *scanner.Finding) string {
	var out []string
	for _, r := range f.Replacements {
		if r != f.Preferred {
			out = append(out, r)
		}
	}
	return strings.Join(out, " / ")
}

func (b *workbook) levelCell(l scanner.Level) cell {
	return cell{kind: levelCell, number: int(l), text: b.words.level(l)}
}

func (b *workbook) findingSheet() error {
	if b.answers {
		return b.spooled("findings", answerLayout, b.findings, b.answerLists)
	}
	return b.spooled("findings", findingLayout, b.findings, b.decisionList)
}

var listingLayout = layout{frozen: 2, printed: 9, columns: []column{
	{id: "level", width: 10}, {id: "id", width: 18}, {id: "title", width: 52, kind: wrapped}, {id: "marks", width: 26, kind: wrapped}, {id: "instead", width: 30, kind: wrapped},
	{id: "findings", width: 9, kind: numeric}, {id: "rights", width: 9, kind: numeric}, {id: "platform", width: 9, kind: numeric}, {id: "supplier", width: 18},
	{id: "category", width: 24}, {id: "marketplace", width: 14}, {id: "store", width: 14}, {id: "excused_count", width: 9, kind: numeric},
	{id: "file", width: 24}, {id: "sheet", width: 12}, {id: "rows", width: 14}, {id: "link", width: 28}, {id: "notes", width: 30},
}}

// listingRow fills the columns of listingLayout. The cells are valid until the next row.
func (b *workbook) listingRow(r *scanner.Result, found []*scanner.Finding) []cell {
	l := &r.Listing
	var marks, instead []string
	excused := 0
	for _, f := range found {
		if f.Level == scanner.None {
			excused++
		}
		if !slices.Contains(marks, f.Mark) {
			marks = append(marks, f.Mark)
		}
		if f.Preferred != "" && !slices.Contains(instead, f.Text+" → "+f.Preferred) {
			instead = append(instead, f.Text+" → "+f.Preferred)
		}
	}
	if len(instead) == 0 {
		instead = append(instead, topFinding(found).Advice)
	}
	b.cells = append(b.cells[:0],
		b.levelCell(r.Level), text(l.ID), text(titleOf(l)), text(strings.Join(marks, ", ")), text(strings.Join(instead, "; ")),
		number(len(found)-excused), number(r.Rights), number(r.Platform), text(l.Supplier),
		text(l.Category), text(b.words.name("platform", l.Marketplace)), text(l.Store), number(excused),
		text(l.Origin.File), text(l.Origin.Sheet), text(ranges(l.Origin.Rows)), cell{kind: linkCell, text: visible(l.URL)},
		text(joined(r.Notes)))
	return b.cells
}

// topFinding is the worst of found, the first among equals.
func topFinding(found []*scanner.Finding) *scanner.Finding {
	top := found[0]
	for _, f := range found[1:] {
		if findingRank(f) > findingRank(top) {
			top = f
		}
	}
	return top
}

// ranges writes ascending row numbers as "2-4, 9".
func ranges(rows []int) string {
	var b strings.Builder
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(rows[i]))
		if j > i {
			b.WriteString("-" + strconv.Itoa(rows[j]))
		}
		i = j + 1
	}
	return b.String()
}

func (b *workbook) listingSheet() error {
	return b.spooled("listings", listingLayout, b.listings, nil)
}

// The charts of the summary read these two sheets from their second row on:
// the name in the first column, the levels from levelsAt.
const levelsAt = 4 // 1-based column of the critical count, in both

var markLayout = layout{frozen: 1, columns: columns([]column{{id: "mark", width: 24}, {id: "findings", width: 10, kind: numeric}, {id: "listings", width: 10, kind: numeric}}, levelColumns, []column{
	{id: "excused_count", width: 9, kind: numeric}, {id: "kind", width: 18}, {id: "right", width: 14}, {id: "owner", width: 30, kind: wrapped},
	{id: "spellings", width: 34, kind: wrapped}, {id: "instead", width: 24, kind: wrapped}, {id: "rule", width: 24}, {id: "source", width: 36, kind: wrapped}})}

func (b *workbook) markSheet() error {
	var rows [][]cell
	for _, m := range b.tally.byWeight() {
		rows = append(rows, slices.Concat(
			[]cell{text(m.Mark), number(m.Findings), number(m.Listings)}, levelCells(m.Levels),
			[]cell{number(m.Excused), text(b.words.name("kind", m.Kind)), text(b.words.name("right", m.Right)), text(m.Owner),
				text(strings.Join(m.Texts, ", ")), text(m.Preferred), text(m.Rule), text(m.Source)}))
	}
	return b.rows("marks", markLayout, rows)
}

var groupColumns = columns([]column{{id: "screened", width: 10, kind: numeric}, {id: "flagged", width: 10, kind: numeric}}, levelColumns,
	[]column{{id: "share", width: 10, kind: numeric}, {id: "findings", width: 10, kind: numeric}, {id: "excused_count", width: 9, kind: numeric}, {id: "top_marks", width: 48, kind: wrapped}})

var supplierLayout = layout{frozen: 1, columns: columns([]column{{id: "supplier", width: 30}}, groupColumns)}

// groupCells fills groupColumns.
func (b *workbook) groupCells(g *group) []cell {
	share := 0
	if g.Screened > 0 {
		share = g.Levels.flagged() * 1000 / g.Screened
	}
	return slices.Concat([]cell{number(g.Screened), number(g.Levels.flagged())}, levelCells(g.Levels),
		[]cell{{kind: shareCell, number: share}, number(g.Findings), number(g.Excused), text(strings.Join(g.topMarks(8), ", "))})
}

func (b *workbook) supplierSheet() error {
	var rows [][]cell
	for _, g := range b.tally.suppliers.sorted() {
		rows = append(rows, append([]cell{text(b.words.orNone(g.Name))}, b.groupCells(g)...))
	}
	return b.rows("suppliers", supplierLayout, rows)
}

var fileLayout = layout{frozen: 1, columns: []column{
	{id: "file", width: 32}, {id: "sheet", width: 14}, {id: "marketplace", width: 16}, {id: "container", width: 10}, {id: "encoding", width: 13},
	{id: "delimiter", width: 10}, {id: "header_row", width: 9, kind: numeric}, {id: "row_count", width: 10, kind: numeric}, {id: "listings", width: 10, kind: numeric},
	{id: "columns_used", width: 56, kind: wrapped}, {id: "file_notes", width: 44, kind: wrapped}, {id: "file_evidence", width: 44, kind: wrapped}}}

func (b *workbook) fileSheet(s scanner.Summary) error {
	var rows [][]cell
	for _, f := range s.Files {
		rows = append(rows, []cell{
			text(f.File), text(f.Sheet), text(b.words.name("platform", f.Platform)), text(f.Container), text(f.Encoding),
			text(delimiter(f.Delimiter)), number(f.HeaderRow), number(f.Rows), number(f.Listings),
			text(b.words.columnsUsed(f.Columns)), text(joined(f.Notes)), text(joined(f.Evidence))})
	}
	return b.rows("files", fileLayout, rows)
}

// delimiter names a delimiter that would not be seen in a cell.
func delimiter(d string) string {
	if d == "\t" {
		return "TAB"
	}
	return d
}

var historyLayout = layout{frozen: 2, columns: []column{
	{id: "change", width: 16}, {id: "level", width: 10}, {id: "mark", width: 20}, {id: "text", width: 20}, {id: "id", width: 18},
	{id: "title", width: 52, kind: wrapped}, {id: "supplier", width: 20}, {id: "field", width: 12}, {id: "first_seen", width: 12}, {id: "days", width: 9, kind: numeric}, {id: "store", width: 16}}}

func (b *workbook) historySheet() error {
	h := b.tally.history
	if h == nil {
		return nil
	}
	var rows [][]cell
	for _, part := range changeParts(h) {
		for _, c := range part.changes {
			rows = append(rows, []cell{
				text(b.words.Say("change." + part.name)), b.levelCell(c.Level), text(c.Mark), text(c.Text), text(c.ListingID),
				text(titleText(c.Title)), text(c.Supplier), text(b.words.name("role", string(c.Role))), text(c.FirstSeen), number(c.Days), text(c.Store)})
		}
	}
	return b.rows("history", historyLayout, rows)
}

var rollupLayout = layout{frozen: 2, printed: 8, columns: []column{
	{id: "grouped_by", width: 14}, {id: "name", width: 40, kind: wrapped}, {id: "new", width: 11, kind: numeric}, {id: "back", width: 11, kind: numeric},
	{id: "open", width: 11, kind: numeric}, {id: "fixed", width: 11, kind: numeric}, {id: "excused_count", width: 11, kind: numeric}, {id: "gone", width: 11, kind: numeric}}}

// rollupSheet counts the changes of every store, supplier and mark.
func (b *workbook) rollupSheet() error {
	h := b.tally.history
	if h == nil {
		return nil
	}
	var rows [][]cell
	for _, r := range rollups(h) {
		for _, t := range r.tallies {
			row := []cell{text(b.words.Say("workbook.col." + r.name)), text(b.words.orNone(t.Name))}
			for _, n := range tallyCounts(t) {
				row = append(row, number(n))
			}
			rows = append(rows, row)
		}
	}
	return b.rows("rollups", rollupLayout, rows)
}

var trendLayout = layout{frozen: 2, columns: columns([]column{{id: "supplier", width: 34}, {id: "date", width: 12}},
	levelColumns, []column{{id: "open", width: 11, kind: numeric}})}

// trendSheet lists the open findings of every supplier after each scan.
func (b *workbook) trendSheet() error {
	h := b.tally.history
	if h == nil || len(h.SupplierTrend) == 0 {
		return nil
	}
	var rows [][]cell
	for _, t := range supplierTrends(h) {
		for _, p := range t.points {
			l := levelsOf(p.Levels)
			rows = append(rows, slices.Concat([]cell{text(b.words.orNone(t.supplier)), text(p.Date)}, levelCells(l), []cell{number(l.flagged())}))
		}
	}
	return b.rows("trends", trendLayout, rows)
}
