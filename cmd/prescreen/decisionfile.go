package main

import (
	"archive/zip"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"prescreen/scanner/catalog"
	"prescreen/scanner/report"
)

// writtenDecision is a decision somebody wrote into a report or a list.
type writtenDecision struct {
	report.Decision
	On, Until string // YYYY-MM-DD, "" where the file does not say
	Report    string // as-of date of the report it stands in, "" for a list
}

// readDecisions reads the decisions in a workbook report, or in a CSV: a report
// of ours with the columns decision, reason, person added, or a list with these
// and fingerprint. The others are returned beside an error on some rows.
func readDecisions(path string) ([]writtenDecision, error) {
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read decisions: %w", err)
		}
		defer f.Close()
		return decisionList(path, f)
	}
	found, err := report.ReadDecisions(path)
	day := reportDay(path)
	out := make([]writtenDecision, len(found))
	for i, d := range found {
		out[i] = writtenDecision{Decision: d, Report: day}
	}
	return out, err
}

// reportDay gives the as-of date of a workbook report, "" when it has none.
func reportDay(path string) string {
	book, err := zip.OpenReader(path)
	if err != nil {
		return ""
	}
	defer book.Close()
	f, err := book.Open("docProps/core.xml")
	if err != nil {
		return ""
	}
	defer f.Close()
	var core struct {
		Created string `xml:"created"`
	}
	if xml.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&core) != nil {
		return ""
	}
	day, err := time.Parse(time.RFC3339, strings.TrimSpace(core.Created))
	if err != nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// The columns of a CSV that count; it may have others.
var decisionColumns = []string{"fingerprint", "decision", "reason", "person", "date", "until", "id", "mark"}

func decisionList(name string, r io.Reader) ([]writtenDecision, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	head, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1:1: no header row; it needs the columns fingerprint, decision, reason, person", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read decisions %s: %w", name, err)
	}
	at := map[string]int{}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if slices.Contains(decisionColumns, h) {
			at[h] = i
		}
	}
	if _, ok := at["fingerprint"]; !ok {
		return nil, fmt.Errorf("%s:1:1: no column fingerprint; it needs the columns fingerprint, decision, reason, person", name)
	}
	if _, ok := at["decision"]; !ok {
		return nil, nil // a report as it was written
	}
	var out []writtenDecision
	var faults []error
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, errors.Join(faults...)
		}
		if err != nil {
			return out, errors.Join(append(faults, fmt.Errorf("read decisions %s: %w", name, err))...)
		}
		line, _ := in.FieldPos(0)
		d, said, why := decisionRow(at, row)
		d.Row = line
		switch {
		case why != "":
			faults = append(faults, fmt.Errorf("%s:%d: %s", name, line, why))
		case said:
			out = append(out, d)
		}
	}
}

// decisionRow reads one row; why tells what is wrong with it.
func decisionRow(at map[string]int, row []string) (d writtenDecision, said bool, why string) {
	cell := func(column string) string {
		if i, ok := at[column]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	d.Fingerprint, d.Choice, d.Reason, d.Person = cell("fingerprint"), cell("decision"), cell("reason"), cell("person")
	d.On, d.Until, d.ListingID, d.Mark = cell("date"), cell("until"), cell("id"), cell("mark")
	v, known := verdictOf(d.Choice)
	switch {
	case d.Choice == "" && d.Reason == "":
		return d, false, ""
	case d.Choice == "":
		return d, false, "a reason but no decision"
	case !known:
		return d, false, fmt.Sprintf("unknown decision %q: use one of %s", d.Choice, strings.Join(report.Choices, ", "))
	case d.Fingerprint == "":
		return d, false, "a decision in a row without a finding"
	}
	d.Choice = v
	return d, true, ""
}

func verdictOf(s string) (string, bool) {
	v, ok := catalog.ParseVerdict(s)
	return string(v), ok
}

// importEarlier imports what was decided in the newest earlier workbook of the
// same exports, which last week's run wrote under last week's date. A workbook
// nobody has saved since is not read.
func (a *app) importEarlier(files []string, target string) error {
	if a.keepDecisions == nil {
		return nil
	}
	found, err := filepath.Glob(globQuote(strings.TrimSuffix(reportBase(files, ""), ".prescreen")) + "????-??-??.prescreen*.xlsx")
	earlier := slices.DeleteFunc(found, func(p string) bool { return p >= target })
	if err != nil || len(earlier) == 0 {
		return err
	}
	path := slices.Max(earlier)
	if asWritten(path) {
		return nil
	}
	decisions, err := readDecisions(path)
	if err != nil {
		a.ui.note("cli.decisions.unread", "file", path, "why", strings.ReplaceAll(err.Error(), "\n", "; "))
		return nil
	}
	n, err := a.keepDecisions(decisions)
	if err != nil {
		a.ui.note("cli.decisions.unread", "file", path, "why", strings.ReplaceAll(err.Error(), "\n", "; "))
	} else if n > 0 {
		a.ui.note("cli.decisions.found", "count", n, "file", path)
	}
	return nil
}

var globQuote = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace

// asWritten tells whether no other program has saved the workbook: ours gives
// every part of it the day of the run as its time.
func asWritten(path string) bool {
	book, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer book.Close()
	day := reportDay(path)
	for _, f := range book.File {
		if f.Modified.UTC().Format(time.DateOnly) != day {
			return false
		}
	}
	return true
}
