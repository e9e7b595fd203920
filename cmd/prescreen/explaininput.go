package main

import (
	"sort"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/table"
)

// explainInput reads the files without screening and tells how each was
// understood: platform, sheet, header row, columns, evidence, notes.
func (a *app) explainInput(f *scanFlags, files []string) error {
	columns, err := parseColumns(f.columns)
	if err != nil {
		return err
	}
	r := &scanRun{a: a, f: f, files: files, columns: columns}
	for _, path := range files {
		file, err := table.Open(path, r.tableOptions(path))
		if err != nil {
			a.fail(exitFailed)
			a.ui.line(plain(path + ": " + err.Error()))
			continue
		}
		for _, err := range file.Listings() {
			if err != nil {
				a.fail(exitFailed)
				a.ui.line(plain(path + ": " + err.Error()))
			}
		}
		for _, facts := range file.Facts() {
			a.ui.facts(&facts)
		}
		file.Close()
	}
	return nil
}

func (u *ui) facts(f *scanner.FileFacts) {
	name := f.File
	if f.Sheet != "" {
		name += " [" + f.Sheet + "]"
	}
	u.line(plain(u.say("cli.explain.file", "file", name, "platform", f.Platform, "container", f.Container, "encoding", firstOf(f.Encoding, "-"), "header", f.HeaderRow, "rows", f.Rows, "listings", f.Listings)))
	roles := make([]string, 0, len(f.Columns))
	for r := range f.Columns {
		roles = append(roles, r)
	}
	sort.Strings(roles)
	for _, r := range roles {
		u.line("    " + fitted(r, 12) + " " + plain(strings.Join(f.Columns[r], " | ")))
	}
	for _, e := range f.Evidence {
		u.line("    " + plain(u.say("cli.explain.evidence", "text", e)))
	}
	for _, n := range f.Notes {
		u.line("    " + plain(u.say("cli.explain.note", "text", n)))
	}
}
