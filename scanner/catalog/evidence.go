package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// Evidence is what was known and done about a mark, and when.
type Evidence struct {
	Mark     string
	Since    string            // YYYY-MM-DD, "" for all
	Listings []EvidenceListing // by store, then id
	Scans    []Record          // scans since then, oldest first: dates, rule sets, engine versions
	Head     string            // Hash of the newest record: send or time-stamp it to prove a date
}

// EvidenceListing is one listing that named the mark.
type EvidenceListing struct {
	Store, ID, Title, Supplier, Category, Marketplace string
	Mentions                                          []EvidenceMention // by rule, then fingerprint
	Now                                               *scanner.Listing  // as last exported; nil when it is gone

	key string
}

// EvidenceMention is the life of one finding.
type EvidenceMention struct {
	Rule, Mark, Text, Fingerprint string
	Role                          scanner.Role
	Form                          scanner.Form
	Use                           scanner.Use
	Steps                         []EvidenceStep // oldest first
	Decisions                     []Decision     // oldest first
}

// EvidenceStep is one change of a finding, in the scan that saw it.
type EvidenceStep struct {
	Scan  int
	Date  string        // as-of date of that scan, YYYY-MM-DD
	What  string        // found, level changed, fixed, gone, back
	Level scanner.Level // None when fixed or gone
}

// Evidence gathers every finding of a mark that was open at any time since a
// date (YYYY-MM-DD, or "" for all). The mark is a rule's canonical name or a
// rule id, whatever its case and accents.
func (c *Catalog) Evidence(mark, since string) (*Evidence, error) {
	if _, err := time.Parse(time.DateOnly, since); since != "" && err != nil {
		return nil, fmt.Errorf("evidence: since %q is not YYYY-MM-DD", since)
	}
	if nameKey(mark) == "" {
		return nil, fmt.Errorf("evidence: %q names no mark", mark)
	}
	g := &gatherer{out: &Evidence{Mark: mark, Since: since}, asOf: map[int]string{}, decisions: map[string][]Decision{}}
	records, err := c.records()
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	for _, r := range records {
		g.asOf[r.ID] = r.AsOf
		g.out.Head = r.Hash
		if r.AsOf >= since {
			g.out.Scans = append(g.out.Scans, r)
		}
	}
	err = c.view(func(tx *bbolt.Tx) error {
		err := eachDecision(tx, func(_ int, d Decision) error {
			g.decisions[d.Fingerprint] = append(g.decisions[d.Fingerprint], d)
			return nil
		})
		if err != nil {
			return err
		}
		return mentions(tx, "", g.add)
	})
	if err == nil {
		err = c.asExported(g.out.Listings)
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return g.out, nil
}

// asExported reads from the index how the listings stand now.
func (c *Catalog) asExported(list []EvidenceListing) error {
	if len(list) == 0 {
		return nil
	}
	idx, err := c.searchIndex()
	if err != nil {
		return err
	}
	return guarded(func() error {
		snapshot, err := snapshotOf(idx)
		if err != nil {
			return err
		}
		defer snapshot.Close()
		for i := range list {
			l, ok, err := listingIn(snapshot, list[i].key)
			if err != nil {
				return err
			}
			if ok {
				list[i].Now = &l
			}
		}
		return nil
	})
}

// gatherer picks the mentions of one mark.
type gatherer struct {
	out       *Evidence
	asOf      map[int]string
	decisions map[string][]Decision
	last      string // listing key of the last listing in out
}

func (g *gatherer) add(key string, m *mention) error {
	if nameKey(m.Mark) != nameKey(g.out.Mark) && m.Rule != g.out.Mark {
		return nil
	}
	if m.now() <= fixed && g.asOf[m.Events[len(m.Events)-1].Scan] < g.out.Since {
		return nil // over before the time asked about
	}
	if listing := listingPart(key); listing != g.last || len(g.out.Listings) == 0 {
		g.last = listing
		g.out.Listings = append(g.out.Listings, EvidenceListing{key: listing, Store: m.Store, ID: m.ID, Title: m.Title, Supplier: m.Supplier,
			Category: m.Category, Marketplace: m.Marketplace})
	}
	l := &g.out.Listings[len(g.out.Listings)-1]
	print := key[len(g.last)+1:]
	l.Mentions = append(l.Mentions, EvidenceMention{Rule: m.Rule, Mark: m.Mark, Text: m.Text, Fingerprint: print,
		Role: m.Role, Form: m.Form, Use: m.Use, Steps: g.steps(m), Decisions: g.decisions[print]})
	slices.SortFunc(l.Mentions, func(a, b EvidenceMention) int {
		return strings.Compare(a.Rule+"\x00"+a.Fingerprint, b.Rule+"\x00"+b.Fingerprint)
	})
	return nil
}

func (g *gatherer) steps(m *mention) []EvidenceStep {
	var out []EvidenceStep
	for i, e := range m.Events {
		s := EvidenceStep{Scan: e.Scan, Date: g.asOf[e.Scan]}
		switch {
		case e.State == fixed:
			s.What = "fixed"
		case e.State == gone:
			s.What = "gone"
		case i == 0:
			s.What = "found"
		case m.Events[i-1].State <= fixed:
			s.What = "back"
		default:
			s.What = "level changed"
		}
		s.Level = scanner.Level(max(0, e.State))
		out = append(out, s)
	}
	return out
}
