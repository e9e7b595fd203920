package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// readContainer opens data and returns the rows of its first sheet.
func readContainer(t testing.TB, data []byte, opt containerOptions) (*sheet, []record, []error) {
	t.Helper()
	cs, err := openContainer("shop.csv", bytes.NewReader(data), int64(len(data)), opt)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return drain(cs[0].Sheets[0])
}

func drain(s *sheet) (*sheet, []record, []error) {
	var recs []record
	var errs []error
	for r, err := range s.Records() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		recs = append(recs, r)
	}
	return s, recs, errs
}

// show writes records as row/line|cell|cell, repaired ones with a !.
func show(recs []record) string {
	var b strings.Builder
	for _, r := range recs {
		mark := ""
		if r.Repaired != "" {
			mark = "!"
		}
		fmt.Fprintf(&b, "%d/%d%s|%s\n", r.Row, r.Line, mark, strings.Join(r.Cells, "|"))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestTextRows(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "id,title\n1,Cup\n2,Mug\n", "1/1|id|title\n2/2|1|Cup\n3/3|2|Mug"},
		{"no end", "id,title\n1,Cup", "1/1|id|title\n2/2|1|Cup"},
		{"crlf", "id,title\r\n1,Cup\r\n", "1/1|id|title\n2/2|1|Cup"},
		{"lone cr", "id,title\r1,Cup\r2,Mug\r", "1/1|id|title\n2/2|1|Cup\n3/3|2|Mug"},
		{"lone cr, LF in a cell", "id,title\r1,\"Cup\nblue\"\r2,Mug\r", "1/1|id|title\n2/2|1|Cup\nblue\n3/4|2|Mug"},
		{"cr is text among LF", "id,title\n1,Cup\rblue\n2,Mug\n", "1/1|id|title\n2/2|1|Cup\rblue\n3/4|2|Mug"},
		{"semicolon", "id;title;price\n1;Cup, blue;9,50\n2;Mug, red;8,00\n", "1/1|id|title|price\n2/2|1|Cup, blue|9,50\n3/3|2|Mug, red|8,00"},
		{"tab", "id\ttitle\n1\tCup\n", "1/1|id|title\n2/2|1|Cup"},
		{"bar", "id|title|x\n1|Cup, blue|y\n", "1/1|id|title|x\n2/2|1|Cup, blue|y"},
		{"sep line", "sep=;\nid;title\n1;Cup,a,b\n", "2/2|id|title\n3/3|1|Cup,a,b"},
		{"doubled quotes", "id,title\n1,\"The \"\"big\"\" cup\"\n", "1/1|id|title\n2/2|1|The \"big\" cup"},
		{"line ends in a cell", "id,title,x\n1,\"a\nb\r\nc\",y\n2,d,z\n", "1/1|id|title|x\n2/2|1|a\nb\r\nc|y\n3/5|2|d|z"},
		{"blanks round quotes", "\"id\" ,\"title\"\t, \"x, y\"\n1 ,\"Cup, blue\" , \"z\"\n", "1/1|id|title|x, y\n2/2|1 |Cup, blue|z"},
		{"blank lines count", "\nid,title\n\n1,Cup\n , \n2,Mug\n", "2/2|id|title\n4/4|1|Cup\n6/6|2|Mug"},
		{"ragged kept", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n", "1/1|a|b|c\n2/2|1|2|3\n3/3|4|5\n4/4|6|7|8|9\n5/5|10|11|12"},
		{"mark in the middle", "\n\t\ufeffid,title\n1,Cup\n", "2/2|id|title\n3/3|1|Cup"},
		{"mark twice", "\ufeff\ufeffid,title\n1,Cup\n", "1/1|id|title\n2/2|1|Cup"},
		{"mark inside a quote", "\"\ufeffid\",title\n1,Cup\n", "1/1|id|title\n2/2|1|Cup"},
		{"report without quoting", "item-name\tseller-sku\n\"Big\" cup\tA1\n12\" lamp\tA2\n\"open\tA3\n",
			"1/1|item-name|seller-sku\n2/2|\"Big\" cup|A1\n3/3|12\" lamp|A2\n4/4|\"open|A3"},
		{"feed with quoting", "id\ttitle\n1\t\"\"\"Lake\"\" cup\"\n2\tMug\n", "1/1|id|title\n2/2|1|\"Lake\" cup\n3/3|2|Mug"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, recs, errs := readContainer(t, []byte(tt.in), containerOptions{})
			if got := show(recs); got != tt.want || len(errs) > 0 {
				t.Errorf("got\n%s\nwant\n%s\nerrors %v", got, tt.want, errs)
			}
		})
	}
}

// Rows after a broken quote must come out as they are.
func TestTextRepair(t *testing.T) {
	rest := "3,red,c,9\n4,blue,d,8\n5,green,e,7\n"
	after := "\n%d/%d|3|red|c|9\n%d/%d|4|blue|d|8\n%d/%d|5|green|e|7"
	tail := func(row, line int) string {
		return fmt.Sprintf(after, row, line, row+1, line+1, row+2, line+2)
	}
	head := "id,colour,text,price\n1,pink,a,1\n"
	shown := "1/1|id|colour|text|price\n2/2|1|pink|a|1"
	tests := []struct{ name, in, want string }{
		{"quote never closed", head + "2,\"grey,b,3\n" + rest, shown + "\n3/3!|2|\"grey|b|3" + tail(4, 4)},
		{"never closed, quotes later", head + "2,\"grey,b,3\n6,\"white\",\"x, y\",2\n" + rest,
			shown + "\n3/3!|2|\"grey|b|3\n4/4|6|white|x, y|2" + tail(5, 5)},
		{"two left open", head + "2,\"grey,b,3\n6,x,y,2\n7,x,y,2\n8,white\",y,2\n" + rest,
			shown + "\n3/3!|2|\"grey|b|3\n4/4|6|x|y|2\n5/5|7|x|y|2\n6/6!|8|white\"|y|2" + tail(7, 7)},
		{"quote in a plain cell", head + "2,12\" grey,b,3\n" + rest, shown + "\n3/3!|2|12\" grey|b|3" + tail(4, 4)},
		{"inch mark before a comma", head + "2,\"grey 12\", 14\", wide\",b,3\n" + rest,
			shown + "\n3/3!|2|grey 12\", 14\", wide|b|3" + tail(4, 4)},
		{"inch mark at the line end", head + "2,grey,\"wide 12\"\nand 14 high\",3\n" + rest,
			shown + "\n3/3!|2|grey|wide 12\"\nand 14 high|3" + tail(4, 5)},
		{"open in the last row", head + "3,red,c,9\n4,blue,d,8\n2,\"grey,b,3\n",
			shown + "\n3/3|3|red|c|9\n4/4|4|blue|d|8\n5/5!|2|\"grey|b|3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, recs, errs := readContainer(t, []byte(tt.in), containerOptions{})
			if got := show(recs); got != tt.want || len(errs) > 0 {
				t.Errorf("got\n%s\nwant\n%s\nerrors %v", got, tt.want, errs)
			}
			if notes := fmt.Sprint(s.Notes()); !strings.Contains(notes, "repaired") {
				t.Errorf("notes %q say nothing of the repair", notes)
			}
		})
	}
}

// One quote too many or too few costs at most its own row, and is told.
func TestTextOneQuoteCostsOneRow(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"sku", "title", "body", "price", "colour", "size"})
	for i := range 60 {
		cells := benchCells(r, i, 4)
		w.Write(append(cells, []string{"red", "blue, dark", `12" wide`, ""}[i%4], "M"))
	}
	w.Flush()
	sound := b.Bytes()
	_, want, _ := readContainer(t, sound, containerOptions{})
	for range 400 {
		at := r.IntN(len(sound))
		damaged := slices.Insert(slices.Clone(sound), at, '"')
		if r.IntN(2) == 0 {
			at += max(0, bytes.IndexByte(sound[at:], '"'))
			damaged = slices.Delete(slices.Clone(sound), at, at+1)
		}
		s, got, errs := readContainer(t, damaged, containerOptions{})
		missing := map[string]int{}
		for _, rec := range want {
			missing[strings.Join(rec.Cells, "|")]++
		}
		for _, rec := range got {
			missing[strings.Join(rec.Cells, "|")]--
		}
		lost := 0
		for _, n := range missing {
			lost += max(0, n)
		}
		if lost > 1 || len(errs) > 0 || len(got) < len(want) {
			t.Fatalf("byte %d: %d rows differ, %d of %d read, errors %v, notes %q", at, lost, len(got), len(want), errs, s.Notes())
		}
	}
}

func encode(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTextEncodings(t *testing.T) {
	chinese := "编号,标题,描述\n1,蓝色陶瓷杯子,手工制作的陶瓷杯子，容量大\n2,红色水壶,不锈钢保温水壶\n"
	japanese := "番号,商品名,説明\n1,青いマグカップ,手作りのきれいなカップです\n"
	western := "id,title,text\n1,Café crème,für große Gärten\n2,Señora’s cup,naïve\n"
	russian := "номер,название,описание\n1,Синяя чашка,Большая чашка для чая\n"
	tests := []struct {
		name     string
		data     []byte
		text     string // as it must come out
		encoding string
		guessed  bool
	}{
		{"utf-8", []byte(chinese), chinese, "UTF-8", false},
		{"utf-8 mark", []byte("\ufeff" + chinese), chinese, "UTF-8", false},
		{"utf-16le mark", encode(t, utf16LE.enc, "\ufeff"+chinese), chinese, "UTF-16LE", false},
		{"utf-16be mark", encode(t, utf16BE.enc, "\ufeff"+western), western, "UTF-16BE", false},
		{"utf-16le bare", encode(t, utf16LE.enc, western), western, "UTF-16LE", false},
		{"utf-16be bare", encode(t, utf16BE.enc, western), western, "UTF-16BE", false},
		{"utf-32le mark", encode(t, utf32LE.enc, "\ufeff"+chinese), chinese, "UTF-32LE", false},
		{"utf-32be bare", encode(t, utf32BE.enc, western), western, "UTF-32BE", false},
		{"gb18030", encode(t, gb18030.enc, chinese), chinese, "GB18030", true},
		{"shift_jis", encode(t, cp932.enc, japanese), japanese, "Shift_JIS", true},
		{"windows-1252", encode(t, cp1252.enc, western), western, "windows-1252", true},
		{"windows-1251", encode(t, cp1251.enc, russian), russian, "windows-1251", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, recs, _ := readContainer(t, tt.data, containerOptions{})
			want, err := csv.NewReader(strings.NewReader(tt.text)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for i := range want {
				if i >= len(recs) || !slices.Equal(recs[i].Cells, want[i]) {
					t.Fatalf("rows %s, want %q", show(recs), want)
				}
			}
			if s.Encoding != tt.encoding {
				t.Errorf("encoding %s, want %s", s.Encoding, tt.encoding)
			}
			if told := strings.Contains(fmt.Sprint(s.Notes()), "best fit"); told != tt.guessed {
				t.Errorf("notes %q: guess told %v, want %v", s.Notes(), told, tt.guessed)
			}
		})
	}
}

// One cell in another encoding must not spoil the file round it.
func TestTextForeignCells(t *testing.T) {
	sound := strings.Repeat("7,Größe für Gärten,naïve café\n", 20)
	tests := []struct{ name, cell, want, note string }{
		{"chinese", string(encode(t, gb18030.enc, "蓝色陶瓷杯子")), "蓝色陶瓷杯子", "read as GB18030"},
		{"western", "caf\xe9 cr\xe8me", "café crème", "read as windows-1252"},
		{"broken", "gr\xc3\xb6\xdfer \xff", "grö\ufffder \ufffd", "2 characters could not be decoded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, recs, _ := readContainer(t, []byte("id,title,text\n"+sound+"8,"+tt.cell+",x\n"), containerOptions{})
			if got := recs[len(recs)-1].Cells[1]; got != tt.want {
				t.Errorf("cell %q, want %q", got, tt.want)
			}
			if notes := fmt.Sprint(s.Notes()); !strings.Contains(notes, tt.note) || s.Encoding != "UTF-8" {
				t.Errorf("encoding %s, notes %q, want %q", s.Encoding, notes, tt.note)
			}
		})
	}
}

// An encoding that shows only far into a long file is found.
func TestTextLateEncoding(t *testing.T) {
	data := []byte("id,title\n" + strings.Repeat("1,A plain cup that nobody could mistake for anything else\n", 30000))
	data = append(data, encode(t, gb18030.enc, strings.Repeat("2,蓝色陶瓷杯子\n", 3000))...)
	s, recs, _ := readContainer(t, data, containerOptions{})
	if got := recs[len(recs)-1].Cells[1]; got != "蓝色陶瓷杯子" || s.Encoding != "GB18030" {
		t.Errorf("%s %q", s.Encoding, got)
	}
}

// A UTF-8 cell in a GBK file is read as what it is.
func TestTextUTF8CellInGBK(t *testing.T) {
	data := append(encode(t, gb18030.enc, strings.Repeat("编号文字,蓝色陶瓷杯子,价格\n", 5)), "1,红色水壶,x\n"...)
	s, recs, _ := readContainer(t, data, containerOptions{})
	if got := recs[5].Cells[1]; got != "红色水壶" || s.Encoding != "GB18030" || recs[0].Cells[0] != "编号文字" {
		t.Errorf("%s cell %q", s.Encoding, got)
	}
}

func TestTextRefused(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "is empty (0 bytes)"},
		{"blank", "\n\n \n", "is empty"},
		{"binary", strings.Repeat("\x01\x02\x03abc\x04", 50), "neither text nor a workbook"},
		{"picture", "\x89PNG\r\n\x1a\n....", "picture"},
		{"page", "<!DOCTYPE html><html><body>Log in</body></html>", "without a table"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openContainer("shop.csv", strings.NewReader(tt.in), int64(len(tt.in)), containerOptions{})
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "shop.csv") {
				t.Errorf("error %v, want %q and the file's name", err, tt.want)
			}
		})
	}
}

// A row beyond the limit is one error; the rows round it are read.
func TestTextOversizeRow(t *testing.T) {
	in := "id,title,x\n1,Cup,a\n2," + strings.Repeat("long", 300<<10/4) + ",b\n3,Mug,c\n"
	_, recs, errs := readContainer(t, []byte(in), containerOptions{MaxCell: 64 << 10})
	if got, want := show(recs), "1/1|id|title|x\n2/2|1|Cup|a\n4/4|3|Mug|c"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var re *rowError
	if len(errs) != 1 || !errors.As(errs[0], &re) || re.Row != 3 || re.Line != 3 {
		t.Errorf("errors %v, want one for row 3", errs)
	}
}

// An open quote at the top of a long file costs neither its rows nor much time.
func TestTextOpenQuoteInLongFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,title,text,price\n0,\"open,x,1\n")
	for i := 1; i <= 60000; i++ {
		fmt.Fprintf(&b, "%d,\"cup \"\"%d\"\"\",some text that is a little longer,9\n", i, i)
	}
	start := time.Now()
	_, recs, errs := readContainer(t, []byte(b.String()), containerOptions{})
	if len(recs) != 60002 || len(errs) > 0 {
		t.Fatalf("%d rows, %d errors", len(recs), len(errs))
	}
	if recs[60001].Cells[1] != `cup "60000"` || recs[1].Repaired == "" || recs[2].Repaired != "" {
		t.Errorf("first %+v, second %+v", recs[1], recs[2])
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

// Many open quotes must not make reading quadratic.
func TestTextManyOpenQuotes(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,title,text,price\n")
	for i := range 30000 {
		fmt.Fprintf(&b, "%d,\"open,x \"y,1\n", i)
	}
	start := time.Now()
	_, recs, _ := readContainer(t, []byte(b.String()), containerOptions{})
	if len(recs) != 30001 {
		t.Errorf("%d rows", len(recs))
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

// oracle compares with encoding/csv: same cells, row for row. CRLF inside
// cells is the one difference by design, encoding/csv turns it into LF.
func oracle(t *testing.T, data []byte, d dialect) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = rune(d.delim), -1
	want, err := r.ReadAll()
	if err != nil {
		t.Fatalf("the oracle refuses %q: %v", data, err)
	}
	s := newSplitter(bytes.NewReader(data), d, 16<<20)
	for i := 0; ; {
		more, err := s.next()
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			if i != len(want) {
				t.Fatalf("%d rows, want %d from %q", i, len(want), data)
			}
			return
		}
		raw := s.buf[s.pos : s.pos+s.rec.next]
		if strings.Trim(string(raw), "\r\n") == "" {
			continue // encoding/csv skips blank lines
		}
		if i == len(want) {
			t.Fatalf("more rows than %d from %q", len(want), data)
		}
		var got []string
		for _, c := range s.rec.cells {
			cell := strings.ReplaceAll(string(s.buf[s.pos+c.start:s.pos+c.end]), `""`, `"`)
			if !c.quoted {
				cell = string(s.buf[s.pos+c.start : s.pos+c.end])
			}
			got = append(got, strings.ReplaceAll(cell, "\r\n", "\n"))
		}
		if s.repaired != "" || !slices.Equal(got, want[i]) {
			t.Fatalf("row %d %q (%s), want %q, from %q", i, got, s.repaired, want[i], data)
		}
		i++
	}
}

// randomCSV writes well-formed rows of one width with every awkward character.
func randomCSV(r *rand.Rand) ([]byte, dialect) {
	d := dialect{delim: []byte(",;\t|")[r.IntN(4)], quote: true, width: 1 + r.IntN(6)}
	pieces := []string{"a", "b ", " ", ",", ";", "\t", "|", "\"", "\n", "\r\n", "é", "中", "x\"\"y", "'"}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = rune(d.delim), r.IntN(2) == 0
	for range r.IntN(12) {
		row := make([]string, d.width)
		for i := range row {
			for range r.IntN(5) {
				row[i] += pieces[r.IntN(len(pieces))]
			}
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes(), d
}

func TestCSVAgainstOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		data, d := randomCSV(r)
		oracle(t, data, d)
	}
}

// FuzzCSV rewrites any input as well-formed CSV, which must be read as written,
// and reads the raw input, which must end without a panic and lose no byte.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;\"b\nc\";d\n1;2;3\n", "x,\"y\n\"\"z,\"a\"b\",\r\r\n", "\"a\" ,b\n"} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, width uint8) {
		d := dialect{delim: ',', quote: true, width: int(width % 8)}
		s := newSplitter(bytes.NewReader(data), d, 1<<16)
		taken := 0
		for rows := 0; ; rows++ {
			more, err := s.next()
			if !more {
				break
			}
			if rows > len(data) {
				t.Fatalf("more rows than bytes from %q", data)
			}
			if s.rec.next == 0 {
				t.Fatalf("an empty step at %q", data[taken:])
			}
			taken += s.rec.next
			checkCells(t, s, err)
		}
		if taken != len(data) {
			t.Fatalf("%d of %d bytes read", taken, len(data))
		}
		if int64(len(data))*40+(200<<20) < s.spent {
			t.Fatalf("%d bytes scanned for %d", s.spent, len(data))
		}
	})
}

// checkCells holds the ranges of a record to its bounds and order.
func checkCells(t *testing.T, s *splitter, err error) {
	if err != nil {
		return
	}
	last := 0
	for _, c := range s.rec.cells {
		if c.start < last || c.end < c.start || c.end > s.rec.next {
			t.Fatalf("cell %+v after %d in a record of %d", c, last, s.rec.next)
		}
		last = c.end
	}
	if s.rec.end > s.rec.next || last > s.rec.end {
		t.Fatalf("record ends at %d, its cells at %d, the next starts at %d", s.rec.end, last, s.rec.next)
	}
}

// FuzzText opens any bytes as a file, whatever its container: text, HTML table,
// feed, ZIP, workbook. The hostile files beside the project are seeds.
func FuzzText(f *testing.F) {
	for _, s := range []string{"id,title\n1,Cup\n", "sep=;\na;b\n", "\xff\xfea\x00,\x00", "caf\xe9;\xc0\xb6\n", "<table><tr><td>a", "<rss><item><title>x</title></item></rss>",
		"<rss><item></0></>", "<table><tr><td>\xff", `<Workbook><Worksheet><Table><Row><Cell><Data>a`, "\x00a\x00,\x00b\x00\n\xd8\x00"} {
		f.Add([]byte(s))
	}
	hostile, err := filepath.Glob(filepath.Join(realExports, "hostile", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range hostile {
		if data, err := os.ReadFile(path); err == nil && len(data) <= 48<<10 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cs, err := openContainer("f", bytes.NewReader(data), int64(len(data)), containerOptions{MaxCell: 1 << 16})
		if err != nil {
			return
		}
		for _, c := range cs {
			for _, s := range c.Sheets {
				rows := 0
				for r, err := range s.Records() {
					if rows++; rows > len(data)+1 {
						t.Fatal("more rows than bytes")
					}
					if err == nil && len(r.Cells) == 0 {
						t.Fatalf("row %d without cells", r.Row)
					}
					for _, cell := range r.Cells {
						if !utf8.ValidString(cell) {
							t.Fatalf("cell %q is not UTF-8", cell)
						}
					}
				}
				s.Notes()
			}
		}
	})
}
