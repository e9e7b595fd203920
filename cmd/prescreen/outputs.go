package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/report"
)

// outputs are the reports of one scan, each written beside its place and
// renamed once it is whole.
type outputs struct {
	all []*output
}

type output struct {
	path   string // where it will stand; "" for stdout
	temp   *os.File
	buffer *bufio.Writer
	writer report.Writer
	done   bool
}

// openOutputs opens every report before the first file is read, so that a
// place that cannot be written is known at once.
func (a *app) openOutputs(r *scanRun) (*outputs, error) {
	paths := r.f.outputs
	if len(paths) == 0 {
		base := reportBase(r.files, r.asOf)
		paths = []string{base + ".xlsx", base + ".html"}
		if err := a.importEarlier(r.files, paths[0]); err != nil {
			return nil, err
		}
	}
	lang, err := scanner.LanguageFor(a.common.lang)
	if err != nil {
		return nil, err
	}
	o := &outputs{}
	for i, p := range paths {
		if slices.ContainsFunc(paths[:i], func(x string) bool { return filepath.Clean(x) == filepath.Clean(p) }) {
			o.abandon()
			return nil, fmt.Errorf("-o %s: named twice", p)
		}
		if err := o.open(a, p, report.Options{Lang: lang, All: r.f.all}); err != nil {
			o.abandon()
			return nil, err
		}
	}
	return o, nil
}

// reportBase names the reports after the first file: shop.csv on 23 November
// gives shop.2026-11-23.prescreen, with "+2" where two more files were read.
func reportBase(files []string, asOf string) string {
	base := filepath.Base(files[0])
	base = strings.TrimSuffix(base, filepath.Ext(base))
	if len(files) > 1 {
		base += fmt.Sprintf("+%d", len(files)-1)
	}
	return base + "." + asOf + ".prescreen"
}

func (o *outputs) open(a *app, path string, opt report.Options) error {
	if path == "-" {
		a.ui.toStderr = true
		buffer := bufio.NewWriterSize(a.stdout, 1<<16)
		w, err := report.New("jsonl", buffer, opt)
		o.all = append(o.all, &output{buffer: buffer, writer: w})
		return err
	}
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	if _, err := report.New(format, io.Discard, opt); err != nil {
		return fmt.Errorf("-o %s: the extension picks the format: use one of %s", path, strings.Join(report.Formats(), ", "))
	}
	if err := a.notAnInput(path); err != nil {
		return err
	}
	place, err := a.freePlace(path, format)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(place), "."+filepath.Base(place)+".*")
	if err != nil {
		return fmt.Errorf("write report %s: %w", path, err)
	}
	out := &output{path: place, temp: temp, buffer: bufio.NewWriterSize(temp, 1<<18)}
	o.all = append(o.all, out)
	out.writer, err = report.New(format, out.buffer, opt)
	return err
}

func (o *outputs) each(f func(report.Writer) error) error {
	var errs []error
	for _, out := range o.all {
		errs = append(errs, f(out.writer))
	}
	return errors.Join(errs...)
}

func (o *outputs) begin(info scanner.RunInfo) error {
	return o.each(func(w report.Writer) error { return w.Begin(info) })
}

func (o *outputs) result(r scanner.Result) error {
	for _, out := range o.all {
		if err := out.writer.Result(r); err != nil {
			return out.failed(err)
		}
	}
	return nil
}

func (o *outputs) unread(u scanner.Unread) error {
	return o.each(func(w report.Writer) error { return w.Unread(u) })
}

// end completes every report and moves it into place.
func (o *outputs) end(s scanner.Summary) error {
	for _, out := range o.all {
		if err := out.writer.End(s); err != nil {
			return out.failed(err)
		}
		if err := out.buffer.Flush(); err != nil {
			return out.failed(err)
		}
		if out.temp == nil {
			out.done = true
			continue
		}
		if err := out.place(); err != nil {
			return err
		}
	}
	return nil
}

func (out *output) failed(err error) error {
	if out.path == "" {
		return fmt.Errorf("write report to stdout: %w", err)
	}
	return fmt.Errorf("write report %s: %w", out.path, err)
}

// place moves the finished file to its name; where that is locked (open in a
// spreadsheet on Windows) it takes the next free "name (2).ext".
func (out *output) place() error {
	name := out.temp.Name()
	if err := errors.Join(out.temp.Chmod(0o644), out.temp.Close()); err != nil {
		return out.failed(err)
	}
	for n := 1; ; n++ {
		target := numbered(out.path, n)
		err := os.Rename(name, target)
		if err == nil {
			out.path, out.done = target, true
			return nil
		}
		if n == 9 {
			return out.failed(err)
		}
	}
}

// numbered gives "report (2).xlsx" for n = 2.
func numbered(path string, n int) string {
	if n == 1 {
		return path
	}
	ext := filepath.Ext(path)
	return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(path, ext), n, ext)
}

// abandon removes what was not finished.
func (o *outputs) abandon() {
	for _, out := range o.all {
		if !out.done && out.temp != nil {
			out.temp.Close()
			os.Remove(out.temp.Name())
		}
	}
}

// notAnInput refuses to write where a file of the run stands.
func (a *app) notAnInput(path string) error {
	for _, in := range a.inputs {
		if same, _ := sameFile(path, in); same {
			return fmt.Errorf("-o %s: that is a file to be read; it stays as it is, name another", path)
		}
	}
	return nil
}

// unused is path, numbered where a file of that name stands.
func unused(path string) string {
	place := path
	for n := 2; fileExists(place); n++ {
		place = numbered(path, n)
	}
	return place
}

// freePlace gives the name a report may take: an earlier workbook or table with
// decisions that are not in the catalogue yet, or that cannot be understood, is
// never replaced, nor is a sheet a supplier has filled in.
func (a *app) freePlace(path, format string) (string, error) {
	if format != "xlsx" && format != "csv" || !fileExists(path) {
		return path, nil
	}
	if answers, sheet, err := report.CountAnswers(path); format == "xlsx" && err == nil && sheet {
		place := path
		if answers > 0 {
			place = unused(path)
			a.ui.note("suppliers.answers.kept", "count", answers, "file", path, "new", place)
		}
		return place, nil
	}
	decisions, unclear := readDecisions(path)
	if a.keepDecisions != nil && len(decisions) > 0 {
		n, err := a.keepDecisions(decisions)
		if err != nil {
			return "", fmt.Errorf("import the decisions of %s: %w", path, err)
		}
		a.ui.note("cli.decisions.imported", "count", n, "file", path)
		decisions = nil
	}
	if unclear == nil && len(decisions) == 0 {
		return path, nil
	}
	place := unused(path)
	if unclear != nil {
		a.ui.note("cli.decisions.unclear", "file", path, "why", unclear.Error(), "new", place)
	} else {
		a.ui.note("cli.decisions.kept", "count", len(decisions), "file", path, "new", place)
	}
	return place, nil
}
