package table

import (
	"fmt"
	"sort"
	"strings"
)

// tally counts what a reader should know after one pass over a sheet.
type tally struct {
	lines        []string
	repairs      places
	shorter      places
	longer       places
	usual        int
	damaged      places
	damagedChars int
	other        map[string]*places // encoding of single cells
}

// places remembers how often something happened and the first few rows.
type places struct {
	n     int
	first []string
}

func (p *places) add(row int) {
	p.n++
	if len(p.first) < 5 {
		p.first = append(p.first, fmt.Sprint(row))
	}
}

// String lists the rows: "row 5", "rows 5, 9, 12 and 40 more".
func (p *places) String() string {
	s := "rows "
	if p.n == 1 {
		s = "row "
	}
	s += strings.Join(p.first, ", ")
	if more := p.n - len(p.first); more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

func (t *tally) say(format string, args ...any) {
	t.lines = append(t.lines, fmt.Sprintf(format, args...))
}

func (t *tally) repair(row, line int) { t.repairs.add(row) }

// width counts a row whose number of cells is not the usual one.
func (t *tally) width(row, cells, usual int) {
	t.usual = usual
	switch {
	case usual == 0 || cells == usual:
	case cells < usual:
		t.shorter.add(row)
	default:
		t.longer.add(row)
	}
}

// replaced counts the characters of a row that could not be read.
func (t *tally) replaced(row, chars int) {
	if chars > 0 {
		t.damagedChars += chars
		t.damaged.add(row)
	}
}

// foreign counts a cell in another encoding than the file's.
func (t *tally) foreign(row int, encoding string) {
	if t.other == nil {
		t.other = map[string]*places{}
	}
	if t.other[encoding] == nil {
		t.other[encoding] = &places{}
	}
	t.other[encoding].add(row)
}

// notes puts the counts into words, in a fixed order.
func (t *tally) notes() []string {
	out := append([]string(nil), t.lines...)
	add := func(p *places, format string, args ...any) {
		if p.n > 0 {
			out = append(out, fmt.Sprintf(format, args...)+": "+p.String())
		}
	}
	add(&t.repairs, "%d rows with broken quotes were repaired", t.repairs.n)
	add(&t.shorter, "%d rows have fewer cells than the usual %d", t.shorter.n, t.usual)
	add(&t.longer, "%d rows have more cells than the usual %d", t.longer.n, t.usual)
	add(&t.damaged, "%d characters could not be decoded and were replaced", t.damagedChars)
	var names []string
	for name := range t.other {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		add(t.other[name], "%d cells are not in the file's encoding and were read as %s", t.other[name].n, name)
	}
	return out
}
