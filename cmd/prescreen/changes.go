package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

func (a *app) history() error {
	return a.readCatalog(func(cat *catalog.Catalog) error {
		scans, err := cat.Scans()
		if err != nil {
			return err
		}
		for _, s := range scans {
			if s.Forgot != nil {
				continue
			}
			a.ui.line(fmt.Sprintf("%4d  %s  ", s.ID, s.AsOf) + plain(a.ui.say("cli.history.scan", "stores", strings.Join(s.Stores, ", "), "listings", s.Listings, "changed", s.Changed)))
		}
		if len(scans) == 0 {
			a.ui.line(a.ui.say("cli.history.none"))
			return nil
		}
		return a.overview(cat)
	})
}

// overview prints the trend over the scans of every store and what the last of
// them changed; nothing while there is but one.
func (a *app) overview(cat *catalog.Catalog) error {
	asOf, err := a.asOf()
	if err != nil {
		return err
	}
	excuses, err := a.excusesThen(cat, asOf)
	if err != nil {
		return err
	}
	stores, err := cat.Stores()
	if err != nil || len(stores) == 0 {
		return err
	}
	h, err := cat.History(catalog.HistoryOptions{Stores: stores, AsOf: asOf, Excuses: excuses})
	if err != nil || h == nil {
		return err
	}
	a.ui.trend(h.Trend)
	a.ui.changes(h)
	a.ui.rollUps(h)
	return nil
}

func (a *app) diff(since, store string) error {
	asOf, err := a.asOf()
	if err != nil {
		return err
	}
	return a.readCatalog(func(cat *catalog.Catalog) error {
		excuses, err := a.excusesThen(cat, asOf)
		if err != nil {
			return err
		}
		opt := catalog.HistoryOptions{Since: since, AsOf: asOf, Excuses: excuses}
		if store != "" {
			if err := cat.HasStore(store); err != nil {
				return fmt.Errorf("diff: %w", err)
			}
			opt.Stores = []string{store}
		}
		h, err := cat.History(opt)
		if err != nil {
			return err
		}
		a.ui.history(h)
		return nil
	})
}

// history prints every change, worst kinds first.
func (u *ui) history(h *scanner.History) {
	if h == nil {
		u.line(u.say("cli.history.first"))
		return
	}
	u.changes(h)
	u.rollUps(h)
	for _, part := range []struct {
		id   string
		list []scanner.Change
	}{{"change.new", h.New}, {"change.back", h.Back}, {"change.open", h.Open}, {"change.fixed", h.Fixed}, {"change.excused", h.Excused}, {"change.gone", h.Gone}} {
		if len(part.list) == 0 {
			continue
		}
		u.line("")
		u.line(u.say(part.id) + fmt.Sprintf(" (%d)", len(part.list)))
		for _, c := range part.list {
			u.line("  " + u.paint(c.Level, fitted(u.levelName(c.Level), 9)) + fitted(c.Mark, 18) + "  " + fitted(c.Text, 18) + "  " + plain(c.Store+" "+c.ListingID) + "  " + u.say("cli.history.days", "days", c.Days))
			u.line("           " + plain(c.Title) + "  " + c.Fingerprint)
		}
	}
}

// rollUpRows is how many stores, suppliers and marks are counted at most.
const rollUpRows = 10

// rollUps prints the changes counted by store, supplier and mark, within 80
// columns; of many those with the most new ones.
func (u *ui) rollUps(h *scanner.History) {
	for _, part := range []struct {
		id   string
		list []scanner.Tally
	}{{"cli.rollup.store", h.ByStore()}, {"cli.rollup.supplier", h.BySupplier()}, {"cli.rollup.mark", h.ByMark()}} {
		if len(part.list) == 0 {
			continue
		}
		u.line("")
		head := fitted(u.say(part.id), 30)
		for _, id := range []string{"new", "back", "open", "fixed", "excused", "gone"} {
			head += flush(u.say("cli.rollup."+id), 8)
		}
		u.line(head)
		for _, t := range part.list[:min(len(part.list), rollUpRows)] {
			line := "  " + fitted(firstOf(t.Name, "-"), 28)
			for _, n := range []int{t.New, t.Back, t.Open, t.Fixed, t.Excused, t.Gone} {
				line += flush(strconv.Itoa(n), 8)
			}
			u.line(line)
		}
		if more := len(part.list) - rollUpRows; more > 0 {
			u.line("  " + u.say("cli.rollup.more", "count", more))
		}
	}
}

// trend prints the open findings by level after each scan, oldest first.
func (u *ui) trend(points []scanner.TrendPoint) {
	u.line("")
	head := fitted(u.say("cli.trend"), 30)
	for l := scanner.Critical; l >= scanner.Low; l-- {
		head += flush(u.levelName(l), 10)
	}
	u.line(head)
	for _, p := range points {
		line := "  " + fitted(p.Date, 28)
		for l := scanner.Critical; l >= scanner.Low; l-- {
			line += flush(strconv.Itoa(p.Levels[l]), 10)
		}
		u.line(line)
	}
}

// flush pads text on its left to n columns of a terminal.
func flush(s string, n int) string { return runewidth.FillLeft(s, n) }
