package fold

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSee(t *testing.T) {
	const sep = Separator
	tests := []struct{ cell, want string }{
		{"plain", "plain"},
		{"a < b & c", "a < b & c"},
		{"N<b>i</b>ke", "Nike"},
		{"<p>Nike</p>shoes", "\nNike\nshoes"},
		{"Ni&shy;ke &amp; co", "Ni\u00adke & co"},
		{"&#78;ike &ampnike &bogus;", "Nike &nike &bogus;"},
		{"<script>nike</script>x<style>y</style>", "\n\nx\n\n"},
		{"Ni<!-- gucci -->ke", "Nike" + sep + " gucci " + sep},
		{"Ni<!-->ke", "Ni" + sep + ">ke" + sep},
		{"a<![CDATA[prada]]>b", "a" + "b" + sep + "[CDATA[prada]]" + sep},
		{"<!-- <b>Ni</b>ke &amp; <!-- co -->x", "x" + sep + " Nike &  co " + sep},
		{`<img src=x alt="Gucci &amp; co">bag`, "\nbag" + sep + "Gucci & co" + sep},
		{`<a title='Nike' href="y">x</a>`, "x" + sep + "Nike" + sep},
		{`<a aria-label=Nike title="">x</a>`, "x" + sep + "Nike" + sep},
		{`a<span style="DISPLAY : none">nike <span>air</span></span>b`, "ab" + sep + "nike air" + sep},
		{`a<div hidden><br>nike</div>b`, "a\nb" + sep + "\nnike\n" + sep},
		{`a<i style="font-size:0.9em">b</i>`, "ab"},
		{`a<i style="font-size:0">b`, "a" + sep + "b"},
		{`<a b="c>nike`, "nike"},
		{`<img alt="a>b">c`, "\nc" + sep + "a>b" + sep},
		{"<3 nike <", "<3 nike <"},
		{"x <a nike", "x <a nike"},
	}
	for _, tt := range tests {
		text := See(tt.cell)
		if text.Seen != tt.want {
			t.Errorf("See(%q) = %q, want %q", tt.cell, text.Seen, tt.want)
		}
		checkOrigins(t, &text)
	}
}

// checkOrigins: every byte of Seen comes from within Orig; a copied byte is
// that byte; ranges of one text come back in order.
func checkOrigins(t testing.TB, text *Text) {
	t.Helper()
	for i := range len(text.Seen) {
		from, to := text.Origin(i, i+1)
		if from < 0 || from > to || to > len(text.Orig) {
			t.Fatalf("%q: byte %d maps to [%d,%d)", text.Orig, i, from, to)
		}
		if to == from+1 && text.Orig[from] != text.Seen[i] && text.Seen[i] != '\n' {
			t.Fatalf("%q: byte %d is %q, its origin %q", text.Orig, i, text.Seen[i], text.Orig[from])
		}
	}
	n := len(text.Seen)
	for _, r := range [][2]int{{0, n}, {0, 0}, {n, n}, {n / 3, n / 2}, {n / 2, n}} {
		from, to := text.Origin(r[0], r[1])
		if from < 0 || from > to || to > len(text.Orig) {
			t.Fatalf("%q: range %v maps to [%d,%d)", text.Orig, r, from, to)
		}
	}
}

func TestOriginOfParts(t *testing.T) {
	cell := `A &amp; Ni<!-- secret Gucci -->ke <img alt="Pra&shy;da">`
	text := See(cell)
	for seen, orig := range map[string]string{
		"Nike":         "Ni<!-- secret Gucci -->ke",
		"&":            "&amp;",
		"Gucci":        "Gucci",
		"Pra\u00adda":  "Pra&shy;da",
		"secret Gucci": "secret Gucci",
	} {
		i := strings.Index(text.Seen, seen)
		if i < 0 {
			t.Errorf("%q is not seen in %q", seen, text.Seen)
			continue
		}
		if from, to := text.Origin(i, i+len(seen)); cell[from:to] != orig {
			t.Errorf("%q comes from %q, want %q", seen, cell[from:to], orig)
		}
	}
	tokens := Tokens(nil, text.Seen)
	separate := 0
	for _, tok := range tokens[1:] {
		if tok.Gap&GapFirst != 0 {
			separate++
		}
	}
	if separate != 2 {
		t.Errorf("%d texts stand apart, want 2: %q", separate, text.Seen)
	}
}

// Absurd markup costs what its length does.
func TestSeeIsLinear(t *testing.T) {
	const size = 1 << 20
	for _, unit := range []string{"<a ", "<", "&", "<!--", "<a b=\"", "<a b='>", "<b>", "<script>", "</", "<!", "&#x4", `<i style="display:none">`,
		"<!-- --", `<a title="`, `<a title="<b>" `, "<a title=<", `<a b="><a c='>`, "</script "} {
		cell := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		text := See(cell)
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%q repeated to a megabyte took %v", unit, d)
		}
		if from, to := text.Origin(0, len(text.Seen)); from > to {
			t.Errorf("%q: [%d,%d)", unit, from, to)
		}
	}
}

func FuzzSee(f *testing.F) {
	for _, s := range []string{"N<b>i</b>ke", "Ni<!-- x -->ke", `<img alt="Gucci &amp; co">`, "<a <a <a", "&ampnike", `<i style="display:none">x</i>`, "<!--<!---->", "<script>x", "\f\n<!>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		text := See(cell)
		if text.Orig != cell {
			t.Fatal("the cell itself is lost")
		}
		if utf8.ValidString(cell) && !utf8.ValidString(text.Seen) {
			t.Fatalf("See(%q) = %q is no UTF-8", cell, text.Seen)
		}
		checkOrigins(t, &text)
		for _, tok := range Tokens(nil, text.Seen) {
			from, to := text.Origin(int(tok.Start), int(tok.End))
			if from >= to {
				t.Fatalf("%q: token %q comes from nowhere", cell, text.Seen[tok.Start:tok.End])
			}
			if utf8.ValidString(cell) && !utf8.ValidString(cell[from:to]) {
				t.Fatalf("%q: token %q cuts a character", cell, cell[from:to])
			}
		}
	})
}
