package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"prescreen/scanner"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// golden compares got with testdata/golden/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; run with -update and read the diff", name)
	}
}

func TestGoldens(t *testing.T) {
	info, results, unread, sum := sampleRun(24)
	sum.History = sampleHistory(results)
	hostileInfo, hostileResults, hostileUnread, hostileSum := trickyRun()
	for _, format := range []string{"jsonl", "json", "csv", "md"} {
		golden(t, "report-plain."+format, write(t, format, "en", false, info, results, unread, sum))
		golden(t, "report-hostile."+format, write(t, format, "en", false, hostileInfo, hostileResults, hostileUnread, hostileSum))
	}
	golden(t, "report-zh.md", write(t, "md", "zh", false, info, results, unread, sum))
	golden(t, "report-all.jsonl", write(t, "jsonl", "en", true, info, results[:8], unread, sum))
}

func TestNew(t *testing.T) {
	if got := strings.Join(Formats(), " "); got != "csv html json jsonl md xlsx" {
		t.Errorf("formats: %s", got)
	}
	if _, err := New("pdf", io.Discard, Options{}); err == nil || !strings.Contains(err.Error(), "csv, html, json, jsonl, md, xlsx") {
		t.Errorf("unknown format: %v", err)
	}
	if _, err := New("json", nil, Options{}); err == nil {
		t.Error("no output is no error")
	}
	if w, err := New("md", io.Discard, Options{}); err != nil || w == nil {
		t.Errorf("without a language: %v", err)
	}
}

// The same run gives the same bytes, in every format and language.
func TestDeterministic(t *testing.T) {
	for name, run := range map[string]func() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary){
		"plain": func() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary) {
			info, results, unread, sum := sampleRun(300)
			sum.History = sampleHistory(results)
			return info, results, unread, sum
		}, "hostile": hostileRun} {
		for _, format := range Formats() {
			for _, lang := range []string{"en", "zh"} {
				info, results, unread, sum := run()
				first := write(t, format, lang, false, info, results, unread, sum)
				info, results, unread, sum = run()
				if !bytes.Equal(first, write(t, format, lang, false, info, results, unread, sum)) {
					t.Errorf("%s %s %s: two runs differ", name, format, lang)
				}
			}
		}
	}
}

// An empty run and a run without a language, packs or files still give a whole report.
func TestEmptyRun(t *testing.T) {
	for _, format := range Formats() {
		out := write(t, format, "en", false, scanner.RunInfo{}, nil, nil, scanner.Summary{})
		if len(out) == 0 {
			t.Errorf("%s: nothing written", format)
		}
		if format == "json" && (!json.Valid(out) || bytes.Contains(out, []byte("null"))) {
			t.Errorf("json: %s", out)
		}
	}
}

// contractLine is what a test reads of a listing's line.
type contractLine struct {
	ID       string
	Findings []struct {
		Field      string
		Start, End int
		Text       string
		Points     []struct {
			Of, For string
			Points  int
		}
		Certainty, Platform, Rights int
		UseRisk                     int `json:"use_risk"`
	}
}

// JSON Lines keep the words of the cell: text is the slice start:end of the
// original, every list is there, and the points sum to their scores.
func TestLinesContract(t *testing.T) {
	info, results, unread, sum := sampleRun(200)
	out := write(t, "jsonl", "en", false, info, results, unread, sum)
	byID := map[string]scanner.Result{}
	flagged := 0
	for _, r := range results {
		byID[r.Listing.ID] = r
		if len(shownFindings(&r)) > 0 {
			flagged++
		}
	}
	kinds := map[string]int{}
	for line := range bytes.Lines(out) {
		if bytes.Contains(line, []byte(":null")) {
			t.Fatalf("null in %s", line)
		}
		var head struct{ Type string }
		if err := json.Unmarshal(line, &head); err != nil {
			t.Fatal(err)
		}
		if kinds[head.Type]++; head.Type == "listing" {
			checkContract(t, line, byID)
		}
	}
	if kinds["run"] != 1 || kinds["summary"] != 1 || kinds["unread"] != len(unread) || kinds["listing"] != flagged {
		t.Errorf("lines by type: %v, %d listings have something to see", kinds, flagged)
	}
	all := write(t, "jsonl", "en", true, info, results, unread, sum)
	if n := bytes.Count(all, []byte(`{"type":"listing"`)); n != len(results) {
		t.Errorf("with all: %d listings of %d", n, len(results))
	}
}

func checkContract(t *testing.T, line []byte, byID map[string]scanner.Result) {
	t.Helper()
	var v contractLine
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Findings {
		for _, field := range byID[v.ID].Listing.Fields {
			if string(field.Role) == f.Field && field.Text[f.Start:f.End] != f.Text {
				t.Errorf("%s: text %q is not the cell's %q", v.ID, f.Text, field.Text[f.Start:f.End])
			}
		}
		sums := map[string]int{}
		for _, p := range f.Points {
			sums[p.Of] += p.Points
		}
		if sums["certainty"] != f.Certainty || sums["use"] != f.UseRisk || sums["platform"] != f.Platform {
			t.Errorf("%s: points %v do not sum to %d, %d, %d", v.ID, sums, f.Certainty, f.UseRisk, f.Platform)
		}
	}
}

// The document holds the very objects of the lines.
func TestDocumentIsTheLines(t *testing.T) {
	info, results, unread, sum := hostileRun()
	var doc struct {
		Run      json.RawMessage
		Listings []json.RawMessage
		Unread   []json.RawMessage
		Summary  json.RawMessage
	}
	if err := json.Unmarshal(write(t, "json", "en", false, info, results, unread, sum), &doc); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range bytes.Lines(write(t, "jsonl", "en", false, info, results, unread, sum)) {
		want[strings.TrimSpace(string(line))] = true
	}
	got := append(append([]json.RawMessage{doc.Run, doc.Summary}, doc.Listings...), doc.Unread...)
	if len(got) != len(results)+len(unread)+2 {
		t.Errorf("%d objects", len(got))
	}
	for _, o := range got {
		if !want[string(o)] {
			t.Errorf("not a line: %.120s", o)
		}
	}
}

// No cell of the CSV can start a formula, hide a character or break a row.
func TestCSVInert(t *testing.T) {
	info, results, unread, sum := hostileRun()
	out := write(t, "csv", "en", false, info, results, unread, sum)
	body, ok := bytes.CutPrefix(out, []byte("\xEF\xBB\xBF"))
	if !ok {
		t.Fatal("no byte order mark")
	}
	if bytes.Count(body, []byte("\n")) != bytes.Count(body, []byte("\r\n")) {
		t.Error("a line end without CR")
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(results)+1 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune("=+-@＝＋－＠", first) {
				t.Errorf("column %s starts like a formula: %.40q", csvHeader[i], cell)
			}
			if strings.ContainsFunc(cell, func(r rune) bool {
				return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
			}) {
				t.Errorf("column %s hides a character: %.60q", csvHeader[i], cell)
			}
		}
	}
}

// Nothing from a file becomes markup in Markdown.
func TestMarkdownInert(t *testing.T) {
	info, results, unread, sum := hostileRun()
	out := string(write(t, "md", "en", false, info, results, unread, sum))
	for _, bad := range []string{"<script", "<img", "<svg", "[a](", "http://", " @someone", " #12", "\u202E", "\u2028", "| table |"} {
		if strings.Contains(out, bad) {
			t.Errorf("holds %q", bad)
		}
	}
	entries := 0
	for line := range strings.Lines(out) {
		if begins := strings.TrimLeft(line, " "); strings.Contains(line, "**high**") {
			entries++
		} else if begins != "" && strings.ContainsAny(begins[:1], "+=|") && !strings.HasPrefix(line, "|") {
			t.Errorf("a text begins a line as markup: %s", line)
		}
	}
	if entries != mdListings && entries != len(results) {
		t.Errorf("%d entries", entries)
	}
}

// Short, aligned and whole on a terminal of 80 columns, in every language.
func TestMarkdownFits(t *testing.T) {
	info, results, unread, sum := sampleRun(60)
	sum.History = sampleHistory(results)
	for _, lang := range scanner.Languages() {
		for line := range strings.Lines(string(write(t, "md", lang, false, info, results, unread, sum))) {
			line = strings.TrimRight(line, "\n")
			if n := columnsOf(line); n > lineWidth {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
	}
	if got, want := aligned(0, []string{"严重", "high"}, []string{"1,234", "5"}), "|  严重 | high |\n|------:|-----:|\n| 1,234 |    5 |"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := wrapLines("- ", strings.Repeat("word ", 15)+"- 1. dash"), "- "+strings.Repeat("word ", 14)+"word -\n  1\\. dash"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The roll-ups stand in a table of names at the left and counts at the right.
func TestAlignedNames(t *testing.T) {
	got := aligned(1, []string{"供应商", "New"}, []string{"深圳", "12"}, []string{"Yiwu Bright", "3"})
	want := "| 供应商      | New |\n|:------------|----:|\n| 深圳        |  12 |\n| Yiwu Bright |   3 |"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Wrap keeps every word, within 80 columns, later lines further in.
func TestWrap(t *testing.T) {
	for _, text := range []string{strings.Repeat("no marketplace's own layout; ", 9), strings.Repeat("没有识别出任何平台的格式，第一行当作表头；", 6), "- short"} {
		got := Wrap("    ", "      ", text)
		for i, line := range strings.Split(got, "\n") {
			if columnsOf(line) > 80 || !strings.HasPrefix(line, []string{"    ", "      "}[min(i, 1)]) {
				t.Errorf("line %d of %q: %q", i, text, line)
			}
		}
		if bare := strings.NewReplacer(" ", "", "\n", ""); bare.Replace(got) != bare.Replace(text) {
			t.Errorf("words changed: %q", got)
		}
	}
}

type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// An output that fails ends the report with its error, wherever it fails.
func TestFailingOutput(t *testing.T) {
	info, results, _, sum := sampleRun(60)
	for _, format := range Formats() {
		size := len(write(t, format, "en", false, info, results, nil, sum))
		for _, left := range []int{0, size / 2, size - 1} {
			w, err := New(format, &failing{left}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			err = w.Begin(info)
			for _, r := range results {
				if err == nil {
					err = w.Result(r)
				}
			}
			if err == nil {
				err = w.End(sum)
			}
			if err == nil {
				t.Errorf("%s: no error after %d of %d bytes", format, left, size)
			}
		}
	}
}
