package scanner

import (
	"cmp"
	"slices"
)

// Tally counts the changes of one store, supplier or mark.
type Tally struct {
	Name                                  string // "" where the listings name none
	New, Fixed, Back, Open, Excused, Gone int
}

// ByStore counts the changes of each store, most new ones first, then by name.
func (h *History) ByStore() []Tally { return h.tallies(func(c *Change) string { return c.Store }) }

// BySupplier is ByStore for suppliers.
func (h *History) BySupplier() []Tally {
	return h.tallies(func(c *Change) string { return c.Supplier })
}

// ByMark is ByStore for marks.
func (h *History) ByMark() []Tally { return h.tallies(func(c *Change) string { return c.Mark }) }

func (h *History) tallies(name func(*Change) string) []Tally {
	at := map[string]*Tally{}
	count := func(list []Change, add func(*Tally)) {
		for i := range list {
			n := name(&list[i])
			if at[n] == nil {
				at[n] = &Tally{Name: n}
			}
			add(at[n])
		}
	}
	count(h.New, func(t *Tally) { t.New++ })
	count(h.Fixed, func(t *Tally) { t.Fixed++ })
	count(h.Back, func(t *Tally) { t.Back++ })
	count(h.Open, func(t *Tally) { t.Open++ })
	count(h.Excused, func(t *Tally) { t.Excused++ })
	count(h.Gone, func(t *Tally) { t.Gone++ })
	out := make([]Tally, 0, len(at))
	for _, t := range at {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.New+b.Back, a.New+a.Back), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name))
	})
	return out
}
