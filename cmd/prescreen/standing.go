package main

import (
	"fmt"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// standing is what is set aside in a run, and what soon no longer will be: the
// findings excused, by the level they would have, and the authorisations that end.
type standing struct {
	levels map[scanner.Level]int
	ending []catalog.Authorisation
}

// excusedAs notes the level an excused finding would have.
func (s *standing) excusedAs(l scanner.Level) {
	if s.levels == nil {
		s.levels = map[scanner.Level]int{}
	}
	s.levels[l]++
}

// standing prints how many findings are excused, how severe and how old they
// are, which authorisations end soon, and how often each kind of finding was
// right once enough was decided.
func (u *ui) standing(r *scanRun) {
	if n := r.sum.Excused; n > 0 {
		var parts []string
		for l := scanner.Critical; l >= scanner.None; l-- {
			if k := r.aside.levels[l]; k > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", u.levelName(l), k))
			}
		}
		u.line(u.say("cli.summary.excused", "count", n, "levels", strings.Join(parts, ", "), "days", oldest(r.sum.History)))
	}
	for _, a := range r.aside.ending {
		u.line(u.say("cli.summary.ending", "supplier", plain(firstOf(a.Supplier, "*")), "brand", plain(a.Brand), "until", a.Until, "document", plain(a.Document)))
	}
	u.precision(r.decisions)
}

// oldest is the age in days of the oldest excused finding, 0 in a first scan.
func oldest(h *scanner.History) (days int) {
	if h == nil {
		return 0
	}
	for _, c := range h.Excused {
		days = max(days, c.Days)
	}
	return days
}

// precision prints, per kind and form, how many decided findings were right.
func (u *ui) precision(decisions []catalog.Decision) {
	list := catalog.PrecisionOf(decisions)
	if len(list) == 0 {
		return
	}
	u.line("")
	u.line(u.say("cli.precision"))
	for _, p := range list {
		all := p.Right + p.Wrong
		u.line(fmt.Sprintf("  %s  %s  %s", fitted(u.say("kind."+p.Kind), 22), fitted(string(p.Form), 12), u.say("cli.precision.line", "right", p.Right, "all", all, "percent", (100*p.Right+all/2)/all)))
	}
}
