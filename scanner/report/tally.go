package report

import (
	"cmp"
	"slices"
	"strings"

	"prescreen/scanner"
)

// tally counts one run while it passes: per file, marketplace, supplier and
// mark. Its size grows with those, not with the listings.
type tally struct {
	info      scanner.RunInfo
	history   *scanner.History // known at the end, nil without an earlier scan
	screened  int
	files     groups
	markets   groups
	suppliers groups
	marks     map[string]*markCount // by rule id
	unread    []scanner.Unread      // the first unreadKept
	unreadAll int
	notes     []listingNote // the first notesKept
	notesAll  int
}

const (
	unreadKept = 10000
	notesKept  = 1000
	spellings  = 5 // different spellings remembered per mark
)

// levels counts by scanner.Level, none to critical.
type levels [scanner.Critical + 1]int

// flagged sums low and above.
func (l levels) flagged() int {
	return l[scanner.Low] + l[scanner.Medium] + l[scanner.High] + l[scanner.Critical]
}

// worstLevel is the highest level with a count, none when there is no other.
func (l levels) worstLevel() scanner.Level {
	for level := scanner.Critical; level > scanner.None; level-- {
		if l[level] > 0 {
			return level
		}
	}
	return scanner.None
}

// group counts the listings that share a file, marketplace or supplier.
type group struct {
	Name     string
	Screened int    // listings, clean ones too
	Levels   levels // listings by level
	Findings int    // at low or above
	Excused  int    // findings excused with a reason
	Marks    map[string]int
}

type groups map[string]*group

func (g groups) at(name string) *group {
	if g[name] == nil {
		name = strings.Clone(name) // not the file's text it was cut from
		g[name] = &group{Name: name, Marks: map[string]int{}}
	}
	return g[name]
}

// markCount counts the findings of one rule.
type markCount struct {
	Rule, Mark, Kind, Right, Owner, Preferred, Source string
	Findings                                          int
	Listings                                          int
	Excused                                           int
	Levels                                            levels // findings by level
	Texts                                             []string
	last                                              int // listing counted last, so that each counts once
}

// listingNote is what a scan said about one listing, such as work that was bounded.
type listingNote struct {
	File, ID, Text string
	Row            int
}

func newTally(info scanner.RunInfo) *tally {
	return &tally{info: info, files: groups{}, markets: groups{}, suppliers: groups{}, marks: map[string]*markCount{}}
}

// add counts one listing and its findings.
func (t *tally) add(r *scanner.Result) {
	t.screened++
	l := &r.Listing
	file := l.Origin.File
	if l.Origin.Sheet != "" {
		file += " / " + l.Origin.Sheet
	}
	at := [...]*group{t.files.at(file), t.markets.at(l.Marketplace), t.suppliers.at(l.Supplier)}
	for _, g := range at {
		g.Screened++
		g.Levels[r.Level]++
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !shown(f) {
			continue
		}
		for _, g := range at {
			g.count(f)
		}
		t.mark(f)
	}
	for _, n := range r.Notes {
		t.note(l, n)
	}
}

func (g *group) count(f *scanner.Finding) {
	if f.Level == scanner.None {
		g.Excused++
		return
	}
	g.Findings++
	g.Marks[f.Mark]++
}

func (t *tally) mark(f *scanner.Finding) {
	m := t.marks[f.Rule]
	if m == nil {
		m = &markCount{Rule: f.Rule, Mark: f.Mark, Kind: f.Kind, Right: f.Right, Owner: f.Owner, Preferred: f.Preferred, Source: f.Source}
		t.marks[f.Rule] = m
	}
	if f.Level == scanner.None {
		m.Excused++
	} else {
		m.Findings++
	}
	m.Levels[f.Level]++
	if m.last != t.screened {
		m.Listings++
		m.last = t.screened
	}
	if len(m.Texts) < spellings && !slices.Contains(m.Texts, f.Text) {
		m.Texts = append(m.Texts, strings.Clone(f.Text))
	}
}

func (t *tally) note(l *scanner.Listing, text string) {
	t.notesAll++
	if len(t.notes) < notesKept {
		n := listingNote{File: l.Origin.File, ID: l.ID, Text: text}
		if len(l.Origin.Rows) > 0 {
			n.Row = l.Origin.Rows[0]
		}
		t.notes = append(t.notes, n)
	}
}

func (t *tally) miss(u scanner.Unread) {
	t.unreadAll++
	if len(t.unread) < unreadKept {
		t.unread = append(t.unread, u)
	}
}

// sorted returns the groups, most and worst flagged first, then by name.
func (g groups) sorted() []*group {
	out := make([]*group, 0, len(g))
	for _, one := range g {
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(compareLevels(a.Levels, b.Levels), cmp.Compare(b.Screened, a.Screened), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// topMarks returns up to n marks of the group, most frequent first.
func (g *group) topMarks(n int) []string {
	names := make([]string, 0, len(g.Marks))
	for name := range g.Marks {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(g.Marks[b], g.Marks[a]), cmp.Compare(a, b))
	})
	return names[:min(n, len(names))]
}

// byWeight returns the marks, those with the worst findings first.
func (t *tally) byWeight() []*markCount {
	out := make([]*markCount, 0, len(t.marks))
	for _, m := range t.marks {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b *markCount) int {
		return cmp.Or(compareLevels(a.Levels, b.Levels), cmp.Compare(b.Excused, a.Excused), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

// compareLevels puts more critical first, then more high, and so on down to low.
func compareLevels(a, b levels) int {
	for level := scanner.Critical; level > scanner.None; level-- {
		if c := cmp.Compare(b[level], a[level]); c != 0 {
			return c
		}
	}
	return 0
}
