package report

import (
	"cmp"
	"slices"

	"prescreen/scanner"
)

// changePart is one kind of change since an earlier scan; name completes the
// message id "change.".
type changePart struct {
	name    string
	changes []scanner.Change
}

// changeParts lists the kinds in the order a reader acts on them.
func changeParts(h *scanner.History) []changePart {
	return []changePart{
		{"new", h.New}, {"back", h.Back}, {"open", h.Open},
		{"fixed", h.Fixed}, {"excused", h.Excused}, {"gone", h.Gone},
	}
}

// rollup counts the changes of each store, supplier or mark; name completes
// the message id "workbook.col." and is the heading of the names.
type rollup struct {
	name    string
	tallies []scanner.Tally
}

// rollups gives the changes per store, per supplier and per mark.
func rollups(h *scanner.History) []rollup {
	return []rollup{{"store", h.ByStore()}, {"supplier", h.BySupplier()}, {"mark", h.ByMark()}}
}

// tallyHeads completes the message ids "report.short." of a tally's counts.
var tallyHeads = [...]string{"new", "back", "open", "fixed", "excused", "gone"}

// tallyCounts gives the counts of t in the order of tallyHeads.
func tallyCounts(t scanner.Tally) [len(tallyHeads)]int {
	return [...]int{t.New, t.Back, t.Open, t.Fixed, t.Excused, t.Gone}
}

// supplierTrend is how the open findings of one supplier went.
type supplierTrend struct {
	supplier string
	points   []scanner.TrendPoint // oldest first, at least one
}

// supplierTrends lists the suppliers with the worst open findings now first.
func supplierTrends(h *scanner.History) []supplierTrend {
	var out []supplierTrend
	for name, points := range h.SupplierTrend {
		if len(points) > 0 {
			out = append(out, supplierTrend{name, points})
		}
	}
	slices.SortFunc(out, func(a, b supplierTrend) int {
		now, other := levelsOf(a.points[len(a.points)-1].Levels), levelsOf(b.points[len(b.points)-1].Levels)
		for level := scanner.Critical; level >= scanner.Low; level-- {
			if c := cmp.Compare(other[level], now[level]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.supplier, b.supplier)
	})
	return out
}
