package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// scriptCommands are what scripts can do besides running prescreen.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	plain := map[string]func(*testscript.TestScript, []string){
		"exits":         exits,
		"same":          same,
		"jsonlines":     jsonLines,
		"cells":         cells,
		"makebook":      makeBook,
		"writedecision": writeDecision,
		"writeanswer":   writeAnswer,
		"fingerprint":   fingerprint,
		"unescape":      unescape,
		"files":         files,
	}
	out := map[string]func(*testscript.TestScript, bool, []string){}
	for name, f := range plain {
		out[name] = func(ts *testscript.TestScript, neg bool, args []string) {
			if neg {
				ts.Fatalf("unsupported: ! %s", name)
			}
			f(ts, args)
		}
	}
	return out
}

func need(ts *testscript.TestScript, args []string, n int, usage string) {
	if len(args) < n {
		ts.Fatalf("usage: %s", usage)
	}
}

// exits runs a command and wants that exit code.
func exits(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "exits CODE COMMAND ARGS...")
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		got = 1
		if e, ok := err.(interface{ ExitCode() int }); ok {
			got = e.ExitCode()
		}
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%q: exit %d, wanted %s", args[1:], got, args[0])
	}
}

// same wants two files of equal bytes, of any kind.
func same(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "same FILE FILE")
	a, b := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if a != b {
		at := 0
		for at < min(len(a), len(b)) && a[at] == b[at] {
			at++
		}
		ts.Fatalf("%s and %s differ from byte %d on (%d and %d bytes)", args[0], args[1], at, len(a), len(b))
	}
	if len(a) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
}

// jsonLines wants an object with a type on every line.
func jsonLines(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "jsonlines FILE")
	for n, line := range strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n") {
		var object struct{ Type string }
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Type == "" {
			ts.Fatalf("line %d is no object with a type: %s", n+1, line)
		}
	}
}

// cells puts the cells of a sheet on stdout, rows on lines, cells between tabs.
func cells(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "cells BOOK SHEET")
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	rows, err := f.GetRows(args[1])
	ts.Check(err)
	for _, r := range rows {
		fmt.Fprintln(ts.Stdout(), strings.Join(r, "\t"))
	}
}

// makeBook turns a CSV file into a workbook with one sheet.
func makeBook(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "makebook BOOK CSV")
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[1]))).ReadAll()
	ts.Check(err)
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		ts.Check(err)
		ts.Check(f.SetSheetRow("Sheet1", cell, &r))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[0])))
}

// writeDecision fills in the decision columns of the first finding of a mark,
// as a reader does in a spreadsheet.
func writeDecision(ts *testscript.TestScript, args []string) {
	need(ts, args, 5, "writedecision BOOK MARK DECISION REASON PERSON")
	fillIn(ts, args, "decision", "reason", "person")
}

// writeAnswer fills in the columns of a supplier's sheet in the same way.
func writeAnswer(ts *testscript.TestScript, args []string) {
	need(ts, args, 5, "writeanswer BOOK MARK DATE PROOF REMARK")
	fillIn(ts, args, "changed_on", "proof", "remark")
}

// fillIn writes args[2:] into these columns of the first finding of the mark args[1].
func fillIn(ts *testscript.TestScript, args []string, columns ...string) {
	lang, err := scanner.LanguageFor("en")
	ts.Check(err)
	sheet := lang.Say("workbook.sheet.findings")
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	rows, err := f.GetRows(sheet)
	ts.Check(err)
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	mark := column[lang.Say("workbook.col.mark")]
	for n, r := range rows {
		if n == 0 || mark >= len(r) || r[mark] != args[1] {
			continue
		}
		for i, id := range columns {
			cell, err := excelize.CoordinatesToCellName(column[lang.Say("workbook.col."+id)]+1, n+1)
			ts.Check(err)
			ts.Check(f.SetCellStr(sheet, cell, args[2+i]))
		}
		ts.Check(f.Save())
		return
	}
	ts.Fatalf("%s: no finding of %s", args[0], args[1])
}

// fingerprint sets $FINGERPRINT to that of the first finding of a listing.
func fingerprint(ts *testscript.TestScript, args []string) {
	need(ts, args, 2, "fingerprint JSONL ID")
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var l struct {
			ID       string
			Findings []struct{ Fingerprint string }
		}
		ts.Check(json.Unmarshal([]byte(line), &l))
		if l.ID == args[1] && len(l.Findings) > 0 {
			ts.Setenv("FINGERPRINT", l.Findings[0].Fingerprint)
			return
		}
	}
	ts.Fatalf("%s: no finding in listing %s", args[0], args[1])
}

// files puts the names in a folder on stdout, sorted by bytes.
func files(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "files DIR")
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		fmt.Fprintln(ts.Stdout(), e.Name())
	}
}

var escape = regexp.MustCompile(`\\u[0-9a-f]{4}`)

// unescape turns every \u and four hex digits of a file into that character,
// so that scripts can show what they hold.
func unescape(ts *testscript.TestScript, args []string) {
	need(ts, args, 1, "unescape FILE")
	text := escape.ReplaceAllStringFunc(ts.ReadFile(args[0]), func(s string) string {
		n, _ := strconv.ParseUint(s[2:], 16, 32)
		return string(rune(n))
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
