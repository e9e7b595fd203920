package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// packKeys are the keys at the top of a pack. Defaults and Rules stand here
// for their types; they are read apart, to keep their positions.
type packKeys struct {
	Pack        string    `yaml:"pack"`        // name, as other packs extend it
	Version     string    `yaml:"version"`     // free text, by habit a date
	Tier        Tier      `yaml:"tier"`        // curated when absent
	Description string    `yaml:"description"` // one line, for `rules list`
	Notes       oneOrMore `yaml:"notes"`       // for the pack's own authors
	Extends     oneOrMore `yaml:"extends"`     // packs whose rules this one may override; "builtin" is all embedded ones
	Disable     []string  `yaml:"disable"`     // ids of earlier rules to leave out
	Defaults    Rule      `yaml:"defaults"`    // keys for every new rule that does not name them
	Rules       []Rule    `yaml:"rules"`
}

// oneOrMore is a list of texts for which a bare text will do.
type oneOrMore []string

// ownKeys belong to one rule and can be no default.
var ownKeys = []string{"id", "mark", "aliases", "lines", "works", "number", "hits", "misses"}

// document is one file as written: a pack or a list, not yet merged.
type document struct {
	file   string
	sha256 string
	packKeys
	at       map[string]Pos // of the top keys, by path
	defaults ruleKeys
	rules    []ruleKeys
	list     bool // from a list: rows merge by themselves
}

// ruleKeys is one rule as written: the keys it names and where they stand.
type ruleKeys struct {
	Rule
	keys []string
	at   map[string]Pos
}

// where gives the place of a path in the rule, or of the rule itself.
func (r *ruleKeys) where(path string) Pos {
	if p, ok := r.at[path]; ok {
		return p
	}
	return r.Pos
}

// hashOf is the hex SHA-256 of data.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// readPack reads the YAML of one pack. The document is nil when the text is no
// YAML mapping; otherwise it holds all that could be read beside the faults.
func readPack(file string, data []byte) (*document, Errors) {
	text, bad := plainText(file, data)
	if bad != nil {
		return nil, Errors{bad}
	}
	src := newSource(file, text)
	root, bad := parseYAML(src, text)
	if bad != nil {
		return nil, Errors{bad}
	}
	if root == nil {
		return nil, Errors{{Pos: Pos{File: file, Line: 1, Col: 1}, Err: errors.New("read pack: the file is empty"), Hint: "a pack begins with pack: NAME"}}
	}
	d := &decoder{src: src, at: map[string]Pos{}}
	doc := &document{file: file, sha256: hashOf(data), at: d.at}
	d.pack(doc, root)
	return doc, d.errs
}

// pack fills doc from the root mapping.
func (d *decoder) pack(doc *document, root ast.Node) {
	pairs, ok := d.pairs(root, "a pack")
	if !ok {
		return
	}
	fields := fieldsOf(reflect.TypeFor[packKeys]())
	top := reflect.ValueOf(&doc.packKeys).Elem()
	var given []string
	for _, p := range pairs {
		i, known := fields.index[p.key]
		if !known {
			d.fail(p.pos, nearestHint(p.key, fields.names), "unknown key %q", p.key)
			continue
		}
		given = append(given, p.key)
		switch p.key {
		case "defaults":
			doc.defaults = d.defaults(p.value)
		case "rules":
			doc.rules = d.rules(p.value)
		default:
			d.into(top.Field(i), p.value, p.key, "packKeys."+p.key)
		}
	}
	start := d.src.nodePos(root)
	d.missing(start, "packKeys", fields.names, given)
	if doc.Tier == "" {
		doc.Tier = Curated
	}
	if !slices.Contains(given, "rules") && !slices.Contains(given, "disable") {
		d.fail(start, "", "key %q is missing", "rules")
	}
}

// defaults reads the keys that every new rule of the pack takes over.
func (d *decoder) defaults(n ast.Node) ruleKeys {
	r := d.ruleKeys(n)
	for _, key := range r.keys {
		if slices.Contains(ownKeys, key) {
			d.fail(r.where(key), "", "defaults cannot name %q, it belongs to one rule", key)
		}
	}
	return r
}

// rules reads the list of rules.
func (d *decoder) rules(n ast.Node) []ruleKeys {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.wrongType(n, "rules", "a list")
		return nil
	}
	out := make([]ruleKeys, 0, len(seq.Values))
	for _, item := range seq.Values {
		d.rule = idIn(item)
		r := d.ruleKeys(item)
		if d.rule == "" && r.keys != nil {
			d.fail(r.Pos, "", "key %q is missing", "id")
		}
		out = append(out, r)
		d.rule = ""
	}
	return out
}

// ruleKeys reads one rule.
func (d *decoder) ruleKeys(n ast.Node) ruleKeys {
	outer := d.at
	d.at = map[string]Pos{}
	defer func() { d.at = outer }()
	r := ruleKeys{at: d.at}
	r.Pos = d.src.nodePos(n)
	pos := r.Pos
	r.keys = d.record(reflect.ValueOf(&r.Rule).Elem(), n, "")
	r.Pos = pos
	return r
}

// idIn gives the id of a rule before it is read, so that each of its faults can name it.
func idIn(n ast.Node) string {
	values := []*ast.MappingValueNode{}
	switch n := n.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = append(values, n)
	}
	for _, v := range values {
		if key, _ := scalar(v.Key); key == "id" {
			id, _ := scalar(v.Value)
			return id
		}
	}
	return ""
}
