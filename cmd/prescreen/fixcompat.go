package main

import (
	"slices"
	"strings"
	"unicode"

	"prescreen/scanner"
)

// A marketplace lets a seller name what the goods fit in one form only: the
// goods first, then "for" or "compatible with", then the name. A title that
// says the same in another order is put into that form; a title that does not
// say it, in this or another field, is left alone: nobody but the seller knows
// whether it is true.
//
//	iPhone-compatible cable   ->  Cable compatible with iPhone
//	iPhone 15 Pro case clear  ->  Case clear for iPhone 15 Pro

// formulas are the words between goods and name where a marketplace wants its
// own.
var formulas = map[string]string{"mercadolibre": "compatible con"}

// formulaFor returns the change of a title that puts finding f into the
// marketplace's form; ok is false where the text does not state compatibility
// or is not plain enough to be turned.
func formulaFor(r *scanner.Result, f *scanner.Finding) (c scanner.Replacement, ok bool) {
	text := r.Listing.Fields[f.Field].Text
	if f.Use != scanner.UseCompatibility || f.Role != scanner.Title || strings.ContainsAny(text, "<&") || !english(text) {
		return c, false
	}
	from, to := segment(text, f.Span)
	before, after := strings.TrimSpace(text[from:f.Span.Start]), text[f.Span.End:to]
	model := modelLength(after)
	name := text[f.Span.Start : f.Span.End+model]
	rest, said := cutCompatible(after[model:])
	link := "compatible with"
	if !said {
		rest, link = strings.TrimSpace(after[model:]), "for"
		if !statesFit(r, f.Rule) || rest == "" {
			return c, false
		}
	}
	if own := formulas[r.Listing.Marketplace]; own != "" {
		link = own
	}
	goods := strings.TrimSpace(before + " " + rest)
	if goods == "" || leadsToName(before) || strings.HasPrefix(strings.ToLower(rest), "with ") {
		return c, false
	}
	if before == "" {
		goods = capitalLike(f.Text, goods)
	}
	span := scanner.Span{Start: from, End: to}
	return scanner.Replacement{Field: f.Field, Span: span, Old: text[from:to], New: goods + " " + link + " " + name, Rule: f.Rule, Mark: f.Mark, Level: f.Level}, true
}

func english(text string) bool {
	for _, r := range text {
		if r > unicode.MaxASCII && unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// segment returns the part of a title around a name, up to the signs that
// divide it, without the blanks at its ends.
func segment(text string, s scanner.Span) (from, to int) {
	const signs = ",;:|()[]/+"
	from = strings.LastIndexAny(text[:s.Start], signs) + 1
	if i := strings.LastIndex(text[:s.Start], " - "); i >= 0 {
		from = max(from, i+3)
	}
	to = len(text)
	if i := strings.IndexAny(text[s.End:], signs); i >= 0 {
		to = s.End + i
	}
	if i := strings.Index(text[s.End:to], " - "); i >= 0 {
		to = s.End + i
	}
	from += len(text[from:s.Start]) - len(strings.TrimLeft(text[from:s.Start], " "))
	return from, s.End + len(strings.TrimRight(text[s.End:to], " "))
}

var modelWords = []string{"pro", "max", "plus", "mini", "ultra", "air", "se", "gen", "series", "lite", "fe"}

// modelLength is how much of what follows a name is its model: "15 Pro".
func modelLength(after string) int {
	n := 0
	for n < len(after) && after[n] == ' ' {
		end := n + 1
		for end < len(after) && after[end] != ' ' {
			end++
		}
		word := after[n+1 : end]
		if !strings.ContainsAny(word, "0123456789") && !slices.Contains(modelWords, strings.ToLower(word)) {
			break
		}
		n = end
	}
	return n
}

// cutCompatible takes the word compatible off the start of what follows a name.
func cutCompatible(after string) (rest string, ok bool) {
	trimmed := strings.TrimLeft(after, " -")
	const word = "compatible"
	if len(trimmed) < len(word) || !strings.EqualFold(trimmed[:len(word)], word) {
		return after, false
	}
	rest = trimmed[len(word):]
	return strings.TrimSpace(rest), rest == "" || rest[0] == ' '
}

// leadsToName tells whether the words before a name already lead to it.
func leadsToName(before string) bool {
	words := strings.Fields(strings.ToLower(before))
	return len(words) > 0 && slices.Contains(repairWords()["lead"], words[len(words)-1])
}

// statesFit tells whether some field of the listing says in full that the
// goods fit what the rule names.
func statesFit(r *scanner.Result, rule string) bool {
	return slices.ContainsFunc(r.Findings, func(f scanner.Finding) bool {
		return f.Rule == rule && f.Use == scanner.UseCompatibility &&
			slices.ContainsFunc(f.UseRisk.Parts, func(p scanner.Point) bool { return p.For == "compatible" })
	})
}

// capitalLike gives s a capital where the name it comes before now had one:
// "iPhone-compatible cable" is a title too.
func capitalLike(old, s string) string {
	if !strings.ContainsFunc(old, unicode.IsUpper) {
		return s
	}
	return firstUp(s)
}
