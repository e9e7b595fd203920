package table

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// Texts beside title and description count on every platform, under whichever
// of their usual names.
func TestTextRolesEverywhere(t *testing.T) {
	more := []struct {
		header string
		role   scanner.Role
	}{
		{"Image Alt Text", scanner.SEO},
		{"image_2_alt", scanner.SEO},
		{"Alt text 3", scanner.SEO},
		{"SEO Title", scanner.SEO},
		{"Meta Description", scanner.SEO},
		{"Мета-описание", scanner.SEO},
		{"Meta Keywords", scanner.Keywords},
		{"关键词", scanner.Keywords},
		{"Option1 Name", scanner.Variant},
		{"Option3 Value", scanner.Variant},
	}
	ls, err := layouts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, want := range expectedFixtures(t) {
		head := fixtureHead(t, filepath.Join(fixtures, want["file"]), want["platform"])
		m := recognise(ls, "Template", head)
		if m == nil {
			continue // recognised by the name of its sheet only
		}
		seen[want["platform"]] = true
		at := slices.IndexFunc(head, func(r record) bool { return r.Row == m.header.row })
		own := len(head[at].Cells)
		for _, add := range more {
			head[at].Cells = append(head[at].Cells, add.header)
		}
		wide := recognise(ls, "Template", head)
		if wide == nil || wide.platform() != m.platform() {
			t.Errorf("%s: more columns made it %v", want["file"], wide)
			continue
		}
		for i, add := range more {
			n := slices.IndexFunc(wide.columns.text, func(c textColumn) bool { return c.col == own+i })
			if n < 0 {
				t.Errorf("%s: column %q is not screened", want["file"], add.header)
			} else if role := wide.columns.text[n].role; role != add.role && !(add.role == scanner.SEO && role == scanner.Keywords) {
				t.Errorf("%s: column %q has the role %s, want %s", want["file"], add.header, role, add.role)
			}
		}
	}
	for _, l := range ls {
		if !seen[l.Platform] {
			t.Errorf("no fixture of %s was tried", l.Platform)
		}
	}
}

// fixtureHead returns the first records of the sheet of a fixture that is its
// platform's.
func fixtureHead(t *testing.T, path, platform string) []record {
	t.Helper()
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head, err := peek(f.parts[0].tables[0].sheet)
	if err != nil || f.parts[0].tables[0].match.platform() != platform {
		t.Fatalf("%s: no table of %s: %v", path, platform, err)
	}
	return head
}

// A cell at the very length where Excel cuts is noted.
func TestCutTextIsNoted(t *testing.T) {
	long := make([]byte, excelCellLimit)
	for i := range long {
		long[i] = "word "[i%5]
	}
	for _, tt := range []struct {
		name string
		text string
		want bool
	}{{"at the limit", string(long), true}, {"shorter", string(long[:excelCellLimit-5]), false}, {"longer", string(long) + "more", false}} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f.csv")
			if err := os.WriteFile(path, []byte("id,title,description\n1,Mug,"+tt.text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, facts, err := readAll(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(strings.Join(facts[0].Notes, "\n"), "32,767"); got != tt.want {
				t.Errorf("notes %q, noted %v, want %v", facts[0].Notes, got, tt.want)
			}
		})
	}
}
