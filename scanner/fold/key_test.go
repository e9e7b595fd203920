package fold

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	tests := map[string]string{
		"Nike": "nike", "NIKE": "nike", "nike": "nike", "Ｎｉｋｅ": "nike", "𝓝𝓲𝓴𝓮": "nike", "Ⓝⓘⓚⓔ": "nike", "🅽🅸🅺🅴": "nike",
		"Ni\u00adke": "nike", "N\u200bike": "nike", "N̶i̶k̶e̶": "nike", "Hermès": "hermes", "Müller": "muller", "straße": "strasse",
		"Łódź": "lodz", "ﬁla": "fila", "Найк": "наик", "Ёлка": "елка", "나이키": "나이키", "ナイキ": "ナイキ", "ﾅｲｷ": "ナイキ",
		"ไนกี้": "ไนกี้", "نايكي": "نايكي", "نَايْكِي": "نايكي", "İ": "i", "Ⅳ": "iv",
	}
	for in, want := range tests {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReduceMeets(t *testing.T) {
	for _, group := range [][]string{
		{"NIKE", "nike", "nlke", "N1ke", "Νike", "Nіke", "ΝІΚΕ", "🅽🅸🅺🅴", "Ni\u200bke", "N̶i̶k̶e̶", "n¡ke", "nike\u0301"},
		{"prada", "Pr@da", "PR4DA", "рrada", "prαda"},
		{"gucci", "Gucc!", "GUCC1", "gucсi", "ɢucci"},
		{"seiko", "$eiko", "5eiko", "ѕeiko"},
		{"rolex", "r0lex", "rоlex", "rοlex"},
	} {
		want, _ := Reduce(group[0])
		for _, g := range group {
			if got, _ := Reduce(g); got != want {
				t.Errorf("Reduce(%q) = %q, want %q as of %q", g, got, want, group[0])
			}
		}
	}
	for _, pair := range [][2]string{{"modem", "modern"}, {"nike", "nire"}, {"clear", "dear"}} {
		a, _ := Reduce(pair[0])
		if b, _ := Reduce(pair[1]); a == b {
			t.Errorf("%q and %q must not meet", pair[0], pair[1])
		}
	}
}

// Keys is Fold and Reduce in one pass.
func TestKeysAgree(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	letters := []rune("abzAZliIoO0123459@$!|+.-_~ éΝі\u200b耐🅽")
	for range 20000 {
		var b strings.Builder
		for range rnd.IntN(9) {
			b.WriteRune(letters[rnd.IntN(len(letters))])
		}
		token := b.String()
		folded, reduced, traits := Keys(token)
		r, tr := Reduce(token)
		if folded != Fold(token) || reduced != r || Traits(traits) != tr {
			t.Fatalf("Keys(%q) = %q, %q, %b; Fold %q, Reduce %q, %b", token, folded, reduced, traits, Fold(token), r, tr)
		}
	}
}

func TestKeysAllocateLittle(t *testing.T) {
	for token, most := range map[string]float64{"nike": 0, "nikel": 1, "Nike": 1, "Nikel": 2} {
		if n := testing.AllocsPerRun(100, func() { Keys(token) }); n > most {
			t.Errorf("Keys(%q) makes %v allocations, want at most %v", token, n, most)
		}
	}
}

func TestSteps(t *testing.T) {
	got := strings.Join(Steps("Νі\u200bkе", "nike"), "; ")
	for _, want := range []string{"GREEK CAPITAL LETTER NU -> n", "CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I -> i", "ZERO WIDTH SPACE dropped", "CYRILLIC SMALL LETTER IE -> e"} {
		if !strings.Contains(got, want) {
			t.Errorf("steps %q lack %q", got, want)
		}
	}
	if steps := Steps("Nike", "nike"); len(steps) != 0 {
		t.Errorf("plain letters need no step: %q", steps)
	}
}

// The short cut for plain letters gives what normalisation gives.
func TestStableFold(t *testing.T) {
	n := 0
	for r := rune(0x80); r < 0x20000; r++ {
		if !stable(r) && latinBase(r) == 0 {
			continue
		}
		if latinBase(r) != 0 {
			reduced, traits := Reduce("x" + string(r))
			if r2, t2 := Reduce("x" + string(r) + "\u200b"); reduced != r2 || traits|Hidden != t2 {
				t.Fatalf("Reduce(x%c) = %q %b, the long way %q %b", r, reduced, traits, r2, t2)
			}
		}
		n++
		for _, token := range []string{string(r), "a" + string(r), string(r) + "я"} {
			fast, ok := foldStable(token)
			if !ok || fast != normalised(token) {
				t.Fatalf("foldStable(%q) = %q, %v, want %q", token, fast, ok, normalised(token))
			}
		}
	}
	if n < 30000 {
		t.Errorf("only %d letters are stable", n)
	}
}

// normalised is the long way of foldUnicode: an invisible character that is
// dropped keeps the short cut out.
func normalised(token string) string { return foldUnicode(token + "\u200b") }

func TestShown(t *testing.T) {
	for text, want := range map[string]string{"BMW": "BMW", "ＢＭＷ": "BMW", "B\u200dM\u00adW": "BMW", "B\u0332MW": "BMW", "bmW": "bmW"} {
		if got := Shown(text); got != want {
			t.Errorf("Shown(%q) = %q, want %q", text, got, want)
		}
	}
}
