package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"prescreen/scanner/catalog"
)

// historyCommands are the commands that ask or tell the ledger.
func (a *app) historyCommands() []*cobra.Command {
	history := &cobra.Command{Use: "history", Short: "List the scans of the catalogue", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.history() }}
	history.Flags().StringVar(&a.common.asOf, "as-of", "", "date from which ages count (default: today)")
	var since, store string
	diff := &cobra.Command{Use: "diff", Short: "What is new, fixed, back and still open since an earlier scan", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.diff(since, store) }}
	diff.Flags().StringVar(&since, "since", "", "a date, YYYY-MM-DD, or the number of a scan (default: the scan before)")
	diff.Flags().StringVar(&store, "store", "", "this store only")
	diff.Flags().StringVar(&a.common.asOf, "as-of", "", "date from which ages count (default: today)")
	var d catalog.Decision
	var verdict string
	decide := &cobra.Command{Use: "decide FINGERPRINT", Short: "Record a decision on one finding", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			d.Fingerprint = args[0]
			return a.decide(d, verdict)
		}}
	fs := decide.Flags()
	fs.StringVar(&verdict, "verdict", "", "fix, accept, false-alarm or ask-supplier")
	fs.StringVar(&d.Reason, "reason", "", "why")
	fs.StringVar(&d.Person, "person", "", "who decided")
	fs.StringVar(&d.Until, "until", "", "last day it holds, YYYY-MM-DD (default: 180 days)")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the decision (default: today)")
	imports := &cobra.Command{Use: "import FILE", Short: "Import the decisions written into a report (XLSX) or a list (CSV)", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.importDecisions(args[0]) }}
	imports.Flags().StringVar(&a.common.asOf, "as-of", "", "date of the decisions (default: today)")
	decisions := &cobra.Command{Use: "decisions", Short: "List the decisions in force", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.listDecisions() }}
	decisions.AddCommand(imports)
	all := []*cobra.Command{history, diff, decide, decisions}
	for _, c := range append(all, imports) {
		c.Flags().StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	}
	return all
}

// readCatalog opens the catalogue for looking and hands it to f.
func (a *app) readCatalog(f func(*catalog.Catalog) error) error {
	return a.withCatalog(catalog.Options{ReadOnly: true}, f)
}

func (a *app) withCatalog(opt catalog.Options, f func(*catalog.Catalog) error) error {
	cat, err := catalog.Open(a.catalogDir(), opt)
	if err != nil {
		return err
	}
	defer cat.Close()
	return f(cat)
}

func (a *app) decide(d catalog.Decision, verdict string) (err error) {
	v, ok := catalog.ParseVerdict(verdict)
	if !ok {
		return fmt.Errorf("--verdict %q: want fix, accept, false-alarm or ask-supplier", verdict)
	}
	d.Verdict = v
	if d.On, err = a.asOf(); err != nil {
		return err
	}
	return a.withCatalog(catalog.Options{}, func(cat *catalog.Catalog) error {
		n, err := cat.Decide(d)
		if err == nil {
			a.ui.line(a.ui.say("cli.decisions.recorded", "count", n))
		}
		return err
	})
}

func (a *app) importDecisions(path string) error {
	on, err := a.asOf()
	if err != nil {
		return err
	}
	found, err := readDecisions(path)
	if err != nil {
		return err
	}
	return a.withCatalog(catalog.Options{}, func(cat *catalog.Catalog) error {
		n, err := importInto(cat, on)(found)
		if err == nil {
			a.ui.line(a.ui.say("cli.decisions.recorded", "count", n))
		}
		return err
	})
}

func (a *app) listDecisions() error {
	return a.readCatalog(func(cat *catalog.Catalog) error {
		list, err := cat.Decisions()
		if err != nil {
			return err
		}
		for _, d := range list {
			a.ui.line(plain(fmt.Sprintf("%s  %s %s  %s %s  %s  %s", d.On, fitted(d.Verdict.Say(a.ui.lang), 12), d.Fingerprint, d.Store, d.ListingID, d.Mark, d.Reason)))
		}
		a.ui.line(a.ui.say("cli.decisions.count", "count", len(list)))
		for _, sentence := range a.ui.precision(list) {
			a.ui.text(sentence)
		}
		return nil
	})
}
