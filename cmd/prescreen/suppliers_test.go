package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// Every name is one that Windows, macOS and Linux take, and no two are the same
// where case and composition do not count.
func TestFileNames(t *testing.T) {
	long := strings.Repeat("深圳市", 60)
	for _, c := range []struct{ supplier, want string }{
		{"Tinkers Ltd", "Tinkers Ltd"},
		{"a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"},
		{"..", "_"},
		{"", "_"},
		{"../../etc/passwd", "_-..-etc-passwd"},
		{"con", "_con"},
		{"LPT1.old", "_LPT1.old"},
		{"com²", "_com²"},
		{"console", "console"},
		{"Ends. ", "Ends"},
		{"evil\u202egnp", "evilgnp"},
		{"tab\there\x1b", "tab-here-"},
		{"-rf", "_-rf"},
		{"Café", "Café"},
		{"Cafe\u0301", "Café"},
		{"深圳贸易", "深圳贸易"},
		{long, long[:99]},
	} {
		t.Run(fmt.Sprintf("%.20q", c.supplier), func(t *testing.T) {
			got := safeName(c.supplier)
			if got != c.want {
				t.Errorf("name %q, wanted %q", got, c.want)
			}
			if strings.ContainsAny(got, "<>:\"/\\|?*\x00\x1b\u202e") || got != strings.Trim(got, " ") || strings.HasSuffix(got, ".") || len(got) > longestName+1 {
				t.Errorf("%q is no safe name", got)
			}
		})
	}
	names := fileNames{}
	names.taken("Tinkers")
	got := map[string]bool{}
	for _, supplier := range []string{"tinkers", "TINKERS", "Café", "Cafe\u0301", "", ".", "con"} {
		name := names.of(supplier)
		if key := nameAsCompared(name); got[key] {
			t.Errorf("%q: the name %q is taken", supplier, name)
		} else {
			got[key] = true
		}
	}
}

func TestCopiedTexts(t *testing.T) {
	long := sentenceOf(120, 1)
	other := sentenceOf(120, 2)
	words := strings.Fields(long)
	words[60] = "changed"
	near := strings.Join(words, " ")
	html := "<p>" + strings.ToUpper(strings.Join(strings.Fields(long), "</p><p>")) + "</p>"
	han := hanOf(450)
	for _, c := range []struct {
		name  string
		texts [][4]string // supplier, store, id, text
		want  []string    // groups as "suppliers/stores/listings"
	}{
		{"two suppliers", [][4]string{{"A", "s", "1", long}, {"B", "s", "2", long}, {"C", "s", "3", other}}, []string{"2/1/2"}},
		{"two stores", [][4]string{{"A", "s", "1", long}, {"A", "t", "2", long}}, []string{"1/2/2"}},
		{"one supplier, one store", [][4]string{{"A", "s", "1", long}, {"a", "s", "2", long}}, nil},
		{"nearly the same", [][4]string{{"A", "s", "1", long}, {"B", "s", "2", near}}, []string{"2/1/2"}},
		{"other case and markup", [][4]string{{"A", "s", "1", long}, {"B", "s", "2", html}}, []string{"2/1/2"}},
		{"too short", [][4]string{{"A", "s", "1", long[:390]}, {"B", "s", "2", long[:390]}}, nil},
		{"different", [][4]string{{"A", "s", "1", long}, {"B", "s", "2", other}}, nil},
		{"half the same", [][4]string{{"A", "s", "1", long + " " + other}, {"B", "s", "2", long}}, nil},
		{"without spaces", [][4]string{{"A", "s", "1", han}, {"B", "s", "2", han}}, []string{"2/1/2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts := newCopiedTexts()
			for _, x := range c.texts {
				l := scanner.Listing{ID: x[2], Store: x[1], Fields: []scanner.Field{{Role: scanner.Description, Text: x[3]}}}
				texts.take(&l, newSupplier(supplierKey(x[0]), x[0]))
			}
			var got []string
			for _, g := range texts.groups() {
				got = append(got, fmt.Sprintf("%d/%d/%d", g.suppliers, g.stores, len(g.spots)))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("groups %v, wanted %v", got, c.want)
			}
		})
	}
}

// sentenceOf makes n words that depend on seed.
func sentenceOf(n, seed int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%x ", mix(uint64(seed*1000+i))>>44)
	}
	return b.String()
}

// hanOf makes n Chinese characters.
func hanOf(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4E00 + mix(uint64(i))%2000))
	}
	return b.String()
}

// The estimate is near the true share of shingles.
func TestResemblance(t *testing.T) {
	c := newCopiedTexts()
	base := strings.Fields(sentenceOf(400, 3))
	c.read(strings.Join(base, " "))
	whole := c.sketch()
	for _, changed := range []int{0, 4, 10, 40} {
		words := slices.Clone(base)
		for i := range changed {
			words[i*len(words)/changed] = fmt.Sprintf("new%d", i)
		}
		c.read(strings.Join(words, " "))
		all := len(base) - shingleTokens + 1
		kept := all - changed*shingleTokens
		want := kept * 100 / (2*all - kept)
		if got := resemblance(whole, c.sketch()); got < want-20 || got > want+20 {
			t.Errorf("%d words changed: %d %% alike, wanted about %d %%", changed, got, want)
		}
	}
}
