package table

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
)

// workbook is an opened .xlsx package. Its rows are read by xlsxsheet.go.
type workbook struct {
	name     string
	parts    *parts
	max      int // bytes one cell may hold
	base1904 bool
	notes    []sentence

	strings      *sharedStrings // once read
	stringBudget int            // bytes of them to keep in memory, 0 for the usual
	tagwise      bool           // read all cells tag by tag

	loadStrings func() (*sharedStrings, error)
	loadStyles  func() []numberStyle
}

// relation is one entry of a .rels part.
type relation struct {
	kind   string // last element of the type: worksheet, sharedStrings, ...
	target string // part name
}

// openWorkbook lists the worksheets of a package.
func openWorkbook(src source, p *parts, opt containerOptions) (*container, error) {
	w, c, err := openBook(src, p, opt)
	if err == nil {
		c.closing = w.close
	}
	return c, err
}

// openBook is openWorkbook that also returns what the sheets are read with.
func openBook(src source, p *parts, opt containerOptions) (*workbook, *container, error) {
	w := &workbook{name: src.name, parts: p, max: opt.maxCell()}
	main := w.mainPart()
	if strings.HasSuffix(strings.ToLower(main), ".bin") {
		return nil, nil, because("container.xlsb", "file", src.name)
	}
	if !p.has(main) {
		return nil, nil, because("container.no-workbook", "file", src.name, "part", main)
	}
	if len(p.twice) > 0 {
		w.note(message("container.parts-twice", "parts", strings.Join(p.twice, ", ")))
	}
	rels, err := w.relations(main)
	if err != nil {
		return nil, nil, because("container.reading", "file", src.name, "why", err)
	}
	entries, err := w.sheetEntries(main)
	if err != nil {
		return nil, nil, because("container.sheet-list", "file", src.name, "why", err)
	}
	w.lazyParts(main, rels)
	c := &container{Name: src.name}
	for i, e := range entries {
		if s := w.sheet(i, e, rels); s != nil {
			c.Sheets = append(c.Sheets, s)
		}
	}
	c.Notes = w.notes
	if len(c.Sheets) == 0 {
		return nil, nil, because("container.no-worksheet", "file", src.name)
	}
	return w, c, nil
}

// close gives up what reading may have put into a temporary file.
func (w *workbook) close() { w.strings.close() }

func (w *workbook) note(n sentence) { w.notes = append(w.notes, n) }

// mainPart finds the workbook part through the package relations.
func (w *workbook) mainPart() string {
	rels, err := w.relations("")
	if err == nil {
		for _, r := range rels {
			if r.kind == "officeDocument" {
				return r.target
			}
		}
	}
	if w.parts.has("xl/workbook.bin") && !w.parts.has("xl/workbook.xml") {
		return "xl/workbook.bin"
	}
	return "xl/workbook.xml"
}

// relations reads the .rels part that belongs to part; there may be none.
func (w *workbook) relations(part string) (map[string]relation, error) {
	dir, file := path.Split(part)
	name := dir + "_rels/" + file + ".rels"
	rels := map[string]relation{}
	if !w.parts.has(name) {
		return rels, nil
	}
	err := w.each(name, func(x *xmlScanner) {
		if !x.is("Relationship") || len(rels) > 20*maxSheets || x.attrText("TargetMode") == "External" {
			return
		}
		target := strings.ReplaceAll(x.attrText("Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		kind := x.attrText("Type")
		rels[x.attrText("Id")] = relation{kind: kind[strings.LastIndexByte(kind, '/')+1:], target: cleanPart(target)}
	})
	return rels, err
}

// each calls f at every start tag of a small part.
func (w *workbook) each(name string, f func(*xmlScanner)) error {
	r, err := w.parts.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	x, err := newXMLScanner(r)
	for err == nil {
		if err = x.next(w.max); err != nil || x.kind == xmlDone {
			break
		}
		if x.kind == xmlStart {
			f(x)
		}
	}
	if err != nil && err != io.EOF {
		return because("container.part", "part", name, "why", err)
	}
	return nil
}

// maxSheets bounds what a hostile workbook may list.
const maxSheets = 5000

// sheetEntry is one sheet as the workbook lists it.
type sheetEntry struct {
	name, id string
	hidden   bool
}

func (w *workbook) sheetEntries(main string) ([]sheetEntry, error) {
	var out []sheetEntry
	err := w.each(main, func(x *xmlScanner) {
		switch string(x.name) {
		case "workbookPr":
			v := x.attrText("date1904")
			w.base1904 = v == "1" || v == "true"
		case "sheet":
			state := x.attrText("state")
			out = append(out, sheetEntry{name: x.attrText("name"), id: x.relationID(), hidden: state == "hidden" || state == "veryHidden"})
		}
	})
	if len(out) > maxSheets {
		return nil, because("container.sheets-many", "n", maxSheets)
	}
	return out, err
}

// relationID returns the value of r:id, whatever its prefix; a plain id (as in
// sheetId) is another attribute.
func (x *xmlScanner) relationID() string { return x.attrText("id") }

// sheet makes the table of one entry, nil for what holds no cells.
func (w *workbook) sheet(i int, e sheetEntry, rels map[string]relation) *sheet {
	r, ok := rels[e.id]
	switch {
	case !ok:
		r.target = fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
		w.note(message("container.sheet-unlinked", "sheet", e.name, "part", r.target))
	case r.kind != "worksheet":
		w.note(message("container.sheet-kind", "sheet", e.name, "kind", r.kind))
		return nil
	}
	part := r.target
	return &sheet{Name: e.name, Hidden: e.hidden, Container: "xlsx", part: part,
		read: func(yield func(record, error) bool) *tally { return w.read(e.name, part, yield) }}
}

// lazyParts arranges for shared strings and styles to be read when first
// needed, once.
func (w *workbook) lazyParts(main string, rels map[string]relation) {
	dir := path.Dir(main)
	find := func(kind, fallback string) string {
		for _, r := range rels {
			if r.kind == kind {
				return r.target
			}
		}
		return cleanPart(dir + "/" + fallback)
	}
	text, styles := find("sharedStrings", "sharedStrings.xml"), find("styles", "styles.xml")
	w.loadStrings = sync.OnceValues(func() (*sharedStrings, error) { return w.readStrings(text) })
	w.loadStyles = sync.OnceValue(func() []numberStyle { return w.readStyles(styles) })
}

// errCellLong says that one text was passed over because of its length; what
// follows it can be read.
var errCellLong = because("container.text-long")

// appendRich appends the text of a string item or inline string up to its end
// tag: all runs, but not the phonetic ones (rPh) that stand over Japanese.
func appendRich(dst []byte, x *xmlScanner, end string, limit int) ([]byte, error) {
	inText, phonetic, start, long := false, 0, len(dst), false
	for {
		err := x.next(limit)
		if errors.Is(err, errXMLLong) {
			long = true
			if err = x.discardText(); err == nil {
				continue
			}
		}
		if err != nil {
			return dst, err
		}
		switch x.kind {
		case xmlDone:
			return dst, errXMLEnds
		case xmlText:
			if inText && phonetic == 0 {
				dst = appendXMLText(dst, x.text, x.cdata)
				if len(dst)-start > limit {
					dst, long = dst[:start], true
				}
			}
		case xmlStart:
			switch {
			case x.closed:
			case x.is("t"):
				inText = true
			case x.is("rPh"):
				phonetic++
			}
		case xmlEnd:
			switch string(x.name) {
			case "t":
				inText = false
			case "rPh":
				phonetic = max(0, phonetic-1)
			case end:
				if long {
					return dst[:start], errCellLong
				}
				return unescapeExcel(dst, start), nil
			}
		}
	}
}
