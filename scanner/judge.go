package scanner

import (
	"slices"

	"prescreen/rules"
	"prescreen/scanner/match"
)

// judge decides the mentions of one listing.
type judge struct {
	s         *Scanner
	listing   *Listing
	views     []*fieldView
	registers *registerReader
	classes   goodsOf
	fits      map[int32]where // rules that the listing names as what its goods fit
}

// verdict is one mention under judgement.
type verdict struct {
	m        *mention
	v        *fieldView
	r        *rules.Rule
	w        *ruleWords
	rel      relation
	apart    bool // goods words say another class, though no category does
	use      Use
	fit      fit    // how complete a compatibility use is
	cue      string // the cue that decided the use, as the text has it
	loose    bool   // what says it fits is a weak cue, or none
	curbed   bool   // the compatibility formula is weak here: fashion, jewellery, food
	generic  bool   // stands in a phrase in which it is an ordinary word
	softened bool
	cured    bool
	worse    bool
	offGoods bool // a geographical name away from the goods it protects
	origin   bool // the text shows the designation of origin
	shelved  bool // the category names the origin
	disguise bool
	formName Form // see form
}

// fit grades a compatibility use.
type fit uint8

const (
	noFit   fit = iota
	fullFit     // cue and mark, with a part or accessory
	partFit     // accessory without cue, or "X compatible"
	weakFit     // cue before a fashion, jewellery or food brand
)

// judgeAll judges every mention, in field order.
func (j *judge) judgeAll(res *Result) {
	for _, v := range j.views {
		j.s.touch(v)
	}
	j.readFits()
	n := 0
	for _, v := range j.views {
		n += len(v.mentions)
	}
	res.Findings = make([]Finding, 0, n)
	for _, v := range j.views {
		if len(j.s.opt.Fields) > 0 && !slices.Contains(j.s.opt.Fields, v.field.Role) {
			continue
		}
		for k := range v.mentions {
			res.Findings = j.judgePlace(res.Findings, v, &v.mentions[k])
		}
	}
}

// judgePlace appends what stands at one place of a field: the mention, or, where
// that is an ordinary phrase, the shorter names inside it. "Stanley Cup tumbler"
// is no ice hockey, and Stanley all the same.
func (j *judge) judgePlace(fs []Finding, v *fieldView, m *mention) []Finding {
	f, ok := j.judge(v, m)
	if ok && f.Use != UseOrdinaryWord {
		return append(fs, f)
	}
	n := len(fs)
	for i := range m.inside {
		if in, ok := j.judge(v, &m.inside[i]); ok && in.Use != UseOrdinaryWord && !overlaps(fs[n:], in.Span) {
			fs = append(fs, in)
		}
	}
	if len(fs) == n && ok {
		return append(fs, f)
	}
	return fs
}

// sourceOf says what a rule rests on, and whether somebody looked it up.
func (s *Scanner) sourceOf(r *rules.Rule) string {
	switch {
	case r.Source == "common knowledge":
		return s.lang.Say("judge.source.common")
	case r.VerifiedOn != "":
		return s.lang.Say("judge.source.opened", "source", r.Source, "date", r.VerifiedOn)
	}
	return r.Source
}

func overlaps(fs []Finding, s Span) bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Span.Start < s.End && s.Start < f.Span.End })
}

// judge scores one mention. ok is false when the rule does not apply at all.
func (j *judge) judge(v *fieldView, m *mention) (f Finding, ok bool) {
	if m.entry != nil && !j.stand(m) {
		return f, false
	}
	r := j.s.ruleOf(m)
	c := verdict{m: m, v: v, r: r, w: j.s.wordsOf(m.rule)}
	if !j.applies(&c) {
		return f, false
	}
	c.rel, c.apart = j.s.relate(r, j.classes)
	c.generic = j.s.neverHere(v, m)
	c.disguise = disguised(m.Form) || m.Form == match.Split && m.Cost == 0 && m.Last-m.First > 1 && !spacedOnly(v, m)
	c.generic = c.generic || j.otherSense(&c)
	j.readContexts(&c)
	j.readUse(&c)
	if !j.credible(&c) || c.saidByBrand() {
		return f, false
	}
	certainty := j.certainty(&c)
	use := j.useRisk(&c)
	platform := j.platform(&c)
	f = Finding{
		Rule: r.ID, Mark: r.Mark, Kind: string(r.Kind), Right: string(r.Right), Owner: r.Owner, Number: r.Number, Status: r.Status, Source: j.s.sourceOf(r), Classes: r.Classes, entry: m.entry,
		Field: v.index, Role: v.field.Role, Column: v.field.Column, Row: v.field.Row,
		Form: c.form(), Use: c.use, Certainty: certainty, UseRisk: use, Platform: platform,
	}
	start, end := v.text.Origin(int(m.Start), int(m.End))
	f.Span, f.Text = Span{start, end}, v.field.Text[start:end]
	for _, a := range m.also {
		f.Also = append(f.Also, Also{j.s.set.Rules[a].ID, j.s.set.Rules[a].Mark})
	}
	j.alsoHeld(&f, m)
	slices.SortFunc(f.Also, func(a, b Also) int { return compareStrings(a.Rule, b.Rule) })
	j.explain(&f, &c)
	return f, true
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// form names the form, once.
func (c *verdict) form() Form {
	if c.formName == "" {
		c.formName = c.nameForm()
	}
	return c.formName
}

// nameForm names the form: plain writing of another name is an alias. Another
// name that differs from the mark in spaces and accents only is none.
func (c *verdict) nameForm() Form {
	if m := c.m; m.pattern.alias && m.Form <= match.Folded && foldPhrase(m.pattern.text) != foldPhrase(c.r.Mark) {
		return Form(match.Alias.String())
	}
	return Form(c.m.Form.String())
}

// disguised tells whether a form hides the name on purpose.
func disguised(f match.Form) bool {
	switch f {
	case match.Invisible, match.Lookalike, match.SpelledOut, match.Repeated, match.Leet, match.Masked:
		return true
	}
	return false
}

// spacedOnly tells whether the parts of a split name stand apart by spaces or
// hyphens only, which may be a slip rather than a disguise.
func spacedOnly(v *fieldView, m *mention) bool {
	for i := m.First + 1; i < m.Last; i++ {
		if v.tokens[i].Gap&^(1|2) != 0 { // fold.GapSpace, fold.GapSoft
			return false
		}
	}
	return true
}

// plainWords tells whether the name was put together from plain words, or taken
// out of some.
func (m *mention) plainWords() bool { return m.Form != match.Misspelt && m.Cost == match.PlainWords }

// credible says whether a doubtful spelling is worth showing. A misspelt mark of
// other goods is not, nor one that is an ordinary word too without goods of its
// own. A name made of plain words needs goods of its own; product lines are made
// of them too often (paper white), and only of marks that are ordinary words the
// evidence is weighed further (pandoracharm).
func (j *judge) credible(c *verdict) bool {
	switch {
	case c.m.plainWords() && c.m.Form == match.Joined:
		return c.r.Ordinary != nil && c.rel == sameClass && c.gluedToGoods()
	case c.m.plainWords():
		return !c.m.pattern.alias && c.rel == sameClass
	case c.m.Form != match.Misspelt:
		return true
	case c.r.Ordinary != nil:
		return c.rel == sameClass
	}
	return c.rel != unrelatedClass
}

// gluedToGoods tells whether the rest of the name's token is goods of its
// classes, or a word known to stand beside it.
func (c *verdict) gluedToGoods() bool {
	for _, h := range c.v.goods {
		if h.glued && h.first == c.m.First && h.classes.hasAny(c.r.Classes) {
			return true
		}
	}
	t := c.v.tokens[c.m.First]
	rest := c.v.text.Seen[t.Start:c.m.Start] + c.v.text.Seen[c.m.End:t.End]
	return slices.Contains(c.w.strong, foldPhrase(rest))
}

// readContexts reads what the rule itself says about the words around.
func (j *judge) readContexts(c *verdict) {
	_, c.softened = c.v.nearAny(c.w.soften, c.m, 3)
	if len(c.w.ordinary) > 0 && !c.generic {
		_, c.generic = c.v.nearAny(c.w.ordinary, c.m, 3)
	}
	if len(c.w.worse) > 0 {
		c.worse = j.aboutGoods(c, c.w.worse)
	}
	if c.r.Kind == rules.GI && len(c.w.goods) > 0 && !c.generic {
		_, c.origin = j.cueAnywhere(cueOrigin)
		c.origin = c.origin || c.v.vintage()
		c.shelved = j.shelvedAs(c)
		c.offGoods = !j.aboutGoods(c, c.w.goods) && !(c.rel == sameClass && j.classes.category != 0)
		if j.served(c) && !(c.rel == sameClass && j.classes.category != 0) {
			c.offGoods = true // glasses for Rioja
		}
		if _, ok := j.cueBeside(c, cueSubstitute); ok {
			c.offGoods, c.origin, c.shelved = false, false, false // vegan Parmigiano is sold as the cheese
		}
	}
}

// applies tells whether the rule is meant for this field, language,
// marketplace and kind of goods at all.
func (j *judge) applies(c *verdict) bool {
	x := &c.r.Contexts
	switch {
	case len(x.Fields) > 0 && !slices.Contains(x.Fields, string(c.v.field.Role)):
		return false
	case len(x.Marketplaces) > 0 && !slices.ContainsFunc(x.Marketplaces, j.soldOn):
		return false
	case len(x.Languages) > 0 && !slices.Contains(x.Languages, j.language(c.v)):
		return false
	}
	return len(c.w.notIn) == 0 || !j.aboutGoods(c, c.w.notIn)
}

// vintage tells whether the field names a year, as a bottle of its own origin does.
func (v *fieldView) vintage() bool {
	for _, t := range v.tokens {
		if s := v.text.Seen[t.Start:t.End]; t.Digits && len(s) == 4 && (s[:2] == "19" || s[:2] == "20") {
			return true
		}
	}
	return false
}

// cueAnywhere finds a cue of the kind in any field.
func (j *judge) cueAnywhere(kind cueKind) (string, bool) {
	for _, v := range j.views {
		for _, h := range v.cues {
			if h.cue.kind == kind {
				return v.words(h.first, h.last), true
			}
		}
	}
	return "", false
}

// shelvedAs tells whether the category itself names the origin, as a wine
// merchant's does: wine > Italy > Tuscany > Chianti.
func (j *judge) shelvedAs(c *verdict) bool {
	category := " " + foldPhrase(j.listing.Category) + " "
	for i := range c.r.Aliases {
		if containsPhrase(category, foldPhrase(c.r.Aliases[i].Text)) {
			return true
		}
	}
	return containsPhrase(category, foldPhrase(c.r.Mark)) || containsPhrase(category, foldPhrase(c.v.text.Seen[c.m.Start:c.m.End]))
}

// eaten are the classes of food and drink.
const eaten classSet = 1<<29 | 1<<30 | 1<<31 | 1<<32 | 1<<33

// served tells whether the title names what food and drink are served with,
// and the rule stands for food or drink only: glasses for Rioja are other goods.
func (j *judge) served(c *verdict) bool {
	if len(c.r.Classes) == 0 && (j.classes.title|j.classes.category)&eaten == 0 || classesOf(c.r)&^eaten != 0 {
		return false
	}
	for _, v := range j.views {
		for i := range v.cues {
			if h := &v.cues[i]; v.field.Role == Title && h.cue.kind == cueWare && !(v == c.v && inside(h, c.m)) && !c.isGoods(v, h) {
				return true
			}
		}
	}
	return false
}

// aboutGoods tells whether the category, the title, the tags or the field of
// the mention speak of one of the goods. A description of other goods may name
// them in passing.
func (j *judge) aboutGoods(c *verdict, goods []string) bool {
	category := " " + foldPhrase(j.listing.Category) + " "
	for _, g := range goods {
		if containsPhrase(category, g) {
			return true
		}
		for _, v := range j.views {
			if (v == c.v || v.field.Role == Title || v.field.Role == Tags || v.field.Role == Keywords) && v.has2(g) {
				return true
			}
		}
	}
	return false
}

// stuffing adds its point to the worst finding of every field that holds three
// or more distinct marks.
func (j *judge) stuffing(fs []Finding) {
	for first := 0; first < len(fs); {
		last := first
		marks := map[string]bool{}
		worst := -1
		for ; last < len(fs) && fs[last].Field == fs[first].Field; last++ {
			f := &fs[last]
			if f.Kind != string(rules.Trademark) && f.Kind != string(rules.Character) || f.Use == UseOrdinaryWord || f.Use == UseMention || f.Excused != "" {
				continue
			}
			marks[f.Mark] = true
			if worst < 0 || f.Certainty.Points*f.UseRisk.Points > fs[worst].Certainty.Points*fs[worst].UseRisk.Points {
				worst = last
			}
		}
		if len(marks) >= 3 && fs[worst].Use != UseCompatibility {
			fs[worst].UseRisk.add("keyword stuffing", j.s.points["use.keyword stuffing"])
			fs[worst].UseRisk.limit()
		}
		first = last
	}
}

// finish sets what follows from the three sums.
func (j *judge) finish(f *Finding) {
	f.Rights = (f.Certainty.Points*f.UseRisk.Points + 50) / 100
	f.Level = j.s.opt.Levels.level(max(f.Rights, f.Platform.Points))
	if f.Excused != "" {
		f.Level = None
	}
	f.Fingerprint = fingerprint(j.listing, f)
	if !j.s.opt.NoExplain {
		j.phrase(f)
	}
}
