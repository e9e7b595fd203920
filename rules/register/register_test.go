package register

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"prescreen/rules"
)

// shared is a file of the folder beside the repository; the test is skipped
// where there is none.
func shared(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "registers", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ../shared here")
	}
	return path
}

// written makes a file of text.
func written(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll collects what Read yields.
func readAll(t testing.TB, format string, opt Options, files ...string) ([]rules.Mark, *Report, error) {
	t.Helper()
	report := &Report{}
	opt.Report = report
	seq, err := Read(format, files, opt)
	if err != nil {
		t.Fatal(err)
	}
	var marks []rules.Mark
	for m, err := range seq {
		if err != nil {
			return marks, report, err
		}
		marks = append(marks, m)
	}
	return marks, report, nil
}

func TestReadSharedRegisters(t *testing.T) {
	for _, c := range []struct {
		format, file   string
		records, kept  int
		live, pending  int
		withClass      int
		aliases, owner int
	}{
		{"uspto", "uspto_daily_sample_11.xml", 11, 11, 7, 4, 11, 4, 11},
		{"dpma", "dpma_export_10k.csv", 10000, 10000, 4465, 556, 0, 0, 0},
		{"kipris", "kipris_sample.json", 500, 469, 233, 1, 373, 90, 0},
		{"uspto", "uspto_amazon_marks.csv", 158, 158, 0, 0, 133, 0, 133},
	} {
		t.Run(c.file, func(t *testing.T) {
			marks, report, err := readAll(t, c.format, Options{}, shared(t, c.file))
			if err != nil {
				t.Fatal(err)
			}
			got := c
			got.records, got.kept, got.live, got.pending, got.withClass, got.aliases, got.owner = report.Records, report.Kept, 0, 0, 0, 0, 0
			for _, m := range marks {
				switch m.Status {
				case "live":
					got.live++
				case "pending":
					got.pending++
				}
				if len(m.Classes) > 0 {
					got.withClass++
				}
				if len(m.Aliases) > 0 {
					got.aliases++
				}
				if m.Owner != "" {
					got.owner++
				}
			}
			if got != c || len(marks) != report.Kept {
				t.Errorf("got %+v\nwant %+v\nreport %+v", got, c, report)
			}
			if report.Faults != 0 || len(report.Statuses) > 1 {
				t.Errorf("faults %v, statuses %v", report.Shown, report.Statuses)
			}
		})
	}
}

const usptoHead = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE trademark-applications-daily [ <!ELEMENT case-file (serial-number)> <!-- <case-file-owner> --> ]>
<trademark-applications-daily><application-information><file-segments><action-keys>
`

const usptoTail = "</action-keys></file-segments></application-information></trademark-applications-daily>\n"

const usptoFull = `<case-file><serial-number>90000001</serial-number><registration-number>0700001</registration-number>
<case-file-header><filing-date>20200131</filing-date><registration-date>20210504</registration-date><status-code>700</status-code>
<mark-identification>ZORVENTA &amp; SON&#39;S</mark-identification><mark-drawing-code>%s</mark-drawing-code></case-file-header>
<case-file-statements><case-file-statement><type-code>GS0091</type-code><text><![CDATA[Lamps & <shades>]]></text></case-file-statement>
<case-file-statement><type-code>PM0001</type-code><text>ZOR VENTA</text></case-file-statement></case-file-statements>
<classifications><classification><international-code>009</international-code><international-code>025</international-code><status-code>6</status-code></classification>
<classification><international-code>A</international-code></classification></classifications>
<case-file-owners><case-file-owner><party-type>30</party-type><party-name>Zorventa, Inc.</party-name></case-file-owner>
<case-file-owner><party-type>10</party-type><party-name>First Applicant</party-name></case-file-owner></case-file-owners><empty/></case-file>
`

func TestUSPTOFields(t *testing.T) {
	for code, drawing := range map[string]rules.Drawing{
		"4000": rules.DrawingWord, "4": rules.DrawingWord, "1000": rules.DrawingWord, "2": rules.DrawingDevice,
		"3000": rules.DrawingCombined, "5": rules.DrawingStylised, "6000": rules.DrawingNone, "": rules.DrawingUnknown,
	} {
		marks, _, err := readAll(t, "uspto", Options{}, written(t, "x.xml", usptoHead+fmt.Sprintf(usptoFull, code)+usptoTail))
		if err != nil || len(marks) != 1 {
			t.Fatalf("%d marks, %v", len(marks), err)
		}
		want := rules.Mark{Register: "uspto", Application: "90000001", Registration: "700001", Text: "ZORVENTA & SON'S", Aliases: []string{"ZOR VENTA"},
			Owner: "Zorventa, Inc.", Status: "live", Drawing: drawing, Filed: "2020-01-31", Registered: "2021-05-04", Classes: []int{9, 25}, Goods: "Lamps & <shades>"}
		marks[0].Pos = rules.Pos{}
		if !reflect.DeepEqual(marks[0], want) {
			t.Errorf("code %q:\ngot  %+v\nwant %+v", code, marks[0], want)
		}
	}
}

// caseFileOf is a small entry.
func caseFileOf(serial, text, status string) string {
	return "<case-file><serial-number>" + serial + "</serial-number><case-file-header><status-code>" + status + "</status-code><mark-identification>" + text + "</mark-identification></case-file-header></case-file>\n"
}

func TestUSPTOMalformed(t *testing.T) {
	good := caseFileOf("1", "KELVORA", "700")
	for name, c := range map[string]struct {
		body   string
		kept   int
		faults int
		at     string // of the first fault, or of the error
		fails  string
	}{
		"unpaired":      {good + strings.Replace(good, "</case-file-header>", "</header>", 1) + good, 2, 1, "x.xml:5", ""},
		"no serial":     {strings.Replace(good, "serial-number>", "serial>", 2) + good, 1, 1, "x.xml:4", ""},
		"not closed":    {"<case-file><serial-number>1</serial-number>\n" + good, 1, 1, "x.xml:4", ""},
		"stray bracket": {strings.Replace(good, "KELVORA", "A < B", 1) + good, 1, 1, "x.xml:4", ""},
		"cut within":    {good + good[:60], 1, 0, "x.xml:5", "within this case-file"},
		"cut between":   {good, 1, 0, "x.xml", "cut short"},
		"nothing":       {"<other/>", 0, 0, "x.xml", "is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			tail := usptoTail
			if c.fails != "" {
				tail = ""
			}
			marks, report, err := readAll(t, "uspto", Options{}, written(t, "x.xml", usptoHead+c.body+tail))
			if len(marks) != c.kept || report.Faults != c.faults || report.Records != c.kept+c.faults {
				t.Errorf("kept %d, report %+v", len(marks), report)
			}
			var fault *rules.Error
			switch {
			case c.fails != "":
				if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("got %v", err)
				}
			case err != nil:
				t.Fatal(err)
			default:
				fault = report.Shown[0]
			}
			if at := fault.Pos.String(); !strings.Contains(at, c.at) {
				t.Errorf("at %s, want %s", at, c.at)
			}
			if c.faults > 0 && report.FaultBytes < 20 {
				t.Errorf("the fault cost %d bytes", report.FaultBytes)
			}
		})
	}
}

func TestUSPTOZip(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"read.me", "a.xml", "b.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, usptoHead+caseFileOf(name, "KELVORA", "700")+usptoTail)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	marks, report, err := readAll(t, "uspto", Options{}, written(t, "x.zip", b.String()))
	if err != nil || len(marks) != 2 || len(report.Skipped) != 1 || report.Files != 2 {
		t.Errorf("%d marks, %+v, %v", len(marks), report, err)
	}
	cut := b.Bytes()[:b.Len()-30]
	if _, _, err := readAll(t, "uspto", Options{}, written(t, "x.zip", string(cut))); err == nil {
		t.Error("an archive cut short was read")
	}
}

func TestUSPTOAcrossBuffers(t *testing.T) {
	var b strings.Builder
	b.WriteString(usptoHead)
	for i := range 400 {
		b.WriteString(caseFileOf(fmt.Sprint(i), "KELVORA"+strings.Repeat("X", i*37%9000), "700"))
	}
	b.WriteString(usptoTail)
	text := b.String()
	for _, chunk := range []int{1, 7, 4096, 1 << 20} {
		c := newElementCutter("x", &slowReader{text, chunk}, "case-file", nil)
		n := 0
		for {
			_, at, err := c.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if at.Line != 4+n {
				t.Fatalf("entry %d at line %d", n, at.Line)
			}
			n++
		}
		if n != 400 {
			t.Errorf("chunks of %d: %d entries", chunk, n)
		}
	}
}

// slowReader gives a few bytes at a time.
type slowReader struct {
	text  string
	chunk int
}

func (r *slowReader) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	n := copy(p, r.text[:min(r.chunk, len(r.text))])
	r.text = r.text[n:]
	return n, nil
}

func TestFilters(t *testing.T) {
	path := written(t, "x.csv", `Mark,Owner,Number,Status,Classes,Mark type
KELVORA,K Ltd,1,Registered,"18, 25",Word
KELVORB,K Ltd,2,Dead,25,Word
KELVORC,K Ltd,3,Application filed,9,Word
KELVORD,K Ltd,4,Registered,25,Combined
ORANGE,K Ltd,5,Registered,25,Word
,K Ltd,6,Registered,25,Figurative
KELVORE,K Ltd,7,sort of,,
`)
	ordinary := func(s string) bool { return s == "ORANGE" }
	for _, c := range []struct {
		opt     Options
		kept    string
		dropped map[Reason]int
	}{
		{Options{}, "1 2 3 4 5 7", map[Reason]int{NoText: 1}},
		{Options{Live: true}, "1 3 4 5 7", map[Reason]int{NoText: 1, Dead: 1}},
		{Options{WordMarks: true}, "1 2 3 5 7", map[Reason]int{NoText: 1, Device: 1}},
		{Options{Classes: []int{18}}, "1 7", map[Reason]int{NoText: 1, OtherClass: 4}},
		{Options{Ordinary: ordinary}, "1 2 3 4 7", map[Reason]int{NoText: 1, OrdinaryText: 1}},
		{Options{Live: true, WordMarks: true, Classes: []int{25}, Ordinary: ordinary}, "1 7",
			map[Reason]int{NoText: 1, Dead: 1, Device: 1, OtherClass: 1, OrdinaryText: 1}},
	} {
		marks, report, err := readAll(t, "csv", c.opt, path)
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for _, m := range marks {
			kept = append(kept, m.Number())
		}
		if got := strings.Join(kept, " "); got != c.kept || !maps.Equal(report.Dropped, c.dropped) {
			t.Errorf("%+v: kept %s, want %s; dropped %v, want %v", c.opt, got, c.kept, report.Dropped, c.dropped)
		}
		if report.Statuses["sort of"] != 1 {
			t.Errorf("unknown statuses %v", report.Statuses)
		}
	}
}

func TestTableOddities(t *testing.T) {
	for name, c := range map[string]struct {
		format, text string
		want         []string
		faults       int
		fails        string
	}{
		"quotes in the mark": {"dpma", "Datenbestand;Aktenzeichen/Registernummer;Markendarstellung;Aktenzustand\nEM;\"1\";\"R\" KELVO;Marke eingetragen\nEM;\"2\";\"kelvo. it does.\";Akte vernichtet \n",
			[]string{`"R" KELVO/live/dpma-em`, "kelvo. it does./dead/dpma-em"}, 0, ""},
		"byte order mark, CRLF": {"csv", "\xef\xbb\xbfWord Mark,Status\r\nKELVORA,LIVE\r\n", []string{"KELVORA/live/csv"}, 0, ""},
		"lines in a cell":       {"csv", "mark,goods\n\"KEL\nVORA\",\"a \"\"b\"\"\"\n", []string{"KEL\nVORA//csv"}, 0, ""},
		"Latin-1":               {"csv", "mark\nKELV\xd6RA\n", []string{"KELVÖRA//csv"}, 0, ""},
		"tabs":                  {"csv", "mark\tstatus\nKELVORA\tpending\n", []string{"KELVORA/pending/csv"}, 0, ""},
		"ragged":                {"csv", "mark,status\nKELVORA\nKELVORB,dead\nA,B,C\n", []string{"KELVORB/dead/csv"}, 2, ""},
		"open quote":            {"csv", "mark,status\n\"KELVORA,dead\n", nil, 0, "quotation mark"},
		"no mark column":        {"csv", "a,b\n1,2\n", nil, 0, "no column of marks"},
		"empty":                 {"csv", "", nil, 0, "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			marks, report, err := readAll(t, c.format, Options{}, written(t, "x.csv", c.text))
			if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails) || !strings.Contains(err.Error(), "x.csv")) {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, m := range marks {
				got = append(got, m.Text+"/"+m.Status+"/"+m.Register)
			}
			if !slices.Equal(got, c.want) || report.Faults != c.faults {
				t.Errorf("got %q, %d faults", got, report.Faults)
			}
		})
	}
}

func TestSearchExport(t *testing.T) {
	path := written(t, "x.csv", `Word Mark,Goods and Services,Filing Date,Owner
KELVORA,"IC 009. US 021. G & S: lamps (CANCELLED) IC 031. G & S: seeds IC 025. G & S: hats","November 14, 2017","(REGISTRANT) Old Name LLC LIMITED LIABILITY COMPANY DELAWARE 1 Street (LAST LISTED OWNER) KELVORA , INC. CORPORATION NEVADA 410 TERRY AVENUE"
`)
	marks, _, err := readAll(t, "uspto", Options{}, path)
	if err != nil || len(marks) != 1 {
		t.Fatalf("%v, %v", marks, err)
	}
	m := marks[0]
	if m.Owner != "KELVORA , INC." || !slices.Equal(m.Classes, []int{9, 25}) || m.Filed != "2017-11-14" {
		t.Errorf("got %+v", m)
	}
}

func TestKIPRISFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text         string
		kept, faults int
		fails        string
	}{
		"array":       {`[{"productNameEng":"KELVORA","asignProductMainCodeList":["25","038"],"registerStatus":"등록"}]`, 1, 0, ""},
		"sequence":    {`{"productName":"바리"} {"productName":"다에"}`, 2, 0, ""},
		"wrong type":  {`[{"productName":7},{"productName":"바리"}]`, 1, 1, ""},
		"cut short":   {`[{"productName":"바리"},{"prod`, 1, 0, "object 2"},
		"not closed":  {`[{"productName":"바리"}`, 1, 0, "not closed"},
		"no JSON":     {`<xml/>`, 0, 0, "no JSON"},
		"empty":       {" \n", 0, 0, "empty"},
		"device only": {`[{"productName":null,"viennaCodeList":["260118"]}]`, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			marks, report, err := readAll(t, "kipris", Options{}, written(t, "x.json", c.text))
			if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
				t.Fatalf("got %v", err)
			}
			if len(marks) != c.kept || report.Faults != c.faults {
				t.Errorf("%d marks, %+v", len(marks), report)
			}
		})
	}
}

func TestUnknownFormats(t *testing.T) {
	for format, want := range map[string]string{"fips": "use csv, dpma, euipo, kipris, marks, tmview, uspto, wipo", "": "no known format"} {
		if _, err := Read(format, nil, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestMissingFileEndsTheSequence(t *testing.T) {
	_, _, err := readAll(t, "csv", Options{}, filepath.Join(t.TempDir(), "none.csv"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestMarksFileRoundTrip(t *testing.T) {
	want := []rules.Mark{
		{Register: "uspto", Application: "1", Registration: "2", Text: "A\tB\\n\nC", Aliases: []string{"x;y", "z\\"}, Owner: "O", Status: "live",
			Drawing: rules.DrawingCombined, Filed: "2020-01-31", Registered: "2021-05-04", Classes: []int{9, 25}, Goods: "Lamps, …"},
		{Text: "KELVORA"},
	}
	var b bytes.Buffer
	err := Write(&b, func(yield func(rules.Mark, error) bool) {
		for _, m := range want {
			if !yield(m, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	path := written(t, "x.marks", b.String()+"odd line\n")
	got, report, err := readAll(t, "marks", Options{}, path)
	for i := range got {
		got[i].Pos = rules.Pos{}
	}
	if err != nil || !reflect.DeepEqual(got, want) || report.Faults != 1 {
		t.Errorf("got %+v, %+v, %v", got, report, err)
	}
	if _, _, err := readAll(t, "marks", Options{}, written(t, "y.marks", "KELVORA\n")); err == nil || !strings.Contains(err.Error(), "no marks file") {
		t.Errorf("got %v", err)
	}
}

func TestReadStopsWhenAsked(t *testing.T) {
	seq, err := Read("csv", []string{written(t, "x.csv", "mark\nA1\nA2\nA3\n")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range seq {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d", n)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("uspto", usptoHead+fmt.Sprintf(usptoFull, "4000")+usptoTail)
	f.Add("uspto", usptoHead+"<case-file><![CDATA[</case-file>")
	f.Add("csv", "mark,status\n\"R\" ZONE,live\n\"a\nb\",x\n")
	f.Add("dpma", "Markendarstellung;Aktenzustand\n\"\";\n")
	f.Add("kipris", `[{"productName":"바리"}]`)
	f.Add("marks", marksHeader+"\na\\\t\n")
	for file, format := range map[string]string{"st66.xml": "euipo", "st96.xml": "wipo", "markgr.xml": "wipo", "tmview.csv": "tmview", "brands.csv": "wipo"} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(format, string(text))
	}
	f.Fuzz(func(t *testing.T, format, text string) {
		read, ok := readers[format]
		if !ok {
			return
		}
		s := &sieve{register: format, report: &Report{Dropped: map[Reason]int{}, Statuses: map[string]int{}}, yield: func(m rules.Mark, err error) bool {
			if m.Text == "" || err != nil {
				t.Errorf("yielded %+v, %v", m, err)
			}
			return true
		}}
		_ = read("x", strings.NewReader(text), s)
		if r := s.report; r.Records != r.Kept+r.Faults+r.Dropped[NoText] {
			t.Errorf("records do not add up: %+v", r)
		}
	})
}

// bigRegister is a file in the shape of the USPTO's, written as it is read.
type bigRegister struct {
	marks, at int
	rest      []byte
}

func (g *bigRegister) Read(p []byte) (int, error) {
	for len(g.rest) == 0 {
		switch {
		case g.at == 0:
			g.rest = append(g.rest, usptoHead...)
		case g.at <= g.marks:
			g.rest = fmt.Appendf(g.rest[:0], bigEntry, 70000000+g.at, 700+g.at%5, coined(g.at), 1+g.at%45, g.at%90000)
		case g.at == g.marks+1:
			g.rest = append(g.rest[:0], usptoTail...)
		default:
			return 0, io.EOF
		}
		g.at++
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// bigEntry has the size and the shape of a real entry: mostly flags.
var bigEntry = "<case-file><serial-number>%d</serial-number><case-file-header><filing-date>20170123</filing-date><status-code>%d</status-code>" +
	"<mark-identification>%s</mark-identification><mark-drawing-code>4000</mark-drawing-code>" + strings.Repeat("<principal-register-amended-in>F</principal-register-amended-in>\n            ", 48) +
	"</case-file-header><case-file-statements><case-file-statement><type-code>GS0091</type-code><text>" + strings.Repeat("Computer software, namely, software for lamps; ", 8) +
	"</text></case-file-statement></case-file-statements><classifications><classification><international-code>%03d</international-code></classification></classifications>" +
	"<case-file-owners><case-file-owner><party-type>10</party-type><party-name>Owner %d, Inc.</party-name></case-file-owner></case-file-owners></case-file>\n"

// coined makes one or two words of syllables, different for every n.
func coined(n int) string {
	const syllables = "BADEFIGOKULAMENIPORUSATEVIXO"
	var b []byte
	for k := n; k > 0; k /= 14 {
		b = append(b, syllables[k%14*2], syllables[k%14*2+1])
	}
	if n%3 == 0 {
		b = append(b, " LAMPEX"...)
	}
	return string(b)
}

// BenchmarkUSPTO reads a million entries; MB/s is of XML, peak-MB what the
// process held of the heap at most.
func BenchmarkUSPTO(b *testing.B) {
	marks := 1_000_000
	if testing.Short() {
		marks = 20_000
	}
	for b.Loop() {
		report := &Report{Dropped: map[Reason]int{}, Statuses: map[string]int{}}
		kept := 0
		s := &sieve{register: "uspto", report: report, yield: func(rules.Mark, error) bool { kept++; return true }}
		r := &counter{&bigRegister{marks: marks}, &report.Bytes}
		if err := readers["uspto"]("big.xml", r, s); err != nil || kept != marks {
			b.Fatal(kept, err)
		}
		b.SetBytes(report.Bytes)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "peak-MB")
}
