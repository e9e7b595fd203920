package match

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// madeWords writes n distinct words of four to eleven letters, with the letter
// frequencies of running text.
func madeWords(n int, seed uint64) []string {
	rnd := rand.New(rand.NewPCG(seed, 1))
	seen := map[string]bool{}
	out := make([]string, 0, n)
	for len(out) < n {
		b := make([]byte, 4+rnd.IntN(8))
		for k := range b {
			b[k] = "etaoinshrdlucmfwypvbgkjqxz"[min(25, int(rnd.ExpFloat64()*8))]
		}
		if w := string(b); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// BenchmarkMisspelt looks 200,000 distinct unknown words up among 100,000
// names, in one go as a catalogue would; half of them are a name with one
// letter changed. The index is made within.
func BenchmarkMisspelt(b *testing.B) {
	names := madeWords(100_000, 1)
	tokens := madeWords(100_000, 2)
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, n := range names {
		c := []byte(n)
		c[rnd.IntN(len(c))] = byte('a' + rnd.IntN(26))
		tokens = append(tokens, string(c))
	}
	patterns := patternsOf(PlainForms|1<<Misspelt, names...)
	var build time.Duration
	found := 0
	for b.Loop() {
		m := Build(patterns, Options{Keys: testKeys})
		start := time.Now()
		m.near.once.Do(func() { m.near.build(m) })
		build = time.Since(start)
		f := m.NewFinder(DefaultMemo)
		found = 0
		for _, w := range tokens {
			t := [1]Token{{End: int32(len(w)), ASCII: true, Gap: gapFirst}}
			got, _ := f.Find(w, t[:])
			for _, g := range got {
				if g.Form == Misspelt {
					found++
					break
				}
			}
		}
	}
	if found < 50_000 {
		b.Fatalf("only %d of the changed names found", found)
	}
	b.ReportMetric(float64(found), "found")
	b.ReportMetric(float64(build.Milliseconds()), "index-ms")
}

// BenchmarkBuild makes the tables of n one-word names in every form.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 15_000, 100_000} {
		patterns := patternsOf(AllForms, madeWords(n, 1)...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if m := Build(patterns, Options{Keys: testKeys}); m.vocab.len() != n {
					b.Fatal(m.vocab.len())
				}
			}
		})
	}
}
