package report

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"prescreen/scanner"
)

// Writer takes one run in order: Begin, then Result and Unread in input order,
// then End. A listing without findings is passed too, for the counts. An error
// of the output is returned as it comes and ends the report. A Writer is not
// safe for concurrent use; it does not close what it writes to.
type Writer interface {
	Begin(scanner.RunInfo) error
	Result(scanner.Result) error
	Unread(scanner.Unread) error
	End(scanner.Summary) error
}

// Options say how a report is written. The zero value writes English, and in
// the data formats only listings with something to see.
type Options struct {
	Lang *scanner.Language // of every sentence and heading; nil is English
	All  bool              // data formats: also clean listings and findings below low

	// Answers leaves the columns for the seller's decision out of the workbook
	// and puts those for a supplier's answer in their place.
	Answers bool
}

var formats = map[string]func(io.Writer, Options) Writer{
	"jsonl": newLines,
	"json":  newDocument,
	"csv":   newTable,
	"md":    newMarkdown,
	"xlsx":  newWorkbook,
	"html":  newPage,
}

// Formats lists the names New knows, sorted.
func Formats() []string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// New returns a writer of format (one of Formats) to w. JSON Lines go to w one
// whole line per call; the other formats write in larger pieces, the workbook
// and the page only at End. An unknown format is an error that names the known
// ones.
func New(format string, w io.Writer, opt Options) (Writer, error) {
	make, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("no report format %q: use one of %s", format, strings.Join(Formats(), ", "))
	}
	if w == nil {
		return nil, errors.New("write report: nowhere to write to")
	}
	if opt.Lang == nil {
		lang, err := scanner.LanguageFor("en")
		if err != nil {
			return nil, err
		}
		opt.Lang = lang
	}
	return make(w, opt), nil
}

// shown tells whether a finding belongs in a report: at low or above, or
// excused with a reason.
func shown(f *scanner.Finding) bool { return f.Level >= scanner.Low || f.Excused != "" }

// shownFindings returns the findings of r that belong in a report, in order.
func shownFindings(r *scanner.Result) []*scanner.Finding {
	var out []*scanner.Finding
	for i := range r.Findings {
		if shown(&r.Findings[i]) {
			out = append(out, &r.Findings[i])
		}
	}
	return out
}
