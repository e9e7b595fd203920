package table

import "prescreen/scanner"

// group is the rows of one listing. The rows of listings that follow one
// another stream: only the open listing is held. Where a row may belong to a
// listing far away (Amazon's parent_sku, Magento's configurables), all rows of
// the table are held until its end.
type group struct {
	rows     []*tableRow // the first is the parent
	children []*tableRow // rows that named their parent
}

// sameListing compares key cells column by column: the first column filled on
// both sides decides. decided is false where no column is.
func sameListing(a, b []string) (same, decided bool) {
	for i := range a {
		if i < len(b) && a[i] != "" && b[i] != "" {
			return a[i] == b[i], true
		}
	}
	return false, false
}

// join adds the row's key cells to a group's, so that a later row may be known
// by a column the first row left blank.
func joinKey(key, more []string) []string {
	for i, v := range more {
		if i < len(key) && key[i] == "" {
			key[i] = v
		}
	}
	return key
}

// grouper collects rows into groups and hands each to emit when it is complete.
// emit returns false to stop.
type grouper interface {
	add(*tableRow) bool
	end() bool
}

func newGrouper(rule groupRule, emit func(*group) bool) grouper {
	c := rule.Child
	if rule.Scattered || c != nil && len(c.Parent)+len(c.NamedIn) > 0 {
		return &holding{rule: rule, emit: emit, byKey: map[keyCell]*group{}, byName: map[string]*group{}}
	}
	return &streaming{rule: rule, emit: emit}
}

// streaming keeps one open group.
type streaming struct {
	rule groupRule
	emit func(*group) bool
	open *group
	key  []string
}

func (s *streaming) add(row *tableRow) bool {
	if s.open != nil && s.belongs(row) {
		s.open.rows = append(s.open.rows, row)
		s.key = joinKey(s.key, row.key)
		return true
	}
	if !s.end() {
		return false
	}
	s.open = &group{rows: []*tableRow{row}}
	s.key = append([]string(nil), row.key...)
	return true
}

func (s *streaming) belongs(row *tableRow) bool {
	if row.child {
		return true
	}
	if same, decided := sameListing(s.key, row.key); decided {
		return same
	}
	return s.rule.Blank == "previous" && allBlank(row.key)
}

func (s *streaming) end() bool {
	g := s.open
	s.open = nil
	return g == nil || s.emit(g)
}

func allBlank(key []string) bool {
	for _, k := range key {
		if k != "" {
			return false
		}
	}
	return true
}

// keyCell is one filled key column of a group.
type keyCell struct {
	col  int
	text string
}

// holding keeps every group to the end of the table.
type holding struct {
	rule     groupRule
	emit     func(*group) bool
	groups   []*group // by first row
	keys     map[*group][]string
	byKey    map[keyCell]*group
	byName   map[string]*group // how a parent is named
	byItem   map[string]*group // child named by a parent's own cell
	children []*tableRow
}

func (h *holding) add(row *tableRow) bool {
	if row.child {
		h.children = append(h.children, row)
		return true
	}
	g := h.find(row)
	if g == nil {
		g = &group{}
		h.groups = append(h.groups, g)
	}
	g.rows = append(g.rows, row)
	h.register(g, row)
	return true
}

// find returns the group that row continues, nil for a new listing.
func (h *holding) find(row *tableRow) *group {
	for i, k := range row.key {
		if k == "" {
			continue
		}
		if g := h.byKey[keyCell{i, k}]; g != nil {
			if same, _ := sameListing(h.keys[g], row.key); same {
				return g
			}
		}
	}
	if h.rule.Blank == "previous" && allBlank(row.key) && len(h.groups) > 0 {
		return h.groups[len(h.groups)-1]
	}
	return nil
}

func (h *holding) register(g *group, row *tableRow) {
	if h.keys == nil {
		h.keys = map[*group][]string{}
		h.byItem = map[string]*group{}
	}
	if h.keys[g] == nil {
		h.keys[g] = append([]string(nil), row.key...)
	}
	joinKey(h.keys[g], row.key)
	for i, k := range row.key {
		if k != "" && h.byKey[keyCell{i, k}] == nil {
			h.byKey[keyCell{i, k}] = g
		}
	}
	for _, n := range row.names {
		if h.byName[n] == nil {
			h.byName[n] = g
		}
	}
	for _, n := range row.items {
		if h.byItem[n] == nil {
			h.byItem[n] = g
		}
	}
}

// end gives each child to its parent, makes listings of the orphans, and emits
// all in the order of their first rows.
func (h *holding) end() bool {
	for _, row := range h.children {
		if g := h.parentOf(row); g != nil {
			g.children = append(g.children, row)
			continue
		}
		h.groups = append(h.groups, &group{rows: []*tableRow{row}})
	}
	sortGroups(h.groups)
	for _, g := range h.groups {
		if !h.emit(g) {
			return false
		}
	}
	return true
}

func (h *holding) parentOf(row *tableRow) *group {
	if row.parent != "" {
		return h.byName[row.parent]
	}
	for _, n := range row.names {
		if g := h.byItem[n]; g != nil {
			return g
		}
	}
	return nil
}

// first gives the lowest physical row of a group.
func (g *group) first() int {
	n := g.rows[0].row
	for _, r := range g.children {
		n = min(n, r.row)
	}
	return n
}

// fieldsOf merges the rows' fields: a text that a column repeats is kept once,
// and a variant row's own title or attribute is a variant text.
// keepRoles leaves every role as it is, keepTitles those of the parent's rows.
func (g *group) fieldsOf(keepTitles, keepRoles bool) []scanner.Field {
	if len(g.rows) == 1 && len(g.children) == 0 {
		return g.rows[0].fields
	}
	type cell struct {
		col  int
		text string
	}
	seen := map[cell]int{} // index into fields
	var fields []scanner.Field
	var title bool
	add := func(rows []*tableRow, child bool) {
		for i, r := range rows {
			for _, f := range r.fields {
				if at, ok := seen[cell{f.Col, f.Text}]; ok {
					fields[at].Repeats = append(fields[at].Repeats, f.Row)
					continue
				}
				seen[cell{f.Col, f.Text}] = len(fields)
				if own := !keepRoles && (child || i > 0 && !keepTitles); own && (f.Role == scanner.Title && title || f.Role == scanner.Attribute) {
					f.Role = scanner.Variant
				}
				fields = append(fields, f)
			}
			title = title || hasTitle(r.fields)
		}
	}
	add(g.rows, false)
	add(g.children, true)
	return fields
}

func hasTitle(fields []scanner.Field) bool {
	return len(fields) > 0 && fields[0].Role == scanner.Title
}
