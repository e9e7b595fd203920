package scanner

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// registered is what a mention that comes from a pack has beyond others.
type registered struct {
	pack    *Pack
	phrase  uint32
	gate    gate
	signals signal
	pattern patternOf
	*entry
}

// entry is which of a phrase's marks is meant where goods of certain classes
// are sold.
type entry struct {
	rule  *rules.Rule // nil: none
	facts string      // the sentences to look it up by; whether others have the same words
	own   string      // the sentences where it is the listing's own brand, facts included
	alias bool        // the phrase is another name of the mark
}

// registerReader finds the phrases of packs in one listing after another and
// remembers which entries they turned out to be; the memory is cleared when
// full and changes no answer. It belongs to one screener.
type registerReader struct {
	packs   []*Pack
	keys    *match.RegisterKeys
	hits    []match.RegisterHit
	tokens  []fold.Token // scratch
	found   []mention    // of one field
	claimed []int32      // phrases that are all of a brand field of the listing
	entries map[entryKey]*entry
	names   map[int32]string // texts of phrases
	most    int
}

type entryKey struct {
	phrase int32 // as registerRule numbers them
	goods  goodsOf
}

func newRegisterReader(opt *Options) *registerReader {
	if len(opt.Registers) == 0 {
		return nil
	}
	return &registerReader{packs: opt.Registers, keys: match.NewRegisterKeys(fold.Keys, opt.Memo), entries: map[entryKey]*entry{}, names: map[int32]string{}, most: opt.Memo / 4}
}

// begin looks at what brands a listing claims.
func (r *registerReader) begin(fields []Field) {
	if r == nil {
		return
	}
	r.claimed = r.claimed[:0]
	for i := range fields {
		if fields[i].Role != Brand {
			continue
		}
		text := fold.See(fields[i].Text)
		r.tokens = fold.Tokens(r.tokens[:0], text.Seen)
		r.keys.Read(text.Seen, r.tokens)
		for n, p := range r.packs {
			r.hits = p.table.Find(r.hits[:0], r.keys)
			for _, h := range r.hits {
				if int(h.Last-h.First) == len(r.tokens) {
					r.claimed = append(r.claimed, registerRule(n, h.Phrase))
				}
			}
		}
	}
}

// read finds the mentions of every pack in the field whose tokens are given,
// those that the phrase's gate and the field let through. They are good until
// the next read.
func (r *registerReader) read(v *fieldView, tokens []fold.Token) []mention {
	if r == nil || len(tokens) == 0 {
		return nil
	}
	r.found = r.found[:0]
	r.keys.Read(v.text.Seen, tokens)
	for n, p := range r.packs {
		r.hits = p.table.Find(r.hits[:0], r.keys)
		for _, h := range r.hits {
			g, rule := p.gate(h.Phrase), registerRule(n, h.Phrase)
			s, ok := r.admits(v, tokens, p, h, g, rule)
			if !ok {
				continue
			}
			if m, ok := r.mention(v, tokens, p, h, rule); ok {
				m.entry.gate, m.entry.signals = g, s
				r.found = append(r.found, m)
			}
		}
	}
	return r.found
}

// admits gives the signals around a hit, and whether its gate may let it
// through with them; only the goods are not looked at yet. What costs more is
// looked at later.
func (r *registerReader) admits(v *fieldView, tokens []fold.Token, p *Pack, h match.RegisterHit, g gate, rule int32) (signal, bool) {
	s := v.signalsOf(tokens, h)
	if slices.Contains(r.claimed, rule) {
		s |= signalClaimed
	}
	if !g.passes(s, signalClass|signalCapital) {
		return s, false
	}
	if v.capitalised(tokens, h) {
		s |= signalCapital
	}
	return s, g.passes(s, signalClass)
}

// MostRegisters is how many packs a Scanner takes: the number of a phrase and
// that of its pack share 31 bits.
const MostRegisters = 16

// registerRule numbers the phrases of all packs below zero, so that they meet
// no rule of the set.
func registerRule(pack int, phrase uint32) int32 { return ^int32(uint32(pack)<<27 | phrase&(1<<27-1)) }

// signalsOf looks at where in the field a hit stands.
func (v *fieldView) signalsOf(tokens []fold.Token, h match.RegisterHit) signal {
	if v.field.Role == Brand {
		if int(h.Last-h.First) == len(tokens) {
			return signalBrand
		}
		return 0
	}
	if v.field.Role == Title && h.First == 0 {
		return signalOpening
	}
	return 0
}

// capitalised tells whether the hit is set off by capitals: in running text
// within a sentence, or all in capitals where little else is.
func (v *fieldView) capitalised(tokens []fold.Token, h match.RegisterHit) bool {
	start, end := tokens[h.First].Start, tokens[h.Last-1].End
	text := v.text.Seen[start:end]
	if text[0] < 'A' || text[0] > 'Z' {
		return false
	}
	caps := v.capitalsOf(tokens)
	if len(text) >= 3 && strings.ToUpper(text) == text && caps.mixed() {
		return true
	}
	return caps.running() && h.First > 0 && tokens[h.First].Gap&fold.GapStop == 0
}

// mention compares a hit with the text of its phrase and makes a mention of it.
func (r *registerReader) mention(v *fieldView, tokens []fold.Token, p *Pack, h match.RegisterHit, rule int32) (mention, bool) {
	name := r.name(p, h.Phrase, rule)
	form, ok := r.spelling(v.text.Seen, tokens[h.First:h.Last], name)
	if !ok || !standsAlone(tokens, h) {
		return mention{}, false
	}
	e := &registered{pack: p, phrase: h.Phrase, pattern: patternOf{kind: rulePattern, text: name}}
	return mention{
		Match:   match.Match{Pattern: -1, Start: tokens[h.First].Start, End: tokens[h.Last-1].End, First: h.First, Last: h.Last, Form: form},
		pattern: &e.pattern, rule: rule, entry: e,
	}, true
}

// name is the text of a phrase, remembered: reading one costs a call of the
// system.
func (r *registerReader) name(p *Pack, phrase uint32, rule int32) string {
	if name, ok := r.names[rule]; ok {
		return name
	}
	name := p.phraseText(phrase)
	if len(r.names) >= r.most {
		clear(r.names)
	}
	if r.most > 0 {
		r.names[rule] = name
	}
	return name
}

// spelling tells in which form the tokens of seen spell name, if they do: a
// hit is only the word of a hash.
func (r *registerReader) spelling(seen string, tokens []fold.Token, name string) (match.Form, bool) {
	r.tokens = fold.Tokens(r.tokens[:0], name)
	parts := r.tokens
	if len(parts) != len(tokens) {
		form := match.Folded // an apostrophe more: Kellogg's
		if len(tokens) == 1 {
			form = match.Joined
		}
		return form, unspacedKey(seen, tokens) == unspacedKey(name, parts)
	}
	form := match.Exact
	for i, t := range tokens {
		f, ok := r.tokenForm(seen[t.Start:t.End], name[parts[i].Start:parts[i].End])
		if !ok {
			return 0, false
		}
		form = max(form, f)
	}
	return form, true
}

// unspacedKey is the folded key of tokens written as one word.
func unspacedKey(text string, tokens []fold.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(fold.Fold(text[t.Start:t.End]))
	}
	return b.String()
}

// tokenForm tells in which form raw spells the token part of a name.
func (r *registerReader) tokenForm(raw, part string) (match.Form, bool) {
	if raw == part {
		return match.Exact, true
	}
	if asciiText(raw) && asciiText(part) {
		return match.Folded, strings.EqualFold(raw, part)
	}
	key := fold.Fold(part)
	if fold.Fold(raw) != key {
		return match.Lookalike, r.keys.Unmixed(raw, key)
	}
	_, traits := fold.Reduce(raw)
	switch {
	case traits&fold.Hidden != 0:
		return match.Invisible, true
	case traits&fold.Pictured != 0:
		return match.Lookalike, true
	}
	return match.Folded, true
}

// standsAlone tells whether a hit in a script without spaces is bounded on
// both sides, or long enough to be no part of an ordinary phrase.
func standsAlone(tokens []fold.Token, h match.RegisterHit) bool {
	first, last := tokens[h.First], tokens[h.Last-1]
	if first.Script == fold.Word && last.Script == fold.Word {
		return true
	}
	if h.Last-h.First >= 5 {
		return true
	}
	before := h.First > 0 && first.Gap == 0 && tokens[h.First-1].Script == first.Script
	after := int(h.Last) < len(tokens) && tokens[h.Last].Gap == 0 && tokens[h.Last].Script == last.Script
	return !before && !after
}

// addRegistered keeps, of the packs' mentions, those that overlap nothing
// better: what the rules found, and longer ones.
func (v *fieldView) addRegistered(ms []mention) {
	if len(ms) == 0 {
		return
	}
	slices.SortFunc(ms, func(a, b mention) int {
		return cmp.Or(cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Start, b.Start), cmp.Compare(b.rule, a.rule))
	})
	for _, m := range ms {
		k := overlapping(v.mentions, m)
		if k < 0 {
			v.mentions = append(v.mentions, m)
			continue
		}
		kept := &v.mentions[k]
		if kept.Start <= m.Start && m.End <= kept.End && kept.entry != nil {
			kept.held = append(kept.held, m)
		}
	}
	slices.SortFunc(v.mentions, func(a, b mention) int { return cmp.Compare(a.Start, b.Start) })
}

// noWords are the context phrases of a mark of a pack: none.
var noWords ruleWords

// ruleOf is the rule a mention is of.
func (s *Scanner) ruleOf(m *mention) *rules.Rule {
	if m.entry != nil {
		return m.entry.rule
	}
	return &s.set.Rules[m.rule]
}

// mostEntries bounds how many marks of the same words are compared.
const mostEntries = 256

// identify settles which of the phrase's marks is meant and whether the listing
// as a whole speaks for the mark.
func (j *judge) identify(m *mention) bool {
	e, r := m.entry, j.registers
	key := entryKey{m.rule, j.classes}
	if e.pack.countPostings(e.phrase) == 1 {
		key.goods = goodsOf{} // nothing to choose between
	}
	known, ok := r.entries[key]
	if !ok {
		known = j.choose(e)
		if len(r.entries) >= r.most {
			clear(r.entries)
		}
		if r.most > 0 {
			r.entries[key] = known
		}
	}
	e.entry = known
	if e.rule == nil {
		return false
	}
	m.pattern.alias = e.alias
	rel, apart := j.s.relate(e.rule, j.classes)
	switch {
	case rel == sameClass:
		e.signals |= signalClass
	case rel == unrelatedClass || apart:
		e.signals |= signalApart
	}
	if e.signals&signalClaimed != 0 && m.Form <= match.Folded && j.quiet() && !(e.signals&signalBrand != 0 && rel == sameClass) {
		return false // plainly the listing's own brand: its brand field says so once, where it is registered for such goods
	}
	return e.gate.passes(e.signals, 0)
}

// stand identifies m, or where nothing speaks for it the longest mention that
// stands inside it.
func (j *judge) stand(m *mention) bool {
	for !j.identify(m) {
		if len(m.held) == 0 {
			return false
		}
		held := m.held
		*m = held[0]
		m.held = held[1:]
	}
	return true
}

// alsoHeld adds the marks of packs that stand inside m and are let through.
func (j *judge) alsoHeld(f *Finding, m *mention) {
	for i := range m.held {
		h := &m.held[i]
		if h.Start < m.Start || h.End > m.End || !j.identify(h) {
			continue
		}
		also := Also{h.entry.rule.ID, h.entry.rule.Mark}
		if also.Rule != f.Rule && also.Mark != f.Mark && !slices.Contains(f.Also, also) {
			f.Also = append(f.Also, also)
		}
	}
}

// quiet tells whether no field speaks of copies, fits and the like.
func (j *judge) quiet() bool {
	for _, v := range j.views {
		if len(v.cues) > 0 {
			return false
		}
	}
	return true
}

// choose picks, of the marks of a phrase, the one whose classes fit the goods
// best, then a registration before an application, then the first number.
func (j *judge) choose(e *registered) *entry {
	best, rank, n := uint32(0), -1, 0
	for i := range e.pack.postings(e.phrase) {
		if n++; n > mostEntries {
			break
		}
		if r := j.fitness(e.pack, i); r > rank {
			best, rank = i, r
		}
	}
	if rank < 0 {
		return &entry{}
	}
	mark := e.pack.mark(best)
	facts := j.s.factsOf(&mark)
	if others := e.pack.countPostings(e.phrase) - 1; others > 0 {
		facts += " " + j.s.lang.Say("register.others", "count", others)
	}
	own := j.s.lang.Say("register.own", "mark", mark.Text, "owner", firstText(mark.Owner, j.s.lang.Say("judge.owner.unknown")))
	return &entry{rule: e.pack.ruleFor(&mark), facts: facts, own: own + " " + facts, alias: foldPhrase(e.pattern.text) != foldPhrase(mark.Text)}
}

// fitness ranks a mark by how its classes fit the goods, then by its status.
func (j *judge) fitness(p *Pack, mark uint32) int {
	classes, status := p.standing(mark)
	r := rules.Rule{Classes: classes}
	rel, _ := j.s.relate(&r, j.classes)
	rank := 2 * [...]int{sameClass: 3, relatedClass: 2, unknownClass: 1, unrelatedClass: 0}[rel]
	if status == "pending" {
		return rank
	}
	return rank + 1
}

// OrdinaryText tells whether text is made of ordinary words and digits alone:
// what rules import --minus-ordinary drops.
func OrdinaryText(text string) bool {
	tokens := fold.Tokens(nil, text)
	for _, t := range tokens {
		if t.Script != fold.Word || !t.Digits && !ordinaryWord(fold.Fold(text[t.Start:t.End])) {
			return false
		}
	}
	return len(tokens) > 0
}

// RegisterRuleID is the id under which findings name an entry of a register:
// register and number, or its words where it has no number.
func RegisterRuleID(m *rules.Mark) string {
	if m.Application == "" {
		return "register-" + strings.ToLower(m.Register) + "-" + strings.ReplaceAll(foldPhrase(m.Text), " ", "-")
	}
	return "register-" + strings.ToLower(m.Register+"-"+m.Application)
}

// ruleFor makes the rule of one mark.
func (p *Pack) ruleFor(m *rules.Mark) *rules.Rule {
	return &rules.Rule{
		ID: RegisterRuleID(m), Mark: m.Text, Kind: rules.Trademark, Right: rules.RightTrademark, Owner: m.Owner,
		Classes: m.Classes, Status: m.Status, Tier: rules.Register, Pack: p.info.Name, Number: m.Number(), Source: m.Register,
	}
}

// registerCertainty is how sure it is that words of a register are meant as
// the mark: a coined phrase all but says so, a word of the dictionary has to
// bring evidence.
func (j *judge) registerCertainty(c *verdict) Score {
	var s Score
	e := c.m.entry
	name := e.gate.sureness()
	s.add(name, j.s.points["certainty."+name])
	if name == "register word" {
		j.goodsEvidence(&s, c)
		j.caseEvidence(&s, c)
		if e.ownBrand() {
			s.add("brand field", j.s.points["certainty.brand field"])
		}
	}
	form := string(c.form())
	s.ceiling(form, j.s.points["certainty."+form])
	if j.unitOrModel(c) {
		s.add("unit or model", j.s.points["certainty.unit or model"])
	}
	s.limit()
	return s
}

// The points that bound plain uses.
const (
	ceilingOwnBrand   = "ceiling: its own brand"
	ceilingOtherGoods = "ceiling: goods not known to be its own"
)

// registerBounds keeps plain uses below medium where a register cannot tell a
// stranger's mark from the seller's own: it is the brand the listing claims, or
// nothing says that the goods are those of the mark.
func (j *judge) registerBounds(s *Score, c *verdict) {
	e := c.m.entry
	if e == nil || c.disguise || c.use != UsePlain && c.use != UseGenuineClaim {
		return
	}
	switch {
	case e.ownBrand():
		s.ceiling("its own brand", j.point(c, ceilingOwnBrand))
	case c.rel != sameClass:
		s.ceiling("goods not known to be its own", j.point(c, ceilingOtherGoods))
	}
}

// saidByBrand tells whether a plain use only says again what the finding in
// the listing's brand field says.
func (c *verdict) saidByBrand() bool {
	e := c.m.entry
	return e != nil && e.signals&signalClaimed != 0 && c.v.field.Role != Brand &&
		!c.disguise && (c.use == UsePlain || c.use == UseGenuineClaim)
}

// registerWhy is the reason of a finding of a register: the reason given for
// any mark, or that it is the listing's own brand, and what a reader needs to
// look the entry up.
func (j *judge) registerWhy(f *Finding, plain func() string) string {
	e := f.entry
	if e == nil {
		return plain()
	}
	if !e.ownBrand() || f.Use != UsePlain {
		return plain() + " " + e.facts
	}
	return e.own
}

// factsOf is the sentence that says where in the register a mark stands.
func (s *Scanner) factsOf(m *rules.Mark) string {
	classes := make([]string, len(m.Classes))
	for i, c := range m.Classes {
		classes[i] = strconv.Itoa(c)
	}
	return sentence(s.lang.Say("register.facts", "register", strings.ToUpper(m.Register), "number", firstText(m.Number(), "-"),
		"status", s.lang.Say("register.status."+firstText(m.Status, "unknown")),
		"classes", firstText(strings.Join(classes, ", "), "-"), "owner", firstText(m.Owner, "-")))
}

// ownBrand tells whether the listing's brand field is or names the mark.
func (e *registered) ownBrand() bool { return e.signals&(signalBrand|signalClaimed) != 0 }

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
