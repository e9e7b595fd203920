package table

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

const (
	headSize    = 1 << 20   // bytes from which a text file is judged
	windowSize  = 128 << 10 // bytes of each further look into a long file
	windowCount = 24
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
		return nil, fmt.Errorf("reading %s: %w", src.name, err)
	}
	t := &textFile{src: src, set: detectCharset(head, src.windows()), max: opt.maxCell()}
	r, err := t.open()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", src.name, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, headSize))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", src.name, err)
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
		return fmt.Errorf("%s is empty: export it again", name)
	}
	odd := 0
	for _, b := range text[:min(len(text), 64<<10)] {
		if b < 0x20 && (b < '\t' || b > '\r') && b != 0x1a && b != 0x1b {
			odd++
		}
	}
	if odd >= 8 && odd*20 > min(len(text), 64<<10) {
		return fmt.Errorf("%s is neither text nor a workbook (%d control bytes near its start): export it as .csv or .xlsx", name, odd)
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
		yield(record{}, fmt.Errorf("reading %s: %w", t.src.name, err))
		return count
	}
	defer r.Close()
	s := newSplitter(r, t.d, t.max)
	for {
		more, err := s.next()
		if !more {
			if err != nil {
				yield(record{}, fmt.Errorf("reading %s after row %d: %w", t.src.name, s.row-1, err))
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
		count.say("the encoding is not marked in the file: read as %s, the best fit", t.set.name)
	}
	if t.set.end > 0 && t.set.cut > 0 {
		count.say("a byte order mark stands after the start of the file: left out")
	}
	if !t.d.quote {
		count.say("cells are not quoted in this file: quotes are read as text")
	}
	if t.d.cr {
		count.say("rows end in a lone carriage return")
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
	rec := record{Row: s.row, Line: s.line, Cells: make([]string, len(s.rec.cells)), Repaired: s.repaired}
	if s.repaired != "" {
		count.repair(s.row, s.line)
	}
	count.width(s.row, len(rec.Cells), s.d.width)
	if t.set.wide || utf8.Valid(raw) && (t.set.enc == nil || ascii(raw)) {
		s.text(raw, rec.Cells)
		return rec
	}
	for i, c := range s.rec.cells {
		rec.Cells[i] = t.decode(raw[c.start:c.end], c.doubled, s.row, count)
	}
	return rec
}

// text fills cells from a record that is UTF-8: slices of one string, so that
// a row costs two allocations.
func (s *splitter) text(raw []byte, cells []string) {
	doubled := false
	for _, c := range s.rec.cells {
		doubled = doubled || c.doubled
	}
	if !doubled {
		text := string(raw)
		for i, c := range s.rec.cells {
			cells[i] = text[c.start:c.end]
		}
		return
	}
	s.plain, s.ends = s.plain[:0], s.ends[:0]
	for _, c := range s.rec.cells {
		if c.doubled {
			s.plain = appendUnquoted(s.plain, raw[c.start:c.end])
		} else {
			s.plain = append(s.plain, raw[c.start:c.end]...)
		}
		s.ends = append(s.ends, len(s.plain))
	}
	text, start := string(s.plain), 0
	for i, end := range s.ends {
		cells[i] = text[start:end]
		start = end
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
