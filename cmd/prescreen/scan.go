package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/catalog"
	"prescreen/scanner/table"
)

// scanFlags are the flags of scan alone.
type scanFlags struct {
	outputs   []string
	failOn    string
	noCatalog bool
	store     string
	complete  bool
	newOnly   bool
	all       bool
	columns   string
	explain   bool
	workers   int
}

func (a *app) scanCommand() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan FILE...",
		Short: "Read exports, screen every listing, write the report, update the catalogue",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			if f.explain {
				return a.explainInput(&f, files)
			}
			return a.scan(cmd.Context(), &f, files)
		},
	}
	a.ruleFlags(cmd)
	fs := cmd.Flags()
	fs.StringArrayVarP(&f.outputs, "output", "o", nil, "report file; xlsx, html, json, jsonl, csv or md by its extension; - puts JSON Lines on stdout; may be repeated")
	fs.StringVar(&a.common.marketplace, "marketplace", "", "where the listings are sold (default: recognised from the file)")
	fs.StringVar(&f.failOn, "fail-on", "", "exit 1 at this level or above: critical, high, medium, low or never (default high)")
	fs.StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	fs.BoolVar(&f.noCatalog, "no-catalog", false, "leave the catalogue alone")
	fs.StringVar(&f.store, "store", "", "store the listings belong to (default: the settings, else the platform)")
	fs.BoolVar(&f.complete, "complete", false, "the files hold everything the store sells: what is missing is gone")
	fs.BoolVar(&f.newOnly, "new-only", false, "fail only on findings that are new since the last scan")
	fs.BoolVar(&f.all, "all", false, "JSON also for clean listings and findings below low")
	fs.StringVar(&f.columns, "columns", "", "screen these columns and no others: role=Header,role=Header")
	fs.BoolVar(&f.explain, "explain-input", false, "tell how each file would be read, and why, and stop")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the run, YYYY-MM-DD (default: today)")
	fs.IntVar(&f.workers, "workers", 0, "listings screened at a time (default: one per processor)")
	return cmd
}

// scanRun is one scan under way.
type scanRun struct {
	a         *app
	f         *scanFlags
	files     []string
	asOf      string
	set       *rules.Set
	scanner   *scanner.Scanner
	excuses   *catalog.Excuses
	failOn    scanner.Level // None: never
	columns   map[string][]string
	out       *outputs
	memory    *memory // the catalogue, nil without
	aside     standing
	sum       scanner.Summary
	board     board
	decisions []catalog.Decision // of the catalogue
	notes     []string
	started   time.Time
}

func (a *app) scan(ctx context.Context, f *scanFlags, files []string) error {
	r, err := a.newRun(f, files)
	if err != nil {
		return err
	}
	if !f.noCatalog {
		m, err := a.openMemory(r)
		if err != nil {
			return err
		}
		defer m.close()
		r.memory = m
	}
	out, err := a.openOutputs(r)
	if err != nil {
		return err
	}
	r.out = out
	defer r.out.abandon()
	if r.memory != nil {
		if err := a.startMemory(r); err != nil {
			return err
		}
	}
	if err := r.out.begin(r.info()); err != nil {
		return err
	}
	if err = r.screenAll(ctx); err != nil {
		return err
	}
	if err = r.finish(); err != nil {
		return err
	}
	return r.index(ctx)
}

// newRun prepares a scan of files; it has no catalogue and no reports yet.
func (a *app) newRun(f *scanFlags, files []string) (*scanRun, error) {
	a.inputs = files
	r := &scanRun{a: a, f: f, files: files, started: time.Now(), sum: scanner.Summary{Levels: map[scanner.Level]int{}}}
	return r, r.prepare()
}

// prepare checks everything that can be wrong before the first file is read.
func (r *scanRun) prepare() (err error) {
	a, f := r.a, r.f
	if r.asOf, err = a.asOf(); err != nil {
		return err
	}
	if r.failOn, err = parseFailOn(firstOf(f.failOn, a.settings.FailOn, "high")); err != nil {
		return err
	}
	if r.columns, err = parseColumns(f.columns); err != nil {
		return err
	}
	if f.workers <= 0 {
		f.workers = runtime.GOMAXPROCS(0)
	}
	if r.set, err = a.loadRules(); err != nil {
		return err
	}
	if r.scanner, err = a.newScanner(r.set, ""); err != nil {
		return err
	}
	if r.excuses, err = a.excuses(nil, r.asOf); err != nil {
		return err
	}
	letters, err := a.authorisations()
	if err != nil {
		return err
	}
	r.aside.ending = catalog.Ending(letters, r.asOf, endingDays)
	if f.newOnly && f.noCatalog {
		return errors.New("--new-only compares with the catalogue: leave out --no-catalog")
	}
	return nil
}

func parseFailOn(s string) (scanner.Level, error) {
	if s == "never" {
		return scanner.None, nil
	}
	l, ok := scanner.ParseLevel(s)
	if !ok || l == scanner.None {
		return l, fmt.Errorf("--fail-on %s: want critical, high, medium, low or never", s)
	}
	return l, nil
}

// parseColumns reads role=Header,role=Header. A header may hold commas: a part
// without a known role before its equals sign belongs to the one before.
func parseColumns(s string) (map[string][]string, error) {
	if s == "" {
		return nil, nil
	}
	out := map[string][]string{}
	var role string
	for part := range strings.SplitSeq(s, ",") {
		name, header, ok := strings.Cut(part, "=")
		switch {
		case ok && slices.Contains(columnRoles, strings.TrimSpace(name)):
			role = strings.TrimSpace(name)
			out[role] = append(out[role], header)
		case role != "" && !ok:
			last := len(out[role]) - 1
			out[role][last] += "," + part
		default:
			return nil, fmt.Errorf("--columns: %q names no role: use %s", part, strings.Join(columnRoles, ", "))
		}
	}
	return out, nil
}

var columnRoles = []string{"id", "title", "bullet", "description", "tags", "brand", "attribute", "seo", "keywords", "variant", "category", "supplier", "url", "image"}

func (r *scanRun) info() scanner.RunInfo {
	market := strings.Join(r.a.marketplaces(), ", ")
	return scanner.RunInfo{
		Tool: "prescreen", Version: version(), AsOf: r.asOf, Packs: packInfos(r.set),
		Marketplace: firstOf(market, "auto"), Lang: r.a.common.lang, FailOn: firstOf(r.f.failOn, r.a.settings.FailOn, "high"),
	}
}

// screenAll reads every file through the scanner into the reports.
func (r *scanRun) screenAll(ctx context.Context) error {
	boundHeap(r.a.getenv)
	bar := r.a.ui.progress(r.files)
	defer bar.finish()
	for item := range r.scanner.Run(ctx, r.listings(bar), r.f.workers, r.recall()) {
		if item.Err != nil {
			if err := r.unread(item.Err); err != nil {
				return err
			}
			continue
		}
		if err := r.take(item.Result); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// boundHeap has the collector work harder once the heap outgrows what a scan
// needs, so that a workbook of a million rows is screened in 300 MB; a run that
// holds much already, a long list say, gets twice as much.
func boundHeap(getenv func(string) string) {
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetMemoryLimit(max(260<<20, 2*int64(m.HeapAlloc)))
}

func (r *scanRun) recall() scanner.Recall {
	if r.memory == nil || r.memory.scan.Fresh() {
		return nil
	}
	return r.memory.recall
}

// listings yields the listings of every file in order; a file that cannot be
// read is yielded as an *Unread.
func (r *scanRun) listings(bar *progress) iter.Seq2[scanner.Listing, error] {
	return func(yield func(scanner.Listing, error) bool) {
		for _, path := range r.files {
			bar.file(path)
			if !r.readFile(path, bar, yield) {
				return
			}
		}
	}
}

func (r *scanRun) tableOptions(path string) table.Options {
	store := r.f.store
	if store == "" {
		store, _ = r.a.settings.storeOf(path)
	}
	lang, _ := scanner.LanguageFor(r.a.common.lang)
	return table.Options{Columns: r.columns, Marketplace: r.a.common.marketplace, Store: store, Explain: r.f.explain, Language: lang}
}

func (r *scanRun) readFile(path string, bar *progress, yield func(scanner.Listing, error) bool) bool {
	file, err := table.Open(path, r.tableOptions(path))
	if err != nil {
		return yield(scanner.Listing{}, &scanner.Unread{File: path, Err: err})
	}
	defer file.Close()
	for l, err := range file.Listings() {
		bar.listing(file.Progress)
		if !yield(l, err) {
			return false
		}
	}
	bar.fileDone(file.Progress)
	for _, facts := range file.Facts() {
		if !yield(scanner.Listing{}, fileDone{facts}) {
			return false
		}
	}
	return true
}

// fileDone carries the facts of a finished file through the ordered stream.
type fileDone struct{ facts scanner.FileFacts }

func (fileDone) Error() string { return "file done" }

// unread takes what came instead of a listing.
func (r *scanRun) unread(err error) error {
	var done fileDone
	if errors.As(err, &done) {
		r.sum.Files = append(r.sum.Files, done.facts)
		r.sum.Rows += done.facts.Rows
		return nil
	}
	var u *scanner.Unread
	if !errors.As(err, &u) {
		u = &scanner.Unread{Err: err}
	}
	r.sum.Unread++
	r.a.fail(exitFailed)
	r.board.unread(u)
	return r.out.unread(*u)
}

// take counts, remembers, excuses and reports one screened listing.
func (r *scanRun) take(res scanner.Result) error {
	if r.memory != nil {
		if err := r.memory.take(&res); err != nil {
			return err
		}
	}
	before := res.Findings
	r.scanner.Season(&res, r.asOf) // after the ledger, as all that depends on the day
	r.excuses.Apply(&res)
	r.sum.Listings++
	shown := 0
	for i := range res.Findings {
		switch f := &res.Findings[i]; {
		case f.Excused != "":
			r.sum.Excused++
			r.aside.excusedAs(before[i].Level)
		case f.Level >= scanner.Low:
			shown++
		}
	}
	r.sum.Findings += shown
	if res.Level >= scanner.Low {
		r.sum.Flagged++
		r.sum.Levels[res.Level]++
	}
	if r.failOn > scanner.None && res.Level >= r.failOn && !r.f.newOnly {
		r.a.fail(exitFlagged)
	}
	r.board.take(&res)
	r.board.stake(&res, r.a.marketplaces())
	return r.out.result(res)
}

// finish completes reports, the terminal's summary and ledger, in this order:
// the report waits for nothing. When it cannot be written the scan is kept, as
// one that nobody was told of.
func (r *scanRun) finish() error {
	r.settle()
	if r.memory != nil {
		if err := r.memory.compare(r); err != nil {
			return err
		}
	}
	r.sum.Standing = r.standing()
	err := r.report()
	if r.memory == nil {
		return err
	}
	return errors.Join(err, r.memory.commit(err == nil))
}

func (r *scanRun) report() error {
	if err := r.out.end(r.sum); err != nil {
		return err
	}
	r.a.ui.summary(r)
	return nil
}

// settle completes the summary once every file is read.
func (r *scanRun) settle() {
	if r.sum.Listings == 0 {
		r.a.fail(exitFailed)
	}
	r.sum.NotChecked = []string{r.a.ui.say("cli.not_checked.images"), r.a.ui.say("cli.not_checked.links")}
	if !(r.a.common.asOf != "" && r.f.noCatalog) {
		r.sum.ElapsedMS = time.Since(r.started).Milliseconds()
	}
}

// index brings the catalogue's index up to date after the report is ready.
func (r *scanRun) index(ctx context.Context) error {
	if r.memory == nil {
		return nil
	}
	err := r.memory.index(ctx, r.a.ui)
	if errors.Is(err, context.Canceled) {
		r.a.ui.note("cli.index.later")
		return nil
	}
	if err != nil {
		return fmt.Errorf("report and ledger are complete, the search index is not, the next scan completes it: %w", err)
	}
	return nil
}
