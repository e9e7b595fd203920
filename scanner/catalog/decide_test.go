package catalog

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prescreen/scanner"
)

func english(t *testing.T) *scanner.Language {
	t.Helper()
	l, err := scanner.LanguageFor("en")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAuthorisationEnds(t *testing.T) {
	l := listing("1", "Nike shoes", "Lego")
	list := []Authorisation{{Supplier: "ACME", Brand: "nike", From: "2026-01-01", Until: "2026-03-31", Document: "letter.pdf"}}
	for _, test := range []struct {
		asOf  string
		level scanner.Level
		says  string // of the Nike finding, or of the note
	}{
		{"2025-12-31", scanner.High, ""},
		{"2026-01-01", scanner.Medium, "ACME is authorised for nike until 2026-03-31 (letter.pdf)"},
		{"2026-03-31", scanner.Medium, "ACME is authorised for nike until 2026-03-31 (letter.pdf)"},
		{"2026-04-01", scanner.High, "The authorisation of ACME for nike ended on 2026-03-31 (letter.pdf): open again."},
	} {
		r := screen(l)
		before := screen(l)
		given := r.Findings
		NewExcuses(test.asOf, english(t), nil, list).Apply(r)
		says := r.Findings[0].Excused + strings.Join(r.Notes, "")
		if r.Level != test.level || says != test.says {
			t.Errorf("%s: level %s, %q", test.asOf, r.Level, says)
		}
		if !reflect.DeepEqual(given, before.Findings) {
			t.Errorf("%s: the findings given were written to", test.asOf)
		}
	}
	if got := Ending(list, "2026-03-10", 30); len(got) != 1 {
		t.Errorf("ending within 30 days: %v", got)
	}
	if got := Ending(list, "2026-02-10", 30); len(got) != 0 {
		t.Errorf("not ending within 30 days: %v", got)
	}
}

func TestWhatAuthorisationsCover(t *testing.T) {
	base := func() *scanner.Result { return screen(listing("A-1", "Nike shoes", "")) }
	for _, test := range []struct {
		name   string
		auth   Authorisation
		change func(*scanner.Result)
		want   bool
	}{
		{"own brand", Authorisation{Brand: "NIKE"}, nil, true},
		{"other supplier", Authorisation{Supplier: "Other", Brand: "Nike"}, nil, false},
		{"other brand", Authorisation{Supplier: "Acme", Brand: "Lego"}, nil, false},
		{"scope met", Authorisation{Brand: "Nike", Scope: "store:US, EU; marketplace:shopify; category:shoe; sku:a-1"}, nil, true},
		{"other store", Authorisation{Brand: "Nike", Scope: "store:us"}, nil, false},
		{"other category", Authorisation{Brand: "Nike", Scope: "category:toys"}, nil, false},
		{"bad scope covers nothing", Authorisation{Brand: "Nike", Scope: "planet:mars"}, nil, false},
		{"counterfeit use", Authorisation{Brand: "Nike"}, func(r *scanner.Result) { r.Findings[0].Use = scanner.UseCounterfeit }, false},
		{"imitation", Authorisation{Brand: "Nike"}, func(r *scanner.Result) { r.Findings[0].Use = scanner.UseImitation }, false},
		{"disguise", Authorisation{Brand: "Nike"}, func(r *scanner.Result) { r.Findings[0].Form = "lookalike" }, false},
		{"a law", Authorisation{Brand: "Nike"}, func(r *scanner.Result) { r.Findings[0].Right = "regulation" }, false},
	} {
		r := base()
		if test.change != nil {
			test.change(r)
		}
		NewExcuses("2026-01-01", english(t), nil, []Authorisation{test.auth}).Apply(r)
		if got := r.Level == scanner.None && r.Findings[0].Excused != ""; got != test.want {
			t.Errorf("%s: excused %v, level %s, %q", test.name, got, r.Level, r.Findings[0].Excused)
		}
	}
}

func TestReadAuthorisations(t *testing.T) {
	good := "\ufeffBrand,supplier,document,until,from,scope\r\nNike,Acme,\"letter, signed.pdf\",2026-12-31,,store:eu\r\nLego,,reg.pdf,,,\r\n"
	got, err := ReadAuthorisations("a.csv", strings.NewReader(good))
	want := []Authorisation{
		{Supplier: "Acme", Brand: "Nike", Scope: "store:eu", Until: "2026-12-31", Document: "letter, signed.pdf"},
		{Brand: "Lego", Document: "reg.pdf"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, test := range []struct{ in, want string }{
		{"", "a.csv:1:1: no header row"},
		{"supplier,brand,dokument\n", `a.csv:1:16: unknown column "dokument"`},
		{"supplier,brand\n", `no column "document"`},
		{"supplier,brand,document\nAcme,,x\n", "a.csv:2:6: no brand"},
		{"supplier,brand,document,until\nAcme,Nike,x,31/12/2026\n", `a.csv:2:13: date "31/12/2026" is not YYYY-MM-DD`},
		{"supplier,brand,document,from,until\nAcme,Nike,x,2026-02-01,2026-01-01\n", "a.csv:2:24: it ends on 2026-01-01, before"},
		{"supplier,brand,document,scope\nAcme,Nike,x,worldwide\n", `a.csv:2:13: scope "worldwide"`},
		{"supplier,brand,document\na,b,c,d\n", "a.csv:2:7: 4 cells in a row of 3 columns"},
		{"supplier,brand,document\n\"a,b,c\n", "read authorisations a.csv"},
	} {
		if _, err := ReadAuthorisations("a.csv", strings.NewReader(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.in, err, test.want)
		}
	}
	both := "supplier,brand,document,until\nAcme,,x,\nAcme,Nike,x,soon\n"
	if _, err := ReadAuthorisations("a.csv", strings.NewReader(both)); err == nil || strings.Count(err.Error(), "a.csv:") != 2 {
		t.Errorf("not all errors at once: %v", err)
	}
}

func TestDecisions(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	l := listing("1", "Nike shoes", "")
	scan(t, c, info("2026-01-01"), l)
	print := screen(l).Findings[0].Fingerprint
	decision := Decision{Fingerprint: print, Verdict: Accept, Reason: "sold off", Person: "Li", On: "2026-01-02"}
	for name, bad := range map[string]func(*Decision){
		"verdict":     func(d *Decision) { d.Verdict = "maybe" },
		"person":      func(d *Decision) { d.Person = " " },
		"date":        func(d *Decision) { d.On = "2.1.2026" },
		"end":         func(d *Decision) { d.Until = "never" },
		"order":       func(d *Decision) { d.Until = "2026-01-01" },
		"fingerprint": func(d *Decision) { d.Fingerprint = "beef" },
	} {
		d := decision
		bad(&d)
		if n, err := c.Decide(decision, d); err == nil || n != 0 {
			t.Errorf("wrong %s: recorded %d", name, n)
		}
	}
	for i, want := range []int{1, 0} {
		if n, err := c.Decide(decision); err != nil || n != want {
			t.Errorf("time %d: recorded %d, %v", i, n, err)
		}
	}
	list, err := c.Decisions()
	if err != nil || len(list) != 1 || list[0].Until != "2026-07-01" || list[0].Mark != "Nike" || list[0].Level != scanner.High {
		t.Fatalf("%+v, %v", list, err)
	}
	changed := listing("1", "Nike shoes, new", "")
	fix := list[0]
	fix.Verdict, fix.On = Fix, "2026-02-01"
	for _, test := range []struct {
		name      string
		listing   scanner.Listing
		asOf      string
		decisions []Decision
		level     scanner.Level
		says      string
	}{
		{"before", l, "2026-01-01", list, scanner.High, ""},
		{"in force", l, "2026-07-01", list, scanner.None, "accept: sold off (Li, 2026-01-02, until 2026-07-01)"},
		{"ended", l, "2026-07-02", list, scanner.High, `The decision "accept" on "Nike" by Li of 2026-01-02 ended on 2026-07-01: open again.`},
		{"text changed", changed, "2026-01-03", list, scanner.High, `The text that the decision "accept" on "Nike" by Li of 2026-01-02 covered has changed: open again.`},
		{"overruled", l, "2026-02-01", append(list, fix), scanner.High, ""},
		{"not yet overruled", l, "2026-01-31", append(list, fix), scanner.None, "accept: sold off (Li, 2026-01-02, until 2026-07-01)"},
	} {
		r := screen(test.listing)
		NewExcuses(test.asOf, english(t), test.decisions, nil).Apply(r)
		if says := r.Findings[0].Excused + strings.Join(r.Notes, ""); r.Level != test.level || says != test.says {
			t.Errorf("%s: level %s, %q", test.name, r.Level, says)
		}
	}
}

func TestHistoryExcuses(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	l := listing("1", "Nike shoes", "Lego")
	scan(t, c, info("2026-01-01"), l)
	_, err := c.Decide(Decision{Fingerprint: screen(l).Findings[0].Fingerprint, Verdict: FalseAlarm, Person: "Li", On: "2026-01-05", Until: "2026-01-20"})
	if err != nil {
		t.Fatal(err)
	}
	scan(t, c, info("2026-01-08"), l)
	scan(t, c, info("2026-01-22"), l)
	list, err := c.Decisions()
	if err != nil {
		t.Fatal(err)
	}
	for asOf, want := range map[string]string{"2026-01-08": "1 1", "2026-01-22": "2 0"} {
		h, err := c.History(HistoryOptions{AsOf: asOf, Excuses: NewExcuses(asOf, english(t), list, nil)})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(len(h.Open), len(h.Excused)); got != want {
			t.Errorf("as of %s: open and excused %s, want %s", asOf, got, want)
		}
		if got := fmt.Sprint(h.Trend[0].Levels[scanner.High], h.Trend[1].Levels[scanner.High], h.Trend[2].Levels[scanner.High]); got != "1 0 1" {
			t.Errorf("trend %s", got)
		}
	}
}

func TestParseVerdict(t *testing.T) {
	for in, want := range map[string]Verdict{"Fix": Fix, " false-alarm ": FalseAlarm, "ask_supplier": AskSupplier, "误报": FalseAlarm, "接受": Accept} {
		if got, ok := ParseVerdict(in); !ok || got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	if v, ok := ParseVerdict("perhaps"); ok {
		t.Errorf("perhaps: %q", v)
	}
}

func TestPrecision(t *testing.T) {
	var list []Decision
	for i := range 19 {
		list = append(list, Decision{Fingerprint: fmt.Sprint(i), Kind: "trademark", Form: "exact", Verdict: Fix})
	}
	if p := PrecisionOf(list); p != nil {
		t.Errorf("19 decisions: %v", p)
	}
	list = append(list, Decision{Fingerprint: "0", Kind: "trademark", Form: "exact", Verdict: FalseAlarm},
		Decision{Fingerprint: "x", Kind: "claim", Form: "exact", Verdict: FalseAlarm})
	want := []Precision{{"claim", "exact", 0, 1}, {"trademark", "exact", 18, 1}}
	if p := PrecisionOf(list); !reflect.DeepEqual(p, want) {
		t.Errorf("%v", p)
	}
}
