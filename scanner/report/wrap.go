package report

import (
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// lineWidth is how many columns of a terminal a line of text may take.
const lineWidth = 80

// columnsOf measures text in columns of a terminal, the same in every locale:
// ideographs, kana, hangul and full width take two, combining marks none.
func columnsOf(s string) int { return (&runewidth.Condition{}).StringWidth(s) }

// wrapLines breaks text into lines of lineWidth columns: the first begins with
// prefix, the others with as many blanks. A line breaks at a blank or beside an
// ideograph; a longer word stays whole. Text that would begin a line as markup
// is escaped.
func wrapLines(prefix, text string) string {
	indent := strings.Repeat(" ", columnsOf(prefix))
	var b strings.Builder
	b.WriteString(prefix)
	used, first := columnsOf(prefix), true
	for _, w := range unbroken(text) {
		width := columnsOf(strings.TrimRight(w, " "))
		if !first && used+width > lineWidth {
			cut := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(cut + "\n" + indent)
			w = plainStart(w)
			used = len(indent)
		}
		b.WriteString(w)
		used += columnsOf(w)
		first = false
	}
	return strings.TrimRight(b.String(), " ")
}

// unbroken cuts text into the pieces no line break may fall into, each with the
// blanks that follow it.
func unbroken(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		if i == start {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		switch {
		case r == ' ':
		case before == ' ', (r >= wideFrom || before >= wideFrom) && !strings.ContainsRune("，。、；：？！）」』”’…,.;:?!)", r) && !strings.ContainsRune("（「『“‘(\\", before):
			out = append(out, text[start:i])
			start = i
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// plainStart escapes what would begin a list or a heading at the start of a
// line of Markdown.
func plainStart(w string) string {
	digits := strings.TrimLeft(w, "0123456789")
	switch {
	case strings.ContainsAny(w[:1], "-+="):
		return `\` + w
	case len(digits) < len(w) && (digits[:min(2, len(digits))] == ". " || digits[:min(2, len(digits))] == ") "):
		return w[:len(w)-len(digits)] + `\` + digits
	}
	return w
}

// aligned writes a Markdown table of one row of numbers under its headings,
// each column as wide as its widest cell.
func aligned(heads, numbers []string) string {
	var lines [3]strings.Builder
	for i, h := range heads {
		width := max(3, columnsOf(h), columnsOf(numbers[i]))
		for n, cell := range [...]string{h, "", numbers[i]} {
			fill := width - columnsOf(cell)
			if n == 1 {
				lines[n].WriteString("|" + strings.Repeat("-", width+1) + ":")
				continue
			}
			lines[n].WriteString("| " + strings.Repeat(" ", fill) + cell + " ")
		}
	}
	return lines[0].String() + "|\n" + lines[1].String() + "|\n" + lines[2].String() + "|"
}
