package catalog

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// byScore orders documents by score, then store, then id.
func byScore(a, b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.key, b.key))
}

// best returns the first n of docs. Keys are read only for those that may be
// among them.
func (u *unit) best(docs *roaring.Bitmap, scores []float64, n int) ([]found, error) {
	list := make([]found, 0, docs.GetCardinality())
	for it := docs.Iterator(); it.HasNext(); {
		doc := uint64(it.Next())
		list = append(list, found{segment: u.segment, doc: doc, score: scores[doc-u.from]})
	}
	least := bar(list, n)
	list = slices.DeleteFunc(list, func(f found) bool { return f.score < least })
	for i := range list {
		key, err := u.segment.DocID(list[i].doc)
		if err != nil {
			return nil, err
		}
		list[i].key = string(key)
	}
	slices.SortFunc(list, byScore)
	return list[:min(n, len(list))], nil
}

// lowest is a heap with the smallest score on top.
type lowest []float64

func (l lowest) Len() int           { return len(l) }
func (l lowest) Less(i, j int) bool { return l[i] < l[j] }
func (l lowest) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *lowest) Push(x any)        { *l = append(*l, x.(float64)) }
func (l *lowest) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// bar returns the score of the n-th best document, 0 when there are no more
// than n.
func bar(list []found, n int) float64 {
	if n <= 0 || n >= len(list) {
		return 0
	}
	best := make(lowest, n)
	for i := range best {
		best[i] = list[i].score
	}
	heap.Init(&best)
	for _, f := range list[n:] {
		if f.score > best[0] {
			best[0] = f.score
			heap.Fix(&best, 0)
		}
	}
	return best[0]
}
