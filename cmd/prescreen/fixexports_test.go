package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prescreen/scanner"
	"prescreen/scanner/table"
)

// TestFixRealExports corrects every real export there is and reads both files
// again: the same listings, only the flagged words differ, and in a workbook
// every part but the sheets and their strings is the very same bytes.
func TestFixRealExports(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "exports")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no shared exports here")
	}
	pack, err := filepath.Abs(filepath.Join("..", "..", "rules", "packs", "genericised.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	corrected := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "INDEX.tsv" || testing.Short() && !strings.Contains(path, "magento") {
			return err
		}
		out := filepath.Join(t.TempDir(), d.Name())
		var stdout, stderr bytes.Buffer
		code := run([]string{"fix", "--no-builtin", "--rules", pack, "--fail-on", "never", path, "-o", out}, environment{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }})
		if code == exitFailed {
			if _, err := os.Stat(out); err == nil && !strings.Contains(stderr.String(), "row") {
				t.Errorf("%s: exit 2 and yet a file: %s", d.Name(), stderr.String())
			}
			return nil
		}
		changes := strings.Count(stdout.String(), " → ")
		if changes > 0 {
			corrected++
		}
		compareTexts(t, path, out, changes)
		compareParts(t, path, out)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if corrected == 0 {
		t.Error("no real export needed a correction: the test shows nothing")
	}
}

func textsOf(t *testing.T, path string) []scanner.Listing {
	t.Helper()
	f, err := table.Open(path, table.Options{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer f.Close()
	var all []scanner.Listing
	for l, err := range f.Listings() {
		if err == nil {
			all = append(all, l)
		}
	}
	return all
}

// compareTexts wants the same listings with no more texts changed than told.
func compareTexts(t *testing.T, a, b string, changes int) {
	t.Helper()
	before, after := textsOf(t, a), textsOf(t, b)
	if len(before) != len(after) {
		t.Errorf("%s: %d listings became %d", a, len(before), len(after))
		return
	}
	differ := 0
	for i := range before {
		if len(before[i].Fields) != len(after[i].Fields) {
			t.Errorf("%s: listing %s has %d texts, had %d", a, after[i].ID, len(after[i].Fields), len(before[i].Fields))
			continue
		}
		for k := range before[i].Fields {
			if before[i].Fields[k].Text != after[i].Fields[k].Text {
				differ++
			}
		}
	}
	if differ > changes || changes > 0 && differ == 0 {
		t.Errorf("%s: %d texts differ, %d changes were told", a, differ, changes)
	}
}

// compareParts wants every part of a workbook but sheets and strings as it was.
func compareParts(t *testing.T, a, b string) {
	t.Helper()
	x, err := zip.OpenReader(a)
	if err != nil {
		return // no workbook
	}
	defer x.Close()
	y, err := zip.OpenReader(b)
	if err != nil {
		t.Errorf("%s: the corrected workbook is no ZIP: %v", b, err)
		return
	}
	defer y.Close()
	if len(x.File) != len(y.File) {
		t.Errorf("%s: %d parts became %d", a, len(x.File), len(y.File))
		return
	}
	for i, part := range x.File {
		if part.Name != y.File[i].Name {
			t.Errorf("%s: part %s became %s", a, part.Name, y.File[i].Name)
		} else if !strings.Contains(part.Name, "worksheets/") && !strings.Contains(part.Name, "sharedStrings") && !bytes.Equal(partBytes(t, part), partBytes(t, y.File[i])) {
			t.Errorf("%s: part %s changed", a, part.Name)
		}
	}
}

func partBytes(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	b, _ := io.ReadAll(r)
	return b
}
