package main

import (
	"context"
	"errors"
	"iter"
	"runtime"

	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/catalog"
	"prescreen/scanner/table"
)

// often is the share of listings, in percent, above which a one-word rule is too eager.
const often = 0.5

// lintFlags are the flags of lint alone.
type lintFlags struct {
	catalog bool     // try the rules on a catalogue
	against []string // and on these exports
	often   float64  // percent
}

// tries tells whether the rules are to be tried on listings.
func (f *lintFlags) tries() bool { return f.catalog || len(f.against) > 0 }

func (a *app) lintCommand() *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [FILE...]",
		Short: "Check packs for faults and oddities",
		Long: `Check packs for faults and oddities: names that two rules share or that are ordinary words, hits and misses that prove
nothing or fail, replacements that would be caught. With --catalog or --against also the rules whose one-word names
raise more of those listings than --often says.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.catalog = cmd.Flags().Changed("catalog")
			return a.rulesLint(cmd.Context(), args, &f)
		},
	}
	a.ruleFlags(cmd)
	cmd.Flags().StringVar(&a.common.catalog, "catalog", "", "folder of a catalogue whose listings the rules are tried on")
	cmd.Flags().StringArrayVar(&f.against, "against", nil, "an export whose listings the rules are tried on; may be repeated")
	cmd.Flags().Float64Var(&f.often, "often", often, "percent of the listings above which a one-word rule is named")
	return cmd
}

func (a *app) rulesLint(ctx context.Context, files []string, f *lintFlags) error {
	set, err := a.named(files)
	if err != nil {
		return err
	}
	found, err := scanner.Lint(set)
	if err != nil {
		return err
	}
	warnings := append(rules.Lint(set), found...)
	if f.tries() {
		noise, err := a.noise(ctx, set, f)
		if err != nil {
			return err
		}
		a.ui.line(a.ui.say("cli.rules.tried", "listings", noise.Listings))
		warnings = append(warnings, noise.Warnings(set, f.often/100)...)
	}
	for _, w := range warnings {
		a.ui.line(plain(w.String()))
	}
	a.ui.line(a.ui.say("cli.rules.lint", "rules", len(set.Rules), "count", len(warnings)))
	if len(warnings) > 0 {
		a.fail(exitFlagged)
	}
	return nil
}

// noise screens listings with set and counts what one-word names raise.
func (a *app) noise(ctx context.Context, set *rules.Set, f *lintFlags) (*scanner.Noise, error) {
	asOf, err := a.asOf()
	if err != nil {
		return nil, err
	}
	s, err := a.newScanner(set, asOf)
	if err != nil {
		return nil, err
	}
	noise := &scanner.Noise{}
	count := func(in iter.Seq2[scanner.Listing, error]) error {
		for item := range s.Run(ctx, in, runtime.GOMAXPROCS(0), nil) {
			if item.Err != nil {
				return item.Err
			}
			noise.Add(&item.Result)
		}
		return ctx.Err()
	}
	for _, path := range f.against {
		if err := count(a.listingsOf(path)); err != nil {
			return nil, err
		}
	}
	if f.catalog {
		err = a.readCatalog(func(c *catalog.Catalog) error { return count(storedIn(ctx, c)) })
	}
	return noise, err
}

// listingsOf yields the listings of an export; a row that cannot be read, or
// the file as a whole, is yielded as an error.
func (a *app) listingsOf(path string) iter.Seq2[scanner.Listing, error] {
	return func(yield func(scanner.Listing, error) bool) {
		lang, _ := scanner.LanguageFor(a.common.lang)
		file, err := table.Open(path, table.Options{Language: lang})
		if err != nil {
			yield(scanner.Listing{}, &scanner.Unread{File: path, Err: err})
			return
		}
		defer file.Close()
		for l, err := range file.Listings() {
			if !yield(l, err) {
				return
			}
		}
	}
}

var errEnough = errors.New("enough")

// storedIn yields the listings of a catalogue.
func storedIn(ctx context.Context, c *catalog.Catalog) iter.Seq2[scanner.Listing, error] {
	return func(yield func(scanner.Listing, error) bool) {
		err := c.EachListing(ctx, func(l catalog.StoredListing) error {
			if !yield(l.Listing, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(scanner.Listing{}, err)
		}
	}
}
