package report

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// Choices are the decisions a reader can take on a finding, in the order of
// the workbook's drop-down list. Their words are the messages "decision.…".
var Choices = []string{"fix", "accept", "false-alarm", "ask-supplier"}

// Decision is what a reader wrote beside one finding of a workbook.
type Decision struct {
	Fingerprint string // of the finding, as in the report
	Choice      string // one of Choices
	Reason      string
	Person      string
	ListingID   string
	Mark        string
	Row         int // 1-based row of the sheet
}

// ReadDecisions returns the decisions written into a workbook report at path,
// in sheet order; rows without one are passed over. It finds the columns by
// their headings, in whichever language the report was written, so rows may
// have been sorted and columns moved. A row whose decision is not understood,
// or that has a reason and no decision, is an error naming sheet and row; the
// others are returned beside it. A workbook that is no report is an error.
func ReadDecisions(path string) (found []Decision, err error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	heads, choices, err := decisionWords()
	if err != nil {
		return nil, err
	}
	sheets := 0
	for _, name := range f.GetSheetList() {
		r := decisionReader{sheet: name, heads: heads, choices: choices}
		if err = r.read(f); err != nil {
			return nil, fmt.Errorf("read decisions from sheet %s: %w", name, err)
		}
		if r.columns == nil {
			continue
		}
		sheets++
		found = append(found, r.found...)
		err = errors.Join(append([]error{err}, r.faults...)...)
		if err != nil {
			break
		}
	}
	if sheets == 0 {
		return nil, fmt.Errorf("read decisions from %s: no sheet with the columns of a report", path)
	}
	return found, err
}

// decisionWords collects headings and choices in every language.
func decisionWords() (heads, choices map[string]string, err error) {
	heads, choices = map[string]string{}, map[string]string{}
	for _, tag := range scanner.Languages() {
		lang, err := scanner.LanguageFor(tag)
		if err != nil {
			return nil, nil, err
		}
		for _, id := range []string{"decision", "reason", "person", "fingerprint", "id", "mark"} {
			heads[lang.Say("workbook.col."+id)] = id
		}
		for _, c := range Choices {
			choices[strings.ToLower(lang.Say("decision."+c))] = c
			choices[c] = c
		}
	}
	return heads, choices, nil
}

// decisionReader reads one sheet.
type decisionReader struct {
	sheet          string
	heads, choices map[string]string
	columns        map[string]int // heading id -> 0-based column, nil when the sheet is none of ours
	found          []Decision
	faults         []error
}

func (r *decisionReader) read(f *excelize.File) error {
	rows, err := f.Rows(r.sheet)
	if err != nil {
		return err
	}
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return errors.Join(err, rows.Close())
		}
		if n == 1 {
			if r.heading(cells); r.columns == nil {
				break
			}
			continue
		}
		r.row(n, cells)
	}
	return errors.Join(rows.Error(), rows.Close())
}

func (r *decisionReader) heading(cells []string) {
	columns := map[string]int{}
	for i, c := range cells {
		if id := r.heads[strings.TrimSpace(c)]; id != "" {
			columns[id] = i
		}
	}
	_, decision := columns["decision"]
	if _, fingerprint := columns["fingerprint"]; decision && fingerprint {
		r.columns = columns
	}
}

func (r *decisionReader) row(n int, cells []string) {
	at := func(id string) string {
		if i, ok := r.columns[id]; ok && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	d := Decision{Fingerprint: at("fingerprint"), Reason: at("reason"), Person: at("person"), ListingID: at("id"), Mark: at("mark"), Row: n}
	said := at("decision")
	if said == "" && d.Reason == "" {
		return
	}
	d.Choice = r.choices[strings.ToLower(said)]
	switch {
	case said == "":
		r.fault(n, "a reason but no decision")
	case d.Choice == "":
		r.fault(n, fmt.Sprintf("unknown decision %q: use one of %s", said, strings.Join(Choices, ", ")))
	case d.Fingerprint == "":
		r.fault(n, "a decision in a row without a finding")
	default:
		r.found = append(r.found, d)
	}
}

func (r *decisionReader) fault(n int, what string) {
	r.faults = append(r.faults, fmt.Errorf("read decisions: sheet %s row %d: %s", r.sheet, n, what))
}
