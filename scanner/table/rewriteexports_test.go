package table

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRewriteExports changes words in every real export that can be written
// back. A text file with the words put back is the very same bytes; in a
// workbook every part without a change is copied as it was packed, in order,
// and a sheet differs in the changed cells only.
func TestRewriteExports(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "exports")
	if _, err := os.Stat(root); err != nil {
		t.Skip("no shared exports here")
	}
	texts, books := 0, 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "INDEX.tsv" {
			return err
		}
		edits := editsOf(t, path)
		if x := strings.ToLower(filepath.Ext(path)); x == ".xlsx" || x == ".xlsm" {
			edits = bookEdits(t, path)
		}
		if len(edits) == 0 {
			t.Logf("%s: no cell to edit", d.Name())
			return nil
		}
		out := filepath.Join(t.TempDir(), d.Name())
		if !rewriteTo(t, path, out, edits) {
			return nil
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".xlsx", ".xlsm":
			books++
			compareBooks(t, path, out, edits)
		default:
			texts++
			compareBack(t, path, out, edits)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d text files and %d workbooks rewritten", texts, books)
	if texts < 20 || books < 14 {
		t.Errorf("only %d text files and %d workbooks were rewritten", texts, books)
	}
}

// editsOf doubles the first letter of some texts of a file: of up to 40 cells.
func editsOf(t *testing.T, path string) []Edit {
	t.Helper()
	f, err := Open(path, Options{})
	if err != nil {
		return nil
	}
	defer f.Close()
	var edits []Edit
	for l, err := range f.Listings() {
		if err != nil {
			continue
		}
		for _, field := range l.Fields {
			if at := strings.IndexFunc(field.Text, func(r rune) bool { return r >= 'a' && r <= 'z' }); at >= 0 && len(edits) < 40 {
				edits = append(edits, Edit{Sheet: l.Origin.Sheet, Row: field.Row, Col: field.Col, Start: at, End: at + 1, New: strings.Repeat(field.Text[at:at+1], 2)})
			}
		}
	}
	return edits
}

// bookEdits puts a letter before the text of some cells of every sheet of a
// workbook, because templates have no listings.
func bookEdits(t *testing.T, path string) []Edit {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	src := fileSource(path, bytes.NewReader(data), int64(len(data)))
	p, err := openZip(src)
	if err != nil {
		return nil
	}
	_, c, err := openBook(src, p, containerOptions{})
	if err != nil {
		return nil
	}
	var edits []Edit
	for _, s := range c.Sheets {
		n := 0
		s.read(func(rec record, err error) bool {
			for col, text := range rec.Cells {
				if text != "" && n < 20 {
					edits = append(edits, Edit{Sheet: s.Name, Row: rec.Row, Col: col, New: "x"})
					n++
				}
			}
			return n < 20
		})
	}
	return edits
}

// rewriteTo writes the file with the edits of the cells that take them; false
// where the file as a whole is only read.
func rewriteTo(t *testing.T, path, out string, edits []Edit) bool {
	t.Helper()
	refused, err := Refusals(path, edits)
	if err != nil {
		t.Logf("only read: %v", err)
		return false
	}
	not := map[string]bool{}
	for _, r := range refused {
		not[fmt.Sprint(r.Sheet, r.Row, r.Col)] = true
	}
	kept := edits[:0:0]
	for _, e := range edits {
		if !not[fmt.Sprint(e.Sheet, e.Row, e.Col)] {
			kept = append(kept, e)
		}
	}
	var b bytes.Buffer
	if err := Rewrite(path, kept, &b); err != nil {
		t.Errorf("%s: %v", path, err)
		return false
	}
	if err := os.WriteFile(out, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}

// compareBack takes the edits back and wants the file as it was.
func compareBack(t *testing.T, path, out string, edits []Edit) {
	t.Helper()
	back := make([]Edit, len(edits))
	for i, e := range edits {
		back[i] = e
		back[i].End, back[i].New = e.Start+2, e.New[:1]
	}
	var b bytes.Buffer
	if err := Rewrite(out, back, &b); err != nil {
		t.Errorf("%s: taking the edits back: %v", path, err)
		return
	}
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(was, b.Bytes()) || bytes.Equal(was, changed) {
		t.Errorf("%s: the file differs elsewhere than in the cells edited", path)
	}
}

// compareBooks wants every part as it was packed, but for the cells edited.
func compareBooks(t *testing.T, path, out string, edits []Edit) {
	t.Helper()
	x, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := zip.OpenReader(out)
	if err != nil {
		t.Errorf("%s: the rewritten workbook is no ZIP: %v", path, err)
		return
	}
	defer y.Close()
	if len(x.File) != len(y.File) {
		t.Fatalf("%s: %d parts became %d", path, len(x.File), len(y.File))
	}
	touched := 0
	for i, a := range x.File {
		b := y.File[i]
		if a.Name != b.Name {
			t.Errorf("%s: part %s became %s", path, a.Name, b.Name)
		}
		if bytes.Equal(packed(t, a), packed(t, b)) && a.CRC32 == b.CRC32 && a.Method == b.Method && a.Modified.Equal(b.Modified) {
			continue
		}
		touched++
		if !strings.Contains(a.Name, "worksheets/") {
			t.Errorf("%s: part %s changed", path, a.Name)
		} else if one, two := withoutCells(partText(t, a), edits), withoutCells(partText(t, b), edits); one != two {
			t.Errorf("%s: %s differs elsewhere than in the cells edited", path, a.Name)
		}
	}
	if touched == 0 {
		t.Errorf("%s: nothing changed", path)
	}
}

var oneCell = regexp.MustCompile(`(?s)<(?:\w+:)?c [^>]*?\br="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</(?:\w+:)?c>)`)

// withoutCells leaves the cells edited out of the XML of a sheet.
func withoutCells(xml string, edits []Edit) string {
	edited := map[string]bool{}
	for _, e := range edits {
		edited[cellName(e.Col, e.Row)] = true
	}
	return oneCell.ReplaceAllStringFunc(xml, func(c string) string {
		if edited[oneCell.FindStringSubmatch(c)[1]] {
			return ""
		}
		return c
	})
}

func partText(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A cell with a formula or several formats is told and left; one format all
// through is kept.
func TestRefusals(t *testing.T) {
	strs := `<sst><si><t>plain cup</t></si><si><r><rPr><b/></rPr><t>bold </t></r><r><t>cup</t></r></si><si><r><rPr><b/><sz val="9"/></rPr><t>all bold cup</t></r></si><si><t>loose </t><r><t>cup</t></r></si></sst>`
	sheet := rowsXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="str"><f>A1</f><v>plain cup</v></c>` +
		`<c r="E1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c r="F1" t="inlineStr"><is><t>inline</t><rPh sb="0" eb="1"><t>hint</t></rPh></is></c><c r="G1" t="s"><v>3</v></c></row>`)
	data := bookOf(t, sheet, "xl/sharedStrings.xml", strs)
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var edits []Edit
	for col := range 7 {
		edits = append(edits, Edit{Sheet: "Items", Row: 1, Col: col, New: "X"})
	}
	refused, err := Refusals(path, edits)
	got := ""
	for _, r := range refused {
		got += columnName(r.Col) + " " + r.Reason + "\n"
	}
	if want := "B fix.left.rich\nD fix.left.formula\nE fix.left.rich\nG fix.left.rich\n"; err != nil || got != want {
		t.Fatalf("refused %q, error %v, want %q", got, err, want)
	}
	var out bytes.Buffer
	if err := Rewrite(path, []Edit{edits[0], edits[2], edits[5]}, &out); err != nil {
		t.Fatal(err)
	}
	zr, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, f := range zr.File {
		all += partText(t, f)
	}
	for _, want := range []string{`<is><t xml:space="preserve">Xplain cup</t></is>`, `<is><r><rPr><b/><sz val="9"/></rPr><t xml:space="preserve">Xall bold cup</t></r></is>`, `>Xinline</t></is>`} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in the rewritten workbook", want)
		}
	}
	if _, err := Refusals(path, []Edit{{Sheet: "Items", Row: 1, New: strings.Repeat("x", cellUnits)}}); err != nil {
		t.Errorf("too long for a cell: %v", err)
	}
}

func TestSignedWorkbook(t *testing.T) {
	data := bookOf(t, rowsXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>cup</t></is></c></row>`), "_xmlsignatures/sig1.xml", "<Signature/>")
	_, err := rewriteBytes(t, data, Edit{Sheet: "Items", Row: 1, New: "x"})
	if err == nil || !strings.Contains(err.Error(), "is signed") {
		t.Errorf("error %v, want the signature named", err)
	}
}
