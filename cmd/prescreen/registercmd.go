package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/rules/register"
	"prescreen/scanner"
)

// importFlags are the flags of rules import and rules compile.
type importFlags struct {
	from, output, name string
	tier, classes      string
	live, words        bool
	minusOrdinary      bool
}

// registerCommands are the commands that turn registers into packs.
func (a *app) registerCommands() []*cobra.Command {
	var f importFlags
	imp := &cobra.Command{Use: "import --from FORMAT FILE... -o PACK", Short: "Compile a trademark register into a pack", Args: cobra.MinimumNArgs(1),
		Long: "Compile a trademark register into a pack for --rules. Formats: " + strings.Join(register.Formats(), ", ") +
			".\nuspto: daily and yearly XML, or the CSV of a search; euipo: XML by WIPO ST.66 or ST.96, or a result list of eSearch plus; tmview: a result list; " +
			"wipo: XML by ST.66 or ST.96, MARKGR entries, or a result list of the Global Brand Database. XML may be zipped, result lists may be CSV or XLSX. With -o FILE.marks the entries are kept as text for rules compile.",
		RunE: func(_ *cobra.Command, files []string) error { return a.rulesImport(&f, files) }}
	fs := imp.Flags()
	fs.StringVar(&f.from, "from", "", "format of the files: "+strings.Join(register.Formats(), ", "))
	fs.BoolVar(&f.live, "live", false, "drop what is no longer in force; applications stay")
	fs.BoolVar(&f.words, "word-marks", false, "drop marks with a device")
	fs.StringVar(&f.classes, "classes", "", "keep these Nice classes only, such as 18,25; entries without classes stay")
	fs.BoolVar(&f.minusOrdinary, "minus-ordinary", false, "drop marks of ordinary words only")
	compile := &cobra.Command{Use: "compile FILE... -o PACK", Short: "Compile lists, marks files and packs into one pack", Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, files []string) error { return a.rulesCompile(&f, files) }}
	compile.Flags().StringVar(&f.tier, "tier", "register", "how the marks are judged: register, or list for terms of your own")
	for _, c := range []*cobra.Command{imp, compile} {
		c.Flags().StringVarP(&f.output, "output", "o", "", "the pack to write")
		c.Flags().StringVar(&f.name, "name", "", "name of the pack in reports (default: the file's)")
	}
	var size int
	diff := &cobra.Command{Use: "diff OLD NEW", Short: "Name what two editions of a register differ in", Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.rulesDiff(cmd.Context(), files[0], files[1], size, cmd.Flags().Changed("catalog"))
		}}
	diff.Flags().IntVar(&size, "limit", 50, "marks to name of each kind; -1 for all")
	diff.Flags().StringVar(&a.common.catalog, "catalog", "", "also name the listings of this catalogue that the changes touch")
	return []*cobra.Command{imp, compile, diff}
}

func (a *app) rulesImport(f *importFlags, files []string) error {
	if f.from == "" || f.output == "" {
		return errors.New("rules import: name the format with --from and the pack to write with -o")
	}
	classes, err := parseClasses(f.classes)
	if err != nil {
		return err
	}
	report := &register.Report{}
	opt := register.Options{Live: f.live, WordMarks: f.words, Classes: classes, Report: report}
	if f.minusOrdinary {
		opt.Ordinary = scanner.OrdinaryText
	}
	marks, err := register.Read(f.from, files, opt)
	if err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(f.output), ".marks") {
		err = replaceFile(f.output, func(w io.Writer) error { return register.Write(w, marks) })
	} else {
		err = a.writePack(f, marks)
	}
	a.importReport(report)
	if report.Faults > 0 {
		a.fail(exitFailed)
	}
	return err
}

// packName is --name, else the output's name without its extension.
func (f *importFlags) packName() string {
	if f.name != "" {
		return f.name
	}
	return strings.TrimSuffix(filepath.Base(f.output), filepath.Ext(f.output))
}

// parseClasses reads 18,25.
func parseClasses(list string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 || n > 45 {
			return nil, fmt.Errorf("--classes %s: want Nice classes from 1 to 45, such as 18,25", list)
		}
		out = append(out, n)
	}
	return out, nil
}

// importReport tells what became of the entries.
func (a *app) importReport(r *register.Report) {
	u := a.ui
	for _, file := range r.Skipped {
		u.note("register.skipped", "file", file)
	}
	if more := r.SkippedFiles - len(r.Skipped); more > 0 {
		u.note("register.more_faults", "count", more)
	}
	for _, fault := range r.Shown {
		u.note("register.fault", "text", fault.Error())
	}
	if more := r.Faults - len(r.Shown); more > 0 {
		u.note("register.more_faults", "count", more)
	}
	u.line(u.say("register.read", "records", r.Records, "files", r.Files, "mb", megabytes(r.Bytes), "kept", r.Kept))
	for _, why := range register.Reasons {
		if n := r.Dropped[why]; n > 0 {
			u.line("  " + u.say("register.dropped", "count", n, "reason", u.say("register.reason."+string(why))))
		}
	}
	if r.Faults > 0 {
		u.line("  " + u.say("register.faults", "count", r.Faults, "bytes", r.FaultBytes))
	}
	statuses := make([]string, 0, len(r.Statuses))
	for status := range r.Statuses {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	for _, status := range statuses {
		u.line("  " + u.say("register.statuses", "status", plain(status), "count", r.Statuses[status]))
	}
	if r.OldClasses > 0 {
		u.line("  " + u.say("register.old_classes", "count", r.OldClasses))
	}
}

func megabytes(n int64) string { return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) }

// writePack compiles marks into the pack named by -o and tells about it.
func (a *app) writePack(f *importFlags, marks iter.Seq2[rules.Mark, error]) error {
	var report scanner.PackReport
	err := replaceFile(f.output, func(w io.Writer) (err error) {
		report, err = scanner.WritePack(w, marks, scanner.PackOptions{Name: f.packName()})
		return err
	})
	if err != nil {
		return err
	}
	u := a.ui
	for _, line := range []struct {
		id string
		n  int
	}{{"register.replaced", report.Replaced}, {"register.dead", report.Dead}, {"register.unusable", report.Unusable}} {
		if line.n > 0 {
			u.note(line.id, "count", line.n)
		}
	}
	u.line(u.say("register.written", "file", plain(f.output), "marks", report.Marks, "phrases", report.Phrases, "mb", megabytes(report.Bytes)))
	return nil
}

// replaceFile writes a file beside path and renames it, so that a pack in use
// is never changed under its reader.
func replaceFile(path string, write func(io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := errors.Join(write(temp), temp.Close()); err != nil {
		return err
	}
	if err := os.Chmod(temp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

func (a *app) rulesCompile(f *importFlags, files []string) error {
	tier := rules.Tier(f.tier)
	if tier != rules.List && tier != rules.Register {
		return fmt.Errorf("--tier %s: want register or list", f.tier)
	}
	if f.output == "" {
		return errors.New("rules compile: name the pack to write with -o")
	}
	in := &compileInput{app: a}
	defer in.close()
	for _, path := range files {
		if err := in.open(path); err != nil {
			return err
		}
	}
	set, err := rules.Load(in.lists, rules.Options{Warn: a.warner()})
	if err != nil {
		return err
	}
	if tier == rules.List {
		err = a.writeList(f, set, in.marks)
	} else {
		err = a.writePack(f, concatenated(append([]iter.Seq2[rules.Mark, error]{marksOfRules(set)}, in.marks...)))
	}
	for _, r := range in.reports {
		a.importReport(r)
		if r.Faults > 0 {
			a.fail(exitFailed)
		}
	}
	return err
}

// compileInput gathers what rules compile is given.
type compileInput struct {
	app     *app
	lists   []string                       // what rules.Load reads
	marks   []iter.Seq2[rules.Mark, error] // of marks files and compiled registers
	reports []*register.Report             // of marks files
	packs   []*scanner.Pack                // open until close
}

// open takes one input by its extension.
func (in *compileInput) open(path string) error {
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case ext == ".marks":
		r := &register.Report{}
		marks, err := register.Read("marks", []string{path}, register.Options{Report: r})
		if err != nil {
			return err
		}
		in.marks, in.reports = append(in.marks, marks), append(in.reports, r)
	case ext == ".pack" && !compiledList(path):
		p, err := scanner.OpenPack(path)
		if err != nil {
			return err
		}
		in.packs = append(in.packs, p)
		if err := p.Verify(); err != nil {
			return fmt.Errorf("open pack %s: %w", path, err)
		}
		in.marks = append(in.marks, withoutErrors(p.Marks()))
	default:
		in.lists = append(in.lists, path)
	}
	return nil
}

func (in *compileInput) close() {
	for _, p := range in.packs {
		_ = p.Close() // it was only read
	}
}

// writeList compiles rules, and marks made into rules, into the list named by -o.
func (a *app) writeList(f *importFlags, set *rules.Set, marks []iter.Seq2[rules.Mark, error]) error {
	taken := make(map[string]bool, len(set.Rules))
	for i := range set.Rules {
		taken[set.Rules[i].ID] = true
	}
	for m, err := range concatenated(marks) {
		if err != nil {
			return err
		}
		if r := ruleOfMark(&m); m.Status != "dead" && !taken[r.ID] {
			taken[r.ID] = true
			set.Rules = append(set.Rules, r)
		}
	}
	var size counter
	err := replaceFile(f.output, func(w io.Writer) error { return rules.WriteList(io.MultiWriter(w, &size), f.packName(), set) })
	if err != nil {
		return err
	}
	a.ui.line(a.ui.say("register.list_written", "file", plain(f.output), "rules", len(set.Rules), "mb", megabytes(int64(size))))
	return nil
}

// counter counts what is written to it.
type counter int64

// Write counts p.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// ruleOfMark makes a rule of an entry of a register, for a list.
func ruleOfMark(m *rules.Mark) rules.Rule {
	r := rules.Rule{ID: "list-" + strings.ToLower(m.Register+"-"+firstOf(m.Application, m.Text)), Mark: m.Text, Kind: rules.Trademark, Right: rules.RightTrademark,
		Owner: m.Owner, Classes: m.Classes, Status: m.Status, Number: m.Number(), Source: m.Register, Tier: rules.List}
	for _, text := range m.Aliases {
		r.Aliases = append(r.Aliases, rules.Alias{Text: text})
	}
	return r
}

// marksOfRules makes a mark of every rule: name, other names, owner, classes.
func marksOfRules(set *rules.Set) iter.Seq2[rules.Mark, error] {
	return func(yield func(rules.Mark, error) bool) {
		for i := range set.Rules {
			r := &set.Rules[i]
			m := rules.Mark{Register: "list", Application: r.Number, Registration: r.Number, Text: r.Mark, Owner: r.Owner, Status: r.Status, Classes: r.Classes, Pos: r.Pos}
			for _, list := range [][]rules.Alias{r.Aliases, r.Lines, r.Works} {
				for _, alias := range list {
					m.Aliases = append(m.Aliases, alias.Text)
				}
			}
			if !yield(m, nil) {
				return
			}
		}
	}
}

func withoutErrors(seq iter.Seq[rules.Mark]) iter.Seq2[rules.Mark, error] {
	return func(yield func(rules.Mark, error) bool) {
		for m := range seq {
			if !yield(m, nil) {
				return
			}
		}
	}
}

// concatenated yields one sequence after another.
func concatenated(parts []iter.Seq2[rules.Mark, error]) iter.Seq2[rules.Mark, error] {
	return func(yield func(rules.Mark, error) bool) {
		for _, part := range parts {
			for m, err := range part {
				if !yield(m, err) {
					return
				}
			}
		}
	}
}
