package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows is the whole structure: each package and what it may import of ours.
var arrows = map[string][]string{
	"cmd/prescreen":   {"rules", "rules/register", "scanner", "scanner/fold", "scanner/match", "scanner/table", "scanner/report", "scanner/catalog"},
	"rules":           {},
	"rules/register":  {"rules"},
	"scanner":         {"rules", "scanner/fold", "scanner/match"},
	"scanner/fold":    {},
	"scanner/match":   {},
	"scanner/table":   {"scanner"},
	"scanner/report":  {"scanner"},
	"scanner/catalog": {"scanner", "scanner/fold", "scanner/match"},
}

// Tests may also look at what they measure with: the built-in rules.
var testArrows = []string{"rules"}

func TestArrows(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		rel, _ := filepath.Rel(root, filepath.Dir(path))
		pkg := filepath.ToSlash(rel)
		if strings.Contains(pkg, "testdata") {
			return nil
		}
		allowed, known := arrows[pkg]
		if !known {
			t.Errorf("%s: package %s is not in the structure", path, pkg)
			return nil
		}
		seen[pkg] = true
		if strings.HasSuffix(path, "_test.go") {
			allowed = append(slices.Clone(allowed), append(testArrows, pkg)...)
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			if ours, ok := strings.CutPrefix(name, "prescreen/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: no such arrow", path, ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range []string{"cmd/prescreen", "rules", "scanner", "scanner/fold", "scanner/match", "scanner/table", "scanner/report", "scanner/catalog"} {
		if !seen[pkg] {
			t.Errorf("package %s is gone", pkg)
		}
	}
}

// Nothing below the command prints, exits or reads the environment.
func TestQuietBelow(t *testing.T) {
	root := filepath.Join("..", "..")
	for _, dir := range []string{"rules", "scanner"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			b := readFile(t, path)
			for _, word := range []string{"fmt.Print", "os.Exit(", "log.Print", "log.Fatal", "os.Getenv(", "os.Stdout", "os.Stderr", "panic("} {
				for n, line := range strings.Split(b, "\n") {
					code, _, _ := strings.Cut(line, "//")
					if i := strings.Index(code, word); i >= 0 && (i == 0 || !isIdentifier(code[i-1])) {
						t.Errorf("%s:%d: %s", path, n+1, strings.TrimSpace(line))
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func isIdentifier(c byte) bool {
	return c == '_' || c == '.' || c == '"' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
