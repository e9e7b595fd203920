package rules

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Lint looks for rules that will load but are likely mistakes, and gives them
// in the order of the set. It compares texts loosely by itself; whether every
// hit is truly found and every miss silent only the scanner can say.
// Lists and registers carry no proof of their own, so only curated rules are
// asked for hits, misses, why and source.
func Lint(set *Set) []Warning {
	var out []Warning
	for i := range set.Rules {
		r := &set.Rules[i]
		if r.Tier == Curated {
			out = append(out, lintProof(r)...)
		}
		out = append(out, lintNames(r)...)
	}
	return append(out, lintShared(set.Rules)...)
}

// warning makes a warning about r.
func (r *Rule) warning(check, format string, args ...any) Warning {
	return Warning{Pos: r.Pos, Rule: r.ID, Check: check, Text: fmt.Sprintf(format, args...)}
}

// lintProof asks for what makes a curated rule believable.
func lintProof(r *Rule) []Warning {
	var out []Warning
	for _, key := range []struct {
		name    string
		missing bool
	}{
		{"hits", len(r.Hits) == 0},
		{"misses", len(r.Misses) == 0},
		{"why", r.Why.In("en")+r.Why.In("zh") == ""},
		{"source", r.Source == ""},
	} {
		if key.missing {
			out = append(out, r.warning("no-"+key.name, "the rule has no %s", key.name))
		}
	}
	names := r.names()
	for _, hit := range r.Hits {
		if !slices.ContainsFunc(names, func(n string) bool { return holds(hit, n) }) {
			out = append(out, r.warning("stray-hit", "the hit %q holds neither the mark nor another name of it", hit))
		} else if slices.ContainsFunc(names, func(n string) bool { return onlyName(hit, n) }) {
			out = append(out, r.warning("weak-hit", "the hit %q is the name alone: write it with goods, as a seller would", hit))
		}
	}
	for _, miss := range r.Misses {
		if !near(miss, names, r.innocent()) {
			out = append(out, r.warning("far-miss", "the miss %q shares no word with the mark, is not within two edits and no ordinary sense: it proves nothing", miss))
		}
	}
	return out
}

// holds tells whether a hit has name in it, joined or inflected as may be.
func holds(hit, name string) bool {
	return strings.Contains(squeeze(hit), squeeze(name)) || withinEdits(tokensOf(hit), name)
}

// onlyName tells whether a hit has no word beside name.
func onlyName(hit, name string) bool {
	words := tokensOf(name)
	return !slices.ContainsFunc(tokensOf(hit), func(w string) bool { return !slices.Contains(words, w) })
}

// names gives every text under which the rule is looked for.
func (r *Rule) names() []string {
	names := []string{r.Mark}
	for _, list := range [][]Alias{r.Aliases, r.Lines, r.Works} {
		for _, a := range list {
			names = append(names, a.Text)
		}
	}
	return names
}

// innocent gives the words that the rule itself calls harmless company, or needs.
func (r *Rule) innocent() []string {
	out := slices.Concat(r.Contexts.OrdinaryWith, r.Contexts.Never, r.Contexts.SoftenWith, r.Contexts.Needs)
	if r.Ordinary != nil {
		out = slices.Concat(out, r.Ordinary.Generic, r.Ordinary.Senses)
	}
	return out
}

// near tells whether a miss could be taken for one of names: it shares a word
// or its stem, has a word within two edits of one of theirs (one for short
// words) or a run of words within two edits of the whole, or stands for a sense
// that the rule knows as ordinary.
func near(miss string, names, innocent []string) bool {
	flat, tokens := squeeze(miss), tokensOf(miss)
	for _, word := range innocent {
		if w := squeeze(word); w != "" && strings.Contains(flat, w) {
			return true
		}
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return sharesWord(tokens, tokensOf(name)) || withinEdits(tokens, name)
	})
}

// stem is how many letters two words must have in common at their start, and
// stemShare how much of the shorter word they must be, for one to be a form or
// a compound of the other: "Kopierpapier" for Kopie.
const (
	stem      = 4
	stemShare = 0.66
)

// sharesWord tells whether a word of a is one of b, a form of it, or a slip away.
func sharesWord(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool {
		return slices.ContainsFunc(b, func(t string) bool {
			shorter := min(len([]rune(s)), len([]rune(t)))
			if common := commonStart(s, t); s == t || common >= stem && float64(common) >= stemShare*float64(shorter) {
				return true
			}
			allowed := slips(shorter)
			return shorter > allowed && edits(s, t, allowed+1) <= allowed
		})
	})
}

// slips is how many edits a word of n letters may be away from another.
func slips(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 5:
		return 1
	}
	return 2
}

// commonStart counts the letters with which both s and t begin.
func commonStart(s, t string) int {
	a, b := []rune(s), []rune(t)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// withinEdits tells whether a run of tokens, joined, is within two edits of
// name, or one when name has fewer than five letters.
func withinEdits(tokens []string, name string) bool {
	want := squeeze(name)
	allowed := max(1, slips(len([]rune(want))))
	most := len(tokensOf(name)) + 1
	for i := range tokens {
		joined := ""
		for j := i; j < len(tokens) && j < i+most; j++ {
			joined += tokens[j]
			if edits(joined, want, allowed+1) <= allowed {
				return true
			}
		}
	}
	return false
}

// shortMark is the number of letters up to which a mark needs a bound of some kind.
const shortMark = 3

// lintNames looks at the mark and its other names.
func lintNames(r *Rule) []Warning {
	var out []Warning
	key := foldCase(r.Mark)
	for _, a := range slices.Concat(r.Aliases, r.Lines, r.Works) {
		if foldCase(a.Text) == key && !a.ExactCase {
			out = append(out, r.warning("alias-is-mark", "%q is the mark itself and adds nothing", a.Text))
		}
	}
	latin := len(r.Mark) == len([]rune(r.Mark))
	asSpelled := r.Misspellings != nil && !*r.Misspellings
	bound := r.ExactCase || asSpelled || r.Ordinary != nil || len(r.Contexts.Needs) > 0
	if r.Tier != Register && latin && len(squeeze(r.Mark)) <= shortMark && !bound {
		out = append(out, r.warning("short-mark", "%q has %d letters or fewer: set exact_case, misspellings: false, ordinary or contexts.needs", r.Mark, shortMark))
	}
	return out
}

// lintShared looks for a name that two rules share.
func lintShared(all []Rule) []Warning {
	first := map[string]*Rule{}
	var out []Warning
	for i := range all {
		r := &all[i]
		for _, name := range r.names() {
			key := foldCase(name)
			other, taken := first[key]
			if !taken {
				first[key] = r
				continue
			}
			if other != r {
				out = append(out, r.warning("shared-name", "%q is a name of rule %s too (%s)", name, other.ID, other.Pos))
			}
		}
	}
	return out
}

// foldCase removes what never tells two names apart: case, width, accents and
// the number of spaces.
func foldCase(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(termKey(s)) {
		if r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// squeeze keeps the folded letters, digits and marks of s alone.
func squeeze(s string) string {
	return strings.Join(tokensOf(s), "")
}

// tokensOf splits s into folded words; each letter of a script without spaces
// is a word of its own.
func tokensOf(s string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range foldCase(s) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			end()
			out = append(out, string(r))
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			word.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return out
}
