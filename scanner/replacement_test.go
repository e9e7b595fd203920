package scanner

import (
	"slices"
	"testing"

	"prescreen/rules"
)

// TestReplacementsAreClean screens what every built-in rule offers to write
// instead: a cure that the next scan would strike is none.
func TestReplacementsAreClean(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(set, Options{NoExplain: true})
	if err != nil {
		t.Fatal(err)
	}
	screen, texts := s.Screener(), 0
	for i := range set.Rules {
		for _, text := range offered(&set.Rules[i]) {
			texts++
			title := text + " 20 cm"
			res := screen(Listing{Fields: []Field{{Role: Title, Text: title}}})
			for _, f := range res.Findings {
				if f.Level >= Medium {
					t.Errorf("%s offers %q, which raises %s (%s, %d)", set.Rules[i].ID, text, f.Rule, f.Text, f.Rights)
				}
			}
		}
	}
	if texts < 300 {
		t.Errorf("only %d replacements screened", texts)
	}
}

// offered gives every text a rule offers, in all languages, sorted.
func offered(r *rules.Rule) []string {
	all := append([]string{r.Replacements.Preferred}, r.Replacements.Also...)
	for _, l := range r.Replacements.ByLang {
		all = append(append(all, l.Preferred), l.Also...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}
