package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"prescreen/scanner/catalog"
)

func (a *app) catalogCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "catalog", Short: "Look after the catalogue", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	verify := &cobra.Command{Use: "verify", Short: "Check ledger, index and the chain of scan records", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.catalogVerify() }}
	var opt catalog.ForgetOptions
	forget := &cobra.Command{Use: "forget", Short: "Delete a store, or what was closed before a date", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.catalogForget(cmd, opt) }}
	fs := forget.Flags()
	fs.StringVar(&opt.Store, "store", "", "every listing, finding and decision of this store")
	fs.StringVar(&opt.Before, "before", "", "findings closed and listings gone before this day, YYYY-MM-DD")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the deletion (default: today)")
	for _, c := range []*cobra.Command{verify, forget} {
		c.Flags().StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	}
	cmd.AddCommand(verify, forget)
	return cmd
}

func (a *app) catalogVerify() error {
	return a.readCatalog(func(cat *catalog.Catalog) error {
		v, err := cat.Verify()
		if err != nil {
			return err
		}
		a.ui.line(a.ui.say("cli.verify.counts", "scans", v.Scans, "listings", v.Listings, "findings", v.Findings, "not_indexed", v.NotIndexed))
		for _, p := range v.Problems {
			a.fail(exitFailed)
			a.ui.line("  " + plain(p))
		}
		if len(v.Problems) == 0 {
			a.ui.line(a.ui.say("cli.verify.good"))
		}
		a.ui.line(a.ui.say("cli.evidence.head", "head", v.Head))
		return nil
	})
}

func (a *app) catalogForget(cmd *cobra.Command, opt catalog.ForgetOptions) (err error) {
	if (opt.Store == "") == (opt.Before == "") {
		return errors.New("catalog forget: name --store or --before, one of them")
	}
	if opt.AsOf, err = a.asOf(); err != nil {
		return err
	}
	return a.withCatalog(catalog.Options{}, func(cat *catalog.Catalog) error {
		cut, err := cat.CompleteForget(cmd.Context())
		if err != nil {
			return err
		}
		if cut != nil && cut.Store == opt.Store && cut.Before == opt.Before {
			a.ui.line(a.ui.say("cli.forget.done", "listings", cut.Listings, "findings", cut.Findings))
			return nil
		}
		if opt.Store != "" {
			if err := cat.HasStore(opt.Store); err != nil {
				return fmt.Errorf("catalog forget: %w", err)
			}
		}
		f, err := cat.Forget(cmd.Context(), opt)
		if err == nil {
			a.ui.line(a.ui.say("cli.forget.done", "listings", f.Listings, "findings", f.Findings))
		}
		return err
	})
}
