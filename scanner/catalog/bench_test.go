package catalog

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"

	"prescreen/scanner"
)

// words is a made-up vocabulary; low indexes are drawn far more often.
func words(n int) []string {
	syllables := []string{"ba", "ke", "li", "mo", "nu", "ra", "si", "to", "ve", "wo", "lan", "der", "pin", "sol", "tri", "ost"}
	out := make([]string, n)
	for i := range out {
		var b strings.Builder
		for k := i + 7; k > 0; k /= len(syllables) {
			b.WriteString(syllables[k%len(syllables)])
		}
		out[i] = b.String()
	}
	return out
}

// generated makes n listings of about 1.1 KB of text each, one in twenty naming
// Nike, the same ones every time.
func generated(n int) []scanner.Listing {
	vocabulary := words(100000)
	rnd := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(rnd, 1.08, 8, uint64(len(vocabulary)-1))
	text := func(words int) string {
		var b strings.Builder
		for range words {
			b.WriteString(vocabulary[zipf.Uint64()])
			b.WriteByte(' ')
		}
		return b.String()
	}
	out := make([]scanner.Listing, n)
	for i := range out {
		title := text(9)
		if i%20 == 0 {
			title = "Nike " + title
		}
		out[i] = listing(fmt.Sprintf("SKU-%06d", i), title, "<p>"+text(150)+"</p>")
		out[i].Supplier = fmt.Sprintf("Supplier %d", i%40)
	}
	return out
}

// The default mapping, one batch of 1000 after the other, against ours with one
// and two workers: docs/s of the index alone, on the same listings.
func BenchmarkIndex(b *testing.B) {
	list := generated(20000)
	b.Run("default mapping", func(b *testing.B) {
		for b.Loop() {
			index, err := bleve.New(filepath.Join(b.TempDir(), "i"), bleve.NewIndexMapping())
			if err != nil {
				b.Fatal(err)
			}
			for part := range slices.Chunk(list, batchSize) {
				batch := index.NewBatch()
				for i := range part {
					d := newDocument(&scanner.Result{Listing: part[i]})
					fields := d.fields()
					delete(fields, storedField) // the default mapping stores the texts themselves
					if err := batch.Index(part[i].ID, fields); err != nil {
						b.Fatal(err)
					}
				}
				if err := index.Batch(batch); err != nil {
					b.Fatal(err)
				}
			}
			if n, err := index.DocCount(); err != nil || int(n) != len(list) {
				b.Fatal(n, err)
			}
			index.Close()
		}
		b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "docs/s")
	})
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("ours, workers %d", workers), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c, err := Open(filepath.Join(b.TempDir(), "c"), Options{Workers: workers})
				if err != nil {
					b.Fatal(err)
				}
				commit(b, c, "2026-01-01", list)
				b.StartTimer()
				if err := c.Index(context.Background(), nil); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if n, err := c.index.DocCount(); err != nil || int(n) != len(list) {
					b.Fatal(n, err)
				}
				c.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(len(list)*b.N)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

// commit scans list into c without indexing and returns how many were screened.
func commit(b testing.TB, c *Catalog, asOf string, list []scanner.Listing) (screened int) {
	b.Helper()
	s, err := c.Begin(info(asOf))
	if err != nil {
		b.Fatal(err)
	}
	for i := range list {
		content := ContentHash(&list[i])
		r := &scanner.Result{Listing: list[i]}
		var ok bool
		if r.Findings, ok = s.Lookup(&list[i], content); !ok {
			r = screen(list[i])
			screened++
		}
		if err := s.Add(r, content); err != nil {
			b.Fatal(err)
		}
	}
	s.Reported()
	if _, err := s.Commit(); err != nil {
		b.Fatal(err)
	}
	return screened
}

// The second week: 100,000 listings of which 1 % changed, against the first.
// Screening is all but free here, so the ratio is that of ledger and index.
func BenchmarkRescan(b *testing.B) {
	if testing.Short() {
		b.Skip("indexes 100,000 listings")
	}
	list := generated(100000)
	c, err := Open(filepath.Join(b.TempDir(), "c"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	round := func(asOf string) (ledger, all time.Duration, screened int) {
		start := time.Now()
		screened = commit(b, c, asOf, list)
		ledger = time.Since(start)
		if err := c.Index(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
		return ledger, time.Since(start), screened
	}
	firstLedger, first, _ := round("2026-01-01")
	var againLedger, again time.Duration
	for b.Loop() {
		for i := 0; i < len(list); i += 100 {
			list[i].Fields[0].Text += "x"
		}
		var screened int
		if againLedger, again, screened = round("2026-01-08"); screened != 1000 {
			b.Fatalf("%d screened", screened)
		}
	}
	b.ReportMetric(firstLedger.Seconds(), "s-first-ledger")
	b.ReportMetric(first.Seconds(), "s-first")
	b.ReportMetric(againLedger.Seconds(), "s-again-ledger")
	b.ReportMetric(again.Seconds(), "s-again")
	b.ReportMetric(first.Seconds()/again.Seconds(), "times-faster")
}

// Median time of a search over 100,000 listings, by kind of query.
func BenchmarkSearch(b *testing.B) {
	if testing.Short() {
		b.Skip("indexes 100,000 listings")
	}
	dir := filepath.Join(b.TempDir(), "c")
	c, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	list := generated(100000)
	commit(b, c, "2026-01-01", list)
	if err := c.Index(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	c.Close()
	if c, err = Open(dir, Options{ReadOnly: true}); err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	v := words(5000)
	for _, q := range []struct{ name, query string }{
		{"frequent word", v[3]}, {"word", v[900]}, {"rare word", v[4900]}, {"phrase", `"` + v[0] + " " + v[1] + `"`},
		{"mark", "mark:nike"}, {"nike", "nike"}, {"level", "level:>=high"}, {"fuzzy", v[900] + "~"}, {"prefix", v[900][:4] + "*"},
		{"excluding", v[3] + " -" + v[4]},
	} {
		b.Run(q.name, func(b *testing.B) {
			var times []time.Duration
			total := 0
			for b.Loop() {
				start := time.Now()
				hits, err := c.Search(q.query, SearchOptions{})
				if err != nil || hits.Total == 0 {
					b.Fatal(hits.Total, err)
				}
				times = append(times, time.Since(start))
				total = hits.Total
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(total), "hits")
		})
	}
}
