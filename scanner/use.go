package scanner

import (
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
)

// readUse decides how the text uses the name, the worst reading first.
func (j *judge) readUse(c *verdict) {
	c.use = UsePlain
	switch {
	case c.generic:
		c.use = UseOrdinaryWord
	case j.accused(c), !brandable(c.r.Kind), j.denied(c), j.fitting(c):
	case c.r.Component && c.r.Base == 0 && c.v.field.Role != Brand && !(c.v.field.Role == Title && c.m.First < 2):
		c.use = UseMention
	default:
		if cue, ok := j.inPassing(c); ok {
			c.use, c.cue = UseMention, cue
		} else if cue, ok := j.cueBeside(c, cueGenuine); ok {
			c.use, c.cue = UseGenuineClaim, cue
		}
	}
}

// brandable tells whether names of a kind can be fitted, denied or copied.
func brandable(k rules.Kind) bool {
	switch k {
	case rules.Trademark, rules.Character, rules.Generic, rules.Event, rules.Emblem:
		return true
	}
	return false
}

// accused reads the words of copies and imitations. It tells whether they
// settle the use.
func (j *judge) accused(c *verdict) bool {
	if cue, ok := j.cueBeside(c, cueCounterfeit); ok && brandable(c.r.Kind) {
		c.use, c.cue = UseCounterfeit, cue
		return true
	}
	if cue, ok := j.cueBeside(c, cueImitation); ok {
		j.imitation(c, cue)
	} else if cue, ok := j.cueBeside(c, cueEquivalent); ok && !(j.compatible(c) && c.fit == fullFit) {
		j.imitation(c, cue)
	}
	return c.use != UsePlain || c.cured
}

// denied reads disclaimers and negations.
func (j *judge) denied(c *verdict) bool {
	cue, ok := j.cueBeside(c, cueDisclaimer)
	if ok {
		c.use, c.cue = UseDisclaimer, cue
	}
	return ok
}

// inPassing finds a cue that the name is only mentioned. Fans of an event or of
// a character are who its goods are for.
func (j *judge) inPassing(c *verdict) (string, bool) {
	if c.r.Kind != rules.Trademark && c.r.Kind != rules.Generic {
		return "", false
	}
	return j.cueBeside(c, cueMention)
}

// fitting reads what the goods fit. A weak cue gives way to a mention in
// passing: "gift for Harley-Davidson fans".
func (j *judge) fitting(c *verdict) bool {
	named, mentioned := j.inPassing(c)
	switch fits := j.compatible(c); {
	case mentioned && c.loose:
		c.use, c.cue, c.fit, c.curbed = UseMention, named, noFit, false
		return true
	case fits, j.fitsByColumn(c), j.fitsElsewhere(c), !mentioned && j.besideAccessory(c):
		c.use = UseCompatibility
		return true
	}
	return false
}

// imitation applies an imitation cue by the rule's polarity: worse for a
// brand, the cure for a craft's origin, nothing for a claim.
func (j *judge) imitation(c *verdict, cue string) {
	way := c.r.Polarity["style"]
	if strings.Contains(fold.Fold(cue), "inspir") && c.r.Polarity["inspired"] != "" {
		way = c.r.Polarity["inspired"]
	}
	switch {
	case way == "better":
		c.cured, c.cue = true, cue
	case way == "worse", c.r.Kind == rules.Trademark, c.r.Kind == rules.Character, c.r.Kind == rules.Event:
		c.use, c.cue = UseImitation, cue
	}
}

// cueBeside finds a cue of the kind where its side and window allow it.
func (j *judge) cueBeside(c *verdict, kind cueKind) (string, bool) {
	for _, h := range c.v.cues {
		if h.cue.kind != kind || inside(&h, c.m) {
			continue
		}
		if (c.v.reaches(&h, c.m) || kind == cueMention && c.v.reachesThroughList(&h, c.m) || kind == cueDisclaimer && c.v.reachesRow(&h, c.m)) && c.v.speaks(&h, c.m) && !(kind == cueImitation && c.v.exampleOfFit(&h)) {
			return c.v.words(h.first, h.last), true
		}
	}
	if kind != cueCounterfeit {
		return "", false
	}
	for _, v := range j.views { // wording about the whole product may stand in another field
		if v == c.v || v.field.Role == Attribute {
			continue
		}
		for _, h := range v.cues {
			if h.cue.kind == kind && h.cue.side == anywhere && (v.field.Role == Title || v.field.Role == Tags || v.field.Role == Keywords) && v.speaks(&h, c.m) {
				return v.words(h.first, h.last), true
			}
		}
	}
	return "", false
}

// reachesRow tells whether a cue reaches the first of the names in a row with
// m: "not a Nike or Adidas product".
func (v *fieldView) reachesRow(h *cueHit, m *mention) bool {
	first, _ := v.row(m)
	return first < m.First && h.cue.side == before && v.stands(h.last, first, h.cue.window)
}

// exampleOfFit tells whether a bare "like" gives an example of what the goods
// fit: "compatible with common brands like LEGO".
func (v *fieldView) exampleOfFit(h *cueHit) bool {
	if h.cue.side != before || h.cue.window > 1 {
		return false
	}
	for i := range v.cues {
		if o := &v.cues[i]; o.cue.kind == cueCompatible && o.cue.side == before && v.stands(o.last, h.first, o.cue.window) {
			return true
		}
	}
	return false
}

func (v *fieldView) words(first, last int32) string {
	return v.text.Seen[v.tokens[first].Start:v.tokens[last-1].End]
}

// speaks tells whether a cue means what it says here. An accusing
// word of another language that may be an English word too (style, type) is a
// cue only where the field shows that language; a qualifier tied
// to another word by a hyphen or & (tennis-inspired, Shave & Style) belongs to
// that word; figures in a longer figure (7.1:1) are no ratio.
func (v *fieldView) speaks(h *cueHit, m *mention) bool {
	first := v.tokens[h.first]
	if h.first > 0 && h.first != m.Last {
		tied := first.Gap&^fold.GapSoft == 0 && first.Gap != 0 || first.Gap&fold.GapAmp != 0
		if tied && first.Script == fold.Word && (first.ASCII || !first.Digits) {
			return false
		}
	}
	if first.Digits && v.inFigure(h) {
		return false
	}
	accuses := h.cue.kind == cueImitation || h.cue.kind == cueCounterfeit
	return !accuses || h.cue.lang == "en" || !first.ASCII || v.inLanguage(h.cue.lang)
}

// inFigure tells whether a cue of digits is part of a longer figure.
func (v *fieldView) inFigure(h *cueHit) bool {
	const apart = fold.GapSpace | fold.GapStop | fold.GapFirst
	if h.first > 0 && v.tokens[h.first].Gap&apart == 0 && v.tokens[h.first-1].Digits {
		return true
	}
	return int(h.last) < len(v.tokens) && v.tokens[h.last].Gap&apart == 0 && v.tokens[h.last].Digits
}

// inLanguage tells whether the field shows a language: two of its cues or
// goods words, or mostly words that are not English.
func (v *fieldView) inLanguage(lang string) bool {
	if known, ok := v.languages[lang]; ok {
		return known
	}
	words := map[int32]bool{} // by first token: one word may be several cues
	for _, h := range v.cues {
		if h.cue.lang == lang {
			words[h.first] = true
		}
	}
	for _, h := range v.goods {
		if h.lang == lang {
			words[h.first] = true
		}
	}
	known := len(words) >= 2 && !v.allEnglish(words) || !v.mostlyEnglish()
	if v.languages == nil {
		v.languages = map[string]bool{}
	}
	v.languages[lang] = known
	return known
}

// allEnglish tells whether the tokens are English words too.
func (v *fieldView) allEnglish(tokens map[int32]bool) bool {
	for i := range tokens {
		t := v.tokens[i]
		if !commonWord(fold.Fold(v.text.Seen[t.Start:t.End])) {
			return false
		}
	}
	return true
}

// mostlyEnglish tells whether at least half of the words outside mentions are
// English.
func (v *fieldView) mostlyEnglish() bool {
	words, common := 0, 0
	for i, t := range v.tokens {
		if t.Script != fold.Word || t.Digits || t.End-t.Start < 3 || v.mentioned(int32(i), int32(i)+1) {
			continue
		}
		words++
		if commonWord(fold.Fold(v.text.Seen[t.Start:t.End])) {
			common++
		}
	}
	return common*2 >= words && words > 0
}

func inside(h *cueHit, m *mention) bool { return h.first >= m.First && h.last <= m.Last }

// reaches tells whether a cue's side and window cover the mention.
func (v *fieldView) reaches(h *cueHit, m *mention) bool {
	if h.cue.kind == cueDisclaimer && h.cue.side == anywhere {
		first, last := v.sentence(m.First, m.Last)
		return h.first >= first && h.last <= last
	}
	switch h.cue.side {
	case anywhere:
		return true
	case before:
		return v.stands(h.last, m.First, h.cue.window)
	case after:
		return v.stands(m.Last, h.first, h.cue.window) || v.stands(v.pastModel(m.Last), h.first, h.cue.window)
	}
	return v.stands(h.last, m.First, h.cue.window) || v.stands(m.Last, h.first, h.cue.window)
}

// pastModel steps over one model number after a name: Dyson V11 style. A decade
// (50s) is none.
func (v *fieldView) pastModel(at int32) int32 {
	if int(at) >= len(v.tokens) || v.tokens[at].Gap&^fold.GapSpace != 0 {
		return at
	}
	s := v.text.Seen[v.tokens[at].Start:v.tokens[at].End]
	if strings.ContainsAny(s, "0123456789") && !(len(s) == 3 && (s[2] == 's' || s[2] == 'S')) {
		return at + 1
	}
	return at
}

// stands tells whether token b follows token a with fewer than window tokens
// between, small scripts counted by three, and no sentence end.
func (v *fieldView) stands(a, b int32, window int) bool {
	if b < a {
		return false
	}
	n := 0
	for i := a; i < b; i++ {
		n += 3
		if v.tokens[i].Script != fold.Word {
			n -= 2
		}
		if n > 3*window {
			return false
		}
	}
	for i := a; i <= b && int(i) < len(v.tokens); i++ {
		if v.tokens[i].Gap&fold.GapStop != 0 && i > 0 {
			return false
		}
	}
	return true
}

// has2 is has for a folded phrase of goods, cheap when the field cannot hold it.
func (v *fieldView) has2(phrase string) bool {
	if v.tokens == nil && v.text.Seen != "" {
		v.tokens = fold.Tokens(nil, v.text.Seen)
	}
	return len(v.tokens) > 0 && v.has(phrase)
}

func containsPhrase(spaced, phrase string) bool {
	i := strings.Index(spaced, " "+phrase)
	return i >= 0 && whole(spaced[i+1+len(phrase):])
}
