package catalog

import (
	"errors"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"prescreen/scanner"
)

// Search and preview read the index's segments themselves: sets of documents
// are bitmaps, and what costs more (frequencies, places, stored texts) is read
// only for documents that are in the answer. Bleve's own searchers read both
// for every hit of every word on the way.

// snapshotOf returns the index as it stands now, to be closed.
func snapshotOf(idx bleve.Index) (*scorch.IndexSnapshot, error) {
	inner, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		reader.Close()
		return nil, fmt.Errorf("the index is of an unknown make, %T", reader)
	}
	return snapshot, nil
}

// lexicon looks terms up in one segment. It belongs to one goroutine.
type lexicon struct {
	segment *scorch.SegmentSnapshot
	dicts   map[string]segment.TermDictionary
	list    segment.PostingsList // used again by every look-up
}

func newLexicon(s *scorch.SegmentSnapshot) *lexicon {
	return &lexicon{segment: s, dicts: map[string]segment.TermDictionary{}}
}

func (x *lexicon) dict(field string) (segment.TermDictionary, error) {
	if d := x.dicts[field]; d != nil {
		return d, nil
	}
	d, err := x.segment.Segment().Dictionary(field)
	if err == nil {
		x.dicts[field] = d
	}
	return d, err
}

// postings returns the documents that hold a term, for reading on.
func (x *lexicon) postings(field, term string) (segment.PostingsList, error) {
	d, err := x.dict(field)
	if err != nil {
		return nil, err
	}
	return d.PostingsList([]byte(term), nil, nil)
}

// intoSet is what every list of postings can do, though its interface does not say so.
type intoSet interface{ OrInto(*roaring.Bitmap) }

var errPostings = errors.New("the index keeps its postings in an unknown form")

// addDocs adds the documents that hold a term to set. The list is read into
// memory that the next call uses again.
func (x *lexicon) addDocs(set *roaring.Bitmap, field, term string) error {
	d, err := x.dict(field)
	if err != nil {
		return err
	}
	if x.list, err = d.PostingsList([]byte(term), nil, x.list); err != nil {
		return err
	}
	list, ok := x.list.(intoSet)
	if !ok {
		return errPostings
	}
	list.OrInto(set)
	return nil
}

// uncounted is a dictionary that lists its terms without reading how many
// documents hold each.
type uncounted interface {
	AutomatonIteratorOmitCount(a segment.Automaton, from, to []byte) segment.DictionaryIterator
}

// eachTerm calls visit for the terms of a field that begin with a prefix.
func (x *lexicon) eachTerm(field, prefix string, visit func(term string) error) error {
	d, err := x.dict(field)
	if err != nil {
		return err
	}
	var from, to []byte
	if prefix != "" {
		from, to = []byte(prefix), afterPrefix(prefix)
	}
	terms := d.AutomatonIterator(nil, from, to)
	if quick, ok := d.(uncounted); ok {
		terms = quick.AutomatonIteratorOmitCount(nil, from, to)
	}
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return err
		}
		if err := visit(entry.Term); err != nil {
			return err
		}
	}
}

// afterPrefix is the first text that is behind all that begin with a prefix,
// nil when there is none.
func afterPrefix(prefix string) []byte {
	out := []byte(prefix)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i]++; out[i] != 0 {
			return out[:i+1]
		}
	}
	return nil
}

// live returns the documents [from, to) of a segment that are not deleted.
func live(s *scorch.SegmentSnapshot, from, to uint64) *roaring.Bitmap {
	set := roaring.New()
	set.AddRange(from, to)
	if deleted := s.Deleted(); deleted != nil {
		set.AndNot(deleted)
	}
	return set
}

// listing reads a listing of the index by its key. The index is open for
// writing.
func (c *Catalog) listing(key string) (scanner.Listing, error) {
	snapshot, err := snapshotOf(c.index)
	if err != nil {
		return scanner.Listing{}, err
	}
	defer snapshot.Close()
	l, ok, err := listingIn(snapshot, key)
	if err == nil && !ok {
		err = fmt.Errorf("%s is not in the index", plainName(key))
	}
	return l, err
}

// listingIn reads a listing by its key; ok is false when it is not there.
func listingIn(snapshot *scorch.IndexSnapshot, key string) (l scanner.Listing, ok bool, err error) {
	for _, s := range snapshot.Segments() {
		docs, err := s.DocNumbers([]string{key})
		if err != nil {
			return l, false, err
		}
		if !docs.IsEmpty() {
			stored, err := readStored(s, uint64(docs.Minimum()))
			return stored.Listing, err == nil, err
		}
	}
	return l, false, nil
}
