package table

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Recognition looks at the first records that hold text, tries every record as
// a header against every shape, and takes the best score; equal scores go to
// the shape that knows more of the columns, then to the earlier platform name
// and record. The same bytes always give the same answer. The generic layout
// is tried only where no marketplace's own fits.

// peekRecords is how many non-empty records are tried as a header: the deepest
// header in a real template stands on row 8, under seven rows of advice.
const peekRecords = 12

// match is a sheet recognised.
type match struct {
	shape   *shape
	header  *header
	columns columns
	first   int // physical row of the first listing
	score   int
	found   []string  // the header cells that the signature names, quoted
	others  []string  // what else was looked at, when that is to be explained
	chosen  bool      // the user named the columns
	words   []roleMap // names of columns by role, of the platform and in all languages
}

func (m *match) platform() string { return m.shape.platform.Platform }

func (m *match) generic() bool { return m.platform() == genericPlatform }

// peek reads the first records of a sheet. Rows that cannot be read are left
// for the full pass; any other error is returned.
func peek(s *sheet) ([]record, error) {
	var head []record
	for rec, err := range s.Records() {
		var bad *rowError
		switch {
		case errors.As(err, &bad):
			continue
		case err != nil:
			return head, err
		}
		if head = append(head, rec); len(head) == peekRecords {
			break
		}
	}
	return head, nil
}

// recognise finds the best shape for the head of a sheet among ls; nil for none.
func recognise(ls []*layout, sheetName string, head []record) *match {
	headers := make([]*header, len(head))
	for i, rec := range head {
		headers[i] = newHeader(rec.Row, rec.Cells)
	}
	var best *match
	for _, l := range ls {
		if l.Platform == genericPlatform && best != nil {
			break
		}
		for _, s := range l.Shapes {
			for _, h := range headers {
				best = better(best, s.match(sheetName, h))
			}
		}
	}
	if best != nil {
		best.first = firstRow(best.shape.Rows, best.header.row, head)
		generic := ls[len(ls)-1]
		best.words = []roleMap{best.shape.Roles, best.shape.platform.Roles, generic.Roles}
		best.columns.addText(best.header, append(generic.Ignore, best.shape.platform.Ignore...), generic.Everywhere)
	}
	return best
}

func better(best, m *match) *match {
	switch {
	case m == nil:
		return best
	case best == nil || m.score > best.score:
		return m
	case m.score == best.score && m.columns.used() > best.columns.used():
		return m
	}
	return best
}

// match tries one record as the header of a shape; nil when it is none.
func (s *shape) match(sheetName string, h *header) *match {
	found, score, ok := s.Signature.match(sheetName, h)
	if !ok {
		return nil
	}
	if s.platform.Platform == genericPlatform && mostlyValues(h.cells) {
		return nil
	}
	m := &match{shape: s, header: h, score: score}
	m.columns = mapColumns(h, s.platform.Ignore, s.Roles, s.platform.Roles)
	if !m.columns.checkable() {
		return nil
	}
	m.found = found
	return m
}

// match returns the header cells that fit and a score: two points for each
// name that must be there, one for each group of which one must be.
func (sig *signature) match(sheetName string, h *header) (found []string, score int, ok bool) {
	for _, t := range sig.All {
		cols := h.find(t)
		if len(cols) == 0 {
			return nil, 0, false
		}
		found = append(found, quoted(h.cells[cols[0]]))
		score += 2
	}
	for _, group := range [][]term{sig.Any, sig.Also} {
		if len(group) == 0 {
			continue
		}
		cols := h.findAll(group)
		if len(cols) == 0 {
			return nil, 0, false
		}
		found = append(found, quoted(h.cells[cols[0]]))
		score++
	}
	for _, t := range sig.Not {
		if h.has(t) {
			return nil, 0, false
		}
	}
	if len(sig.Sheet) > 0 {
		if !nameFits(sig.Sheet, sheetName) {
			return nil, 0, false
		}
		score++
	}
	return found, score, true
}

// longName is the length in runes from which a cell of prose is no name of a
// column: names in Thai or Japanese reach 20.
const longName = 24

// mostlyValues tells that a record is a row of goods, not a row of names: it
// holds an address, or every third cell is an amount or a sentence. A product
// called "Title" must not be taken for a header.
func mostlyValues(cells []string) bool {
	filled, values := 0, 0
	for _, c := range cells {
		if noText(c) {
			continue
		}
		filled++
		if strings.Contains(c, "://") {
			return true
		}
		if amount(c) || prose(c) && utf8.RuneCountInString(c) >= longName {
			values++
		}
	}
	return values*3 > filled
}

// amount is numberLike but for names that end in a number: "img 1", "tag2".
func amount(v string) bool {
	letters, digits := lettersAndDigits(v)
	return digits > letters && letters <= 4
}

func quoted(cell string) string { return strconv.Quote(strings.TrimSpace(cell)) }

// nameFits tells whether a sheet's name is one of ts.
func nameFits(ts []term, sheetName string) bool {
	if sheetName == "" {
		return false
	}
	name := normalName(sheetName)
	for _, t := range ts {
		if t.re != nil && t.re.MatchString(name) || t.re == nil && t.name == name {
			return true
		}
	}
	return false
}

// firstRow gives the physical row of the first listing: as a setting above the
// header says, else as the layout says, else the row under the header.
func firstRow(rule rowRule, headerRow int, head []record) int {
	if rule.Setting != "" {
		re := regexp.MustCompile(`(?:^|[^\w])` + regexp.QuoteMeta(rule.Setting) + `=(\d+)`)
		for _, rec := range head {
			for _, c := range rec.Cells {
				if g := re.FindStringSubmatch(c); g != nil && rec.Row < headerRow {
					if n, err := strconv.Atoi(g[1]); err == nil && n > headerRow {
						return n
					}
				}
			}
		}
	}
	return max(rule.First, headerRow+1)
}
