package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const brokenDir = "../testdata/rules/broken"

// TestBroken loads each broken file alone and compares all that is said about
// it with the golden file beside it.
func TestBroken(t *testing.T) {
	names, err := filepath.Glob(brokenDir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".want") {
			continue
		}
		tried++
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			set, err := Parse(filepath.Base(name), data, Options{})
			if err == nil {
				t.Fatalf("no error, %d rules", len(set.Rules))
			}
			errs, ok := err.(Errors)
			if !ok {
				t.Fatalf("the error is %T, want Errors", err)
			}
			for _, e := range errs {
				checkPlace(t, string(data), e)
			}
			compareGolden(t, name+".want", err.Error()+"\n")
		})
	}
	if tried < 15 {
		t.Errorf("only %d broken files found in %s", tried, brokenDir)
	}
}

// compareGolden compares got with a golden file, or writes it under -update.
func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// checkPlace fails when e points outside the text.
func checkPlace(t *testing.T, text string, e *Error) {
	t.Helper()
	plain := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.TrimPrefix(plain, "\ufeff"), "\n")
	if e.Pos.Line > len(lines) || e.Pos.Line < 0 {
		t.Fatalf("%v: the text has %d lines", e, len(lines))
	}
	if e.Pos.Line > 0 && (e.Pos.Col < 0 || e.Pos.Col > len([]rune(lines[e.Pos.Line-1]))+1) {
		t.Fatalf("%v: the line has %d runes", e, len([]rune(lines[e.Pos.Line-1])))
	}
}
