package table

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// The exports in testdata/listings are written for this project in the shapes
// real stores export. Workbooks and files in old encodings are written from the
// readable sources in testdata/listings/src:
//
//	go test ./scanner/table -run TestFixtures -write-fixtures
var writeFixtures = flag.Bool("write-fixtures", false, "write testdata/listings from its sources")

const fixtures = "../../testdata/listings"

// encodedFixtures are the text files that are no UTF-8.
var encodedFixtures = map[string]struct {
	file  string
	code  encoding.Encoding
	comma rune
}{
	"taobao.tsv":  {"taobao.csv", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), '\t'},
	"rakuten.tsv": {"rakuten.csv", japanese.ShiftJIS, ','},
}

func TestFixtures(t *testing.T) {
	if *writeFixtures {
		writeAllFixtures(t)
	}
	for _, want := range expectedFixtures(t) {
		t.Run(want["file"], func(t *testing.T) { checkFixture(t, want) })
	}
}

// expectedFixtures reads expected.tsv: one map per file, keyed by its header.
func expectedFixtures(t *testing.T) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fixtures, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	names := strings.Split(lines[0], "\t")
	var all []map[string]string
	for _, line := range lines[1:] {
		want := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			want[names[i]] = cell
		}
		all = append(all, want)
	}
	return all
}

func checkFixture(t *testing.T, want map[string]string) {
	listings, facts, err := readAll(filepath.Join(fixtures, want["file"]), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(facts) != 1 || facts[0].Platform != want["platform"] {
		t.Fatalf("facts %+v, want one table of %s", facts, want["platform"])
	}
	if strconv.Itoa(len(listings)) != want["listings"] || facts[0].Listings != len(listings) {
		t.Errorf("%d listings, want %s", len(listings), want["listings"])
	}
	var ids []string
	for _, l := range listings {
		ids = append(ids, l.ID)
	}
	if got := strings.Join(ids, " "); got != want["ids"] {
		t.Errorf("ids\n%s\nwant\n%s", got, want["ids"])
	}
	if len(listings) > 0 && listings[0].Title() != want["first title"] {
		t.Errorf("first title %q, want %q", listings[0].Title(), want["first title"])
	}
	checkPlaces(t, filepath.Join(fixtures, want["file"]))
}

// checkPlaces asserts that every field stands where it says it stands.
func checkPlaces(t *testing.T, path string) {
	t.Helper()
	source, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	info, err := source.Stat()
	if err != nil {
		t.Fatal(err)
	}
	cs, err := openContainer(path, source, info.Size(), containerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]map[int][]string{}
	for _, s := range cs[0].Sheets {
		cells[s.Name] = map[int][]string{}
		for rec, err := range s.Records() {
			if err != nil {
				t.Fatal(err)
			}
			cells[s.Name][rec.Row] = rec.Cells
		}
	}
	listings, _, _ := readAll(path, Options{})
	for _, l := range listings {
		for _, f := range l.Fields {
			row := cells[l.Origin.Sheet][f.Row]
			if f.Col >= len(row) || row[f.Col] != f.Text {
				t.Errorf("%s %s: no %q in row %d, column %d", l.ID, f.Role, f.Text, f.Row, f.Col)
			}
		}
	}
}

func writeAllFixtures(t *testing.T) {
	sources, err := filepath.Glob(filepath.Join(fixtures, "src", "*.tsv"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, path := range sources {
		name := filepath.Base(path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := encodedFixtures[name]; ok {
			err = writeEncoded(filepath.Join(fixtures, e.file), string(text), e.code, e.comma)
		} else {
			err = writeWorkbook(filepath.Join(fixtures, strings.TrimSuffix(name, ".tsv")+".xlsx"), string(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sourceCells reads one line of a source: cells between tabs, \n for a line
// break. A cell #12.5 is a number.
func sourceCells(line string) []string {
	cells := strings.Split(line, "\t")
	for i, c := range cells {
		cells[i] = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(c)
	}
	return cells
}

func writeEncoded(path, text string, code encoding.Encoding, comma rune) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	w := csv.NewWriter(code.NewEncoder().Writer(out))
	w.Comma, w.UseCRLF = comma, true
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "@sheet") {
			continue
		}
		if err := w.Write(sourceCells(strings.TrimRight(line, "\n"))); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// writeWorkbook writes the sheets of a source: "@sheet", name, optional state.
func writeWorkbook(path, text string) error {
	book := excelize.NewFile()
	defer book.Close()
	sheetName, row := "", 0
	for line := range strings.Lines(text) {
		cells := sourceCells(strings.TrimRight(line, "\n"))
		if cells[0] != "@sheet" {
			row++
			if err := writeRow(book, sheetName, row, cells); err != nil {
				return err
			}
			continue
		}
		sheetName, row = cells[1], 0
		if _, err := book.NewSheet(sheetName); err != nil {
			return err
		}
		if len(cells) > 2 {
			if err := book.SetSheetVisible(sheetName, false, cells[2] == "veryhidden"); err != nil {
				return err
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	return book.Write(out)
}

func writeRow(book *excelize.File, sheetName string, row int, cells []string) error {
	for col, c := range cells {
		if c == "" {
			continue
		}
		at, err := excelize.CoordinatesToCellName(col+1, row)
		if err != nil {
			return err
		}
		var value any = c
		if n, err := strconv.ParseFloat(strings.TrimPrefix(c, "#"), 64); err == nil && c[0] == '#' {
			value = n
		}
		if err := book.SetCellValue(sheetName, at, value); err != nil {
			return err
		}
	}
	return nil
}
