package scanner

import (
	"slices"
	"testing"
	"time"

	"prescreen/rules"
)

// BenchmarkJudging compares the matching of a listing alone (views, tokens,
// every form, memo, what stands inside what) with its full screening, on the
// same parts of the corpus in turn, so that a busy machine slows both. It
// reports the median of (screening - matching) / matching in percent.
func BenchmarkJudging(b *testing.B) {
	b.Run("builtin", func(b *testing.B) { benchmarkJudging(b, builtinSet(b)) })
	b.Run("own1000", func(b *testing.B) { benchmarkJudging(b, ownSet(1000)) })
}

const (
	judgingPart = 2000 // listings timed at a time
	judgingMost = 60000
)

func benchmarkJudging(b *testing.B, set *rules.Set) {
	listings, _ := corpus()
	listings = listings[:min(len(listings), judgingMost)]
	w := newScanner(b, set).newScreener()
	for i := range listings { // both sides know the words already
		w.matchOnly(&listings[i])
	}
	var added []float64
	mentions, findings := 0, 0
	for b.Loop() {
		for part := range slices.Chunk(listings, judgingPart) {
			begin := time.Now()
			for i := range part {
				mentions += w.matchOnly(&part[i])
			}
			match := time.Since(begin)
			begin = time.Now()
			for i := range part {
				res := w.screen(part[i])
				findings += len(res.Findings)
			}
			added = append(added, 100*float64(time.Since(begin)-match)/float64(match))
		}
	}
	slices.Sort(added)
	b.ReportMetric(added[len(added)/2], "%added")
	b.ReportMetric(float64(mentions)/float64(b.N), "mentions/op")
	b.ReportMetric(float64(findings)/float64(b.N), "findings/op")
}

// matchOnly finds the mentions of one listing and judges none.
func (w *screener) matchOnly(l *Listing) int {
	views := w.viewsOf(l.Fields)
	w.registers.begin(l.Fields)
	n := 0
	for i := range l.Fields {
		w.look(views[i], &l.Fields[i], i)
		n += len(views[i].mentions)
	}
	return n
}
