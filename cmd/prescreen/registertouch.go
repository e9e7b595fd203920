package main

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// mostTouched is how many listings are named for one mark.
const mostTouched = 5

// touch is what of the catalogue a mark touches.
type touch struct {
	listings []touchedListing // the first by store and id, at most mostTouched
	count    int              // of all
}

type touchedListing struct{ store, id, title string }

// total is the number of listings; a nil touch has none.
func (t *touch) total() int {
	if t == nil {
		return 0
	}
	return t.count
}

// add counts a listing and keeps it where it is among the first.
func (t *touch) add(l touchedListing) {
	t.count++
	at, _ := slices.BinarySearchFunc(t.listings, l, func(a, b touchedListing) int {
		return cmp.Or(cmp.Compare(a.store, b.store), cmp.Compare(a.id, b.id))
	})
	t.listings = slices.Insert(t.listings, at, l)
	t.listings = t.listings[:min(len(t.listings), mostTouched)]
}

// markKey is the id of the rule that a finding of the mark names.
func markKey(m *rules.Mark) string { return scanner.RegisterRuleID(m) }

// touchedBy screens the listings of the catalogue for the marks that changed,
// as a scan would, and gives what each touches, by markKey. Marks that touch
// nothing are left out.
func (a *app) touchedBy(ctx context.Context, d *registerDiff) (map[string]*touch, error) {
	touched := map[string]*touch{}
	if len(d.born)+len(d.died) == 0 {
		return touched, nil
	}
	var packed bytes.Buffer
	if _, err := scanner.WritePack(&packed, marksOf(d.born, d.died), scanner.PackOptions{Name: "changes"}); err != nil {
		return nil, err
	}
	pack, err := scanner.ReadPack(packed.Bytes())
	if err != nil {
		return nil, err
	}
	s, err := scanner.New(&rules.Set{}, scanner.Options{Lang: a.common.lang, Registers: []*scanner.Pack{pack}})
	if err != nil {
		return nil, err
	}
	screen := s.Screener()
	err = a.readCatalog(func(cat *catalog.Catalog) error {
		if err := a.warnUnindexed(cat); err != nil {
			return err
		}
		return cat.EachListing(ctx, func(stored catalog.StoredListing) error {
			l := &stored.Listing
			for rule := range rulesOf(screen(*l).Findings) {
				if touched[rule] == nil {
					touched[rule] = &touch{}
				}
				touched[rule].add(touchedListing{l.Store, l.ID, l.Title()})
			}
			return nil
		})
	})
	return touched, err
}

// rulesOf gives the rules that findings name, each once.
func rulesOf(findings []scanner.Finding) map[string]bool {
	out := map[string]bool{}
	for i := range findings {
		out[findings[i].Rule] = true
		for _, also := range findings[i].Also {
			out[also.Rule] = true
		}
	}
	return out
}

// marksOf yields the marks of the lists.
func marksOf(lists ...[]rules.Mark) iter.Seq2[rules.Mark, error] {
	return func(yield func(rules.Mark, error) bool) {
		for _, list := range lists {
			for i := range list {
				if !yield(list[i], nil) {
					return
				}
			}
		}
	}
}

// touches names the listings that a mark touches.
func (u *ui) touches(t *touch) {
	if t == nil {
		return
	}
	for _, l := range t.listings {
		u.line("    " + u.say("register.diff.touches", "listing", plain(l.store+" "+l.id), "text", plain(l.title)))
	}
	if more := t.count - len(t.listings); more > 0 {
		u.line("    " + u.say("register.more_faults", "count", more))
	}
}
