package scanner

import (
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

func (s *Score) add(name string, points int) {
	if points == 0 {
		return
	}
	s.Points += points
	if s.Parts == nil {
		s.Parts = make([]Point, 0, 6)
	}
	s.Parts = append(s.Parts, Point{name, points})
}

// limit keeps the sum within 0 and 100, naming what it took or gave. It
// replaces an earlier limit, so that a point may be added afterwards.
func (s *Score) limit() {
	for i, p := range s.Parts {
		if p.For == "limit" {
			s.Points -= p.Points
			s.Parts = append(s.Parts[:i:i], s.Parts[i+1:]...)
			break
		}
	}
	if s.Points < 0 {
		s.add("limit", -s.Points)
	} else if s.Points > 100 {
		s.add("limit", 100-s.Points)
	}
}

// floor raises the sum to at least, ceiling lowers it to at most.
func (s *Score) floor(name string, least int) {
	if s.Points < least {
		s.add("floor: "+name, least-s.Points)
	}
}

func (s *Score) ceiling(name string, most int) {
	if s.Points > most {
		s.add("ceiling: "+name, most-s.Points)
	}
}

// certainty sums how sure it is that the text mentions the rule.
func (j *judge) certainty(c *verdict) Score {
	if c.m.entry != nil && c.r.Tier == rules.Register {
		return j.registerCertainty(c)
	}
	var s Score
	form := c.m.Form
	base := j.s.points["certainty."+string(c.form())]
	if c.pattern().sure > 0 && form <= match.Inflected {
		base = int(c.pattern().sure)
	}
	if form == match.Leet && c.nameLength() <= 4 {
		s.add("leet, short name", j.s.points["certainty.leet short"])
	} else {
		s.add(string(c.form()), base)
	}
	switch {
	case form == match.Misspelt:
		j.misspelt(&s, c)
	case c.m.plainWords() && form == match.Split:
		s.add("two plain words", j.s.points["certainty.two plain words"])
	}
	if form == match.Lookalike && wholeForeign(c.m, c.v) {
		name := "whole script"
		if c.v.capitals().words >= 2 {
			name = "whole script in other text"
		}
		s.ceiling(name, j.s.points["certainty."+name])
	}
	if c.doubleNatured() {
		j.ordinaryEvidence(&s, c)
	} else if c.generic {
		s.add("generic phrase", j.s.points["certainty.generic phrase"])
		s.ceiling("ordinary word", j.s.points["certainty.ordinary word"])
	} else if j.unitOrModel(c) {
		s.add("unit or model", j.s.points["certainty.unit or model"])
		c.use = UseOrdinaryWord
	}
	s.limit()
	return s
}

// glued tells whether the name is part of a longer token, rather than a
// phrase written as one word.
func (c *verdict) glued() bool {
	t := c.v.tokens[c.m.First]
	return c.m.Start > t.Start || c.m.End < c.v.tokens[c.m.Last-1].End
}

func (c *verdict) pattern() *patternOf { return c.m.pattern }

func (c *verdict) nameLength() int {
	n := 0
	for _, r := range c.pattern().text {
		if r > ' ' {
			n++
		}
	}
	return n
}

// misspelt takes off what the distance used of its budget, and gives some back
// where several words of the name are near and agree.
func (j *judge) misspelt(s *Score, c *verdict) {
	n := c.nameLength()
	if words := strings.Fields(c.pattern().text); len(words) > 1 && c.m.Last-c.m.First > 1 {
		s.add("two parts agree", j.s.points["certainty.two parts agree"])
		for _, w := range words {
			n = min(n, max(5, len(w)))
		}
	}
	s.add("distance", j.s.points["certainty.misspelt per budget"]*int(c.m.Cost)/match.Budget(n))
}

// wholeForeign tells whether a look-alike is written in another script
// throughout, as ordinary words of that script are.
func wholeForeign(m *mention, v *fieldView) bool {
	_, traits := fold.Reduce(v.text.Seen[m.Start:m.End])
	return traits&fold.Foreign != 0 && traits&fold.ASCIILetter == 0
}

// doubleNatured tells whether the mention has to be told from an ordinary
// word: the rule says its mark is one, and the name is neither disguised nor a
// name of another script or kind that no ordinary phrase holds.
func (c *verdict) doubleNatured() bool {
	if c.r.Ordinary == nil || c.disguise {
		return false
	}
	text := foldPhrase(c.pattern().text)
	if !c.pattern().alias || unspaced(text) == c.w.mark {
		return true
	}
	return shortName(c.pattern().text) && (asciiText(text) || c.w.inOrdinaryPhrase(text))
}

func asciiText(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// inOrdinaryPhrase tells whether an ordinary phrase of the rule holds the name.
func (w *ruleWords) inOrdinaryPhrase(name string) bool {
	for _, p := range w.never {
		if strings.Contains(" "+p+" ", " "+name+" ") {
			return true
		}
	}
	return false
}

// shortName tells whether another name of a double-natured mark is a single
// word, which may be ordinary as well (苹果); phrases identify the mark.
func shortName(text string) bool {
	tokens := fold.Tokens(nil, text)
	return len(tokens) == 1 || tokens[0].Script != fold.Word && len(tokens) <= 2
}

// ordinaryEvidence replaces the certainty of the form by what speaks for the
// mark rather than the word.
func (j *judge) ordinaryEvidence(s *Score, c *verdict) {
	p := func(name string) int { return j.s.points["certainty."+name] }
	form := s.Points
	s.Points, s.Parts = 0, nil
	s.add("ordinary word", p("ordinary word"))
	if c.generic {
		s.add("generic phrase", p("generic phrase"))
		s.limit()
		return
	}
	if _, ok := c.v.nearAny(c.w.strong, c.m, 4); ok {
		s.add("strong neighbour", p("strong neighbour"))
	}
	j.goodsEvidence(s, c)
	j.caseEvidence(s, c)
	if c.v.field.Role == Brand {
		s.add("brand field", p("brand field"))
	}
	switch c.use {
	case UseImitation, UseCounterfeit, UseDisclaimer, UseGenuineClaim:
		if c.rel == sameClass || c.rel == unknownClass && !c.apart && c.use == UseCounterfeit {
			s.add("qualified", p("qualified"))
		}
	case UseCompatibility:
		if c.fit == fullFit && c.rel != unrelatedClass {
			s.add("named for fit", p("named for fit"))
		}
	}
	s.ceiling("ordinary word", min(form, p("most of an ordinary word")))
	if s.Points < p("least to be the mark") {
		c.use = UseOrdinaryWord
		s.ceiling("ordinary use", p("ordinary word"))
	}
	s.limit()
}

// goodsEvidence weighs the goods: of the mark's own classes, and right beside it.
func (j *judge) goodsEvidence(s *Score, c *verdict) {
	p := func(name string) int { return j.s.points["certainty."+name] }
	beside := false
	for _, h := range c.v.goods {
		if h.glued && h.first == c.m.First {
			beside = beside || h.classes.hasAny(c.r.Classes)
		} else if h.classes.hasAny(c.r.Classes) && !(h.first >= c.m.First && h.last <= c.m.Last) &&
			(c.v.stands(c.m.Last, h.first, 3) || c.v.stands(h.last, c.m.First, 1)) {
			beside = true
		}
	}
	opens := c.v.field.Role == Title && c.m.First == 0
	switch {
	case c.rel == unrelatedClass, c.apart:
		s.add("class unrelated", p("class unrelated"))
	case c.rel == sameClass:
		s.add("class fits", p("class fits"))
	}
	if beside && c.rel == sameClass {
		s.add("goods beside it", p("goods beside it"))
	}
	if opens && c.rel == sameClass {
		s.add("opens the title", p("opens the title"))
	}
}

// caseEvidence weighs capitals where capitals mean something.
func (j *judge) caseEvidence(s *Score, c *verdict) {
	text := c.v.text.Seen[c.m.Start:c.m.End]
	first := text[0]
	if first >= 0x80 {
		return
	}
	caps := c.v.capitals()
	p := func(name string) { s.add(name, j.s.points["certainty."+name]) }
	switch {
	case len(text) > 1 && strings.ToUpper(text) == text && caps.mixed():
		p("capitals in mixed text")
	case first >= 'A' && first <= 'Z' && c.v.runningAround(c.m) && c.m.First > 0 && c.v.tokens[c.m.First].Gap&fold.GapStop == 0:
		p("capital in running text")
	case first >= 'a' && first <= 'z' && caps.words >= 3 && caps.upper*3 > caps.words*2:
		p("lower case among capitals")
	}
}

// runningAround tells whether the words around a mention are running text, in
// which its capital marks a name. The first word and single letters have their
// capital anyway.
func (v *fieldView) runningAround(m *mention) bool {
	words, upper := 0, 0
	for i, t := range v.tokens {
		s := v.text.Seen[t.Start:t.End]
		if i == 0 || int32(i) >= m.First && int32(i) < m.Last || t.Digits || !t.ASCII || len(s) < 2 || s[0] <= '9' {
			continue
		}
		words++
		if s[0] <= 'Z' {
			upper++
		}
	}
	return words >= 2 && upper*2 < words
}

// unitOrModel guards short names: 3 M of cable, 5 LV, a code such as MK-2.
func (j *judge) unitOrModel(c *verdict) bool {
	if c.r.Tier == rules.List || c.m.Last-c.m.First != 1 || c.nameLength() > 3 || c.v.tokens[c.m.First].Script != fold.Word {
		return false
	}
	i := int(c.m.First)
	unit := j.s.units[fold.Fold(c.v.text.Seen[c.m.Start:c.m.End])]
	if unit && i > 0 && c.v.tokens[i-1].Digits && c.v.tokens[i].Gap&^(fold.GapSpace|fold.GapSoft) == 0 && c.v.tokens[i-1].Gap&^fold.GapSoft != 0 {
		return true // a number of its own, not the end of a code such as 751-001 HP
	}
	return i+1 < len(c.v.tokens) && c.v.tokens[i+1].Digits && c.v.tokens[i+1].Gap == fold.GapSoft
}

// useRisk sums how bad the use is if it is the rule.
func (j *judge) useRisk(c *verdict) Score {
	var s Score
	if c.r.Base > 0 {
		s.add("base of the rule", c.r.Base)
	} else {
		s.add("base", j.s.points["use."+string(c.r.Kind)+".base"])
	}
	j.position(&s, c)
	if c.r.Kind == rules.Trademark || c.r.Kind == rules.Generic {
		j.goods(&s, c)
	}
	switch {
	case c.r.Tier == rules.Register:
		s.add("register", j.point(c, "register"))
	case c.r.Tier == rules.List:
		s.add("your own list", j.point(c, "list"))
	case c.r.Fame == "famous" && c.r.Kind == rules.Trademark:
		s.add("famous", j.point(c, "famous"))
	}
	j.qualify(&s, c)
	j.bounds(&s, c)
	j.registerBounds(&s, c)
	s.limit()
	return s
}

// kindPoint names a use point of one kind of rule.
type kindPoint struct {
	kind rules.Kind
	name string
}

// kindPointsOf picks the points that a kind has for itself: use.gi.title.
func kindPointsOf(points map[string]int) map[kindPoint]int {
	out := map[kindPoint]int{}
	for k, n := range points {
		rest, ok := strings.CutPrefix(k, "use.")
		if kind, name, two := strings.Cut(rest, "."); ok && two {
			out[kindPoint{rules.Kind(kind), name}] = n
		}
	}
	return out
}

// point looks a use point up, the kind's own first.
func (j *judge) point(c *verdict, name string) int {
	return j.s.usePoints[usePoint{c.r.Kind, name}]
}

// usePoint names the points of a use of a rule of some kind.
type usePoint struct {
	kind rules.Kind
	name string
}

// usePointsOf resolves, once, which points count for each kind: those of the
// kind itself (use.generic.base) before those of any kind (use.base).
func usePointsOf(points map[string]int) map[usePoint]int {
	out := map[usePoint]int{}
	for _, kind := range append([]rules.Kind{""}, rules.Kinds...) {
		for key, n := range points {
			if name, ok := strings.CutPrefix(key, "use."); ok {
				out[usePoint{kind, name}] = n
			}
		}
		own := "use." + string(kind) + "."
		for key, n := range points {
			if name, ok := strings.CutPrefix(key, own); ok {
				out[usePoint{kind, name}] = n
			}
		}
	}
	return out
}

func (j *judge) position(s *Score, c *verdict) {
	switch c.v.field.Role {
	case Title:
		s.add("title", j.point(c, "title"))
		if c.m.First < 2 {
			s.add("opening", j.point(c, "opening"))
		}
	case Tags, Keywords, SEO:
		s.add("tags", j.point(c, "tags"))
	case Description, Bullet:
		s.add("description", j.point(c, "description"))
	case Brand:
		s.add("brand field", j.point(c, "brand"))
	}
}

func (j *judge) goods(s *Score, c *verdict) {
	switch c.rel {
	case sameClass:
		s.add("class same", j.point(c, "class same"))
	case relatedClass:
		s.add("class related", j.point(c, "class related"))
	case unrelatedClass:
		if c.r.Fame == "famous" && c.v.field.Role == Title {
			s.add("class unrelated, famous, title", j.point(c, "class unrelated, famous, title"))
		} else if c.r.Fame == "famous" {
			s.add("class unrelated, famous", j.point(c, "class unrelated, famous"))
		} else {
			s.add("class unrelated", j.point(c, "class unrelated"))
		}
	}
}

// qualify adds what the words around say.
func (j *judge) qualify(s *Score, c *verdict) {
	add := func(name string) { s.add(name, j.point(c, name)) }
	switch c.use {
	case UseImitation:
		add("imitation")
	case UseCounterfeit:
		add("counterfeit")
	case UseDisclaimer:
		add("disclaimer")
	case UseMention:
		if c.r.Component && c.cue == "" {
			add("component")
		} else {
			add("mention")
		}
	case UseGenuineClaim:
		add("genuine claim")
	case UseCompatibility:
		if c.fit == fullFit {
			add("compatible")
		} else {
			add("compatible in part")
		}
	}
	if c.curbed {
		add("compatible, weak")
	}
	if c.disguise {
		add("disguise")
	}
	if c.m.Form == match.Joined && c.glued() {
		add("glued")
	}
	if c.m.Form == match.Misspelt && c.rel == sameClass && int(c.m.Cost)*10 <= 6*match.Budget(c.nameLength()) {
		add("misspelt on purpose")
	}
	if c.softened {
		add("softened")
	}
	if c.worse {
		add("worse here")
	}
	if c.cured {
		add("cured by qualifier")
	}
	switch {
	case c.offGoods:
		add("other goods")
	case c.shelved && c.use == UsePlain:
		add("origin in the category")
	case c.origin && c.use == UsePlain:
		add("designation shown")
	}
}

// bounds are the hard rules, each named in the points.
func (j *judge) bounds(s *Score, c *verdict) {
	bound := func(kind, name string) {
		n := j.point(c, kind+": "+name)
		if kind == "floor" {
			s.floor(name, n)
		} else {
			s.ceiling(name, n)
		}
	}
	plainForm := c.m.Form <= match.Joined && !c.disguise
	known := c.r.Kind == rules.Trademark && c.r.Tier == rules.Curated
	mild := c.r.Base > 0 && c.r.Base < j.s.points["use."+string(c.r.Kind)+".base"] // the rule itself says its plain use is harmless
	switch {
	case c.use == UseCounterfeit:
		bound("floor", "counterfeit")
	case c.use == UseImitation && known:
		bound("floor", "imitation")
	case c.disguise && c.use != UseOrdinaryWord:
		bound("floor", "disguise")
	case c.use == UseCompatibility && c.fit == fullFit:
		bound("ceiling", "compatible")
		bound("floor", "compatible")
	case c.use == UseCompatibility:
		bound("ceiling", "compatible in part")
		bound("floor", "compatible")
	case c.use == UseDisclaimer:
		bound("ceiling", "disclaimer")
		bound("floor", "disclaimer")
	case c.use == UseMention:
		bound("ceiling", "mention")
	case (c.use == UsePlain || c.use == UseGenuineClaim) && known && plainForm && c.rel != unrelatedClass && !c.softened && !mild:
		bound("floor", "plain use")
	}
	if c.r.Tier == rules.List && c.m.Form <= match.Folded {
		bound("floor", "user term")
	}
}

// platform sums what the marketplace's own filter is known to do. Without a
// source there is no risk; without a date it stays below high.
func (j *judge) platform(c *verdict) Score {
	var s Score
	if c.use == UseOrdinaryWord && len(c.r.Enforcement) == 0 {
		return s
	}
	best := -1
	for i, e := range c.r.Enforcement {
		if c.use == UseOrdinaryWord && e.Pattern != "bare-word" {
			continue
		}
		if e.Source == "" || !j.soldOn(e.Marketplace) || best >= 0 && e.Risk <= c.r.Enforcement[best].Risk {
			continue
		}
		best = i
	}
	if best < 0 {
		return s
	}
	e := c.r.Enforcement[best]
	risk := e.Risk
	if risk == 0 {
		risk = j.s.points["platform.listed"]
	}
	s.add(e.Marketplace+" "+e.How, risk)
	if e.On == "" || e.Risk == 0 {
		s.ceiling("undocumented", j.s.points["platform.ceiling: undocumented"])
	}
	s.limit()
	return s
}

func (j *judge) soldOn(marketplace string) bool {
	if len(j.s.opt.Marketplaces) == 0 {
		return j.listing.Marketplace == marketplace
	}
	for _, m := range j.s.opt.Marketplaces {
		if m == marketplace {
			return true
		}
	}
	return false
}
