package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// splitter cuts a stream into records in bounded memory. The bytes of the
// record at hand are buf[pos:pos+rec.next].
type splitter struct {
	src  io.Reader
	d    dialect
	max  int // bytes a record may span
	buf  []byte
	pos  int   // start of the record in buf
	base int64 // stream offset of buf[0]
	eof  bool
	err  error // of src, other than io.EOF

	rec      rawRecord
	row      int    // 1-based ordinal of the record at hand
	line     int    // 1-based line it starts on
	repaired string // message id, as in record

	verify  bool // look for bytes that are no UTF-8, a buffer at a time
	soundTo int  // buf[pos:soundTo] is UTF-8, as far as was looked
	noCR    int  // buf[pos:noCR] holds no CR

	cells   []string // of the record at hand
	shared  string   // a stretch of the stream as text, which records are cut from
	from    int64    // stream offset of shared
	unquote strings.Builder

	trial    rawRecord
	spent    int64 // bytes scanned in search of repairs
	consumed int64 // bytes of records handed out
}

const firstBuffer = 256 << 10

func newSplitter(src io.Reader, d dialect, maxRecord int) *splitter {
	return &splitter{src: src, d: d, max: maxRecord, line: 1}
}

// next moves to the next record and reports false at the end of the input or
// on a read error (s.err). A *rowError leaves the splitter ready to go on.
func (s *splitter) next() (bool, error) {
	s.advance()
	s.row++
	s.repaired = ""
	for {
		if s.pos == len(s.buf) && s.eof {
			return false, s.err
		}
		if s.pos < len(s.buf) && s.d.split(s.buf[s.pos:], s.eof, &s.rec) {
			break
		}
		if len(s.buf)-s.pos > s.max {
			if err := s.oversize(); err != nil {
				return true, err
			}
			return true, nil
		}
		s.fill(2 * (len(s.buf) - s.pos))
	}
	if !s.sound() {
		s.mend()
	}
	if s.rec.end > s.max {
		return true, s.tooLong()
	}
	return true, nil
}

func (s *splitter) tooLong() error {
	return &rowError{Row: s.row, Line: s.line,
		Err: because("container.row-long", "n", s.max, "line", s.line)}
}

// advance leaves the record at hand behind.
func (s *splitter) advance() {
	if s.row == 0 || s.rec.next == 0 {
		return
	}
	s.line += s.linesIn(s.pos, s.pos+s.rec.next)
	s.pos += s.rec.next
	s.consumed += int64(s.rec.next)
	s.rec.next = 0
}

// linesIn counts the line ends in buf[from:to]: those of lines, with one look
// for CRs over all of the buffer where there are none.
func (s *splitter) linesIn(from, to int) int {
	if s.noCR < to && s.noCR <= from {
		s.noCR = len(s.buf)
		if n := bytes.IndexByte(s.buf[from:], '\r'); n >= 0 {
			s.noCR = from + n
		}
	}
	switch {
	case s.rec.plain && s.noCR >= to-2 && s.buf[to-1] == '\n':
		return 1
	case s.noCR < to:
		return lines(s.buf[from:to])
	}
	return bytes.Count(s.buf[from:to], []byte{'\n'})
}

// fill reads until at least want bytes follow pos, or the input ends.
func (s *splitter) fill(want int) {
	want = max(want, firstBuffer)
	if s.eof {
		return
	}
	if cap(s.buf)-s.pos < want {
		rest := s.buf[s.pos:]
		if cap(s.buf) < want {
			s.buf = make([]byte, len(rest), want+want/4)
		}
		s.buf = s.buf[:copy(s.buf[:cap(s.buf)], rest)]
		s.base += int64(s.pos)
		s.soundTo, s.noCR = max(0, s.soundTo-s.pos), max(0, s.noCR-s.pos)
		s.pos = 0
	}
	s.read(want)
	if s.verify {
		s.verifyText()
	}
}

// verifyText moves soundTo on over what was read, if all of it is UTF-8 up to a
// character cut off at the end.
func (s *splitter) verifyText() {
	s.soundTo = max(s.soundTo, s.pos)
	end := len(s.buf)
	for cut := 1; cut < utf8.UTFMax && cut <= end-s.soundTo; cut++ {
		if b := s.buf[end-cut:]; utf8.RuneStart(b[0]) {
			if !utf8.FullRune(b) {
				end -= cut
			}
			break
		}
	}
	if utf8.Valid(s.buf[s.soundTo:end]) {
		s.soundTo = end
	}
}

// read appends to buf until want bytes follow pos, or the input ends.
func (s *splitter) read(want int) {
	for idle := 0; len(s.buf)-s.pos < want; idle++ {
		n, err := s.src.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if n > 0 {
			idle = 0
		} else if err == nil && idle > 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
			}
			return
		}
	}
}

// sound says whether the record at hand can be taken as it stands.
func (s *splitter) sound() bool {
	r := &s.rec
	if r.plain {
		return true
	}
	if r.open || r.stray > 0 {
		return false
	}
	if s.d.width == 0 || !s.d.quote {
		return true
	}
	inner := bytes.IndexByte(s.buf[s.pos:s.pos+r.end], '\n') >= 0 ||
		s.d.cr && bytes.IndexByte(s.buf[s.pos:s.pos+r.end], '\r') >= 0
	if len(r.cells) == s.d.width {
		return !inner || !s.swallowed()
	}
	closedLast := len(r.cells) > 0 && r.cells[len(r.cells)-1].quoted
	return !inner && !(len(r.cells) < s.d.width && closedLast)
}

// swallowed says whether a record over several lines is rather a row for each
// line, joined by two quotes left open. Cut at every line end, with quotes
// taken as text, each line then has exactly the usual number of cells, and the
// delimiters are not the commas of a sentence, which a blank follows. Two lines
// alone prove nothing: well-formed quotes are believed there.
func (s *splitter) swallowed() bool {
	if s.d.width < 4 {
		return false
	}
	b := s.buf[s.pos : s.pos+s.rec.end]
	n, blanks := 0, 0
	for i := 0; i < len(b); n++ {
		end, next, _ := s.d.lineEnd(b, i)
		line := b[i:end]
		if bytes.Count(line, []byte{s.d.delim}) != s.d.width-1 {
			return false
		}
		blanks += bytes.Count(line, []byte{s.d.delim, ' '})
		i = next
	}
	return n > 2 && 2*blanks < n*(s.d.width-1)
}

// oversize deals with a record longer than max: when its first line is of
// bearable length the open quote in it is taken as text, else the line is
// skipped and reported.
func (s *splitter) oversize() error {
	if end, next, ok := s.d.lineEnd(s.buf[s.pos:], 0); ok && end <= s.max {
		s.literal(end, next)
		return nil
	}
	for {
		_, next, ok := s.d.lineEnd(s.buf[s.pos:], 0)
		if ok || s.eof {
			s.rec.next, s.rec.cells = next, s.rec.cells[:0]
			return s.tooLong()
		}
		s.base += int64(len(s.buf))
		s.buf, s.pos, s.soundTo, s.noCR = s.buf[:0], 0, 0, 0
		s.fill(firstBuffer)
	}
}

// literal takes the first line of the input as the record, its quotes as text.
func (s *splitter) literal(end, next int) {
	plain := s.d
	plain.quote = false
	plain.split(s.buf[s.pos:s.pos+end], true, &s.rec)
	s.rec.next, s.rec.open = next, false
	s.repaired = "container.repair-open"
}
