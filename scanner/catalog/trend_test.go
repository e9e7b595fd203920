package catalog

import (
	"fmt"
	"maps"
	"testing"

	"prescreen/scanner"
)

// Each supplier has its own trend; listings without one have none, and of many
// suppliers those with the most open findings are told.
func TestSupplierTrend(t *testing.T) {
	c := open(t, t.TempDir(), Options{})
	of := func(supplier string, l scanner.Listing) scanner.Listing {
		l.Supplier = supplier
		return l
	}
	scan(t, c, info("2026-01-01"), of("Acme", listing("1", "Nike shoe", "")), of("Bolt", listing("2", "Lego set", "")), of("", listing("3", "Nike", "")))
	scan(t, c, info("2026-01-08"), of("Acme", listing("1", "N1ke shoe", "")), of("Bolt", listing("2", "a set", "")), of("Late", listing("4", "Lego", "")))
	h, err := c.History(HistoryOptions{})
	must(t, err)
	want := map[string]string{
		"Acme": "[{2026-01-01 map[high:1]} {2026-01-08 map[critical:1]}]",
		"Bolt": "[{2026-01-01 map[medium:1]} {2026-01-08 map[]}]",
		"Late": "[{2026-01-01 map[]} {2026-01-08 map[medium:1]}]",
	}
	got := map[string]string{}
	for name, points := range h.SupplierTrend {
		got[name] = fmt.Sprint(points)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}

	var many []scanner.Listing
	for i := range trendSuppliers + 5 {
		many = append(many, of(fmt.Sprintf("Many %02d", i), listing(fmt.Sprint("m", i), "Nike and Lego", "")))
	}
	scan(t, c, info("2026-01-15"), many...)
	if h, err = c.History(HistoryOptions{}); err != nil || len(h.SupplierTrend) != trendSuppliers {
		t.Fatal(len(h.SupplierTrend), err)
	}
	if h.SupplierTrend["Many 29"] == nil || h.SupplierTrend["Acme"] != nil {
		t.Errorf("not those with the most open findings: %v", h.SupplierTrend)
	}
}
