package scanner

import (
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
)

// readUse decides how the text uses the name, the worst reading first.
func (j *judge) readUse(c *verdict) {
	if c.generic {
		c.use = UseOrdinaryWord
		return
	}
	c.use = UsePlain
	brandable := c.r.Kind == rules.Trademark || c.r.Kind == rules.Character || c.r.Kind == rules.Generic || c.r.Kind == rules.Event || c.r.Kind == rules.Emblem
	if cue, ok := j.cueBeside(c, cueCounterfeit); ok && brandable {
		c.use, c.cue = UseCounterfeit, cue
		return
	}
	if cue, ok := j.cueBeside(c, cueImitation); ok {
		j.imitation(c, cue)
		if c.use != UsePlain || c.cured {
			return
		}
	}
	if !brandable {
		return
	}
	if cue, ok := j.cueBeside(c, cueDisclaimer); ok {
		c.use, c.cue = UseDisclaimer, cue
		return
	}
	if j.compatible(c) {
		c.use = UseCompatibility
		return
	}
	if c.v.field.Role != Title && j.fits[c.m.rule] {
		c.use, c.fit, c.cue = UseCompatibility, fullFit, j.s.lang.Say("judge.cue.title")
		return
	}
	if c.r.Component && c.r.Base == 0 && c.v.field.Role != Brand && !(c.v.field.Role == Title && c.m.First < 2) {
		c.use = UseMention
		return
	}
	if cue, ok := j.cueBeside(c, cueMention); ok {
		c.use, c.cue = UseMention, cue
	} else if cue, ok := j.cueBeside(c, cueGenuine); ok {
		c.use, c.cue = UseGenuineClaim, cue
	}
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
		if h.cue.kind == kind && c.v.reaches(&h, c.m) && !inside(&h, c.m) && c.v.speaks(&h, c.m) {
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

// compatible decides whether the mention names what the goods fit. The full
// formula needs a cue and, unless the cue says it all, a part or accessory.
func (j *judge) compatible(c *verdict) bool {
	if c.r.Kind != rules.Trademark && c.r.Kind != rules.Generic {
		return false
	}
	host := j.hostsParts(c.r)
	for _, h := range c.v.cues {
		strong := h.cue.kind == cueCompatible
		if !strong && h.cue.kind != cueFits || inside(&h, c.m) || !c.v.reachesThroughList(&h, c.m) || !c.v.speaks(&h, c.m) {
			continue
		}
		c.cue = c.v.words(h.first, h.last)
		switch {
		case !host && !strong:
			c.fit, c.curbed = weakFit, true
			return false
		case h.cue.side == after:
			c.fit = partFit
		case strong, j.accessory(c):
			c.fit = fullFit
		default:
			c.fit = partFit
		}
		return true
	}
	if host && j.partAfter(c) {
		c.fit = partFit
		return true
	}
	return false
}

// hostsParts tells whether a mark's goods are things others make parts for.
func (j *judge) hostsParts(r *rules.Rule) bool {
	if len(r.Classes) == 0 {
		return true
	}
	for _, c := range r.Classes {
		switch c {
		case 7, 8, 9, 10, 11, 12, 15, 28:
			return true
		}
	}
	return false
}

// reachesThroughList lets a cue before a list of names reach the later ones:
// "for Dyson V8, V10 / Shark".
func (v *fieldView) reachesThroughList(h *cueHit, m *mention) bool {
	if v.reaches(h, m) {
		return true
	}
	if h.cue.side != before || h.last > m.First {
		return false
	}
	at := h.last
	for i := range v.mentions {
		o := &v.mentions[i]
		if o.Last > m.First || o.First < h.last {
			continue
		}
		if !v.stands(at, o.First, max(h.cue.window, 6)) {
			return false
		}
		at = o.Last
	}
	return at > h.last && v.stands(at, m.First, 6)
}

// accessory tells whether the field, or the title, names a part or accessory.
func (j *judge) accessory(c *verdict) bool {
	for _, v := range j.views {
		if v != c.v && v.field.Role != Title {
			continue
		}
		for _, h := range v.cues {
			if (h.cue.kind == cueAccessory || h.cue.kind == cuePart) && !v.mentioned(h.first, h.last) {
				return true
			}
		}
	}
	return false
}

// partAfter tells whether a part that is never the mark's main goods stands
// beside the name without a cue: "iPhone 15 Pro case".
func (j *judge) partAfter(c *verdict) bool {
	for _, h := range c.v.cues {
		if h.cue.kind != cuePart || inside(&h, c.m) {
			continue
		}
		if !c.v.stands(c.m.Last, h.first, 6) && !c.v.stands(h.last, c.m.First, 2) {
			continue
		}
		phrase := fold.Fold(c.v.words(h.first, h.last))
		own := false
		for _, g := range c.w.goods {
			own = own || g == phrase
		}
		if !own {
			return true
		}
	}
	return false
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
