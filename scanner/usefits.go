package scanner

import (
	"slices"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
)

// readFits notes the rules whose names the listing gives as what its goods
// fit: in a title however it says so, elsewhere by a full formula only. The
// same name once more in a description ("Dyson is not included") then reads so
// too.
func (j *judge) readFits() {
	for _, v := range j.views {
		if v.field.Role == Brand || len(v.cues) == 0 {
			continue
		}
		for k := range v.mentions {
			m := &v.mentions[k]
			if m.entry != nil || j.fits[m.rule] == fitsTitle {
				continue
			}
			c := verdict{m: m, v: v, r: j.s.ruleOf(m), w: j.s.wordsOf(m.rule)}
			if !j.compatible(&c) || v.field.Role != Title && c.fit != fullFit {
				continue
			}
			if j.fits == nil {
				j.fits = map[int32]where{}
			}
			j.fits[m.rule] = fitsListing
			if v.field.Role == Title {
				j.fits[m.rule] = fitsTitle
			}
		}
	}
}

// where says which part of a listing names a rule as what the goods fit.
type where uint8

const (
	fitsNowhere where = iota
	fitsListing       // a description or the tags
	fitsTitle
)

// fitsByColumn tells whether the name of the column says that its cells name
// what the goods fit. A title or a brand never does.
func (j *judge) fitsByColumn(c *verdict) bool {
	f := c.v.field
	if f.Role == Title || f.Role == Brand || f.Column == "" || c.r.Kind != rules.Trademark {
		return false
	}
	name := foldPhrase(f.Column)
	for _, part := range j.s.columns {
		if strings.Contains(name, part) {
			c.fit, c.cue = fullFit, f.Column
			return true
		}
	}
	return false
}

// fitsElsewhere takes over what another part of the listing says. A claim that
// the goods are the mark's own stands against a description, not a title.
func (j *judge) fitsElsewhere(c *verdict) bool {
	at := j.fits[c.m.rule]
	if c.v.field.Role == Title || c.v.field.Role == Brand || at == fitsNowhere {
		return false
	}
	id := "judge.cue.title"
	if at == fitsListing {
		if _, ok := j.cueBeside(c, cueGenuine); ok {
			return false
		}
		id = "judge.cue.listing"
	}
	c.fit, c.cue = fullFit, j.s.lang.Say(id)
	return true
}

// besideAccessory tells whether the name stands in the description or the tags
// of an accessory whose title does not name it: "power bank" and, below,
// "charges an iPhone twice". A claim that the goods are its own stands against it.
func (j *judge) besideAccessory(c *verdict) bool {
	switch c.v.field.Role {
	case Description, Bullet, Tags, Keywords, SEO:
	default:
		return false
	}
	if c.r.Kind != rules.Trademark || !j.hostsParts(c.r) || j.titled(c.m.rule) {
		return false
	}
	if _, ok := j.cueBeside(c, cueGenuine); ok {
		return false
	}
	for _, v := range j.views {
		if v.field.Role != Title {
			continue
		}
		for i := range v.cues {
			if h := &v.cues[i]; (h.cue.kind == cueAccessory || h.cue.kind == cuePart) && !v.mentioned(h.first, h.last) && !v.extra(h) {
				c.fit, c.cue, c.loose = partFit, v.words(h.first, h.last), true
				return true
			}
		}
	}
	return false
}

// titled tells whether a title names the rule.
func (j *judge) titled(rule int32) bool {
	for _, v := range j.views {
		if v.field.Role == Title && slices.ContainsFunc(v.mentions, func(m mention) bool { return m.rule == rule }) {
			return true
		}
	}
	return false
}

// compatible decides whether the mention names what the goods fit. The full
// formula needs a cue and, unless the cue says it all, a part or accessory.
func (j *judge) compatible(c *verdict) bool {
	switch c.r.Kind {
	case rules.Trademark, rules.Generic:
	case rules.Character: // a doll has clothes, a game has cards
		return c.toyFitted()
	default:
		return false
	}
	host := j.hostsParts(c.r)
	for i := range c.v.cues {
		h := &c.v.cues[i]
		strong := h.cue.kind == cueCompatible
		if !strong && h.cue.kind != cueFits || inside(h, c.m) || !c.v.reachesThroughList(h, c.m) || !c.v.speaks(h, c.m) {
			continue
		}
		if c.v.farOff(h, c.m) && !j.accessory(c) || h.cue.side == after && c.v.speaksOfAnother(h, c.m) {
			continue
		}
		c.cue, c.loose = c.v.words(h.first, h.last), !strong
		switch {
		case !host && !strong && !c.v.partBefore(h.first) && !(c.v.field.Role != Title && j.partTitled()):
			c.fit, c.curbed = weakFit, true
			return false
		case h.cue.side == after, !host && !strong:
			c.fit = partFit
		case strong, j.accessory(c):
			c.fit = fullFit
		default:
			c.fit = partFit
		}
		return true
	}
	if host && (j.partAfter(c) || c.v.modelsFollow(c.m) && j.accessory(c)) {
		c.fit, c.loose = partFit, true
		return true
	}
	return false
}

// toyFitted tells whether a full formula stands right before the name of a
// character that is a toy: "fits Barbie". Whoever it is made for is no toy.
func (c *verdict) toyFitted() bool {
	if len(c.r.Classes) > 0 && !slices.Contains(c.r.Classes, 28) {
		return false
	}
	for i := range c.v.cues {
		h := &c.v.cues[i]
		if h.cue.kind == cueMention && h.cue.side == after && c.v.reaches(h, c.m) {
			return false
		}
	}
	for i := range c.v.cues {
		h := &c.v.cues[i]
		if h.cue.kind == cueCompatible && h.cue.side == before && c.v.stands(h.last, c.m.First, 1) {
			c.cue, c.fit = c.v.words(h.first, h.last), partFit
			return true
		}
	}
	return false
}

// modelsFollow tells whether a full formula after the name says which of its
// models the goods fit: "Dyson filter, fits V8 and V10".
func (v *fieldView) modelsFollow(m *mention) bool {
	for i := range v.cues {
		h := &v.cues[i]
		if h.cue.kind != cueCompatible || h.cue.side != before || h.first < m.Last || int(h.last) >= len(v.tokens) || !v.stands(m.Last, h.first, 6) {
			continue
		}
		t := v.tokens[h.last]
		s := v.text.Seen[t.Start:t.End]
		if t.Script == fold.Word && !t.Digits && strings.ContainsAny(s, "0123456789") && s[0] >= 'A' && s[0] <= 'Z' {
			return true
		}
	}
	return false
}

// speaksOfAnother tells whether a cue after the name belongs to another one: it
// begins a formula of its own ("Sony headphones compatible with iPhone"), or
// goods and another name stand between ("ソニー ヘッドホン iPhone対応").
func (v *fieldView) speaksOfAnother(h *cueHit, m *mention) bool {
	for i := range v.cues {
		o := &v.cues[i]
		if o.first == h.first && o.last > h.last && o.cue.side == before && (o.cue.kind == cueCompatible || o.cue.kind == cueFits) {
			return true
		}
	}
	for i := range v.mentions {
		o := &v.mentions[i]
		if o.First < m.Last || o.Last > h.first {
			continue
		}
		for k := range v.goods {
			if g := &v.goods[k]; g.first >= m.Last && g.last <= o.First {
				return true
			}
		}
	}
	return false
}

// farOff tells whether a cue stands some words before the name, and opens no
// list: what it speaks of may be another thing ("suitable for home, Sony TV").
func (v *fieldView) farOff(h *cueHit, m *mention) bool {
	for i := range v.cues {
		if o := &v.cues[i]; o.last == m.First && (o.cue.kind == cueNone || o.cue.kind == cueImitation && v.exampleOfFit(o)) {
			return false
		}
	}
	return h.cue.side == before && v.reaches(h, m) && !v.stands(h.last, m.First, 2) && !v.headsList(h) && !v.listedAfter(h, m)
}

// listedAfter tells whether the name is a later one of a list whose first name
// stands right after the cue.
func (v *fieldView) listedAfter(h *cueHit, m *mention) bool {
	for i := range v.mentions {
		if o := &v.mentions[i]; o.First >= h.last && o.Last <= m.First && v.stands(h.last, o.First, 2) {
			return v.reachesDown(h, m)
		}
	}
	return false
}

// hostsParts tells whether a mark's goods are things others make parts for.
// Beside clothing and bags, electronics are spectacles and sporting goods are
// balls: nobody makes parts for those.
func (j *judge) hostsParts(r *rules.Rule) bool {
	if len(r.Classes) == 0 {
		return true
	}
	small, worn := false, false
	for _, c := range r.Classes {
		switch c {
		case 7, 8, 11, 12, 15:
			return true
		case 9, 10, 28:
			small = true
		case 18, 25:
			worn = true
		}
	}
	return small && !worn
}

// reachesThroughList lets a cue reach the names of a list: the later ones from
// before it ("for Dyson V8, V10 / Shark"), the earlier ones from after it.
func (v *fieldView) reachesThroughList(h *cueHit, m *mention) bool {
	switch {
	case v.reaches(h, m):
		return true
	case h.cue.side == before && h.last <= m.First:
		return v.reachesDown(h, m)
	case h.cue.side == after && h.first >= m.Last:
		return v.reachesUp(h, m)
	}
	return false
}

const listWindow = 6 // tokens between two names of a list at most

func (v *fieldView) reachesDown(h *cueHit, m *mention) bool {
	heads := v.headsList(h)
	at, window := h.last, max(h.cue.window, listWindow)
	for i := range v.mentions {
		o := &v.mentions[i]
		if o.Last > m.First || o.First < h.last {
			continue
		}
		if !v.continues(at, o.First, window, heads) {
			return false
		}
		at, window = o.Last, listWindow
	}
	return (at > h.last || heads) && v.continues(at, m.First, window, heads)
}

func (v *fieldView) reachesUp(h *cueHit, m *mention) bool {
	at := m.Last
	for i := range v.mentions {
		o := &v.mentions[i]
		if o.First < at || o.Last > h.first {
			continue
		}
		if !v.stands(at, o.First, listWindow) {
			return false
		}
		at = o.Last
	}
	return at > m.Last && (v.stands(at, h.first, h.cue.window) || v.stands(v.pastModel(at), h.first, h.cue.window))
}

// headsList tells whether a cue opens a list: a colon follows within a few
// words, or its line ends with it.
func (v *fieldView) headsList(h *cueHit) bool {
	from := v.tokens[h.last-1].End
	for i := h.last; int(i) < len(v.tokens) && i <= h.last+4; i++ {
		between := v.text.Seen[from:v.tokens[i].Start]
		if strings.ContainsAny(between, ":：") || strings.ContainsAny(between, "\n\f") {
			return true
		}
		if v.tokens[i].Gap&fold.GapStop != 0 {
			return false
		}
		from = v.tokens[i].End
	}
	return false
}

// continues tells whether a list runs on from token a to token b. Within a list
// that was opened, a line may end and other names may stand between: items of
// few words that hold a figure or begin with a capital.
func (v *fieldView) continues(a, b int32, window int, opened bool) bool {
	if !opened {
		return v.stands(a, b, window)
	}
	n := 0
	for i := a; i <= b && int(i) < len(v.tokens); i++ {
		t := v.tokens[i]
		gap := v.text.Seen[v.endBefore(i):t.Start]
		line := strings.ContainsAny(gap, "\n\f")
		if t.Gap&fold.GapStop != 0 && !line && i > a {
			return false
		}
		if (line || t.Gap&fold.GapHard != 0) && v.looksLikeName(i) {
			n = 0
		}
		if n > 3*window {
			return false
		}
		n += 3
		if t.Script != fold.Word {
			n -= 2
		}
	}
	return true
}

func (v *fieldView) endBefore(i int32) int32 {
	if i == 0 {
		return 0
	}
	return v.tokens[i-1].End
}

// looksLikeName tells whether the item of a list that begins at token i may be
// a name or a model: it begins with a capital or holds a figure.
func (v *fieldView) looksLikeName(i int32) bool {
	for k := i; int(k) < len(v.tokens) && k < i+5; k++ {
		t := v.tokens[k]
		if k > i && t.Gap&(fold.GapHard|fold.GapStop) != 0 {
			return false
		}
		s := v.text.Seen[t.Start:t.End]
		if k == i && s[0] >= 'A' && s[0] <= 'Z' || t.Script != fold.Word || strings.ContainsAny(s, "0123456789") {
			return true
		}
	}
	return false
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

// partTitled tells whether a title names a part.
func (j *judge) partTitled() bool {
	for _, v := range j.views {
		if v.field.Role != Title {
			continue
		}
		for i := range v.cues {
			if h := &v.cues[i]; h.cue.kind == cuePart && !v.mentioned(h.first, h.last) && !v.extra(h) {
				return true
			}
		}
	}
	return false
}

// partBefore tells whether a part is named before token at: "strap for Rolex".
func (v *fieldView) partBefore(at int32) bool {
	for _, h := range v.cues {
		if h.cue.kind == cuePart && h.last <= at && !v.mentioned(h.first, h.last) && v.sameSentence(h.first, at) {
			return true
		}
	}
	return false
}

// partAfter tells whether a part that is never the mark's main goods stands
// beside the name without a cue: "iPhone 15 Pro case". Names in a row count as
// one ("cover Toyota RAV4 Camry").
func (j *judge) partAfter(c *verdict) bool {
	first, last := c.v.row(c.m)
	for i := range c.v.cues {
		h := &c.v.cues[i]
		if h.cue.kind != cuePart || inside(h, c.m) || c.isGoods(c.v, h) {
			continue
		}
		if !c.v.extra(h) && (c.v.stands(h.last, first, 2) || c.v.stands(last, h.first, 6) && !c.goodsFirst(last, h.first) && !j.madeFor(c, h.last)) {
			return true
		}
	}
	return false
}

// madeFor tells whether a formula after a part names the product of another
// owner: "Spigen case for Samsung" names the maker first.
func (j *judge) madeFor(c *verdict, at int32) bool {
	for i := range c.v.cues {
		h := &c.v.cues[i]
		if h.cue.kind != cueCompatible && h.cue.kind != cueFits || h.cue.side != before || h.first < at || !c.v.stands(at, h.first, 4) {
			continue
		}
		for k := range c.v.mentions {
			o := &c.v.mentions[k]
			if o.First >= h.last && o.entry == nil && o.rule != c.m.rule && c.v.stands(h.last, o.First, 3) {
				owner := j.s.set.Rules[o.rule].Owner
				return owner == "" || owner != c.r.Owner
			}
		}
	}
	return false
}

// row returns the tokens from the first to the last of the names that stand in
// a row with m, one token between them at most.
func (v *fieldView) row(m *mention) (first, last int32) {
	first, last = m.First, m.Last
	for i := len(v.mentions) - 1; i >= 0; i-- {
		if o := &v.mentions[i]; o.Last <= first && v.stands(o.Last, first, 1) {
			first = o.First
		}
	}
	for i := range v.mentions {
		if o := &v.mentions[i]; o.First >= last && v.stands(last, o.First, 1) {
			last = o.Last
		}
	}
	return first, last
}

// isGoods tells whether a word of a field is among the goods the rule itself names.
func (c *verdict) isGoods(v *fieldView, h *cueHit) bool {
	return len(c.w.goods) > 0 && slices.Contains(c.w.goods, fold.Fold(v.words(h.first, h.last)))
}

// extra tells whether a part is said to come with the goods: "drill with case".
func (v *fieldView) extra(h *cueHit) bool {
	for i := range v.cues {
		if o := &v.cues[i]; o.cue.kind == cueExtra && v.stands(o.last, h.first, o.cue.window) {
			return true
		}
	}
	return false
}

// goodsFirst tells whether the mark's own goods are named between it and a
// part, and the part only later: a watch with its strap, not a watch strap.
func (c *verdict) goodsFirst(last, part int32) bool {
	for _, g := range c.v.goods {
		if g.first >= last && g.last <= part && !c.v.stands(g.last, part, 1) && g.classes.hasAny(c.r.Classes) {
			return true
		}
	}
	return false
}
