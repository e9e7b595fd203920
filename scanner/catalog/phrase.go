package catalog

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// phraseHits are the documents that hold a phrase, ascending.
type phraseHits []phraseHit

type phraseHit struct {
	doc   uint32
	share float64 // of the field, see share
}

// phrase finds a phrase among docs. First the sets of documents that hold each
// word are cut with one another; only in what is left are the places compared.
func (u *unit) phrase(w *wanted, docs *roaring.Bitmap) (phraseHits, error) {
	left := docs
	for _, spellings := range w.words {
		holds := roaring.New()
		for _, term := range spellings {
			if err := u.addDocs(holds, w.field, term); err != nil {
				return nil, err
			}
		}
		holds.And(left)
		if left = holds; left.IsEmpty() {
			return nil, nil
		}
	}
	words := make([]placed, len(w.words))
	for i, spellings := range w.words {
		for _, term := range spellings {
			list, err := u.postings(w.field, term)
			if err != nil {
				return nil, err
			}
			if it := within(list.Iterator(true, true, true, nil), left); it != nil {
				words[i].lists = append(words[i].lists, postingsAt{it: it})
			}
		}
	}
	var out phraseHits
	for docs := left.Iterator(); docs.HasNext(); {
		doc := docs.Next()
		n, any, err := inPhrase(words, uint64(doc))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, phraseHit{doc, share(uint64(n), any)})
		}
	}
	return out, nil
}

// inPhrase counts how often the words stand next to one another in a document.
// any is a posting of the document.
func inPhrase(words []placed, doc uint64) (n int, any segment.Posting, err error) {
	var ends []uint64
	for i := range words {
		places, p, err := words[i].in(doc)
		if err != nil {
			return 0, nil, err
		}
		if i == 0 {
			ends, any = places, p
			continue
		}
		if ends = following(ends, places); len(ends) == 0 {
			return 0, any, nil
		}
	}
	return len(ends), any, nil
}

// following keeps in ends, and moves on by one, those that a place follows.
// Both are ascending.
func following(ends, places []uint64) []uint64 {
	out, k := ends[:0], 0
	for _, end := range ends {
		for k < len(places) && places[k] < end+1 {
			k++
		}
		if k < len(places) && places[k] == end+1 {
			out = append(out, end+1)
		}
	}
	return out
}

// placed is a word of a phrase, in all its spellings.
type placed struct {
	lists  []postingsAt
	places []uint64
}

// postingsAt is a list of postings and where it stands.
type postingsAt struct {
	it   segment.PostingsIterator
	at   segment.Posting
	done bool
}

// in returns the places of the word in a document, ascending: the text of the
// field, counted from the top bit down, and the word within it. Documents must
// be asked for in order.
func (w *placed) in(doc uint64) (places []uint64, any segment.Posting, err error) {
	w.places = w.places[:0]
	for i := range w.lists {
		l := &w.lists[i]
		for !l.done && (l.at == nil || l.at.Number() < doc) {
			if l.at, err = l.it.Next(); err != nil {
				return nil, nil, err
			}
			l.done = l.at == nil
		}
		if l.done || l.at.Number() != doc {
			continue
		}
		any = l.at
		for _, loc := range l.at.Locations() {
			place := loc.Pos()
			if text := loc.ArrayPositions(); len(text) > 0 {
				place |= text[0] << 32
			}
			w.places = append(w.places, place)
		}
	}
	if !slices.IsSorted(w.places) {
		slices.Sort(w.places)
	}
	return w.places, any, nil
}
