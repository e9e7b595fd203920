package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"prescreen/scanner"
	"prescreen/scanner/report"
	"prescreen/scanner/table"
)

// fixFlags are the flags of fix.
type fixFlags struct {
	out      string
	minLevel string
	failOn   string
	columns  string
	store    string
	picks    []string
	diffs    []string
	dryRun   bool
}

func (a *app) fixCommand() *cobra.Command {
	var f fixFlags
	cmd := &cobra.Command{
		Use:   "fix FILE -o OUT",
		Short: "Write the export again with flagged words replaced, and screen the result",
		Long: `Write the export again with flagged words replaced, and screen the result.
Only the cells in question change. A rule's preferred words are taken; other candidates are listed
with a fingerprint, for --pick. What offers a copy, an imitation or a disguise is never reworded.
Exit code 0: nothing is left at or above --fail-on; 1: something is left for a person; 2: not written.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.fix(&f, args[0]) },
	}
	a.ruleFlags(cmd)
	fs := cmd.Flags()
	fs.StringVarP(&f.out, "output", "o", "", "the corrected file")
	fs.StringVar(&f.minLevel, "min-level", "medium", "replace what is at this level or above")
	fs.StringVar(&f.failOn, "fail-on", "", "exit 1 when this level or above is left (default high)")
	fs.StringVar(&f.columns, "columns", "", "screen these columns and no others: role=Header,...")
	fs.StringVar(&f.store, "store", "", "store the listings belong to")
	fs.StringVar(&a.common.marketplace, "marketplace", "", "where the listings are sold")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the run, YYYY-MM-DD (default: today)")
	fs.StringArrayVar(&f.picks, "pick", nil, "take another candidate: FINGERPRINT=NUMBER, FINGERPRINT=delete, or a diff sheet with its Pick column filled in")
	fs.StringArrayVar(&f.diffs, "diff", nil, "write what changed and what is left to this file, .xlsx or .html")
	fs.BoolVar(&f.dryRun, "dry-run", false, "show the changes and write nothing")
	return cmd
}

// fixRun is one correction under way.
type fixRun struct {
	a       *app
	f       *fixFlags
	path    string
	info    scanner.RunInfo
	planner planner
	failOn  scanner.Level
	options table.Options
	plans   []*plan // of listings with something to change or to leave, in file order
	worst   scanner.Level
	before  map[mention]mentions
}

// mention is one rule in one listing, which its first row names: a listing
// without a key is named after its title, and that may change.
type mention struct {
	member, sheet string // of a ZIP, of a workbook
	row           int
	rule          string
}

// mentions count the findings of a rule in a listing at low or above.
type mentions struct {
	count int
	worst scanner.Level
}

func (a *app) fix(f *fixFlags, path string) error {
	if a.getenv("GOGC") == "" {
		debug.SetGCPercent(100) // a correction holds what it is about to change
	}
	if err := a.checkFixFiles(f, path); err != nil {
		return err
	}
	r, err := a.newFix(f, path)
	if err != nil {
		return err
	}
	if err := r.collect(); err != nil {
		return err
	}
	if err := r.refuse(); err != nil {
		return err
	}
	changes, left := r.show()
	a.ui.line(a.ui.say("cli.fix.count", "changes", changes, "left", left))
	if f.dryRun {
		if err := r.writeDiffs(); err != nil {
			return err
		}
		return r.verdict()
	}
	if err := r.write(); err != nil {
		return err
	}
	a.ui.line(a.ui.say("cli.fix.written", "file", plain(f.out)))
	if err := r.writeDiffs(); err != nil {
		return err
	}
	return r.verdict()
}

// checkFixFiles holds the names of a run apart: the file read is never written.
func (a *app) checkFixFiles(f *fixFlags, path string) error {
	if f.out == "" && !f.dryRun {
		return errors.New("fix: name the corrected file with -o OUT, or look first with --dry-run")
	}
	if same, _ := sameFile(path, f.out); same {
		return fmt.Errorf("fix: -o %s is the file itself; name another, the original stays as it is", f.out)
	}
	if have, want := filepath.Ext(f.out), filepath.Ext(path); f.out != "" && !strings.EqualFold(have, want) {
		return fmt.Errorf("fix: -o %s: the corrected file is of the kind it was: let its name end in %s", f.out, want)
	}
	for _, d := range f.diffs {
		if format := diffFormat(d); !slices.Contains(report.DiffFormats(), format) {
			return fmt.Errorf("fix: --diff %s: the extension picks the format: use one of %s", d, strings.Join(report.DiffFormats(), ", "))
		}
		if same, _ := sameFile(path, d); same || f.out != "" && filepath.Clean(d) == filepath.Clean(f.out) {
			return fmt.Errorf("fix: --diff %s is the export itself; name another file", d)
		}
	}
	return nil
}

func sameFile(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if err != nil {
		return false, err
	}
	return os.SameFile(x, y), nil
}

func (a *app) newFix(f *fixFlags, path string) (*fixRun, error) {
	least, err := parseFailOn(f.minLevel)
	if err != nil || least == scanner.None {
		return nil, fmt.Errorf("--min-level %s: want critical, high, medium or low", f.minLevel)
	}
	failOn, err := parseFailOn(firstOf(f.failOn, a.settings.FailOn, "high"))
	if err != nil {
		return nil, err
	}
	columns, err := parseColumns(f.columns)
	if err != nil {
		return nil, err
	}
	picks, err := readPicks(f.picks)
	if err != nil {
		return nil, err
	}
	set, s, asOf, err := a.loadScanner()
	if err != nil {
		return nil, err
	}
	excuses, err := a.excuses(nil, asOf)
	if err != nil {
		return nil, err
	}
	scan := scanRun{a: a, f: &scanFlags{store: f.store}, columns: columns, set: set, asOf: asOf, failOn: failOn}
	return &fixRun{a: a, f: f, path: path, info: scan.info(), failOn: failOn, options: scan.tableOptions(path), before: map[mention]mentions{},
		planner: planner{scanner: s, screen: s.Screener(), excuse: excuses.Apply, least: least, picks: picks}}, nil
}

// each screens every listing of a file.
func (r *fixRun) each(path string, f func(*scanner.Result) error) error {
	file, err := table.Open(path, r.options)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer file.Close()
	bar := r.a.ui.progress([]string{path})
	defer bar.finish()
	n := 0
	for l, err := range file.Listings() {
		bar.listing(file.Progress)
		if err != nil {
			r.a.fail(exitFlagged) // a row left for a person; 2 would mean that nothing was written
			r.unread(path, err)
			continue
		}
		n++
		res := r.planner.screen(l)
		r.planner.excuse(&res)
		if err := f(&res); err != nil {
			return err
		}
	}
	if n == 0 {
		return fmt.Errorf("%s: no listing text to correct", path)
	}
	for _, facts := range file.Facts() {
		if readOnlyContainers[facts.Container] {
			return fmt.Errorf("%s: %s files are only read; save it as CSV or XLSX, and correct that", path, facts.Container)
		}
	}
	return nil
}

// readOnlyContainers cannot be written back cell by cell.
var readOnlyContainers = map[string]bool{"xls": true, "html": true, "xml": true}

// unread tells once what could not be read; the corrected file holds it too.
func (r *fixRun) unread(path string, err error) {
	var u *scanner.Unread
	switch {
	case path != r.path:
	case errors.As(err, &u):
		r.a.ui.failure(errors.New(unreadLine(u)))
	default:
		r.a.ui.failure(fmt.Errorf("%s: %w", path, err))
	}
}

// collect works out what to do to every listing.
func (r *fixRun) collect() error {
	err := r.each(r.path, func(res *scanner.Result) error {
		for i := range res.Findings {
			r.count(res, &res.Findings[i])
		}
		p, err := r.planner.plan(res)
		if err != nil {
			return err
		}
		if len(p.changes)+len(p.left) == 0 {
			r.worst = max(r.worst, res.Level)
			return nil
		}
		if len(p.changes) == 0 {
			p.compact()
		}
		r.plans = append(r.plans, p)
		return nil
	})
	return errors.Join(err, r.planner.picks.unmet())
}

func (r *fixRun) count(res *scanner.Result, f *scanner.Finding) {
	if f.Level >= scanner.Low {
		at := mentionOf(r.path, res, f.Rule)
		m := r.before[at]
		r.before[at] = mentions{m.count + 1, max(m.worst, f.Level)}
	}
}

func mentionOf(path string, res *scanner.Result, rule string) mention {
	origin := &res.Listing.Origin
	m := mention{member: strings.TrimPrefix(origin.File, path), sheet: origin.Sheet, rule: rule}
	if len(origin.Rows) > 0 {
		m.row = origin.Rows[0]
	}
	return m
}

// edits are the changes of the file that the plans come to, the rows of a
// listing that repeat a text included.
func (r *fixRun) edits(each func(table.Edit, *plan, int)) {
	for _, p := range r.plans {
		origin := &p.result.Listing.Origin
		member, inside := strings.CutPrefix(origin.File, r.path+"/")
		for _, c := range p.cuts() {
			field := &p.result.Listing.Fields[c.Field]
			e := table.Edit{Sheet: origin.Sheet, Row: field.Row, Col: field.Col, Start: c.Span.Start, End: c.Span.End, New: c.New}
			if inside {
				e.File = member
			}
			each(e, p, c.Field)
			for _, row := range field.Repeats {
				e.Row = row
				each(e, p, c.Field)
			}
		}
	}
}

// refuse takes back the changes of cells that cannot be changed, and refuses
// the file where none can be. What is left is proven again.
func (r *fixRun) refuse() error {
	type cell struct {
		file, sheet string
		row, col    int
	}
	var edits []table.Edit
	at := map[cell]func(reason string){}
	r.edits(func(e table.Edit, p *plan, field int) {
		edits = append(edits, e)
		at[cell{e.File, e.Sheet, e.Row, e.Col}] = func(reason string) {
			p.takeBack(reason, func(c *change) bool { return c.Field == field })
			r.planner.settle(p)
		}
	})
	refused, err := table.Refusals(r.path, edits)
	if err != nil {
		return err
	}
	for _, x := range refused {
		if leave := at[cell{x.File, x.Sheet, x.Row, x.Col}]; leave != nil {
			leave(x.Reason)
		}
	}
	for _, p := range r.plans {
		r.worst = max(r.worst, p.level)
	}
	return nil
}

// write copies the file with the edits made beside its place, screens the copy,
// and only then gives it its name.
func (r *fixRun) write() error {
	out := r.f.out
	ext := filepath.Ext(out)
	temp, err := os.CreateTemp(filepath.Dir(out), "."+strings.TrimSuffix(filepath.Base(out), ext)+".*"+ext)
	if err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	defer os.Remove(temp.Name())
	var edits []table.Edit
	r.edits(func(e table.Edit, _ *plan, _ int) { edits = append(edits, e) })
	w := bufio.NewWriterSize(temp, 1<<18)
	if len(edits) == 0 {
		err = copyFile(w, r.path)
	} else {
		err = table.Rewrite(r.path, edits, w)
	}
	if err := errors.Join(err, w.Flush(), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	if err := r.again(temp.Name()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), out); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	return nil
}

func copyFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// again screens the corrected copy: nothing may be there that was not before,
// nor what was corrected.
func (r *fixRun) again(copied string) error {
	r.corrected()
	fresh := 0
	r.worst = scanner.None
	err := r.each(copied, func(res *scanner.Result) error {
		r.worst = max(r.worst, res.Level)
		for i := range res.Findings {
			f := &res.Findings[i]
			if f.Level < scanner.Low {
				continue
			}
			at := mentionOf(copied, res, f.Rule)
			m := r.before[at]
			m.count--
			r.before[at] = m
			if m.count < 0 || f.Level > m.worst {
				fresh++
				r.a.ui.failure(fmt.Errorf("listing %s: %q would be found after the correction (%s)", res.Listing.ID, f.Text, f.Rule))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if fresh > 0 {
		return fmt.Errorf("fix: %s was not written: %d findings would be new or still there", r.f.out, fresh)
	}
	return nil
}

// corrected takes what the plans correct off the findings that may be left.
func (r *fixRun) corrected() {
	for _, p := range r.plans {
		for i := range p.changes {
			c := &p.changes[i]
			if !c.reworded && p.result.Findings[c.finding].Level >= scanner.Low {
				at := mentionOf(r.path, &p.result, c.Rule)
				m := r.before[at]
				m.count--
				r.before[at] = m
			}
		}
	}
}

func (r *fixRun) verdict() error {
	if r.failOn > scanner.None && r.worst >= r.failOn {
		r.a.fail(exitFlagged)
	}
	id := "cli.fix.clean"
	switch {
	case r.f.dryRun && r.worst >= scanner.Low:
		id = "cli.fix.dry-left"
	case r.f.dryRun:
		id = "cli.fix.dry-clean"
	case r.worst >= scanner.Low:
		id = "cli.fix.left"
	}
	r.a.ui.line(r.a.ui.say(id, "level", r.a.ui.levelName(r.worst)))
	return nil
}
