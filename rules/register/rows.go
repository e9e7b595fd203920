package register

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"prescreen/rules"
)

// rowReader reads a table of delimited text. Registers quote carelessly: a
// mark may itself begin with a quotation mark ("R" ZONE). A cell is taken as
// quoted only where the first quotation mark inside it ends it or is doubled.
type rowReader struct {
	r     *bufio.Reader
	at    rules.Pos // of the row last read
	line  int       // lines read
	delim byte
}

const (
	mostRow      = 4 << 20 // bytes of one row
	mostRowLines = 2000    // lines of one row, its cells may hold line ends
)

func newRowReader(name string, r io.Reader) *rowReader {
	b := bufio.NewReaderSize(r, 1<<18)
	if head, err := b.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	return &rowReader{r: b, at: rules.Pos{File: name}}
}

// errRow means that a row is larger than a row can be.
var errRow = errors.New("the row does not end: a quotation mark is left open, or this is no table")

// next reads one row and gives its size in bytes. io.EOF: there is none;
// errRow: it cannot be read, nor what follows it.
func (t *rowReader) next() (cells []string, size int, err error) {
	text, err := t.readLine()
	if err != nil {
		return nil, 0, err
	}
	t.at.Line = t.line
	if t.delim == 0 {
		t.delim = likelyDelimiter(text)
	}
	for lines := 1; ; lines++ {
		cells, open := cut(text, t.delim)
		if !open {
			return cells, len(text), nil
		}
		if lines == mostRowLines || len(text) > mostRow {
			return nil, len(text), errRow
		}
		more, err := t.readLine()
		if errors.Is(err, io.EOF) {
			return nil, len(text), errRow
		}
		if err != nil {
			return nil, len(text), err
		}
		text += "\n" + more
	}
}

// readLine reads one line without its end.
func (t *rowReader) readLine() (string, error) {
	var long []byte
	for {
		part, err := t.r.ReadSlice('\n')
		if len(long)+len(part) > mostRow {
			return "", errRow
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(long)+len(part) == 0) {
			return "", err
		}
		t.line++
		line := bytes.TrimRight(append(long, part...), "\r\n")
		if !utf8.Valid(line) {
			return plainLatin(line), nil
		}
		return string(line), nil
	}
}

// plainLatin reads stray bytes as Latin-1.
func plainLatin(line []byte) string {
	var b strings.Builder
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		if r == utf8.RuneError && n == 1 {
			r = rune(line[0])
		}
		b.WriteRune(r)
		line = line[n:]
	}
	return b.String()
}

// likelyDelimiter is the commonest of the usual ones in a header.
func likelyDelimiter(header string) byte {
	best := byte(',')
	for _, d := range []byte{',', ';', '\t', '|'} {
		if strings.Count(header, string(rune(d))) > strings.Count(header, string(rune(best))) {
			best = d
		}
	}
	return best
}

// cut parts a row into cells; open is true when a quoted cell goes on in the
// next line.
func cut(row string, delim byte) (cells []string, open bool) {
	for {
		if cell, rest, state := quoted(row, delim); state == cellOpen {
			return cells, true
		} else if state == cellClosed {
			cells = append(cells, cell)
			if rest == "" {
				return cells, false
			}
			row = rest[1:]
			continue
		}
		cell, rest, more := strings.Cut(row, string(rune(delim)))
		cells = append(cells, cell)
		if !more {
			return cells, false
		}
		row = rest
	}
}

type cellState uint8

const (
	cellPlain cellState = iota
	cellClosed
	cellOpen
)

// quoted reads a quoted cell off the front of row; rest begins with the
// delimiter, or is empty at the end of the row.
func quoted(row string, delim byte) (cell, rest string, state cellState) {
	if row == "" || row[0] != '"' {
		return "", "", cellPlain
	}
	var b strings.Builder
	for i := 1; ; {
		k := strings.IndexByte(row[i:], '"')
		if k < 0 {
			return "", "", cellOpen
		}
		b.WriteString(row[i : i+k])
		i += k + 1
		switch {
		case i == len(row) || row[i] == delim:
			return b.String(), row[i:], cellClosed
		case row[i] == '"':
			b.WriteByte('"')
			i++
		default:
			return "", "", cellPlain
		}
	}
}
