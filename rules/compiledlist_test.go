package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const listWithAll = `term,mark,kind,right,owner,classes,aliases,replacement,why,exact_case,misspellings,note
Kelvora,,,,Kelvora GmbH,18;25,Kel Vora; Кельвора,bag;purse,Its owner writes letters,,no,a note
kelvora bags,Kelvora,,,,,,,,yes,,
Zorventa,,generic,,,,,,,yes,,
Fenwickle,,,regulation,,,,,,,yes,
`

// writtenFiles puts files into a folder of their own.
func writtenFiles(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// compiledFrom compiles the set into a file beside what it was made from.
func compiledFrom(t testing.TB, dir string, set *Set) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteList(&b, "all", set); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "all.pack")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sameRules compares all of two sets but the names of their packs.
func sameRules(t *testing.T, got, want *Set) {
	t.Helper()
	if len(got.Rules) != len(want.Rules) {
		t.Fatalf("%d rules, want %d", len(got.Rules), len(want.Rules))
	}
	for i := range want.Rules {
		a, b := got.Rules[i], want.Rules[i]
		a.Pack, b.Pack = "", ""
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("got  %+v\nwant %+v", a, b)
		}
	}
}

// TestCompiledListIsTheList compares every field of every rule of a compiled
// list with those of the list itself, so that it is judged alike.
func TestCompiledListIsTheList(t *testing.T) {
	dir := writtenFiles(t, map[string]string{"all.csv": listWithAll, "more.txt": "Druskell\nKelvora\n"})
	lists := []string{filepath.Join(dir, "all.csv"), filepath.Join(dir, "more.txt")}
	want, err := Load(lists, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load([]string{compiledFrom(t, dir, want)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameRules(t, got, want)
	if got.Rules[0].Tier != List || got.Packs[0].Name != "all" || got.Packs[0].Tier != List {
		t.Errorf("%+v in %+v", got.Rules[0], got.Packs)
	}
}

// TestCompiledRealListIsTheList does so for the names of real brands.
func TestCompiledRealListIsTheList(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "bench", "terms.txt"))
	if err != nil {
		t.Skip("no ../shared here")
	}
	if testing.Short() {
		t.Skip("takes seconds")
	}
	var terms strings.Builder
	for line := range strings.Lines(string(text)) {
		if hasWord(line) {
			terms.WriteString(line)
		}
	}
	dir := writtenFiles(t, map[string]string{"all.txt": terms.String()})
	want, err := Load([]string{filepath.Join(dir, "all.txt")}, Options{})
	if err != nil {
		t.Skip("these lines are no list: ", err)
	}
	got, err := Load([]string{compiledFrom(t, dir, want)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameRules(t, got, want)
}

// TestCompiledListMerges lays a list over a compiled one, and the reverse.
func TestCompiledListMerges(t *testing.T) {
	dir := writtenFiles(t, map[string]string{"all.csv": "term,owner\nKelvora,Old GmbH\nZorventa,Z\n", "new.csv": "term,owner,aliases\nKelvora,New GmbH,Kelv\n"})
	base, err := Load([]string{filepath.Join(dir, "all.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	pack := compiledFrom(t, dir, base)
	for _, order := range [][]string{{"all.csv", "new.csv"}, {"new.csv", "all.csv"}} {
		plain, compiled := []string{}, []string{}
		for _, name := range order {
			path := filepath.Join(dir, name)
			plain = append(plain, path)
			if name == "all.csv" {
				path = pack
			}
			compiled = append(compiled, path)
		}
		want, err := Load(plain, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Load(compiled, Options{})
		if err != nil {
			t.Fatal(err)
		}
		sameRules(t, got, want)
	}
}

func TestCompiledListDamaged(t *testing.T) {
	dir := writtenFiles(t, map[string]string{"all.csv": listWithAll})
	set, err := Load([]string{filepath.Join(dir, "all.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := compiledFrom(t, dir, set)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		text := bytes.Clone(whole)
		text[n] ^= 0x10
		for _, data := range [][]byte{whole[:n], text} {
			_, err := Parse("all.pack", data, Options{})
			if err == nil {
				t.Fatalf("byte %d damaged, and it was read", n)
			}
		}
	}
	stale := bytes.Clone(whole[:len(whole)-4])
	stale[len(ListMagic)]++
	if _, err := Parse("all.pack", seal(stale), Options{}); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("of another version: %v", err)
	}
}

// TestKept loads a large list twice: the second time it is not read again, and
// says the same.
func TestKept(t *testing.T) {
	var text strings.Builder
	text.WriteString("term,owner\n")
	for i := range 30000 {
		text.WriteString("Kelvora" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("Z", i%11) + ",owner\n")
	}
	files := writtenFiles(t, map[string]string{"big.csv": text.String()})
	list := filepath.Join(files, "big.csv")
	plain, err := Load([]string{list}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	built := 0
	load := func(build string) (*Set, []Warning) {
		t.Helper()
		var warnings []Warning
		kept := Kept{Dir: filepath.Join(files, "kept"), Build: build, Building: func() { built++ }}
		set, err := Load([]string{list}, Options{Kept: kept, Warn: func(w Warning) { warnings = append(warnings, w) }})
		if err != nil {
			t.Fatal(err)
		}
		return set, warnings
	}
	first, said := load("1")
	second, again := load("1")
	if built != 1 || len(said) == 0 || !reflect.DeepEqual(said, again) {
		t.Errorf("built %d times; %d warnings, then %d", built, len(said), len(again))
	}
	if !reflect.DeepEqual(first, plain) || !reflect.DeepEqual(second, plain) {
		t.Error("the kept set is another")
	}
	if load("2"); built != 2 {
		t.Error("the set of another build was used")
	}
	damageAll(t, filepath.Join(files, "kept"))
	if third, _ := load("1"); built != 3 || !reflect.DeepEqual(third, plain) {
		t.Error("a damaged set was used")
	}
	if err := os.WriteFile(list, []byte(text.String()+"Zorventa,z\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, _ := load("1"); built != 4 || len(changed.Rules) != len(plain.Rules)+1 {
		t.Error("the set of another content was used")
	}
}

// damageAll flips a bit in the middle of every file of dir.
func damageAll(t *testing.T, dir string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+keptSuffix))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)/2] ^= 1
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
