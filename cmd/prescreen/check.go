package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"prescreen/scanner"
	"prescreen/scanner/report"
)

// checkFlags describe one listing.
type checkFlags struct {
	title, description, tags, brand, category, supplier string
	bullets                                             []string
	failOn                                              string
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check one listing, or JSON Lines from standard input",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.check(&f)
		},
	}
	a.ruleFlags(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.title, "title", "", "title of the listing")
	fs.StringVar(&f.description, "description", "", "description, HTML allowed")
	fs.StringVar(&f.tags, "tags", "", "tags")
	fs.StringArrayVar(&f.bullets, "bullet", nil, "a bullet point; may be repeated")
	fs.StringVar(&f.brand, "brand", "", "content of the brand field")
	fs.StringVar(&f.category, "category", "", "category path, for the class of goods")
	fs.StringVar(&f.supplier, "supplier", "", "supplier, for authorisations")
	fs.StringVar(&a.common.marketplace, "marketplace", "", "where it will be sold")
	fs.StringVar(&f.failOn, "fail-on", "", "exit 1 at this level or above (default high)")
	fs.StringVar(&a.common.asOf, "as-of", "", "date of the check, YYYY-MM-DD (default: today)")
	return cmd
}

// given tells whether any flag describes a listing.
func (f *checkFlags) given() bool {
	return f.title != "" || f.description != "" || f.tags != "" || f.brand != "" || len(f.bullets) > 0
}

func (a *app) check(f *checkFlags) error {
	failOn, err := parseFailOn(firstOf(f.failOn, a.settings.FailOn, "high"))
	if err != nil {
		return err
	}
	_, s, asOf, err := a.loadScanner()
	if err != nil {
		return err
	}
	excuses, err := a.excuses(nil, asOf)
	if err != nil {
		return err
	}
	if !f.given() {
		return a.checkLines(s, excuses.Apply, failOn)
	}
	l := input{Title: f.title, Description: f.description, Tags: textList{f.tags}, Bullets: f.bullets, Brand: f.brand, Category: f.category, Supplier: f.supplier, Marketplace: a.common.marketplace}
	r := s.Screen(l.listing(1))
	excuses.Apply(&r)
	if failOn > scanner.None && r.Level >= failOn {
		a.fail(exitFlagged)
	}
	a.ui.verdict(&r)
	return nil
}

// input is one line of `check` without flags; every key may be missing.
type input struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Tags        textList `json:"tags"`
	Bullets     []string `json:"bullets"`
	Brand       string   `json:"brand"`
	Category    string   `json:"category"`
	Supplier    string   `json:"supplier"`
	Marketplace string   `json:"marketplace"`
	Store       string   `json:"store"`
}

// textList is one text or a list of texts; each keeps its own offsets.
type textList []string

func (t *textList) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]string)(t))
	}
	var s string
	err := json.Unmarshal(b, &s)
	*t = textList{s}
	return err
}

// listing turns the input of line n into a listing; the column of each field
// is the key it came under.
func (in *input) listing(n int) scanner.Listing {
	l := scanner.Listing{ID: in.ID, Store: in.Store, Category: in.Category, Supplier: in.Supplier, Marketplace: in.Marketplace, Origin: scanner.Origin{File: stdinName, Rows: []int{n}}}
	add := func(role scanner.Role, column, text string) {
		if text != "" {
			l.Fields = append(l.Fields, scanner.Field{Role: role, Column: column, Col: len(l.Fields), Row: n, Text: text})
		}
	}
	add(scanner.Title, "title", in.Title)
	add(scanner.Description, "description", in.Description)
	for _, t := range in.Tags {
		add(scanner.Tags, "tags", t)
	}
	for _, b := range in.Bullets {
		add(scanner.Bullet, "bullets", b)
	}
	add(scanner.Brand, "brand", in.Brand)
	return l
}

const (
	stdinName   = "-" // file of a listing that stands in none
	longestLine = 64 << 20
)

// checkLines answers each line of stdin with one line, at once.
func (a *app) checkLines(s *scanner.Scanner, excuse func(*scanner.Result), failOn scanner.Level) error {
	w, err := report.New("jsonl", a.stdout, report.Options{All: true})
	if err != nil {
		return err
	}
	a.ui.toStderr = true
	screen := s.Screener()
	in := bufio.NewReaderSize(a.stdin, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(in)
		if err == io.EOF {
			return nil
		}
		if errors.Is(err, errLongLine) || err == nil {
			if err := a.checkLine(w, screen, excuse, failOn, n, line, err); err != nil {
				return err
			}
			continue
		}
		return fmt.Errorf("read standard input: %w", err)
	}
}

func (a *app) checkLine(w report.Writer, screen func(scanner.Listing) scanner.Result, excuse func(*scanner.Result), failOn scanner.Level, n int, line []byte, err error) error {
	var in input
	if err == nil {
		err = parseInput(line, &in)
	}
	if err != nil {
		a.fail(exitFailed)
		return w.Unread(scanner.Unread{File: stdinName, Row: n, Line: n, Err: err})
	}
	if in.Marketplace == "" {
		in.Marketplace = a.common.marketplace
	}
	r := screen(in.listing(n))
	excuse(&r)
	if failOn > scanner.None && r.Level >= failOn {
		a.fail(exitFlagged)
	}
	return w.Result(r)
}

// parseInput reads one listing; an empty line or text that is no object is an error.
func parseInput(line []byte, in *input) error {
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return errors.New("the line is empty; write one JSON object per line")
	}
	if !bytes.HasPrefix(line, []byte("{")) {
		return errors.New("the line is no listing in JSON: it does not begin with {")
	}
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(line, in); {
	case errors.As(err, &wrong):
		return fmt.Errorf("the line is no listing in JSON: %q holds a %s", wrong.Field, wrong.Value)
	case err != nil:
		return fmt.Errorf("the line is no listing in JSON: %w", err)
	}
	return nil
}

var errLongLine = fmt.Errorf("the line is longer than %d MiB", longestLine>>20)

// readLine returns the next line without its end; io.EOF after the last.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > longestLine; !long {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) == 0 && !long:
			return nil, io.EOF
		case err != nil && err != io.EOF:
			return nil, err
		case long:
			return nil, errLongLine
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// verdict prints one coloured line and the reasons.
func (u *ui) verdict(r *scanner.Result) {
	if r.Level == scanner.None {
		u.line(u.paint(scanner.None, "✓ "+u.say("cli.check.clean")))
	} else {
		u.line(u.paint(r.Level, "✗ "+u.say("cli.check.flagged", "level", u.levelName(r.Level), "risk", max(r.Rights, r.Platform))))
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level < scanner.Low && f.Excused == "" {
			continue
		}
		u.line("  " + u.paint(f.Level, fitted(u.levelName(f.Level), 9)) + plain(f.Text) + "  [" + u.say("form."+string(f.Form)) + ", " + u.say("use."+string(f.Use)) + ", " + string(f.Role) + "]")
		u.line("    " + plain(f.Why))
		if f.Excused != "" {
			u.line("    " + plain(u.say("cli.check.excused", "reason", f.Excused)))
			continue
		}
		u.line("    → " + plain(f.Advice))
		u.line("    " + u.sums(f))
	}
}

// sums spells out how a finding's risk comes about.
func (u *ui) sums(f *scanner.Finding) string {
	parts := func(s scanner.Score) string {
		var out []string
		for _, p := range s.Parts {
			out = append(out, fmt.Sprintf("%s %+d", p.For, p.Points))
		}
		return strings.Join(out, ", ")
	}
	s := u.say("cli.check.sums", "rights", f.Rights, "certainty", f.Certainty.Points, "certainty_parts", parts(f.Certainty), "use", f.UseRisk.Points, "use_parts", parts(f.UseRisk))
	if f.Platform.Points > 0 {
		s += "; " + u.say("cli.check.platform", "platform", f.Platform.Points, "parts", parts(f.Platform))
	}
	return s
}
