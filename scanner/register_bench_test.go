package scanner

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// benchFile is a file of the folder beside the repository; the benchmark is
// skipped where there is none.
func benchFile(b testing.TB, name string) *os.File {
	b.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "bench", name))
	if err != nil {
		b.Skip("no ../shared here")
	}
	b.Cleanup(func() { f.Close() })
	return f
}

// benchTerms are the names of real brands.
func benchTerms(b testing.TB) []string {
	var terms []string
	for lines := bufio.NewScanner(benchFile(b, "terms.txt")); lines.Scan(); {
		terms = append(terms, lines.Text())
	}
	return terms
}

var readBenchListings = sync.OnceValues(func() ([]Listing, error) {
	f, err := os.Open(filepath.Join("..", "..", "shared", "bench", "listings.csv.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	listings := make([]Listing, 0, len(rows))
	for _, row := range rows[1:] {
		listings = append(listings, Listing{ID: row[0], Category: row[4], Fields: []Field{
			{Role: Title, Text: row[1]}, {Role: Description, Text: row[2]}, {Role: Brand, Text: row[3]}}})
	}
	return listings, nil
})

// benchListings are real listings; every step-th of them.
func benchListings(b testing.TB, step int) (listings []Listing, size int64) {
	all, err := readBenchListings()
	if err != nil {
		b.Skip("no ../shared here")
	}
	for i := 0; i < len(all); i += step {
		listings = append(listings, all[i])
		for _, f := range all[i].Fields {
			size += int64(len(f.Text))
		}
	}
	return listings, size
}

// termPack compiles the real names, and made-up ones up to n.
func termPack(b testing.TB, n int) *Pack { return termPackWith(b, n, false) }

// termPackWith also registers every real name for three classes.
func termPackWith(b testing.TB, n int, classes bool) *Pack {
	b.Helper()
	names := benchTerms(b)
	var buf bytes.Buffer
	_, err := WritePack(&buf, func(yield func(rules.Mark, error) bool) {
		for i := range max(n, len(names)) {
			m := rules.Mark{Register: "x", Application: fmt.Sprintf("%08d", i), Status: "live"}
			if i < len(names) {
				m.Text = names[i]
				if classes {
					m.Classes = []int{1 + i%45, 1 + i/45%45, 1 + i/7%45}
				}
			} else {
				m.Text, m.Classes = madeUp(i), []int{1 + i%45}
			}
			if !yield(m, nil) {
				return
			}
		}
	}, PackOptions{Name: "names"})
	if err != nil {
		b.Fatal(err)
	}
	p, err := ReadPack(buf.Bytes())
	if err != nil {
		b.Fatal(err)
	}
	return p
}

var ordinaryWords = sync.OnceValue(func() []string { return strings.Split(string(lexicons()[0]), "\n") })

// madeUp makes marks as a register has them: a coined word, or ordinary words
// with or without one.
func madeUp(n int) string {
	const syllables = "badefigokulameniporusatevixo"
	var b []byte
	for k := n; k > 0; k /= 14 {
		b = append(b, syllables[k%14*2], syllables[k%14*2+1])
	}
	ordinary := ordinaryWords()
	word := func(k int) string { return ordinary[(n*7919+k*104729)%(len(ordinary)-1)] }
	switch n % 4 {
	case 0:
		return string(b)
	case 1:
		return word(1) + " " + string(b)
	case 2:
		return word(1) + " " + word(2)
	}
	return word(1) + " " + word(2) + " " + word(3)
}

// BenchmarkScreenRegister screens real listings with the real names as a
// register, beside the first thousand of them as own terms.
func BenchmarkScreenRegister(b *testing.B) {
	listings, size := benchListings(b, 20)
	names := benchTerms(b)
	var set rules.Set
	for i := range 1000 {
		n := names[i*len(names)/1000]
		set.Rules = append(set.Rules, rules.Rule{ID: fmt.Sprintf("list-%d", i), Mark: n, Kind: rules.Trademark, Tier: rules.List})
	}
	for _, c := range []struct {
		name string
		set  *rules.Set
		opt  Options
	}{
		{"nothing", &rules.Set{}, Options{}},
		{"own-1000", &set, Options{}},
		{"register-190k", &rules.Set{}, Options{Registers: []*Pack{termPack(b, 0)}}},
		{"register-1M", &rules.Set{}, Options{Registers: []*Pack{termPack(b, 1_000_000)}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := New(c.set, c.opt)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			for b.Loop() {
				screen, findings := s.Screener(), 0
				for _, l := range listings {
					findings += len(screen(l).Findings)
				}
				if (findings == 0) != (c.name == "nothing") {
					b.Fatal(findings, "findings")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(listings)), "ns/listing")
		})
	}
}

// BenchmarkRegisterNoise counts what a million marks raise at medium or above
// in real listings beside the built-in packs: at most one per ten listings.
// The real names are registered for no class that is known, or for three
// classes each, spread over all 45.
func BenchmarkRegisterNoise(b *testing.B) {
	listings, _ := benchListings(b, 13)
	set, err := rules.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for _, classes := range []bool{false, true} {
		b.Run(map[bool]string{false: "classes-unknown", true: "three-classes"}[classes], func(b *testing.B) {
			s, err := New(set, Options{Registers: []*Pack{termPackWith(b, 1_000_000, classes)}})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				screen := s.Screener()
				count := map[Level]int{}
				for _, l := range listings {
					for _, f := range screen(l).Findings {
						if f.entry != nil {
							count[f.Level]++
						}
					}
				}
				loud := float64(10*(count[Medium]+count[High]+count[Critical])) / float64(len(listings))
				b.ReportMetric(loud, "medium+/10")
				b.ReportMetric(float64(10*count[Low])/float64(len(listings)), "low/10")
				if loud >= 1 {
					b.Fatalf("%.2f findings at medium or above per 10 listings", loud)
				}
			}
		})
	}
}

// BenchmarkRegisterTable compares finding the real names with cutting the
// texts into tokens alone.
func BenchmarkRegisterTable(b *testing.B) {
	listings, size := benchListings(b, 20)
	p := termPack(b, 0)
	for _, find := range []bool{false, true} {
		b.Run(map[bool]string{false: "tokens", true: "tokens+find"}[find], func(b *testing.B) {
			var tokens []fold.Token
			var hits []match.RegisterHit
			keys := match.NewRegisterKeys(fold.Keys, match.DefaultMemo)
			b.SetBytes(size)
			for b.Loop() {
				n := 0
				for i := range listings {
					for k := range listings[i].Fields {
						text := listings[i].Fields[k].Text
						tokens = fold.Tokens(tokens[:0], text)
						if find {
							keys.Read(text, tokens)
							hits = p.table.Find(hits[:0], keys)
							n += len(hits)
						}
					}
				}
				if find && n == 0 {
					b.Fatal("no hit")
				}
			}
		})
	}
}

// BenchmarkPack writes packs of made-up marks, opens them, and says how large
// they are per mark and what the heap holds while they are open.
func BenchmarkPack(b *testing.B) {
	sizes := []int{1_000, 10_000, 100_000, 1_000_000, 5_000_000}
	if testing.Short() {
		sizes = sizes[:3]
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "x.pack")
			for b.Loop() {
				start := time.Now()
				report := writeMadeUp(b, path, n)
				built := time.Since(start)
				runtime.GC()
				start = time.Now()
				p, err := OpenPack(path)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(start).Microseconds())/1e3, "ready-ms")
				b.ReportMetric(built.Seconds(), "build-s")
				b.ReportMetric(float64(report.Bytes)/float64(n), "B/mark")
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.HeapAlloc)/1e6, "heap-MB")
				if err := p.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// writeMadeUp writes a pack of n made-up marks to path.
func writeMadeUp(b testing.TB, path string, n int) PackReport {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var seq iter.Seq2[rules.Mark, error] = func(yield func(rules.Mark, error) bool) {
		for i := range n {
			m := rules.Mark{Register: "uspto", Application: fmt.Sprintf("%08d", 70000000+i), Text: madeUp(i + 1), Owner: fmt.Sprintf("Owner %d, Inc.", i%(n/3+1)),
				Status: "live", Classes: []int{1 + i%45}, Filed: "2020-01-31", Goods: "Computer software, namely, software for lamps"}
			if !yield(m, nil) {
				return
			}
		}
	}
	report, err := WritePack(f, seq, PackOptions{Name: "made-up"})
	if err != nil {
		b.Fatal(err)
	}
	return report
}
