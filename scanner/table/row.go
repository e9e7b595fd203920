package table

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"prescreen/scanner"
)

// tableRow is one record read with its columns' roles, before grouping.
type tableRow struct {
	row    int             // 1-based physical row
	fields []scanner.Field // filled text cells, best column of a role first
	key    []string        // cells of the group's key columns, folded; "" for blank
	child  bool            // belongs to another row's listing
	parent string          // how it names its parent, "" for the row before
	names  []string        // how parents and children may name this row
	items  []string        // children this row names itself

	id, category, supplier, url, image string
}

// rowReader turns the records of one recognised table into rows. It counts
// what it meets for FileFacts. Not safe for concurrent use.
type rowReader struct {
	m       *match
	key     []int
	when    [][]int // columns of each child condition
	parent  []int
	of      []int
	namedIn []int
	numbers []int
	links   []int

	id, category, supplier, url, image []int // columns, best first

	spare  []*tableRow // rows whose listing is complete
	cells  []string    // key cells of the row before
	folded []string    // and what became of them

	started bool   // a listing row was seen: no more help rows
	usedCol []bool // by column
	help    []int  // physical rows taken for help
	skipped []int  // physical rows that a skip pattern matched
	blank   int    // rows without text
	cut     int    // ids that a spreadsheet shortened to 1.73E+18
	rows    int    // data rows
	atLimit []int  // physical rows with a text as long as Excel's limit
	orphans []int  // physical rows of children without a parent
	other   otherText
}

func newRowReader(m *match) *rowReader {
	h, g := m.header, m.shape.Group
	r := &rowReader{m: m, key: h.findAll(g.By), usedCol: make([]bool, len(h.cells))}
	r.numbers = h.findAll(m.shape.Rows.Help.Numbers)
	r.links = h.findAll(m.shape.Rows.Help.Links)
	if c := g.Child; c != nil {
		for _, w := range c.When {
			r.when = append(r.when, h.findAll(w.Column))
		}
		r.parent, r.of, r.namedIn = h.findAll(c.Parent), h.findAll(c.Of), h.findAll(c.NamedIn)
	}
	r.cells, r.folded = make([]string, len(r.key)), make([]string, len(r.key))
	meta := m.columns.meta
	r.id, r.category, r.supplier, r.url, r.image = meta["id"], meta["category"], meta["supplier"], meta["url"], meta["image"]
	r.other = newOtherText(m)
	return r
}

// read returns the row of a record, false where it is no data row. The row is
// the caller's until it is handed to recycle.
func (r *rowReader) read(rec record) (*tableRow, bool) {
	if rec.Row < r.m.first {
		return nil, false
	}
	if r.skip(rec) {
		r.skipped = append(r.skipped, rec.Row)
		return nil, false
	}
	if !r.started && r.isHelp(rec) {
		r.help = append(r.help, rec.Row)
		return nil, false
	}
	r.started = true
	r.rows++
	row := r.newRow()
	row.row, row.fields = rec.Row, r.fields(rec, row.fields)
	if len(row.fields) == 0 {
		r.blank++
	}
	row.id = r.identity(rec)
	row.category = r.meta(rec, r.category)
	row.supplier = r.meta(rec, r.supplier)
	row.url = r.meta(rec, r.url)
	row.image = r.meta(rec, r.image)
	r.relate(rec, row)
	if r.other.rows < otherRows {
		r.other.see(rec)
	}
	return row, true
}

func (r *rowReader) newRow() *tableRow {
	n := len(r.spare) - 1
	if n < 0 {
		return &tableRow{}
	}
	row := r.spare[n]
	r.spare = r.spare[:n]
	*row = tableRow{fields: row.fields[:0], key: row.key[:0], names: row.names[:0], items: row.items[:0]}
	return row
}

// recycle takes back rows whose listing is complete.
func (r *rowReader) recycle(rows []*tableRow) { r.spare = append(r.spare, rows...) }

// skip tells that the row's first filled cell marks it as no listing.
func (r *rowReader) skip(rec record) bool {
	if len(r.m.shape.Rows.Skip) == 0 {
		return false
	}
	for _, c := range rec.Cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		for _, re := range r.m.shape.Rows.Skip {
			if re.MatchString(c) {
				return true
			}
		}
		return false
	}
	return false
}

// fields appends the filled text cells of a record to fields.
func (r *rowReader) fields(rec record, fields []scanner.Field) []scanner.Field {
	for i := range r.m.columns.text {
		t := &r.m.columns.text[i]
		text := cellAt(rec, t.col)
		if noText(text) {
			continue
		}
		r.usedCol[t.col] = true
		if len(text) >= excelCellLimit && utf16Length(text) == excelCellLimit {
			r.atLimit = append(r.atLimit, rec.Row)
		}
		fields = append(fields, scanner.Field{Role: t.role, Column: r.m.header.cell(t.col), Col: t.col, Row: rec.Row, Text: text})
	}
	return fields
}

// excelCellLimit is where Excel cuts a text off, in UTF-16 units.
const excelCellLimit = 32767

func utf16Length(s string) (n int) {
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// meta returns the first filled cell of columns that hold no text to screen,
// trimmed.
func (r *rowReader) meta(rec record, cols []int) string {
	for _, c := range cols {
		if v := strings.TrimSpace(cellAt(rec, c)); v != "" {
			r.usedCol[c] = true
			return v
		}
	}
	return ""
}

// identity is meta for the id: one that a spreadsheet shortened names nothing.
func (r *rowReader) identity(rec record) string {
	for _, c := range r.id {
		v := strings.TrimSpace(cellAt(rec, c))
		if shortened(v) {
			r.cut++
			continue
		}
		if v != "" {
			r.usedCol[c] = true
			return v
		}
	}
	return ""
}

// shortened tells a long number that a spreadsheet saved as 1.73E+18: its last
// digits are gone, and all numbers near it look alike.
func shortened(id string) bool {
	at := strings.IndexByte(id, '+')
	if at < 1 || id[at-1]|0x20 != 'e' {
		return false
	}
	mantissa, exponent := id[:at-1], id[at+1:]
	return onlyDigits(strings.Replace(mantissa, ".", "", 1)) && onlyDigits(exponent)
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// relate fills what grouping needs.
func (r *rowReader) relate(rec record, row *tableRow) {
	for i, c := range r.key {
		if cell := cellAt(rec, c); cell != r.cells[i] { // the rows of a listing mostly follow one another
			r.cells[i], r.folded[i] = cell, foldKey(cell)
			if shortened(r.folded[i]) {
				r.folded[i] = ""
			}
		}
	}
	row.key = append(row.key, r.folded...)
	child := r.m.shape.Group.Child
	if child == nil {
		return
	}
	for _, c := range r.of {
		if v := foldKey(cellAt(rec, c)); v != "" {
			row.names = append(row.names, v)
		}
	}
	for _, c := range r.namedIn {
		for _, g := range child.Item.FindAllStringSubmatch(cellAt(rec, c), -1) {
			row.items = append(row.items, foldKey(g[len(g)-1]))
		}
	}
	row.parent = parentName(rec, r.parent)
	// A parent that names itself as its parent is no child.
	row.child = r.holds(rec, child.When) && (row.parent == "" || !slices.Contains(row.names, row.parent))
}

// parentName is the first filled parent cell; Woo writes id:123 for an ID.
func parentName(rec record, cols []int) string {
	for _, c := range cols {
		if v := foldKey(cellAt(rec, c)); v != "" {
			return strings.TrimPrefix(v, "id:")
		}
	}
	return ""
}

func (r *rowReader) holds(rec record, when []condition) bool {
	for i, w := range when {
		if !anyCell(rec, r.when[i], w.Is) {
			return false
		}
	}
	return true
}

func anyCell(rec record, cols []int, values []string) bool {
	for _, c := range cols {
		cell := foldKey(cellAt(rec, c))
		for _, v := range values {
			if cell != "" && (v == "*" || v == cell) {
				return true
			}
			for word := range strings.SplitSeq(cell, ",") {
				if strings.TrimSpace(word) == v {
					return true
				}
			}
		}
	}
	return false
}

// numberLike accepts amounts with a currency: "US $12.90", "1 299,00 руб.".
func numberLike(v string) bool {
	letters, digits := lettersAndDigits(v)
	return digits > 0 && letters <= 4
}

func lettersAndDigits(v string) (letters, digits int) {
	for _, r := range v {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters, digits
}

// linkLike accepts addresses and file names, but no prose.
func linkLike(v string) bool {
	return strings.Contains(v, "://") || strings.IndexFunc(v, unicode.IsSpace) < 0 && strings.ContainsAny(v, "./")
}

func cellAt(rec record, col int) string {
	if col < len(rec.Cells) {
		return rec.Cells[col]
	}
	return ""
}

func noText(s string) bool {
	if s != "" && s[0] > ' ' && s[0] < utf8.RuneSelf { // most cells
		return false
	}
	return strings.TrimSpace(s) == ""
}

// foldKey is the form in which keys are compared.
func foldKey(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
