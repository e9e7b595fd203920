package table

import "bytes"

// Repair of broken quoting. One undoubled quote is enough for a CSV reader to
// glue every following row into one cell. The table itself says where it went
// wrong: its rows have a usual number of cells (dialect.width).
//
//	12;"The ""big"" one;9.90      <- quote never closed
//	13;Small;4.90                 <- splits soundly into width cells,
//	14;"Red";5.90                 <- and so does this: rows start again at 13
//
// The damage therefore ends at the first line start from which two sound
// records of the usual width follow (resync). What lies before is fitted: a
// search over the readings of each quote (opens, closes, is text) for one that
// gives exactly width cells. If there is none, the line stands as it is with
// its quotes as text, so that a repair never costs more than its own row.
//
// Work is bounded: a search looks at most repairWindow bytes ahead, and once
// searching has cost more than a few times the input, rows are no longer
// fitted, only cut at the line end.

const (
	repairWindow = 64 << 10
	repairLines  = 400
	fitSteps     = 20000
)

// mend replaces the record at hand, found unsound, by a better reading.
func (s *splitter) mend() {
	if !s.d.quote {
		return
	}
	if s.spent > 32<<20+8*s.consumed {
		s.cheapMend()
		return
	}
	s.fill(2 * repairWindow)
	b := s.buf[s.pos:]
	inWindow := s.rec.next <= repairWindow
	if s.d.width < 2 {
		s.mendNarrow(b)
		return
	}
	if !s.rec.open && len(s.rec.cells) == s.d.width && lines(b[:s.rec.end]) == 0 {
		s.note()
		return
	}
	clean := s.rec.stray == 0 && !s.rec.open
	if clean && len(s.rec.cells) != s.d.width && s.soundAt(b, s.rec.next, 2) {
		return // merely ragged: the rows after it are in order
	}
	restart := s.resync(b)
	if clean && len(s.rec.cells) != s.d.width && (restart < 0 || restart >= s.rec.next || s.d.width < 4) &&
		s.quotesFitAt(b, s.rec.next) {
		return // ragged among ragged rows
	}
	if restart < 0 {
		if s.rec.open || !inWindow && s.rec.stray > 0 {
			s.cutFirstLine(b)
		} else {
			s.note()
		}
		return
	}
	if s.fitUpTo(b, restart) {
		return
	}
	if restart < s.rec.next || s.rec.open {
		s.cutFirstLine(b)
		return
	}
	s.note()
}

// note marks a record kept as it was split.
func (s *splitter) note() {
	if s.rec.stray > 0 {
		s.repaired = "container.repair-text"
	}
}

// cheapMend is mend without search.
func (s *splitter) cheapMend() {
	if s.rec.open || s.rec.stray > 0 && s.rec.next > repairWindow {
		s.cutFirstLine(s.buf[s.pos:])
		return
	}
	s.note()
}

// mendNarrow is mend for a table of one column or unknown width.
func (s *splitter) mendNarrow(b []byte) {
	if s.rec.open {
		s.cutFirstLine(b)
		return
	}
	s.note()
}

func (s *splitter) cutFirstLine(b []byte) {
	end, next, _ := s.d.lineEnd(b, 0)
	s.literal(end, next)
}

// resync returns the first line start after the record's own from which sound
// records of the usual width follow, -1 if none is near.
func (s *splitter) resync(b []byte) int {
	reach := min(len(b), max(repairWindow, min(s.rec.next+repairWindow, 4*repairWindow)))
	for i, n := 0, 0; n < repairLines; n++ {
		_, next, ok := s.d.lineEnd(b[:reach], i)
		if !ok {
			if s.eof && reach == len(b) {
				return len(b)
			}
			return -1
		}
		if s.soundAt(b, next, 2) {
			return next
		}
		i = next
	}
	return -1
}

// soundAt says whether n sound records of the usual width, or fewer up to the
// end of the input, start at i.
func (s *splitter) soundAt(b []byte, i, n int) bool {
	for ; n > 0; n-- {
		if i == len(b) {
			return s.eof
		}
		window := b[i:min(len(b), i+repairWindow)]
		whole := s.eof && i+len(window) == len(b)
		ok := s.d.split(window, whole, &s.trial)
		if !ok {
			s.spent += int64(len(window))
			return false
		}
		s.spent += int64(s.trial.next)
		if s.trial.open || s.trial.stray > 0 || len(s.trial.cells) != s.d.width {
			return false
		}
		i += s.trial.next
	}
	return true
}

// quotesFitAt says whether the record starting at i, as far as it can be seen,
// has no quote out of place.
func (s *splitter) quotesFitAt(b []byte, i int) bool {
	window := b[i:min(len(b), i+repairWindow)]
	if len(window) == 0 {
		return true
	}
	whole := s.d.split(window, true, &s.trial)
	s.spent += int64(s.trial.next)
	return whole && s.trial.stray == 0 && (!s.trial.open || i+len(window) < len(b))
}

// fitUpTo looks for the shortest run of lines, ending no later than restart,
// that reads as one record of exactly the usual width.
func (s *splitter) fitUpTo(b []byte, restart int) bool {
	for i := 0; i < restart; {
		end, next, _ := s.d.lineEnd(b[:restart], i)
		f := fitter{d: &s.d, b: b[:end], steps: fitSteps}
		cells, ok := f.fit()
		s.spent += int64(4 * (fitSteps - f.steps))
		if ok {
			s.rec.cells = append(s.rec.cells[:0], cells...)
			s.rec.end, s.rec.next, s.rec.open = end, next, false
			s.repaired = "container.repair-fit"
			return true
		}
		i = next
		if s.spent > 32<<20+8*s.consumed {
			return false
		}
	}
	return false
}

// fitter searches for a reading of b, one record without its line end, that
// has exactly d.width cells.
type fitter struct {
	d     *dialect
	b     []byte
	loose bool // plain cells may hold quotes, a quote may close after a doubled one
	steps int
	dead  map[[2]int]bool // (offset, cells so far) known to lead nowhere
	cells []rawCell
}

func (f *fitter) fit() ([]rawCell, bool) {
	for _, f.loose = range []bool{false, true} {
		f.dead, f.cells = map[[2]int]bool{}, f.cells[:0]
		if f.from(0) {
			return f.cells, true
		}
	}
	return nil, false
}

// from tries to read the cells from offset i on, given those already in cells.
func (f *fitter) from(i int) bool {
	at := [2]int{i, len(f.cells)}
	f.steps--
	if f.steps < 0 || len(f.cells) == f.d.width || f.dead[at] {
		return false
	}
	if i < len(f.b) && f.b[i] == '"' && f.quoted(i) {
		return true
	}
	if f.plain(i) {
		return true
	}
	f.dead[at] = true
	return false
}

// take adds a cell and goes on at next; next beyond the end means the record
// is complete.
func (f *fitter) take(c rawCell, next int) bool {
	f.cells = append(f.cells, c)
	if next > len(f.b) {
		if len(f.cells) == f.d.width {
			return true
		}
	} else if f.from(next) {
		return true
	}
	f.cells = f.cells[:len(f.cells)-1]
	return false
}

// quoted tries every quote that may close the cell opened at i, nearest first.
func (f *fitter) quoted(i int) bool {
	for p := i + 1; p < len(f.b) && f.steps > 0; {
		q := bytes.IndexByte(f.b[p:], '"')
		if q < 0 {
			return false
		}
		q += p
		p = q + 1
		f.steps--
		if !f.loose && p < len(f.b) && f.b[p] == '"' {
			p++
			continue
		}
		next := f.after(q + 1)
		if next < 0 {
			continue
		}
		c := rawCell{start: i + 1, end: q, quoted: true}
		f.steps -= (c.end - c.start) / 64
		c.doubled = bytes.Contains(f.b[c.start:c.end], []byte(`""`))
		if f.take(c, next) {
			return true
		}
	}
	return false
}

// after returns where the next cell starts if only blanks stand between i and
// a delimiter, beyond the end if they reach it, else -1.
func (f *fitter) after(i int) int {
	for ; i < len(f.b); i++ {
		if f.b[i] == f.d.delim {
			return i + 1
		}
		if f.b[i] != ' ' && f.b[i] != '\t' {
			return -1
		}
	}
	return len(f.b) + 1
}

// plain reads an unquoted cell at i: it ends at the next delimiter and holds
// no line end.
func (f *fitter) plain(i int) bool {
	end := len(f.b)
	if n := bytes.IndexByte(f.b[i:], f.d.delim); n >= 0 {
		end = i + n
	}
	cell := f.b[i:end]
	if bytes.IndexByte(cell, '\n') >= 0 || f.d.cr && bytes.IndexByte(cell, '\r') >= 0 ||
		!f.loose && bytes.IndexByte(cell, '"') >= 0 {
		return false
	}
	return f.take(rawCell{start: i, end: end}, end+1)
}
