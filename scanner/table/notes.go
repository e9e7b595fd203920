package table

import (
	"fmt"
	"slices"
	"strings"

	"prescreen/scanner"
)

// factsOf says how a table was understood.
func (f *File) factsOf(name string, t *table, r *rowReader, listings int) scanner.FileFacts {
	facts := scanner.FileFacts{
		File: name, Sheet: t.sheet.Name, Platform: t.match.platform(),
		Container: t.sheet.Container, Encoding: t.sheet.Encoding, Delimiter: t.sheet.Delimiter,
		HeaderRow: t.match.header.row, Columns: r.usedColumns(), Rows: r.rows, Listings: listings,
		Evidence: f.evidence(t.match),
	}
	facts.Notes = append(facts.Notes, t.notes...)
	facts.Notes = append(facts.Notes, f.words(t.sheet.Notes())...)
	facts.Notes = append(facts.Notes, f.rowNotes(t, r)...)
	return facts
}

// evidence says why a table was taken for what it is.
func (f *File) evidence(m *match) []string {
	why := f.lang.Say("layout.named-columns", "row", m.header.row)
	if len(m.found) > 0 {
		why = f.lang.Say("layout.because", "row", m.header.row, "headers", strings.Join(m.found, ", "),
			"platform", m.platform(), "shape", m.shape.Name)
	}
	return append([]string{why}, m.others...)
}

// usedColumns lists, for each role, the header cells of the columns that held
// text; where none of a role did, all of them, so that a reader sees what was
// looked at.
func (r *rowReader) usedColumns() map[string][]string {
	all, used := map[string][]string{}, map[string][]string{}
	see := func(role string, col int) {
		cell := r.m.header.cell(col)
		all[role] = append(all[role], cell)
		if r.usedCol[col] {
			used[role] = append(used[role], cell)
		}
	}
	for _, t := range r.m.columns.text {
		see(string(t.role), t.col)
	}
	for _, role := range metaRoles {
		for _, c := range r.m.columns.meta[role] {
			see(role, c)
		}
	}
	for role, cells := range all {
		if len(used[role]) == 0 {
			used[role] = cells
		}
	}
	return used
}

// rowNotes says what a careful reader should know about the rows of a table.
func (f *File) rowNotes(t *table, r *rowReader) []string {
	var notes []string
	say := func(id string, pairs ...any) { notes = append(notes, f.lang.Say(id, pairs...)) }
	if t.match.generic() && len(f.opt.Columns) == 0 {
		say("layout.guess", "row", t.match.header.row, "columns", guess(t.match))
	}
	if len(r.help) > 0 {
		say("layout.help-rows", "rows", rowList(r.help))
	}
	if len(r.skipped) > 0 {
		say("layout.skipped-rows", "rows", rowList(r.skipped))
	}
	if r.blank > 0 {
		say("layout.blank-rows", "n", r.blank)
	}
	if len(r.atLimit) > 0 {
		say("layout.cut-texts", "n", len(r.atLimit), "rows", rowList(r.atLimit))
	}
	if len(r.orphans) > 0 {
		say("layout.orphans", "n", len(r.orphans), "rows", rowList(r.orphans))
	}
	if r.cut > 0 {
		say("layout.cut-ids", "n", r.cut)
	}
	if from, to := r.emptyTitle(); from != "" {
		say("layout.empty-title", "from", from, "to", to)
	}
	if cols := r.other.columns(t.match.header); len(cols) > 0 && len(f.opt.Columns) == 0 {
		say("layout.other-text", "columns", strings.Join(cols, ", "))
	}
	if f.making.ids.repeated > 0 {
		say("layout.repeated-ids", "n", f.making.ids.repeated)
		f.making.ids.repeated = 0
	}
	return notes
}

// guess lists role=Header for the title and description columns.
func guess(m *match) string {
	var out []string
	for _, t := range m.columns.text {
		if t.role == scanner.Title || t.role == scanner.Description || t.role == scanner.Bullet {
			out = append(out, fmt.Sprintf("%s=%s", t.role, strings.TrimSpace(m.header.cell(t.col))))
		}
	}
	return strings.Join(out, ",")
}

// emptyTitle tells that the best title column holds nothing and which column
// gave the titles instead.
func (r *rowReader) emptyTitle() (from, to string) {
	for _, t := range r.m.columns.text {
		if t.role != scanner.Title {
			break
		}
		cell := strings.TrimSpace(r.m.header.cell(t.col))
		switch {
		case r.usedCol[t.col] && from != "":
			return from, cell
		case r.usedCol[t.col]:
			return "", ""
		case from == "":
			from = cell
		}
	}
	return "", ""
}

// rowList writes physical rows for a reader: 2-4, 7.
func rowList(rows []int) string {
	const most = 12
	rows = slices.Clone(rows)
	slices.Sort(rows)
	var out []string
	for i := 0; i < len(rows); {
		j := i
		for j+1 < len(rows) && rows[j+1] == rows[j]+1 {
			j++
		}
		if j > i {
			out = append(out, fmt.Sprintf("%d-%d", rows[i], rows[j]))
		} else {
			out = append(out, fmt.Sprint(rows[i]))
		}
		i = j + 1
	}
	if len(out) > most {
		out = append(out[:most], "...")
	}
	return strings.Join(out, ", ")
}
