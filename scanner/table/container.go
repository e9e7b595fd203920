package table

import (
	"iter"
	"slices"

	"prescreen/scanner"
)

// record is one physical row of a table, cells decoded to UTF-8.
type record struct {
	Row      int      // 1-based: sheet row of a workbook; ordinal of the record in a text file, blank lines counted
	Line     int      // 1-based physical text line where the record starts, 0 for workbooks
	Cells    []string // as many as the row holds: never padded, empty tails of workbook rows cut
	Repaired string   // message id of how the record was put right, "" for a sound one
}

// sheet is one table: a worksheet, a text file, an HTML table or a feed.
type sheet struct {
	Name      string // name of the worksheet, else ""
	Hidden    bool   // hidden or very hidden in the workbook
	Container string // csv, tsv, xlsx, xls, html, xml
	Encoding  string // UTF-8, UTF-16LE, windows-1252, ...; "" for workbooks
	Delimiter string // the delimiter character, "" where there is none

	part string // of a workbook: the package part that holds the sheet
	read func(yield func(record, error) bool) *tally
	last *tally // of the latest pass
}

// Records yields the rows that hold text, top to bottom. It may be run more
// than once, one pass at a time. A *rowError stands for one row that could not
// be read and reading goes on; any other error ends the pass. Blank rows are
// not yielded, they only count in Row.
// The reader keeps no reference to a record, so a caller may store it.
func (s *sheet) Records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		s.last = s.read(func(rec record, err error) bool {
			rec.Cells = slices.Clone(rec.Cells)
			return yield(rec, err)
		})
	}
}

// stream is Records with the Cells of a record good until the next one only;
// the texts in them may be kept.
func (s *sheet) stream() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) { s.last = s.read(yield) }
}

// Notes says, after a pass that ran to its end, what a careful reader should
// know about the rows: repaired quotes, replaced bytes, a guessed encoding.
func (s *sheet) Notes() []sentence {
	if s.last == nil {
		return nil
	}
	return s.last.notes()
}

// container is one opened file, or one file inside a ZIP.
type container struct {
	Name   string     // as given; inside a ZIP: archive.zip/name.csv
	Sheets []*sheet   // in the order of the workbook; one for text
	Notes  []sentence // about the file as a whole: skipped chart sheets, odd packaging
	Err    error      // a member of a ZIP that could not be opened; Sheets is empty then

	closing func() // gives up what reading holds besides the file, nil for nothing
}

// close ends the use of the container's sheets.
func (c *container) close() {
	if c.closing != nil {
		c.closing()
	}
}

// containerOptions tunes opening; the zero value works.
type containerOptions struct {
	MaxCell int // bytes one cell (text: one record) may hold, 0 for 16 MiB
}

func (o containerOptions) maxCell() int {
	if o.MaxCell > 0 {
		return o.MaxCell
	}
	return 16 << 20
}

// rowError is one row that could not be read; the rows after it can.
type rowError struct {
	Row, Line int // as in record
	Err       error
}

// Error names the row and the cause.
func (e *rowError) Error() string { return e.in(english()) }

func (e *rowError) in(lang *scanner.Language) string {
	return message("container.in-row", "row", e.Row, "why", e.Err).in(lang)
}

// Unwrap returns the cause.
func (e *rowError) Unwrap() error { return e.Err }
