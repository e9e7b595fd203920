package rules

import (
	"fmt"
	"reflect"
	"testing"
)

func TestLint(t *testing.T) {
	for _, tt := range []struct {
		name, rules string
		want        []string // "rule check"
	}{
		{"complete", `
  - {id: tm-acme, mark: Acme, aliases: [Акме], hits: [ACME-Anvil, "наковальня акме"], misses: [acne cream, acmes stone, acme], why: w, source: s}`, nil},
		{"nothing given", `
  - {id: tm-acme, mark: Acme}`,
			[]string{"tm-acme no-hits", "tm-acme no-misses", "tm-acme no-why", "tm-acme no-source"}},
		{"stray and far", `
  - {id: tm-acme, mark: Acme, hits: [anvil], misses: [blue curtain], why: w, source: s}`,
			[]string{"tm-acme stray-hit", "tm-acme far-miss"}},
		{"a shared beginning is far", `
  - {id: tm-acme, mark: Acmeline, hits: [acmeline anvil], misses: [acid curtain, Acmelines, acmelino tin], why: w, source: s}`,
			[]string{"tm-acme far-miss"}},
		{"the name alone is weak", `
  - {id: tm-acme, mark: Acme, aliases: [Акме], hits: [acme, "АКМЕ!", acme anvil], misses: [acne], why: w, source: s}`,
			[]string{"tm-acme weak-hit", "tm-acme weak-hit"}},
		{"ordinary sense is near", `
  - {id: tm-acme, mark: Acme, ordinary: {generic: [blue curtain]}, hits: [acme anvil], misses: [Blue Curtain], why: w, source: s}`, nil},
		{"alias is mark", `
  - {id: tm-acme, mark: Acmé, aliases: [ACME, {text: acme, exact_case: true}], hits: [acme anvil], misses: [acne], why: w, source: s}`,
			[]string{"tm-acme alias-is-mark"}},
		{"short", `
  - {id: tm-a, mark: ABC, hits: [abc anvil], misses: [abd], why: w, source: s}
  - {id: tm-b, mark: XYZ, exact_case: true, hits: [XYZ anvil], misses: [xyz], why: w, source: s}
  - {id: tm-d, mark: XYY, misspellings: false, hits: [xyy anvil], misses: [xyz], why: w, source: s}
  - {id: tm-c, mark: 木, hits: [木 anvil], misses: [木工], why: w, source: s}`,
			[]string{"tm-a short-mark"}},
		{"shared", `
  - {id: tm-a, mark: Acme, hits: [acme anvil], misses: [acne], why: w, source: s}
  - {id: tm-b, mark: Zippo, lines: [ACME], hits: [zippo anvil], misses: [zipper], why: w, source: s}`,
			[]string{"tm-b shared-name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, err := Parse("x.yaml", []byte("pack: x\ndefaults: {kind: trademark}\nrules:"+tt.rules+"\n"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range Lint(set) {
				got = append(got, w.Rule+" "+w.Check)
				if w.Pos.Line < 4 || w.Text == "" {
					t.Errorf("%+v", w)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLintSparesLists(t *testing.T) {
	set, err := Parse("x.txt", []byte("Acme\nABC\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(Lint(set)); got != `[x.txt:2:1: list-abc: "ABC" has 3 letters or fewer: set exact_case, misspellings: false, ordinary or contexts.needs (short-mark)]` {
		t.Error(got)
	}
}
