package table

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// candidate is a sheet that was looked at.
type candidate struct {
	sheet *sheet
	head  []record
	match *match
}

// planContainer chooses the sheets to read. The error says why there is none.
func (f *File) planContainer(ls []*layout, c *container) ([]*table, error) {
	if c.Err != nil {
		return nil, f.word(c.Err)
	}
	if len(c.Sheets) == 0 {
		return nil, errors.New(f.lang.Say("layout.no-sheets"))
	}
	looked, notes, err := f.look(ls, c)
	if err != nil {
		return nil, err
	}
	if len(f.opt.Columns) > 0 {
		return f.chosen(ls, looked, append(f.words(c.Notes), notes...))
	}
	used, rest := splitUsed(looked)
	if len(used) == 0 || used[0].match.generic() {
		if say := f.wrongExport(ls, looked); say != "" {
			return nil, errors.New(say)
		}
	}
	if len(used) == 0 {
		return nil, f.noColumns(looked)
	}
	for _, r := range rest {
		notes = append(notes, f.lang.Say("layout.sheet-unknown", "sheet", r.sheet.Name))
	}
	if f.opt.Explain {
		f.explain(ls, used, rest)
	}
	if len(used) > 1 {
		notes = append(notes, f.lang.Say("layout.several-sheets", "n", len(used)))
	}
	return f.tables(used, append(f.words(c.Notes), notes...)), nil
}

// look recognises each visible sheet, and notes those that are skipped. Sheets
// named like examples or help are looked at only where no other holds text.
func (f *File) look(ls []*layout, c *container) (looked []*candidate, notes []string, err error) {
	var failed error
	var decoys []*candidate
	for _, s := range c.Sheets {
		if s.Hidden {
			notes = append(notes, f.lang.Say("layout.sheet-hidden", "sheet", s.Name))
			continue
		}
		head, err := peek(s)
		switch {
		case err != nil && len(head) == 0:
			failed = fmt.Errorf("%s: %w", f.lang.Say("layout.sheet-unreadable", "sheet", s.Name), f.word(err))
			notes = append(notes, failed.Error())
		case len(head) == 0:
		default:
			one := &candidate{sheet: s, head: head, match: recognise(ls, s.Name, head)}
			if one.decoy(ls) {
				decoys = append(decoys, one)
			} else {
				looked = append(looked, one)
			}
		}
	}
	if len(looked) == 0 && len(decoys) > 0 {
		return decoys, notes, nil
	}
	for _, d := range decoys {
		notes = append(notes, f.lang.Say("layout.sheet-skipped", "sheet", d.sheet.Name))
	}
	if len(looked) == 0 {
		return nil, nil, f.nothingThere(failed, notes)
	}
	return looked, notes, nil
}

// nothingThere is the reason why no sheet could be looked at.
func (f *File) nothingThere(failed error, notes []string) error {
	if failed != nil {
		return failed
	}
	if len(notes) > 0 {
		return errors.New(f.lang.Say("layout.only-skipped", "sheets", strings.Join(notes, "; ")))
	}
	return errors.New(f.lang.Say("layout.empty"))
}

// decoy tells by a sheet's name that it holds no listings of its own: a name
// that means help everywhere, or one of its platform's.
func (c *candidate) decoy(ls []*layout) bool {
	generic := ls[len(ls)-1]
	if nameFits(generic.SkipSheets, c.sheet.Name) {
		return true
	}
	return c.match != nil && nameFits(c.match.shape.platform.SkipSheets, c.sheet.Name)
}

// splitUsed keeps the recognised sheets. Where a marketplace's own sheet is
// there, sheets that only look like some table are help.
func splitUsed(looked []*candidate) (used, rest []*candidate) {
	specific := false
	for _, c := range looked {
		specific = specific || c.match != nil && !c.match.generic()
	}
	for _, c := range looked {
		if c.match != nil && !(specific && c.match.generic()) {
			used = append(used, c)
		} else {
			rest = append(rest, c)
		}
	}
	return used, rest
}

// tables pairs the used sheets; the notes about the file go with the first.
func (f *File) tables(used []*candidate, notes []string) []*table {
	var ts []*table
	for i, c := range used {
		t := &table{sheet: c.sheet, match: c.match}
		if i == 0 {
			t.notes = notes
		}
		ts = append(ts, t)
	}
	return ts
}

// wrongExport returns the sentence of the first layout that knows one of the
// sheets as an export without texts, or "".
func (f *File) wrongExport(ls []*layout, looked []*candidate) string {
	for _, c := range looked {
		for _, rec := range c.head {
			h := newHeader(rec.Row, rec.Cells)
			for _, l := range ls {
				for _, w := range l.WrongExport {
					if w.fits(h) {
						return w.Say.in(f.lang.Tag())
					}
				}
			}
		}
	}
	return ""
}

func (w *wrong) fits(h *header) bool {
	for _, t := range w.All {
		if !h.has(t) {
			return false
		}
	}
	if len(w.Any) > 0 && len(h.findAll(w.Any)) == 0 {
		return false
	}
	return len(h.findAll(w.Not)) == 0
}

// noColumns explains that no column is named like a title or description, and
// prints the --columns to use.
func (f *File) noColumns(looked []*candidate) error {
	h, below := widest(looked)
	if mostlyValues(h.cells) {
		return errors.New(f.lang.Say("layout.no-header", "row", h.row, "cells", someCells(h.cells)))
	}
	return errors.New(f.lang.Say("layout.no-columns", "row", h.row, "cells", someCells(h.cells), "example", wordiest(h, below)))
}

// widest is the first record of the sheets with the most names, and the
// records below it.
func widest(looked []*candidate) (best *header, below []record) {
	for _, c := range looked {
		for i, rec := range c.head {
			h := newHeader(rec.Row, rec.Cells)
			if best == nil || len(h.at) > len(best.at) {
				best, below = h, c.head[i+1:]
			}
		}
	}
	return best, below
}

// wordiest is the header cell of the column with the longest texts below it:
// the best guess at a title to name in a message.
func wordiest(h *header, below []record) string {
	best, most := "", -1
	for c, cell := range h.cells {
		if noText(cell) {
			continue
		}
		n := 0
		for _, rec := range below {
			if v := cellAt(rec, c); !strings.Contains(v, "://") {
				n += utf8.RuneCountInString(v)
			}
		}
		if n > most {
			best, most = cell, n
		}
	}
	return best
}

// someCells lists the header cells for a message, shortened.
func someCells(cells []string) string {
	const most, longest = 40, 60
	var out []string
	for _, c := range cells {
		c = strings.Join(strings.Fields(c), " ")
		if c == "" {
			continue
		}
		if len(out) == most {
			out = append(out, "...")
			break
		}
		if r := []rune(c); len(r) > longest {
			c = string(r[:longest]) + "..."
		}
		out = append(out, c)
	}
	return strings.Join(out, ", ")
}

// chosen plans the tables for the columns the user named: the recognised
// header of a sheet first, else its first record that holds all of them.
func (f *File) chosen(ls []*layout, looked []*candidate, notes []string) ([]*table, error) {
	var used []*candidate
	var missing string
	for _, c := range looked {
		m, miss := f.chooseIn(ls, c)
		if m == nil {
			missing = first(missing, miss)
			continue
		}
		used = append(used, &candidate{sheet: c.sheet, head: c.head, match: m})
	}
	if len(used) == 0 {
		h, _ := widest(looked)
		return nil, errors.New(f.lang.Say("layout.column-missing", "header", missing, "row", h.row, "cells", someCells(h.cells)))
	}
	return f.tables(used, notes), nil
}

func (f *File) chooseIn(ls []*layout, c *candidate) (m *match, missing string) {
	if c.match != nil {
		if cs, miss := chosenColumns(c.match.header, f.opt.Columns); miss == "" {
			m := *c.match
			m.columns, m.chosen = cs, true
			return &m, ""
		}
	}
	for _, rec := range c.head {
		h := newHeader(rec.Row, rec.Cells)
		cs, miss := chosenColumns(h, f.opt.Columns)
		if miss == "" {
			return f.chosenMatch(ls, c, h, cs), ""
		}
		missing = first(missing, miss)
	}
	return nil, missing
}

// chosenMatch reads a record that no signature took as a header: grouping and
// help rows are those of the sheet's platform, where it has one.
func (f *File) chosenMatch(ls []*layout, c *candidate, h *header, cs columns) *match {
	if c.match != nil {
		m := *c.match
		m.header, m.columns, m.chosen = h, cs, true
		m.first = max(m.first, h.row+1)
		return &m
	}
	generic := ls[len(ls)-1]
	return &match{
		shape:   &shape{Name: "columns", platform: generic},
		header:  h,
		columns: cs,
		chosen:  true,
		first:   h.row + 1,
	}
}
