package table

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// openAll describes every container and sheet with its rows.
func openAll(t *testing.T, name string, data []byte) string {
	t.Helper()
	cs, err := openContainer(name, bytes.NewReader(data), int64(len(data)), containerOptions{})
	if err != nil {
		return "error " + err.Error()
	}
	var b strings.Builder
	for _, c := range cs {
		if c.Err != nil {
			fmt.Fprintf(&b, "%s: error %v\n", c.Name, c.Err)
		}
		for _, s := range c.Sheets {
			_, recs, errs := drain(s)
			fmt.Fprintf(&b, "%s %s %s\n%s\n", c.Name, s.Container, s.Name, show(recs))
			for _, err := range errs {
				fmt.Fprintf(&b, "error %v\n", err)
			}
			for _, n := range s.Notes() {
				fmt.Fprintf(&b, "note %s\n", n)
			}
		}
		for _, n := range c.Notes {
			fmt.Fprintf(&b, "note %s\n", n)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestHTMLTables(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "<html><table><tr><th>id</th><th>title</th></tr>\n<tr><td>1</td><td>Cup &amp; &lt;mug&gt;</td></tr></table>",
			"f html \n1/1|id|title\n2/2|1|Cup & <mug>"},
		{"open tags, blank rows", "<TABLE><TR><TD>id<TD>title<TR><TD><TD><TR><TD>2<TD>Mug</TABLE>", "f html \n1/1|id|title\n3/1|2|Mug"},
		{"breaks and nesting", "<table><tr><td>a<br>b<p>c</p></td><td><table><tr><td>in</td><td>side</td></tr></table></td><td>z</td></tr></table>",
			"f html \n1/1|a\nb\nc|inside|z"},
		{"spans", "<table><tr><td rowspan=2>a</td><td colspan=2>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr></table>",
			"f html \n1/1|a|b||c\n2/1||d|e"},
		{"two tables", "<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>", "f html table 1\n1/1|a\nf html table 2\n1/1|b"},
		{"style muted", "<style>td{}</style><table><tr><td>a<script>x</script></td></tr></table>", "f html \n1/1|a"},
		{"declared gbk", "<meta charset=gbk><table><tr><td>" + string(encode(t, gb18030.enc, "陶瓷杯子")) + "</td></tr></table>", "f html \n1/1|陶瓷杯子"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := openAll(t, "f", []byte(tt.in)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestFeeds(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"merchant", "<?xml version=\"1.0\"?>\n<rss xmlns:g=\"x\"><channel><title>Shop</title>\n<item><g:id>1</g:id><title>Cup &amp; mug</title>" +
			"<description><![CDATA[<p>a & b</p>]]></description></item>\n<item><g:id>2</g:id><g:image_link>u</g:image_link><g:image_link>v</g:image_link></item></channel></rss>",
			"f xml \n1/1|id|title|description|image_link|image_link\n2/3|1|Cup & mug|<p>a & b</p>||\n3/4|2|||u|v"},
		{"atom, nested", "<feed><entry><id>1</id><shipping><price>2</price><country>DE</country></shipping></entry></feed>", "f xml \n1/1|id|shipping/price|shipping/country\n2/1|1|2|DE"},
		{"no items", "<rss><channel/></rss>", "error f is XML without product items that hold text (item, entry, offer or product elements): export the listings as .csv or .xlsx"},
		{"cut", "<rss><item><id>1</id></item><item><id>2", "error reading the feed f: its XML ends in the middle: export it again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := openAll(t, "f", []byte(tt.in)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestXMLBook(t *testing.T) {
	head := `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">`
	in := head + `<Styles/><Worksheet ss:Name="Items"><Table ss:ExpandedRowCount="1"><Row><Cell><Data ss:Type="String">id</Data></Cell><Cell ss:MergeAcross="1"><Data ss:Type="String">title</Data></Cell><Cell><Data>x</Data></Cell></Row>` +
		`<Row ss:Index="4"><Cell ss:Index="2"><ss:Data ss:Type="String"><B>Cup</B> &amp; mug</ss:Data><Comment><Data>note</Data></Comment></Cell></Row><Row/></Table></Worksheet>` +
		`<Worksheet ss:Name="More"><Table><Row><Cell><Data ss:Type="Number">7</Data></Cell></Row></Table></Worksheet></Workbook>`
	want := "f xls Items\n1/0|id|title||x\n4/0||Cup & mug\nf xls More\n1/0|7"
	if got := openAll(t, "f", []byte(in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := openAll(t, "f", []byte(in[:len(in)-100])); !strings.Contains(got, "its XML ends in the middle") {
		t.Errorf("cut file: %s", got)
	}
}

func TestZIPOfExports(t *testing.T) {
	csv := "id,title\n1,Cup\n"
	read := func(name string) string { return name + " csv \n1/1|id|title\n2/2|1|Cup" }
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"several", zipOf(t, "a.csv", csv, "sub/b.txt", csv, "__MACOSX/._a.csv", "x", ".DS_Store", "x"), read("f.zip/a.csv") + "\n" + read("f.zip/sub/b.txt")},
		{"paths stay inside", zipOf(t, "../../etc/a.csv", csv, `C:\x\b.csv`, csv), read("f.zip/etc/a.csv") + "\n" + read("f.zip/C:/x/b.csv")},
		{"chinese name", zipOf(t, string(encode(t, gb18030.enc, "商品.csv")), csv), read("f.zip/商品.csv")},
		{"workbook inside", zipOf(t, "b.xlsx", string(bookOf(t, rowsXML(`<row><c><v>1</v></c></row>`)))), "f.zip/b.xlsx xlsx Items\n1/0|1"},
		{"one bad", zipOf(t, "a.csv", csv, "b.csv", ""), read("f.zip/a.csv") + "\nf.zip/b.csv: error f.zip/b.csv is empty (0 bytes): export it again"},
		{"zip inside", zipOf(t, "in.zip", string(zipOf(t, "a.csv", csv))), "f.zip/in.zip: error f.zip/in.zip is a ZIP inside a ZIP: unpack the outer one and give the inner one"},
		{"pictures", zipOf(t, "a.csv", csv, "p.jpg", "\xff\xd8\xff"), read("f.zip/a.csv") + "\nnote 1 pictures or other files in the ZIP were skipped, the first is p.jpg"},
		{"pictures only", zipOf(t, "p.jpg", "\xff\xd8\xff"), "error f.zip is a ZIP without an export in it (1 pictures or other files): give the .csv or .xlsx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := openAll(t, "f.zip", tt.data); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
