package rules

import "strings"

// nearestHint says which of known is closest to got, or lists them all when
// none is close.
func nearestHint(got string, known []string) string {
	if best := nearest(got, known); best != "" {
		return "did you mean " + best + "?"
	}
	if len(known) == 0 || len(known) > 40 {
		return ""
	}
	return "known: " + strings.Join(known, ", ")
}

// nearest gives the known word closest to got by edits, the first of equals,
// or "" when more than a third of got would have to change.
func nearest(got string, known []string) string {
	best, least := "", max(2, len([]rune(got))/3)+1
	for _, k := range known {
		if d := edits(strings.ToLower(got), strings.ToLower(k), least); d < least {
			best, least = k, d
		}
	}
	return best
}

// edits counts the insertions, deletions, substitutions and swaps of two
// neighbours that turn a into b (optimal string alignment), or limit when the
// count is limit or more. Cost: the product of the lengths.
func edits(a, b string, limit int) int {
	ra, rb := []rune(a), []rune(b)
	if diff := len(ra) - len(rb); diff >= limit || -diff >= limit {
		return limit
	}
	before, last, row := make([]int, len(rb)+1), make([]int, len(rb)+1), make([]int, len(rb)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(ra); i++ {
		row[0] = i
		for j := 1; j <= len(rb); j++ {
			cost := 1
			if ra[i-1] == rb[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(rb)], limit)
}
