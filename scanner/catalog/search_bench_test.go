package catalog

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// frequencies counts in how many listings each word, and each pair of words
// next to one another, stands; most first.
func frequencies(list []scanner.Listing) (single, pairs []string) {
	counts := [2]map[string]int{{}, {}}
	for i := range list {
		seen := map[string]bool{}
		for _, f := range list[i].Fields {
			last := ""
			text := fold.See(f.Text)
			for _, t := range terms(text.Seen) {
				for k, w := range []string{t.folded, last + " " + t.folded} {
					if !seen[w] && (k == 0 || last != "") {
						seen[w] = true
						counts[k][w]++
					}
				}
				last = t.folded
			}
		}
	}
	var out [2][]string
	for k, c := range counts {
		out[k] = slices.SortedFunc(maps.Keys(c), func(a, b string) int { return cmp.Or(cmp.Compare(c[b], c[a]), cmp.Compare(a, b)) })
	}
	return out[0], out[1]
}

// spread picks n of list from the first on, ever further apart.
func spread(list []string, n int) []string {
	var out []string
	for at, i := 1.0, 0; i < n && int(at) <= len(list); i++ {
		out = append(out, list[int(at)-1])
		at = max(at+1, at*1.25)
	}
	return out
}

// Words and phrases from the most frequent to the rarest over 100,000 listings,
// generated and real ones: the median of all, and the slowest query's.
func BenchmarkSearchSpread(b *testing.B) {
	if testing.Short() {
		b.Skip("indexes 100,000 listings")
	}
	for _, corpus := range []struct {
		name string
		list func() []scanner.Listing
	}{
		{"generated", func() []scanner.Listing { return generated(100_000) }},
		{"real", func() []scanner.Listing { return realListings(b, 100_000) }},
	} {
		b.Run(corpus.name, func(b *testing.B) {
			list := corpus.list()
			if len(list) == 0 {
				b.Skip("no real listings here")
			}
			single, pairs := frequencies(list)
			phrases := []string{`"` + single[0] + " " + single[1] + `"`}
			for _, p := range spread(pairs, 50) {
				phrases = append(phrases, `"`+p+`"`)
			}
			c := indexed(b, list)
			for b.Loop() {
				timeQueries(b, c, "word", spread(single, 50))
				timeQueries(b, c, "phrase", phrases)
			}
		})
	}
}

// indexed is a catalogue of the list, open for reading.
func indexed(b *testing.B, list []scanner.Listing) *Catalog {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "c")
	c, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	commit(b, c, "2026-01-01", list)
	if err := c.Index(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	c.Close()
	if c, err = Open(dir, Options{ReadOnly: true}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	return c
}

func timeQueries(b *testing.B, c *Catalog, what string, queries []string) {
	var all []time.Duration
	worst, slow := time.Duration(0), ""
	for _, q := range queries {
		var times []time.Duration
		for range 7 {
			start := time.Now()
			if _, err := c.Search(q, SearchOptions{}); err != nil {
				b.Fatal(q, err)
			}
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		if m := times[len(times)/2]; m > worst {
			worst, slow = m, q
		}
		all = append(all, times...)
	}
	slices.Sort(all)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(all[len(all)/2]), what+"-ms")
	b.ReportMetric(ms(worst), what+"-slowest-ms")
	b.Logf("slowest %s: %s", what, slow)
}
