package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const (
	testContentTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`
	testRootRels     = `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	testWorkbook     = `<workbook xmlns:r="x"><sheets><sheet name="Items" sheetId="1" r:id="rId1"/></sheets></workbook>`
	testBookRels     = `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
)

// zipOf packs name, content pairs in order; names may repeat.
func zipOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(pairs[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bookOf packs a workbook of one sheet; more parts may follow or replace.
func bookOf(t testing.TB, sheetXML string, more ...string) []byte {
	pairs := []string{"[Content_Types].xml", testContentTypes, "_rels/.rels", testRootRels, "xl/workbook.xml", testWorkbook,
		"xl/_rels/workbook.xml.rels", testBookRels, "xl/worksheets/sheet1.xml", sheetXML}
	for i := 0; i < len(more); i += 2 {
		at := slices.Index(pairs, more[i])
		if at < 0 {
			pairs = append(pairs, more[i], more[i+1])
		} else {
			pairs[at+1] = more[i+1]
		}
	}
	return zipOf(t, pairs...)
}

func rowsXML(s string) string { return `<worksheet><sheetData>` + s + `</sheetData></worksheet>` }

func TestXLSXCells(t *testing.T) {
	strs := `<sst count="99" uniqueCount="1"><si><t>plain</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">rich </t></r><r><t>text</t></r></si>` +
		`<si><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si><si/><si><t>line_x000D_end _x005F_x0041_</t></si><si><t>a &amp; b &lt;i&gt; &#x4E2D; &nosuch; &</t></si></sst>`
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0.00"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs></styleSheet>`
	tests := []struct{ name, row, want string }{
		{"shared", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v> 1 </v></c></row>`, "1/0|plain|rich text"},
		{"phonetic left out", `<row r="1"><c r="A1" t="s"><v>2</v></c></row>`, "1/0|課"},
		{"escapes", `<row r="1"><c t="s"><v>4</v></c><c t="s"><v>5</v></c></row>`, "1/0|line\rend _x0041_|a & b <i> 中 &nosuch; &"},
		{"inline", `<row r="1"><c t="inlineStr"><is><t>one</t></is></c><c t="inlineStr"><is><r><t>t</t></r><r><t>wo</t></r></is></c></row>`, "1/0|one|two"},
		{"inline cdata", `<row r="1"><c t="inlineStr"><is><t><![CDATA[a <b> & c]]></t></is></c></row>`, "1/0|a <b> & c"},
		{"formula", `<row r="1"><c t="str"><f>A1&amp;"x"</f><v>cached &amp; kept</v></c><c><f>1+1</f><v>2</v></c></row>`, "1/0|cached & kept|2"},
		{"booleans and errors", `<row r="1"><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c></row>`, "1/0|TRUE|FALSE|#N/A"},
		{"numbers", `<row r="1"><c><v>8595602512225</v></c><c><v>8.595602512225E+12</v></c><c><v>0.1</v></c><c><v>12.550000000000001</v></c><c><v>12345678901234567890</v></c><c><v>-3</v></c></row>`,
			"1/0|8595602512225|8595602512225|0.1|12.55|12345678901234567890|-3"},
		{"dates", `<row r="1"><c s="1"><v>45000</v></c><c s="2"><v>1</v></c><c s="3"><v>45000</v></c><c s="4"><v>45000.5</v></c><c s="5"><v>0.25</v></c></row>`,
			"1/0|2023-03-15|1900-01-01|45000|2023-03-15 12:00:00|06:00:00"},
		{"no references", `<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>`, "1/0|1||3\n2/0|4"},
		{"gaps and tails", `<row r="3"><c r="C3"><v>1</v></c><c r="D3" s="1"/><c r="E3" t="s"><v>3</v></c></row><row r="4"/><row r="1048576"><c r="A1048576"><v>9</v></c></row>`,
			"3/0|||1\n1048576/0|9"},
		{"prefixes", `<x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>p</x:t></x:is></x:c></x:row>`, "2/0||p"},
		{"control characters", "<row r=\"1\"><c t=\"inlineStr\"><is><t>a\x01b\x0b</t></is></c></row><row r=\"2\"><c><v>2</v></c></row>", "1/0|a\x01b\x0b\n2/0|2"},
		{"comments and attributes", `<!-- <row> --><row r='1' spans="1:1" note="a>b"><c r='A1' t = "s"><!-- x --><v>0</v></c></row>`, "1/0|plain"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := bookOf(t, `<worksheet><dimension ref="A1"/>`+rowsXML(tt.row)[len("<worksheet>"):], "xl/sharedStrings.xml", strs, "xl/styles.xml", styles)
			_, recs, errs := readContainer(t, data, containerOptions{})
			if got := show(recs); got != tt.want || len(errs) > 0 {
				t.Errorf("got\n%q\nwant\n%q\nerrors %v", got, tt.want, errs)
			}
		})
	}
}

func TestXLSXPackaging(t *testing.T) {
	row := rowsXML(`<row r="1"><c t="inlineStr"><is><t>x</t></is></c></row>`)
	utf16 := string(encode(t, utf16LE.enc, "\ufeff<?xml version=\"1.0\" encoding=\"UTF-16\"?>"+rowsXML(`<row><c t="str"><v>中é</v></c></row>`)))
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"absolute target", bookOf(t, "", "xl/_rels/workbook.xml.rels", strings.ReplaceAll(testBookRels, "worksheets/", "/xl/other/"), "xl/other/sheet1.xml", row), "1/0|x"},
		{"backslashes", zipOf(t, `xl\workbook.xml`, testWorkbook, `xl\_rels\workbook.xml.rels`, strings.ReplaceAll(testBookRels, "/sheet1", `\sheet1`), `xl\worksheets\sheet1.xml`, row), "1/0|x"},
		{"other case", zipOf(t, "XL/Workbook.xml", testWorkbook, "xl/_rels/workbook.xml.rels", testBookRels, "xl/Worksheets/Sheet1.xml", row), "1/0|x"},
		{"no relations", zipOf(t, "xl/workbook.xml", testWorkbook, "xl/worksheets/sheet1.xml", row), "1/0|x"},
		{"part twice", zipOf(t, "xl/workbook.xml", testWorkbook, "xl/worksheets/sheet1.xml", rowsXML(`<row r="1"><c><v>1</v></c></row>`), "xl/worksheets/sheet1.xml", row), "1/0|x"},
		{"1904", bookOf(t, rowsXML(`<row><c s="0"><v>0</v></c></row>`), "xl/workbook.xml", strings.Replace(testWorkbook, "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1),
			"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`), "1/0|1904-01-01"},
		{"utf-16 part", bookOf(t, utf16), "1/0|中é"},
		{"declared latin", bookOf(t, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"+rowsXML("<row><c t=\"str\"><v>caf\xe9</v></c></row>")), "1/0|café"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, recs, errs := readContainer(t, tt.data, containerOptions{})
			if got := show(recs); got != tt.want || len(errs) > 0 {
				t.Errorf("got\n%s\nwant\n%s\nerrors %v", got, tt.want, errs)
			}
		})
	}
}

func TestXLSXSheets(t *testing.T) {
	book := `<workbook><sheets><sheet name="A &amp; B" r:id="rId2"/><sheet name="Chart" r:id="rId3"/><sheet name="Old" state="veryHidden" r:id="rId1"/></sheets></workbook>`
	rels := `<Relationships><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`
	data := bookOf(t, rowsXML(`<row><c><v>1</v></c></row>`), "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", rels,
		"xl/worksheets/sheet2.xml", rowsXML(`<row><c><v>2</v></c></row>`), "xl/chartsheets/sheet1.xml", "<chartsheet/>")
	cs, err := openContainer("book.xlsx", bytes.NewReader(data), int64(len(data)), containerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, s := range cs[0].Sheets {
		_, recs, _ := drain(s)
		got += fmt.Sprintf("%s %v %s;", s.Name, s.Hidden, show(recs))
	}
	if want := "A & B false 1/0|2;Old true 1/0|1;"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.Contains(fmt.Sprint(cs[0].Notes), `"Chart"`) {
		t.Errorf("notes %q do not name the chart sheet", cs[0].Notes)
	}
}

// What cannot be read is an error that names the place, never an empty sheet.
func TestXLSXRefused(t *testing.T) {
	ten := strings.Repeat(`<row><c><v>1</v></c></row>`, 10)
	bomb := `<!DOCTYPE sst [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`
	shared := rowsXML(`<row><c t="s"><v>0</v></c></row>`)
	tests := []struct {
		name string
		data []byte
		rows int
		want string
	}{
		{"cut sheet", bookOf(t, "<worksheet><sheetData>"+ten+"<row><c><v>"), 10, "at row 11"},
		{"no sheet data", bookOf(t, "<worksheet><cols/></worksheet>"), 0, "no rows section"},
		{"not a sheet", bookOf(t, "hello"), 0, "no rows section"},
		{"sheet missing", zipOf(t, "xl/workbook.xml", testWorkbook), 0, "sheet1.xml is missing"},
		{"strings missing", bookOf(t, shared), 0, "no table of shared strings"},
		{"entities", bookOf(t, shared, "xl/sharedStrings.xml", bomb), 0, "defines entities"},
		{"string out of range", bookOf(t, rowsXML(`<row><c t="s"><v>7</v></c></row><row><c><v>1</v></c></row>`), "xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"), 1, "A1 points to shared string"},
		{"beyond XFD", bookOf(t, rowsXML(`<row><c r="ZZZZ1"><v>7</v></c></row><row><c><v>1</v></c></row>`)), 1, "beyond column XFD"},
		{"row in a row", bookOf(t, rowsXML(`<row><c><v>1</v></c></row><row><c><v>1</v></c><row><c><v>2</v></c></row>`)), 1, "inside another"},
		{"cell in a cell", bookOf(t, rowsXML(`<row><c><v>1</v><c><v>1</v></c></row>`)), 0, "inside another"},
		{"cell without a row", bookOf(t, rowsXML(`<c><v>1</v></c>`)), 0, "inside another"},
		{"cell twice", bookOf(t, rowsXML(`<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`)), 0, "A1 stands there twice"},
		{"deep", bookOf(t, "<worksheet>"+strings.Repeat("<a>", 300)), 0, "nested"},
		{"no sheets", bookOf(t, "", "xl/workbook.xml", "<workbook><sheets/></workbook>"), 0, "no worksheet"},
		{"binary", zipOf(t, "[Content_Types].xml", "x", "xl/workbook.bin", "x"), 0, ".xlsb"},
		{"word", zipOf(t, "[Content_Types].xml", "x", "word/document.xml", "x"), 0, "Word"},
		{"calc", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x"), 0, "OpenDocument"},
		{"cut zip", bookOf(t, rowsXML(ten))[:600], 0, "damaged or incomplete"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cs, err := openContainer("book.xlsx", bytes.NewReader(tt.data), int64(len(tt.data)), containerOptions{})
			var recs []record
			if err == nil {
				var errs []error
				_, recs, errs = drain(cs[0].Sheets[0])
				err = errors.Join(errs...)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(recs) != tt.rows {
				t.Errorf("error %v and %d rows, want %q and %d", err, len(recs), tt.want, tt.rows)
			}
		})
	}
}

func TestXLSXLongCell(t *testing.T) {
	long := strings.Repeat("x", 300<<10)
	data := bookOf(t, rowsXML(`<row><c t="inlineStr"><is><t>`+long+`</t></is></c></row><row><c t="str"><v>`+long+`</v></c></row><row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>`),
		"xl/sharedStrings.xml", "<sst><si><t>"+long+"</t></si><si><t>short</t></si></sst>")
	_, recs, errs := readContainer(t, data, containerOptions{MaxCell: 64 << 10})
	if got := show(recs); got != "4/0|short" || len(errs) != 3 {
		t.Errorf("rows %q, errors %v", got, errs)
	}
	for i, err := range errs {
		var re *rowError
		if !errors.As(err, &re) || re.Row != i+1 {
			t.Errorf("error %d is %v", i, err)
		}
	}
}

// zeros is an endless stream.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// A part that inflates without end is stopped; one that is merely large is not.
func TestInflateGuard(t *testing.T) {
	tests := []struct {
		packed, size int64
		refused      bool
	}{
		{1 << 10, 1 << 20, false},
		{1 << 10, 300 << 20, true},
		{50 << 20, 300 << 20, false},
	}
	for _, tt := range tests {
		_, err := io.CopyN(io.Discard, &guard{r: zeros{}, name: "part", packed: tt.packed}, tt.size)
		if (err != nil) != tt.refused {
			t.Errorf("%d bytes from %d: error %v", tt.size, tt.packed, err)
		}
	}
}

// Excelize is the oracle for what its own writer makes.
func TestXLSXAgainstExcelize(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	pieces := []string{"a", " b", "<&>\"'", "中文", "\n", "\t", "é", "1.5", "&amp;", "]]>"}
	for i := range 40 {
		f := excelize.NewFile()
		var want [][]string
		for row := range 1 + r.IntN(8) {
			cells := make([]string, 1+r.IntN(6))
			for c := range cells {
				for range r.IntN(4) {
					cells[c] += pieces[r.IntN(len(pieces))]
				}
			}
			cells[len(cells)-1] += "end"
			want = append(want, cells)
			f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", row+1), &cells)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		sameBothWays(t, b.Bytes())
		_, recs, errs := readContainer(t, b.Bytes(), containerOptions{})
		if len(errs) > 0 || len(recs) != len(want) {
			t.Fatalf("workbook %d: %d rows, want %d, errors %v", i, len(recs), len(want), errs)
		}
		for n := range want {
			if recs[n].Row != n+1 || !slices.Equal(recs[n].Cells, want[n]) {
				t.Fatalf("workbook %d row %d: %q, want %q", i, n+1, recs[n].Cells, want[n])
			}
		}
	}
}

// TestSharedStringsSpilled reads a table most of which went to a file: in order,
// back and forth, with blank texts and one too long.
func TestSharedStringsSpilled(t *testing.T) {
	var xml strings.Builder
	var want []string
	xml.WriteString("<sst>")
	for i := range 60000 {
		text := fmt.Sprintf("text %d %s", i, strings.Repeat("x", i%250))
		switch {
		case i%977 == 0:
			text = ""
		case i == 5000:
			text = strings.Repeat("y", 200000)
		}
		want = append(want, text)
		if i%3 == 0 {
			fmt.Fprintf(&xml, "<si><r><t>%s</t></r></si>", text)
		} else {
			fmt.Fprintf(&xml, "<si><t>%s</t></si>", text)
		}
	}
	xml.WriteString("</sst>")
	data := bookOf(t, rowsXML("<row><c t=\"s\"><v>1</v></c></row>"), "xl/sharedStrings.xml", xml.String())
	p, err := openZip(fileSource("f", bytes.NewReader(data), int64(len(data))))
	if err != nil {
		t.Fatal(err)
	}
	w := &workbook{name: "f", parts: p, max: 1 << 20, stringBudget: 100 << 10}
	table, err := w.readStrings("xl/sharedStrings.xml")
	if err != nil || table.n != len(want) || table.file == nil {
		t.Fatalf("%d texts, want %d, in a file %v, error %v", table.n, len(want), table.file != nil, err)
	}
	r := rand.New(rand.NewPCG(41, 42))
	for i := range len(want) + 15000 {
		if i >= len(want) {
			i = r.IntN(len(want))
		}
		if got, err := table.text(i); err != nil || got != want[i] {
			t.Fatalf("text %d is %q, want %q, error %v", i, got, want[i], err)
		}
	}
	w.close()
	if _, err := os.Stat(table.name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is still there: %v", err)
	}
	for i := range want {
		if _, err := table.text(i); err != nil {
			return
		}
	}
	t.Error("a closed table answers")
}

// sameBothWays reads every sheet of a workbook cell by cell and tag by tag.
func sameBothWays(t *testing.T, data []byte) {
	t.Helper()
	read := func(tagwise bool) string {
		p, err := openZip(fileSource("f", bytes.NewReader(data), int64(len(data))))
		if err != nil {
			t.Fatal(err)
		}
		w, c, err := openBook(fileSource("f", bytes.NewReader(data), int64(len(data))), p, containerOptions{MaxCell: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		w.tagwise = tagwise
		var b strings.Builder
		for _, s := range c.Sheets {
			for rec, err := range s.Records() {
				fmt.Fprintf(&b, "%d %q %v\n", rec.Row, rec.Cells, err)
			}
			fmt.Fprintln(&b, s.Notes())
		}
		return b.String()
	}
	if quick, slow := read(false), read(true); quick != slow {
		t.Fatalf("as a whole: %.2000s\ntag by tag: %.2000s", quick, slow)
	}
}

// FuzzXLSX reads any bytes as the XML of a sheet and of the shared strings.
func FuzzXLSX(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`, `<sst><si><t>a</t></si></sst>`)
	f.Add(`<sheetData><row><c s="9" t="b"><v>1</v></c><c><f/><v>1e9</v></c></row>`, `<sst><si><r><t>a</t></r><rPh><t>b</t></rPh></si>`)
	f.Add(`<sheetData><row r="1"><c r="A1" s="3"/><c r="B1" s="1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t xml:space="preserve"> a&amp;_x000D_b </t></is></c><c r="D1" t="str"><f>A1</f><v>x</v></c><c><v>2.50</v></c></row></sheetData>`,
		`<sst><si><t>a</t></si><si><t xml:space="preserve"> b</t></si><si><r><t>c</t></r></si></sst>`)
	f.Add(`<?xml version="1.0" encoding="gbk"?><a:sheetData><a:row r="9"><a:c r="XFD9"><![CDATA[]]>`, `<!DOCTYPE a><!-- -->`)
	f.Fuzz(func(t *testing.T, sheetXML, strs string) {
		data := bookOf(t, sheetXML, "xl/sharedStrings.xml", strs)
		cs, err := openContainer("f", bytes.NewReader(data), int64(len(data)), containerOptions{MaxCell: 1 << 16})
		if err != nil {
			t.Fatalf("the package is sound: %v", err)
		}
		rows, failed := 0, 0
		for rec, err := range cs[0].Sheets[0].Records() {
			if err != nil {
				failed++
				continue
			}
			if rows++; len(rec.Cells) == 0 || rec.Cells[len(rec.Cells)-1] == "" || rec.Row < 1 {
				t.Fatalf("record %+v", rec)
			}
		}
		if rows+failed > len(sheetXML)+1 {
			t.Fatalf("%d rows from %d bytes", rows+failed, len(sheetXML))
		}
		if rows+failed == 0 && !strings.Contains(sheetXML, "sheetData") {
			t.Fatal("a part without rows was read as empty without a word")
		}
		sameBothWays(t, data)
	})
}
