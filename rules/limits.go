package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// limit bounds the values of one key. For a list it bounds each entry.
// The decoder enforces it and the JSON Schema states it.
type limit struct {
	keys     []string // for a mapping, the keys it may have
	oneOf    []string
	min, max int // for whole numbers, when max is not 0
	shape    *shape
	needed   bool // the key must be there, and not empty
}

// shape is a form that a text must have.
type shape struct {
	name    string // for messages: "a date, YYYY-MM-DD"
	pattern string // for the JSON Schema, ECMA 262
	ok      func(string) bool
}

var (
	dateShape    = &shape{"a date, YYYY-MM-DD", `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, isDate}
	idShape      = &shape{"made of lower-case words joined by single hyphens", `^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}]+(-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{Nd}]+)*$`, isID}
	langShape    = &shape{"a language tag such as ru or zh", `^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`, isLang}
	countryShape = &shape{"a two-letter country code, EU or WO", `^[A-Z]{2}$`, isCountry}
)

// limits holds what may be written, by the Go type and the YAML key.
var limits = map[string]limit{
	"Rule.id":               {shape: idShape, needed: true},
	"Rule.mark":             {needed: true},
	"Rule.kind":             {oneOf: words(Kinds)},
	"Rule.right":            {oneOf: words(Rights)},
	"Rule.classes":          {min: 1, max: 45},
	"Rule.fame":             {oneOf: []string{"famous", "known"}},
	"Rule.status":           {oneOf: []string{"live", "pending", "dead"}},
	"Rule.base":             {min: 1, max: 100},
	"Rule.jurisdictions":    {shape: countryShape},
	"Rule.verified_on":      {shape: dateShape},
	"Rule.polarity":         {keys: []string{"style", "inspired"}, oneOf: []string{"worse", "better"}},
	"Alias.text":            {needed: true},
	"Alias.lang":            {shape: langShape},
	"Alias.certainty":       {min: 1, max: 100},
	"Replacement.preferred": {needed: true},
	"Contexts.fields":       {oneOf: []string{"title", "bullet", "description", "tags", "brand", "attribute", "seo", "keywords", "variant"}},
	"Contexts.languages":    {shape: langShape},
	"Contexts.marketplaces": {shape: idShape},
	"Enforced.marketplace":  {shape: idShape, needed: true},
	"Enforced.how":          {oneOf: []string{"brand-gate", "word-filter", "policy"}},
	"Enforced.pattern":      {oneOf: []string{"bare-word", "any", "with-claim"}},
	"Enforced.risk":         {min: 0, max: 100},
	"Enforced.on":           {shape: dateShape},
	"Season.from":           {shape: dateShape},
	"Season.until":          {shape: dateShape},
	"packKeys.pack":         {shape: idShape, needed: true},
	"packKeys.tier":         {oneOf: []string{string(Curated), string(List), string(Register)}},
	"packKeys.disable":      {shape: idShape},
	"packKeys.extends":      {shape: idShape},
}

// words turns named strings into strings.
func words[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, w := range in {
		out[i] = string(w)
	}
	return out
}

// checkText gives what is wrong with text under l, and a hint, or nil.
// An empty text is refused only where the key is needed.
func (l limit) checkText(text string) (error, string) {
	switch {
	case text == "" && l.needed:
		return fmt.Errorf("is empty"), ""
	case text == "":
		return nil, ""
	case l.oneOf != nil && !slices.Contains(l.oneOf, text):
		return fmt.Errorf("%q is not known", text), nearestHint(text, l.oneOf)
	case l.shape != nil && !l.shape.ok(text):
		return fmt.Errorf("%q is not %s", text, l.shape.name), ""
	}
	return nil, ""
}

// checkInt gives what is wrong with n under l, or nil.
func (l limit) checkInt(n int) error {
	if l.max != 0 && (n < l.min || n > l.max) {
		return fmt.Errorf("%d is outside %d to %d", n, l.min, l.max)
	}
	return nil
}

// isDate tells whether s is a day of the calendar written YYYY-MM-DD.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isID tells whether s is words of lower-case letters (or letters without
// case) and digits, joined by single hyphens.
func isID(s string) bool {
	for word := range strings.SplitSeq(s, "-") {
		if word == "" {
			return false
		}
		for _, r := range word {
			if !unicode.IsDigit(r) && (!unicode.IsLetter(r) || unicode.IsUpper(r)) && !unicode.IsMark(r) {
				return false
			}
		}
	}
	return true
}

// isLang tells whether s has the form of a BCP 47 tag with its language in lower case.
func isLang(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if i == 0 && (len(part) < 2 || len(part) > 3 || !every(part, 'a', 'z')) {
			return false
		}
		if i > 0 && (len(part) < 2 || len(part) > 8 || !isWord(part)) {
			return false
		}
	}
	return true
}

// isCountry tells whether s has the form of an ISO 3166 alpha-2 code; EU and WO do.
func isCountry(s string) bool { return len(s) == 2 && every(s, 'A', 'Z') }

// isWord tells whether s is ASCII letters and digits only.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}

// every tells whether each byte of s lies from lo to hi.
func every(s string, lo, hi byte) bool {
	for i := range len(s) {
		if s[i] < lo || s[i] > hi {
			return false
		}
	}
	return true
}

// wholeNumber reads a decimal whole number; "1.0", "0x1f" and "1_000" are none.
func wholeNumber(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}
