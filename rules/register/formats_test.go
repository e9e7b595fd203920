package register

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"prescreen/rules"
)

// The files read here are written by hand, after the standards and published
// code: no file of these offices was at hand.

// short is what the tests compare of a mark.
func short(m *rules.Mark) string {
	return fmt.Sprintf("%s %s/%s %q %q %s %s %d %s %s %v %q", m.Register, m.Application, m.Registration, m.Text, m.Aliases, m.Owner, m.Status, m.Drawing, m.Filed, m.Registered, m.Classes, m.Goods)
}

func TestOfficeFormats(t *testing.T) {
	for _, c := range []struct {
		format, file string
		want         []string
		report       Report
	}{
		{"euipo", "st66.xml", []string{
			`euipo 018000001/ "KELVORA & SÖHNE" [] applicant 700123 live 1 2019-01-02 2019-06-03 [18 25] "Bags; purses"`,
			`euipo-se 2015-77/88 "ZORVENTA" [] Zorventa AB pending 3   [] ""`,
			`euipo 018000003/ "FENWICKLE" []  dead 0   [] ""`,
		}, Report{Records: 5, Kept: 3, Faults: 1, Dropped: map[Reason]int{NoText: 1}}},
		{"wipo", "st96.xml", []string{
			`wipo-ch 12345/2026/777001 "ALMOREX" [] Almorex AG live 1 2026-01-05  [9] "Computer software"`,
		}, Report{Records: 1, Kept: 1}},
		{"wipo", "markgr.xml", []string{
			`wipo 1430298/1430298 "Velmora & Co" [] Velmora Foods Co., Ltd.  3  2018-07-18 [29 30] "Preserved fruit; jams"`,
			`wipo 1500000/1500000 "DRUSKELL" []   1  2019-01-01 [] ""`,
		}, Report{Records: 2, Kept: 2}},
		{"tmview", "tmview.csv", []string{
			`tmview-em 018000001/018000001 "KELVORA" [] Kelvora GmbH live 1 2019-01-02  [18 25] ""`,
			`tmview-se 2015/77/ "ZORVENTA" [] Zorventa; AB dead 3 2015-12-31  [3] ""`,
		}, Report{Records: 3, Kept: 2, Dropped: map[Reason]int{NoText: 1}}},
		{"wipo", "brands.csv", []string{
			`wipo-wo 1430298/ "VELMORA" [] Velmora Foods live 0 2018-07-18  [29 30] ""`,
			`wipo-us 90000001/ "DRUSKELL" [] Druskell Inc. dead 0 2019-01-01  [25] ""`,
		}, Report{Records: 2, Kept: 2}},
		{"euipo", "esearch.csv", []string{
			`euipo 018000001/ "KELVORA" [] Kelvora GmbH pending 1 2019-01-02  [18 25] ""`,
		}, Report{Records: 1, Kept: 1}},
	} {
		t.Run(c.format+"/"+c.file, func(t *testing.T) {
			marks, report, err := readAll(t, c.format, Options{}, filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range marks {
				got = append(got, short(&marks[i]))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if report.Records != c.report.Records || report.Kept != c.report.Kept || report.Faults != c.report.Faults || report.Dropped[NoText] != c.report.Dropped[NoText] || len(report.Statuses) > 0 {
				t.Errorf("report %+v", report)
			}
		})
	}
}

// workbookOf writes rows to a workbook below a title and a blank row.
func workbookOf(t *testing.T, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetRow("Sheet1", "A1", &[]any{"Search results"}); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", 3+i), &rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "export.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOfficeWorkbook(t *testing.T) {
	path := workbookOf(t,
		[]any{"Graphic representation", "Trade mark name", "Trade mark office", "Application number", "Trade mark status", "Nice classes", "Applicant name", "Application date"},
		[]any{"", "KELVORA", "EM", "018000001", "Registered", "18, 25", "Kelvora GmbH", 43467},
		[]any{},
		[]any{"", "ZORVENTA", "SE", "77"},
		[]any{"", "WIDE", "SE", "78", "", "", "", "", "", "one too many"})
	marks, report, err := readAll(t, "tmview", Options{}, path)
	if err != nil || len(marks) != 2 {
		t.Fatal(marks, err)
	}
	if got, want := short(&marks[0]), `tmview-em 018000001/ "KELVORA" [] Kelvora GmbH live 0 2019-01-02  [18 25] ""`; got != want || marks[0].Pos.Line != 4 {
		t.Errorf("got %s at %s\nwant %s", got, marks[0].Pos, want)
	}
	if report.Faults != 1 || report.Records != 3 || report.Files != 1 {
		t.Errorf("%+v", report)
	}
	_, _, err = readAll(t, "euipo", Options{}, workbookOf(t, []any{"Order", "Price"}, []any{"1", "2"}))
	if err == nil || !strings.Contains(err.Error(), "no column of marks") {
		t.Errorf("a workbook of other things: %v", err)
	}
}

// TestOtherFiles gives each format files of another: the error says what was
// expected, and where it can whose the file is.
func TestOtherFiles(t *testing.T) {
	uspto := usptoHead + usptoTail
	for _, c := range []struct{ format, text, want string }{
		{"euipo", uspto, "--from uspto; euipo hands out XML by WIPO ST.66"},
		{"uspto", "<Transaction><TradeMark></TradeMark></Transaction>", "--from euipo; uspto hands out its daily"},
		{"tmview", "<MARKGR INTREGN=\"1\"></MARKGR>", "--from wipo; tmview hands out the CSV"},
		{"wipo", "<rss><channel/></rss>", "its first element is <rss>; wipo hands out"},
		{"wipo", "price,size\n1,2\n", `no column of marks among ["price" "size"]: wipo hands out`},
		{"euipo", "{\"a\":1}", "the file is JSON; euipo hands out"},
		{"euipo", "[{\"a\":1}]", "the file is JSON; euipo hands out"},
		{"tmview", "\xd0\xcf\x11\xe0\x00\x00", "neither XML nor a table"},
		{"tmview", "", "the file is empty; tmview hands out"},
		{"euipo", "<T><TradeMark><ApplicationNumber>1</ApplicationNumber></TradeMark>", "</T> is missing"},
		{"euipo", "<T><TradeMark><ApplicationNumber>1</Appl", "cut short within this TradeMark"},
	} {
		_, _, err := readAll(t, c.format, Options{}, written(t, "x", c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %.30q: %v\nwant %s", c.format, c.text, err, c.want)
		}
	}
}

func TestAttribute(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{`NAME="1" TEXT="a &amp; b"`, "TEXT", "a & b"},
		{`x:lang='en'`, "lang", "en"},
		{`TEXT = "spaced"`, "TEXT", "spaced"},
		{`OTHERTEXT="no"`, "TEXT", ""},
		{`TEXT="open`, "TEXT", ""},
		{`TEXT`, "TEXT", ""},
	} {
		if got := attribute([]byte(c.text), c.name); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}
