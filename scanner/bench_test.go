package scanner

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// The figures of testdata/bench/README.md come from here. The corpus is the
// real one of ../shared/bench where it is present, else a generated one.

var corpus = sync.OnceValues(func() (listings []Listing, bytes int64) {
	listings = readCorpus("../../shared/bench/listings.csv.gz")
	if listings == nil {
		listings = makeCorpus(20000)
	}
	for _, l := range listings {
		for _, f := range l.Fields {
			bytes += int64(len(f.Text))
		}
	}
	return listings, bytes
})

func readCorpus(path string) []Listing {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil
	}
	var out []Listing
	for r := csv.NewReader(bufio.NewReader(z)); ; {
		rec, err := r.Read()
		if err == io.EOF {
			return out
		}
		if err != nil || len(rec) != 5 {
			return nil
		}
		if rec[0] != "id" {
			out = append(out, listingOf(rec[0], rec[1], rec[2], rec[3], rec[4]))
		}
	}
}

func listingOf(id, title, description, brand, category string) Listing {
	l := Listing{ID: id, Category: category}
	for i, f := range []Field{{Role: Title, Text: title}, {Role: Description, Text: description}, {Role: Brand, Text: brand}} {
		if f.Text != "" {
			f.Column, f.Col, f.Row = string(f.Role), i, 2
			l.Fields = append(l.Fields, f)
		}
	}
	return l
}

// makeCorpus writes listings of words whose frequency falls with their rank.
func makeCorpus(n int) []Listing {
	rnd := rand.New(rand.NewPCG(1, 1))
	words := make([]string, 50000)
	for i := range words {
		b := make([]byte, 2+rnd.IntN(8))
		for k := range b {
			b[k] = "etaoinshrdlucmfwypvbgkjqxz"[min(25, int(rnd.ExpFloat64()*7))]
		}
		words[i] = string(b)
	}
	zipf := rand.NewZipf(rnd, 1.08, 2, uint64(len(words)-1))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[zipf.Uint64()])
			b.WriteByte(' ')
		}
		return b.String()
	}
	var out []Listing
	for range n {
		out = append(out, listingOf("", text(9), text(16), text(1), ""))
	}
	return out
}

// ownTerms are n terms of the shared list, evenly picked, or words of the corpus.
func ownTerms(n int) []string {
	var all []string
	if b, err := os.ReadFile("../../shared/bench/terms.txt"); err == nil {
		all = strings.Split(strings.TrimSpace(string(b)), "\n")
	} else {
		listings, _ := corpus()
		for _, l := range listings {
			all = append(all, strings.Fields(l.Fields[0].Text)...)
		}
	}
	var out []string
	for i := range n {
		out = append(out, all[i*len(all)/n])
	}
	return out
}

func ownSet(n int) *rules.Set {
	set := &rules.Set{Name: "own"}
	for i, t := range ownTerms(n) {
		set.Rules = append(set.Rules, rules.Rule{ID: "own-" + strings.Repeat("i", i%7) + t, Mark: t, Kind: rules.Trademark, Right: rules.RightTrademark, Tier: rules.List})
	}
	return set
}

func builtinSet(b testing.TB) *rules.Set {
	set, err := rules.Builtin()
	if err != nil {
		b.Skip("the built-in packs cannot be read: ", err)
	}
	return set
}

func newScanner(b testing.TB, set *rules.Set) *Scanner {
	s, err := New(set, Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkTokenise(b *testing.B) {
	listings, size := corpus()
	b.SetBytes(size)
	var tokens []fold.Token
	n := 0
	for b.Loop() {
		n = 0
		for i := range listings {
			for k := range listings[i].Fields {
				tokens = fold.Tokens(tokens[:0], fold.See(listings[i].Fields[k].Text).Seen)
				n += len(tokens)
			}
		}
	}
	b.ReportMetric(float64(n), "tokens")
}

// benchmarkMatch tokenises and matches the corpus, with a Finder that begins
// knowing no word (new) or has seen them all before (used).
func benchmarkMatch(b *testing.B, m *match.Machine) {
	b.Run("new", func(b *testing.B) { benchmarkFinder(b, func() *match.Finder { return m.NewFinder(match.DefaultMemo) }) })
	used := m.NewFinder(match.DefaultMemo)
	b.Run("used", func(b *testing.B) { benchmarkFinder(b, func() *match.Finder { return used }) })
}

func benchmarkFinder(b *testing.B, finder func() *match.Finder) {
	listings, size := corpus()
	b.SetBytes(size)
	var tokens []fold.Token
	hits := 0
	for b.Loop() {
		f := finder()
		hits = 0
		for i := range listings {
			for k := range listings[i].Fields {
				seen := fold.See(listings[i].Fields[k].Text).Seen
				tokens = fold.Tokens(tokens[:0], seen)
				found, _ := f.Find(seen, tokens)
				hits += len(found)
			}
		}
	}
	if hits == 0 {
		b.Fatal("nothing found")
	}
	b.ReportMetric(float64(hits), "matches")
}

func BenchmarkMatchOwn1000(b *testing.B) { benchmarkMatch(b, newScanner(b, ownSet(1000)).machine) }

func BenchmarkMatchBuiltin(b *testing.B) { benchmarkMatch(b, newScanner(b, builtinSet(b)).machine) }

func benchmarkRun(b *testing.B, s *Scanner, workers int) {
	listings, size := corpus()
	b.SetBytes(size)
	var in iter.Seq2[Listing, error] = func(yield func(Listing, error) bool) {
		for i := range listings {
			if !yield(listings[i], nil) {
				return
			}
		}
	}
	findings := 0
	for b.Loop() {
		findings = 0
		for it := range s.Run(context.Background(), in, workers, nil) {
			findings += len(it.Result.Findings)
		}
	}
	if findings == 0 {
		b.Fatal("nothing found")
	}
	b.ReportMetric(float64(findings), "findings")
	b.ReportMetric(float64(len(listings))*float64(b.N)/b.Elapsed().Seconds(), "listings/s")
}

func BenchmarkRunOwn1000(b *testing.B) {
	b.Run("1", func(b *testing.B) { benchmarkRun(b, newScanner(b, ownSet(1000)), 1) })
	b.Run("2", func(b *testing.B) { benchmarkRun(b, newScanner(b, ownSet(1000)), 2) })
}

func BenchmarkRunBuiltin(b *testing.B) {
	b.Run("1", func(b *testing.B) { benchmarkRun(b, newScanner(b, builtinSet(b)), 1) })
	b.Run("2", func(b *testing.B) { benchmarkRun(b, newScanner(b, builtinSet(b)), 2) })
}

// BenchmarkBuildBuiltin is what every start pays before the first listing.
func BenchmarkBuildBuiltin(b *testing.B) {
	set := builtinSet(b)
	s := newScanner(b, set)
	b.Run("machine", func(b *testing.B) {
		for b.Loop() {
			match.Build(s.machine.Patterns(), match.Options{Keys: fold.Keys, Fold: fold.Fold, Ordinary: s.ordinaryGate()})
		}
		b.ReportMetric(float64(len(s.machine.Patterns())), "patterns")
	})
	b.Run("scanner", func(b *testing.B) {
		for b.Loop() {
			newScanner(b, set)
		}
	})
	b.Run("first-screen", func(b *testing.B) { // one unknown word makes the index of misspellings
		for b.Loop() {
			newScanner(b, set).Screen(listingOf("", "Addidas zapatos corredor", "", "", ""))
		}
	})
}
