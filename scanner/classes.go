package scanner

import (
	"prescreen/rules"
	"prescreen/scanner/fold"
)

// classSet is a set of Nice classes, bit n for class n.
type classSet uint64

func (c classSet) has(class int) bool { return c>>class&1 == 1 }

// hasAny tells whether one of classes is in the set.
func (c classSet) hasAny(classes []int) bool {
	for _, n := range classes {
		if c.has(n) {
			return true
		}
	}
	return false
}

// classesOf gives the classes of a rule as a set.
func classesOf(r *rules.Rule) classSet {
	var set classSet
	for _, n := range r.Classes {
		set |= 1 << n
	}
	return set
}

// relation is how a rule's classes stand to the goods of a listing.
type relation uint8

const (
	unknownClass relation = iota // the goods, or the rule's classes, are not known
	sameClass
	relatedClass
	unrelatedClass
)

// goodsOf is what a listing sells, as Nice classes.
type goodsOf struct {
	category classSet // from its category
	title    classSet // from goods words of its title
}

const mostCategories = 4096

// classesOf works out what the listing sells, from its category and from the
// goods words of its title.
func (w *screener) classesOf(l *Listing, views []*fieldView) goodsOf {
	g := goodsOf{category: w.categoryClasses(l.Category)}
	for _, v := range views {
		if v.field.Role != Title {
			continue
		}
		for _, h := range v.goods {
			if h.glued || !v.mentioned(h.first, h.last) {
				g.title |= h.classes
			}
		}
	}
	return g
}

// mentioned tells whether tokens [first, last) lie within a mention.
func (v *fieldView) mentioned(first, last int32) bool {
	for i := range v.mentions {
		if v.mentions[i].entry == nil && first >= v.mentions[i].First && last <= v.mentions[i].Last {
			return true
		}
	}
	return false
}

func (w *screener) categoryClasses(category string) classSet {
	if category == "" {
		return 0
	}
	if c, ok := w.categories[category]; ok {
		return c
	}
	text := fold.See(category)
	tokens := fold.Tokens(nil, text.Seen)
	found, _ := w.finder.FindContext(text.Seen, tokens)
	var set classSet
	longest := map[int32]int32{} // first token -> end of the longest goods word there
	for _, m := range found {
		if p := &w.s.patterns[m.Pattern]; p.kind == goodsPattern {
			longest[m.First] = max(longest[m.First], m.Last)
		}
	}
	for _, m := range found {
		if p := &w.s.patterns[m.Pattern]; p.kind == goodsPattern && longest[m.First] == m.Last {
			set |= p.goods
		}
	}
	if len(w.categories) >= mostCategories {
		clear(w.categories)
	}
	w.categories[category] = set
	return set
}

// relate compares a rule's classes with the goods. A category decides; goods
// words of the title may add a class but never take one away, so without a
// category nothing is called unrelated (inferred says whether they would).
func (s *Scanner) relate(r *rules.Rule, g goodsOf) (rel relation, inferredUnrelated bool) {
	if len(r.Classes) == 0 || g.category|g.title == 0 {
		return unknownClass, false
	}
	if (g.category | g.title).hasAny(r.Classes) {
		return sameClass, false
	}
	related := false
	for _, c := range r.Classes {
		for other := 1; other <= 45; other++ {
			if (g.category | g.title).has(other) && s.related[[2]int{c, other}] {
				related = true
			}
		}
	}
	switch {
	case related:
		return relatedClass, false
	case g.category == 0:
		return unknownClass, true
	}
	return unrelatedClass, true
}
