package main

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// Every embedded data file stands in LICENCES.tsv, by its path or its folder.
func TestLicences(t *testing.T) {
	root := filepath.Join("..", "..")
	listed := map[string]bool{}
	for n, line := range strings.Split(strings.TrimRight(readFile(t, filepath.Join(root, "LICENCES.tsv")), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("LICENCES.tsv:%d: %d columns, want file, origin, version, licence", n+1, len(f))
		}
		listed[f[0]] = true
	}
	for _, dir := range []string{"rules", "scanner"} {
		_ = filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			rel, _ := filepath.Rel(root, path)
			rel = filepath.ToSlash(rel)
			if err != nil || d.IsDir() || filepath.Ext(path) == ".go" || strings.Contains(rel, "testdata") {
				return err
			}
			for p := rel; p != "."; p = filepath.ToSlash(filepath.Dir(p)) {
				if listed[p] || listed[p+"/"] {
					return nil
				}
			}
			t.Errorf("%s stands in no line of LICENCES.tsv", rel)
			return nil
		})
	}
}
