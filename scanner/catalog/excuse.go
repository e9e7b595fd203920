package catalog

import (
	"cmp"
	"slices"
	"sync"

	"prescreen/scanner"
)

// Excuses are the decisions and authorisations in force as of a date. They are
// applied to fresh or looked-up findings on every run, after the ledger has
// taken the findings themselves. Immutable and safe for concurrent use.
type Excuses struct {
	asOf           string
	lang           *scanner.Language
	decisions      map[string][]Decision // by fingerprint, oldest first
	authorisations map[string][]Authorisation
	outOfSeason    func(rule, day string) bool // nil: no rule has a season
}

// WithSeasons adds the seasons of rules for what History says of earlier days;
// Apply leaves them to scanner.Season. It returns x.
func (x *Excuses) WithSeasons(out func(rule, day string) bool) *Excuses {
	x.outOfSeason = out
	return x
}

// NewExcuses gathers decisions (as Decisions returns them) and authorisations
// as of a date, YYYY-MM-DD. lang says the reasons. An authorisation whose scope
// cannot be read covers nothing.
func NewExcuses(asOf string, lang *scanner.Language, decisions []Decision, authorisations []Authorisation) *Excuses {
	x := &Excuses{asOf: asOf, lang: lang, decisions: map[string][]Decision{}, authorisations: map[string][]Authorisation{}}
	for _, d := range decisions {
		x.decisions[d.Fingerprint] = append(x.decisions[d.Fingerprint], d)
	}
	for _, list := range x.decisions {
		slices.SortStableFunc(list, func(a, b Decision) int { return cmp.Compare(a.On, b.On) })
	}
	for _, a := range authorisations {
		scope, err := parseScope(a.Scope)
		if err != nil {
			continue
		}
		a.scope = scope
		key := nameKey(a.Brand)
		x.authorisations[key] = append(x.authorisations[key], a)
	}
	return x
}

// subject is all that an excuse looks at.
type subject struct {
	print, store, id, supplier, category, marketplace string
	mark, right                                       string
	form                                              scanner.Form
	use                                               scanner.Use
	covers                                            func() string
}

// Apply sets Excused and level none on every finding of r that a decision or an
// authorisation covers, and r's level and risks to those of the worst finding
// left. What has run out or lost its text is noted in r.Notes. The findings
// given are not written to: r gets a copy when one changes.
func (x *Excuses) Apply(r *scanner.Result) {
	if len(r.Findings) == 0 || len(x.decisions) == 0 && len(x.authorisations) == 0 {
		return
	}
	l := &r.Listing
	findings := slices.Clone(r.Findings)
	excused := false
	covers := sync.OnceValue(func() map[string]string { return coverHashes(r) })
	for i := range findings {
		f := &findings[i]
		s := subject{print: f.Fingerprint, store: l.Store, id: l.ID, supplier: l.Supplier, category: l.Category, marketplace: l.Marketplace,
			mark: f.Mark, right: f.Right, form: f.Form, use: f.Use,
			covers: func() string { return covers()[f.Fingerprint] }}
		reason, note := x.judge(&s, x.asOf)
		if reason != "" && f.Excused == "" {
			f.Excused, f.Level = reason, scanner.None
			excused = true
		}
		if note != "" && !slices.Contains(r.Notes, note) {
			r.Notes = append(slices.Clip(r.Notes), note)
		}
	}
	if excused {
		r.Findings = findings
		r.Settle()
	}
}

// covers tells whether a stored mention is excused on a day.
func (x *Excuses) covers(print string, m *mention, day string) bool {
	if x.outOfSeason != nil && x.outOfSeason(m.Rule, day) {
		return true
	}
	s := subject{print: print, store: m.Store, id: m.ID, supplier: m.Supplier, category: m.Category, marketplace: m.Marketplace,
		mark: m.Mark, right: m.Right, form: m.Form, use: m.Use, covers: func() string { return m.Covers }}
	reason, _ := x.judge(&s, day)
	return reason != ""
}

// judge gives the reason that excuses s on a day, else a note on what would
// have excused it.
func (x *Excuses) judge(s *subject, day string) (reason, note string) {
	reason, note = x.decided(s, day)
	if reason != "" {
		return reason, ""
	}
	reason, ended := x.authorised(s, day)
	if reason != "" {
		return reason, ""
	}
	return "", cmp.Or(note, ended)
}

// decided looks at the last decision that had been taken by the day.
func (x *Excuses) decided(s *subject, day string) (reason, note string) {
	var d *Decision
	for i := range x.decisions[s.print] {
		if x.decisions[s.print][i].On <= day {
			d = &x.decisions[s.print][i]
		}
	}
	if d == nil || !d.excuses() {
		return "", ""
	}
	say := func(id string) string {
		return x.lang.Say(id, "verdict", d.Verdict.Say(x.lang), "person", d.Person, "on", d.On, "until", d.Until, "reason", d.Reason, "text", d.Text)
	}
	switch {
	case !d.holds(day):
		return "", say("excuse.decision-ended")
	case d.Covers != "" && d.Covers != s.covers():
		return "", say("excuse.text-changed")
	case d.Reason == "":
		return say("excuse.decision-bare"), ""
	}
	return say("excuse.decision"), ""
}

// An authorisation covers the genuine goods of a brand. It covers no word for
// counterfeits or imitations, no disguised spelling, which a genuine seller has
// no use for, and no rule of law or platform.
var (
	unauthorisable = []scanner.Use{scanner.UseCounterfeit, scanner.UseImitation}
	disguises      = []scanner.Form{"split", "spelled-out", "lookalike", "invisible", "leet", "repeated", "masked"}
	licensable     = []string{"trademark", "copyright", "patent"}
)

func (x *Excuses) authorised(s *subject, day string) (reason, note string) {
	if slices.Contains(unauthorisable, s.use) || slices.Contains(disguises, s.form) || !slices.Contains(licensable, s.right) {
		return "", ""
	}
	for _, a := range x.authorisations[nameKey(s.mark)] {
		if !a.reaches(s) {
			continue
		}
		if !a.holds(day) {
			if a.Until != "" && a.Until < day {
				note = x.lang.Say("excuse.authorisation-ended", "supplier", a.Supplier, "brand", a.Brand, "until", a.Until, "document", a.Document)
			}
			continue
		}
		id := "excuse.authorised"
		switch {
		case a.Supplier == "":
			id = "excuse.own-brand"
		case a.Until == "":
			id = "excuse.authorised-open"
		}
		return x.lang.Say(id, "supplier", a.Supplier, "brand", a.Brand, "until", a.Until, "document", a.Document), ""
	}
	return "", note
}
