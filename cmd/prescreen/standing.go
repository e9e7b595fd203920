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

// standing says how many findings are excused, how severe and how old they are,
// which authorisations end soon, and how often each kind of finding was right
// once enough was decided: one sentence each, safe to print.
func (r *scanRun) standing() (out []string) {
	u := r.a.ui
	if n := r.sum.Excused; n > 0 {
		var parts []string
		for l := scanner.Critical; l >= scanner.None; l-- {
			if k := r.aside.levels[l]; k > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", u.levelName(l), k))
			}
		}
		out = append(out, u.say("cli.summary.excused", "count", n, "levels", strings.Join(parts, ", "), "days", oldest(r.sum.History)))
	}
	for _, a := range r.aside.ending {
		out = append(out, u.say("cli.summary.ending", "supplier", plain(firstOf(a.Supplier, "*")), "brand", plain(a.Brand), "until", a.Until, "document", plain(a.Document)))
	}
	return append(out, u.precision(r.decisions)...)
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

// precision says, per kind and form, how many decided findings were right.
func (u *ui) precision(decisions []catalog.Decision) (out []string) {
	for _, p := range catalog.PrecisionOf(decisions) {
		all := p.Right + p.Wrong
		out = append(out, u.say("cli.precision", "kind", u.say("kind."+p.Kind), "form", u.say("form."+string(p.Form)),
			"right", p.Right, "all", all, "percent", (100*p.Right+all/2)/all))
	}
	return out
}
