package scanner

import "testing"

// FuzzScreen holds every finding in any text to what outputs promise: its text
// is the slice its span names, its points are the sum of their parts. Two
// fields keep the screener's scratch honest: the second must find what it finds
// alone.
func FuzzScreen(f *testing.F) {
	for _, s := range []string{
		"Nike shoes", "N1ke <b>Gu</b>cci &amp; Pr@da", "Ni<!-- Gucci -->ke <img alt=\"adi das\">", "L*uis V*itton", "耐克 同款 for Nike",
		"N.I.K.E N\u200bike Νіke", "for iPhone 15 case, not Apple", "<i style=\"display:none\">Rolex replica</i>", "Найковские 나이키를 ナイキ風", "\xff<a title=Nike\xfe>",
	} {
		f.Add(s, "Nike for men")
	}
	s := builtin(f, Options{})
	kept := s.newScreener()
	f.Fuzz(func(t *testing.T, title, description string) {
		l := Listing{Category: title, Fields: []Field{{Role: Title, Text: title, Row: 2}, {Role: Description, Text: description, Row: 2}}}
		r := kept.screen(l)
		for i := range r.Findings {
			checkFinding(t, &l, &r.Findings[i])
		}
		again := s.Screen(l)
		if len(again.Findings) != len(r.Findings) {
			t.Fatalf("%d findings with a used screener, %d with a new one", len(r.Findings), len(again.Findings))
		}
	})
}
