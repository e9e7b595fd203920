package main

import (
	"strings"
	"testing"

	"prescreen/scanner"
)

func TestInSentence(t *testing.T) {
	tests := []struct{ text, found, mark, wrote, want string }{
		{"sewn with Velcro at the cuff", "Velcro", "Velcro", "Hook tape", "hook tape"},
		{"Velcro at the cuff", "Velcro", "Velcro", "Hook tape", "Hook tape"},
		{"Soft. Velcro at the cuff", "Velcro", "Velcro", "Hook tape", "Hook tape"},
		{"<p>Velcro at the cuff</p>", "Velcro", "Velcro", "Hook tape", "Hook tape"},
		{"<p>with <b>Velcro</b> at the cuff</p>", "Velcro", "Velcro", "Hook tape", "hook tape"},
		{"Nylon Velcro Strap Set Black", "Velcro", "Velcro", "Hook Tape", "Hook Tape"},
		{"STRAP WITH VELCRO", "VELCRO", "VELCRO", "HOOK TAPE", "HOOK TAPE"},
		{"strap with VELCRO inside", "VELCRO", "VELCRO", "HOOK TAPE", "hook tape"},
		{"Nylon VELCRO Strap Black", "VELCRO", "VELCRO", "HOOK TAPE", "Hook Tape"},
		{"strap with VELCRO inside", "VELCRO", "Velcro", "HOOK TAPE", "HOOK TAPE"},
		{"带魔术贴 Velcro", "Velcro", "Velcro", "魔术贴", "魔术贴"},
	}
	for _, tt := range tests {
		at := strings.Index(tt.text, tt.found)
		span := scanner.Span{Start: at, End: at + len(tt.found)}
		preferred := "hook tape"
		if tt.wrote == "魔术贴" {
			preferred = tt.wrote
		}
		c := scanner.Replacement{Span: span, Old: tt.found, New: tt.wrote}
		inSentence(&c, &scanner.Finding{Text: tt.found, Mark: tt.mark, Span: span, Preferred: preferred}, tt.text)
		if c.New != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, c.New, tt.want)
		}
	}
}

func TestFormulaFor(t *testing.T) {
	tests := []struct {
		title, name, market string
		stated              bool
		want                string
	}{
		{"iPhone-compatible cable", "iPhone", "amazon", false, "Cable compatible with iPhone"},
		{"LEGO compatible bricks, 200 pieces", "LEGO", "", false, "Bricks compatible with LEGO, 200 pieces"},
		{"Clear iPhone 15 Pro compatible cable", "iPhone", "ebay", false, "Clear cable compatible with iPhone 15 Pro"},
		{"Bricks LEGO compatible", "LEGO", "", false, "Bricks compatible with LEGO"},
		{"iPhone 15 Pro case clear", "iPhone", "ebay", true, "Case clear for iPhone 15 Pro"},
		{"iPhone 15 Pro case clear", "iPhone", "ebay", false, ""},
		{"iPhone 15 case", "iPhone", "mercadolibre", true, "Case compatible con iPhone 15"},
		{"Case for iPhone", "iPhone", "", true, ""},
		{"iPhone compatible with everything", "iPhone", "", false, ""},
		{"Hülle iPhone compatible", "iPhone", "", false, ""},
		{"<b>iPhone</b> compatible cable", "iPhone", "", false, ""},
		{"iPhone compatible", "iPhone", "", false, ""},
	}
	for _, tt := range tests {
		at := strings.Index(tt.title, tt.name)
		f := scanner.Finding{Rule: "r", Use: scanner.UseCompatibility, Role: scanner.Title, Text: tt.name, Span: scanner.Span{Start: at, End: at + len(tt.name)}}
		r := scanner.Result{Listing: scanner.Listing{Marketplace: tt.market, Fields: []scanner.Field{{Role: scanner.Title, Text: tt.title}}}, Findings: []scanner.Finding{f}}
		if tt.stated {
			r.Findings = append(r.Findings, scanner.Finding{Rule: "r", Use: scanner.UseCompatibility, UseRisk: scanner.Score{Parts: []scanner.Point{{For: "compatible", Points: -30}}}})
		}
		got := ""
		if c, ok := formulaFor(&r, &f); ok {
			got = scanner.Apply(r.Listing, []scanner.Replacement{c}).Fields[0].Text
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.title, got, tt.want)
		}
	}
}
