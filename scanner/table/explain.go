package table

// explain notes for the used sheets what else was looked at: the shapes that
// fit as well but scored less, and the sheets that none fits.
func (f *File) explain(ls []*layout, used, rest []*candidate) {
	for _, c := range used {
		c.match.others = append(c.match.others, f.runnersUp(ls, c)...)
	}
	for _, c := range rest {
		used[0].match.others = append(used[0].match.others,
			f.lang.Say("layout.fits-none", "sheet", c.sheet.Name, "n", len(c.head)))
	}
}

// runnersUp lists the shapes that fit a sheet but lost, in layout order.
func (f *File) runnersUp(ls []*layout, c *candidate) []string {
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
				lines = append(lines, f.lang.Say("layout.also-fits", "row", best.header.row, "platform", l.Platform, "shape", s.Name,
					"score", best.score, "columns", best.columns.used(), "won", c.match.score, "wonColumns", c.match.columns.used()))
			}
		}
	}
	return lines
}
