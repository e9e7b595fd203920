package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"prescreen/scanner"
)

// Every note fits a terminal of 80 columns, in each language, its later lines
// further in than its first; no word is lost.
func TestNotesFit(t *testing.T) {
	long := strings.Repeat("no marketplace's own layout; row 1 was taken as the header ", 3)
	wide := strings.Repeat("没有识别出任何平台的格式，第一行当作表头；", 5)
	for _, lang := range scanner.Languages() {
		var out, errs bytes.Buffer
		u := newUI(environment{stdout: &out, stderr: &errs, getenv: func(string) string { return "" }}, lang)
		u.files(&scanner.Summary{Files: []scanner.FileFacts{{File: "a.csv", Platform: "generic", Notes: []string{long, wide}}}})
		u.note("cli.decisions.kept", "file", strings.Repeat("long name ", 12), "count", 3, "new", "b.xlsx")
		for line := range strings.Lines(out.String() + errs.String()) {
			if n := runewidth.StringWidth(strings.TrimRight(line, "\n")); n > 80 {
				t.Errorf("%s: %d columns: %s", lang, n, line)
			}
		}
		if !strings.Contains(out.String(), "\n    no market") || !strings.Contains(out.String(), "\n      ") {
			t.Errorf("%s: no hanging indent:\n%s", lang, out.String())
		}
		if bare := strings.NewReplacer(" ", "", "\n", "").Replace; !strings.Contains(bare(out.String()), bare(long+wide)) {
			t.Errorf("%s: words are lost:\n%s", lang, out.String())
		}
	}
}
