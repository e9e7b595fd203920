package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Origin tells where one key of a rule got its value from.
type Origin struct {
	Key  string // as in a pack: "owner"
	Pack string
	Pos  Pos
	How  string
	Over []Pos // values of earlier packs it took the place of, or was added to, latest first
}

// The ways a key gets its value.
const (
	Stated  = "stated"
	Added   = "added"   // to what earlier rows say: the names of a list
	Default = "default" // for all rules of the pack
	Usual   = "usual"   // for the kind, or for the sort of file, since nobody says
)

// History tells how a rule came to be what it is.
type History struct {
	Keys     []Origin // in the order of the fields of Rule; none when no pack has the rule
	Disabled []Origin // the packs that left it out; Key is "disable"
	Gone     bool     // it is disabled in the end
}

// At gives the origin of a key, and whether it has one.
func (h *History) At(key string) (Origin, bool) {
	i := slices.IndexFunc(h.Keys, func(o Origin) bool { return o.Key == key })
	if i < 0 {
		return Origin{}, false
	}
	return h.Keys[i], true
}

// Trace tells where each value of the rule called id came from when paths are
// loaded as Load loads them. The error is Load's. It reads the files anew, and
// of the embedded packs only the one that holds the rule.
func Trace(id string, paths []string, opt Options) (*History, error) {
	t := &tracer{id: id}
	var base *Set
	if opt.Builtin {
		var err error
		if base, err = Builtin(); err != nil {
			return nil, err
		}
		if err := t.embedded(base); err != nil {
			return nil, err
		}
	}
	m := newMerger(base, opt.Warn)
	m.trace = t
	if _, err := m.load(paths); err != nil {
		return nil, err
	}
	t.inOrder()
	return &t.History, nil
}

// tracer notes what packs say of one rule.
type tracer struct {
	History
	id string
}

// embedded notes what the embedded pack of the rule says.
func (t *tracer) embedded(base *Set) error {
	i := slices.IndexFunc(base.Rules, func(r Rule) bool { return r.ID == t.id })
	if i < 0 {
		return nil
	}
	file := base.Rules[i].Pos.File
	data, err := packFiles.ReadFile("packs/" + path.Base(file))
	if err != nil {
		return fmt.Errorf("trace rule %s: %w", t.id, err)
	}
	doc, errs := readPack(file, data)
	if len(errs) > 0 {
		return errs
	}
	for i := range doc.rules {
		if doc.rules[i].ID == t.id {
			t.rule(doc, &doc.rules[i], false)
		}
	}
	return nil
}

// rule notes what doc says of a rule, new or known by an earlier pack. A nil
// tracer notes nothing.
func (t *tracer) rule(doc *document, r *ruleKeys, known bool) {
	if t == nil || r.ID != t.id {
		return
	}
	if !known {
		t.Keys, t.Gone = nil, false
		for _, key := range doc.defaults.keys {
			t.key(doc, key, doc.defaults.where(key), Default)
		}
	}
	if doc.list {
		t.row(doc, r, known)
	} else {
		for _, key := range r.keys {
			t.key(doc, key, r.where(key), Stated)
		}
	}
	if !known && doc.Tier != "" {
		at, how := doc.at["tier"], Stated
		if at == (Pos{}) {
			at, how = Pos{File: doc.file}, Usual
		}
		t.key(doc, "tier", at, how)
	}
	if kind, ok := t.At("kind"); ok {
		if _, named := t.At("right"); !named {
			t.Keys = append(t.Keys, Origin{Key: "right", Pack: kind.Pack, Pos: kind.Pos, How: Usual})
		}
	}
}

// row notes what a row of a list says: its cells have columns, not keys.
func (t *tracer) row(doc *document, r *ruleKeys, known bool) {
	cell := func(columns ...string) Pos {
		for _, column := range columns {
			if at, ok := r.at[column]; ok {
				return at
			}
		}
		return r.Pos
	}
	if !known {
		t.key(doc, "id", r.Pos, Usual)
		t.key(doc, "mark", cell("mark", "term"), Stated)
	}
	for _, key := range r.keys {
		t.key(doc, key, cell(key, listCells[key]), Stated)
	}
	if len(r.Aliases) > 0 {
		t.key(doc, "aliases", cell("aliases", "term"), Added)
	}
	if _, ok := t.At("kind"); !ok {
		t.key(doc, "kind", Pos{File: doc.file}, Usual)
	}
}

// listCells are the columns of a list that fill keys of another name.
var listCells = map[string]string{"replacements": "replacement", "base": "severity", "kind": "type", "contexts": "marketplace"}

// key notes that doc gave a key its value at a place.
func (t *tracer) key(doc *document, key string, at Pos, how string) {
	next := Origin{Key: key, Pack: doc.Pack, Pos: at, How: how}
	i := slices.IndexFunc(t.Keys, func(o Origin) bool { return o.Key == key })
	switch {
	case i < 0:
		t.Keys = append(t.Keys, next)
		return
	case how == Usual || key == "id":
		return // what nobody says changes nothing, and an id only says which rule is meant
	case t.Keys[i].How != Usual && t.Keys[i].Pos != at:
		next.Over = append([]Pos{t.Keys[i].Pos}, t.Keys[i].Over...)
	}
	t.Keys[i] = next
}

// left notes that doc leaves the rule out.
func (t *tracer) left(doc *document, id string, at Pos) {
	if t == nil || id != t.id {
		return
	}
	t.Disabled = append(t.Disabled, Origin{Key: "disable", Pack: doc.Pack, Pos: at, How: Stated})
	t.Keys, t.Gone = nil, true
}

// inOrder puts the keys in the order of the fields of Rule, tier last.
func (t *tracer) inOrder() {
	rank := func(o Origin) int {
		if i, ok := ruleFields.index[o.Key]; ok {
			return i
		}
		return len(ruleFields.names)
	}
	slices.SortStableFunc(t.Keys, func(a, b Origin) int { return rank(a) - rank(b) })
}

// String tells the origin in one phrase: "my.yaml:5:12, over packs/x.yaml:9:5".
func (o Origin) String() string {
	var b strings.Builder
	b.WriteString(o.Pos.String())
	switch o.How {
	case Default:
		b.WriteString(" (default)")
	case Usual:
		b.WriteString(" (usual)")
	}
	between := ", over "
	if o.How == Added {
		between = ", added to "
	}
	for _, p := range o.Over {
		b.WriteString(between + p.String())
		between = ", "
	}
	return b.String()
}
