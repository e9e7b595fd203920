package rules

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds adds the broken files with one of the extensions to a fuzz corpus.
func seeds(f *testing.F, extensions ...string) {
	f.Helper()
	for _, ext := range extensions {
		names, err := filepath.Glob(brokenDir + "/*" + ext)
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds with %s (%v)", ext, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// fuzzParse parses data and checks that the outcome is a set in order or
// faults with places inside the file.
func fuzzParse(t *testing.T, name string, data []byte) {
	set, err := Parse(name, data, Options{Warn: func(Warning) {}})
	if err != nil {
		var errs Errors
		if !errors.As(err, &errs) || len(errs) == 0 {
			t.Fatalf("the error is %T", err)
		}
		text := string(data)
		if decoded, name := guessed(data); name != "" {
			text = string(decoded) // places are those of the decoded text
		}
		for _, e := range errs {
			if !isUTF16(data) {
				checkPlace(t, text, e)
			}
		}
		return
	}
	for i, r := range set.Rules {
		if r.ID == "" || r.Mark == "" || r.Kind == "" || r.Right == "" {
			t.Fatalf("incomplete rule %+v", r)
		}
		if i > 0 && set.Rules[i-1].ID >= r.ID {
			t.Fatalf("%q before %q", set.Rules[i-1].ID, r.ID)
		}
	}
	Lint(set)
}

func FuzzPack(f *testing.F) {
	seeds(f, ".yaml")
	f.Add([]byte(basePack))
	f.Add([]byte(strings.Repeat("[", 100)))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, "x.yaml", data) })
}

func FuzzList(f *testing.F) {
	seeds(f, ".csv", ".tsv", ".txt")
	f.Add([]byte("\"00\xe70\xdd\x97"))
	f.Add([]byte("侵权词,品牌,类型\nzorbex,grimpel；佐贝,商标\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzParse(t, "x.csv", data)
		fuzzParse(t, "x.txt", data)
	})
}

func TestHostileNesting(t *testing.T) {
	for _, unit := range []string{"[", "{", "- ", "a: [", "{a: ", "? "} {
		if _, err := Parse("x.yaml", []byte(strings.Repeat(unit, 200_000)), Options{}); err == nil {
			t.Errorf("%q nested without end is no error", unit)
		}
	}
}
