package catalog

import (
	"cmp"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Facet counts the matching listings by one property.
type Facet struct {
	Field  string // level, mark, supplier, marketplace, store
	Values []FacetValue
	Other  int // listings counted under values that are not shown
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string
	Count int
}

var facetFields = []struct{ name, field string }{
	{"level", "level"}, {"mark", "marks"}, {"supplier", "supplier"}, {"marketplace", "marketplace"}, {"store", "store"},
}

// counts holds, by facet field, how many documents have each value.
type counts map[string]map[string]int

func (c counts) add(more counts) {
	for field, values := range more {
		if c[field] == nil {
			c[field] = values
			continue
		}
		for term, n := range values {
			c[field][term] += n
		}
	}
}

// docsPerTerm is how many documents' values are read in the time of one look-up
// of a value's documents, about 2 microseconds.
const docsPerTerm = 20

// count counts the values of the facet fields among docs: value by value where
// they are few, document by document where the documents are.
func (u *unit) count(docs *roaring.Bitmap) (counts, error) {
	sum := counts{}
	var byDoc []string
	for _, f := range facetFields {
		values := map[string]int{}
		sum[f.field] = values
		d, err := u.dict(f.field)
		if err != nil {
			return nil, err
		}
		if uint64(d.Cardinality())*docsPerTerm > docs.GetCardinality() {
			byDoc = append(byDoc, f.field)
			continue
		}
		holds := roaring.New()
		err = u.eachTerm(f.field, "", func(term string) error {
			holds.Clear()
			err := u.addDocs(holds, f.field, term)
			if n := holds.AndCardinality(docs); n > 0 {
				values[term] = int(n)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return sum, u.countByDoc(sum, docs, byDoc)
}

func (u *unit) countByDoc(sum counts, docs *roaring.Bitmap, fields []string) error {
	values, ok := u.segment.Segment().(segment.DocValueVisitable)
	if len(fields) == 0 || !ok {
		return nil
	}
	type value struct{ field, term string }
	seen := map[value]*int{}
	var state segment.DocVisitState
	var err error
	for it := docs.Iterator(); it.HasNext(); {
		state, err = values.VisitDocValues(uint64(it.Next()), fields, func(field string, term []byte) {
			if n := seen[value{field, string(term)}]; n != nil {
				*n++
				return
			}
			one := 1
			seen[value{field, string(term)}] = &one
		}, state)
		if err != nil {
			return err
		}
	}
	for v, n := range seen {
		sum[v.field][v.term] = *n
	}
	return nil
}

// list gives the facets: the n most frequent values of each, equal ones by name.
func (c counts) list(n int) []Facet {
	out := make([]Facet, 0, len(facetFields))
	for _, f := range facetFields {
		out = append(out, facetOf(f.name, c[f.field], n))
	}
	return out
}

func facetOf(name string, values map[string]int, n int) Facet {
	out := Facet{Field: name}
	terms := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(values[b], values[a]), cmp.Compare(a, b))
	})
	for i, term := range terms {
		if i < n {
			out.Values = append(out.Values, FacetValue{keywordShown(term), values[term]})
		} else {
			out.Other += values[term]
		}
	}
	return out
}
