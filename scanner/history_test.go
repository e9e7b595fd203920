package scanner

import (
	"slices"
	"testing"
)

func TestTallies(t *testing.T) {
	change := func(store, supplier, mark string) Change {
		return Change{Store: store, Supplier: supplier, Mark: mark}
	}
	h := &History{
		New:  []Change{change("eu", "Acme", "Nike")},
		Back: []Change{change("us", "Acme", "Lego")},
		Open: []Change{change("eu", "", "Lego"), change("eu", "Bolt", "Nike")},
		Gone: []Change{change("us", "Bolt", "Nike")},
	}
	for _, c := range []struct {
		name string
		got  []Tally
		want []Tally
	}{
		{"stores", h.ByStore(), []Tally{{Name: "eu", New: 1, Open: 2}, {Name: "us", Back: 1, Gone: 1}}},
		{"suppliers", h.BySupplier(), []Tally{{Name: "Acme", New: 1, Back: 1}, {Open: 1}, {Name: "Bolt", Open: 1, Gone: 1}}},
		{"marks", h.ByMark(), []Tally{{Name: "Lego", Back: 1, Open: 1}, {Name: "Nike", New: 1, Open: 1, Gone: 1}}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, c.got, c.want)
		}
	}
}
