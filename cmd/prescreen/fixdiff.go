package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"prescreen/scanner"
	"prescreen/scanner/report"
)

// show prints what changes and what is left, listing by listing, within 80
// columns, and counts both.
func (r *fixRun) show() (changes, left int) {
	d := diffPrinter{ui: r.a.ui}
	for _, p := range r.plans {
		for i := range p.changes {
			d.change(p, &p.changes[i])
		}
		for _, l := range p.left {
			d.leftover(p, l)
		}
		changes += len(p.changes)
		left += len(p.left)
	}
	return changes, left
}

// diffPrinter prints a diff on the terminal: per finding a line that says what,
// and one that says where and what else could be picked.
type diffPrinter struct{ ui *ui }

const terminalWidth = 80

// what begins the first line of a finding.
func (d *diffPrinter) what(p *plan, field int) string {
	return fitted(p.result.Listing.ID, 20) + "  " + fitted(d.ui.say("role."+string(p.result.Listing.Fields[field].Role)), 11) + "  "
}

// where begins the second.
func (d *diffPrinter) where(p *plan, field int) string {
	f := &p.result.Listing.Fields[field]
	column := runewidth.Truncate(plain(f.Column), 30, "…")
	return "      " + d.ui.say("fix.place", "column", column, "rows", joinRows(append([]int{f.Row}, f.Repeats...)))
}

func (d *diffPrinter) change(p *plan, c *change) {
	became := c.New
	if c.deletes {
		became = d.ui.say("fix.deleted")
	}
	line := d.what(p, c.Field) + plain(c.Old) + " → " + plain(became)
	rule, where := "  ("+plain(c.Rule)+")", d.where(p, c.Field)
	if runewidth.StringWidth(line+rule) > terminalWidth {
		line, where, rule = runewidth.Truncate(line, terminalWidth, "…"), where+runewidth.Truncate(rule, 30, "…)"), ""
	}
	d.ui.line(line + rule)
	f := &p.result.Findings[c.finding]
	d.candidates(where, f, usedCandidate(f, c))
}

func (d *diffPrinter) leftover(p *plan, l leftover) {
	f := &p.result.Findings[l.finding]
	d.ui.line(d.what(p, f.Field) + d.ui.paint(f.Level, fitted(d.ui.levelName(f.Level), 9)) + strings.TrimRight(fitted(f.Text, 36), " "))
	d.ui.wrapped("      "+d.ui.say(l.reason), nil)
	if untouchable[l.reason] {
		d.ui.line(d.where(p, f.Field))
	} else {
		d.candidates(d.where(p, f.Field), f, 0)
	}
}

const shownPrefix = 10 // digits of a fingerprint on the terminal

// candidates lists what --pick would take instead of what was, the number of
// the candidate used aside.
func (d *diffPrinter) candidates(where string, f *scanner.Finding, used int) {
	var parts []string
	for i, c := range f.Replacements {
		if i+1 != used {
			parts = append(parts, fmt.Sprintf("%d %s", i+1, plain(c)))
		}
	}
	parts = append(parts, report.PickDelete)
	d.ui.wrapped(where+"; "+d.ui.say("fix.or", "fingerprint", f.Fingerprint[:min(shownPrefix, len(f.Fingerprint))])+":", parts)
}

// usedCandidate is the number of the candidate that a change writes, 0 where it
// deletes or rewords.
func usedCandidate(f *scanner.Finding, c *change) int {
	if c.deletes || c.reworded {
		return 0
	}
	for i, x := range f.Replacements {
		if strings.Contains(strings.ToLower(c.New), strings.ToLower(x)) {
			return i + 1
		}
	}
	return 0
}

// joinRows writes row numbers, of many the first few.
func joinRows(rows []int) string {
	slices.Sort(rows)
	shown := make([]string, 0, 4)
	for i, n := range rows {
		if i == 3 && len(rows) > 4 {
			return strings.Join(append(shown, "…", itoa(rows[len(rows)-1])), ", ")
		}
		shown = append(shown, itoa(n))
	}
	return strings.Join(shown, ", ")
}

func diffFormat(path string) string {
	return strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
}

// writeDiffs writes the diff sheets asked for. A sheet with picks that this run
// was not given is kept, and the new one written beside it.
func (r *fixRun) writeDiffs() error {
	if len(r.f.diffs) == 0 {
		return nil
	}
	lang, err := scanner.LanguageFor(r.a.common.lang)
	if err != nil {
		return err
	}
	d := r.diff()
	for _, path := range r.f.diffs {
		place := path
		for n := 2; r.holdsPicks(place); n++ {
			place = numbered(path, n)
		}
		err := writeBeside(place, func(w io.Writer) error {
			return report.WriteDiff(diffFormat(path), w, report.Options{Lang: lang}, d)
		})
		if err != nil {
			return err
		}
		r.a.ui.line(r.a.ui.say("cli.fix.diff", "file", plain(place)))
	}
	return nil
}

// holdsPicks tells whether picks stand in a sheet that this run does not know.
func (r *fixRun) holdsPicks(path string) bool {
	if !fileExists(path) || diffFormat(path) != "xlsx" || slices.Contains(r.f.picks, path) {
		return false
	}
	found, err := report.ReadPicks(path)
	return err == nil && len(found) > 0
}

// diff collects the plans for a diff sheet.
func (r *fixRun) diff() report.Diff {
	d := report.Diff{Info: r.info, File: r.path}
	if !r.f.dryRun {
		d.Out = r.f.out
	}
	for _, p := range r.plans {
		after := scanner.Apply(p.result.Listing, p.cuts())
		for i := range p.changes {
			d.Changes = append(d.Changes, r.changeRow(p, &p.changes[i], &after))
		}
		for _, l := range p.left {
			row := diffRow(p, &p.result.Findings[l.finding])
			row.Reason, row.NoPick = r.a.ui.say(l.reason), untouchable[l.reason]
			d.Left = append(d.Left, row)
		}
	}
	return d
}

func diffRow(p *plan, f *scanner.Finding) report.DiffRow {
	l := &p.result.Listing
	field := &l.Fields[f.Field]
	rows := append([]int{field.Row}, field.Repeats...)
	slices.Sort(rows)
	return report.DiffRow{File: l.Origin.File, Sheet: l.Origin.Sheet, ID: l.ID, Title: l.Title(), Supplier: l.Supplier, Role: f.Role, Column: f.Column,
		Rows: rows, Level: f.Level, Rule: f.Rule, Mark: f.Mark, Was: report.PassageOf(field.Text, f.Span.Start, f.Span.End),
		Candidates: f.Replacements, Fingerprint: f.Fingerprint}
}

// changeRow is a change with the text before and after it.
func (r *fixRun) changeRow(p *plan, c *change, after *scanner.Listing) report.DiffRow {
	f := &p.result.Findings[c.finding]
	row := diffRow(p, f)
	row.CandidateUsed = usedCandidate(f, c)
	row.Was = report.PassageOf(p.result.Listing.Fields[c.Field].Text, c.Span.Start, c.Span.End)
	start, end := p.where(c)
	row.Becomes = report.PassageOf(after.Fields[c.Field].Text, start, end)
	return row
}

// where returns the bytes of the changed text that a change wrote.
func (out *plan) where(c *change) (start, end int) {
	moved := 0
	for _, cut := range out.cuts() {
		if cut.Field != c.Field {
			continue
		}
		if cut.Span.End > c.Span.Start || cut.Span.Start >= c.Span.Start {
			start = cut.Span.Start + moved
			return start, start + len(cut.New)
		}
		moved += len(cut.New) - (cut.Span.End - cut.Span.Start)
	}
	return c.Span.Start + moved, c.Span.Start + moved
}
