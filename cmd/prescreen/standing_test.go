package main

import (
	"fmt"
	"slices"
	"testing"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// What is excused, what ends and how often findings were right stand in the
// summary, one sentence each; of 19 decisions nothing is concluded.
func TestStanding(t *testing.T) {
	decided := func(n, wrong int) (out []catalog.Decision) {
		for i := range n {
			d := catalog.Decision{Fingerprint: fmt.Sprint(i), Kind: "trademark", Form: "exact", Verdict: catalog.Fix}
			if i < wrong {
				d.Verdict = catalog.FalseAlarm
			}
			out = append(out, d)
		}
		return out
	}
	r := &scanRun{a: &app{ui: newUI(environment{getenv: func(string) string { return "" }}, "en")}}
	if got := r.standing(); len(got) > 0 {
		t.Errorf("of nothing: %q", got)
	}
	r.decisions = decided(19, 3)
	if got := r.standing(); len(got) > 0 {
		t.Errorf("of 19 decisions: %q", got)
	}
	r.decisions = decided(20, 3)
	r.sum.Excused = 3
	r.sum.History = &scanner.History{Excused: []scanner.Change{{Days: 4}, {Days: 40}}}
	r.aside.excusedAs(scanner.Low)
	r.aside.excusedAs(scanner.High)
	r.aside.excusedAs(scanner.High)
	r.aside.ending = []catalog.Authorisation{{Supplier: "Tin\x1bkers", Brand: "Zorbex", Until: "2026-12-10", Document: "letter.pdf"}}
	want := []string{
		"Excused: 3 findings (high 2, low 1), the oldest open for 40 days",
		"Authorisation of Tin<001B>kers for Zorbex ends on 2026-12-10 (letter.pdf)",
		"Of 20 findings decided so far (trademark, exact), 17 were right: 85 %",
	}
	if got := r.standing(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
