package catalog

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// A search for a word finds it cut, and shows the place. Once one listing spells
// the word out, the same letters in a row are found whatever stands between.
func TestSearchSeesCutWords(t *testing.T) {
	titles := map[string]string{
		"plain": "Nike trainers", "sign": "n!ke trainers", "spaces": "best N I K E trainers", "dots": "N.I.K.E trainers",
		"picture": "Ni🔥ke trainers", "hyphen": "Ni-ke trainers", "mask": "N*ke trainers", "more": "wow X N I K E trainers",
		"gucci": "Gucc! bag", "pucci": "Pucci bag", "other": "Nine keys", "list": "N, I, K, E letters", "apart": "ni ke",
	}
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	var list []scanner.Listing
	for id, title := range titles {
		list = append(list, listing(id, title, ""))
	}
	scan(t, c, info("2026-01-01"), list...)
	for _, test := range []struct {
		query   string
		literal bool
		want    string // ids, sorted
	}{
		{"nike", false, "apart dots hyphen list mask more picture plain sign spaces"},
		{"nike", true, "plain"},
		{"n!ke", false, "apart dots hyphen list mask more picture plain sign spaces"},
		{"N.I.K.E", false, "apart dots hyphen list mask more picture plain sign spaces"},
		{`"nike trainers"`, false, "dots hyphen mask more picture plain sign spaces"},
		{"title:nike", false, "apart dots hyphen list mask more picture plain sign spaces"},
		{"gucci", false, "gucci"},
		{"Gucc!", true, "gucci"},
		{"wow -nike", false, ""},
	} {
		hits, err := c.Search(test.query, SearchOptions{Literal: test.literal})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, h := range hits.Hits {
			ids = append(ids, h.ID)
			if len(h.Snippets) == 0 {
				t.Errorf("%s: nothing is shown in %q", test.query, h.Title)
			}
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != test.want {
			t.Errorf("%s (literal %v): %s, want %s", test.query, test.literal, got, test.want)
		}
	}
}

func TestCutWords(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"N I K E", "[N I K E]=nike [N I K]=nik [I K E]=ike"},
		{"n!ke", "[n!ke]=nke [n!ke]=nike [n!ke]=*En/n*ke"},
		{"Ni🔥ke", "[Ni🔥ke]=nike [Ni🔥ke]=*Fn/ni*ke"},
		{"t-shirt", "[t-shirt]=tshirt"},
		{"$eiko", "[$eiko]=seiko"},
		{"a b", ""}, {"A, B, C, D", ""}, {"costs $50", ""}, {"end. Begin", ""}, {"a\nb\nc", "[a\nb\nc]=abc"}, {"耐!克", ""}, {"24-7", ""},
	} {
		var got []string
		cutWords(test.text, fold.Tokens(nil, test.text), func(c cutWord) {
			s := "[" + test.text[c.start:c.end] + "]=" + c.key
			if c.mask != "" {
				s += "/" + c.mask
			}
			got = append(got, s)
		})
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%q: %s, want %s", test.text, s, test.want)
		}
	}
}

// Whatever the text, a cut word lies within it, and its work is bounded.
func FuzzCutWords(f *testing.F) {
	for _, seed := range []string{"N I K E", "n!ke", "Ni🔥ke l*uis", "$eiko Gucc!", "a.b.c.d.e.f.g.h", "\xff!\xff", "İ!İ-x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		tokens := fold.Tokens(nil, text)
		n := 0
		cutWords(text, tokens, func(c cutWord) {
			n++
			if c.first < 0 || c.last <= c.first || c.last > len(tokens) || c.start < 0 || c.end <= c.start || c.end > len(text) || c.key == "" {
				t.Fatalf("%q: %+v", text, c)
			}
		})
		if n > 30*len(tokens) {
			t.Fatalf("%q: %d words of %d tokens", text, n, len(tokens))
		}
	})
}

func TestStoredListing(t *testing.T) {
	l := listing("1", "Nike \xff", "<b>x</b>\x00")
	d := newDocument(&scanner.Result{Listing: l})
	back, err := decodeListing(listingKey("eu", "1", 0), d.encode())
	if err != nil || back.Store != "eu" || back.ID != "1" || ContentHash(&back) != ContentHash(&l) {
		t.Errorf("%+v, %v", back, err)
	}
	for _, bad := range []string{"\x05abc", "\xff", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"} {
		if _, err := decodeListing("a\x00b\x00", bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
