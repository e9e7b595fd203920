package scanner

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// Engine names the version of the judgement: findings of different engines
// are not comparable byte for byte.
const Engine = "2"

// The matcher spells out the shape of a token itself; this holds the two together.
var _ []match.Token = []fold.Token(nil)

// Scanner screens listings against one set of rules. It is immutable after
// New and safe for concurrent use; Run gives each worker its own screener.
type Scanner struct {
	set       *rules.Set
	opt       Options
	lang      *Language
	points    map[string]int
	usePoints map[usePoint]int
	kinds     map[kindPoint]int // the use points of points that a kind has for itself
	related   map[[2]int]bool
	units     map[string]bool
	cues      []cue
	machine   *match.Machine
	patterns  []patternOf // parallel to the machine's patterns
	own       map[string]bool
	seasons   map[string]*rules.Season // by rule id
	senses    senses
	touching  touchingCues
	columns   []string
	contexts  []atomic.Pointer[ruleWords] // parallel to set.Rules, folded at the first mention
}

// patternOf says what a pattern of the machine belongs to.
type patternOf struct {
	kind  patternKind
	index int32    // rule or cue
	lang  string   // of a goods pattern
	goods classSet // of a goods pattern
	alias bool     // another name than the rule's own
	exact bool     // only as capitalised
	sure  uint8    // certainty of the alias, 0 as usual
	needs []string // the alias counts only with one of these in the field
	text  string
	tail  string // signs after its last token, as in "kills 99.9%"
}

type patternKind uint8

const (
	rulePattern patternKind = iota
	cuePattern
	goodsPattern
	contextPattern
)

// New builds a Scanner for set. It returns an error for options that do not
// fit together (unknown point, levels that do not rise, unknown language).
func New(set *rules.Set, opt Options) (*Scanner, error) {
	words, err := useWords()
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	points, err := opt.complete(words.points)
	if err != nil {
		return nil, err
	}
	lang, err := LanguageFor(opt.Lang)
	if err != nil {
		return nil, err
	}
	s := &Scanner{set: set, opt: opt, lang: lang, points: points, usePoints: usePointsOf(points), related: words.related, units: words.units, cues: words.cues, senses: words.senses, touching: words.touching, columns: words.columns, own: map[string]bool{}, seasons: seasonal(set)}
	s.kinds = kindPointsOf(points)
	for _, b := range opt.OwnBrands {
		s.own[foldPhrase(b)] = true
	}
	b := patternBuilder{s: s, later: opt.Tables.Dir != ""}
	b.makeRoom(words)
	b.addRules()
	b.addWords(words)
	s.machine = opt.Tables.machine(&b, match.Options{Keys: fold.Keys, Fold: fold.Fold, Ordinary: s.ordinaryGate(), Common: commonWord})
	return s, nil
}

// Rules returns the set the Scanner was built for.
func (s *Scanner) Rules() *rules.Set { return s.set }

// foldPhrase folds a phrase token by token, with single spaces between.
func foldPhrase(text string) string {
	var keys []string
	for _, t := range fold.Tokens(nil, text) {
		keys = append(keys, fold.Fold(text[t.Start:t.End]))
	}
	return strings.Join(keys, " ")
}

// unspaced folds a name and leaves its gaps out: Ray-Ban and rayban are one.
func unspaced(text string) string { return strings.ReplaceAll(foldPhrase(text), " ", "") }

// ordinaryGate is the lexicon without the curated marks that are no ordinary
// words: word lists made from the web hold nike and adidas.
func (s *Scanner) ordinaryGate() func(string) bool {
	marks := map[string]bool{}
	for i := range s.set.Rules {
		r := &s.set.Rules[i]
		if r.Tier == rules.Curated && r.Ordinary == nil && (r.Kind == rules.Trademark || r.Kind == rules.Generic || r.Kind == rules.Character) {
			marks[foldPhrase(r.Mark)] = true
		}
	}
	return func(folded string) bool { return !marks[folded] && ordinaryWord(folded) }
}

// patternBuilder turns rules and words into the machine's patterns.
type patternBuilder struct {
	s        *Scanner
	patterns []match.Pattern
	tokens   []fold.Token // of all patterns, one after another
	later    bool         // patterns are cut into tokens only if their tables are not kept
}

// makeRoom counts the patterns to come, so that their tables are made once.
func (b *patternBuilder) makeRoom(v *vocabularyOfUse) {
	n := len(v.goods)
	for i := range v.cues {
		n += len(v.cues[i].phrases)
	}
	for i := range b.s.set.Rules {
		r := &b.s.set.Rules[i]
		n += 1 + len(r.Aliases) + len(r.Lines) + len(r.Works)
	}
	b.patterns, b.s.patterns = make([]match.Pattern, 0, n), make([]patternOf, 0, n)
	if !b.later {
		b.tokens = make([]fold.Token, 0, 3*n)
	}
}

func (b *patternBuilder) add(text string, forms match.Forms, p patternOf) {
	var tokens []fold.Token
	if p.text = text; !b.later || !endsInWord(text) {
		if tokens = b.cut(text); len(tokens) == 0 {
			return
		}
		p.tail = strings.TrimSpace(text[tokens[len(tokens)-1].End:])
	}
	b.patterns = append(b.patterns, match.Pattern{Text: text, Tokens: tokens, Forms: forms, Context: p.kind != rulePattern})
	b.s.patterns = append(b.s.patterns, p)
}

// cut returns the tokens of text, in the builder's one slice of them.
func (b *patternBuilder) cut(text string) []fold.Token {
	first := len(b.tokens)
	b.tokens = fold.Tokens(b.tokens, text)
	return b.tokens[first:len(b.tokens):len(b.tokens)]
}

// tokenise cuts the patterns that were left for later.
func (b *patternBuilder) tokenise() {
	for i := range b.patterns {
		if p := &b.patterns[i]; p.Tokens == nil {
			p.Tokens = b.cut(p.Text)
		}
	}
}

// endsInWord tells cheaply that a text has a token and nothing after it.
func endsInWord(text string) bool {
	if text == "" {
		return false
	}
	c := text[len(text)-1]
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9'
}

func (b *patternBuilder) addRules() {
	b.s.contexts = make([]atomic.Pointer[ruleWords], len(b.s.set.Rules))
	for i := range b.s.set.Rules {
		r := &b.s.set.Rules[i]
		if r.Status == "dead" {
			continue
		}
		p := patternOf{kind: rulePattern, index: int32(i), exact: r.ExactCase}
		b.add(r.Mark, formsOf(r, r.Mark), p)
		for _, list := range [][]rules.Alias{r.Aliases, r.Lines, r.Works} {
			for k := range list {
				a := &list[k]
				q := p
				q.alias, q.exact, q.sure, q.needs = true, a.ExactCase, uint8(a.Certainty), a.Needs
				b.add(a.Text, formsOf(r, a.Text), q)
			}
		}
	}
}

// formsOf says in which spellings a name of rule r is looked for. Names that
// are claims or wording are found as written only; so are names of capitals.
func formsOf(r *rules.Rule, text string) match.Forms {
	forms := match.AllForms
	switch r.Tier {
	case rules.List:
		forms = match.ListForms
	case rules.Register:
		forms = match.RegisterForms
	}
	switch r.Kind {
	case rules.Claim, rules.CounterfeitTalk, rules.Restricted, rules.AdLaw, rules.GI, rules.Emblem, rules.Event:
		forms &= match.PlainForms | 1<<match.Inflected | 1<<match.Joined | 1<<match.Invisible | 1<<match.Lookalike
	}
	if text != r.Mark && lettersIn(text) < leastMisspeltAlias {
		forms &^= 1 << match.Misspelt
	}
	if r.Misspellings != nil && (text == r.Mark || !*r.Misspellings) {
		if *r.Misspellings {
			forms |= 1 << match.Misspelt
		} else {
			forms &^= 1 << match.Misspelt
		}
	}
	if r.ExactCase {
		forms &= match.PlainForms | 1<<match.Inflected | 1<<match.Invisible
	}
	return forms
}

// leastMisspeltAlias is how long another name, a line or a work must be to be
// looked for misspelt: measured on real listings, the shorter ones found
// almost nothing but other words.
const leastMisspeltAlias = 8

func lettersIn(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func (b *patternBuilder) addWords(v *vocabularyOfUse) {
	for i, c := range v.cues {
		for _, p := range c.phrases {
			b.add(p, match.PlainForms, patternOf{kind: cuePattern, index: int32(i)})
		}
	}
	for _, g := range v.goods {
		b.add(g.text, match.PlainForms|1<<match.Inflected, patternOf{kind: goodsPattern, goods: g.classes, lang: g.lang})
	}
}

// ruleWords are the context phrases of one rule, folded for comparison.
type ruleWords struct {
	mark                                                 string // the rule's own name, folded, without spaces
	needs, never, ordinary, strong, soften, goods, worse []string
	notIn                                                []string
	manySenses                                           bool // one of its names is a thing of the world too
}

// wordsOf folds the context phrases of a rule when it is first mentioned: most
// rules of a set never are.
func (s *Scanner) wordsOf(rule int32) *ruleWords {
	if rule < 0 {
		return &noWords // a mark of a pack
	}
	if w := s.contexts[rule].Load(); w != nil {
		return w
	}
	w := newRuleWords(&s.set.Rules[rule])
	w.manySenses = s.senses.holds(&s.set.Rules[rule])
	s.contexts[rule].Store(&w)
	return &w
}

func newRuleWords(r *rules.Rule) ruleWords {
	w := ruleWords{
		mark:  unspaced(r.Mark),
		needs: foldAll(r.Contexts.Needs), never: foldAll(r.Contexts.Never), soften: foldAll(r.Contexts.SoftenWith),
		goods: foldAll(r.Goods), worse: foldAll(r.Contexts.WorseIn), ordinary: foldAll(r.Contexts.OrdinaryWith), notIn: foldAll(r.Contexts.NotIn),
	}
	if r.Ordinary != nil {
		w.never = append(w.never, foldAll(r.Ordinary.Generic)...)
		w.strong = foldAll(r.Ordinary.Strong)
	}
	return w
}

func foldAll(list []string) []string {
	var out []string
	for _, s := range list {
		if f := foldPhrase(s); f != "" {
			out = append(out, f)
		}
	}
	return slices.Compact(out)
}
