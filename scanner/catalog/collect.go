package catalog

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"maps"
	"slices"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// Bleve's own collector reads the sort key and the facets of every hit as it
// comes. This one reads keys only for hits that may be shown, and counts facets
// afterwards, on two processors where there are two.

// hits are all documents a query matches, in the index's order.
type hits struct {
	docs   []uint64
	scores []float64
}

// ranked is a hit that may be shown.
type ranked struct {
	doc   uint64
	score float64
	key   string
}

// collect runs the query on reader.
func collect(idx bleve.Index, reader index.IndexReader, q query.Query, scored bool) (hits, error) {
	var out hits
	opt := search.SearcherOptions{}
	if !scored {
		opt.Score = "none"
	}
	s, err := q.Searcher(context.Background(), reader, idx.Mapping(), opt)
	if err != nil {
		return out, err
	}
	defer s.Close()
	ctx := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: reader}
	for {
		d, err := s.Next(ctx)
		if err != nil || d == nil {
			return out, err
		}
		out.docs = append(out.docs, binary.BigEndian.Uint64(d.IndexInternalID))
		out.scores = append(out.scores, d.Score)
		ctx.DocumentMatchPool.Put(d)
	}
}

func internalID(doc uint64) index.IndexInternalID {
	return binary.BigEndian.AppendUint64(nil, doc)
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

// bar returns the score of the n-th best hit, 0 when there are no more than n.
func (h *hits) bar(n int) float64 {
	if n >= len(h.scores) {
		return 0
	}
	best := lowest(slices.Clone(h.scores[:n]))
	heap.Init(&best)
	for _, s := range h.scores[n:] {
		if s > best[0] {
			best[0] = s
			heap.Fix(&best, 0)
		}
	}
	return best[0]
}

// rank returns hits [from, from+size) by score, then store, then id.
func (h *hits) rank(reader index.IndexReader, from, size int) ([]ranked, error) {
	if from >= len(h.docs) {
		return nil, nil
	}
	least := h.bar(from + size)
	var list []ranked
	for i, doc := range h.docs {
		if h.scores[i] < least {
			continue
		}
		key, err := reader.ExternalID(internalID(doc))
		if err != nil {
			return nil, err
		}
		list = append(list, ranked{doc, h.scores[i], key})
	}
	slices.SortFunc(list, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.key, b.key)) })
	return list[from:min(from+size, len(list))], nil
}

// counts holds, by facet field, how many hits have each value.
type counts map[string]map[string]*int

// parallelFacets is the number of hits from which facets are counted by two.
const parallelFacets = 4000

// facets counts the values of the facet fields among all hits, the n most
// frequent of each, equal ones by name.
func (h *hits) facets(reader index.IndexReader, n, workers int) ([]Facet, error) {
	parts := [][]uint64{h.docs}
	if workers > 1 && len(h.docs) >= parallelFacets {
		parts = [][]uint64{h.docs[:len(h.docs)/2], h.docs[len(h.docs)/2:]}
	}
	sums, errs := make([]counts, len(parts)), make([]error, len(parts))
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			errs[i] = guarded(func() (err error) {
				sums[i], err = count(reader, parts[i])
				return err
			})
		})
	}
	all.Wait()
	for i := range parts {
		if errs[i] != nil {
			return nil, errs[i]
		}
	}
	for _, more := range sums[1:] {
		sums[0].add(more)
	}
	out := make([]Facet, 0, len(facetFields))
	for _, f := range facetFields {
		out = append(out, facetOf(f.name, sums[0][f.field], n))
	}
	return out, nil
}

func count(reader index.IndexReader, docs []uint64) (counts, error) {
	sum := counts{}
	var names []string
	for _, f := range facetFields {
		names = append(names, f.field)
		sum[f.field] = map[string]*int{}
	}
	values, err := reader.DocValueReader(names)
	if err != nil {
		return nil, err
	}
	for _, doc := range docs {
		err := values.VisitDocValues(internalID(doc), func(field string, term []byte) {
			if n := sum[field][string(term)]; n != nil {
				*n++
				return
			}
			one := 1
			sum[field][string(term)] = &one
		})
		if err != nil {
			return nil, err
		}
	}
	return sum, nil
}

func (c counts) add(more counts) {
	for field, values := range more {
		for term, n := range values {
			if have := c[field][term]; have != nil {
				*have += *n
			} else {
				c[field][term] = n
			}
		}
	}
}

func facetOf(name string, values map[string]*int, n int) Facet {
	out := Facet{Field: name}
	terms := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(*values[b], *values[a]), cmp.Compare(a, b))
	})
	for i, term := range terms {
		if i < n {
			out.Values = append(out.Values, FacetValue{keywordShown(term), *values[term]})
		} else {
			out.Other += *values[term]
		}
	}
	return out
}
