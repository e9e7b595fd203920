package scanner

import (
	"testing"

	"prescreen/rules"
)

// A rule out of season is excused, on the day of screening or on a later one.
func TestSeason(t *testing.T) {
	set := &rules.Set{Rules: []rules.Rule{{ID: "games", Mark: "Zorbia Games", Kind: rules.Event, Right: rules.RightTrademark,
		Tier: rules.Curated, Season: &rules.Season{From: "2026-06-01", Until: "2026-08-31"}}}}
	l := Listing{ID: "1", Fields: []Field{{Role: Title, Text: "Zorbia Games t-shirt"}}}
	for _, c := range []struct {
		asOf, later string
		out         bool
	}{{"2026-07-01", "", false}, {"2026-09-01", "", true}, {"", "2026-08-31", false}, {"", "2026-09-01", true}, {"", "2026-05-31", true}} {
		s, err := New(set, Options{AsOf: c.asOf})
		if err != nil {
			t.Fatal(err)
		}
		r := s.Screen(l)
		given := r.Findings
		if c.later != "" {
			s.Season(&r, c.later)
			if len(given) != 1 || given[0].Excused != "" {
				t.Fatalf("findings given away before: %+v", given)
			}
		}
		if len(r.Findings) != 1 || (r.Findings[0].Excused != "") != c.out || (r.Level == None) != c.out {
			t.Errorf("as of %s, later %s: %v %+v", c.asOf, c.later, r.Level, r.Findings)
		}
	}
}
