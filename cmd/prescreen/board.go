package main

import (
	"cmp"
	"slices"

	"prescreen/scanner"
)

// board keeps what the terminal's summary shows: the worst listings and the
// most frequent marks.
type board struct {
	worst   []worstListing // worst first, at most worstShown
	marks   map[string]int
	unreads []scanner.Unread
	stakes  scanner.Stakes
	seen    int
}

const (
	worstShown  = 10
	marksShown  = 10
	unreadShown = 10
)

// worstListing is one line of the table.
type worstListing struct {
	order   int
	level   scanner.Level
	risk    int
	id      string
	title   string
	words   string
	instead string
}

// stake counts a listing for what it could cost where it is sold: on markets,
// or without any where its file came from.
func (b *board) stake(r *scanner.Result, markets []string) {
	if len(markets) == 0 {
		markets = []string{r.Listing.Marketplace}
	}
	if b.stakes == nil {
		b.stakes = scanner.Stakes{}
	}
	b.stakes.Add(r, markets)
}

func (b *board) take(r *scanner.Result) {
	b.seen++
	worst := -1
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level < scanner.Low || f.Excused != "" {
			continue
		}
		if b.marks == nil {
			b.marks = map[string]int{}
		}
		b.marks[f.Mark]++
		if worst < 0 || risk(f) > risk(&r.Findings[worst]) {
			worst = i
		}
	}
	if worst < 0 {
		return
	}
	f := &r.Findings[worst]
	w := worstListing{order: b.seen, level: r.Level, risk: risk(f), id: r.Listing.ID, title: r.Listing.Title(), words: f.Text, instead: firstOf(f.Preferred, f.Advice)}
	at, _ := slices.BinarySearchFunc(b.worst, w, func(a, b worstListing) int {
		return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(b.risk, a.risk), cmp.Compare(a.order, b.order))
	})
	if at < worstShown {
		b.worst = slices.Insert(b.worst, at, w)
		b.worst = b.worst[:min(len(b.worst), worstShown)]
	}
}

func risk(f *scanner.Finding) int { return max(f.Rights, f.Platform.Points) }

func (b *board) unread(u *scanner.Unread) {
	if len(b.unreads) < unreadShown {
		b.unreads = append(b.unreads, *u)
	}
}

// frequent lists the marks found most often, most frequent first.
func (b *board) frequent() []string {
	var names []string
	for m := range b.marks {
		names = append(names, m)
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Or(cmp.Compare(b.marks[y], b.marks[x]), cmp.Compare(x, y)) })
	return names[:min(len(names), marksShown)]
}
