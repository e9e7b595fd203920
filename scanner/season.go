package scanner

import (
	"slices"

	"prescreen/rules"
)

// seasonal picks the rules of a set that hold for a part of the time only.
func seasonal(set *rules.Set) map[string]*rules.Season {
	m := map[string]*rules.Season{}
	for i := range set.Rules {
		if r := &set.Rules[i]; r.Season != nil {
			m[r.ID] = r.Season
		}
	}
	return m
}

// Season excuses the findings of r whose rules are out of season on the day,
// YYYY-MM-DD. It changes a copy of the findings, so that those of a Result given
// to others before stay as they are. Screen does it with Options.AsOf; who keeps
// findings from run to run leaves that empty and calls Season each time.
func (s *Scanner) Season(r *Result, day string) {
	if len(s.seasons) == 0 {
		return
	}
	out := func(f Finding) bool {
		season, ok := s.seasons[f.Rule]
		return ok && f.Excused == "" && !inSeason(season, day)
	}
	if !slices.ContainsFunc(r.Findings, out) {
		return
	}
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		if f := &r.Findings[i]; out(*f) {
			f.Excused, f.Level = s.lang.Say("judge.excused.season"), None
		}
	}
	r.Settle()
}

// OutOfSeason tells of rules of the set, by id, whether a day, YYYY-MM-DD, lies
// outside their season. Safe for concurrent use.
func OutOfSeason(set *rules.Set) func(rule, day string) bool {
	seasons := seasonal(set)
	return func(rule, day string) bool {
		s, ok := seasons[rule]
		return ok && !inSeason(s, day)
	}
}

func inSeason(s *rules.Season, day string) bool {
	return (s.From == "" || day >= s.From) && (s.Until == "" || day <= s.Until)
}
