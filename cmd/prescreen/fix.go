package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"prescreen/scanner"
	"prescreen/scanner/table"
)

// fixFlags are the flags of fix.
type fixFlags struct {
	out      string
	minLevel string
	failOn   string
	columns  string
	store    string
	dryRun   bool
}

func (a *app) fixCommand() *cobra.Command {
	var f fixFlags
	cmd := &cobra.Command{
		Use:   "fix FILE -o OUT",
		Short: "Write the export again with flagged words replaced, and screen the result",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return a.fix(&f, args[0]) },
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
	fs.BoolVar(&f.dryRun, "dry-run", false, "show the changes and write nothing")
	return cmd
}

// fixRun is one correction under way.
type fixRun struct {
	a       *app
	path    string
	scanner *scanner.Scanner
	excuse  func(*scanner.Result)
	least   scanner.Level
	failOn  scanner.Level
	options table.Options
	edits   []table.Edit
	changed int
	left    int
	worst   scanner.Level
	dry     bool
	before  map[string]int // findings per rule before
}

func (a *app) fix(f *fixFlags, path string) error {
	if f.out == "" && !f.dryRun {
		return errors.New("fix: name the corrected file with -o OUT, or look first with --dry-run")
	}
	if same, _ := sameFile(path, f.out); same {
		return fmt.Errorf("fix: -o %s is the file itself; name another, the original stays as it is", f.out)
	}
	if have, want := filepath.Ext(f.out), filepath.Ext(path); f.out != "" && !strings.EqualFold(have, want) {
		return fmt.Errorf("fix: -o %s: the corrected file is of the kind it was: let its name end in %s", f.out, want)
	}
	r, err := a.newFix(f, path)
	if err != nil {
		return err
	}
	if err := r.collect(); err != nil {
		return err
	}
	a.ui.line(a.ui.say("cli.fix.count", "changes", r.changed, "left", r.left))
	if f.dryRun {
		return r.verdict()
	}
	if err := r.write(f.out); err != nil {
		return err
	}
	a.ui.line(a.ui.say("cli.fix.written", "file", plain(f.out)))
	return r.again(f.out)
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
	asOf, err := a.asOf()
	if err != nil {
		return nil, err
	}
	set, err := a.loadRules()
	if err != nil {
		return nil, err
	}
	s, err := a.newScanner(set, asOf)
	if err != nil {
		return nil, err
	}
	excuses, err := a.excuses(nil, asOf)
	if err != nil {
		return nil, err
	}
	scan := scanRun{a: a, f: &scanFlags{store: f.store}, columns: columns}
	return &fixRun{a: a, path: path, scanner: s, excuse: excuses.Apply, least: least, failOn: failOn, options: scan.tableOptions(path), dry: f.dryRun, before: map[string]int{}}, nil
}

// each screens every listing of a file.
func (r *fixRun) each(path string, f func(*scanner.Result) error) error {
	file, err := table.Open(path, r.options)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer file.Close()
	screen := r.scanner.Screener()
	n := 0
	for l, err := range file.Listings() {
		if err != nil {
			r.a.fail(exitFlagged) // a row left for a person; 2 would mean that nothing was written
			r.unread(path, err)
			continue
		}
		n++
		res := screen(l)
		r.excuse(&res)
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

// collect works out the edits of every listing and shows them.
func (r *fixRun) collect() error {
	return r.each(r.path, func(res *scanner.Result) error {
		for _, f := range res.Findings {
			if f.Level >= scanner.Low {
				r.before[res.Listing.ID+"\x00"+f.Rule]++
			}
		}
		changes, left := r.scanner.Fix(res, r.least)
		for _, c := range changes {
			r.change(res, &c)
		}
		if r.dry {
			r.foresee(res, changes)
		}
		for _, l := range left {
			r.left++
			r.a.ui.line(fitted(res.Listing.ID, 20) + "  " + r.a.ui.paint(l.Finding.Level, fitted(r.a.ui.levelName(l.Finding.Level), 9)) + fitted(l.Finding.Text, 24) + "  " + r.a.ui.say(l.Reason))
		}
		return nil
	})
}

// foresee screens a listing as it would be written, for a run that writes nothing.
func (r *fixRun) foresee(res *scanner.Result, changes []scanner.Replacement) {
	level := res.Level
	if len(changes) > 0 {
		after := r.scanner.Screen(scanner.Apply(res.Listing, changes))
		r.excuse(&after)
		level = after.Level
	}
	r.worst = max(r.worst, level)
}

// change adds the edits of one change: its cell, and every row of the listing
// that repeats it.
func (r *fixRun) change(res *scanner.Result, c *scanner.Replacement) {
	field := &res.Listing.Fields[c.Field]
	e := table.Edit{Sheet: res.Listing.Origin.Sheet, Row: field.Row, Col: field.Col, Start: c.Span.Start, End: c.Span.End, New: c.New}
	if member, ok := strings.CutPrefix(res.Listing.Origin.File, r.path+"/"); ok {
		e.File = member
	}
	r.edits = append(r.edits, e)
	for _, row := range field.Repeats {
		e.Row = row
		r.edits = append(r.edits, e)
	}
	r.changed++
	r.a.ui.line(fitted(res.Listing.ID, 20) + "  " + fitted(string(field.Role), 11) + "  " + plain(c.Old) + " → " + plain(c.New) + "  (" + c.Rule + ")")
}

// write copies the file with the edits made, beside its place, then renames.
func (r *fixRun) write(out string) error {
	temp, err := os.CreateTemp(filepath.Dir(out), "."+filepath.Base(out)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	defer os.Remove(temp.Name())
	w := bufio.NewWriterSize(temp, 1<<18)
	if len(r.edits) == 0 {
		err = copyFile(w, r.path)
	} else {
		err = table.Rewrite(r.path, r.edits, w)
	}
	if err := errors.Join(err, w.Flush(), temp.Chmod(0o644), temp.Close()); err != nil {
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

// again screens the corrected file: nothing may be there that was not before.
func (r *fixRun) again(out string) error {
	fresh := 0
	r.worst = scanner.None
	count := map[string]int{}
	err := r.each(out, func(res *scanner.Result) error {
		r.worst = max(r.worst, res.Level)
		for _, f := range res.Findings {
			if f.Level < scanner.Low {
				continue
			}
			key := res.Listing.ID + "\x00" + f.Rule
			if count[key]++; count[key] > r.before[key] {
				fresh++
				r.a.ui.failure(fmt.Errorf("%s: %q is new after the correction (%s)", out, f.Text, f.Rule))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if fresh > 0 {
		return fmt.Errorf("fix: the corrected file shows %d findings the original did not; do not upload it", fresh)
	}
	return r.verdict()
}

func (r *fixRun) verdict() error {
	if r.failOn > scanner.None && r.worst >= r.failOn {
		r.a.fail(exitFlagged)
	}
	id := "cli.fix.clean"
	switch {
	case r.dry && r.worst >= scanner.Low:
		id = "cli.fix.dry-left"
	case r.dry:
		id = "cli.fix.dry-clean"
	case r.worst >= scanner.Low:
		id = "cli.fix.left"
	}
	r.a.ui.line(r.a.ui.say(id, "level", r.a.ui.levelName(r.worst)))
	return nil
}
