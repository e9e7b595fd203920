package catalog

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"go.etcd.io/bbolt"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// Candidates of a preview. The rules are asked about the words of the catalogue,
// and only listings that hold one of those are screened:
//
//	terms of the index   zorbex, shoes, ...       -> documents of the term
//	stretches            L*uis, νIKE, t-shirt     -> documents of all its terms
//	halves of a name     zor bex                  -> documents of both
//
// That misses nothing, whatever the form: where a finding begins, the matcher
// reads a token, or tokens without a space between, or single letters with one
// separator, or two halves of a name; it reads them the same wherever they
// stand (scanner.Sieve), and each is one of the above.

// candidates are the documents to screen, per segment.
type candidates map[*scorch.SegmentSnapshot]*roaring.Bitmap

// candidates returns the documents in which s may find anything. ok is false
// when that cannot be told without screening all.
func (c *Catalog) candidates(s *scanner.Scanner, snapshot *scorch.IndexSnapshot) (out candidates, ok bool, err error) {
	if _, ok := s.Sieve(); !ok {
		return nil, false, nil
	}
	w := wordsFor(s)
	stretches, ok, err := c.stretches(snapshot)
	if err != nil || !ok {
		return nil, false, err
	}
	hits := make([][]stretchHit, c.workers())
	each := (len(stretches) + len(hits) - 1) / len(hits)
	var next atomic.Int64
	segments := snapshot.Segments()
	found, errs := make([]*segmentWords, len(segments)), make([]error, len(segments))
	var all sync.WaitGroup
	for n := range hits {
		all.Go(func() {
			sieve, _ := s.Sieve()
			from := min(n*each, len(stretches))
			hits[n] = w.sift(sieve, stretches[from:min(from+each, len(stretches))])
			for i := next.Add(1) - 1; int(i) < len(segments); i = next.Add(1) - 1 {
				errs[i] = guarded(func() (err error) {
					found[i], err = w.read(sieve, segments[i])
					return err
				})
			}
		})
	}
	all.Wait()
	out = candidates{}
	for i, s := range segments {
		if errs[i] != nil {
			return nil, false, errs[i]
		}
		if out[s], err = w.combine(found[i], slices.Concat(hits...)); err != nil {
			return nil, false, err
		}
	}
	return out, true, nil
}

// stretches lists what the ledger knows of words as written. ok is false while
// the index holds documents of a scan whose words are not all there.
func (c *Catalog) stretches(snapshot *scorch.IndexSnapshot) (out []string, ok bool, err error) {
	in, err := snapshot.GetInternal(indexedKey)
	if err != nil {
		return nil, false, err
	}
	err = c.view(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(stretchesBucket)
		whole, _ := strconv.Atoi(string(tx.Bucket(metaBucket).Get(indexedKey)))
		indexed, _ := strconv.Atoi(string(in))
		if ok = bucket != nil && whole >= indexed; !ok {
			return nil
		}
		return bucket.ForEach(func(k, _ []byte) error {
			out = append(out, string(k))
			return nil
		})
	})
	return out, ok, err
}

// wantedWords are what a preview looks for besides words that the sieve knows.
type wantedWords struct {
	halves map[string]int // half of a name, folded or reduced -> its number
	pairs  [][2]int       // numbers of the halves of one name
}

// wordsFor cuts every name that may be found in two halves at every place.
func wordsFor(s *scanner.Scanner) *wantedWords {
	w := &wantedWords{halves: map[string]int{}}
	number := func(half string) int {
		n, ok := w.halves[half]
		if !ok {
			n = len(w.halves)
			w.halves[half] = n
		}
		return n
	}
	cut := func(name string) {
		for at := range name {
			if at >= 2 && len(name)-at >= 2 {
				w.pairs = append(w.pairs, [2]int{number(name[:at]), number(name[at:])})
			}
		}
	}
	s.Halves(func(folded, reduced string) {
		cut(folded)
		if reduced != folded {
			cut(reduced)
		}
	})
	return w
}

// segmentWords are the documents of one segment in which the words stand.
type segmentWords struct {
	*lexicon
	docs   *roaring.Bitmap         // that hold a term where a finding may begin
	halves map[int]*roaring.Bitmap // number of a half -> documents
}

// stretchHit is a stretch to look for: a finding may begin in it, or it is one
// word that may be these halves of a name.
type stretchHit struct {
	text   string
	begins bool
	halves []int
}

// sift returns the stretches that matter.
func (w *wantedWords) sift(sieve *scanner.Sieve, stretches []string) []stretchHit {
	var out []stretchHit
	for _, text := range stretches {
		if sieve.Begins(text) {
			out = append(out, stretchHit{text: text, begins: true})
		} else if halves := w.halvesIn(text); len(halves) > 0 {
			out = append(out, stretchHit{text: text, halves: halves})
		}
	}
	return out
}

// read goes through the terms of a segment.
func (w *wantedWords) read(sieve *scanner.Sieve, s *scorch.SegmentSnapshot) (*segmentWords, error) {
	out := &segmentWords{newLexicon(s), roaring.New(), map[int]*roaring.Bitmap{}}
	for _, field := range textFields {
		err := out.eachTerm(field, "", func(term string) error {
			if sieve.Begins(term) {
				return out.addDocs(out.docs, field, term)
			}
			for _, half := range w.halvesIn(term) {
				if err := out.addDocs(out.half(half), field, term); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *segmentWords) half(n int) *roaring.Bitmap {
	if s.halves[n] == nil {
		s.halves[n] = roaring.New()
	}
	return s.halves[n]
}

// halvesIn tells which halves a word as written may be.
func (w *wantedWords) halvesIn(word string) []int {
	var out []int
	if len(w.halves) == 0 {
		return nil
	}
	folded, reduced, _ := fold.Keys(word)
	if n, ok := w.halves[folded]; ok {
		out = append(out, n)
	}
	if n, ok := w.halves[reduced]; ok && reduced != folded {
		out = append(out, n)
	}
	return out
}

// combine completes a segment's documents with those of stretches and halves.
func (w *wantedWords) combine(s *segmentWords, hits []stretchHit) (*roaring.Bitmap, error) {
	for _, hit := range hits {
		docs, err := s.holding(foldedTerms(hit.text))
		if err != nil {
			return nil, err
		}
		if hit.begins {
			s.docs.Or(docs)
		}
		for _, half := range hit.halves {
			s.half(half).Or(docs)
		}
	}
	for _, pair := range w.pairs {
		if a, b := s.halves[pair[0]], s.halves[pair[1]]; a != nil && b != nil {
			s.docs.Or(roaring.And(a, b))
		}
	}
	return s.docs, nil
}

// foldedTerms are the terms of the index that a stretch is made of.
func foldedTerms(stretch string) []string {
	var out []string
	for _, t := range fold.Tokens(nil, stretch) {
		out = append(out, foldWord(stretch[t.Start:t.End]))
	}
	return out
}

// holding returns the documents that hold all of some terms.
func (x *lexicon) holding(terms []string) (*roaring.Bitmap, error) {
	out := roaring.New()
	for i, term := range terms {
		docs := roaring.New()
		for _, field := range textFields {
			if err := x.addDocs(docs, field, term); err != nil {
				return nil, err
			}
		}
		if i == 0 {
			out = docs
		} else {
			out.And(docs)
		}
	}
	return out, nil
}
