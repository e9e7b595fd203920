package report

import (
	"container/heap"
	"sort"

	"prescreen/scanner"
)

// rank orders findings and listings, worst highest: by level, then by the
// larger risk. An excused finding, at level none, comes last whatever its risk.
func rank(level scanner.Level, rights, platform int) int {
	return int(level)*1000 + max(rights, platform)
}

func findingRank(f *scanner.Finding) int { return rank(f.Level, f.Rights, f.Platform.Points) }

// worst keeps the n items of highest rank, the earlier one among equals, in
// memory bounded by n however many are offered.
type worst[T any] struct {
	n     int
	seen  int
	items rankedHeap[T]
}

type ranked[T any] struct {
	rank, seq int
	item      T
}

// admits tells whether an item of this rank would be kept now, so that a
// caller builds only what stays.
func (w *worst[T]) admits(rank int) bool {
	return len(w.items) < w.n || w.n > 0 && rank > w.items[0].rank
}

// add offers one item; the mildest falls out when there are too many.
func (w *worst[T]) add(rank int, item T) {
	w.seen++
	if !w.admits(rank) {
		return
	}
	entry := ranked[T]{rank, w.seen, item}
	if len(w.items) < w.n {
		heap.Push(&w.items, entry)
		return
	}
	w.items[0] = entry
	heap.Fix(&w.items, 0)
}

// skip counts an item that was not admitted.
func (w *worst[T]) skip() { w.seen++ }

// sorted returns the kept items, worst first.
func (w *worst[T]) sorted() []T {
	all := append(rankedHeap[T](nil), w.items...)
	sort.Slice(all, func(i, j int) bool { return all.Less(j, i) })
	out := make([]T, len(all))
	for i := range all {
		out[i] = all[i].item
	}
	return out
}

// rankedHeap has the mildest, and among equals the latest, item on top.
type rankedHeap[T any] []ranked[T]

func (h rankedHeap[T]) Len() int { return len(h) }
func (h rankedHeap[T]) Less(i, j int) bool {
	if h[i].rank != h[j].rank {
		return h[i].rank < h[j].rank
	}
	return h[i].seq > h[j].seq
}
func (h rankedHeap[T]) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *rankedHeap[T]) Push(x any)   { *h = append(*h, x.(ranked[T])) }
func (h *rankedHeap[T]) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
