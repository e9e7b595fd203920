package main

import (
	"strings"
	"testing"

	"prescreen/scanner"
)

// deleted returns text without every [name] in it.
func deleted(text string, role scanner.Role) string {
	var spans []scanner.Span
	var b strings.Builder
	kept := map[int]bool{}
	for _, r := range text {
		switch r {
		case '[':
			spans = append(spans, scanner.Span{Start: b.Len()})
		case ']':
			spans[len(spans)-1].End = b.Len()
		case '^':
			kept[b.Len()] = true
		default:
			b.WriteRune(r)
		}
	}
	l := scanner.Listing{Fields: []scanner.Field{{Text: b.String()}}}
	cuts := cutNames(b.String(), role, spans, func(at int) bool { return kept[at] })
	return scanner.Apply(l, cuts).Fields[0].Text
}

// deletions are titles with the names to delete in brackets, ^ before a name
// that stays, and what is to be left.
var deletions = []struct{ in, want string }{
	{"[Nike] shoes", "Shoes"},
	{"[NIKE] SHOES", "SHOES"},
	{"[Nike] iPhone pouch", "iPhone pouch"},
	{"Great [Nike] shoes", "Great shoes"},
	{"Great  [Nike]  shoes", "Great shoes"},
	{"Shoes [Nike]", "Shoes"},
	{"Case for [Nike] - black", "Case - black"},
	{"Case for  [Nike]  - black", "Case - black"},
	{"Case for [Nike]® - black", "Case - black"},
	{"Case for [Nike] shoes", "Case for shoes"},
	{"Case compatible with [Nike], black", "Case, black"},
	{"Case for [Nike], ^Puma bags", "Case for Puma bags"},
	{"Case for [Nike] and ^Puma", "Case for Puma"},
	{"Case for ^Nike and [Puma]", "Case for Nike"},
	{"Case for [Nike]/[Puma] - black", "Case - black"},
	{"Case for [Nike], [Puma] - black", "Case - black"},
	{"Shoes ([Nike])", "Shoes"},
	{"Shoes ([Nike]) blue", "Shoes blue"},
	{"Shoes (by [Nike]) blue", "Shoes blue"},
	{"Shoes ([Nike], blue)", "Shoes (blue)"},
	{"Shoes(Nike [Puma])blue", "Shoes(Nike)blue"},
	{"Cup([Nike])blue", "Cup blue"},
	{`Shoes "[Nike]" blue`, "Shoes blue"},
	{"Shoes “[Nike]” blue", "Shoes blue"},
	{"Shoes &quot;[Nike]&quot; blue", "Shoes blue"},
	{"red, [Nike], blue", "red, blue"},
	{"[Nike], blue", "Blue"},
	{"red, [Nike]", "red"},
	{"red / [Nike] / blue", "red / blue"},
	{"red - [Nike], blue", "red - blue"},
	{"red, [Nike] - blue", "red - blue"},
	{"[Nike] - Great shoes", "Great shoes"},
	{"[Nike] | Great shoes", "Great shoes"},
	{"Great shoes | [Nike]", "Great shoes"},
	{"Great shoes by [Nike].", "Great shoes."},
	{"Great shoes by [Nike]. Cheap", "Great shoes. Cheap"},
	{"Buy. [Nike] shoes", "Buy. Shoes"},
	{"an [Adidas] shoe", "a shoe"},
	{"a [Nike] ankle sock", "an ankle sock"},
	{"Like the [Nike], but blue", "Like, but blue"},
	{"for [Nike] -20% off", "for -20% off"},
	{"[Nike]-shoes in red", "Shoes in red"},
	{"Red [Nike]-shoes", "Red shoes"},
	{"Red non-[Nike] shoes", "Red non shoes"},
	{"<p>Shoes for <b>[Nike]</b> - black</p>", "<p>Shoes <b></b>- black</p>"},
	{"<li>[Nike]</li><li>blue</li>", "<li></li><li>blue</li>"},
	{"<p>[Nike] shoes</p>", "<p>Shoes</p>"},
	{"Shoes&nbsp;[Nike]&nbsp;blue", "Shoes&nbsp;blue"},
	{"Shoes [Nike]&reg; blue", "Shoes blue"},
	{"Salt &amp; [Nike]", "Salt"},
	{"[Nike] &amp; salt", "Salt"},
	{"first line [Nike]\nsecond line", "first line\nsecond line"},
	{"适用于[耐克]", ""},
	{"手机壳适用于[耐克]，黑色", "手机壳，黑色"},
	{"[耐克]的鞋", "鞋"},
	{"鞋（[耐克]）黑色", "鞋黑色"},
	{"红、[耐克]、蓝", "红、蓝"},
	{"Чехол для [Nike], чёрный", "Чехол, чёрный"},
	{"Hülle für [Nike] - schwarz", "Hülle - schwarz"},
	{"Funda para [Nike] (negra)", "Funda (negra)"},
}

func TestDeletionLeavesNothingBehind(t *testing.T) {
	for _, tt := range deletions {
		if got := deleted(tt.in, scanner.Title); got != tt.want {
			t.Errorf("%s\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
	for in, want := range map[string]string{"[Nike], shoes, red": "shoes, red", "shoes,[nike],red": "shoes,red", "shoes|[Nike]": "shoes", "[nike]": "", "shoes [nike] red": "shoes red"} {
		if got := deleted(in, scanner.Tags); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}
