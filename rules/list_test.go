package rules

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// utf16Bytes encodes s with a byte order mark.
func utf16Bytes(s string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}

// workbook makes an Excel file out of sheets: name, rows, name, rows...
func workbook(t *testing.T, sheets ...any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i := 0; i < len(sheets); i += 2 {
		name := sheets[i].(string)
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range sheets[i+1].([][]any) {
			cell, err := excelize.CoordinatesToCellName(1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			if row == nil {
				continue
			}
			if err := f.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestContainers reads the same two terms out of every kind of file.
func TestContainers(t *testing.T) {
	comma := "term,owner,classes\nAcme,\"Acme, Ltd\",18;25\n木工,,\n"
	table := [][]any{{"Our terms"}, nil, {"Term", "Owner", "Classes"}, {"Acme", "Acme, Ltd", "18;25"}, nil, {"木工"}}
	for name, data := range map[string][]byte{
		"comma.csv":     []byte(comma),
		"bom.csv":       []byte("\ufeff" + comma),
		"crlf.csv":      []byte(strings.ReplaceAll(comma, "\n", "\r\n")),
		"cr.csv":        []byte(strings.ReplaceAll(comma, "\n", "\r")),
		"le.csv":        utf16Bytes(comma, false),
		"be.csv":        utf16Bytes(comma, true),
		"semicolon.csv": []byte("term;owner;classes\nAcme;Acme, Ltd;\"18;25\"\n木工;;\n"),
		"tab.tsv":       []byte("TERM\tOwner\tClasses\nAcme\tAcme, Ltd\t18;25\n木工\n"),
		"tab.csv":       []byte("term\towner\tclasses\nAcme\tAcme, Ltd\t18;25\n木工\t\t\n"),
		"bar.csv":       []byte("term|owner|classes\nAcme|Acme, Ltd|18;25\n木工\n"),
		"book.xlsx":     workbook(t, "Terms", table),
		"two.xlsx":      workbook(t, "Read me", [][]any{{"how to use"}, {"a", "b"}}[1:], "Terms", table),
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Parse(name, data, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Rules) != 2 {
				t.Fatalf("%d rules: %+v", len(s.Rules), s.Rules)
			}
			acme := find(t, s, "list-acme")
			if acme.Mark != "Acme" || acme.Owner != "Acme, Ltd" || !reflect.DeepEqual(acme.Classes, []int{18, 25}) {
				t.Errorf("acme is %+v", acme)
			}
			if wood := find(t, s, "list-木工"); wood.Tier != List || wood.Kind != Trademark || wood.Right != RightTrademark {
				t.Errorf("the second term is %+v", wood)
			}
		})
	}
}

func TestBareLists(t *testing.T) {
	for name, text := range map[string]string{
		"a.txt": "\ufeff# our words\r\nAcme\r\n\r\n  木工 \r\nC#\r\n",
		"b.csv": "Acme\n木工\nC#\n",
	} {
		s, err := Parse(name, []byte(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var marks []string
		for _, r := range s.Rules {
			marks = append(marks, r.Mark)
		}
		if want := []string{"Acme", "C#", "木工"}; !reflect.DeepEqual(marks, want) {
			t.Errorf("%s: %q, want %q", name, marks, want)
		}
		if s.Packs[0].Name != name[:1] || s.Packs[0].Tier != List {
			t.Errorf("%s: pack %+v", name, s.Packs[0])
		}
	}
	for _, tt := range []struct{ name, text, want string }{
		{"c.csv", "Acme\nZip,Zap\n", "c.csv:2:5: this row has 2 cells"},
		{"c.csv", "Acme;Acme Ltd;25\n", `c.csv:1:1: read list: no column named term; the columns seen are "Acme", "Acme Ltd", "25"`},
		{"c.txt", "Zip\nÄcme\tAcme Ltd\n", "c.txt:2:5: read list: this line has a tab"},
	} {
		if _, err := Parse(tt.name, []byte(tt.text), Options{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %q in it", tt.text, err, tt.want)
		}
	}
}

func TestListColumns(t *testing.T) {
	s, err := Parse("x.csv", []byte(`term,mark,kind,right,owner,aliases,replacement,why,exact_case,misspellings,note
Gap,,,,,,,,yes,no,mind it
Rabbit,,character,,Film Co,bunny;Banny；兔,hare; animal toy,It is drawn.,,,
Akme,Acme,,platform,,,,,x,,
`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	gap := find(t, s, "list-gap")
	if !gap.ExactCase || gap.Misspellings == nil || *gap.Misspellings {
		t.Errorf("gap is %+v", gap)
	}
	rabbit := find(t, s, "list-rabbit")
	if rabbit.Kind != Character || rabbit.Right != RightCopyright || rabbit.Owner != "Film Co" || rabbit.Why.In("en") != "It is drawn." ||
		!reflect.DeepEqual(rabbit.Aliases, []Alias{{Text: "bunny"}, {Text: "Banny"}, {Text: "兔"}}) ||
		!reflect.DeepEqual(rabbit.Replacements, Replacements{Preferred: "hare", Also: []string{"animal toy"}}) {
		t.Errorf("rabbit is %+v", rabbit)
	}
	acme := find(t, s, "list-acme")
	if acme.Mark != "Acme" || acme.Right != RightPlatform || acme.ExactCase || !reflect.DeepEqual(acme.Aliases, []Alias{{Text: "Akme", ExactCase: true}}) {
		t.Errorf("acme is %+v", acme)
	}
}

// TestListIDs: an id follows from the term alone, and no two terms share one.
func TestListIDs(t *testing.T) {
	terms := []string{"A&B", "A B", "Café", "Cafe", "C++", "C", "+C+", "耐克", "ไนกี้", "Ёлка", "Елка", strings.Repeat("long ", 30), strings.Repeat("long ", 30) + "x", "L'Oréal", "LOreal"}
	seen := map[string]string{}
	for _, order := range [][]string{terms, reversed(terms)} {
		s, err := Parse("x.txt", []byte(strings.Join(order, "\n")), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Rules) != len(terms) {
			t.Errorf("%d rules from %d terms", len(s.Rules), len(terms))
		}
		for _, r := range s.Rules {
			if was, ok := seen[r.Mark]; ok && was != r.ID {
				t.Errorf("%q is %s, then %s", r.Mark, was, r.ID)
			}
			seen[r.Mark] = r.ID
			if !isID(r.ID) {
				t.Errorf("%q is no id", r.ID)
			}
		}
	}
}

// reversed gives a copy of in, last first.
func reversed(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[len(in)-1-i] = s
	}
	return out
}

func TestListsMerge(t *testing.T) {
	var warned []string
	opt := Options{Warn: func(w Warning) { warned = append(warned, w.Check) }}
	paths := write(t, "terms.csv", "term,owner,colour\nAcme,Acme Ltd,red\nACME,,\n", "terms.tsv", "term\tkind\nacme\tcharacter\nZip\t\n")
	s, err := Load(paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	acme := find(t, s, "list-acme")
	if len(s.Rules) != 2 || acme.Mark != "Acme" || acme.Owner != "Acme Ltd" || acme.Kind != Character {
		t.Errorf("%d rules, acme is %+v", len(s.Rules), acme)
	}
	if want := []string{"unused-column", "term-twice", "term-twice"}; !reflect.DeepEqual(warned, want) {
		t.Errorf("warned of %v, want %v", warned, want)
	}
	if s.Packs[0].Name != "terms" || s.Packs[1].Name != "terms-2" {
		t.Errorf("packs %+v", s.Packs)
	}
}

func TestWorkbookFaults(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"no header", workbook(t, "Words", [][]any{{"colour", "owner"}, {"Acme", "x"}}), `x.xlsx:Words:1:1: read list: no column named term; the columns seen are "colour", "owner"`},
		{"bad row", workbook(t, "Words", [][]any{{"term", "classes"}, nil, {"Acme", 77}}), `x.xlsx:Words:3:2: list-acme: classes: 77 is outside 1 to 45`},
		{"empty", workbook(t, "Words", [][]any{}), `x.xlsx: read list: the workbook holds no sheet with text`},
		{"no workbook", []byte("term\nAcme\n"), `x.xlsx: read workbook: `},
		{"cut", workbook(t, "Words", [][]any{{"term"}, {"Acme"}})[:900], `x.xlsx: read workbook: `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("x.xlsx", tt.data, Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
		})
	}
}
