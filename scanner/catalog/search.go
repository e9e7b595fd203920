package catalog

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
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
}

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

// Search finds listings. Errors: a *QueryError that points at the column, or an
// index that cannot be read.
func (c *Catalog) Search(text string, opt SearchOptions) (Hits, error) {
	clauses, err := parseQuery(text)
	if err != nil {
		return Hits{}, err
	}
	index, err := c.searchIndex()
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	q, scored, err := c.bleveQuery(clauses, opt.Literal)
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	req := bleve.NewSearchRequest(q)
	if !scored {
		req.Score = "none"
	}
	if req.Size, err = size(index, opt.Size); err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	req.From = max(0, opt.From)
	req.Fields = append([]string{"supplier", "category", "marketplace", "level", "marks"}, textFields...)
	req.SortBy([]string{"-_score", "_id"})
	values := opt.Facet
	if values == 0 {
		values = 10
	}
	for _, f := range facetFields {
		if values > 0 {
			req.AddFacet(f.name, bleve.NewFacetRequest(f.field, values))
		}
	}
	var res *bleve.SearchResult
	err = guarded(func() error {
		res, err = index.Search(req)
		return err
	})
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	return answer(res, clauses, opt), nil
}

func size(index bleve.Index, size int) (int, error) {
	if size > 0 {
		return size, nil
	}
	if size == 0 {
		return 20, nil
	}
	n, err := index.DocCount()
	return max(1, int(n)), err
}

// bleveQuery asks for all clauses at once. Only words score; other clauses are
// met or not. scored is false when there are no words to score.
func (c *Catalog) bleveQuery(clauses []clause, literal bool) (q *query.BooleanQuery, scored bool, err error) {
	q = bleve.NewBooleanQuery()
	var filters []query.Query
	for i := range clauses {
		cl := &clauses[i]
		one, err := c.clauseQuery(cl, literal)
		switch {
		case err != nil:
			return nil, false, err
		case cl.not:
			q.AddMustNot(one)
		case cl.op <= fuzzy:
			q.AddMust(one)
			scored = true
		default:
			filters = append(filters, one)
		}
	}
	switch {
	case scored && len(filters) > 0:
		q.AddFilter(bleve.NewConjunctionQuery(filters...))
	case len(filters) > 0:
		q.AddMust(filters...)
	case !scored:
		q.AddMust(bleve.NewMatchAllQuery())
	}
	return q, scored, nil
}

// boosts make a word in the title count more than one in the description.
var boosts = map[string]float64{"title": 3, "brand": 2, "tags": 1.5, "description": 1}

func (c *Catalog) clauseQuery(cl *clause, literal bool) (query.Query, error) {
	var any []query.Query
	switch cl.op {
	case value:
		if cl.field == "kinds" || cl.field == "rules" {
			return termQuery(cl.field, cl.text, 1), nil
		}
		q := bleve.NewPrefixQuery(keywordStem(cl.text))
		q.SetField(cl.field)
		return q, nil
	case levels:
		for _, l := range cl.levels {
			any = append(any, termQuery("level", l.String(), 1))
		}
		return bleve.NewDisjunctionQuery(any...), nil
	}
	words := make([][]string, len(cl.terms))
	for i, t := range cl.terms {
		var err error
		if words[i], err = c.spellings(t, literal || cl.op != phrase); err != nil {
			return nil, err
		}
	}
	for _, field := range textFields {
		if cl.field == "" || cl.field == field {
			any = append(any, textQueries(cl, field, words)...)
		}
	}
	return bleve.NewDisjunctionQuery(any...), nil
}

// textQueries gives the queries of which one must hold in a text field. words
// holds the spellings of each of the clause's terms.
func textQueries(cl *clause, field string, words [][]string) []query.Query {
	boost := boosts[field]
	switch {
	case cl.op == prefix:
		q := bleve.NewPrefixQuery(words[0][0])
		q.SetField(field)
		q.SetBoost(boost)
		return []query.Query{q}
	case cl.op == fuzzy:
		q := bleve.NewFuzzyQuery(words[0][0])
		q.SetField(field)
		q.SetBoost(boost)
		q.SetFuzziness(cl.distance)
		return []query.Query{q}
	case len(words) > 1:
		q := query.NewMultiPhraseQuery(words, field)
		q.SetBoost(boost)
		return []query.Query{q}
	}
	any := make([]query.Query, 0, len(words[0]))
	for i, word := range words[0] {
		b := boost
		if i > 0 {
			b /= 2 // the plain spelling first
		}
		any = append(any, termQuery(field, word, b))
	}
	return any
}

func termQuery(field, text string, boost float64) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

func answer(res *bleve.SearchResult, clauses []clause, opt SearchOptions) Hits {
	out := Hits{Total: int(res.Total)}
	h := highlighter{clauses: clauses, literal: opt.Literal}
	for _, m := range res.Hits {
		store, id := splitKey(m.ID)
		hit := Hit{Store: store, ID: id, Score: m.Score,
			Supplier: shown(m, "supplier"), Category: shown(m, "category"), Marketplace: shown(m, "marketplace"), Level: shown(m, "level")}
		for _, mark := range stored(m, "marks") {
			hit.Marks = append(hit.Marks, keywordShown(mark))
		}
		if titles := stored(m, "title"); len(titles) > 0 {
			hit.Title = titles[0]
		}
		for _, field := range textFields {
			hit.Snippets = append(hit.Snippets, h.snippets(field, stored(m, field))...)
		}
		out.Hits = append(out.Hits, hit)
	}
	for _, f := range facetFields {
		got := res.Facets[f.name]
		if got == nil {
			continue
		}
		facet := Facet{Field: f.name, Other: got.Other}
		for _, t := range got.Terms.Terms() {
			facet.Values = append(facet.Values, FacetValue{keywordShown(t.Term), t.Count})
		}
		out.Facets = append(out.Facets, facet)
	}
	return out
}

// stored returns a field's stored values: Bleve gives one as itself, several as a list.
func stored(m *search.DocumentMatch, field string) []string {
	switch v := m.Fields[field].(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, 0, len(v))
		for _, s := range v {
			if s, ok := s.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func shown(m *search.DocumentMatch, field string) string {
	if v := stored(m, field); len(v) > 0 {
		return keywordShown(v[0])
	}
	return ""
}
