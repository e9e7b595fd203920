package catalog

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// unitSize is how many documents of a segment a worker answers for at a time.
const unitSize = 1 << 14

// answer is what a plan finds in the index: how many documents, the best of
// them, and what the facets count.
type answer struct {
	total  int
	best   []found
	facets counts
}

// found is one document of the answer.
type found struct {
	segment *scorch.SegmentSnapshot
	doc     uint64
	score   float64
	key     string
}

// sized is a set of documents with what being in it counts.
type sized struct {
	docs   *roaring.Bitmap
	weight float64
}

// run answers a plan with the best n documents, on some workers, size documents
// at a time. facets says whether to count them. The answer is the same whatever
// workers and size are.
func (p *plan) run(snapshot *scorch.IndexSnapshot, n int, facets bool, workers, size int) (answer, error) {
	units, err := p.units(snapshot, uint64(size))
	if err != nil {
		return answer{}, err
	}
	parts, errs := make([]answer, len(units)), make([]error, len(units))
	var next atomic.Int64
	var all sync.WaitGroup
	for range max(1, min(workers, len(units))) {
		all.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(units); i = next.Add(1) - 1 {
				errs[i] = guarded(func() (err error) {
					parts[i], err = units[i].run(n, facets)
					return err
				})
			}
		})
	}
	all.Wait()
	out := answer{facets: counts{}}
	for i := range parts {
		if errs[i] != nil {
			return answer{}, errs[i]
		}
		out.total += parts[i].total
		out.best = append(out.best, parts[i].best...)
		out.facets.add(parts[i].facets)
	}
	slices.SortFunc(out.best, byScore)
	out.best = out.best[:min(n, len(out.best))]
	return out, nil
}

// unit is a stretch of a segment's documents, with the plan to answer there.
type unit struct {
	*lexicon
	plan     *plan
	from, to uint64
	sets     [][]sized // per condition
	phrases  [][]phraseHits
}

// units cuts the index up. The sets of a segment are gathered once for all.
func (p *plan) units(snapshot *scorch.IndexSnapshot, size uint64) ([]unit, error) {
	var out []unit
	for _, s := range snapshot.Segments() {
		sets, err := p.setsOf(newLexicon(s))
		if err != nil {
			return nil, err
		}
		all := uint64(s.FullSize())
		for from := uint64(0); from < all; from += size {
			out = append(out, unit{lexicon: newLexicon(s), plan: p, from: from, to: min(all, from+size), sets: sets})
		}
	}
	return out, nil
}

func (p *plan) setsOf(x *lexicon) ([][]sized, error) {
	out := make([][]sized, len(p.conditions))
	for i := range p.conditions {
		for _, l := range p.conditions[i].sets {
			set := sized{roaring.New(), l.weight}
			add := func(term string) error { return x.addDocs(set.docs, l.field, term) }
			var err error
			if l.prefix {
				err = x.eachTerm(l.field, l.term, add)
			} else {
				err = add(l.term)
			}
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], set)
		}
	}
	return out, nil
}

// run finds the unit's documents, scores them and counts their facets.
func (u *unit) run(n int, facets bool) (answer, error) {
	docs := live(u.segment, u.from, u.to)
	u.phrases = make([][]phraseHits, len(u.plan.conditions))
	for i := range u.plan.conditions {
		met, err := u.met(i, docs)
		if err != nil {
			return answer{}, err
		}
		if u.plan.conditions[i].not {
			docs.AndNot(met)
		} else {
			docs = met
		}
		if docs.IsEmpty() {
			return answer{}, nil
		}
	}
	scores, err := u.score(docs)
	if err != nil {
		return answer{}, err
	}
	out := answer{total: int(docs.GetCardinality())}
	if out.best, err = u.best(docs, scores, n); err != nil {
		return answer{}, err
	}
	if facets {
		out.facets, err = u.count(docs)
	}
	return out, err
}

// met returns those of docs in which a condition holds, before its not.
func (u *unit) met(at int, docs *roaring.Bitmap) (*roaring.Bitmap, error) {
	c := &u.plan.conditions[at]
	out := roaring.New()
	for _, set := range u.sets[at] {
		out.Or(set.docs)
	}
	u.phrases[at] = make([]phraseHits, len(c.texts))
	for i := range c.texts {
		w := &c.texts[i]
		if len(w.words) == 1 {
			for _, term := range w.words[0] {
				if err := u.addDocs(out, w.field, term); err != nil {
					return nil, err
				}
			}
			continue
		}
		hits, err := u.phrase(w, docs)
		if err != nil {
			return nil, err
		}
		u.phrases[at][i] = hits
		for _, h := range hits {
			out.Add(h.doc)
		}
	}
	out.And(docs)
	return out, nil
}

// score gives the score of every document from u.from on; only those of docs
// are set. A word counts by its field and spelling, by how often it is there,
// and the more the shorter the field is. What is merely in a set counts its
// weight.
func (u *unit) score(docs *roaring.Bitmap) ([]float64, error) {
	scores := make([]float64, u.to-u.from)
	for at := range u.plan.conditions {
		c := &u.plan.conditions[at]
		if c.not {
			continue
		}
		for _, set := range u.sets[at] {
			if set.weight > 0 {
				roaring.And(set.docs, docs).Iterate(func(doc uint32) bool {
					scores[uint64(doc)-u.from] += set.weight
					return true
				})
			}
		}
		for i := range c.texts {
			w := &c.texts[i]
			for _, h := range u.phrases[at][i] {
				scores[uint64(h.doc)-u.from] += w.weight * h.share
			}
			if len(w.words) > 1 {
				continue
			}
			for _, term := range w.words[0] {
				if err := u.scoreTerm(scores, docs, w, term); err != nil {
					return nil, err
				}
			}
		}
	}
	return scores, nil
}

func (u *unit) scoreTerm(scores []float64, docs *roaring.Bitmap, w *wanted, term string) error {
	list, err := u.postings(w.field, term)
	if err != nil || list.Count() == 0 {
		return err
	}
	postings := within(list.Iterator(true, true, false, nil), docs)
	if postings == nil {
		return nil
	}
	for {
		p, err := postings.Next()
		if err != nil || p == nil {
			return err
		}
		scores[p.Number()-u.from] += w.weight * share(p.Frequency(), p)
	}
}

// within makes an iterator give only postings of docs; nil when there are none.
func within(it segment.PostingsIterator, docs *roaring.Bitmap) segment.PostingsIterator {
	all, ok := it.(segment.OptimizablePostingsIterator)
	if !ok {
		return nil
	}
	if doc, one := all.DocNum1Hit(); one {
		if docs.Contains(uint32(doc)) {
			return it
		}
		return nil
	}
	bitmap := all.ActualBitmap()
	if bitmap == nil {
		return nil
	}
	some := roaring.And(bitmap, docs)
	if some.IsEmpty() {
		return nil
	}
	all.ReplaceActual(some)
	return it
}

// share is what n words are in a field: the root of their part of it.
func share(n uint64, p segment.Posting) float64 { return math.Sqrt(float64(n)) * p.Norm() }
