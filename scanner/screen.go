package scanner

import (
	"cmp"
	"slices"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// screener is what one goroutine needs to screen: the matcher's memo and
// scratch. Nothing in it changes an answer.
type screener struct {
	s          *Scanner
	finder     *match.Finder
	registers  *registerReader // nil without packs
	categories map[string]classSet

	// scratch of one listing
	tokens   []fold.Token // of all its fields, one after another
	views    []fieldView
	order    []*fieldView
	mentions []mention
}

func (s *Scanner) newScreener() *screener {
	return &screener{s: s, finder: s.machine.NewFinder(s.opt.Memo), registers: newRegisterReader(&s.opt), categories: map[string]classSet{}}
}

// Screen judges one listing. It is pure: the same listing, rules and options
// give the same result. For many listings use Run, which keeps what it learns
// about words between listings.
func (s *Scanner) Screen(l Listing) Result {
	return s.newScreener().screen(l)
}

func (w *screener) screen(l Listing) Result {
	res := Result{Listing: l}
	w.screenInto(&res)
	return res
}

// screenInto screens the listing of res, which holds nothing else yet. What
// surrounds a name is looked at only where there is a name.
func (w *screener) screenInto(res *Result) {
	fields := res.Listing.Fields
	views := w.viewsOf(fields)
	w.registers.begin(fields)
	found := false
	for i := range fields {
		if complete := w.look(views[i], &fields[i], i); !complete {
			res.Notes = append(res.Notes, "more matches than a report can hold in column "+fields[i].Column)
		}
		found = found || len(views[i].mentions) > 0
	}
	if !found {
		return
	}
	for _, v := range views {
		w.lookAround(v)
	}
	j := &judge{s: w.s, listing: &res.Listing, views: views, registers: w.registers, classes: w.classesOf(&res.Listing, views)}
	j.judgeAll(res)
	j.stuffing(res.Findings)
	for i := range res.Findings {
		j.finish(&res.Findings[i])
	}
	res.Settle()
	if w.s.opt.AsOf != "" {
		w.s.Season(res, w.s.opt.AsOf)
	}
}

// viewsOf clears the scratch and gives a view for each field.
func (w *screener) viewsOf(fields []Field) []*fieldView {
	for len(w.views) < len(fields) {
		w.views = append(w.views, make([]fieldView, len(fields)-len(w.views))...)
	}
	w.tokens, w.order = w.tokens[:0], w.order[:0]
	for i := range fields {
		w.views[i].reset()
		w.order = append(w.order, &w.views[i])
	}
	return w.order
}

// Settle sets the listing's level and risks from its findings; excused ones do
// not count.
func (r *Result) Settle() {
	r.Level, r.Rights, r.Platform = None, 0, 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Excused == "" {
			r.Level = max(r.Level, f.Level)
			r.Rights, r.Platform = max(r.Rights, f.Rights), max(r.Platform, f.Platform.Points)
		}
	}
}

// look finds the mentions in one field. complete is false when there were too
// many to report.
func (w *screener) look(v *fieldView, f *Field, index int) (complete bool) {
	v.field, v.index, v.text = f, index, fold.See(f.Text)
	first := len(w.tokens)
	w.tokens = fold.Tokens(w.tokens, v.text.Seen)
	v.tokens = w.tokens[first:len(w.tokens):len(w.tokens)]
	found, complete := w.finder.Find(v.text.Seen, v.tokens)
	marks := w.registers.read(v, v.tokens)
	if len(found) == 0 && len(marks) == 0 {
		return complete
	}
	ms := w.mentions[:0]
	for _, m := range found {
		p := &w.s.patterns[m.Pattern]
		if p.exact && !p.capitalised(v.text.Seen[m.Start:m.End]) {
			continue
		}
		if p.tail != "" && strings.HasPrefix(v.text.Seen[m.End:], p.tail) {
			m.End += int32(len(p.tail))
		}
		ms = append(ms, mention{Match: m, pattern: p, rule: p.index})
	}
	w.mentions = ms
	v.mentions = w.settle(v, ms)
	v.addRegistered(marks)
	return complete
}

// capitalised tells whether text is the name with the capitals it must have, be
// it in another shape of letter, with invisible characters between, or in the possessive.
func (p *patternOf) capitalised(text string) bool {
	if text == p.text {
		return true
	}
	if rest, ok := strings.CutPrefix(text, p.text); ok {
		return rest == "'s" || rest == "’s"
	}
	return fold.Shown(text) == p.text
}

// lookAround finds the cues and the goods words of one field.
func (w *screener) lookAround(v *fieldView) {
	found, _ := w.finder.FindContext(v.text.Seen, v.tokens)
	for _, m := range found {
		switch p := &w.s.patterns[m.Pattern]; p.kind {
		case cuePattern:
			v.cues = append(v.cues, cueHit{&w.s.cues[p.index], m.First, m.Last})
		case goodsPattern:
			v.goods = append(v.goods, goodsHit{classes: p.goods, lang: p.lang, first: m.First, last: m.Last})
		}
	}
	v.cues = longestCues(v.cues)
	for i := range v.mentions {
		w.lookInside(v, &v.mentions[i])
	}
}

// lookInside finds the goods glued to a name: supremehoodie.
func (w *screener) lookInside(v *fieldView, m *mention) {
	if m.Form != match.Joined || m.Last-m.First != 1 {
		return
	}
	t := v.tokens[m.First]
	for _, rest := range []string{v.text.Seen[t.Start:max(t.Start, m.Start)], v.text.Seen[min(t.End, m.End):t.End]} {
		if rest == "" {
			continue
		}
		tokens := fold.Tokens(nil, rest)
		found, _ := w.finder.FindContext(rest, tokens)
		for _, h := range found {
			if p := &w.s.patterns[h.Pattern]; p.kind == goodsPattern && int(h.Last-h.First) == len(tokens) {
				v.goods = append(v.goods, goodsHit{classes: p.goods, lang: p.lang, first: m.First, last: m.Last, glued: true})
			}
		}
	}
}

// longestCues drops cues that stand inside a longer one of another kind: "like
// new" is no "like". Cues of one kind do not contradict one another.
func longestCues(cues []cueHit) []cueHit {
	slices.SortStableFunc(cues, func(a, b cueHit) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(b.last, a.last))
	})
	out := cues[:0]
	for _, c := range cues {
		if n := len(out); n > 0 && c.cue.kind != out[n-1].cue.kind && c.last <= out[n-1].last && c.last-c.first < out[n-1].last-out[n-1].first {
			continue
		}
		out = append(out, c)
	}
	return out
}

// settle keeps, of overlapping mentions, the ones to report: plain spellings
// before doubtful ones, then leftmost, longest, strongest form, rule id. What
// stands inside a kept mention is remembered in its also list.
func (w *screener) settle(v *fieldView, ms []mention) []mention {
	ms = slices.DeleteFunc(ms, func(m mention) bool { return !w.s.admissible(v, &m) })
	set := w.s.set
	slices.SortFunc(ms, func(a, b mention) int {
		return cmp.Or(
			cmp.Compare(a.doubt(), b.doubt()),
			cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.Form, b.Form),
			cmp.Compare(aliasRank(a), aliasRank(b)), cmp.Compare(tierRank(set, a), tierRank(set, b)), cmp.Compare(set.Rules[a.rule].ID, set.Rules[b.rule].ID),
			cmp.Compare(a.Pattern, b.Pattern))
	})
	kept := v.mentions
	for _, m := range ms {
		if k := overlapping(kept, m); k >= 0 {
			if kept[k].rule != m.rule && !slices.Contains(kept[k].also, m.rule) && m.doubt() < 2 {
				kept[k].also = append(kept[k].also, m.rule)
				kept[k].inside = append(kept[k].inside, m)
			}
			if longer(m, kept[k]) && m.rule == kept[k].rule && m.doubt() == kept[k].doubt() {
				kept[k].Match, kept[k].pattern = m.Match, m.pattern
			}
			continue
		}
		kept = append(kept, m)
	}
	slices.SortFunc(kept, func(a, b mention) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}

func longer(a, b mention) bool {
	return a.Start <= b.Start && a.End >= b.End && a.End-a.Start > b.End-b.Start
}

func overlapping(kept []mention, m mention) int {
	best := -1
	for k := range kept {
		if m.Start < kept[k].End && kept[k].Start < m.End {
			if best < 0 || kept[k].Start <= m.Start && kept[k].End >= m.End {
				best = k
			}
		}
	}
	return best
}

func aliasRank(m mention) int {
	if m.pattern.alias {
		return 1
	}
	return 0
}

func tierRank(set *rules.Set, m mention) int {
	switch set.Rules[m.rule].Tier {
	case rules.List:
		return 0
	case rules.Curated:
		return 1
	}
	return 2
}

// doubt ranks how far a mention is from the plain name.
func (m *mention) doubt() int {
	switch {
	case m.Form <= match.Alias:
		return 0
	case m.plainWords():
		return 3
	case m.Form == match.Misspelt:
		return 2
	}
	return 1
}

// admissible drops mentions whose rule does not apply here at all: a phrase in
// which the name is another thing, a word it needs and misses.
func (s *Scanner) admissible(v *fieldView, m *mention) bool {
	w := s.wordsOf(m.rule)
	if v.field.Role == Brand && int(m.Last-m.First) == len(v.tokens) {
		return true // the brand field needs no context
	}
	if needs := m.pattern.needs; len(needs) > 0 && !v.hasAny(foldAll(needs)) {
		return false
	}
	if len(w.needs) > 0 && !v.hasAny(w.needs) {
		return false
	}
	return true
}

func (v *fieldView) hasAny(phrases []string) bool {
	for _, p := range phrases {
		if v.has(p) {
			return true
		}
	}
	return false
}

func (v *fieldView) nearAny(phrases []string, m *mention, window int) (string, bool) {
	for _, p := range phrases {
		if v.near(p, m.First, m.Last, window) {
			return p, true
		}
	}
	return "", false
}

// neverHere tells whether the mention stands in a phrase in which it is an
// ordinary word. Phrases that hold the name must cover it; others must be near.
func (s *Scanner) neverHere(v *fieldView, m *mention) bool {
	never := s.wordsOf(m.rule).never
	if len(never) == 0 {
		return false
	}
	v.fold()
	name := v.joined[v.at[m.First] : v.at[m.Last]-1]
	for _, p := range never {
		window := 3
		if strings.Contains(" "+p+" ", " "+name+" ") {
			window = 0
		}
		if v.near(p, m.First, m.Last, window) {
			return true
		}
	}
	return false
}

// Screener returns a function that screens like Screen and keeps what it
// learns about words between calls. It belongs to one goroutine.
func (s *Scanner) Screener() func(Listing) Result {
	return s.newScreener().screen
}
