package rules

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// write puts files into a new folder and gives their paths in order: name, content, name, content...
func write(t *testing.T, files ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i := 0; i < len(files); i += 2 {
		p := filepath.Join(dir, files[i])
		if err := os.WriteFile(p, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}

// load loads files that must be right.
func load(t *testing.T, files ...string) *Set {
	t.Helper()
	set, err := Load(write(t, files...), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// find gives the rule with an id.
func find(t *testing.T, s *Set, id string) Rule {
	t.Helper()
	for _, r := range s.Rules {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no rule %s", id)
	return Rule{}
}

const basePack = `
pack: base
version: 2026.1.2
defaults: {kind: trademark, fame: known, jurisdictions: [US, EU]}
rules:
  - id: tm-acme
    mark: Acme
    owner: Acme Ltd
    classes: [7, 9]
    aliases: [Akme, {text: Акме, lang: ru, certainty: 80}, 501]
    why: Acme complains.
    hits: [Acme anvil]
    misses: [acne cream]
  - id: ch-rabbit
    mark: Rapid Rabbit
    kind: character
    replacements: {preferred: cartoon rabbit, also: [bunny], de: {preferred: Hase, also: [Kaninchen]}, zh: 兔子}
    why: {en: A film character., zh: 电影角色。}
  - id: gi-cheese
    mark: Bergkäse
    kind: gi
    polarity: {style: worse}
    season: {from: 2026-01-01}
    replacements: hard cheese
    misspellings: false
`

func TestPackValues(t *testing.T) {
	s := load(t, "base.yaml", basePack)
	acme := find(t, s, "tm-acme")
	want := []Alias{{Text: "Akme"}, {Text: "Акме", Lang: "ru", Certainty: 80}, {Text: "501"}}
	if !reflect.DeepEqual(acme.Aliases, want) {
		t.Errorf("aliases %+v, want %+v", acme.Aliases, want)
	}
	if acme.Right != RightTrademark || acme.Fame != "known" || acme.Why.In("en") != "Acme complains." || acme.Tier != Curated || acme.Pack != "base" {
		t.Errorf("acme is %+v", acme)
	}
	if acme.Pos.Line != 6 || acme.Pos.Col != 5 {
		t.Errorf("acme stands at %v", acme.Pos)
	}
	rabbit := find(t, s, "ch-rabbit")
	by := map[string]Replacement{"de": {"Hase", []string{"Kaninchen"}}, "zh": {Preferred: "兔子"}}
	if rabbit.Right != RightCopyright || !reflect.DeepEqual(rabbit.Replacements, Replacements{"cartoon rabbit", []string{"bunny"}, by}) {
		t.Errorf("rabbit is %+v", rabbit)
	}
	cheese := find(t, s, "gi-cheese")
	if cheese.Right != RightRegulation || cheese.Replacements.Preferred != "hard cheese" || cheese.Misspellings == nil || *cheese.Misspellings || cheese.Season.From != "2026-01-01" {
		t.Errorf("cheese is %+v", cheese)
	}
	if s.Name != "base" || s.Version != "2026.1.2" || s.Packs[0].Rules != 3 || len(s.SHA256) != 64 {
		t.Errorf("set is %s %s %+v", s.Name, s.Version, s.Packs)
	}
}

func TestOverride(t *testing.T) {
	s := load(t, "base.yaml", basePack, "own.yaml", `
pack: own
extends: base
disable: [gi-cheese, ch-rabbit]
defaults: {kind: claim, base: 70, fame: famous}
rules:
  - {id: tm-acme, aliases: [Akmee], base: 30}
  - {id: ch-rabbit, mark: Another Rabbit}
  - {id: cl-safe, mark: Totally safe}
`)
	acme := find(t, s, "tm-acme")
	if acme.Base != 30 || acme.Owner != "Acme Ltd" || acme.Kind != Trademark || acme.Fame != "known" || len(acme.Aliases) != 1 || acme.Pack != "base" {
		t.Errorf("an overridden rule keeps the other keys: %+v", acme)
	}
	rabbit := find(t, s, "ch-rabbit")
	if rabbit.Mark != "Another Rabbit" || rabbit.Kind != Claim || rabbit.Base != 70 || rabbit.Replacements.Preferred != "" || rabbit.Pack != "own" {
		t.Errorf("a rule disabled and written anew is new: %+v", rabbit)
	}
	if len(s.Rules) != 3 || s.Name != "base+own" || s.Packs[0].Rules != 1 || s.Packs[1].Rules != 2 {
		t.Errorf("set %s holds %d rules, packs %+v", s.Name, len(s.Rules), s.Packs)
	}
}

func TestMergeFaults(t *testing.T) {
	for _, tt := range []struct{ name, pack, want string }{
		{"id taken", "pack: own\nrules:\n  - {id: tm-acme, base: 3}\n", `own.yaml:3:10: tm-acme: this id is taken by pack base`},
		{"hint to extend", "pack: own\nrules:\n  - {id: tm-acme, base: 3}\n", `write extends: base`},
		{"unknown disable", "pack: own\ndisable: [tm-acmee]\n", "own.yaml:2:11: disable: no earlier pack has a rule \"tm-acmee\"\n    did you mean tm-acme?"},
		{"unknown override", "pack: own\nextends: base\nrules:\n  - {id: tm-akme, base: 3}\n", "own.yaml:4:10: tm-akme: no earlier pack has this id, and it names no mark of its own\n    did you mean tm-acme?"},
		{"unknown pack", "pack: own\nextends: bass\nrules: []\n", "own.yaml:2:10: extends: pack \"bass\" is not loaded before this one\n    did you mean base?"},
		{"built-in pack without them", "pack: own\nextends: builtin\nrules: []\n", "run with them"},
		{"same name", "pack: base\nrules: []\n", `own.yaml:1:7: pack "base" is loaded already`},
		{"merged rule breaks a limit", "pack: own\nextends: base\nrules:\n  - {id: gi-cheese, season: {from: 2026-01-02, until: 2026-01-01}}\n", "own.yaml:4:29: gi-cheese: season: it ends on 2026-01-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			paths := write(t, "base.yaml", basePack, "own.yaml", tt.pack)
			_, err := Load(paths, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestAllFilesFaults(t *testing.T) {
	paths := write(t, "b.yaml", "pack: b\nrules: [{id: x, mark: Xx}]\n", "a.txt", "™\n", "c.yaml", "pack: [")
	paths = append(paths, filepath.Join(filepath.Dir(paths[0]), "gone.csv"))
	_, err := Load(paths, Options{})
	errs, _ := err.(Errors)
	var files []string
	for _, e := range errs {
		files = append(files, filepath.Base(e.Pos.File))
	}
	if want := []string{"b.yaml", "a.txt", "c.yaml", "gone.csv"}; !reflect.DeepEqual(files, want) {
		t.Errorf("faults in %v, want %v: %v", files, want, err)
	}
}

func TestBuiltinMerged(t *testing.T) {
	base, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	first := base.Rules[0]
	own := "pack: own\nextends: builtin\nrules:\n  - {id: " + first.ID + ", base: 99}\n"
	s, err := Load(write(t, "own.yaml", own), Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := find(t, s, first.ID); got.Base != 99 || got.Mark != first.Mark {
		t.Errorf("overridden: %+v", got)
	}
	if base.Rules[0].Base != first.Base {
		t.Error("loading changed the shared built-in set")
	}
	if s.Name != "builtin+own" || len(s.Rules) != len(base.Rules) || len(s.Packs) != len(base.Packs)+1 {
		t.Errorf("set %s, %d rules, %d packs", s.Name, len(s.Rules), len(s.Packs))
	}
}

func TestSameEveryTime(t *testing.T) {
	paths := write(t, "base.yaml", basePack, "terms.csv", "term,aliases\nZeta,a1;b2\nAlpha,c3\n")
	a, err := Load(paths, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		b, err := Load(paths, Options{})
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("a second loading differs: %v", err)
		}
	}
	c, err := Load([]string{paths[1], paths[0]}, Options{})
	if err != nil || c.SHA256 == a.SHA256 {
		t.Errorf("another order of packs must give another hash (%v)", err)
	}
	for i := 1; i < len(a.Rules); i++ {
		if a.Rules[i-1].ID >= a.Rules[i].ID {
			t.Errorf("%s stands before %s", a.Rules[i-1].ID, a.Rules[i].ID)
		}
	}
}

// TestBuiltinPlaces checks positions against the text itself: at the place of
// each embedded rule its first key stands.
func TestBuiltinPlaces(t *testing.T) {
	set, files := parsedBuiltin(t)
	lines := map[string][]string{}
	for _, f := range files {
		lines[f.name] = strings.Split(string(f.data), "\n")
	}
	for _, r := range set.Rules {
		line := []rune(lines[r.Pos.File][r.Pos.Line-1])
		at := strings.TrimLeft(string(line[r.Pos.Col-1:]), "{ ")
		if !strings.HasPrefix(at, "id: ") {
			t.Errorf("%s is said to stand at %v, where %q stands", r.ID, r.Pos, at)
		}
	}
}
