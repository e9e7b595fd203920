package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

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
	idx, err := c.searchIndex()
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	q, scored, err := c.bleveQuery(clauses, opt.Literal)
	if err != nil {
		return Hits{}, fmt.Errorf("search: %w", err)
	}
	var out Hits
	err = guarded(func() error {
		out, err = c.answer(idx, q, scored, opt)
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

// answer runs the query: the hits shown, without snippets, and the facets of all.
func (c *Catalog) answer(idx bleve.Index, q query.Query, scored bool, opt SearchOptions) (Hits, error) {
	inner, err := idx.Advanced()
	if err != nil {
		return Hits{}, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return Hits{}, err
	}
	defer reader.Close()
	found, err := collect(idx, reader, q, scored)
	if err != nil {
		return Hits{}, err
	}
	out := Hits{Total: len(found.docs)}
	size := cmp.Or(opt.Size, 20)
	if size < 0 {
		size = len(found.docs)
	}
	shown, err := found.rank(reader, max(0, opt.From), size)
	if err != nil {
		return Hits{}, err
	}
	for _, r := range shown {
		hit, err := readHit(reader, r)
		if err != nil {
			return Hits{}, err
		}
		out.Hits = append(out.Hits, hit)
	}
	if opt.Facet >= 0 {
		out.Facets, err = found.facets(reader, cmp.Or(opt.Facet, 10), c.workers())
	}
	return out, err
}

// readHit reads what the index stores of one listing.
func readHit(reader index.IndexReader, r ranked) (Hit, error) {
	hit := Hit{Score: r.score}
	doc, err := reader.Document(r.key)
	if err != nil {
		return hit, err
	}
	if doc == nil {
		return hit, fmt.Errorf("%s is not in the index", plainName(r.key))
	}
	doc.VisitFields(func(f index.Field) {
		switch f.Name() {
		case storedField:
			hit.listing, err = decodeListing(r.key, string(f.Value()))
		case "level":
			hit.Level = string(f.Value())
		case "marks":
			hit.Marks = append(hit.Marks, keywordShown(string(f.Value())))
		}
	})
	l := &hit.listing
	hit.Store, hit.ID, hit.Supplier, hit.Category, hit.Marketplace = l.Store, l.ID, l.Supplier, l.Category, l.Marketplace
	title := fold.See(l.Title())
	hit.Title = title.Seen
	return hit, err
}

// bleveQuery asks for all clauses at once. Only words score; other clauses are
// met or not. scored is false when there are no words to score.
func (c *Catalog) bleveQuery(clauses []clause, literal bool) (q *query.BooleanQuery, scored bool, err error) {
	q = bleve.NewBooleanQuery()
	var filters []query.Query
	for i := range clauses {
		cl := &clauses[i]
		if err := c.spell(cl, literal); err != nil {
			return nil, false, err
		}
		one := clauseQuery(cl)
		switch {
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

func clauseQuery(cl *clause) query.Query {
	var any []query.Query
	switch cl.op {
	case value:
		if cl.field == "kinds" || cl.field == "rules" {
			return termQuery(cl.field, cl.text, 1)
		}
		q := bleve.NewPrefixQuery(keywordStem(cl.text))
		q.SetField(cl.field)
		return q
	case levels:
		for _, l := range cl.levels {
			any = append(any, termQuery("level", l.String(), 1))
		}
		return bleve.NewDisjunctionQuery(any...)
	}
	for _, words := range cl.spelled {
		for _, field := range textFields {
			if cl.field == "" || cl.field == field {
				any = append(any, textQueries(cl, field, words)...)
			}
		}
	}
	return bleve.NewDisjunctionQuery(any...)
}

// spell looks up how the words of a clause are spelled in the catalogue.
func (c *Catalog) spell(cl *clause, literal bool) error {
	readings := [][]term{cl.terms}
	if cl.op == value && cl.field == "marks" { // its name is shown where a text has it
		readings = [][]term{terms(cl.text)}
	}
	for i := range cl.whole {
		if !literal {
			readings = append(readings, cl.whole[i:i+1])
		}
	}
	for _, terms := range readings {
		words := make([][]string, len(terms))
		for i, t := range terms {
			var err error
			if words[i], err = c.spellings(t, literal || cl.op == prefix || cl.op == fuzzy); err != nil {
				return err
			}
		}
		cl.spelled = append(cl.spelled, words)
	}
	return nil
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
		return phraseQueries(words, field, boost)
	}
	any := make([]query.Query, 0, len(words[0]))
	for i, word := range words[0] {
		b := boost
		if i > 0 {
			b /= 2 // the plain spelling first
		}
		if parts := strings.Fields(word); len(parts) > 1 {
			any = append(any, phraseQuery(alone(parts), field, b))
		} else {
			any = append(any, termQuery(field, word, b))
		}
	}
	return any
}

// phraseQueries asks for the phrase of words, each in any spelling that is one
// term, and for the phrases in which one word is cut.
func phraseQueries(words [][]string, field string, boost float64) []query.Query {
	plain := make([][]string, len(words))
	var cuts []query.Query
	for i, list := range words {
		for _, word := range list {
			if !strings.Contains(word, " ") {
				plain[i] = append(plain[i], word)
			}
		}
	}
	for i, list := range words {
		for _, word := range list {
			if parts := strings.Fields(word); len(parts) > 1 {
				cuts = append(cuts, phraseQuery(slices.Concat(plain[:i], alone(parts), plain[i+1:]), field, boost/2))
			}
		}
	}
	return append([]query.Query{phraseQuery(plain, field, boost)}, cuts...)
}

func phraseQuery(words [][]string, field string, boost float64) query.Query {
	q := query.NewMultiPhraseQuery(words, field)
	q.SetBoost(boost)
	return q
}

// alone makes each word the only spelling of its place in a phrase.
func alone(words []string) [][]string {
	out := make([][]string, len(words))
	for i, w := range words {
		out[i] = []string{w}
	}
	return out
}

func termQuery(field, text string, boost float64) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}
