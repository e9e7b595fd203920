package register

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"prescreen/rules"
)

// A marks file is what an import leaves for a later compile: one entry per
// line, its fields parted by tabs, a backslash before a tab, line end or
// backslash of a field itself. It takes about a hundred bytes per entry.

// marksHeader begins a marks file; the digit is its version.
const marksHeader = "prescreen marks 1"

// marksFields is how many fields a line has.
const marksFields = 12

// Write writes entries as a marks file. An error among them ends the work.
func Write(w io.Writer, marks iter.Seq2[rules.Mark, error]) error {
	b := bufio.NewWriterSize(w, 1<<18)
	fmt.Fprintln(b, marksHeader)
	for m, err := range marks {
		if err != nil {
			return err
		}
		classes := make([]string, len(m.Classes))
		for i, c := range m.Classes {
			classes[i] = strconv.Itoa(c)
		}
		fields := [marksFields]string{m.Register, m.Application, m.Registration, m.Text, list(m.Aliases), m.Owner, m.Status,
			strconv.Itoa(int(m.Drawing)), m.Filed, m.Registered, strings.Join(classes, " "), m.Goods}
		for i, field := range fields {
			if i > 0 {
				b.WriteByte('\t')
			}
			escaped.WriteString(b, field)
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

var (
	escaped   = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r", "\x00", "\\0")
	unescaped = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r", "\\0", "\x00")
)

// list joins texts; they hold no zero byte that matters.
func list(texts []string) string {
	clean := make([]string, len(texts))
	for i, t := range texts {
		clean[i] = strings.ReplaceAll(t, "\x00", " ")
	}
	return strings.Join(clean, "\x00")
}

// readMarks reads a marks file.
func readMarks(name string, r io.Reader, s *sieve) error {
	rows := newRowReader(name, r)
	head, err := rows.readLine()
	if err != nil && !errors.Is(err, io.EOF) {
		return failed(rows.at, "%w", err)
	}
	if head != marksHeader {
		return failed(rows.at, "this is no marks file: it does not begin with %q", marksHeader)
	}
	for {
		line, err := rows.readLine()
		if errors.Is(err, io.EOF) {
			return nil
		}
		rows.at.Line = rows.line
		if err != nil {
			return failed(rows.at, "%w", err)
		}
		fields := strings.Split(line, "\t")
		if len(fields) != marksFields {
			s.fault(rows.at, len(line), "read line: it has %d fields, not %d", len(fields), marksFields)
			continue
		}
		for i := range fields {
			fields[i] = unescaped.Replace(fields[i])
		}
		m := markOf(fields)
		m.Pos = rows.at
		if err := s.take(&m); err != nil {
			return err
		}
	}
}

// markOf undoes what Write made of an entry.
func markOf(f []string) rules.Mark {
	drawing, err := strconv.Atoi(f[7])
	if err != nil || drawing < 0 || drawing > int(rules.DrawingNone) {
		drawing = int(rules.DrawingUnknown)
	}
	m := rules.Mark{Register: f[0], Application: f[1], Registration: f[2], Text: f[3], Owner: f[5], Status: f[6],
		Drawing: rules.Drawing(drawing), Filed: f[8], Registered: f[9], Classes: classesOf(f[10]), Goods: f[11]}
	if f[4] != "" {
		m.Aliases = strings.Split(f[4], "\x00")
	}
	return m
}
