package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
)

// rewritePackage rewrites a workbook or a ZIP of exports. Entries without
// edits are copied as they are packed.
func (pl *placing) rewritePackage(src source, edits []Edit, w io.Writer) error {
	p, err := openZip(src)
	if err != nil {
		return err
	}
	changed := map[*zip.File][]splice{}
	switch {
	case p.under("_xmlsignatures/"):
		err = errors.New("the workbook is signed, and a correction would break its signature: save a copy without it and correct that")
	case p.isWorkbook():
		err = pl.workbookSplices(src, p, edits, changed)
	default:
		err = pl.memberSplices(src, p, edits, changed)
	}
	if err != nil {
		return fmt.Errorf("correcting %s: %w", src.name, err)
	}
	if w == nil {
		return nil
	}
	if err := copyPackage(changed, p, w); err != nil {
		return fmt.Errorf("correcting %s: %w", src.name, err)
	}
	return nil
}

// copyPackage writes the ZIP again, entry by entry.
func copyPackage(changed map[*zip.File][]splice, p *parts, w io.Writer) error {
	out := zip.NewWriter(w)
	if err := out.SetComment(p.comment); err != nil {
		return err
	}
	for _, f := range p.files {
		cuts, ok := changed[f]
		if !ok {
			if err := out.Copy(f); err != nil {
				return err
			}
			continue
		}
		h := &zip.FileHeader{Name: f.Name, Comment: f.Comment, NonUTF8: f.NonUTF8, Method: f.Method,
			Modified: f.Modified, ExternalAttrs: f.ExternalAttrs, CreatorVersion: f.CreatorVersion}
		entry, err := out.CreateHeader(h)
		if err != nil {
			return err
		}
		r, err := openPart(f)
		if err != nil {
			return err
		}
		err = copySpliced(entry, r, cuts)
		r.Close()
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// memberSplices places edits in the files of a ZIP of exports.
func (pl *placing) memberSplices(src source, p *parts, edits []Edit, changed map[*zip.File][]splice) error {
	for len(edits) > 0 {
		name := edits[0].File
		n := slices.IndexFunc(edits, func(e Edit) bool { return e.File != name })
		if n < 0 {
			n = len(edits)
		}
		f := p.byName[strings.ToLower(name)]
		if f == nil {
			return fmt.Errorf("there is no file %q in it", name)
		}
		cuts, err := pl.memberSplice(src, p, name, edits[:n])
		if err != nil {
			return err
		}
		changed[f] = cuts
		edits = edits[n:]
	}
	return nil
}

func (pl *placing) memberSplice(src source, p *parts, name string, edits []Edit) ([]splice, error) {
	f := p.byName[strings.ToLower(name)]
	member := source{name: src.name + "/" + name, size: int64(f.UncompressedSize64),
		open: func() (io.ReadCloser, error) { return p.open(name) }}
	head, err := member.head(4096)
	if err != nil {
		return nil, err
	}
	switch kindOf(head) {
	case textFileKind:
		return pl.textSplices(member, edits)
	case zipFile:
	default:
		return nil, fmt.Errorf("%s: only CSV, TSV and XLSX files can be written back", name)
	}
	loaded := int64(0)
	if err := member.load(&loaded); err != nil {
		return nil, err
	}
	inner := slices.Clone(edits)
	for i := range inner {
		inner[i].File = ""
	}
	var out bytes.Buffer
	known := len(pl.refused)
	err = pl.rewritePackage(member, inner, &out)
	for i := known; i < len(pl.refused); i++ {
		pl.refused[i].File = name
	}
	if err != nil {
		return nil, err
	}
	return []splice{{end: member.size, new: out.Bytes()}}, nil
}

// workbookSplices places edits in the sheets of a workbook.
func (pl *placing) workbookSplices(src source, p *parts, edits []Edit, changed map[*zip.File][]splice) error {
	w, c, err := openBook(src, p, containerOptions{})
	if err != nil {
		return err
	}
	defer w.close()
	for len(edits) > 0 {
		name := edits[0].Sheet
		n := slices.IndexFunc(edits, func(e Edit) bool { return e.Sheet != name })
		if n < 0 {
			n = len(edits)
		}
		i := slices.IndexFunc(c.Sheets, func(s *sheet) bool { return s.Name == name })
		if i < 0 || edits[0].File != "" {
			return fmt.Errorf("it has no sheet %q", name)
		}
		part := c.Sheets[i].part
		cuts, err := pl.sheetSplices(w, part, edits[:n])
		if err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
		changed[p.byName[strings.ToLower(part)]] = cuts
		edits = edits[n:]
	}
	return nil
}

// cellKey is a cell of a sheet: 1-based row, 0-based column.
type cellKey struct{ row, col int }

// sheetSplices finds the bytes of a sheet part that the edits change.
func (pl *placing) sheetSplices(w *workbook, part string, edits []Edit) ([]splice, error) {
	spots, err := w.spots(part, edits)
	if err != nil {
		return nil, err
	}
	rich, err := w.richCells(part, spots)
	if err != nil {
		return nil, err
	}
	var cuts []splice
	for i, at := range spots {
		cut, err := at.splice(rich[i])
		if err == nil {
			cuts = append(cuts, cut)
		} else if !pl.note(at.edits[0], err) {
			return nil, err
		}
	}
	return cuts, nil
}

// editedCell is a cell and the edits it is to take.
type editedCell struct {
	cellSpot
	edits []Edit
}

// spots finds the cells that the edits name, in the order of the part.
func (w *workbook) spots(part string, edits []Edit) ([]editedCell, error) {
	wanted := map[cellKey][]Edit{}
	for _, e := range edits {
		k := cellKey{e.Row, e.Col}
		wanted[k] = append(wanted[k], e)
	}
	r, err := w.parts.open(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	s := &sheetReader{w: w, style: w.loadStyles()}
	if s.x, err = newXMLScanner(r); err != nil {
		return nil, err
	}
	if s.x.recoded {
		return nil, errors.New("its XML is not in UTF-8: open the file in Excel and save it again")
	}
	var found []editedCell
	s.located = func(at cellSpot) {
		k := cellKey{at.row, at.col}
		if mine, ok := wanted[k]; ok {
			found = append(found, editedCell{at, mine})
			delete(wanted, k)
		}
	}
	if err = s.rows(func(record, error) bool { return len(wanted) > 0 }); err != nil {
		return nil, err
	}
	for _, e := range edits {
		if _, ok := wanted[cellKey{e.Row, e.Col}]; ok {
			return nil, fmt.Errorf("cell %s is not there", cellName(e.Col, e.Row))
		}
	}
	return found, nil
}

const cellUnits = 32767 // UTF-16 units Excel can hold in a cell

// splice makes the new element of a cell. Text in one format all through keeps
// it; a cell with a formula or several formats is refused.
func (at editedCell) splice(rich richText) (splice, error) {
	name := cellName(at.col, at.row)
	if at.formula {
		return splice{}, refuseCell("fix.left.formula", "cell %s holds a formula: correct the cells it refers to", name)
	}
	if rich.runs > 1 {
		return splice{}, refuseCell("fix.left.rich", "cell %s holds text in several formats: change it by hand", name)
	}
	if err := checkEdits(at.text, at.edits); err != nil {
		return splice{}, err
	}
	text := applyEdits(at.text, at.edits)
	if len(utf16.Encode([]rune(text))) > cellUnits {
		return splice{}, refuseCell("fix.left.cell", "cell %s would be longer than a workbook can hold", name)
	}
	p := at.prefix
	var b bytes.Buffer
	b.WriteString("<" + p + "c")
	if at.reference {
		fmt.Fprintf(&b, ` r="%s"`, name)
	}
	if at.style > 0 {
		fmt.Fprintf(&b, ` s="%d"`, at.style)
	}
	open, shut := "", ""
	if rich.runs == 1 {
		open, shut = "<"+p+"r>"+rich.format, "</"+p+"r>"
	}
	fmt.Fprintf(&b, ` t="inlineStr"><%sis>%s<%st xml:space="preserve">`, p, open, p)
	b.Write(escapeExcel(text))
	fmt.Fprintf(&b, "</%st>%s</%sis></%sc>", p, shut, p, p)
	return splice{start: at.start, end: at.end, new: b.Bytes()}, nil
}

// escapeExcel writes text for <t>: markup as entities, what XML cannot hold as
// _xHHHH_, and what looks like that already made literal.
func escapeExcel(text string) []byte {
	var b []byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '<':
			b = append(b, "&lt;"...)
		case c == '>':
			b = append(b, "&gt;"...)
		case c == '&':
			b = append(b, "&amp;"...)
		case c < ' ' && c != '\n' && c != '\t':
			b = fmt.Appendf(b, "_x%04X_", c)
		case c == '_' && i+6 < len(text) && len(unescapeExcel([]byte(text[i:i+7]), 0)) < 7:
			b = append(b, "_x005F_"...)
		default:
			b = append(b, c)
		}
	}
	return b
}
