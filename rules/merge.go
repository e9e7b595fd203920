package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// BuiltinName is what a pack writes after extends: to mean all embedded packs.
const BuiltinName = "builtin"

// merger builds a set out of documents, in the order they are added.
type merger struct {
	packs    []Pack
	builtin  int               // how many of packs are embedded ones
	rules    map[string]*Rule  // by id; those of the base are shared and never changed
	disabled map[string]string // id -> pack that left it out
	partial  bool              // a file could not be read: names it would have held are no faults
	warn     func(Warning)
	trace    *tracer  // notes what the packs say of one rule; may be nil
	files    []string // in the order they were read, for the order of faults
	errs     Errors
}

// newMerger begins with the packs of base, or with none when base is nil.
func newMerger(base *Set, warn func(Warning)) *merger {
	m := &merger{rules: map[string]*Rule{}, disabled: map[string]string{}, warn: warn}
	if m.warn == nil {
		m.warn = func(Warning) {}
	}
	if base != nil {
		m.packs = slices.Clone(base.Packs)
		m.builtin = len(m.packs)
		for i := range base.Rules {
			m.rules[base.Rules[i].ID] = &base.Rules[i]
		}
	}
	return m
}

// fail notes a fault.
func (m *merger) fail(p Pos, rule, hint, format string, args ...any) {
	m.errs = append(m.errs, &Error{Pos: p, Rule: rule, Err: fmt.Errorf(format, args...), Hint: hint})
}

// add merges one document over what is there.
func (m *merger) add(doc *document) {
	if doc.list {
		m.nameList(doc)
	}
	for _, p := range m.packs {
		if p.Name == doc.Pack && doc.Pack != "" {
			m.fail(doc.at["pack"], "", "give the pack a name of its own", "pack %q is loaded already, from %s", doc.Pack, p.File)
		}
	}
	open := m.extended(doc)
	m.disable(doc)
	m.packs = append(m.packs, Pack{Name: doc.Pack, Version: doc.Version, Description: doc.Description,
		Tier: doc.Tier, File: doc.file, SHA256: doc.sha256})
	lines := make(map[string]int, len(doc.rules))
	for i := range doc.rules {
		r := &doc.rules[i]
		if r.ID == "" {
			continue // its fault is noted by the reader
		}
		if doc.list {
			m.addRow(doc, r)
			continue
		}
		if line, twice := lines[r.ID]; twice {
			m.fail(r.where("id"), r.ID, "", "this id stands twice in the pack, first on line %d", line)
			continue
		}
		lines[r.ID] = r.where("id").Line
		m.addRule(doc, r, open)
	}
}

// extended gives the names of the packs that doc may override.
func (m *merger) extended(doc *document) map[string]bool {
	open := map[string]bool{}
	for i, name := range doc.Extends {
		if name == BuiltinName && m.builtin > 0 {
			for _, p := range m.packs[:m.builtin] {
				open[p.Name] = true
			}
			continue
		}
		var loaded []string
		for _, p := range m.packs {
			loaded = append(loaded, p.Name)
		}
		if !slices.Contains(loaded, name) && !m.partial {
			m.fail(doc.place("extends", i), "", m.extendsHint(name, loaded), "extends: pack %q is not loaded before this one", name)
		}
		open[name] = true
	}
	return open
}

// extendsHint says how a missing pack could come in.
func (m *merger) extendsHint(name string, loaded []string) string {
	if m.builtin == 0 && (name == BuiltinName || slices.Contains(builtinNames(), name)) {
		return "it is one of the built-in packs: run with them"
	}
	if close := nearest(name, loaded); close != "" {
		return "did you mean " + close + "?"
	}
	return "name the file of that pack before this one"
}

// place gives where entry i of a top key stands, or the key's one value.
func (doc *document) place(key string, i int) Pos {
	if p, ok := doc.at[fmt.Sprintf("%s[%d]", key, i)]; ok {
		return p
	}
	return doc.at[key]
}

// disable takes the rules out that doc names. A rule written anew in the same
// pack thereby replaces the old one whole.
func (m *merger) disable(doc *document) {
	for i, id := range doc.Disable {
		_, there := m.rules[id]
		_, gone := m.disabled[id]
		if !there && !gone && !m.partial {
			m.fail(doc.place("disable", i), "", nearestHint(id, slices.Sorted(maps.Keys(m.rules))), "disable: no earlier pack has a rule %q", id)
		}
		m.trace.left(doc, id, doc.place("disable", i))
		delete(m.rules, id)
		m.disabled[id] = doc.Pack
	}
}

// addRule adds a new rule, or lays the keys that r names over a known one.
func (m *merger) addRule(doc *document, r *ruleKeys, open map[string]bool) {
	old, known := m.rules[r.ID]
	if known && !open[old.Pack] {
		m.fail(r.where("id"), r.ID, "write extends: "+old.Pack+" to change single keys of it, or name it in disable: to replace it",
			"this id is taken by pack %s (%s)", old.Pack, old.Pos)
		return
	}
	if _, named := r.at["mark"]; !known && !named && len(open) > 0 && !m.partial {
		m.fail(r.where("id"), r.ID, nearestHint(r.ID, slices.Sorted(maps.Keys(m.rules))), "no earlier pack has this id, and it names no mark of its own")
		return
	}
	rule := Rule{Tier: doc.Tier, Pack: doc.Pack, Pos: r.Pos}
	if known {
		rule = *old
	} else {
		layOver(&rule, &doc.defaults.Rule, doc.defaults.keys)
	}
	layOver(&rule, &r.Rule, r.keys)
	m.trace.rule(doc, r, known)
	m.keep(&rule, r)
}

// keep checks a merged rule and puts it into the set.
func (m *merger) keep(rule *Rule, r *ruleKeys) {
	if rule.Right == "" && rule.Kind != "" {
		rule.Right = usualRight(rule.Kind)
	}
	m.errs = append(m.errs, checkRule(rule, r)...)
	m.rules[rule.ID] = rule
}

// layOver copies the named keys of from into to, whole: a list or a mapping
// replaces the former one and is not mixed with it.
func layOver(to, from *Rule, keys []string) {
	dst, src := reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem()
	for _, key := range keys {
		i := ruleFields.index[key]
		dst.Field(i).Set(src.Field(i))
	}
}

var ruleFields = fieldsOf(reflect.TypeFor[Rule]())

// set gives the merged set, or all faults in the order of files and lines.
func (m *merger) set() (*Set, error) {
	if len(m.errs) > 0 {
		m.sortErrors()
		return nil, m.errs
	}
	s := &Set{Packs: m.packs, Rules: make([]Rule, 0, len(m.rules))}
	counts := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(m.rules)) {
		r := m.rules[id]
		counts[r.Pack]++
		s.Rules = append(s.Rules, *r)
	}
	hash := sha256.New()
	for i := range s.Packs {
		p := &s.Packs[i]
		p.Rules = counts[p.Name]
		s.Version = max(s.Version, p.Version)
		hash.Write([]byte(p.SHA256 + "\n"))
	}
	s.SHA256 = hex.EncodeToString(hash.Sum(nil))
	s.Name = m.name()
	return s, nil
}

// name joins the packs' names, the embedded ones as one word.
func (m *merger) name() string {
	var names []string
	if m.builtin > 0 {
		names = append(names, BuiltinName)
	}
	for _, p := range m.packs[m.builtin:] {
		names = append(names, p.Name)
	}
	return strings.Join(names, "+")
}

// sortErrors puts the faults in the order of their files, then lines and
// columns. A position in a workbook has the sheet's name after the file's.
func (m *merger) sortErrors() {
	rank := func(e *Error) int {
		return slices.IndexFunc(m.files, func(f string) bool { return e.Pos.File == f || strings.HasPrefix(e.Pos.File, f+":") })
	}
	slices.SortStableFunc(m.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
}
