package report

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

func openBook(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func rowsOf(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// at gives the cell of a row under the heading id of a layout.
func at(l layout, row []string, id string) string {
	i := slices.IndexFunc(l.columns, func(c column) bool { return c.id == id })
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

// Every finding has its row, worst first, with what was found in every cell.
func TestWorkbookFindings(t *testing.T) {
	for name, run := range map[string]func() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary){
		"plain": func() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary) { return sampleRun(120) }, "hostile": hostileRun} {
		info, results, unread, sum := run()
		f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
		rows := rowsOf(t, f, "Findings")
		type placed struct {
			l *scanner.Listing
			f *scanner.Finding
		}
		var want []placed
		for i := range results {
			for _, one := range shownFindings(&results[i]) {
				want = append(want, placed{&results[i].Listing, one})
			}
		}
		slices.SortStableFunc(want, func(a, b placed) int { return findingRank(b.f) - findingRank(a.f) })
		if len(rows) != len(want)+1 {
			t.Fatalf("%s: %d rows for %d findings", name, len(rows), len(want))
		}
		w := words{mustLanguage(t, "en")}
		for i, p := range want {
			e := evidenceIn(p.l, p.f)
			for id, cell := range map[string]string{
				"level": w.level(p.f.Level), "mark": visible(p.f.Mark), "text": visible(p.f.Text), "evidence": e.String(), "why": visible(p.f.Why),
				"instead": visible(w.instead(p.f)), "decision": "", "reason": "", "person": "", "id": visible(p.l.ID), "title": titleOf(p.l),
				"supplier": visible(p.l.Supplier), "file": visible(p.l.Origin.File), "sheet": visible(p.l.Origin.Sheet), "row": strconv.Itoa(p.f.Row),
				"column": visible(p.f.Column), "rights": strconv.Itoa(p.f.Rights), "platform": strconv.Itoa(p.f.Platform.Points),
				"use": w.name("use", string(p.f.Use)), "form": w.name("form", string(p.f.Form)), "kind": w.name("kind", p.f.Kind),
				"excused": visible(p.f.Excused), "points": visible(w.rights(p.f)), "fingerprint": p.f.Fingerprint,
			} {
				got := at(findingLayout, rows[i+1], id)
				if got != cell && !(len(cell) > cellLimit && strings.HasSuffix(got, "…") && strings.HasPrefix(cell, strings.TrimSuffix(got, "…"))) {
					t.Errorf("%s row %d %s: %.80q, want %.80q", name, i+2, id, got, cell)
				}
			}
		}
	}
}

func mustLanguage(t *testing.T, tag string) *scanner.Language {
	t.Helper()
	l, err := scanner.LanguageFor(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The words found stand in a run of their own inside the sentence.
func TestWorkbookHighlight(t *testing.T) {
	info, results, unread, sum := sampleRun(40)
	f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
	col := 1 + slices.IndexFunc(findingLayout.columns, func(c column) bool { return c.id == "evidence" })
	rows := rowsOf(t, f, "Findings")
	for i, row := range rows[1:] {
		cell, _ := excelize.CoordinatesToCellName(col, i+2)
		runs, err := f.GetCellRichText("Findings", cell)
		if err != nil {
			t.Fatal(err)
		}
		bold := 0
		for _, r := range runs {
			if r.Font != nil && r.Font.Bold {
				bold++
				if r.Text != at(findingLayout, row, "text") {
					t.Errorf("%s: %q stands out, found was %q", cell, r.Text, at(findingLayout, row, "text"))
				}
			}
		}
		if bold != 1 {
			t.Errorf("%s: %d runs stand out", cell, bold)
		}
	}
}

// No cell is a formula but the links to plain web addresses, and a cell that
// looks like one is marked as text, so that editing it does not wake it.
func TestWorkbookInert(t *testing.T) {
	info, results, unread, sum := hostileRun()
	results[0].Listing.URL = `https://shop.example/"&cmd|' /C calc'!A0&"`
	results[1].Listing.URL = "https://shop.example/item?a=1&b=2"
	f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
	formulas := 0
	for _, sheet := range f.GetSheetList() {
		for r, row := range rowsOf(t, f, sheet) {
			for c, value := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				formula, err := f.GetCellFormula(sheet, cell)
				if err != nil {
					t.Fatal(err)
				}
				if formula != "" {
					formulas++
					if formula != `HYPERLINK("https://shop.example/item?a=1&b=2")` {
						t.Errorf("%s %s: formula %s", sheet, cell, formula)
					}
				}
				if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r >= 0x202A && r <= 0x202E }) {
					t.Errorf("%s %s hides a character: %.60q", sheet, cell, value)
				}
			}
		}
	}
	if formulas != 2 {
		t.Errorf("%d links, want one on Findings and one on Listings", formulas)
	}
	style, err := f.GetCellStyle("Listings", "B5")
	if err != nil {
		t.Fatal(err)
	}
	if value, _ := f.GetCellValue("Listings", "B5"); !strings.HasPrefix(value, "=cmd") {
		t.Fatalf("B5 is %q", value)
	}
	if q := f.Styles.CellXfs.Xf[style].QuotePrefix; q == nil || !*q {
		t.Error("a cell that looks like a formula is not marked as text")
	}
}

func TestWorkbookSetUp(t *testing.T) {
	info, results, unread, sum := sampleRun(90)
	sum.History = sampleHistory(results)
	for lang, sheets := range map[string]string{
		"en": "Summary|Listings|Findings|Marks|Suppliers|Files|History|Changes by group|Trend by supplier",
		"zh": "总览|商品|命中明细|商标|供应商|文件|变化记录|变化汇总|供应商走势"} {
		out := write(t, "xlsx", lang, false, info, results, unread, sum)
		f := openBook(t, out)
		names := f.GetSheetList()
		if got := strings.Join(names, "|"); got != sheets {
			t.Fatalf("sheets %q", got)
		}
		w := words{mustLanguage(t, lang)}
		for i, l := range map[int]layout{1: listingLayout, 2: findingLayout, 3: markLayout, 4: supplierLayout, 5: fileLayout, 6: historyLayout, 7: rollupLayout, 8: trendLayout} {
			heads := rowsOf(t, f, names[i])[0]
			for c, col := range l.columns {
				if want := w.Say("workbook.col." + col.id); heads[c] != want {
					t.Errorf("%s: heading %q, want %q", names[i], heads[c], want)
				}
			}
			if panes, err := f.GetPanes(names[i]); err != nil || !panes.Freeze || panes.YSplit != 1 {
				t.Errorf("%s: heading not frozen (%v)", names[i], err)
			}
		}
		last, _ := excelize.ColumnNumberToName(len(findingLayout.columns))
		if seen, err := f.GetColVisible(names[2], last); err != nil || seen {
			t.Errorf("fingerprint column shows (%v)", err)
		}
		lists, err := f.GetDataValidations(names[2])
		if err != nil || len(lists) != 1 || !strings.Contains(lists[0].Formula1, w.Say("decision.false-alarm")) {
			t.Errorf("decision list: %v %v", lists, err)
		}
		props, err := f.GetDocProps()
		if err != nil || props.Created != "2026-11-23T00:00:00Z" || props.Modified != props.Created {
			t.Errorf("dated %q, %q (%v)", props.Created, props.Modified, err)
		}
		charts := 0
		z, err := zip.NewReader(bytes.NewReader(out), int64(len(out)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range z.File {
			if strings.HasPrefix(part.Name, "xl/charts/chart") {
				charts++
			}
			if day := part.Modified.UTC().Format(time.DateOnly); day != "2026-11-23" {
				t.Errorf("%s is dated %s", part.Name, day)
			}
		}
		if charts != 4 {
			t.Errorf("%d charts", charts)
		}
	}
}

// The summary says how many, under which rules, and what was not checked.
func TestWorkbookSummary(t *testing.T) {
	info, results, unread, sum := sampleRun(200)
	f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
	var all []string
	for _, row := range rowsOf(t, f, "Summary") {
		all = append(all, strings.Join(row, "\t"))
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"Trademark and protected-term screening, 2026-11-23",
		"critical\t" + strconv.Itoa(sum.Levels[scanner.Critical]), "clean\t" + strconv.Itoa(sum.Listings-sum.Flagged),
		"famous-marks\t512\t2026.11\t" + strings.Repeat("3f", 32), "images", "autumn.csv, row 81, text line 97: read row: 11 cells where the header has 12"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Rows beyond what a sheet can hold are left out aloud.
func TestWorkbookLimits(t *testing.T) {
	info, results, unread, sum := sampleRun(200)
	var out bytes.Buffer
	b := newWorkbook(&out, Options{Lang: mustLanguage(t, "en")}).(*workbook)
	b.maxRows, b.findings.bound, b.listings.bound = 21, 512, 512 // through the temporary file as well
	if err := b.Begin(info); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if err := b.Result(r); err != nil {
			t.Fatal(err)
		}
	}
	spilled := b.findings.file
	if spilled == nil {
		t.Fatal("rows stayed in memory")
	}
	findings := b.findings.len()
	if err := b.End(sum); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(spilled.Name()); !os.IsNotExist(err) {
		t.Errorf("temporary file left: %v", err)
	}
	f := openBook(t, out.Bytes())
	if n := len(rowsOf(t, f, "Findings")); n != 21 {
		t.Errorf("%d rows", n)
	}
	found := false
	for _, row := range rowsOf(t, f, "Summary") {
		found = found || len(row) > 0 && strings.HasPrefix(row[0], strconv.Itoa(findings-20)+" rows did not fit on the sheet Findings")
	}
	if !found {
		t.Error("the summary does not say what was left out")
	}
	_ = unread
}

func TestReadDecisions(t *testing.T) {
	info, results, unread, sum := sampleRun(60)
	for _, lang := range []string{"en", "zh"} {
		path := filepath.Join(t.TempDir(), "r.xlsx")
		if err := os.WriteFile(path, write(t, "xlsx", lang, false, info, results, unread, sum), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadDecisions(path); err != nil || len(got) != 0 {
			t.Fatalf("untouched: %v %v", got, err)
		}
		w := words{mustLanguage(t, lang)}
		sheet := w.Say("workbook.sheet.findings")
		fill := func(path string, cells map[string]string) {
			f, err := excelize.OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for cell, v := range cells {
				if err := f.SetCellValue(sheet, cell, v); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.Save(); err != nil {
				t.Fatal(err)
			}
			_ = f.Close()
		}
		fill(path, map[string]string{"G2": w.Say("decision.accept"), "H2": "own brand", "I2": "Li", "G4": " " + w.Say("decision.false-alarm") + " ", "G5": "ask-supplier"})
		got, err := ReadDecisions(path)
		if err != nil || len(got) != 3 {
			t.Fatalf("%s: %v %v", lang, got, err)
		}
		if d := got[0]; d.Choice != "accept" || d.Reason != "own brand" || d.Person != "Li" || d.Row != 2 || len(d.Fingerprint) != 16 || d.ListingID == "" || d.Mark == "" {
			t.Errorf("first: %+v", d)
		}
		if got[1].Choice != "false-alarm" || got[2].Choice != "ask-supplier" {
			t.Errorf("others: %+v", got[1:])
		}
		fill(path, map[string]string{"G6": "maybe", "H7": "only a reason"})
		got, err = ReadDecisions(path)
		if len(got) != 3 || err == nil || !strings.Contains(err.Error(), `row 6: unknown decision "maybe"`) || !strings.Contains(err.Error(), "row 7: a reason but no decision") {
			t.Errorf("%s: %d decisions, error %v", lang, len(got), err)
		}
	}
}

func TestReadDecisionsRefuses(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other.xlsx")
	f := excelize.NewFile()
	if err := f.SaveAs(other); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.xlsx")
	if err := os.WriteFile(broken, []byte("no zip"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{other, broken, filepath.Join(dir, "missing.xlsx")} {
		if got, err := ReadDecisions(path); err == nil || !strings.HasPrefix(err.Error(), "read decisions") {
			t.Errorf("%s: %v %v", filepath.Base(path), got, err)
		}
	}
}

func TestClip(t *testing.T) {
	var b workbook
	for _, s := range []string{strings.Repeat("a", 40000), strings.Repeat("長", 40000), strings.Repeat("👨‍👩‍👧‍👦", 9000), strings.Repeat("e\u0301", 20000)} {
		got := b.clip(s)
		units := len([]rune(got))
		for _, r := range got {
			if r > 0xFFFF {
				units++
			}
		}
		if units > cellLimit || units < cellLimit-20 || !strings.HasSuffix(got, "…") || !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) {
			t.Errorf("%.8s: %d units", s, units)
		}
		if body := strings.TrimSuffix(got, "…"); lastGraphemes(body, 1) != lastGraphemes(s, 1) {
			t.Errorf("%.8s: cut inside a character", s)
		}
	}
	if b.clipped != 4 || b.clip("short") != "short" || b.clipped != 4 {
		t.Errorf("%d counted", b.clipped)
	}
}

// LibreOffice reads the workbook whole, with hostile text in it as well.
// inLibreOffice gives the sheets of a workbook as LibreOffice reads them, by
// name; without the program the test is skipped.
func inLibreOffice(t *testing.T, book []byte) map[string][][]string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no LibreOffice")
	}
	program, err := exec.LookPath("soffice")
	if err != nil {
		if program, err = exec.LookPath("libreoffice"); err != nil {
			t.Skip("no LibreOffice here: the workbook is not tried in it")
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "report.xlsx")
	if err := os.WriteFile(path, book, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	profile := (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}).String()
	const allSheets = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1`
	out, err := exec.CommandContext(ctx, program, "-env:UserInstallation="+profile, "--headless", "--convert-to", allSheets, "--outdir", dir, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	sheets := map[string][][]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "report-*.csv"))
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		_ = f.Close()
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			t.Fatalf("%s: %v", file, err)
		}
		sheets[strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "report-"), ".csv")] = rows
	}
	return sheets
}

// LibreOffice opens every kind of workbook, with all rows and no formula awake.
func TestWorkbookInLibreOffice(t *testing.T) {
	info, results, unread, sum := hostileRun()
	diff := hostileDiff()
	for _, book := range []struct {
		name string
		data []byte
		rows map[string]int
	}{
		{"report", write(t, "xlsx", "en", false, info, results, unread, sum), map[string]int{"Findings": len(results) + 1, "Listings": len(results) + 1, "Files": len(sum.Files) + 1}},
		{"diff", writeDiff(t, "xlsx", "en", diff), map[string]int{"Changes": len(diff.Changes) + 1, "Left for a person": len(diff.Left) + 1}},
	} {
		sheets := inLibreOffice(t, book.data)
		for sheet, want := range book.rows {
			if got := len(sheets[sheet]); got != want {
				t.Errorf("%s, %s: %d rows, want %d", book.name, sheet, got, want)
			}
			for _, row := range sheets[sheet] {
				if slices.ContainsFunc(row, func(c string) bool { return strings.HasPrefix(c, "#NAME") || strings.HasPrefix(c, "Err:") }) {
					t.Errorf("%s, %s: a formula woke: %.80q", book.name, sheet, row)
				}
			}
		}
	}
}
