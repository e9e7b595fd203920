package catalog

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// A query becomes a plan: conditions that must all hold, the cheap ones first,
// so that places are compared only in documents that meet all others.
//
//	nike "air max" level:>=high -lego
//	  level in {high, critical}          a set of documents
//	  nike n1ke νike ... in any field    terms, with a weight
//	  not lego
//	  air max in any field               a phrase, with a weight
type plan struct{ conditions []condition }

// condition holds where any of its parts does; not turns it round.
type condition struct {
	not   bool
	texts []wanted
	sets  []lookup
}

// wanted is a text that a field may hold: one word, or several next to one
// another, each in any of its spellings.
type wanted struct {
	field  string
	weight float64
	words  [][]string
}

// lookup is all documents that hold a term, or any that begins with it.
type lookup struct {
	field, term string
	prefix      bool
	weight      float64
}

// weights make a word in the title count more than one in the description.
var weights = map[string]float64{"title": 3, "brand": 2, "tags": 1.5, "description": 1}

// disguised is what a spelling counts that is not the one asked for.
const disguised = 0.5

// planOf looks up how the clauses' words are spelled in the catalogue, notes it
// in the clauses, and makes the plan.
func (c *Catalog) planOf(clauses []clause, snapshot *scorch.IndexSnapshot, literal bool) (*plan, error) {
	p := &plan{}
	for i := range clauses {
		cl := &clauses[i]
		if err := c.spell(cl, literal); err != nil {
			return nil, err
		}
		one := condition{not: cl.not}
		var err error
		switch cl.op {
		case value:
			one.sets = []lookup{valueLookup(cl)}
		case levels:
			for _, l := range cl.levels {
				one.sets = append(one.sets, lookup{field: "level", term: l.String()})
			}
		case prefix:
			for _, field := range cl.textFields() {
				one.sets = append(one.sets, lookup{field: field, term: cl.terms[0].folded, prefix: true, weight: weights[field]})
			}
		case fuzzy:
			one.texts, err = fuzzyTexts(cl, snapshot)
		default:
			one.texts = cl.wanted()
		}
		if err != nil {
			return nil, err
		}
		p.conditions = append(p.conditions, one)
	}
	slices.SortStableFunc(p.conditions, func(a, b condition) int { return a.cost() - b.cost() })
	return p, nil
}

// cost orders conditions: sets, words, phrases.
func (c *condition) cost() int {
	cost := 0
	for i := range c.texts {
		cost = max(cost, min(len(c.texts[i].words), 2))
	}
	return cost
}

func (cl *clause) textFields() []string {
	if cl.field != "" {
		return []string{cl.field}
	}
	return textFields
}

// valueLookup finds a keyword whatever its case; kinds and rules have one case.
func valueLookup(cl *clause) lookup {
	if cl.field == "kinds" || cl.field == "rules" {
		return lookup{field: cl.field, term: strings.ToLower(cl.text)}
	}
	return lookup{field: cl.field, term: keywordStem(cl.text), prefix: true}
}

// fuzzyTexts gives the words of the index that are near a clause's.
func fuzzyTexts(cl *clause, snapshot *scorch.IndexSnapshot) ([]wanted, error) {
	var out []wanted
	word := cl.terms[0].folded
	for _, field := range cl.textFields() {
		near, err := snapshot.FieldDictFuzzy(field, word, cl.distance, "")
		if err != nil {
			return nil, err
		}
		for {
			entry, err := near.Next()
			if err != nil {
				near.Close()
				return nil, err
			}
			if entry == nil {
				break
			}
			out = append(out, wanted{field, weights[field] * nearness(entry.Term, word), [][]string{{entry.Term}}})
		}
		if err := near.Close(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// nearness is what a near word counts: one slip, or two neighbours swapped,
// more than two slips.
func nearness(near, word string) float64 {
	a, b := []rune(near), []rune(word)
	swapped := len(a) == len(b)
	for i := 0; i < len(a) && swapped; i++ {
		if a[i] != b[i] {
			swapped = i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
			break
		}
	}
	switch {
	case near == word:
		return 1
	case swapped || editsWithin(a, b, 1):
		return disguised
	}
	return disguised / 2
}

// wanted lists, for a clause of words, the texts of which one must be there.
func (cl *clause) wanted() []wanted {
	var out []wanted
	for _, words := range cl.spelled {
		for _, field := range cl.textFields() {
			if len(words) == 1 {
				out = append(out, spelledOnce(words[0], field)...)
			} else {
				out = append(out, spelledPhrase(words, field)...)
			}
		}
	}
	return out
}

// spelledOnce gives a word in each of its spellings, the plain one first; one
// that is cut is a phrase of its parts.
func spelledOnce(spellings []string, field string) []wanted {
	out := make([]wanted, 0, len(spellings))
	for i, word := range spellings {
		weight := weights[field]
		if i > 0 {
			weight *= disguised
		}
		out = append(out, wanted{field, weight, alone(strings.Fields(word))})
	}
	return out
}

// spelledPhrase gives the phrase of words, each in any spelling that is one
// term, and the phrases in which one word is cut.
func spelledPhrase(words [][]string, field string) []wanted {
	plain := make([][]string, len(words))
	var cuts []wanted
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
				cuts = append(cuts, wanted{field, weights[field] * disguised, slices.Concat(plain[:i], alone(parts), plain[i+1:])})
			}
		}
	}
	return append([]wanted{{field, weights[field], plain}}, cuts...)
}

// alone makes each word the only spelling of its place in a phrase.
func alone(words []string) [][]string {
	out := make([][]string, len(words))
	for i, w := range words {
		out[i] = []string{w}
	}
	return out
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
