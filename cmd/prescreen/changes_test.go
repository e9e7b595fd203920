package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"prescreen/scanner"
)

// Counts by store, supplier and mark stand in columns, whatever the width of the
// names and headings, ten rows each at most.
func TestRollUps(t *testing.T) {
	h := &scanner.History{}
	for i := range 13 {
		h.New = append(h.New, scanner.Change{Store: "", Supplier: fmt.Sprint("深圳市非常长的公司名称有限责任公司 ", i), Mark: "Zor\x1bbex"})
	}
	h.Open = append(h.Open, scanner.Change{Supplier: "Acme", Mark: "耐克"})
	for _, lang := range []string{"en", "zh"} {
		var out bytes.Buffer
		u := newUI(environment{stdout: &out, getenv: func(string) string { return "" }}, lang)
		u.rollUps(h)
		u.trend([]scanner.TrendPoint{{Date: "2026-11-02", Levels: map[scanner.Level]int{scanner.High: 12345}}})
		rows := 0
		for line := range strings.Lines(out.String()) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, "  深圳市") {
				rows++
			}
			if w := runewidth.StringWidth(line); strings.HasSuffix(line, "0") && w != 78 && w != 70 || w > 80 {
				t.Errorf("%s: %d columns: %q", lang, w, line)
			}
		}
		more := u.say("cli.rollup.more", "count", 4)
		for _, want := range []string{"\n  -    ", "\n  " + more + "\n", "Zor<001B>bex", "     12345         0         0\n"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", lang, want, out.String())
			}
		}
		if rows != rollUpRows {
			t.Errorf("%s: %d suppliers", lang, rows)
		}
	}
}
