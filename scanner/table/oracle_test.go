package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// slowSplit is dialect.split one byte at a time and nothing else: the oracle of
// the fast one.
func slowSplit(d dialect, b []byte, eof bool) (r rawRecord, ok bool) {
	for i := 0; ; {
		var cell rawCell
		end := 0
		if q := slowOpening(d, b, i); q >= 0 {
			cell, end = slowQuoted(d, b, q, eof, &r)
			r.end = min(cell.end+1, len(b))
			if r.open {
				r.end = cell.end
			}
		} else {
			cell, end = slowPlain(d, b, i, &r)
			r.end = cell.end
		}
		if end < 0 || end == len(b) && !eof && !r.open {
			return r, false
		}
		r.cells = append(r.cells, cell)
		if r.open || end == len(b) {
			r.next = end
			return r, true
		}
		if b[end] == d.delim {
			i = end + 1
			continue
		}
		if b[end] == '\r' {
			if end+1 == len(b) && !eof {
				return r, false
			}
			if end+1 < len(b) && b[end+1] == '\n' {
				end++
			}
		}
		r.next = end + 1
		return r, true
	}
}

// slowOpening returns where the quote of a quoted cell starting at i stands.
func slowOpening(d dialect, b []byte, i int) int {
	q := i
	for q < len(b) && b[q] == ' ' {
		q++
	}
	if !d.quote || q == len(b) || b[q] != '"' {
		return -1
	}
	if q == i {
		return i
	}
	line := b[q+1:]
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	for p := 0; p < len(line); p++ {
		if line[p] != '"' {
			continue
		}
		if q+p+2 < len(b) && b[q+p+2] == '"' {
			p++
			continue
		}
		if slowAfter(d, b, q+p+2) >= 0 {
			return q
		}
		return -1
	}
	return -1
}

// slowAfter returns where the cell ends whose quote closes just before i: at a
// delimiter, a line end or the end of b, after blanks only; -1 for a quote that
// closes nothing.
func slowAfter(d dialect, b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case d.delim, '\n':
			return i
		case '\r':
			if d.cr {
				return i
			}
		case ' ', '\t':
		default:
			return -1
		}
	}
	return i
}

// slowQuoted reads a cell whose quote stands at q and returns where what ends it
// stands; -1 when b is too short to tell.
func slowQuoted(d dialect, b []byte, q int, eof bool, r *rawRecord) (rawCell, int) {
	cell := rawCell{start: q + 1, end: len(b), quoted: true}
	for p := q + 1; p < len(b); p++ {
		if b[p] != '"' {
			continue
		}
		if p+1 < len(b) && b[p+1] == '"' {
			cell.doubled = true
			p++
			continue
		}
		end := slowAfter(d, b, p+1)
		if end == len(b) && !eof {
			return cell, -1
		}
		if end >= 0 {
			cell.end = p
			return cell, end
		}
		if r.stray++; r.stray == maxStray {
			cell.end, r.open = p+1, true
			return cell, p + 1
		}
	}
	if !eof {
		return cell, -1
	}
	r.open = true
	return cell, len(b)
}

// slowPlain reads a cell without quotes and returns where what ends it stands.
func slowPlain(d dialect, b []byte, i int, r *rawRecord) (rawCell, int) {
	end := i
	for ; end < len(b); end++ {
		c := b[end]
		if c == d.delim || c == '\n' || c == '\r' && d.cr {
			break
		}
		if c == '"' && d.quote {
			r.stray++
		}
	}
	cell := rawCell{start: i, end: end}
	last := end == len(b) || b[end] == '\n'
	if last && end > i && b[end-1] == '\r' {
		cell.end--
	}
	return cell, end
}

// sameSplit holds the fast splitter to the slow one.
func sameSplit(t *testing.T, d dialect, b []byte) {
	t.Helper()
	for _, eof := range []bool{true, false} {
		var fast rawRecord
		ok := d.split(b, eof, &fast)
		slow, slowOK := slowSplit(d, b, eof)
		if ok != slowOK {
			t.Fatalf("%q (%+v, eof %v): done %v, want %v", b, d, eof, ok, slowOK)
		}
		if !ok {
			continue
		}
		fast.plain = false
		if got, want := fmt.Sprint(fast), fmt.Sprint(slow); got != want {
			t.Fatalf("%q (%+v, eof %v): %s, want %s", b, d, eof, got, want)
		}
	}
}

var splitDialects = []dialect{
	{delim: ',', quote: true}, {delim: ',', quote: true, cr: true}, {delim: ',', cr: true}, {delim: '\t', quote: true}, {delim: '\t'},
}

// TestSplitAgainstSlow tries every text of up to six bytes over the bytes that
// matter, then long random ones.
func TestSplitAgainstSlow(t *testing.T) {
	const alphabet = "a,\"\n\r \t"
	for _, d := range splitDialects {
		if d.delim == '\t' {
			continue
		}
		text := make([]byte, 0, 6)
		var grow func()
		grow = func() {
			sameSplit(t, d, text)
			if len(text) == cap(text) {
				return
			}
			for _, c := range []byte(alphabet[:6]) {
				text = append(text, c)
				grow()
				text = text[:len(text)-1]
			}
		}
		grow()
	}
	r := rand.New(rand.NewPCG(21, 22))
	for range 60000 {
		b := make([]byte, r.IntN(80))
		for i := range b {
			b[i] = "aaaaaaaaaaaaa\xa2\x8d\xac\x89"[r.IntN(17)] // neighbours of the marks, top bit set
			if r.IntN(6) == 0 {
				b[i] = alphabet[r.IntN(len(alphabet))]
			}
		}
		sameSplit(t, splitDialects[r.IntN(len(splitDialects))], b)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("a,\"b\"\"c\"\r\n1, \"2\" ,3\n"), uint8(0))
	f.Add([]byte("a\rb\r\"c\rd\",e"), uint8(1))
	f.Add([]byte("\"a\"b\"c\",\n"), uint8(0))
	f.Fuzz(func(t *testing.T, b []byte, which uint8) {
		sameSplit(t, splitDialects[int(which)%len(splitDialects)], b)
	})
}

// TestLongTextAgainstCSV reads a file of many buffers, short rows beside long
// ones, and compares every cell, row and line with encoding/csv.
func TestLongTextAgainstCSV(t *testing.T) {
	for _, lineEnd := range []string{"\n", "\r\n"} {
		r := rand.New(rand.NewPCG(23, 24))
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = lineEnd == "\r\n"
		for i := range 30000 {
			text := strings.Repeat("word ", r.IntN(8))
			switch r.IntN(40) {
			case 0:
				text = strings.Repeat("long 12\" text\n", 400)
			case 1, 2, 3:
				text += `size 12"`
			case 4:
				text += "größer 大"
			}
			w.Write([]string{fmt.Sprint("row-", i), text, "x", ""})
		}
		w.Flush()
		sameAsCSV(t, b.Bytes())
	}
}

func sameAsCSV(t *testing.T, data []byte) {
	t.Helper()
	want := csv.NewReader(bytes.NewReader(data))
	cs, err := openContainer("f", bytes.NewReader(data), int64(len(data)), containerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range cs[0].Sheets[0].Records() {
		if err != nil {
			t.Fatal(err)
		}
		cells, err := want.Read()
		if err != nil {
			t.Fatal(err)
		}
		line, _ := want.FieldPos(0)
		for i, c := range rec.Cells {
			rec.Cells[i] = strings.ReplaceAll(c, "\r\n", "\n") // encoding/csv does
		}
		if !slices.Equal(rec.Cells, cells) || rec.Line != line || rec.Repaired != "" {
			t.Fatalf("row %d on line %d (%s): %.200q, want line %d: %.200q", rec.Row, rec.Line, rec.Repaired, rec.Cells, line, cells)
		}
	}
	if rest, err := want.Read(); err == nil {
		t.Fatalf("rows are missing from %q on", rest)
	}
}
