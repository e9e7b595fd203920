package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// HistoryOptions says what to compare. The zero value compares the newest scan
// with the one before it of the same stores that was reported.
type HistoryOptions struct {
	Since   string   // YYYY-MM-DD: the last scan as of that day or before; or a scan's number
	Stores  []string // nil: the stores of the newest scan
	AsOf    string   // YYYY-MM-DD from which ages count; "": of the newest scan
	Excuses *Excuses // decisions and authorisations; nil: none
}

// History tells what changed since an earlier scan: new, fixed, came back, still
// open with its age, excused, gone, and the trend over all scans of the stores.
// It is nil, without an error, when there is no earlier scan to compare with.
// Changes are sorted by level, worst first, then store, listing and rule.
func (c *Catalog) History(opt HistoryOptions) (*scanner.History, error) {
	h, err := c.history(opt, nil)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return h, nil
}

func (c *Catalog) history(opt HistoryOptions, under *underway) (*scanner.History, error) {
	scans, err := c.scansOf(&opt, under)
	if err != nil || len(scans) == 0 {
		return nil, err
	}
	base, err := c.base(scans, opt.Since)
	if err != nil || base < 0 {
		return nil, err
	}
	b := &historian{opt: opt, scans: scans, since: scans[base].ID, asOf: map[int]string{}, suppliers: map[string][]levelCounts{},
		out: &scanner.History{Since: scans[base].AsOf, SinceID: strconv.Itoa(scans[base].ID)}}
	for _, s := range scans {
		b.asOf[s.ID] = s.AsOf
		b.out.Trend = append(b.out.Trend, scanner.TrendPoint{Date: s.AsOf, Levels: map[scanner.Level]int{}})
	}
	if err := under.read(); err != nil {
		return nil, err
	}
	err = c.view(func(tx *bbolt.Tx) error {
		for _, store := range opt.Stores {
			if err := under.mentions(tx, plainKey(store)+"\x00", b.add); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.out.SupplierTrend = b.supplierTrend()
	for _, list := range []*[]scanner.Change{&b.out.New, &b.out.Fixed, &b.out.Back, &b.out.Open, &b.out.Excused, &b.out.Gone} {
		slices.SortFunc(*list, byLevel)
	}
	return b.out, nil
}

func byLevel(a, b scanner.Change) int {
	return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(a.Store, b.Store), cmp.Compare(a.ListingID, b.ListingID),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Fingerprint, b.Fingerprint))
}

// scansOf returns the scans that touched the stores asked for, oldest first,
// and fills in the options left empty.
func (c *Catalog) scansOf(opt *HistoryOptions, under *underway) ([]Record, error) {
	records, err := c.records()
	if err != nil {
		return nil, err
	}
	if under != nil {
		records = append(records, under.record)
	}
	records = slices.DeleteFunc(records, func(r Record) bool { return r.Forgot != nil })
	if len(records) == 0 {
		return nil, nil
	}
	if opt.Stores == nil {
		opt.Stores = records[len(records)-1].Stores
	}
	records = slices.DeleteFunc(records, func(r Record) bool {
		return !slices.ContainsFunc(r.Stores, func(s string) bool { return slices.Contains(opt.Stores, s) })
	})
	if opt.AsOf == "" && len(records) > 0 {
		opt.AsOf = records[len(records)-1].AsOf
	}
	return records, nil
}

// base returns the index in scans of the one to compare with, -1 for none.
func (c *Catalog) base(scans []Record, since string) (int, error) {
	if since == "" {
		at := len(scans) - 2
		err := c.view(func(tx *bbolt.Tx) error {
			for at >= 0 && tx.Bucket(reportedBucket).Get(numberKey(scans[at].ID)) == nil {
				at--
			}
			return nil
		})
		return at, err
	}
	if n, err := strconv.Atoi(since); err == nil {
		at := slices.IndexFunc(scans, func(r Record) bool { return r.ID == n })
		if at < 0 {
			return -1, fmt.Errorf("there is no scan %d of these stores; the scans are %d to %d", n, scans[0].ID, scans[len(scans)-1].ID)
		}
		return at, nil
	}
	if _, err := time.Parse(time.DateOnly, since); err != nil {
		return -1, fmt.Errorf("since %q is neither a date YYYY-MM-DD nor the number of a scan", since)
	}
	at := len(scans) - 1
	for at >= 0 && scans[at].AsOf > since {
		at--
	}
	if at < 0 {
		return -1, fmt.Errorf("there is no scan as of %s or before; the first is of %s", since, scans[0].AsOf)
	}
	return at, nil
}

// historian sorts mentions into the sections of a history.
type historian struct {
	opt   HistoryOptions
	scans []Record
	since int            // number of the scan to compare with
	asOf  map[int]string // scan -> date
	out   *scanner.History

	suppliers map[string][]levelCounts // supplier -> its open findings after each of scans
}

// levelCounts counts findings by level, none to critical.
type levelCounts [scanner.Critical + 1]int

// trendSuppliers is of how many suppliers a history tells the trend.
const trendSuppliers = 30

func (b *historian) add(key string, m *mention) error {
	print := key[len(listingPart(key))+1:]
	b.trend(print, m)
	now := m.now()
	before, known := m.at(b.since)
	change := b.change(print, m)
	switch {
	case now > fixed && b.excused(print, m, b.opt.AsOf):
		b.out.Excused = append(b.out.Excused, change)
	case now > fixed && !known:
		b.out.New = append(b.out.New, change)
	case now > fixed && before <= fixed:
		b.out.Back = append(b.out.Back, change)
	case now > fixed:
		b.out.Open = append(b.out.Open, change)
	case before > fixed && now == fixed:
		b.out.Fixed = append(b.out.Fixed, change)
	case before > fixed:
		b.out.Gone = append(b.out.Gone, change)
	}
	return nil
}

// listingPart cuts the fingerprint off a finding's key.
func listingPart(key string) string {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == 0 {
			return key[:i]
		}
	}
	return key
}

// change describes m; its level is the present one, or the last it had. Days
// count from the day it was last opened to the as-of day, or to its end.
func (b *historian) change(print string, m *mention) scanner.Change {
	ch := scanner.Change{Store: m.Store, ListingID: m.ID, Title: m.Title, Supplier: m.Supplier, Rule: m.Rule, Mark: m.Mark,
		Text: m.Text, Role: m.Role, FirstSeen: b.asOf[m.Events[0].Scan], Fingerprint: print}
	end, opened := b.opt.AsOf, ""
	for _, e := range m.Events {
		if e.State > fixed {
			ch.Level = scanner.Level(e.State)
			if opened == "" {
				opened = b.asOf[e.Scan]
			}
			end = b.opt.AsOf
		} else {
			end = b.asOf[e.Scan]
			if e != m.Events[len(m.Events)-1] {
				opened = ""
			}
		}
	}
	ch.Days = daysBetween(opened, end)
	return ch
}

// daysBetween counts the days from one date to another, 0 when either is no date.
func daysBetween(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

func (b *historian) excused(print string, m *mention, asOf string) bool {
	return b.opt.Excuses != nil && b.opt.Excuses.covers(print, m, asOf)
}

// trend counts m at each scan after which it was open and not excused.
func (b *historian) trend(print string, m *mention) {
	for i, s := range b.scans {
		state, ok := m.at(s.ID)
		if !ok || state <= fixed || b.excused(print, m, s.AsOf) {
			continue
		}
		b.out.Trend[i].Levels[scanner.Level(state)]++
		if m.Supplier == "" {
			continue
		}
		if b.suppliers[m.Supplier] == nil {
			b.suppliers[m.Supplier] = make([]levelCounts, len(b.scans))
		}
		b.suppliers[m.Supplier][i][state]++
	}
}

// supplierTrend gives the trend of the suppliers with the most open findings
// now, trendSuppliers at most; of equal ones those first by name.
func (b *historian) supplierTrend() map[string][]scanner.TrendPoint {
	open := func(name string) (n int) {
		counts := b.suppliers[name]
		for _, k := range counts[len(counts)-1] {
			n += k
		}
		return n
	}
	names := slices.SortedFunc(maps.Keys(b.suppliers), func(x, y string) int {
		return cmp.Or(cmp.Compare(open(y), open(x)), cmp.Compare(x, y))
	})
	out := map[string][]scanner.TrendPoint{}
	for _, name := range names[:min(len(names), trendSuppliers)] {
		for i, counts := range b.suppliers[name] {
			p := scanner.TrendPoint{Date: b.scans[i].AsOf, Levels: map[scanner.Level]int{}}
			for l := scanner.Low; l <= scanner.Critical; l++ {
				if counts[l] > 0 {
					p.Levels[l] = counts[l]
				}
			}
			out[name] = append(out[name], p)
		}
	}
	return out
}
