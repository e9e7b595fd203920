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
	"runtime/debug"
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
func termPack(b testing.TB, n int) *Pack {
	return termPackWith(b, n, func(int, string) []int { return nil })
}

// threeClasses spreads the real names over all 45 classes, three each.
func threeClasses(i int, _ string) []int { return []int{1 + i%45, 1 + i/45%45, 1 + i/7%45} }

// ownClasses registers a real name for the classes of the goods that the
// listings which have it as their brand are of: what its maker would register
// it for. Names that are no listing's brand are spread over all classes.
func ownClasses(b testing.TB) func(int, string) []int {
	all, err := readBenchListings()
	if err != nil {
		b.Skip("no ../shared here")
	}
	s, err := New(&rules.Set{}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	w, goods := s.newScreener(), map[string]classSet{}
	for i := range all {
		if brand := all[i].Fields[2].Text; brand != "" {
			goods[foldPhrase(brand)] |= w.categoryClasses(all[i].Category)
		}
	}
	return func(i int, name string) []int {
		if set := goods[foldPhrase(name)]; set != 0 {
			return set.list()
		}
		return threeClasses(i, name)
	}
}

// termPackWith also registers every real name for classes.
func termPackWith(b testing.TB, n int, classes func(i int, name string) []int) *Pack {
	b.Helper()
	names := benchTerms(b)
	var buf bytes.Buffer
	_, err := WritePack(&buf, func(yield func(rules.Mark, error) bool) {
		for i := range max(n, len(names)) {
			m := rules.Mark{Register: "x", Application: fmt.Sprintf("%08d", i), Status: "live"}
			if i < len(names) {
				m.Text, m.Classes = names[i], classes(i, names[i])
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
	listings, size := benchListings(b, 1)
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
// in 20,000 real listings beside the built-in packs: at most one per ten
// listings. The real names are registered for no class that is known, for three
// classes each, spread over all 45, or for the classes of the goods they are the
// brand of. With -v it logs 100 of the findings, evenly picked, for a reader to
// judge: testdata/bench/register-findings.md holds what came of that.
func BenchmarkRegisterNoise(b *testing.B) {
	listings, _ := benchListings(b, 12)
	listings = listings[:min(len(listings), 20_000)]
	set, err := rules.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		classes func(int, string) []int
	}{
		{"classes-unknown", func(int, string) []int { return nil }},
		{"three-classes", threeClasses},
		{"own-classes", ownClasses(b)},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := New(set, Options{Registers: []*Pack{termPackWith(b, 1_000_000, c.classes)}})
			if err != nil {
				b.Fatal(err)
			}
			var loud []string
			for b.Loop() {
				screen := s.Screener()
				count := map[Level]int{}
				loud = loud[:0]
				for i, l := range listings {
					for _, f := range screen(l).Findings {
						if f.entry == nil {
							continue
						}
						count[f.Level]++
						if f.Level >= Medium {
							loud = append(loud, shown(12*i, &l, &f))
						}
					}
				}
				per10 := float64(10*len(loud)) / float64(len(listings))
				b.ReportMetric(per10, "medium+/10")
				b.ReportMetric(float64(10*count[Low])/float64(len(listings)), "low/10")
				if per10 >= 1 {
					b.Fatalf("%.2f findings at medium or above per 10 listings", per10)
				}
			}
			if testing.Verbose() && b.N == 1 {
				for k := range min(100, len(loud)) {
					b.Log(loud[k*len(loud)/min(100, len(loud))])
				}
			}
		})
	}
}

// shown is a finding as a reader judges it; row is that of the listing in the
// corpus, counted from 0 below the header.
func shown(row int, l *Listing, f *Finding) string {
	text := l.Fields[0].Text
	role := l.Fields[f.Field].Role
	if role != Title {
		text = l.Fields[f.Field].Text
		text = text[max(0, f.Span.Start-60):min(len(text), f.Span.End+60)]
	}
	return fmt.Sprintf("row %d | %s | %s | %s %s %s %s | brand %q | category %q | %s", row, f.Mark, f.Text, role, f.Form, f.Use, f.Level, l.Fields[2].Text, l.Category, text)
}

// BenchmarkRegisterTable compares finding the real names with cutting the
// texts into tokens alone.
func BenchmarkRegisterTable(b *testing.B) {
	listings, size := benchListings(b, 1)
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

// BenchmarkPack shows how time and memory grow with the number of marks: it
// writes packs of real names and, above their number, made-up ones, opens them, screens every 20th real listing
// with them, and says what the process then holds in memory, the pages of the
// pack that were touched among it.
func BenchmarkPack(b *testing.B) {
	sizes := []int{1_000, 10_000, 100_000, 1_000_000, 5_000_000}
	if testing.Short() {
		sizes = sizes[:3]
	}
	listings, _ := benchListings(b, 20)
	names := benchTerms(b)
	for _, n := range sizes {
		text := func(i int) string {
			if k := min(n, len(names)); i < k {
				return names[i*len(names)/k]
			}
			return madeUp(i + 1)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "x.pack")
			for b.Loop() {
				start := time.Now()
				report := writeMarks(b, path, n, text)
				b.ReportMetric(time.Since(start).Seconds(), "build-s")
				b.ReportMetric(float64(report.Bytes)/float64(n), "B/mark")
				debug.FreeOSMemory()
				growthOf(b, path, listings)
			}
		})
	}
}

// growthOf opens the pack at path, screens listings and reports both.
func growthOf(b *testing.B, path string, listings []Listing) {
	before := residentMB()
	start := time.Now()
	p, err := OpenPack(path)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	b.ReportMetric(float64(time.Since(start).Microseconds())/1e3, "ready-ms")
	s, err := New(&rules.Set{}, Options{Registers: []*Pack{p}})
	if err != nil {
		b.Fatal(err)
	}
	screen, findings := s.Screener(), 0
	start = time.Now()
	for _, l := range listings {
		findings += len(screen(l).Findings)
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/float64(len(listings)), "us/listing")
	b.ReportMetric(float64(findings), "findings")
	if after := residentMB(); after > 0 {
		b.ReportMetric(max(0, after-before), "MB")
	}
}

// residentMB is what the process holds in memory, 0 where the system does not say.
func residentMB() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages float64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize()) / 1e6
}

// writeMadeUp writes a pack of n made-up marks to path.
func writeMadeUp(b testing.TB, path string, n int) PackReport {
	return writeMarks(b, path, n, func(i int) string { return madeUp(i + 1) })
}

// writeMarks writes a pack of n marks of the given texts to path.
func writeMarks(b testing.TB, path string, n int, text func(i int) string) PackReport {
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var seq iter.Seq2[rules.Mark, error] = func(yield func(rules.Mark, error) bool) {
		for i := range n {
			m := rules.Mark{Register: "uspto", Application: fmt.Sprintf("%08d", 70000000+i), Text: text(i), Owner: fmt.Sprintf("Owner %d, Inc.", i%(n/3+1)),
				Status: "live", Classes: []int{1 + i%45}, Filed: "2020-01-31", Goods: "Computer software, namely, software for lamps"}
			if !yield(m, nil) {
				return
			}
		}
	}
	report, err := WritePack(f, seq, PackOptions{Name: "marks"})
	if err != nil {
		b.Fatal(err)
	}
	return report
}
