package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"prescreen/scanner"
)

// csvHeader names the columns; the names are those of the JSON contract and
// the same in every language, so that a program may rely on them.
var csvHeader = []string{
	"level", "file", "sheet", "row", "column", "store", "id", "title", "category", "supplier", "marketplace", "url",
	"field", "mark", "kind", "right", "owner", "text", "evidence", "form", "use",
	"certainty", "use_risk", "rights", "platform", "why", "advice", "preferred", "replacements", "steps",
	"excused", "rule", "fingerprint",
}

// table writes one row per finding as CSV the way Excel opens it right: byte
// order mark, CRLF, no cell that could be a formula, hidden characters shown.
type table struct {
	w   io.Writer
	csv *csv.Writer
	opt Options
	row []string
}

func newTable(w io.Writer, opt Options) Writer {
	t := &table{w: w, csv: csv.NewWriter(w), opt: opt}
	t.csv.UseCRLF = true
	return t
}

func (t *table) Begin(scanner.RunInfo) error {
	if _, err := io.WriteString(t.w, "\uFEFF"); err != nil {
		return err
	}
	return t.csv.Write(csvHeader)
}

func (t *table) Result(r scanner.Result) error {
	for i := range r.Findings {
		f := &r.Findings[i]
		if !t.opt.All && !shown(f) {
			continue
		}
		t.fill(&r.Listing, f)
		if err := t.csv.Write(t.row); err != nil {
			return err
		}
	}
	return nil
}

// fill sets the row for one finding, in the order of csvHeader.
func (t *table) fill(l *scanner.Listing, f *scanner.Finding) {
	n := strconv.Itoa
	t.row = append(t.row[:0],
		f.Level.String(), l.Origin.File, l.Origin.Sheet, n(f.Row), f.Column, l.Store, l.ID, l.Title(), l.Category,
		l.Supplier, l.Marketplace, l.URL,
		string(f.Role), f.Mark, f.Kind, f.Right, f.Owner, f.Text, evidenceIn(l, f).String(), string(f.Form), string(f.Use),
		n(f.Certainty.Points), n(f.UseRisk.Points), n(f.Rights), n(f.Platform.Points), f.Why, f.Advice, f.Preferred,
		strings.Join(f.Replacements, "; "), strings.Join(f.Steps, "; "), f.Excused, f.Rule, f.Fingerprint)
	for i, cell := range t.row {
		t.row[i] = inert(visible(cell))
	}
}

// Unread rows have no place in a table of findings; the other formats list them.
func (t *table) Unread(scanner.Unread) error { return nil }

func (t *table) End(scanner.Summary) error {
	t.csv.Flush()
	return t.csv.Error()
}
