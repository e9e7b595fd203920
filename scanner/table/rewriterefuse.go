package table

import (
	"errors"
	"fmt"
	"os"
)

// Refusal is one cell that cannot be corrected where it stands.
type Refusal struct {
	File   string // as in Edit
	Sheet  string
	Row    int    // 1-based physical row
	Col    int    // 0-based column
	Reason string // message id: fix.left.formula, fix.left.rich, fix.left.encoding, fix.left.unquoted, fix.left.cell
	Err    error  // the same in one sentence
}

// Refusals places the edits as Rewrite does and writes nothing. It returns the
// cells that hold a formula or partly formatted text, or that could not hold
// the new text; Rewrite makes the edits of all others. Its error is one that
// would keep the file as a whole from being written: a container that is only
// read, an encrypted or signed workbook, an edit that fits no cell.
func Refusals(path string, edits []Edit) ([]Refusal, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the file to correct: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the file to correct: %w", err)
	}
	placed := placing{collect: true}
	err = placed.rewrite(fileSource(path, f, info.Size()), sortedEdits(edits), nil)
	return placed.refused, err
}

// placing puts edits to their places. Where it collects, cells that refuse
// theirs are noted and passed over; otherwise the first of them is an error.
type placing struct {
	collect bool
	refused []Refusal
}

// cellRefused says why one cell cannot be corrected.
type cellRefused struct {
	reason string // message id
	err    error
}

func (c *cellRefused) Error() string { return c.err.Error() }
func (c *cellRefused) Unwrap() error { return c.err }

func refuseCell(reason, format string, args ...any) error {
	return &cellRefused{reason, fmt.Errorf(format, args...)}
}

// note keeps err if it is about the cell of e alone and tells whether the
// others can go on.
func (p *placing) note(e Edit, err error) bool {
	var c *cellRefused
	if !p.collect || !errors.As(err, &c) {
		return false
	}
	p.refused = append(p.refused, Refusal{File: e.File, Sheet: e.Sheet, Row: e.Row, Col: e.Col, Reason: c.reason, Err: err})
	return true
}
