//go:build unix

package table

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const benchRows = 20000

// benchCells makes one row: an id, a title, a description in HTML and short
// cells, as a shop export has them.
func benchCells(r *rand.Rand, row, columns int) []string {
	words := []string{"cotton", "shirt", "soft", "with", "pockets", "and", "a", "hood,", "size", "12\"", "blue", "for", "garden"}
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(' ')
		}
		return b.String()
	}
	cells := []string{fmt.Sprintf("SKU-%06d", row), text(9), "<p>" + text(80) + "</p>\n<ul><li>" + text(12) + "</li></ul>"}
	for len(cells) < columns {
		cells = append(cells, fmt.Sprintf("%d.99", r.IntN(90)))
	}
	return cells
}

// benchXLSX returns a workbook of benchRows/4 rows and 20 columns. shared says
// whether texts stand in the table of shared strings, as Excel writes them;
// else they are inline.
func benchXLSX(shared bool, row func(i int) []any) []byte {
	f := excelize.NewFile()
	var w *excelize.StreamWriter
	if !shared {
		w, _ = f.NewStreamWriter("Sheet1")
	}
	for i := range benchRows / 4 {
		cells, name := row(i), fmt.Sprintf("A%d", i+1)
		if shared {
			f.SetSheetRow("Sheet1", name, &cells)
		} else {
			w.SetRow(name, cells)
		}
	}
	if !shared {
		w.Flush()
	}
	var b bytes.Buffer
	f.Write(&b)
	return b.Bytes()
}

// benchBooks are a sheet of texts as Excel and as a stream writer write them,
// and one of short codes and numbers.
func benchBooks() map[string][]byte {
	r := rand.New(rand.NewPCG(5, 6))
	texts := func(i int) (row []any) {
		for _, c := range benchCells(r, i, 20) {
			row = append(row, c)
		}
		return row
	}
	codes := func(i int) (row []any) {
		for c := range 20 {
			row = append(row, 1000*i+c)
		}
		return row
	}
	return map[string][]byte{"inline": benchXLSX(false, texts), "shared": benchXLSX(true, texts), "numbers": benchXLSX(false, codes)}
}

// passRecords runs one pass and fails unless it yields want rows.
func passRecords(b *testing.B, data []byte, want int) {
	b.Helper()
	cs, err := openContainer("bench", bytes.NewReader(data), int64(len(data)), containerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, err := range cs[0].Sheets[0].stream() {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != want {
		b.Fatalf("%d rows, want %d", n, want)
	}
}

func BenchmarkXLSX(b *testing.B) {
	for name, data := range benchBooks() {
		for kind, read := range map[string]func(*testing.B, []byte){
			"own":      func(b *testing.B, data []byte) { passRecords(b, data, benchRows/4) },
			"floor":    inflateAndScan,
			"excelize": func(b *testing.B, data []byte) { excelizeRows(b, data, benchRows/4) },
		} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					read(b, data)
				}
				b.ReportMetric(float64(benchRows/4)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}

// BenchmarkAgainstFloor reads each workbook by turns as a reader must at least
// and as this one does, and reports the median of the ratios, by processor time.
func BenchmarkAgainstFloor(b *testing.B) {
	for name, data := range benchBooks() {
		b.Run(name, func(b *testing.B) {
			var ratios []float64
			for b.Loop() {
				start := cpuTime(b)
				for range 4 {
					inflateAndScan(b, data)
				}
				middle := cpuTime(b)
				for range 4 {
					passRecords(b, data, benchRows/4)
				}
				ratios = append(ratios, float64(cpuTime(b)-middle)/float64(middle-start))
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "floors")
		})
	}
}

// inflateAndScan is the least a reader must do: unpack every part and find each
// tag and the text after it.
func inflateAndScan(b *testing.B, data []byte) {
	cells := 0
	p, err := openZip(fileSource("bench", bytes.NewReader(data), int64(len(data))))
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 256<<10)
	for _, name := range p.order {
		r, err := p.open(name)
		if err != nil {
			b.Fatal(err)
		}
		cells += scanTags(r, buf)
		r.Close()
	}
	if cells < 20*benchRows/4 {
		b.Fatalf("only %d cells", cells)
	}
}

// scanTags counts the cells of a part; tags cut off by the end of the buffer
// are moved to its start.
func scanTags(r io.Reader, buf []byte) (cells int) {
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		b := buf[:kept+n]
		for {
			open := bytes.IndexByte(b, '<')
			if open < 0 {
				b = b[:0]
				break
			}
			end := bytes.IndexByte(b[open:], '>')
			if end < 0 {
				b = b[open:]
				break
			}
			if tag := b[open : open+end]; len(tag) > 2 && tag[1] == 'c' && tag[2] == ' ' {
				cells++
			}
			b = b[open+end+1:]
		}
		if err != nil || len(b) == len(buf) {
			return cells
		}
		kept = copy(buf, b)
	}
}

func excelizeRows(b *testing.B, data []byte, want int) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	rows, err := f.Rows("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != want {
		b.Fatal(n)
	}
}
