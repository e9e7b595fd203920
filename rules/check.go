package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sourcedRisk is the platform risk above which an enforcement entry must name
// its source and the day it was read: 59 is the last score below level high.
const sourcedRisk = 59

// usualRight gives the ground on which a complaint about a kind is usually made.
func usualRight(k Kind) Right {
	switch k {
	case Trademark, Generic, CounterfeitTalk:
		return RightTrademark
	case Character:
		return RightCopyright
	case Patent:
		return RightPatent
	}
	return RightRegulation
}

// checkRule checks what no single key can show: keys that need each other.
// r is the merged rule, w says where the pack at hand wrote each key.
func checkRule(r *Rule, w *ruleKeys) Errors {
	var errs Errors
	fail := func(path, hint string, err error) {
		errs = append(errs, &Error{Pos: w.where(path), Rule: r.ID, Err: err, Hint: hint})
	}
	switch {
	case r.Mark == "" && w.at["mark"] == (Pos{}):
		fail("", "", errors.New(`key "mark" is missing`))
	case r.Mark != "" && !hasWord(r.Mark):
		fail("mark", "", fmt.Errorf("mark: %q has no letter or digit to look for", r.Mark))
	}
	if r.Kind == "" && w.at["kind"] == (Pos{}) {
		fail("", "write kind: in the rule, or in defaults:", errors.New(`key "kind" is missing`))
	}
	for _, names := range []struct {
		key  string
		list []Alias
	}{{"aliases", r.Aliases}, {"lines", r.Lines}, {"works", r.Works}} {
		for i, a := range names.list {
			if a.Text != "" && !hasWord(a.Text) {
				fail(fmt.Sprintf("%s[%d]", names.key, i), "", fmt.Errorf("%s: %q has no letter or digit to look for", names.key, a.Text))
			}
		}
	}
	if s := r.Season; s != nil && s.From != "" && s.Until != "" && s.From > s.Until {
		fail("season", "", fmt.Errorf("season: it ends on %s, before it begins on %s", s.Until, s.From))
	}
	for i, e := range r.Enforcement {
		if e.Risk > sourcedRisk && (e.Source == "" || e.On == "") {
			fail(fmt.Sprintf("enforcement[%d].risk", i), "name the page (source) and the day it was read (on)",
				fmt.Errorf("enforcement: risk %d needs source and on", e.Risk))
		}
	}
	return errs
}

// legalSigns would fold to the letters "tm" and "sm", but name nothing.
var legalSigns = strings.NewReplacer("™", "", "℠", "")

// hasWord tells whether s has a letter or digit once compatibility forms are resolved.
func hasWord(s string) bool {
	for _, r := range norm.NFKC.String(legalSigns.Replace(s)) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return true
		}
	}
	return false
}
