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
		if h.cue.kind == kind && c.v.reaches(&h, c.m) && !inside(&h, c.m) {
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
			if h.cue.kind == kind && h.cue.side == anywhere {
				return v.words(h.first, h.last), true
			}
		}
	}
	return "", false
}

func (v *fieldView) words(first, last int32) string {
	return v.text.Seen[v.tokens[first].Start:v.tokens[last-1].End]
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
		return v.stands(m.Last, h.first, h.cue.window)
	}
	return v.stands(h.last, m.First, h.cue.window) || v.stands(m.Last, h.first, h.cue.window)
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
		if !strong && h.cue.kind != cueFits || inside(&h, c.m) || !c.v.reachesThroughList(&h, c.m) {
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
