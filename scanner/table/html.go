package table

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	pagecharset "golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

const (
	maxHTMLTables = 64
	maxSpan       = 1000
)

// htmlTables reads the tables of an HTML file, which is what many ERP systems
// write into a file named .xls.
type htmlTables struct {
	src source
	set charsetReader
	max int
}

// charsetReader turns the bytes of the file into UTF-8.
type charsetReader struct {
	name string
	wrap func(io.Reader) io.Reader
}

// openHTML finds the tables that hold rows.
func openHTML(src source, opt containerOptions) (*container, error) {
	h := &htmlTables{src: src, max: opt.maxCell()}
	head, err := src.head(headSize)
	if err != nil {
		return nil, because("container.reading", "file", src.name, "why", err)
	}
	h.set = htmlCharset(head, src.windows())
	rows := map[int]int{}
	err = h.walk(&tally{}, func(table int, _ record) bool {
		if table < maxHTMLTables {
			rows[table]++
		}
		return true
	})
	if err != nil {
		return nil, because("container.html", "file", src.name, "why", err)
	}
	c := &container{Name: src.name}
	for i := range maxHTMLTables {
		if rows[i] > 0 {
			c.Sheets = append(c.Sheets, h.sheet(i))
		}
	}
	if len(c.Sheets) == 0 {
		return nil, because("container.html-no-table", "file", src.name)
	}
	if len(c.Sheets) == 1 {
		c.Sheets[0].Name = ""
	}
	return c, nil
}

// htmlCharset believes valid UTF-8 and byte order marks first, then the page's
// own declaration, then the scores.
func htmlCharset(head []byte, windows [][]byte) charsetReader {
	set := detectCharset(head, windows)
	if set.guessed {
		if enc, name, _ := pagecharset.DetermineEncoding(head, ""); name != "windows-1252" {
			return charsetReader{name, func(r io.Reader) io.Reader { return transform.NewReader(r, enc.NewDecoder()) }}
		}
	}
	if set.enc == nil {
		return charsetReader{set.name, func(r io.Reader) io.Reader { return r }}
	}
	return charsetReader{set.name, func(r io.Reader) io.Reader { return transform.NewReader(r, set.enc.NewDecoder()) }}
}

func (h *htmlTables) sheet(index int) *sheet {
	return &sheet{Name: fmt.Sprintf("table %d", index+1), Container: "html", Encoding: h.set.name,
		read: func(yield func(record, error) bool) *tally {
			count, stopped := &tally{}, false
			err := h.walk(count, func(table int, rec record) bool {
				if table == index {
					stopped = !yield(rec, nil)
				}
				return !stopped
			})
			if err != nil && !stopped {
				yield(record{}, because("container.html", "file", h.src.name, "why", err))
			}
			return count
		}}
}

// htmlWalk is the state of one pass. Tables inside cells belong to the cell.
type htmlWalk struct {
	each  func(table int, rec record) bool
	count *tally
	table int // outermost table at hand, from 0
	depth int // tables open
	row   int // 1-based row of the table
	line  int // 1-based
	begin int // line the row starts on
	cells []string
	below map[int]int // column -> rows still covered by a cell above
	cell  strings.Builder
	span  int
	open  bool // a cell is open
	inRow bool
	mute  int // inside style or script
	stop  bool
}

// walk calls each with every row that holds text.
func (h *htmlTables) walk(count *tally, each func(table int, rec record) bool) error {
	r, err := h.src.open()
	if err != nil {
		return err
	}
	defer r.Close()
	z := html.NewTokenizer(h.set.wrap(r))
	z.SetMaxBuf(h.max)
	w := &htmlWalk{each: each, count: count, table: -1, line: 1}
	for !w.stop {
		kind := z.Next()
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			w.endRow()
			if err := z.Err(); err != io.EOF {
				return because("container.html-stopped", "line", w.line, "why", err)
			}
			return nil
		case html.TextToken:
			if w.open && w.mute == 0 {
				if w.cell.Len()+len(raw) > h.max {
					return because("container.html-cell", "line", w.line, "n", h.max>>20)
				}
				w.cell.WriteString(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
		w.line += lines(raw)
	}
	return nil
}

// start handles a start tag. Rows and cells may lack their end tags.
func (w *htmlWalk) start(z *html.Tokenizer) {
	name, more := z.TagName()
	switch tag := atom.Lookup(name); tag {
	case atom.Table:
		if w.depth == 0 {
			w.table, w.row, w.below = w.table+1, 0, map[int]int{}
		}
		w.depth++
	case atom.Style, atom.Script:
		w.mute++
	case atom.Br, atom.P, atom.Div, atom.Li:
		if w.open && w.cell.Len() > 0 {
			w.cell.WriteByte('\n')
		}
	case atom.Tr:
		if w.depth == 1 {
			w.endRow()
			w.inRow, w.begin = true, w.line
			w.row++
		}
	case atom.Td, atom.Th:
		if w.depth == 1 {
			w.endCell()
			w.startCell(z, more)
		}
	}
}

// startCell opens a cell and leaves room for the columns it spans.
func (w *htmlWalk) startCell(z *html.Tokenizer, more bool) {
	if !w.inRow {
		w.inRow, w.begin = true, w.line
		w.row++
	}
	for w.below[len(w.cells)] > 0 {
		w.below[len(w.cells)]--
		w.cells = append(w.cells, "")
	}
	w.span = 1
	down := 1
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		n, err := strconv.Atoi(string(value))
		if err != nil || n < 1 || n > maxSpan {
			continue
		}
		switch string(key) {
		case "colspan":
			w.span = n
		case "rowspan":
			down = n
		}
	}
	for i := range w.span {
		if down > 1 {
			w.below[len(w.cells)+i] = down - 1
		}
	}
	w.open = true
	w.cell.Reset()
}

func (w *htmlWalk) end(tag atom.Atom) {
	switch tag {
	case atom.Style, atom.Script:
		w.mute = max(0, w.mute-1)
	case atom.Td, atom.Th:
		if w.depth == 1 {
			w.endCell()
		}
	case atom.Tr:
		if w.depth == 1 {
			w.endRow()
		}
	case atom.Table:
		if w.depth == 1 {
			w.endRow()
		}
		w.depth = max(0, w.depth-1)
	}
}

func (w *htmlWalk) endCell() {
	if !w.open {
		return
	}
	w.open = false
	text, replaced, other := utf8Charset.decodeCell([]byte(w.cell.String()))
	w.count.replaced(w.row, replaced)
	if other != "" {
		w.count.foreign(w.row, other)
	}
	w.cells = append(w.cells, strings.TrimSpace(text))
	for ; w.span > 1 && len(w.cells) < maxColumns; w.span-- {
		w.cells = append(w.cells, "")
	}
}

func (w *htmlWalk) endRow() {
	w.endCell()
	if !w.inRow {
		return
	}
	w.inRow = false
	cells := w.cells
	w.cells = nil
	if strings.Join(cells, "") == "" || w.table < 0 {
		return
	}
	w.stop = !w.each(w.table, record{Row: w.row, Line: w.begin, Cells: cells})
}
