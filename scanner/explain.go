package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// explain fills what the verdict knows and the scores do not need: the steps
// of a disguise, what to write instead, and own brands.
func (j *judge) explain(f *Finding, c *verdict) {
	if c.disguise || c.m.Form == match.Misspelt {
		f.Steps = fold.Steps(c.v.text.Seen[c.m.Start:c.m.End], strings.ReplaceAll(foldPhrase(c.pattern().text), " ", ""))
	}
	f.cue = c.cue
	f.listed = c.r.Tier == rules.List
	f.fit = c.fit
	f.formula = j.formula(c)
	f.ruleWhy = c.r.Why
	if !c.offGoods {
		f.Preferred, f.Replacements = replacementsIn(c.r, j.language(c.v))
	}
	if len(j.s.own) > 0 && j.s.own[foldPhrase(c.r.Mark)] {
		if c.use != UseCounterfeit && !c.disguise {
			f.Excused = j.s.lang.Say("judge.excused.own")
		} else {
			f.UseRisk.floor("evidence against an own brand", 65)
		}
	}
}

// language guesses the language a field is written in, for replacements: its
// script, else the language of most of its cues, else English.
func (j *judge) language(v *fieldView) string {
	count := map[string]int{}
	for _, h := range v.cues {
		count[h.cue.lang]++
	}
	for _, t := range v.tokens {
		switch t.Script {
		case fold.Han:
			count["zh"]++
		case fold.Kana:
			count["ja"] += 3
		case fold.Hangul:
			count["ko"]++
		case fold.Thai:
			count["th"]++
		case fold.Word:
			if c := v.text.Seen[t.Start]; c == 0xD0 || c == 0xD1 {
				count["ru"] += 2
			} else if c >= 0xD8 && c <= 0xDB {
				count["ar"] += 2
			}
		}
	}
	best := "en"
	for _, lang := range []string{"de", "fr", "es", "pt", "it", "ru", "zh", "ja", "ko", "ar", "th"} {
		if count[lang] > count[best] {
			best = lang
		}
	}
	return best
}

func replacementsIn(r *rules.Rule, lang string) (preferred string, all []string) {
	p := rules.Replacement{Preferred: r.Replacements.Preferred, Also: r.Replacements.Also}
	l, ok := r.Replacements.ByLang[lang]
	if ok {
		p = l
	}
	if p.Preferred == "" {
		return "", nil
	}
	all = append([]string{p.Preferred}, p.Also...)
	if lang != "en" && !ok && r.Tier != rules.List {
		return "", all // English words are no drop-in for a text of another language
	}
	return p.Preferred, all
}

// phrase writes why and advice once the level is known.
func (j *judge) phrase(f *Finding) {
	l := j.s.lang
	owner := f.Owner
	if owner == "" {
		owner = l.Say("judge.owner.unknown")
	}
	pairs := []any{"mark", f.Mark, "text", shorten(f.Text, 60), "owner", owner, "cue", f.cue, "preferred", f.Preferred, "steps", strings.Join(f.Steps, "; "), "formula", f.formula}
	f.Why = j.registerWhy(f, func() string { return sentence(l.Say(whyID(f, l), pairs...)) })
	if reason := f.ruleWhy.In(l.Tag()); reason != "" && f.Kind != string(rules.Trademark) && f.Use == UsePlain {
		f.Why = reason
	}
	f.Advice = sentence(l.Say(adviceID(f), pairs...))
	if f.Use == UseCompatibility && f.fit == partFit && f.Role == Title {
		id := "judge.advice.formula"
		if f.formula != "" {
			id = "judge.advice.formula.whole"
		}
		f.Advice = sentence(l.Say(id, pairs...))
	}
}

// sentence gives a filled-in sentence its capital, and one full stop where the
// last value ends in one of its own (Nintendo Co., Ltd.).
func sentence(s string) string {
	if strings.HasSuffix(s, "..") {
		s = s[:len(s)-1]
	}
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		s = string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}

// whyID picks the sentence for what weighed most.
func whyID(f *Finding, l *Language) string {
	switch {
	case f.Use == UseOrdinaryWord, f.Use == UseCounterfeit, f.Use == UseImitation:
		return "judge.why." + string(f.Use)
	case disguisedForm(f.Form):
		return "judge.why.disguise"
	case f.Form == "misspelt":
		return "judge.why.misspelt"
	case f.listed && f.Use == UsePlain && f.Owner == "":
		return "judge.why.listed"
	case f.Kind != string(rules.Trademark) && l.Has("judge.why.kind."+f.Kind):
		return "judge.why.kind." + f.Kind
	}
	return "judge.why." + string(f.Use)
}

func disguisedForm(form Form) bool {
	for f := match.Invisible; f <= match.Masked; f++ {
		if string(form) == f.String() {
			return true
		}
	}
	return false
}

// adviceID picks what to do: never a respelling for a disguise or a copy.
func adviceID(f *Finding) string {
	switch {
	case f.Use == UseOrdinaryWord && f.Platform.Points > 0:
		return "judge.advice.filter"
	case f.Use == UseOrdinaryWord:
		return "judge.advice.ordinary-word"
	case f.Use == UseCounterfeit, f.Use == UseImitation && f.Kind == string(rules.Trademark), disguisedForm(f.Form):
		return "judge.advice.withdraw"
	case f.Kind == string(rules.Claim), f.Kind == string(rules.AdLaw):
		return "judge.advice.claim"
	case f.Preferred != "":
		return "judge.advice.replace"
	case f.Use == UseCompatibility:
		return "judge.advice.compatibility"
	case f.Use == UseDisclaimer:
		return "judge.advice.disclaimer"
	case f.Use == UseMention:
		return "judge.advice.mention"
	}
	return "judge.advice.kind." + f.Kind
}

// fingerprint names a finding across weeks: store, listing, rule, role and
// folded text; no offsets, so that an edit elsewhere in the cell keeps it.
func fingerprint(l *Listing, f *Finding) string {
	h := sha256.New()
	for _, s := range []string{l.Store, l.ID, f.Rule, string(f.Role), foldPhrase(f.Text)} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
