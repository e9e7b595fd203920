package main

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/xuri/excelize/v2"

	"prescreen/scanner/catalog"
)

//go:embed evidence.html
var evidencePage string

func (a *app) evidenceCommand() *cobra.Command {
	var mark, since, out string
	cmd := &cobra.Command{
		Use:   "evidence --mark MARK [--since DATE] -o DIR",
		Short: "What was known and done about a mark, and when, as a workbook and a page",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if mark == "" || out == "" {
				return errors.New("evidence: name the mark with --mark and the folder with -o")
			}
			return a.evidence(mark, since, out)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&mark, "mark", "", "canonical name of the mark, or the id of its rule")
	fs.StringVar(&since, "since", "", "only what was open since that day, YYYY-MM-DD")
	fs.StringVarP(&out, "output", "o", "", "folder for evidence.xlsx and evidence.html")
	fs.StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	return cmd
}

func (a *app) evidence(mark, since, out string) error {
	return a.readCatalog(func(cat *catalog.Catalog) error {
		e, err := cat.Evidence(mark, since)
		if err != nil {
			return err
		}
		if len(e.Listings) == 0 {
			a.ui.line(a.ui.say("cli.evidence.none", "mark", plain(mark)))
			return nil
		}
		letters, err := a.authorisations()
		if err != nil {
			return err
		}
		sheet := newEvidenceSheet(a.ui, e, lettersFor(letters, e))
		if err := os.MkdirAll(out, 0o755); err != nil {
			return fmt.Errorf("write evidence: %w", err)
		}
		if err := writeBeside(filepath.Join(out, "evidence.xlsx"), sheet.workbook); err != nil {
			return err
		}
		if err := writeBeside(filepath.Join(out, "evidence.html"), sheet.page); err != nil {
			return err
		}
		a.ui.line(a.ui.say("cli.evidence.done", "listings", len(e.Listings), "dir", plain(out)))
		a.ui.line(a.ui.say("cli.evidence.head", "head", e.Head))
		return nil
	})
}

// lettersFor keeps the authorisations that speak of the mark.
func lettersFor(all []catalog.Authorisation, e *catalog.Evidence) []catalog.Authorisation {
	var out []catalog.Authorisation
	for _, l := range all {
		if strings.EqualFold(l.Brand, e.Mark) {
			out = append(out, l)
		}
	}
	return out
}

// evidenceSheet is the evidence as rows of text, for either format.
type evidenceSheet struct {
	Lang     string
	Title    string
	Head     string
	HeadNote string
	Tables   []evidenceTable
}

type evidenceTable struct {
	Name   string
	Header []string
	Rows   [][]string
}

func newEvidenceSheet(u *ui, e *catalog.Evidence, letters []catalog.Authorisation) *evidenceSheet {
	say := func(id string) string { return u.say("evidence." + id) }
	heads := func(ids ...string) []string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = say(id)
		}
		return out
	}
	s := &evidenceSheet{Lang: u.lang.Tag(), Title: u.say("evidence.title", "mark", e.Mark), Head: e.Head, HeadNote: say("head")}
	events := evidenceTable{Name: say("events"), Header: heads("date", "scan", "what", "level", "store", "id", "listing", "supplier", "role", "text", "form", "use", "rule")}
	decisions := evidenceTable{Name: say("decisions"), Header: heads("date", "verdict", "person", "reason", "until", "store", "id", "text")}
	for _, l := range e.Listings {
		for _, m := range l.Mentions {
			for _, x := range m.Steps {
				events.Rows = append(events.Rows, []string{x.Date, strconv.Itoa(x.Scan), x.What, u.levelName(x.Level), l.Store, l.ID, l.Title, l.Supplier, u.say("role." + string(m.Role)), m.Text, u.say("form." + string(m.Form)), u.say("use." + string(m.Use)), m.Rule})
			}
			for _, d := range m.Decisions {
				decisions.Rows = append(decisions.Rows, []string{d.On, string(d.Verdict), d.Person, d.Reason, d.Until, l.Store, l.ID, m.Text})
			}
		}
	}
	papers := evidenceTable{Name: say("letters"), Header: heads("supplier", "scope", "from", "until", "document")}
	for _, l := range letters {
		papers.Rows = append(papers.Rows, []string{l.Supplier, l.Scope, l.From, l.Until, l.Document})
	}
	scans := evidenceTable{Name: say("scans"), Header: heads("scan", "date", "stores", "listings", "rules_hash", "engine", "record_hash")}
	for _, r := range e.Scans {
		scans.Rows = append(scans.Rows, []string{strconv.Itoa(r.ID), r.AsOf, strings.Join(r.Stores, ", "), strconv.Itoa(r.Listings), r.RuleSetSHA, r.EngineVersion, r.Hash})
	}
	s.Tables = []evidenceTable{events, decisions, papers, scans}
	return s
}

// page writes the tables as one HTML page; html/template escapes every value.
func (s *evidenceSheet) page(w io.Writer) error {
	t, err := template.New("evidence").Parse(evidencePage)
	if err != nil {
		return fmt.Errorf("write evidence page: %w", err)
	}
	return t.Execute(w, s)
}

// workbook writes one sheet per table; every cell is text, never a formula.
func (s *evidenceSheet) workbook(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	for i, t := range s.Tables {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", t.Name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(t.Name); err != nil {
			return err
		}
		sw, err := f.NewStreamWriter(t.Name)
		if err != nil {
			return err
		}
		if err := errors.Join(sw.SetColWidth(1, len(t.Header), 18), sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})); err != nil {
			return err
		}
		for n, row := range append([][]string{t.Header}, t.Rows...) {
			cells := make([]any, len(row))
			for k, c := range row {
				cells[k] = c
			}
			if err := sw.SetRow("A"+strconv.Itoa(n+1), cells); err != nil {
				return err
			}
		}
		if err := sw.Flush(); err != nil {
			return err
		}
	}
	_, err := f.WriteTo(w)
	return err
}

// writeBeside writes a file beside its place and renames it once it is whole.
func writeBeside(path string, write func(io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(temp.Name())
	if err := errors.Join(write(temp), temp.Chmod(0o644), temp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
