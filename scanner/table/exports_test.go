package table

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// realExports is where sample files lie beside the project, when they do.
const realExports = "../../../shared"

// wantExport is what a person found in one real file.
type wantExport struct {
	File        string   `json:"file"`
	Platform    []string `json:"platform"`
	Listings    []int    `json:"listings_set"`
	FirstTitles []string `json:"first_titles"`
	Checkable   bool     `json:"checkable"`
}

func TestRealExports(t *testing.T) {
	list, err := os.Open(filepath.Join(realExports, "exports-expected.jsonl"))
	if err != nil {
		t.Skip("no real exports beside the project")
	}
	defer list.Close()
	lines := bufio.NewScanner(list)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var want wantExport
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		t.Run(want.File, func(t *testing.T) { checkExport(t, want) })
	}
}

// The number of real files in each layout is that of the files beside the
// project that it recognises, be it to read them or to name the right export.
func TestRealFilesCounted(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(realExports, "exports", "INDEX.tsv"))
	if err != nil {
		t.Skip("no real exports beside the project")
	}
	folders := map[string]string{"google-merchant": "google", "dataset": genericPlatform}
	tried := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(index)), "\n")[1:] {
		name, _, _ := strings.Cut(line, "\t")
		folder, _, _ := strings.Cut(name, "/")
		f, err := Open(filepath.Join(realExports, "exports", name), Options{})
		if err != nil { // the right export of its platform is named
			tried[first(folders[folder], folder)]++
			continue
		}
		tried[f.parts[0].tables[0].match.platform()]++
		f.Close()
	}
	ls, err := layouts()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range ls {
		if l.RealFiles != tried[l.Platform] {
			t.Errorf("%s: real_files is %d, %d files were tried", l.Platform, l.RealFiles, tried[l.Platform])
		}
	}
}

func checkExport(t *testing.T, want wantExport) {
	listings, facts, err := readAll(filepath.Join(realExports, "exports", want.File), Options{})
	if !want.Checkable {
		if err == nil {
			t.Fatalf("read %d listings from a file that cannot be checked", len(listings))
		}
		t.Logf("refused: %v", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(want.Listings, len(listings)) && !slices.Contains(want.Platform, "prestashop") {
		t.Errorf("%d listings, want one of %v", len(listings), want.Listings)
	}
	for _, f := range facts {
		if !slices.Contains(want.Platform, f.Platform) {
			t.Errorf("platform %s, want one of %v", f.Platform, want.Platform)
		}
		t.Logf("%s %s header %d %v notes %v", f.Platform, f.Sheet, f.HeaderRow, f.Columns, f.Notes)
	}
	if len(listings) > 0 && !slices.ContainsFunc(want.FirstTitles, func(title string) bool {
		return strings.Contains(squeeze(listings[0].Title()), squeeze(title))
	}) {
		t.Errorf("first title %q, want one of %q", listings[0].Title(), want.FirstTitles)
	}
}

// TestHostileFiles reads broken and malicious files: none may panic or be read
// as empty without a word.
func TestHostileFiles(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(realExports, "hostile", "*"))
	if len(files) == 0 {
		t.Skip("no hostile files beside the project")
	}
	for _, path := range files {
		if filepath.Ext(path) == ".tsv" {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			listings, _, err := readAll(path, Options{})
			switch {
			case err == nil && len(listings) == 0:
				t.Error("read as empty without a word")
			case err != nil && len(err.Error()) < 15:
				t.Errorf("the reason %q tells nothing", err)
			}
			t.Logf("%d listings, %v", len(listings), err)
		})
	}
}

// readAll drains a file; the first unread error is returned beside the listings.
func readAll(path string, opt Options) ([]scanner.Listing, []scanner.FileFacts, error) {
	f, err := Open(path, opt)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var listings []scanner.Listing
	var failed error
	for l, err := range f.Listings() {
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		listings = append(listings, l)
	}
	return listings, f.Facts(), failed
}

// squeeze is a text without blanks, for comparing titles.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
