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

// Wrap breaks text into lines of at most 80 columns of a terminal: the first
// begins with first, the others with rest. A line breaks at a blank or beside
// an ideograph; a longer word stays whole. Lines are parted by "\n"; there is
// none at the end.
func Wrap(first, rest, text string) string {
	return wrapWith(first, rest, text, func(w string) string { return w })
}

// wrapLines is Wrap for Markdown: later lines begin with as many blanks as
// prefix has columns, and text that would begin one as markup is escaped.
func wrapLines(prefix, text string) string {
	return wrapWith(prefix, strings.Repeat(" ", columnsOf(prefix)), text, plainStart)
}

// wrapWith does the work of Wrap; start changes the first piece of a later line.
func wrapWith(prefix, indent, text string, start func(string) string) string {
	var b strings.Builder
	b.WriteString(prefix)
	used, first := columnsOf(prefix), true
	for _, w := range unbroken(text) {
		width := columnsOf(strings.TrimRight(w, " "))
		if !first && used+width > lineWidth {
			cut := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(cut + "\n" + indent)
			w = start(w)
			used = columnsOf(indent)
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

// aligned writes a Markdown table of rows under their headings, each column as
// wide as its widest cell. The first names columns stand at the left, numbers
// at the right.
func aligned(names int, heads []string, rows ...[]string) string {
	lines := make([]strings.Builder, len(rows)+2)
	for i, h := range heads {
		width := max(3, columnsOf(h))
		for _, r := range rows {
			width = max(width, columnsOf(r[i]))
		}
		put := func(line int, cell string) {
			fill := strings.Repeat(" ", width-columnsOf(cell))
			if i < names {
				cell, fill = cell+fill, ""
			}
			lines[line].WriteString("| " + fill + cell + " ")
		}
		put(0, h)
		if i < names {
			lines[1].WriteString("|:" + strings.Repeat("-", width+1))
		} else {
			lines[1].WriteString("|" + strings.Repeat("-", width+1) + ":")
		}
		for n, r := range rows {
			put(n+2, r[i])
		}
	}
	all := make([]string, len(lines))
	for i := range lines {
		all[i] = lines[i].String() + "|"
	}
	return strings.Join(all, "\n")
}
