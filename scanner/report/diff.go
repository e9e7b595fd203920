package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"prescreen/scanner"
)

// Diff is what a correction of one file changed and what it left to a person.
type Diff struct {
	Info    scanner.RunInfo
	File    string // the file corrected
	Out     string // the corrected file, "" where none was written
	Changes []DiffRow
	Left    []DiffRow
}

// DiffRow is one finding that was corrected, or left.
type DiffRow struct {
	File, Sheet   string
	ID, Title     string
	Supplier      string
	Role          scanner.Role
	Column        string
	Rows          []int // 1-based physical rows that hold the text
	Level         scanner.Level
	Rule, Mark    string
	Was           Passage
	Becomes       Passage  // of a change
	Reason        string   // of a finding left: why, in one sentence
	Candidates    []string // what a person can pick, numbered from 1
	NoPick        bool     // nothing can be picked: the listing is not to be reworded
	Fingerprint   string
	CandidateUsed int // number of the candidate written, 0 for none
}

// Passage is a stretch of a field's text with what stands around it, as a
// person reads it: tags gone, hidden characters written out, on one line.
type Passage struct{ Before, Words, After string }

// PassageOf shows the bytes [start,end) of text.
func PassageOf(text string, start, end int) Passage {
	e := evidenceOf(text, &scanner.Finding{Span: scanner.Span{Start: start, End: end}})
	return Passage{e.Before, e.Hit, e.After}
}

// PickDelete is what stands in a Pick column to have the words deleted.
const PickDelete = "delete"

// DiffFormats lists the formats of WriteDiff.
func DiffFormats() []string { return []string{"html", "xlsx"} }

// WriteDiff writes a diff sheet in format (one of DiffFormats) to w. In the
// workbook a person can fill in the Pick column; ReadPicks reads it back.
func WriteDiff(format string, w io.Writer, opt Options, d Diff) error {
	if opt.Lang == nil {
		lang, err := scanner.LanguageFor("en")
		if err != nil {
			return err
		}
		opt.Lang = lang
	}
	switch format {
	case "xlsx":
		return writeDiffBook(w, words{opt.Lang}, &d)
	case "html":
		return writeDiffPage(w, words{opt.Lang}, &d)
	}
	return fmt.Errorf("no diff format %q: use one of %s", format, strings.Join(DiffFormats(), ", "))
}

// candidates lists what can be picked: "1 hook tape; 2 touch fastener; delete".
func (w words) candidates(r *DiffRow) string {
	if r.NoPick {
		return ""
	}
	var out []string
	for i, c := range r.Candidates {
		if i+1 != r.CandidateUsed {
			out = append(out, strconv.Itoa(i+1)+" "+visible(c))
		}
	}
	return strings.Join(append(out, PickDelete), "; ")
}

// cellsOf names the cells of a row of the diff.
func (w words) cellsOf(r *DiffRow) string {
	return w.Say("fix.place", "column", visible(r.Column), "rows", ranges(r.Rows))
}
