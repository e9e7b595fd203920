package scanner

import (
	"fmt"
	"strings"

	"prescreen/rules"
)

// penalty is where a marketplace's punishment of infringing listings was read.
type penalty struct{ source, opened string }

func (v *vocabularyOfUse) addPenalty(marketplace, value string) error {
	source, opened, ok := strings.Cut(value, " | ")
	if !ok || len(opened) != len("2026-01-02") {
		return fmt.Errorf("want \"page | YYYY-MM-DD\", have %q", value)
	}
	v.penalties[marketplace] = penalty{source, opened}
	return nil
}

// Stakes counts the listings of a run that offer goods under a name, or a
// character, that nothing says the seller may use, by marketplace.
type Stakes map[string]int

// Add counts a listing where one of its findings is such an offer. markets are
// where the listing is sold.
func (s Stakes) Add(r *Result, markets []string) {
	for i := range r.Findings {
		f := &r.Findings[i]
		serious := f.Kind == string(rules.Trademark) || f.Kind == string(rules.Character) || f.Kind == string(rules.CounterfeitTalk)
		if serious && f.Level >= High && f.Excused == "" {
			for _, m := range markets {
				s[m]++
			}
			return
		}
	}
}

// Cost says in one sentence what listings at stake could cost on a marketplace,
// or "" where there are none or no rule of it was read.
func (l *Language) Cost(marketplace string, listings int) string {
	words, err := useWords()
	if err != nil || listings == 0 {
		return ""
	}
	p, ok := words.penalties[marketplace]
	if !ok {
		return ""
	}
	return l.Say("judge.penalty."+marketplace, "listings", listings, "source", p.source, "opened", p.opened)
}
