package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// rewriteBytes writes data to a file and rewrites it.
func rewriteBytes(t testing.TB, data []byte, edits ...Edit) ([]byte, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := Rewrite(path, edits, &out)
	if err != nil && out.Len() > 0 {
		t.Errorf("%d bytes were written before the error %v", out.Len(), err)
	}
	return out.Bytes(), err
}

func TestRewriteText(t *testing.T) {
	edit := func(row, col, start, end int, s string) Edit {
		return Edit{Row: row, Col: col, Start: start, End: end, New: s}
	}
	tests := []struct {
		name, in string
		edits    []Edit
		want     string
	}{
		{"plain", "id,title\r\n1,Nice cup\r\n", []Edit{edit(2, 1, 0, 4, "Fine")}, "id,title\r\n1,Fine cup\r\n"},
		{"several in a cell, any order", "id,title\n1,a b c d\n", []Edit{edit(2, 1, 6, 7, "DD"), edit(2, 1, 0, 1, ""), edit(2, 1, 3, 3, "+")}, "id,title\n1, b+ c DD\n"},
		{"several cells", "id,title\n1,a\n2,b\n", []Edit{edit(3, 1, 0, 1, "y"), edit(2, 1, 0, 1, "x")}, "id,title\n1,x\n2,y\n"},
		{"quoted stays quoted", "id,title\n1 ,\"Nice cup\" ,x\n", []Edit{edit(2, 1, 0, 4, "a \"b\", c")}, "id,title\n1 ,\"a \"\"b\"\", c cup\" ,x\n"},
		{"doubled quotes elsewhere stay", "id,title\n1,\"a \"\"b\"\" cup\"\n", []Edit{edit(2, 1, 6, 9, "mug")}, "id,title\n1,\"a \"\"b\"\" mug\"\n"},
		{"plain becomes quoted", "id,title\n1,Nice 12\" cup\n", []Edit{edit(2, 1, 0, 4, "a,b")}, "id,title\n1,\"a,b 12\"\" cup\"\n"},
		{"lone cr", "id,title\r1,cup\r", []Edit{edit(2, 1, 0, 3, "mug")}, "id,title\r1,mug\r"},
		{"mark kept", "\ufeffid,title\n1,cup\n", []Edit{edit(2, 1, 0, 3, "mug"), edit(1, 0, 0, 2, "ID")}, "\ufeffID,title\n1,mug\n"},
		{"mark in the middle kept", "\n\t\ufeffid,title\n1,cup\n", []Edit{edit(3, 1, 0, 3, "mug")}, "\n\t\ufeffid,title\n1,mug\n"},
		{"sep line", "sep=;\nid;title\n1;cup\n", []Edit{edit(3, 1, 0, 3, "a;b")}, "sep=;\nid;title\n1;\"a;b\"\n"},
		{"report", "item-name\tseller-sku\n\"Big\" cup\tA\n", []Edit{edit(2, 0, 6, 9, "12\" mug")}, "item-name\tseller-sku\n\"Big\" 12\" mug\tA\n"},
		{"gbk", string(encode(t, gb18030.enc, "编号,标题说明文字\n1,蓝色杯子\n")), []Edit{edit(2, 1, 6, 12, "瓶")}, string(encode(t, gb18030.enc, "编号,标题说明文字\n1,蓝色瓶\n"))},
		{"utf-16", string(encode(t, utf16LE.enc, "\ufeffid,title\r\n1,a😀 \"b\r\n")), []Edit{edit(2, 1, 5, 6, "中,")}, string(encode(t, utf16LE.enc, "\ufeffid,title\r\n1,\"a😀中,\"\"b\"\r\n"))},
		{"foreign cell", "标题,x\n\xc0\xb6\xc9\xab\xb1\xad,中文字\n", []Edit{edit(2, 0, 6, 9, "瓶")}, "标题,x\n\xc0\xb6\xc9\xab" + string(encode(t, gb18030.enc, "瓶")) + ",中文字\n"},
		{"broken byte stays", "标题文字,x\ncup \xff\xc3\xb6 mug,y\n", []Edit{edit(2, 0, 10, 13, "jug")}, "标题文字,x\ncup \xff\xc3\xb6 jug,y\n"},
		{"repaired neighbour", "a,b,c,d\n1,\"open,x,y\n2,m,n,o\n3,p,q,r\n", []Edit{edit(2, 1, 0, 5, "shut")}, "a,b,c,d\n1,shut,x,y\n2,m,n,o\n3,p,q,r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := rewriteBytes(t, []byte(tt.in), tt.edits...)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %q, error %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

func TestRewriteRefused(t *testing.T) {
	csv := []byte("id,title\n1,caf\u00e9\n")
	book := bookOf(t, rowsXML(`<row><c t="str"><f>A2</f><v>cup</v></c></row>`))
	tests := []struct {
		name string
		data []byte
		edit []Edit
		want string
	}{
		{"no row", csv, []Edit{{Row: 9, Col: 1}}, "row 9"},
		{"no column", csv, []Edit{{Row: 2, Col: 5}}, "column F"},
		{"outside", csv, []Edit{{Row: 2, Col: 1, Start: 3, End: 90}}, "outside"},
		{"half a character", csv, []Edit{{Row: 2, Col: 1, Start: 4, End: 5}}, "split a character"},
		{"overlap", csv, []Edit{{Row: 2, Col: 1, Start: 0, End: 2}, {Row: 2, Col: 1, Start: 1, End: 3}}, "overlap"},
		{"not utf-8", csv, []Edit{{Row: 2, Col: 1, New: "\xff"}}, "not UTF-8"},
		{"sheet in a csv", csv, []Edit{{Sheet: "Items", Row: 2}}, `sheet "Items"`},
		{"encoding", encode(t, cp1252.enc, "id,title\n1,café crème\n"), []Edit{{Row: 2, Col: 1, New: "杯"}}, "cannot be written in windows-1252"},
		{"tab in a report", []byte("item-name\tseller-sku\ncup\tA\n"), []Edit{{Row: 2, Col: 0, New: "a\tb"}}, "does not quote"},
		{"formula", book, []Edit{{Sheet: "Items", Row: 1, Col: 0, New: "x"}}, "formula"},
		{"no cell", book, []Edit{{Sheet: "Items", Row: 3, Col: 1, New: "x"}}, "B3 is not there"},
		{"no sheet", book, []Edit{{Sheet: "Other", Row: 1}}, `no sheet "Other"`},
		{"no member", zipOf(t, "a.csv", "id,title\n1,cup\n"), []Edit{{File: "b.csv", Row: 1}}, `no file "b.csv"`},
		{"html", []byte("<table><tr><td>a</td></tr></table>"), []Edit{{Row: 1}}, "only CSV, TSV and XLSX"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := rewriteBytes(t, tt.data, tt.edit...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// Random files in every encoding: replacing text by itself gives the same
// bytes, and other edits change the cells they name and no others.
func TestRewriteProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for range 400 {
		data, set := randomText(t, r)
		_, before, _ := readContainer(t, data, containerOptions{})
		var same, edits []Edit
		want := [][]string{}
		for _, rec := range before {
			cells := slices.Clone(rec.Cells)
			for col, text := range rec.Cells {
				if r.IntN(3) > 0 || rec.Row == 1 {
					continue
				}
				from := r.IntN(len(text) + 1)
				to := from + r.IntN(len(text)-from+1)
				for from > 0 && from < len(text) && text[from]&0xC0 == 0x80 {
					from--
				}
				for to < len(text) && text[to]&0xC0 == 0x80 {
					to++
				}
				fresh := []string{"cup", "a,b", "say \"x\"", "two\nlines", ";", ""}[r.IntN(6)]
				same = append(same, Edit{Row: rec.Row, Col: col, Start: from, End: to, New: text[from:to]})
				edits = append(edits, Edit{Row: rec.Row, Col: col, Start: from, End: to, New: fresh})
				cells[col] = text[:from] + fresh + text[to:]
			}
			want = append(want, cells)
		}
		if got, err := rewriteBytes(t, data, same...); err != nil || !bytes.Equal(got, data) && !needsQuotes(same) {
			t.Fatalf("%s: identity changed\n%q to\n%q, error %v", set.name, data, got, err)
		}
		got, err := rewriteBytes(t, data, edits...)
		if err != nil {
			t.Fatalf("%s %q: %v", set.name, data, err)
		}
		checkRewritten(t, got, before, want)
	}
}

// checkRewritten reads the rewritten text and compares it with want, which
// stands beside the records before.
func checkRewritten(t *testing.T, data []byte, before []record, want [][]string) {
	t.Helper()
	_, after, errs := readContainer(t, data, containerOptions{})
	byRow := map[int][]string{}
	for _, rec := range after {
		byRow[rec.Row] = rec.Cells
	}
	for i, rec := range before {
		if strings.TrimSpace(strings.Join(want[i], "")) == "" {
			continue // a row edited empty is no row
		}
		if !slices.Equal(byRow[rec.Row], want[i]) {
			t.Fatalf("row %d is %q, want %q, errors %v, in %q", rec.Row, byRow[rec.Row], want[i], errs, data)
		}
	}
}

// needsQuotes says whether an edit puts a quote back into a plain cell, which
// is then quoted.
func needsQuotes(edits []Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool { return strings.ContainsAny(e.New, "\"\n,;\r") })
}

// randomText writes rows of four cells in a random encoding and style.
func randomText(t testing.TB, r *rand.Rand) ([]byte, charset) {
	sets := []charset{utf8Charset, utf16LE, utf16BE, utf32LE, gb18030, cp1252}
	set := sets[r.IntN(len(sets))]
	words := []string{"cup", "blue", " ", "x1", "-"}
	if set.name != cp1252.name {
		words = append(words, "蓝色杯子", "商品")
	}
	end := []string{"\n", "\r\n"}[r.IntN(2)]
	var b strings.Builder
	b.WriteString("id,标题说明,text,price" + end)
	if set.name == cp1252.name {
		b.Reset()
		b.WriteString("id,café crème brûlée,text,price" + end)
	}
	for i := range 3 + r.IntN(5) {
		fmt.Fprintf(&b, "%d", i)
		for range 3 {
			cell := ""
			for range 1 + r.IntN(4) {
				cell += words[r.IntN(len(words))]
			}
			if r.IntN(2) == 0 {
				cell = `"` + cell + `""` + end + `,"`
			}
			b.WriteString("," + cell)
		}
		b.WriteString(end)
	}
	text := b.String()
	if set.wide {
		text = "\ufeff" + text
	}
	if set.enc == nil {
		return []byte(text), set
	}
	return encode(t, set.enc, text), set
}

func TestRewriteXLSX(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetRow("Sheet1", "A1", &[]string{"id", "title"})
	f.SetSheetRow("Sheet1", "A2", &[]string{"1", "Nice <b> cup & mug"})
	f.SetSheetRow("Sheet1", "A3", &[]string{"2", "Nice <b> cup & mug"})
	style, _ := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	f.SetCellStyle("Sheet1", "B2", "B2", style)
	f.NewSheet("Other")
	f.SetCellValue("Other", "A1", "untouched")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	fresh := "Fine _x0041_\r\n \"<"
	got, err := rewriteBytes(t, b.Bytes(), Edit{Sheet: "Sheet1", Row: 2, Col: 1, Start: 0, End: 4, New: fresh})
	if err != nil {
		t.Fatal(err)
	}
	cs, err := openContainer("f", bytes.NewReader(got), int64(len(got)), containerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, recs, _ := drain(cs[0].Sheets[0])
	want := "1/0|id|title\n2/0|1|" + fresh + " <b> cup & mug\n3/0|2|Nice <b> cup & mug"
	if show(recs) != want {
		t.Errorf("rows %q, want %q", show(recs), want)
	}
	again, err := excelize.OpenReader(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := again.GetCellValue("Sheet1", "B2"); text != fresh+" <b> cup & mug" {
		t.Errorf("excelize reads %q", text)
	}
	if kept, _ := again.GetCellStyle("Sheet1", "B2"); kept != style {
		t.Errorf("style %d, want %d", kept, style)
	}
	comparePackages(t, b.Bytes(), got, "xl/worksheets/sheet1.xml")
}

// comparePackages wants the same entries in the same order, all but one byte
// for byte.
func comparePackages(t *testing.T, before, after []byte, changed string) {
	t.Helper()
	a, err := zip.NewReader(bytes.NewReader(before), int64(len(before)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := zip.NewReader(bytes.NewReader(after), int64(len(after)))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.File) != len(b.File) {
		t.Fatalf("%d entries, want %d", len(b.File), len(a.File))
	}
	for i := range a.File {
		x, y := packed(t, a.File[i]), packed(t, b.File[i])
		if a.File[i].Name != b.File[i].Name || bytes.Equal(x, y) == (a.File[i].Name == changed) {
			t.Errorf("entry %s (was %s): same bytes %v", b.File[i].Name, a.File[i].Name, bytes.Equal(x, y))
		}
	}
}

func packed(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRewriteXLSXCells(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"inline", `<row r="1"><c r="A1" s="2" t="inlineStr"><is><t>cup</t></is></c><c r="B1"><v>1</v></c></row>`,
			`<row r="1"><c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve">mug</t></is></c><c r="B1"><v>1</v></c></row>`},
		{"prefix, no reference", `<x:row><x:c t="str"><x:v>cup</x:v></x:c></x:row>`,
			`<x:row><x:c t="inlineStr"><x:is><x:t xml:space="preserve">mug</x:t></x:is></x:c></x:row>`},
		{"shared", `<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>0</v></c></row>`,
			`<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve">mug</t></is></c><c t="s"><v>0</v></c></row>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := bookOf(t, rowsXML(tt.in), "xl/sharedStrings.xml", "<sst><si><t>cup</t></si></sst>")
			got, err := rewriteBytes(t, data, Edit{Sheet: "Items", Row: 1, Col: 0, Start: 0, End: 3, New: "mug"})
			if err != nil {
				t.Fatal(err)
			}
			p, err := openZip(fileSource("f", bytes.NewReader(got), int64(len(got))))
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.open("xl/worksheets/sheet1.xml")
			if err != nil {
				t.Fatal(err)
			}
			xml, _ := io.ReadAll(r)
			if string(xml) != rowsXML(tt.want) {
				t.Errorf("got %s", xml)
			}
		})
	}
}

func TestRewriteZIP(t *testing.T) {
	book := bookOf(t, rowsXML(`<row><c t="str"><v>cup</v></c></row>`))
	data := zipOf(t, "a.csv", "id,title\n1,cup\n", "b.xlsx", string(book), "c.csv", "id,title\n1,cup\n")
	got, err := rewriteBytes(t, data, Edit{File: "a.csv", Row: 2, Col: 1, End: 3, New: "mug"}, Edit{File: "b.xlsx", Sheet: "Items", Row: 1, Col: 0, End: 3, New: "jug"})
	if err != nil {
		t.Fatal(err)
	}
	cs, err := openContainer("f.zip", bytes.NewReader(got), int64(len(got)), containerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range cs {
		_, recs, _ := drain(c.Sheets[0])
		all = append(all, c.Name+" "+recs[len(recs)-1].Cells[len(recs[len(recs)-1].Cells)-1])
	}
	if want := []string{"f.zip/a.csv mug", "f.zip/b.xlsx jug", "f.zip/c.csv cup"}; !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
}
