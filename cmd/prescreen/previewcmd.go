package main

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/scanner/catalog"
)

// previewCommands are the commands that try rules on what the catalogue holds.
func (a *app) previewCommands() []*cobra.Command {
	var samples int
	preview := &cobra.Command{
		Use:   "preview PACK...",
		Short: "What new or changed rules would raise over the whole catalogue",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(cmd *cobra.Command, args []string) error { return a.preview(cmd.Context(), args, samples) },
	}
	preview.Flags().IntVar(&samples, "samples", 10, "listings to show")
	replay := &cobra.Command{
		Use:   "replay NOTICES",
		Short: "Past strike notices: would they have been caught, by what, how long before",
		Long: `Past strike notices: would they have been caught, by what, how long before.
The file is CSV, TSV or XLSX, with a header row in one of ten languages: a listing id or title (or both), the brand or
rights owner, the date, and if known the right and the store.
For what is missed, draft rules are written to NOTICES.drafts.yaml, to be edited and given to --rules.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.replay(cmd.Context(), args[0]) },
	}
	a.ruleFlags(replay)
	for _, c := range []*cobra.Command{preview, replay} {
		c.Flags().StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
		c.Flags().StringVar(&a.common.asOf, "as-of", "", "date as of which rules count, YYYY-MM-DD (default: today)")
		c.Flags().StringVar(&a.common.marketplace, "marketplace", "", "where the listings are sold (default: as scanned)")
	}
	return []*cobra.Command{preview, replay}
}

// previewSet loads the packs and tells which of their rules are new or changed.
func (a *app) previewSet(files []string) (set *rules.Set, counts func(string) bool, err error) {
	packs, files := registerPaths(files)
	set = &rules.Set{}
	known := map[string]*rules.Rule{}
	if len(files) > 0 {
		if set, err = a.named(files); err != nil {
			return nil, nil, err
		}
	}
	if a.extendsBuiltin(files) {
		builtin, err := rules.Builtin()
		if err != nil {
			return nil, nil, err
		}
		for i := range builtin.Rules {
			known[builtin.Rules[i].ID] = &builtin.Rules[i]
		}
	}
	old := map[string]bool{}
	for i := range set.Rules {
		if k := known[set.Rules[i].ID]; k != nil && reflect.DeepEqual(*k, set.Rules[i]) {
			old[k.ID] = true
		}
	}
	set, err = a.openRegisters(set, packs)
	return set, func(rule string) bool { return !old[rule] }, err
}

func (a *app) preview(ctx context.Context, files []string, samples int) error {
	asOf, err := a.asOf()
	if err != nil {
		return err
	}
	set, counts, err := a.previewSet(files)
	if err != nil {
		return err
	}
	s, err := a.newScanner(set, asOf)
	if err != nil {
		return err
	}
	return a.readCatalog(func(cat *catalog.Catalog) error {
		started := time.Now()
		if err := a.warnUnindexed(cat); err != nil {
			return err
		}
		if samples <= 0 {
			samples = -1
		}
		p, err := cat.Preview(ctx, s, catalog.PreviewOptions{Counts: counts, Samples: samples})
		if err != nil {
			return err
		}
		a.ui.preview(p, time.Since(started))
		return nil
	})
}

// warnUnindexed says how many scans a look at the catalogue lacks.
func (a *app) warnUnindexed(cat *catalog.Catalog) error {
	n, err := cat.Unindexed()
	if n > 0 {
		a.ui.note("preview.unindexed", "count", n)
	}
	return err
}

func (u *ui) preview(p *catalog.Preview, took time.Duration) {
	head := "preview.listings"
	if p.All {
		head = "preview.all"
	}
	u.line(u.say(head, "listings", p.Listings, "screened", p.Screened, "ms", took.Milliseconds()))
	u.line(u.say("preview.raised", "listings", p.Flagged, "findings", p.Findings, "fresh", p.New))
	u.line(u.say("preview.red", "listings", p.Red, "turn", p.TurnRed))
	u.counted("preview.rules", p.Rules)
	u.counted("preview.categories", p.Categories)
	u.counted("preview.stores", p.Stores)
	if len(p.Samples) > 0 {
		u.line("")
		u.line(u.say("preview.samples", "count", len(p.Samples)))
	}
	for i := range p.Samples {
		s := &p.Samples[i]
		u.line("  " + u.paint(s.Level, fitted(u.levelName(s.Level), 9)) + fitted(s.Finding.Mark, 18) + "  " + fitted(s.Finding.Text, 18) + "  " + plain(s.Listing.Store+" "+s.Listing.ID))
		u.line("           " + plain(s.Listing.Title()))
	}
}

// mostCounted is how many values of a count are shown.
const mostCounted = 10

func (u *ui) counted(id string, list []catalog.FacetValue) {
	if len(list) == 0 {
		return
	}
	var parts []string
	for i, v := range list {
		if i == mostCounted {
			parts = append(parts, u.say("preview.more", "count", len(list)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s %d", firstOf(plain(v.Value), u.say("preview.none")), v.Count))
	}
	u.wrapped(u.say(id), parts)
}
