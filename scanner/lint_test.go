package scanner

import (
	"slices"
	"strings"
	"testing"

	"prescreen/rules"
)

// checksOf gives "rule check" for each warning.
func checksOf(ws []rules.Warning) []string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.Rule + " " + w.Check
	}
	return out
}

func TestLint(t *testing.T) {
	set := parseRules(t, `pack: x
defaults: {kind: trademark, why: w, source: s}
rules:
  - {id: tm-a, mark: Zorbex, aliases: [Zorbi], hits: [Zorbex robot], misses: [zircon pan]}
  - {id: tm-b, mark: Mibblo, replacements: Mibblo cup, hits: [Mibblo cup], misses: [nibbles]}
  - {id: tm-c, mark: Grimpel, aliases: [harbour], hits: [grumpy cat], misses: [Grimpel mug]}
  - {id: tm-d, mark: Kwikstrap, aliases: [{text: mountain, needs: [strap]}, {text: river, note: thought of}, {text: window, certainty: 60}], hits: [Kwikstrap tape], misses: [quick strap]}
  - {id: gen-e, mark: Plomp, kind: generic, replacements: {preferred: round cup, also: [Zorbex jug]}, hits: [Plomp mug], misses: [plum]}
`)
	got, err := Lint(set)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"tm-b caught-replacement", "tm-c found-miss", "tm-c lost-hit", "tm-c ordinary-name", "gen-e caught-replacement"}
	checks := checksOf(got)
	slices.Sort(checks)
	slices.Sort(want)
	if !slices.Equal(checks, want) {
		t.Errorf("got %q, want %q", checks, want)
	}
}

// TestLintBuiltin: the embedded packs have no oddity that screening would show.
func TestLintBuiltin(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	found, err := Lint(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range append(rules.Lint(set), found...) {
		t.Error(w.String())
	}
}

func TestNoise(t *testing.T) {
	set := parseRules(t, `pack: x
defaults: {kind: trademark, source: s}
rules:
  - {id: tm-a, mark: Zorbex}
  - {id: tm-b, mark: Mib Blo}
`)
	s, err := New(set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var n Noise
	for _, l := range []Listing{
		{Fields: []Field{{Role: Title, Text: "Zorbex robot"}, {Role: Description, Text: "the zorbex robot"}}},
		{Fields: []Field{{Role: Title, Text: "robot"}, {Role: Brand, Text: "Zorbex"}}},
		{Fields: []Field{{Role: Title, Text: "Mib Blo cup"}}},
		{Fields: []Field{{Role: Title, Text: "plain cup"}}},
	} {
		r := s.Screen(l)
		n.Add(&r)
	}
	if got := n.Warnings(set, 0.5); len(got) != 0 || n.Listings != 4 {
		t.Errorf("half of %d listings is not more than half: %v", n.Listings, got)
	}
	got := n.Warnings(set, 0.2)
	if len(got) != 1 || got[0].Rule != "tm-a" || !strings.Contains(got[0].Text, `raise 2 of 4 listings (50.0 %), most often "zorbex"; 1 of them`) {
		t.Errorf("got %v", got)
	}
}

// parseRules reads a pack that must be right.
func parseRules(t *testing.T, text string) *rules.Set {
	t.Helper()
	set, err := rules.Parse("x.yaml", []byte(text), rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
