package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
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

var benchCSV = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range benchRows {
		w.Write(benchCells(r, i, 20))
	}
	w.Flush()
	return b.Bytes()
})

var benchNarrow = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 8 * benchRows {
		w.Write(append(benchCells(r, i, 20)[3:], "a", "b"))
	}
	w.Flush()
	return b.Bytes()
})

// benchXLSX returns a workbook and the size of its sheet XML. shared says
// whether texts stand in the table of shared strings, as Excel writes them.
func benchXLSX(shared bool) []byte {
	f := excelize.NewFile()
	r := rand.New(rand.NewPCG(5, 6))
	if shared {
		for i := range benchRows / 4 {
			cells := benchCells(r, i, 20)
			f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells)
		}
	} else {
		w, _ := f.NewStreamWriter("Sheet1")
		for i := range benchRows / 4 {
			row := make([]any, 0, 20)
			for _, c := range benchCells(r, i, 20) {
				row = append(row, c)
			}
			w.SetRow(fmt.Sprintf("A%d", i+1), row)
		}
		w.Flush()
	}
	var b bytes.Buffer
	f.Write(&b)
	return b.Bytes()
}

// passRecords runs one pass and fails unless it yields want rows.
func passRecords(b *testing.B, data []byte, want int) {
	b.Helper()
	cs, err := openContainer("bench", bytes.NewReader(data), int64(len(data)), containerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, err := range cs[0].Sheets[0].Records() {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n != want {
		b.Fatalf("%d rows, want %d", n, want)
	}
}

func BenchmarkCSV(b *testing.B) {
	for name, data := range map[string][]byte{"wide": benchCSV(), "narrow": benchNarrow()} {
		rows := benchRows
		if name == "narrow" {
			rows = 8 * benchRows
		}
		b.Run(name+"/own", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				passRecords(b, data, rows)
			}
		})
		b.Run(name+"/encoding-csv", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(data))
				n := 0
				for {
					if _, err := r.Read(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != rows {
					b.Fatal(n)
				}
			}
		})
	}
}

func BenchmarkXLSX(b *testing.B) {
	for name, shared := range map[string]bool{"inline": false, "shared": true} {
		data := benchXLSX(shared)
		b.Run(name+"/own", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				passRecords(b, data, benchRows/4)
			}
			b.ReportMetric(float64(benchRows/4)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(name+"/inflate", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				inflateAll(b, data)
			}
		})
		b.Run(name+"/excelize", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				excelizeRows(b, data, benchRows/4)
			}
			b.ReportMetric(float64(benchRows/4)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// inflateAll is the floor: every part unpacked, nothing read.
func inflateAll(b *testing.B, data []byte) {
	p, err := openZip(fileSource("bench", bytes.NewReader(data), int64(len(data))))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range p.order {
		r, err := p.open(name)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
		r.Close()
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
