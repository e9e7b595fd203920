package catalog

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	for _, test := range []struct{ text, folded, reduced string }{
		{"Nike N1KE nlke Νіke niiike", "nike n1ke nlke νіke niiike", "nike nike nike nike nike"},
		{"100 1000 10l", "100 1000 10l", "100 1000 ioi"},
		{"Café ＮＩＫＥ", "cafe nike", "cafe nike"},
		{"耐克 shoe", "耐 克 shoe", "耐 克 shoe"},
		{" - ", "", ""},
	} {
		var folded, reduced []string
		for _, m := range terms(test.text) {
			folded, reduced = append(folded, m.folded), append(reduced, m.reduced)
		}
		if f, r := strings.Join(folded, " "), strings.Join(reduced, " "); f != test.folded || r != test.reduced {
			t.Errorf("%q: %q %q, want %q %q", test.text, f, r, test.folded, test.reduced)
		}
	}
}

// The index and the highlighter cut a text into the same words.
func FuzzTokenizer(f *testing.F) {
	for _, seed := range []string{"Nike N1KE", "Νіke", "耐克 Café", "a\u200bb", "x\u0301\u0301", "İI", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		tokens, list := (tokenizer{}).Tokenize([]byte(text)), terms(text)
		if len(tokens) != len(list) {
			t.Fatalf("%q: %d tokens, %d terms", text, len(tokens), len(list))
		}
		end := 0
		for i, m := range list {
			k := tokens[i]
			if string(k.Term) != m.folded || k.Start != m.start || k.End != m.end || k.Position != i+1 {
				t.Fatalf("%q: token %v, term %+v", text, k, m)
			}
			if m.start < end || m.end <= m.start || m.end > len(text) || m.folded == "" {
				t.Fatalf("%q: term %+v", text, m)
			}
			end = m.end
		}
	})
}

func TestEditsWithin(t *testing.T) {
	for _, test := range []struct {
		a, b string
		n    int
		want bool
	}{
		{"nike", "nike", 0, true}, {"nike", "nikee", 1, true}, {"nike", "nke", 1, true}, {"nike", "nake", 1, true},
		{"nike", "inke", 1, false}, {"nike", "inke", 2, true}, {"", "ab", 2, true}, {"", "abc", 2, false}, {"耐克", "耐", 1, true},
	} {
		if got := editsWithin([]rune(test.a), []rune(test.b), test.n); got != test.want {
			t.Errorf("%s %s %d: %v", test.a, test.b, test.n, got)
		}
	}
}
