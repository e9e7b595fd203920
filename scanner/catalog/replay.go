package catalog

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// Notice is one past strike or complaint.
type Notice struct {
	Row       int    // 1-based row of the file it came from
	Store, ID string // the listing struck; either may be empty
	Title     string // its title, where the notice says it
	Right     string // trademark, copyright, patent, or empty
	Brand     string // in whose name
	Date      string // YYYY-MM-DD
}

// Outcome says what would have become of a notice.
type Outcome string

// The outcomes.
const (
	Before  Outcome = "before"  // found in a scan of that day or earlier
	After   Outcome = "after"   // found in a later scan only
	Now     Outcome = "now"     // never scanned; today's rules find it
	Missed  Outcome = "missed"  // today's rules do not find it
	Unknown Outcome = "unknown" // no such listing in the catalogue, and no title to screen
)

// Replayed is a notice with its outcome.
type Replayed struct {
	Notice
	Outcome          Outcome
	Rule, Mark, Text string        // what found it: the worst finding that names the brand
	Level            scanner.Level // of that
	Found            string        // YYYY-MM-DD of the first scan that found it; "" for none
	Days             int           // from Found to the notice, negative when found after it
}

// Replay tells for each notice whether a scan on record found the brand in the
// listing, else whether s finds it in the listing or title now. names tells
// whether a rule, with its mark, is about a brand. Dates must be YYYY-MM-DD.
func (c *Catalog) Replay(ctx context.Context, s *scanner.Scanner, notices []Notice, names func(rule, mark, brand string) bool) ([]Replayed, error) {
	r := &replayer{names: names, asOf: map[int]string{}, byID: map[string][]*Replayed{}, byTitle: map[string][]*Replayed{}, listings: map[*Replayed]scanner.Listing{}}
	out := make([]Replayed, len(notices))
	for i, n := range notices {
		out[i] = Replayed{Notice: n}
		if n.ID != "" {
			r.byID[n.ID] = append(r.byID[n.ID], &out[i])
		} else if key := titleKey(n.Title); key != "" {
			r.byTitle[key] = append(r.byTitle[key], &out[i])
		}
	}
	if err := c.recall(ctx, r); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	for i := range out {
		if out[i].Outcome == "" {
			r.screen(s, &out[i])
		}
	}
	return out, nil
}

// recall looks the notices up in the index and in the ledger.
func (c *Catalog) recall(ctx context.Context, r *replayer) error {
	if err := c.EachListing(ctx, r.listing); err != nil {
		return err
	}
	records, err := c.records()
	if err != nil {
		return err
	}
	for _, record := range records {
		r.asOf[record.ID] = record.AsOf
	}
	return c.view(func(tx *bbolt.Tx) error {
		return mentions(tx, "", func(_ string, m *mention) error {
			r.mention(m)
			return nil
		})
	})
}

type replayer struct {
	names    func(rule, mark, brand string) bool
	asOf     map[int]string         // scan -> date
	byID     map[string][]*Replayed // listing id -> notices
	byTitle  map[string][]*Replayed // titleKey -> notices that give no id
	listings map[*Replayed]scanner.Listing
}

// titleKey is the same for titles that differ in case, accents and signs only.
func titleKey(title string) string {
	seen := fold.See(title)
	return nameKey(seen.Seen)
}

// listing keeps a listing that a notice is about. A notice without an id gets
// the id of the listing that has its title.
func (r *replayer) listing(l StoredListing) error {
	for _, n := range r.byID[l.Listing.ID] {
		if n.Store == "" || n.Store == l.Listing.Store {
			r.listings[n] = l.Listing
		}
	}
	if len(r.byTitle) == 0 {
		return nil
	}
	for _, n := range r.byTitle[titleKey(l.Listing.Title())] {
		if n.ID == "" && (n.Store == "" || n.Store == l.Listing.Store) {
			n.Store, n.ID = l.Listing.Store, l.Listing.ID
			r.listings[n] = l.Listing
			r.byID[n.ID] = append(r.byID[n.ID], n)
		}
	}
	return nil
}

// mention notes that the ledger knows of a brand in a listing.
func (r *replayer) mention(m *mention) {
	for _, n := range r.byID[m.ID] {
		if n.Store != "" && n.Store != m.Store || !r.names(m.Rule, m.Mark, n.Brand) {
			continue
		}
		found, level := r.asOf[m.Events[0].Scan], scanner.None
		for _, e := range m.Events {
			if r.asOf[e.Scan] <= n.Date || found > n.Date {
				level = max(level, scanner.Level(max(e.State, 0)))
			}
		}
		earlier := n.Found == "" || found < n.Found
		if earlier || found == n.Found && level > n.Level {
			n.Rule, n.Mark, n.Text, n.Level = m.Rule, m.Mark, m.Text, level
		}
		if earlier {
			n.Found, n.Days, n.Outcome = found, daysBetween(found, n.Date), Before
		}
		if n.Found > n.Date {
			n.Outcome = After
		}
	}
}

// screen asks what today's rules say of the listing, else of the title alone.
func (r *replayer) screen(s *scanner.Scanner, n *Replayed) {
	l, ok := r.listings[n]
	if !ok && n.Title == "" {
		n.Outcome = Unknown
		return
	}
	if !ok {
		l = scanner.Listing{ID: n.ID, Store: n.Store, Fields: []scanner.Field{{Role: scanner.Title, Text: n.Title}}}
	}
	if n.Title == "" {
		n.Title = l.Title()
	}
	n.Outcome = Missed
	res := s.Screen(l)
	for i := range res.Findings {
		f := &res.Findings[i]
		if f.Level < scanner.Low || n.Outcome == Now && f.Level <= n.Level || !r.about(f, n.Brand) {
			continue
		}
		n.Outcome, n.Rule, n.Mark, n.Text, n.Level = Now, f.Rule, f.Mark, f.Text, f.Level
	}
}

// about tells whether a finding names the brand, itself or inside a longer name.
func (r *replayer) about(f *scanner.Finding, brand string) bool {
	if r.names(f.Rule, f.Mark, brand) {
		return true
	}
	for _, also := range f.Also {
		if r.names(also.Rule, also.Mark, brand) {
			return true
		}
	}
	return false
}

// SameName tells whether two names are the same but for case, accents and signs.
func SameName(a, b string) bool { return nameKey(a) != "" && nameKey(a) == nameKey(b) }

// Unindexed returns how many committed scans the index lacks; they are not in a
// search or a preview.
func (c *Catalog) Unindexed() (int, error) {
	logs, err := c.pending(sealedExt)
	if err != nil {
		return 0, fmt.Errorf("read catalogue %s: %w", c.dir, err)
	}
	return len(logs), nil
}
