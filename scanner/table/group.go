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
// emit returns false to stop; it keeps neither the group nor its rows.
type grouper interface {
	add(*tableRow) bool
	end() bool
	orphans() []int // physical rows of children whose parent is not in the table: listings of their own
}

// newGrouper makes a grouper; done is given the rows it needs no longer.
func newGrouper(rule groupRule, emit func(*group) bool, done func([]*tableRow)) grouper {
	c := rule.Child
	if rule.Scattered || c != nil && len(c.Parent)+len(c.NamedIn) > 0 {
		return &holding{rule: rule, emit: emit, byKey: map[keyCell]*group{}, byName: map[string]*group{}}
	}
	return &streaming{rule: rule, emit: emit, done: done}
}

// streaming keeps one open group.
type streaming struct {
	rule groupRule
	emit func(*group) bool
	done func([]*tableRow)
	open group // without rows: none
	key  []string
	lost []int // orphans
}

func (s *streaming) orphans() []int { return s.lost }

func (s *streaming) add(row *tableRow) bool {
	if len(s.open.rows) > 0 {
		if s.belongs(row) {
			s.open.rows = append(s.open.rows, row)
			s.key = joinKey(s.key, row.key)
			return true
		}
		if !s.end() {
			return false
		}
	}
	if row.child {
		s.lost = append(s.lost, row.row)
	}
	s.open.rows = append(s.open.rows, row)
	s.key = append(s.key[:0], row.key...)
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
	more := len(s.open.rows) == 0 || s.emit(&s.open)
	s.done(s.open.rows)
	s.open.rows = s.open.rows[:0]
	return more
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
	lost     []int // orphans
}

func (h *holding) orphans() []int { return h.lost }

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
		h.lost = append(h.lost, row.row)
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

// mergeFields merges the rows' fields into set: a text that a column repeats is
// kept once, and a variant row's own title or attribute is a variant text.
// keepRoles leaves every role as it is, keepTitles those of the parent's rows.
func (g *group) mergeFields(set *fieldSet, keepTitles, keepRoles bool) {
	title := false
	add := func(rows []*tableRow, child bool) {
		for i, r := range rows {
			for _, f := range r.fields {
				if same := set.find(f.Col, f.Text); same != nil {
					same.Repeats = append(same.Repeats, f.Row)
					continue
				}
				if own := !keepRoles && (child || i > 0 && !keepTitles); own && (f.Role == scanner.Title && title || f.Role == scanner.Attribute) {
					f.Role = scanner.Variant
				}
				set.add(f)
			}
			title = title || hasTitle(r.fields)
		}
	}
	add(g.rows, false)
	add(g.children, true)
}

// fieldSet is fields without equal texts of one column. Few are compared one by
// one, many are looked up.
type fieldSet struct {
	fields []scanner.Field
	at     map[fieldKey]int // index into fields, nil for few
}

type fieldKey struct {
	col  int
	text string
}

const fewFields = 48

func (s *fieldSet) clear() { s.fields, s.at = s.fields[:0], nil }

func (s *fieldSet) find(col int, text string) *scanner.Field {
	if s.at != nil {
		if i, ok := s.at[fieldKey{col, text}]; ok {
			return &s.fields[i]
		}
		return nil
	}
	for i := range s.fields {
		if f := &s.fields[i]; f.Col == col && f.Text == text {
			return f
		}
	}
	return nil
}

func (s *fieldSet) add(f scanner.Field) {
	s.fields = append(s.fields, f)
	switch n := len(s.fields); {
	case s.at != nil:
		s.at[fieldKey{f.Col, f.Text}] = n - 1
	case n > fewFields:
		s.at = make(map[fieldKey]int, 2*n)
		for i, f := range s.fields {
			s.at[fieldKey{f.Col, f.Text}] = i
		}
	}
}

func hasTitle(fields []scanner.Field) bool {
	return len(fields) > 0 && fields[0].Role == scanner.Title
}
