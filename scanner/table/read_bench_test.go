//go:build unix

package table

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// benchHeader names columns columns: an id, a title, a description and codes.
func benchHeader(columns int) []string {
	names := []string{"sku", "title", "description"}
	for len(names) < columns {
		names = append(names, "code "+strconv.Itoa(len(names)))
	}
	return names
}

// wideFile has a long description in HTML in each row.
func wideFile() []byte {
	r := rand.New(rand.NewPCG(1, 2))
	return csvFile(benchHeader(20), benchRows, func(i int) []string { return benchCells(r, i, 20) })
}

// narrowFile has 20 short cells in each row.
func narrowFile() []byte {
	r := rand.New(rand.NewPCG(3, 4))
	return csvFile(benchHeader(20), 8*benchRows, func(i int) []string {
		cells := benchCells(r, i, 20)
		cells[1], cells[2] = "Cup "+strconv.Itoa(i), "blue"
		return cells
	})
}

// quotedFile is wideFile with half the text and every cell in quotes.
func quotedFile() []byte {
	var b bytes.Buffer
	r := rand.New(rand.NewPCG(5, 6))
	write := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	write(benchHeader(12))
	for i := range 2 * benchRows {
		cells := benchCells(r, i, 12)
		cells[2] = cells[2][:len(cells[2])/2]
		write(cells)
	}
	return b.Bytes()
}

// exportFile has the form of a Shopify export: several rows per listing, a long
// description on the first.
func exportFile() []byte {
	names := []string{"Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
		"Variant SKU", "Variant Grams", "Variant Price", "Image Src", "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Status"}
	r := rand.New(rand.NewPCG(8, 9))
	var c []string
	return csvFile(names, 3*benchRows, func(i int) []string {
		if i%3 == 0 {
			c = benchCells(r, i, 3)
			return []string{"item-" + c[0], c[1], c[2], "Own", "Shirts", "cotton, blue", "TRUE", "Size", "M", c[0], "200", "12.99",
				"https://cdn.example/" + c[0] + ".jpg", "1", c[1], c[1], "", "active"}
		}
		size := []string{"", "L", "XL"}[i%3]
		return []string{"item-" + c[0], "", "", "", "", "", "", "", size, c[0] + size, "200", "12.99", "", "", "", "", "", ""}
	})
}

func csvFile(header []string, rows int, row func(int) []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(header)
	for i := range rows {
		w.Write(row(i))
	}
	w.Flush()
	return b.Bytes()
}

// benchFiles lists the files to read: generated ones and, where it is there,
// the corpus of real texts beside the project.
func benchFiles(b *testing.B) (names []string, write func(*testing.B, string) string) {
	b.Helper()
	dir := b.TempDir()
	corpus := filepath.Join(realExports, "bench", "listings.csv.gz")
	make := map[string]func() []byte{"narrow": narrowFile, "wide": wideFile, "quoted": quotedFile, "export": exportFile}
	names = []string{"narrow", "wide", "quoted", "export"}
	if _, err := os.Stat(corpus); err == nil {
		names = append(names, "corpus")
		make["corpus"] = func() []byte { return gunzipped(b, corpus) }
	}
	return names, func(b *testing.B, name string) string {
		path := filepath.Join(dir, name+".csv")
		if _, err := os.Stat(path); err != nil {
			if err := os.WriteFile(path, make[name](), 0o600); err != nil {
				b.Fatal(err)
			}
		}
		return path
	}
}

func gunzipped(b *testing.B, path string) []byte {
	packed, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// readings are the ways to read a file; each returns how many rows or listings
// it met.
var readings = []struct {
	name string
	read func(*testing.B, string) int
}{
	{"encoding-csv", func(b *testing.B, path string) int { return fileCSV(b, path, false) }},
	{"encoding-csv-reuse", func(b *testing.B, path string) int { return fileCSV(b, path, true) }},
	{"rows", fileRows},
	{"listings", fileListings},
}

// BenchmarkFile measures splitting and decoding (rows) and reading up to
// listings beside encoding/csv over the same file.
func BenchmarkFile(b *testing.B) {
	names, write := benchFiles(b)
	for _, name := range names {
		for _, r := range readings {
			b.Run(name+"/"+r.name, func(b *testing.B) {
				path := write(b, name)
				info, err := os.Stat(path)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(info.Size())
				b.ReportAllocs()
				before := cpuTime(b)
				b.ResetTimer()
				for b.Loop() {
					r.read(b, path)
				}
				b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// BenchmarkAgainstCSV reads each file by turns in all ways and reports how fast
// each is against encoding/csv: the median of the ratios, by processor time.
func BenchmarkAgainstCSV(b *testing.B) {
	names, write := benchFiles(b)
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			path := write(b, name)
			ratios := make([][]float64, len(readings))
			for b.Loop() {
				var base time.Duration
				for i, r := range readings {
					before := cpuTime(b)
					r.read(b, path)
					took := cpuTime(b) - before
					if i == 0 {
						base = took
					}
					ratios[i] = append(ratios[i], float64(base)/float64(took))
				}
			}
			for i, r := range readings[1:] {
				slices.Sort(ratios[i+1])
				b.ReportMetric(ratios[i+1][len(ratios[i+1])/2], r.name+"/csv")
			}
		})
	}
}

func fileRows(b *testing.B, path string) int {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	cs, err := openContainer(path, f, info.Size(), containerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return countRows(b, cs[0].Sheets[0])
}

// countRows reads all rows of a sheet.
func countRows(b *testing.B, s *sheet) (rows int) {
	for _, err := range s.stream() {
		if err != nil {
			b.Fatal(err)
		}
		rows++
	}
	if rows <= benchRows/4 {
		b.Fatalf("only %d rows", rows)
	}
	return rows
}

func fileListings(b *testing.B, path string) int {
	f, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	n := 0
	for _, err := range f.Listings() {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n < benchRows {
		b.Fatalf("only %d listings", n)
	}
	return n
}

func fileCSV(b *testing.B, path string, reuse bool) (rows int) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, reuse
	for {
		if _, err := r.Read(); err == io.EOF {
			return rows
		} else if err != nil {
			b.Fatal(err)
		}
		rows++
	}
}
