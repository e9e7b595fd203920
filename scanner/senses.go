package scanner

import (
	"fmt"
	"slices"
	"strings"

	"prescreen/rules"
)

// senses tells what else names mean in the world: an animal, a place. It holds
// for every rule of the name, so that a pack need not list each phrase.
type senses struct {
	names map[string][]string // folded name, without spaces -> its senses
	with  map[string][]string // sense -> folded words that show it
}

// Lists of words that are no sense of a name.
const (
	depicted = "depicted" // beside a name: the thing is only pictured
	picture  = "picture"  // goods that show things
)

// add reads one line of the data, "animal names" or "animal with".
func (s *senses) add(key, value string) error {
	sense, what, _ := strings.Cut(key, " ")
	for _, p := range phrases(value) {
		folded := foldPhrase(p)
		switch what {
		case "names":
			name := strings.ReplaceAll(folded, " ", "")
			s.names[name] = append(s.names[name], sense)
		case "with":
			if !slices.Contains(s.with[sense], folded) {
				s.with[sense] = append(s.with[sense], folded)
			}
		default:
			return fmt.Errorf("want \"SENSE names\" or \"SENSE with\", have %q", key)
		}
	}
	return nil
}

// holds tells whether one of a rule's names has another sense.
func (s *senses) holds(r *rules.Rule) bool {
	if len(s.names[unspaced(r.Mark)]) > 0 {
		return true
	}
	for i := range r.Aliases {
		if len(s.names[unspaced(r.Aliases[i].Text)]) > 0 {
			return true
		}
	}
	return false
}

const (
	senseWindow   = 4 // tokens between a name and a word that shows its sense
	depictedScope = 3
)

// otherSense tells whether a plainly written name means a thing of the world
// here. Goods of the mark's own class speak for the mark, unless the thing is
// pictured on them.
func (j *judge) otherSense(c *verdict) bool {
	if !c.w.manySenses || c.disguise || c.v.field.Role == Brand {
		return false
	}
	list := j.s.senses.names[unspaced(c.v.text.Seen[c.m.Start:c.m.End])]
	if len(list) == 0 {
		return false
	}
	if _, ok := c.v.nearAny(j.s.senses.with[depicted], c.m, depictedScope); ok {
		return true
	}
	if c.rel == sameClass && !c.v.hasAny(j.s.senses.with[picture]) {
		return false
	}
	for _, sense := range list {
		if _, ok := c.v.nearAny(j.s.senses.with[sense], c.m, senseWindow); ok {
			return true
		}
	}
	return false
}
