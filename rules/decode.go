package rules

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// This file turns the syntax tree of a pack into Go values, driven by the yaml
// tags of the types in rule.go. It differs from a stock decoder in that it
// goes on after a fault, knows every key's limits, and remembers where each
// value stood.

// decoder collects the faults of one pack while it fills values.
type decoder struct {
	src  *source
	rule string         // id of the rule being read, for the faults
	at   map[string]Pos // where each value of the current rule stood, by path
	errs Errors
}

// fail notes a fault at p.
func (d *decoder) fail(p Pos, hint, format string, args ...any) {
	d.errs = append(d.errs, &Error{Pos: p, Rule: d.rule, Err: fmt.Errorf(format, args...), Hint: hint})
}

// pair is one key of a mapping with its value.
type pair struct {
	key   string
	pos   Pos // of the key
	value ast.Node
}

// pairs gives the keys of a mapping in order; path names it for messages. A
// key written twice is a fault and its later value is left out.
func (d *decoder) pairs(n ast.Node, path string) ([]pair, bool) {
	var values []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		d.wrongType(n, path, "a mapping (key: value)")
		return nil, false
	}
	out := make([]pair, 0, len(values))
	seen := make(map[string]int, len(values))
	for _, v := range values {
		key, ok := scalar(v.Key)
		at := d.src.nodePos(v)
		if !ok {
			d.fail(at, "", "a key must be a plain word")
			continue
		}
		if line, twice := seen[key]; twice {
			d.fail(at, "", "key %q stands twice, first on line %d", key, line)
			continue
		}
		seen[key] = at.Line
		out = append(out, pair{key, at, v.Value})
	}
	return out, true
}

// scalar gives the text of a plain value as written, so that `mark: 501` and
// `mark: 0x1F` stay what the author wrote. Null is no text.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(n.Value), true
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// wrongType notes that n is not what path needs.
func (d *decoder) wrongType(n ast.Node, path, want string) {
	hint := ""
	if _, isMap := n.(*ast.MappingNode); isMap && want == "a text" {
		hint = "put quotes round a text that holds \": \""
	}
	if _, ok := scalar(n); ok && want == "a list" {
		hint = "write it in brackets: [one, two]"
	}
	d.fail(d.src.nodePos(n), hint, "%s must be %s, not %s", label(path), want, describe(n))
}

// describe names what n is, for messages.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor (packs have none)"
	case *ast.TagNode:
		return "a tag (packs have none)"
	default:
		text, _ := scalar(n)
		return fmt.Sprintf("%q", shorten(text))
	}
}

// shorten keeps a message readable when the value is long.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "..."
	}
	return text
}

// label names a path for messages: "risk" for "enforcement[0].risk",
// "classes: entry 2" for "classes[1]".
func label(path string) string {
	path = path[strings.LastIndexByte(path, '.')+1:]
	key, index, entry := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	if n, ok := wholeNumber(index); entry && ok {
		return fmt.Sprintf("%s: entry %d", key, n+1)
	}
	return path
}

// into fills v from n. limits are looked up under owner, "Type.key".
func (d *decoder) into(v reflect.Value, n ast.Node, path, owner string) {
	if d.at != nil {
		d.at[path] = d.src.nodePos(n)
	}
	if d.bare(v, n, path) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.text(v, n, path, owner)
	case reflect.Int:
		d.number(v, n, path, owner)
	case reflect.Bool:
		d.yesNo(v, n, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.into(v.Elem(), n, path, owner)
	case reflect.Slice:
		d.list(v, n, path, owner)
	case reflect.Map:
		d.dictionary(v, n, path, owner)
	case reflect.Struct:
		d.record(v, n, path)
	}
}

// bare handles the types for which a plain text is short for a mapping or a list.
func (d *decoder) bare(v reflect.Value, n ast.Node, path string) bool {
	if _, plain := scalar(n); !plain {
		return false
	}
	switch to := v.Addr().Interface().(type) {
	case *Alias:
		d.text(v.FieldByName("Text"), n, path, "Alias.text")
	case *Sentence:
		text, _ := scalar(n)
		*to = Sentence{"en": text}
	case *Replacements:
		d.text(v.FieldByName("Preferred"), n, path, "Replacement.preferred")
	case *Replacement:
		d.text(v.FieldByName("Preferred"), n, path, "Replacement.preferred")
	case *oneOrMore:
		*to = oneOrMore{""}
		d.text(v.Index(0), n, path, "packKeys."+path)
	default:
		return false
	}
	return true
}

// text fills a string.
func (d *decoder) text(v reflect.Value, n ast.Node, path, owner string) {
	text, ok := scalar(n)
	if !ok {
		d.wrongType(n, path, "a text")
		return
	}
	if err, hint := limits[owner].checkText(text); err != nil {
		d.fail(d.src.nodePos(n), hint, "%s: %w", label(path), err)
		return
	}
	v.SetString(text)
}

// number fills a whole number.
func (d *decoder) number(v reflect.Value, n ast.Node, path, owner string) {
	node, ok := n.(*ast.IntegerNode)
	if !ok {
		d.wrongType(n, path, "a whole number")
		return
	}
	i, ok := wholeNumber(node.GetToken().Value)
	if !ok {
		d.wrongType(n, path, "a whole number")
		return
	}
	if err := limits[owner].checkInt(i); err != nil {
		d.fail(d.src.nodePos(n), "", "%s: %w", label(path), err)
		return
	}
	v.SetInt(int64(i))
}

// yesNo fills a bool.
func (d *decoder) yesNo(v reflect.Value, n ast.Node, path string) {
	node, ok := n.(*ast.BoolNode)
	if !ok {
		d.wrongType(n, path, "true or false")
		return
	}
	v.SetBool(node.Value)
}

// list fills a slice; an empty entry is a fault.
func (d *decoder) list(v reflect.Value, n ast.Node, path, owner string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.wrongType(n, path, "a list")
		return
	}
	out := reflect.MakeSlice(v.Type(), 0, len(seq.Values))
	for i, item := range seq.Values {
		if text, plain := scalar(item); plain && text == "" {
			d.fail(d.src.nodePos(item), "", "%s: entry %d is empty", label(path), i+1)
			continue
		}
		entry := reflect.New(v.Type().Elem()).Elem()
		d.into(entry, item, fmt.Sprintf("%s[%d]", path, i), owner)
		out = reflect.Append(out, entry)
	}
	v.Set(out)
}

// dictionary fills a map of texts: a sentence per language, or a polarity per qualifier.
func (d *decoder) dictionary(v reflect.Value, n ast.Node, path, owner string) {
	pairs, ok := d.pairs(n, path)
	if !ok {
		return
	}
	_, sentence := v.Interface().(Sentence)
	out := reflect.MakeMapWithSize(v.Type(), len(pairs))
	for _, p := range pairs {
		if sentence && !isLang(p.key) {
			d.fail(p.pos, "write a text, or one text per language: {en: ..., zh: ...}", "%s: %q is not %s", label(path), p.key, langShape.name)
			continue
		}
		if keys := limits[owner].keys; keys != nil && !slices.Contains(keys, p.key) {
			d.fail(p.pos, nearestHint(p.key, keys), "unknown key %q", p.key)
			continue
		}
		text := reflect.New(v.Type().Elem()).Elem()
		d.text(text, p.value, path+"."+p.key, owner)
		out.SetMapIndex(reflect.ValueOf(p.key), text)
	}
	v.Set(out)
}

// record fills a struct, key by key, and checks that needed keys are there.
// path is "" for a whole rule.
func (d *decoder) record(v reflect.Value, n ast.Node, path string) []string {
	pairs, ok := d.pairs(n, cmp.Or(path, "a rule"))
	if !ok {
		return nil
	}
	fields := fieldsOf(v.Type())
	var keys []string
	for _, p := range pairs {
		if d.otherLanguage(v, p, path) {
			continue
		}
		i, known := fields.index[p.key]
		if !known {
			d.fail(p.pos, nearestHint(p.key, fields.names), "unknown key %q", p.key)
			continue
		}
		keys = append(keys, p.key)
		d.into(v.Field(i), p.value, join(path, p.key), v.Type().Name()+"."+p.key)
	}
	if v.Type() != reflect.TypeFor[Rule]() {
		d.missing(d.src.nodePos(n), v.Type().Name(), fields.names, keys)
	}
	return keys
}

// missing notes each needed key of the type that is not among keys.
func (d *decoder) missing(at Pos, typeName string, names, keys []string) {
	given := make(map[string]bool, len(keys))
	for _, k := range keys {
		given[k] = true
	}
	for _, name := range names {
		if limits[typeName+"."+name].needed && !given[name] {
			d.fail(at, "", "key %q is missing", name)
		}
	}
}

// otherLanguage handles the language keys of replacements: `de: {preferred: ...}`.
func (d *decoder) otherLanguage(v reflect.Value, p pair, path string) bool {
	to, ok := v.Addr().Interface().(*Replacements)
	if !ok || !isLang(p.key) {
		return false
	}
	var r Replacement
	d.into(reflect.ValueOf(&r).Elem(), p.value, join(path, p.key), "")
	if to.ByLang == nil {
		to.ByLang = map[string]Replacement{}
	}
	to.ByLang[p.key] = r
	return true
}

// join adds a key to a path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// structFields are the YAML keys of a struct type, in order, and their field numbers.
type structFields struct {
	names []string
	index map[string]int
}

// fieldsOf reads the yaml tags of t; a field tagged "-" has no key.
func fieldsOf(t reflect.Type) structFields {
	f := structFields{index: make(map[string]int, t.NumField())}
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			f.names = append(f.names, key)
			f.index[key] = i
		}
	}
	return f
}
