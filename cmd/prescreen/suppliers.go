package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
	"prescreen/scanner/report"
)

// suppliersFlags are the flags of suppliers: where the sheets go, and those of
// scan that say what is read and how it is judged.
type suppliersFlags struct {
	scan scanFlags
	dir  string
	html bool
}

func (a *app) suppliersCommand() *cobra.Command {
	var f suppliersFlags
	cmd := &cobra.Command{
		Use:   "suppliers FILE... -o DIR",
		Short: "Roll up exports per supplier, with a sheet and a letter to send to each",
		Long: `Roll up exports per supplier: listings, risky ones, brands claimed, letters of authorisation.
DIR gets suppliers.csv, a sheet and a letter for each supplier who has something to change or to
send, and copied-text.csv where long descriptions stand with more than one supplier or store.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return a.suppliers(cmd.Context(), &f, files) },
	}
	a.ruleFlags(cmd)
	fs := cmd.Flags()
	fs.StringVarP(&f.dir, "output", "o", "", "folder for the sheets; made when it is not there")
	fs.BoolVar(&f.html, "html", false, "sheets as HTML pages instead of workbooks")
	fs.StringVar(&a.common.marketplace, "marketplace", "", "where the listings are sold (default: recognised from the file)")
	fs.StringVar(&f.scan.failOn, "fail-on", "", "exit 1 at this level or above: critical, high, medium, low or never (default high)")
	fs.StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue, for its decisions (default: .prescreen)")
	fs.BoolVar(&f.scan.noCatalog, "no-catalog", false, "leave the decisions of the catalogue aside")
	fs.StringVar(&f.scan.store, "store", "", "store the listings belong to (default: the settings, else the platform)")
	fs.StringVar(&f.scan.columns, "columns", "", "screen these columns and no others: role=Header,role=Header")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the run, YYYY-MM-DD (default: today)")
	fs.IntVar(&f.scan.workers, "workers", 0, "listings screened at a time (default: one per processor)")
	return cmd
}

// suppliers scans as scan does, with the roll-up as its only report.
func (a *app) suppliers(ctx context.Context, f *suppliersFlags, files []string) error {
	if f.dir == "" {
		return errors.New("suppliers: name the folder for the sheets with -o DIR")
	}
	r, err := a.newRun(&f.scan, files)
	if err != nil {
		return err
	}
	if r.excuses, err = a.standingExcuses(f.scan.noCatalog, r.asOf); err != nil {
		return err
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return fmt.Errorf("make the folder for the sheets: %w", err)
	}
	for _, name := range []string{tableName, copiedName} {
		if err := a.notAnInput(filepath.Join(f.dir, name)); err != nil {
			return err
		}
	}
	book, err := a.newSupplierBook(f, r.asOf)
	if err != nil {
		return err
	}
	r.out = &outputs{all: []*output{{writer: book, buffer: bufio.NewWriter(io.Discard)}}}
	if err := r.out.begin(r.info()); err != nil {
		return err
	}
	if err := r.screenAll(ctx); err != nil {
		return err
	}
	r.settle()
	if err := r.out.end(r.sum); err != nil {
		return err
	}
	a.ui.suppliers(r, book)
	return nil
}

// standingExcuses are the authorisations of the settings and, where there is a
// catalogue, its decisions; it is only looked at.
func (a *app) standingExcuses(without bool, asOf string) (*catalog.Excuses, error) {
	if _, err := os.Stat(a.catalogDir()); without || err != nil {
		return a.excuses(nil, asOf)
	}
	var excuses *catalog.Excuses
	err := a.readCatalog(func(cat *catalog.Catalog) (err error) {
		excuses, err = a.excuses(cat, asOf)
		return err
	})
	return excuses, err
}

// supplierBook is the roll-up of a run: a report.Writer that hands every
// listing to the sheet of its supplier.
type supplierBook struct {
	a       *app
	dir     string
	format  string
	options report.Options
	asOf    string
	letters []catalog.Authorisation
	proofs  *proofs
	info    scanner.RunInfo
	all     map[string]*supplier // by key
	copied  *copiedTexts
	groups  []copiedGroup // known at the end
	sheets  int
}

func (a *app) newSupplierBook(f *suppliersFlags, asOf string) (*supplierBook, error) {
	b := &supplierBook{a: a, dir: f.dir, format: "xlsx", asOf: asOf, all: map[string]*supplier{}, copied: newCopiedTexts()}
	if f.html {
		b.format = "html"
	}
	b.options.Answers = true
	var err error
	if b.options.Lang, err = scanner.LanguageFor(a.common.lang); err != nil {
		return nil, err
	}
	if b.letters, err = a.authorisations(); err != nil {
		return nil, err
	}
	b.proofs, err = a.proofs()
	return b, err
}

// Begin keeps what every sheet says about the run.
func (b *supplierBook) Begin(info scanner.RunInfo) error {
	b.info = info
	return nil
}

// Result counts a listing and puts it on its supplier's sheet.
func (b *supplierBook) Result(r scanner.Result) error {
	s, err := b.supplier(r.Listing.Supplier)
	if err != nil {
		return err
	}
	s.count(&r)
	if b.proofs != nil {
		s.prove(b.proofs, r.Listing.ID)
	}
	b.copied.take(&r.Listing, s)
	r.Listing.Origin.File = filepath.Base(r.Listing.Origin.File) // our folders are no business of theirs
	return s.sheet.Result(r)
}

// Unread is told on the terminal: nobody knows whose listing a row was that
// could not be read.
func (b *supplierBook) Unread(scanner.Unread) error { return nil }

// supplier returns the supplier called name, whatever its case and spacing.
func (b *supplierBook) supplier(name string) (*supplier, error) {
	key := supplierKey(name)
	if s := b.all[key]; s != nil {
		return s, nil
	}
	s := newSupplier(key, name)
	if key == "" {
		s.name = b.a.ui.say("report.not_named")
	}
	s.place = &latePlace{}
	var err error
	if s.sheet, err = report.New(b.format, s.place, b.options); err != nil {
		return nil, err
	}
	b.all[key] = s
	return s, s.sheet.Begin(b.info)
}

// End writes the sheets, the letters and the tables.
func (b *supplierBook) End(sum scanner.Summary) error {
	b.groups = b.copied.groups()
	for _, g := range b.groups {
		for _, spot := range g.spots {
			b.all[spot.key].copied++
		}
	}
	names := fileNames{}
	for _, s := range b.sorted() {
		s.authorise(b.letters, b.asOf)
		if !s.hasWork() {
			continue
		}
		name := s.name
		if s.key == "" {
			name = b.a.ui.say("suppliers.file.unnamed")
		}
		if err := b.send(s, names.of(name), sum); err != nil {
			return err
		}
		b.sheets++
	}
	return errors.Join(b.writeTable(), b.writeCopied())
}

// send writes the sheet of one supplier and the letter that goes with it.
func (b *supplierBook) send(s *supplier, name string, sum scanner.Summary) error {
	one := &outputs{}
	defer one.abandon()
	path := filepath.Join(b.dir, name+"."+b.format)
	if err := one.open(b.a, path, b.options); err != nil {
		return err
	}
	out := one.all[0]
	out.writer, s.place.Writer = s.sheet, out.buffer
	if err := one.end(s.summary(sum.NotChecked)); err != nil {
		return err
	}
	s.file = filepath.Base(out.path)
	s.sheet, s.place = nil, nil // its rows are written: let go of them
	return writeBeside(filepath.Join(b.dir, name+".txt"), func(w io.Writer) error {
		_, err := io.WriteString(w, b.letter(s))
		return err
	})
}

// latePlace is where a sheet goes; it is opened when the sheet is complete, so
// that ten thousand suppliers need no ten thousand open files. The workbook and
// the page write at their end only.
type latePlace struct{ io.Writer }
