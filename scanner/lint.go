package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
)

// Lint looks for oddities of a set that only screening shows, beside those of
// rules.Lint: hits that are not found, misses that are, replacements that the
// next scan would strike, names that are ordinary words. Warnings come in the
// order of the set. It returns New's error.
func Lint(set *rules.Set) ([]rules.Warning, error) {
	s, err := New(set, Options{NoExplain: true})
	if err != nil {
		return nil, err
	}
	faults, err := Prove(set)
	if err != nil {
		return nil, err
	}
	var out []rules.Warning
	for _, f := range faults {
		check, text := "found-miss", "the miss %q raises the rule: %s"
		if f.Hit {
			check, text = "lost-hit", "the hit %q does not raise the rule: %s"
		}
		out = append(out, rules.Warning{Pos: f.Pos, Rule: f.Rule, Check: check, Text: fmt.Sprintf(text, f.Text, f.Got)})
	}
	screen := s.Screener()
	for i := range set.Rules {
		r := &set.Rules[i]
		out = append(out, caughtReplacements(r, screen)...)
		out = append(out, ordinaryNames(r)...)
	}
	return out, nil
}

// caughtReplacements screens what r offers to write instead. A text that raises
// another rule at medium, or its own at all, is no cure.
func caughtReplacements(r *rules.Rule, screen func(Listing) Result) []rules.Warning {
	var out []rules.Warning
	for _, text := range offers(r) {
		for _, f := range screen(Listing{Fields: []Field{{Role: Title, Text: text + " 20 cm"}}}).Findings {
			if f.Level >= Medium || f.Level >= Low && f.Rule == r.ID {
				out = append(out, rules.Warning{Pos: r.Pos, Rule: r.ID, Check: "caught-replacement",
					Text: fmt.Sprintf("it offers %q instead, which raises %s (%s)", text, f.Rule, f.Text)})
			}
		}
	}
	return out
}

// offers gives every text that r offers to write instead, in all languages, sorted.
func offers(r *rules.Rule) []string {
	all := append([]string{r.Replacements.Preferred}, r.Replacements.Also...)
	for _, l := range r.Replacements.ByLang {
		all = append(append(all, l.Preferred), l.Also...)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

// ordinaryNames finds the names of one word that are words of a language and
// that nothing in the rule guards: no context, and beside the name no needs, no
// certainty, no note that somebody thought of it. A part of the mark itself is
// no such name. Only rules on names are looked at: a claim or an article is
// named by an ordinary word by nature.
func ordinaryNames(r *rules.Rule) []rules.Warning {
	if r.Tier != rules.Curated || r.Ordinary != nil || len(r.Contexts.Needs)+len(r.Contexts.Never) > 0 {
		return nil
	}
	if r.Kind != rules.Trademark && r.Kind != rules.Character && r.Kind != rules.Event {
		return nil
	}
	mark := foldPhrase(r.Mark)
	var out []rules.Warning
	for _, a := range slices.Concat(r.Aliases, r.Lines, r.Works) {
		word := foldPhrase(a.Text)
		guarded := a.ExactCase || len(a.Needs) > 0 || a.Certainty > 0 || a.Note != ""
		if guarded || strings.Contains(word, " ") || strings.Contains(strings.ReplaceAll(mark, " ", ""), word) {
			continue
		}
		if in := wordIn(word, a.Lang); in != "" {
			out = append(out, rules.Warning{Pos: r.Pos, Rule: r.ID, Check: "ordinary-name",
				Text: fmt.Sprintf("%q is a word of the language %s: give it needs, a certainty, exact_case, or a note why it is safe", a.Text, in)})
		}
	}
	return out
}

// wordIn gives the language in which word is an ordinary one: that of the
// alias, or English where the alias names none.
func wordIn(word, lang string) string {
	lang = cmp.Or(lang, "en")
	b, err := lexiconFS.ReadFile("lexicon/" + lang + ".txt")
	if err == nil && len(word) > 2 && lexicon(b).has(word) {
		return lang
	}
	return ""
}

// Noise counts over many listings which rules one-word names raise how often.
// The zero value is ready. Not safe for concurrent use.
type Noise struct {
	Listings int

	rules map[string]*noiseOf
}

// noiseOf is what one rule raised.
type noiseOf struct {
	listings int            // with a one-word mention at low or above
	branded  int            // of these, those whose brand field holds it
	words    map[string]int // folded words, by listings
}

// Add counts one screened listing.
func (n *Noise) Add(r *Result) {
	n.Listings++
	seen := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level < Low || len(fold.Tokens(nil, f.Text)) != 1 {
			continue
		}
		if n.rules == nil {
			n.rules = map[string]*noiseOf{}
		}
		of := n.rules[f.Rule]
		if of == nil {
			of = &noiseOf{words: map[string]int{}}
			n.rules[f.Rule] = of
		}
		of.words[fold.Fold(f.Text)]++
		if !seen[f.Rule] {
			seen[f.Rule] = true
			of.listings++
			if slices.ContainsFunc(r.Findings, func(g Finding) bool { return g.Rule == f.Rule && g.Role == Brand }) {
				of.branded++
			}
		}
	}
}

// Warnings names the rules whose one-word names raise more than share (0 to 1)
// of the listings, most first, with the commonest word and how many of the
// listings name it as their brand: those are no noise.
func (n *Noise) Warnings(set *rules.Set, share float64) []rules.Warning {
	var loud []*rules.Rule
	for i := range set.Rules {
		if of := n.rules[set.Rules[i].ID]; of != nil && float64(of.listings) > share*float64(n.Listings) {
			loud = append(loud, &set.Rules[i])
		}
	}
	slices.SortStableFunc(loud, func(a, b *rules.Rule) int { return n.rules[b.ID].listings - n.rules[a.ID].listings })
	out := make([]rules.Warning, len(loud))
	for i, r := range loud {
		of := n.rules[r.ID]
		out[i] = rules.Warning{Pos: r.Pos, Rule: r.ID, Check: "often", Text: fmt.Sprintf(
			"one-word names of it raise %d of %d listings (%.1f %%), most often %q; %d of them name it as their brand",
			of.listings, n.Listings, 100*float64(of.listings)/float64(n.Listings), of.commonest(), of.branded)}
	}
	return out
}

// commonest gives the word that was found most often, the first in order of equals.
func (of *noiseOf) commonest() string {
	best := ""
	for word, count := range of.words {
		if best == "" || count > of.words[best] || count == of.words[best] && word < best {
			best = word
		}
	}
	return best
}
