package table

import "fmt"

// explain adds to the evidence of the used sheets what else was looked at: the
// shapes that fit as well but scored less, and the sheets that none fits.
func explain(ls []*layout, used, rest []*candidate) {
	for _, c := range used {
		for _, line := range runnersUp(ls, c) {
			c.match.evidence = append(c.match.evidence, line)
		}
	}
	for _, c := range rest {
		used[0].match.evidence = append(used[0].match.evidence,
			fmt.Sprintf("sheet %q: no layout fits any of its first %d records", c.sheet.Name, len(c.head)))
	}
}

// runnersUp lists the shapes that fit a sheet but lost, in layout order.
func runnersUp(ls []*layout, c *candidate) []string {
	var lines []string
	for _, l := range ls {
		for _, s := range l.Shapes {
			if s == c.match.shape {
				continue
			}
			var best *match
			for _, rec := range c.head {
				best = better(best, s.match(c.sheet.Name, newHeader(rec.Row, rec.Cells)))
			}
			if best != nil {
				lines = append(lines, fmt.Sprintf("row %d also fits %s, %s: %d points, %d columns, against %d and %d",
					best.header.row, l.Platform, s.Name, best.score, best.columns.used(), c.match.score, c.match.columns.used()))
			}
		}
	}
	return lines
}
