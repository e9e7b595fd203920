package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"prescreen/scanner"
)

// tally counts what a reader should know after one pass over a sheet.
type tally struct {
	lines        []sentence
	repairs      map[string]*places // by what was done, a message id
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

// in lists the rows: "row 5", "rows 5, 9, 12 and 40 more".
func (p *places) in(lang *scanner.Language) string {
	id := "container.rows"
	more := p.n - len(p.first)
	switch {
	case p.n == 1:
		id = "container.one-row"
	case more > 0:
		id = "container.more-rows"
	}
	return lang.Say(id, "rows", strings.Join(p.first, ", "), "n", more)
}

func (t *tally) say(n sentence) { t.lines = append(t.lines, n) }

// repair counts a row that was put right.
func (t *tally) repair(row int, what string) {
	if t.repairs == nil {
		t.repairs = map[string]*places{}
	}
	if t.repairs[what] == nil {
		t.repairs[what] = &places{}
	}
	t.repairs[what].add(row)
}

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

// notes gives the counts as sentences, in a fixed order.
func (t *tally) notes() []sentence {
	out := append([]sentence(nil), t.lines...)
	add := func(p *places, id string, pairs ...any) {
		if p.n > 0 {
			out = append(out, message(id, append(pairs, "rows", p)...))
		}
	}
	for _, what := range slices.Sorted(maps.Keys(t.repairs)) {
		add(t.repairs[what], what, "n", t.repairs[what].n)
	}
	add(&t.shorter, "container.shorter", "n", t.shorter.n, "usual", t.usual)
	add(&t.longer, "container.longer", "n", t.longer.n, "usual", t.usual)
	add(&t.damaged, "container.replaced", "n", t.damagedChars)
	for _, name := range slices.Sorted(maps.Keys(t.other)) {
		add(t.other[name], "container.foreign-cells", "n", t.other[name].n, "encoding", name)
	}
	return out
}
