package table

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Edit replaces one stretch of the text of one cell.
type Edit struct {
	File  string // the member of a ZIP of exports, "" for any other file
	Sheet string // sheet name of a workbook, else ""
	Row   int    // 1-based physical row, as in scanner.Field
	Col   int    // 0-based column, as in scanner.Field
	Start int    // first byte of the cell's text as read (UTF-8) to replace
	End   int    // byte after the last one; Start == End inserts
	New   string // UTF-8
}

// Rewrite copies the export at path to w with the edits made and every other
// byte as it was: encoding, byte order mark, line ends, quoting, order of
// columns, styles and all parts of a workbook but the sheets edited. An edited
// workbook cell becomes an inline string of the same style.
//
// All edits are placed before the first byte is written, so an error other
// than one of reading or writing leaves w untouched. It is an error if an edit
// names a cell that is not there, overlaps another, splits a character, hits a
// formula or partly formatted text, cannot be expressed in the file's encoding,
// or if the file is one that is only read (HTML, XML, .xls, encrypted, signed).
// Edits may come in any order; Refusals tells beforehand which cells would fail.
func Rewrite(path string, edits []Edit, w io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("opening the file to correct: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("opening the file to correct: %w", err)
	}
	var placed placing
	return placed.rewrite(fileSource(path, f, info.Size()), sortedEdits(edits), w)
}

// sortedEdits returns edits by file, sheet, row, column and start.
func sortedEdits(edits []Edit) []Edit {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row),
			cmp.Compare(a.Col, b.Col), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return sorted
}

// rewrite rewrites one file, or only places the edits where w is nil; edits are
// sorted.
func (p *placing) rewrite(src source, edits []Edit, w io.Writer) error {
	head, err := src.head(4096)
	if err != nil {
		return fmt.Errorf("reading %s: %w", src.name, err)
	}
	switch kindOf(head) {
	case zipFile:
		return p.rewritePackage(src, edits, w)
	case textFileKind:
	default:
		return fmt.Errorf("correcting %s: only CSV, TSV and XLSX files can be written back", src.name)
	}
	if i := slices.IndexFunc(edits, func(e Edit) bool { return e.File != "" || e.Sheet != "" }); i >= 0 {
		return fmt.Errorf("correcting %s: it has no file %q or sheet %q in it", src.name, edits[i].File, edits[i].Sheet)
	}
	cuts, err := p.textSplices(src, edits)
	if err != nil {
		return fmt.Errorf("correcting %s: %w", src.name, err)
	}
	if w == nil {
		return nil
	}
	r, err := src.open()
	if err != nil {
		return fmt.Errorf("correcting %s: %w", src.name, err)
	}
	defer r.Close()
	if err := copySpliced(w, r, cuts); err != nil {
		return fmt.Errorf("correcting %s: %w", src.name, err)
	}
	return nil
}

// splice replaces the bytes [start,end) of a stream.
type splice struct {
	start, end int64
	new        []byte
}

// copySpliced copies r to w with the splices, which ascend, made.
func copySpliced(w io.Writer, r io.Reader, cuts []splice) error {
	at := int64(0)
	for _, c := range cuts {
		if _, err := io.CopyN(w, r, c.start-at); err != nil {
			return err
		}
		if _, err := w.Write(c.new); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, c.end-c.start); err != nil {
			return err
		}
		at = c.end
	}
	_, err := io.Copy(w, r)
	return err
}

// sameCell returns how many of the edits at the front concern the first's cell.
func sameCell(edits []Edit) int {
	n := 1
	for n < len(edits) && edits[n].Row == edits[0].Row && edits[n].Col == edits[0].Col {
		n++
	}
	return n
}

// checkEdits holds the edits of one cell to its text: in range, apart, on
// character edges.
func checkEdits(text string, edits []Edit) error {
	last := 0
	for i, e := range edits {
		where := fmt.Sprintf("bytes %d to %d of row %d, column %s", e.Start, e.End, e.Row, columnName(e.Col))
		switch {
		case e.Start < 0 || e.End < e.Start || e.End > len(text):
			return fmt.Errorf("%s lie outside the cell, which has %d", where, len(text))
		case i > 0 && e.Start < last:
			return fmt.Errorf("%s overlap another correction", where)
		case e.Start < len(text) && !utf8.RuneStart(text[e.Start]) || e.End < len(text) && !utf8.RuneStart(text[e.End]):
			return fmt.Errorf("%s split a character", where)
		case !utf8.ValidString(e.New):
			return fmt.Errorf("the new text for %s is not UTF-8", where)
		}
		last = e.End
	}
	return nil
}

// applyEdits returns text with the edits, already checked, made.
func applyEdits(text string, edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// textSplices finds the bytes of a text file that the edits change.
func (p *placing) textSplices(src source, edits []Edit) ([]splice, error) {
	t, err := openText(src, containerOptions{})
	if err != nil {
		return nil, err
	}
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := newSplitter(r, t.d, t.max)
	pos := newFilePosition(t)
	var cuts []splice
	for len(edits) > 0 {
		more, err := s.next()
		if !more {
			if err == nil {
				err = fmt.Errorf("row %d is not in the file", edits[0].Row)
			}
			return nil, err
		}
		for len(edits) > 0 && edits[0].Row <= s.row {
			n := sameCell(edits)
			if err != nil || edits[0].Row < s.row {
				return nil, fmt.Errorf("row %d cannot be corrected because it could not be read", edits[0].Row)
			}
			cut, err := t.cellSplice(s, edits[:n], pos)
			if err == nil {
				cuts = append(cuts, cut)
			} else if !p.note(edits[0], err) {
				return nil, err
			}
			edits = edits[n:]
		}
		pos.advance(s.buf[s.pos : s.pos+s.rec.next])
	}
	return cuts, nil
}

// cellSplice makes the new bytes of one cell of the record at hand.
func (t *textFile) cellSplice(s *splitter, edits []Edit, pos *filePosition) (splice, error) {
	e := edits[0]
	if e.Col < 0 || e.Col >= len(s.rec.cells) {
		return splice{}, fmt.Errorf("row %d has no column %s", e.Row, columnName(e.Col))
	}
	c := s.rec.cells[e.Col]
	raw := s.buf[s.pos+c.start : s.pos+c.end]
	set := t.set
	if set.wide {
		set = utf8Charset
	}
	text, _, other := set.decodeCell(raw)
	if other != "" {
		set = *foreignCharsets[other]
	}
	if c.doubled {
		text = strings.ReplaceAll(text, `""`, `"`)
	}
	if err := checkEdits(text, edits); err != nil {
		return splice{}, err
	}
	body, err := t.spliceCell(raw, &set, c, edits)
	if err != nil {
		return splice{}, fmt.Errorf("row %d, column %s: %w", e.Row, columnName(e.Col), err)
	}
	before := s.buf[s.pos : s.pos+c.start]
	cut := splice{start: pos.at(before)}
	cut.end = cut.start + pos.length(raw)
	if t.set.wide {
		body, err = t.set.enc.NewEncoder().Bytes(body)
	}
	cut.new = body
	return cut, err
}

// foreignCharsets are the encodings that decodeCell may name.
var foreignCharsets = map[string]*charset{utf8Charset.name: &utf8Charset, gb18030.name: &gb18030, cp932.name: &cp932, big5.name: &big5,
	euckr.name: &euckr, cp1250.name: &cp1250, cp1251.name: &cp1251, cp1252.name: &cp1252, cp1254.name: &cp1254}

// spliceCell returns the raw bytes of a cell with the edits made. Bytes outside
// the edits stay, unless a plain cell has to be quoted from now on.
func (t *textFile) spliceCell(raw []byte, set *charset, c rawCell, edits []Edit) ([]byte, error) {
	var out []byte
	walk := cellWalk{raw: raw, set: set, doubled: c.doubled}
	last, special := 0, false
	for _, e := range edits {
		from, err := walk.to(e.Start)
		if err != nil {
			return nil, err
		}
		to, err := walk.to(e.End)
		if err != nil {
			return nil, err
		}
		added, err := set.encode(e.New)
		if err != nil {
			return nil, err
		}
		special = special || strings.ContainsAny(e.New, "\"\r\n") || strings.IndexByte(e.New, t.d.delim) >= 0
		if c.quoted {
			added = bytes.ReplaceAll(added, []byte{'"'}, []byte(`""`))
		}
		out = append(append(out, raw[last:from]...), added...)
		last = to
	}
	out = append(out, raw[last:]...)
	if c.quoted || !special {
		return out, nil
	}
	if !t.d.quote {
		for _, e := range edits {
			if strings.ContainsAny(e.New, "\r\n") || strings.IndexByte(e.New, t.d.delim) >= 0 {
				return nil, refuseCell("fix.left.unquoted", "the file does not quote its cells, so the new text may hold no line end and no delimiter")
			}
		}
		return out, nil
	}
	out = bytes.ReplaceAll(out, []byte{'"'}, []byte(`""`))
	return append(append([]byte{'"'}, out...), '"'), nil
}

// encode writes text in the charset.
func (c *charset) encode(text string) ([]byte, error) {
	if c.enc == nil || c.wide {
		return []byte(text), nil
	}
	b, err := c.enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return nil, refuseCell("fix.left.encoding", "the new text %q cannot be written in %s, the file's encoding", text, c.name)
	}
	return b, nil
}

// cellWalk finds the raw byte that a byte of the decoded text came from.
type cellWalk struct {
	raw     []byte
	set     *charset
	doubled bool
	i, n    int // raw bytes and text bytes passed
}

// to moves on to offset n of the text and returns the raw offset.
func (w *cellWalk) to(n int) (int, error) {
	for w.n < n && w.i < len(w.raw) {
		size, text := w.set.unit(w.raw[w.i:])
		if w.doubled && size == 1 && w.raw[w.i] == '"' && w.i+1 < len(w.raw) && w.raw[w.i+1] == '"' {
			size = 2
		}
		w.i += size
		w.n += text
	}
	if w.n != n {
		return 0, errors.New("the place of the correction cannot be found in the file's own bytes")
	}
	return w.i, nil
}

// unit returns the raw length of the character at the start of b and the
// length of its UTF-8 form.
func (c *charset) unit(b []byte) (size, text int) {
	if b[0] < 0x80 {
		return 1, 1
	}
	switch {
	case c.enc == nil:
		r, n := utf8.DecodeRune(b)
		return n, utf8.RuneLen(r)
	case c.name == gb18030.name:
		size = 2
		if len(b) > 1 && inRange(b[1], 0x30, 0x39) {
			size = 4
		}
		if b[0] == 0x80 || b[0] == 0xFF {
			size = 1
		}
	case c.name == cp932.name:
		size = 2
		if inRange(b[0], 0xA0, 0xDF) || b[0] == 0x80 || b[0] > 0xFC {
			size = 1
		}
	default:
		size = 1
	}
	size = min(size, len(b))
	out, err := c.enc.NewDecoder().Bytes(b[:size])
	if err != nil {
		return size, len("\uFFFD")
	}
	return size, len(out)
}

// filePosition turns offsets in the decoded text into offsets in the file.
type filePosition struct {
	t      *textFile
	passed int64 // bytes of the file before the record at hand, its mark left out
}

func newFilePosition(t *textFile) *filePosition { return &filePosition{t: t} }

// advance leaves a record, as decoded, behind.
func (p *filePosition) advance(record []byte) { p.passed += p.length(record) }

// at returns the offset in the file of what follows before in the record.
func (p *filePosition) at(before []byte) int64 {
	off := p.passed + p.length(before)
	if off >= int64(p.t.set.cut) {
		off += int64(p.t.set.end - p.t.set.cut)
	}
	return off
}

// length returns how many bytes b takes in the file.
func (p *filePosition) length(b []byte) int64 {
	switch {
	case !p.t.set.wide:
		return int64(len(b))
	case strings.HasPrefix(p.t.set.name, "UTF-32"):
		return 4 * int64(utf8.RuneCount(b))
	}
	n := int64(0)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if n += 2; r > 0xFFFF {
			n += 2
		}
		b = b[size:]
	}
	return n
}
