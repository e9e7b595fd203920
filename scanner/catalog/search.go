package catalog

import (
	"cmp"
	"fmt"
	"math"

	"github.com/blevesearch/bleve/v2"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// SearchOptions says how to search. The zero value gives the first 20 hits,
// disguised spellings too, and ten values per facet.
type SearchOptions struct {
	Literal bool // only what is spelled so, but for case, width and accents
	From    int  // hits to leave out
	Size    int  // hits to return; 0 means 20, below 0 all
	Facet   int  // values per facet; 0 means 10, below 0 no facets
}

// Hits is the answer to a query.
type Hits struct {
	Total  int     // all listings that match
	Hits   []Hit   // by score, then store, then id
	Facets []Facet // level, mark, supplier, marketplace, store
}

// Hit is one listing that matches. Level and marks are as found, before excuses.
type Hit struct {
	Store, ID, Title, Supplier, Category, Marketplace string
	Level                                             string
	Marks                                             []string
	Score                                             float64 // higher is better; comparable within one answer
	Snippets                                          []Snippet

	listing scanner.Listing
}

// Search finds listings. Errors: a *QueryError that points at the column, or an
// index that cannot be read.
func (c *Catalog) Search(text string, opt SearchOptions) (Hits, error) {
	clauses, err := parseQuery(text)
	if err != nil {
		return Hits{}, err
	}
	idx, err := c.searchIndex()
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	var out Hits
	err = guarded(func() error {
		out, err = c.answer(idx, clauses, opt)
		return err
	})
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	h := highlighter{clauses}
	for i := range out.Hits {
		h.show(&out.Hits[i])
	}
	return out, nil
}

// answer finds the hits shown, without snippets, and the facets of all.
func (c *Catalog) answer(idx bleve.Index, clauses []clause, opt SearchOptions) (Hits, error) {
	snapshot, err := snapshotOf(idx)
	if err != nil {
		return Hits{}, err
	}
	defer snapshot.Close()
	p, err := c.planOf(clauses, snapshot, opt.Literal)
	if err != nil {
		return Hits{}, err
	}
	from, size := max(0, opt.From), cmp.Or(opt.Size, 20)
	n := from + size
	if size < 0 {
		n = math.MaxInt
	}
	a, err := p.run(snapshot, n, opt.Facet >= 0, c.workers(), unitSize)
	if err != nil {
		return Hits{}, err
	}
	out := Hits{Total: a.total}
	for _, f := range a.best[min(from, len(a.best)):] {
		hit, err := readHit(f)
		if err != nil {
			return Hits{}, err
		}
		out.Hits = append(out.Hits, hit)
	}
	if opt.Facet >= 0 {
		out.Facets = a.facets.list(cmp.Or(opt.Facet, 10))
	}
	return out, nil
}

// readHit reads what the index stores of one listing.
func readHit(f found) (Hit, error) {
	hit := Hit{Score: f.score}
	var stored string
	err := f.segment.VisitDocument(f.doc, func(field string, _ byte, value []byte, _ []uint64) bool {
		switch field {
		case storedField:
			stored = string(value)
		case "level":
			hit.Level = string(value)
		case "marks":
			hit.Marks = append(hit.Marks, keywordShown(string(value)))
		}
		return true
	})
	if err != nil {
		return hit, err
	}
	hit.listing, err = decodeListing(f.key, stored)
	l := &hit.listing
	hit.Store, hit.ID, hit.Supplier, hit.Category, hit.Marketplace = l.Store, l.ID, l.Supplier, l.Category, l.Marketplace
	title := fold.See(l.Title())
	hit.Title = title.Seen
	return hit, err
}
