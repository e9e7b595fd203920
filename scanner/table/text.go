package table

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

const (
	headSize    = 1 << 20  // bytes from which a text file is judged
	windowSize  = 32 << 10 // bytes of each further look into a long file
	windowCount = 24

	// textBlock is how many bytes of text are allocated together: one step for
	// many short rows, and yet a listing that is kept keeps little else alive.
	textBlock = 4 << 10
)

// textFile is a text file as it was understood.
type textFile struct {
	src source
	set charset
	d   dialect
	max int
}

// openText judges the encoding and the dialect of a text file.
func openText(src source, opt containerOptions) (*textFile, error) {
	head, err := src.head(headSize)
	if err != nil {
		return nil, because("container.reading", "file", src.name, "why", err)
	}
	t := &textFile{src: src, set: detectCharset(head, src.windows()), max: opt.maxCell()}
	r, err := t.open()
	if err != nil {
		return nil, because("container.reading", "file", src.name, "why", err)
	}
	defer r.Close()
	text, err := readUpTo(r, headSize)
	if err != nil {
		return nil, because("container.reading", "file", src.name, "why", err)
	}
	if err := refuseBinary(src.name, text); err != nil {
		return nil, err
	}
	delims := ",;\t|"
	if t.set.multibyte() {
		delims = ",;\t" // the bar is also the second half of characters
	}
	t.d = sniffDialect(text, len(text) < headSize, delims)
	return t, nil
}

// open returns the text from its first character on, ASCII as ASCII.
func (t *textFile) open() (io.ReadCloser, error) {
	f, err := t.src.open()
	if err != nil {
		return nil, err
	}
	before := make([]byte, t.set.cut)
	if _, err := io.ReadFull(f, before); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, f, int64(t.set.end-t.set.cut)); err != nil {
		f.Close()
		return nil, err
	}
	var r io.Reader = f
	if len(before) > 0 {
		r = io.MultiReader(bytes.NewReader(before), f)
	}
	if t.set.wide {
		r = transform.NewReader(r, t.set.enc.NewDecoder())
	}
	return readCloser{r, f}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// refuseBinary turns away what is no text at all.
func refuseBinary(name string, text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return because("container.blank", "file", name)
	}
	odd := 0
	for _, b := range text[:min(len(text), 64<<10)] {
		if b < 0x20 && (b < '\t' || b > '\r') && b != 0x1a && b != 0x1b {
			odd++
		}
	}
	if odd >= 8 && odd*20 > min(len(text), 64<<10) {
		return because("container.binary", "file", name, "n", odd)
	}
	return nil
}

// sheet returns the file as a table.
func (t *textFile) sheet() *sheet {
	s := &sheet{Container: "csv", Encoding: t.set.name, Delimiter: string(rune(t.d.delim)), read: t.read}
	if t.d.delim == '\t' {
		s.Container = "tsv"
	}
	return s
}

// read makes one pass over the rows.
func (t *textFile) read(yield func(record, error) bool) *tally {
	count := &tally{}
	t.describe(count)
	r, err := t.open()
	if err != nil {
		yield(record{}, because("container.reading", "file", t.src.name, "why", err))
		return count
	}
	defer r.Close()
	s := newSplitter(r, t.d, t.max)
	s.verify = t.set.enc == nil
	for {
		more, err := s.next()
		if !more {
			if err != nil {
				yield(record{}, because("container.reading-after", "file", t.src.name, "row", s.row-1, "why", err))
			}
			return count
		}
		if err != nil {
			if !yield(record{}, err) {
				return count
			}
			continue
		}
		if s.row == 1 && t.sepLine(s) {
			continue
		}
		rec := t.record(s, count)
		if rec.Cells != nil && !yield(rec, nil) {
			return count
		}
	}
}

// describe notes what was decided before the first row.
func (t *textFile) describe(count *tally) {
	if t.set.guessed {
		count.say(t.set.guess())
	}
	if t.set.end > 0 && t.set.cut > 0 {
		count.say(message("container.late-mark"))
	}
	if !t.d.quote {
		count.say(message("container.no-quoting"))
	}
	if t.d.cr {
		count.say(message("container.lone-cr"))
	}
}

// sepLine says whether the first record is Excel's hint at the delimiter.
func (t *textFile) sepLine(s *splitter) bool {
	line := s.buf[s.pos : s.pos+s.rec.next]
	d, ok := sepLine(line)
	return ok && d.delim == t.d.delim
}

// record turns the record at hand into text. Cells is nil for a blank one.
func (t *textFile) record(s *splitter, count *tally) record {
	raw := s.buf[s.pos : s.pos+s.rec.end]
	if blank(raw, s.d.delim) {
		return record{}
	}
	rec := record{Row: s.row, Line: s.line, Cells: s.newCells(), Repaired: s.repaired}
	if s.repaired != "" {
		count.repair(s.row, s.repaired)
	}
	count.width(s.row, len(rec.Cells), s.d.width)
	if t.readable(s, raw) {
		s.text(raw, rec.Cells)
		return rec
	}
	for i, c := range s.rec.cells {
		rec.Cells[i] = t.decode(raw[c.start:c.end], c.doubled, s.row, count)
	}
	return rec
}

// readable says whether the record at hand can be taken without decoding.
func (t *textFile) readable(s *splitter, raw []byte) bool {
	switch {
	case t.set.wide || s.pos+len(raw) <= s.soundTo:
		return true
	case t.set.enc == nil:
		return utf8.Valid(raw)
	}
	return ascii(raw)
}

// newCells returns the cells of the record at hand, to be filled: one slice for
// all records.
func (s *splitter) newCells() []string {
	n := len(s.rec.cells)
	if n > cap(s.cells) {
		s.cells = make([]string, n+n/2)
	}
	return s.cells[:n]
}

// text fills cells from a record that is UTF-8.
func (s *splitter) text(raw []byte, cells []string) {
	for _, c := range s.rec.cells {
		if c.doubled {
			s.halve(raw, cells)
			return
		}
	}
	text := s.textOf(raw)
	for i, c := range s.rec.cells {
		cells[i] = text[c.start:c.end]
	}
}

// textOf returns the start of the record at hand as text. Short records are cut
// from one string.
func (s *splitter) textOf(raw []byte) string {
	n, at := len(raw), s.base+int64(s.pos)-s.from
	if at < 0 || at+int64(n) > int64(len(s.shared)) {
		if n > textBlock/4 {
			return string(raw)
		}
		s.from, at = s.base+int64(s.pos), 0
		s.shared = string(s.buf[s.pos:min(len(s.buf), s.pos+textBlock)])
	}
	return s.shared[at : int(at)+n]
}

// halve fills cells from a record in which "" stands for ". Short records share
// one string.
func (s *splitter) halve(raw []byte, cells []string) {
	b := &s.unquote
	if b.Cap()-b.Len() < len(raw) {
		*b = strings.Builder{}
		b.Grow(max(len(raw), textBlock))
	}
	for i, c := range s.rec.cells {
		start := b.Len()
		if c.doubled {
			writeHalved(b, raw[c.start:c.end])
		} else {
			b.Write(raw[c.start:c.end])
		}
		cells[i] = b.String()[start:]
	}
}

func writeHalved(b *strings.Builder, cell []byte) {
	for {
		q := bytes.IndexByte(cell, '"')
		if q < 0 || q+1 == len(cell) {
			b.Write(cell)
			return
		}
		b.Write(cell[:q+1])
		if q++; cell[q] == '"' {
			q++
		}
		cell = cell[q:]
	}
}

// decode turns one cell that is not plain UTF-8 into text.
func (t *textFile) decode(b []byte, doubled bool, row int, count *tally) string {
	text, replaced, other := t.set.decodeCell(b)
	count.replaced(row, replaced)
	if other != "" {
		count.foreign(row, other)
	}
	if doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	return text
}

// blank says whether a record holds nothing but blanks and delimiters.
func blank(raw []byte, delim byte) bool {
	for _, b := range raw {
		if b != ' ' && b != '\t' && b != '\r' && b != '\n' && b != delim && b != '"' && b != 0x1a {
			return false
		}
	}
	return true
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
