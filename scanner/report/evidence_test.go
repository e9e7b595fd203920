package report

import (
	"strings"
	"testing"

	"prescreen/scanner"
)

func TestEvidence(t *testing.T) {
	long := strings.Repeat("word ", 60)
	family := strings.Repeat("👨‍👩‍👧‍👦", 80)
	for _, c := range []struct{ name, text, hit, want string }{
		{"plain", "Red Nike shoe", "Nike", "Red [Nike] shoe"},
		{"start", "Nike shoe", "Nike", "[Nike] shoe"},
		{"end", "shoe by Nike", "Nike", "shoe by [Nike]"},
		{"tags and entities", "<p>Soft &amp; light</p><ul><li>like <b>Nike</b>&nbsp;Air</li></ul>", "Nike", "Soft & light like [Nike] Air"},
		{"tag inside", "an i<b>Phone</b> case", "i<b>Phone", "an [iPhone] case"},
		{"inside an attribute", `see <img alt="Nike shoe"> here`, "Nike", `see <img alt="[Nike] shoe"> here`},
		{"less than is no tag", "size < 5 Nike > 3", "Nike", "size < 5 [Nike] > 3"},
		{"long", long + "Nike " + long, "Nike", "…" + strings.TrimLeft(lastOf(long, 60), " ") + "[Nike] " + strings.TrimSuffix(long[:59], " ") + "…"},
		{"families", family + "Nike" + family, "Nike", "…" + strings.Repeat("👨‍👩‍👧‍👦", around) + "[Nike]" + strings.Repeat("👨‍👩‍👧‍👦", around) + "…"},
		{"lines", "a\n\n  b Nike\tc", "Nike", "a b [Nike] c"},
		{"hidden", "x\u202E Ni\u200Bke", "Ni\u200Bke", "x⟦RLO⟧ [Ni⟦ZWSP⟧ke]"},
		{"persian joiner stays", "می\u200Cخواهم Nike", "Nike", "می\u200Cخواهم [Nike]"},
	} {
		at := strings.Index(c.text, c.hit)
		e := evidenceOf(c.text, &scanner.Finding{Text: c.hit, Span: scanner.Span{Start: at, End: at + len(c.hit)}})
		if got := e.Before + "[" + e.Hit + "]" + e.After; got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

func lastOf(s string, n int) string { return s[len(s)-n:] }

// Markup that fills what is looked at first does not hide the sentence.
func TestEvidenceBehindMarkup(t *testing.T) {
	markup := strings.Repeat(`<span style="color:#000000;font-size:12px"></span>`, 40)
	text := "made for you " + markup + "Nike" + markup + " and others"
	at := strings.Index(text, "Nike")
	e := evidenceOf(text, &scanner.Finding{Text: "Nike", Span: scanner.Span{Start: at, End: at + 4}})
	if e.String() != "made for you Nike and others" {
		t.Errorf("got %q", e.String())
	}
}

// A finding whose place does not fit its listing still shows its words.
func TestEvidenceMisplaced(t *testing.T) {
	l := &scanner.Listing{Fields: []scanner.Field{{Text: "short"}}}
	for _, f := range []scanner.Finding{
		{Text: "Nike", Field: 3}, {Text: "Nike", Field: -1}, {Text: "Nike", Span: scanner.Span{Start: 3, End: 99}}, {Text: "Nike", Span: scanner.Span{Start: 4, End: 2}}, {Text: "Nike", Span: scanner.Span{Start: -1, End: 2}}} {
		if e := evidenceIn(l, &f); e != (evidence{Hit: "Nike"}) {
			t.Errorf("%+v: %+v", f.Span, e)
		}
	}
}

func FuzzEvidence(f *testing.F) {
	f.Add("<p>a Nike b</p>", 5, 9)
	f.Add("\xff\xfe\u202E<b", 1, 3)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		e := evidenceOf(text, &scanner.Finding{Text: "x", Span: scanner.Span{Start: start, End: end}})
		for _, part := range []string{e.Before, e.Hit, e.After} {
			if part != visible(part) {
				t.Errorf("not fit to be shown: %q", part)
			}
		}
	})
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"plain text":               "plain text",
		"a  b\n\tc":                "a b c",
		"\u202Eabc":                "⟦RLO⟧abc",
		"a\u0000b":                 "a⟦U+0000⟧b",
		"i\u200DPhone":             "i⟦ZWJ⟧Phone",
		"👩\u200D💻":                 "👩\u200D💻",
		"क्\u200Dष":                "क्\u200Dष",
		"bad\xffbyte":              "bad\uFFFDbyte",
		"tag\U000E0041x":           "tag⟦U+E0041⟧x",
		"🏴\U000E0067\U000E0062":    "🏴\U000E0067\U000E0062",
		"full\u3000width":          "full width",
		"e\u0301 stays":            "e\u0301 stays",
		"\u2028":                   "⟦LSEP⟧",
		"already ⟦RLO⟧ and \uFFFE": "already ⟦RLO⟧ and ⟦U+FFFE⟧",
	} {
		if got := visible(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestInert(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "text": "text", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", " =1": "' =1", "\t=1": "'\t=1", "＝1": "'＝1", "a=1": "a=1", "　＠x": "'　＠x"} {
		if got := inert(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"short", 10, "short"}, {"abcdef", 4, "abc…"}, {"ab cdef", 4, "ab…"}, {strings.Repeat("e\u0301", 5), 3, "e\u0301e\u0301…"}, {strings.Repeat("e\u0301", 3), 3, strings.Repeat("e\u0301", 3)}} {
		if got := cut(c.in, c.n); got != c.want {
			t.Errorf("%q to %d: %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		rows []int
		want string
	}{{nil, ""}, {[]int{2}, "2"}, {[]int{2, 3, 4, 9}, "2-4, 9"}, {[]int{1, 3, 5}, "1, 3, 5"}} {
		if got := ranges(c.rows); got != c.want {
			t.Errorf("%v: %s", c.rows, got)
		}
	}
}
