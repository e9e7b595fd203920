package catalog

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// curatedScanner screens for invented names in every form, misspelt ones too.
func curatedScanner(t testing.TB, names ...string) *scanner.Scanner {
	t.Helper()
	var b strings.Builder
	b.WriteString("pack: mine\nversion: \"1\"\ntier: curated\ndescription: Invented names.\nrules:\n")
	for i, name := range names {
		fmt.Fprintf(&b, "  - id: r%d\n    mark: %q\n    kind: trademark\n    source: invented\n", i, name)
	}
	set, err := rules.Parse("mine.yaml", []byte(b.String()), rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := scanner.New(set, scanner.Options{AsOf: "2026-01-01", NoExplain: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// teller tells from the words of one text whether s may find anything there, as
// candidates tells from the words of the index.
type teller struct {
	sieve *scanner.Sieve
	words *wantedWords
}

func newTeller(s *scanner.Scanner) *teller {
	sieve, _ := s.Sieve()
	return &teller{sieve, wordsFor(s)}
}

func (w *teller) mayHold(text string) bool {
	seen := fold.See(text)
	sp := newSpeller()
	sp.read(seen.Seen)
	halves := map[int]bool{}
	words := sp.stretches
	for _, t := range sp.tokens {
		words = append(words, foldWord(seen.Seen[t.Start:t.End]))
	}
	for _, word := range words {
		if w.sieve.Begins(word) {
			return true
		}
		for _, half := range w.words.halvesIn(word) {
			halves[half] = true
		}
	}
	for _, pair := range w.words.pairs {
		if halves[pair[0]] && halves[pair[1]] {
			return true
		}
	}
	return false
}

// Wherever screening finds a name, its words have told so before.
func TestWordsTellWhereFindingsAre(t *testing.T) {
	names := []string{"Zorbex", "Mil Fendo", "Grimpel", "Brim & Tock", "佐贝斯", "Зорбекс", "ゾルベ", "조르벡", "ซอร์เบ", "زوربكس", "Q4X", "O'Brenko", "Fja-Lo 3"}
	pieces := []string{"zor", "bex", "Z", "O", "r", "b", "E", "x", "zorbex", "ZORBEX", "z0rbex", "Ζοrbex", "zor\u200bbex", "zorbexx", "zorrrbex", "zorbek", "mil", "fendo", "Fen", "do",
		"mi1", "M", "i", "l", "grim", "pel", "gr", "mpel", "brim", "tock", "and", "佐", "贝", "斯", "зорбекс", "Зор", "бекс", "ЗОРБЕКСА", "зорбекз", "ゾルベ", "ゾ", "ルベ", "조르벡", "조르", "벡은",
		"ซอร์เบ", "ซ", "อร์เบ", "زوربكس", "زور", "والزوربكس", "q4x", "Q", "4", "X", "obrenko", "o", "brenko", "s", "fjalo", "fja", "lo", "3", "hats", "kids", "forZorbex", "shoes", "a"}
	gaps := []string{" ", " ", " ", "", "", "-", ".", "*", "!", "@", "$", "+", "&", " & ", "'", "’", "🔥", "/", ", ", ". ", "\n", "*\n", "|", "_", "#", " - ", " . ", "\u00ad", "\t", "(", "\""}
	for name, s := range map[string]*scanner.Scanner{"list": realScanner(t, names...), "curated": curatedScanner(t, names...)} {
		rnd := rand.New(rand.NewPCG(7, 11))
		w := newTeller(s)
		screen := s.Screener()
		found, told := 0, 0
		for range 60_000 {
			var b strings.Builder
			for range 1 + rnd.IntN(6) {
				b.WriteString(gaps[rnd.IntN(len(gaps))])
				b.WriteString(pieces[rnd.IntN(len(pieces))])
			}
			b.WriteString(gaps[rnd.IntN(len(gaps))])
			text := b.String()
			may := w.mayHold(text)
			if may {
				told++
			}
			r := screen(scanner.Listing{Fields: []scanner.Field{{Role: scanner.Title, Text: text}}})
			if len(r.Findings) == 0 {
				continue
			}
			found++
			if !may {
				t.Errorf("%s: %q holds %q (%s), its words do not tell", name, text, r.Findings[0].Text, r.Findings[0].Form)
			}
		}
		if t.Logf("%s: %d found, %d told", name, found, told); found < 5000 || told > 58_000 {
			t.Errorf("%s: found %d, told %d of 60000", name, found, told)
		}
	}
}

// The built-in packs over generated listings, and over real ones where they are.
func TestCandidatesMissNothing(t *testing.T) {
	list := generated(300)
	tricks := []string{"Nike", "N1ke shoes", "L*uis Vuitton", "Gucc!", "adi das", "A D I D A S", "forNike", "Νike", "耐克 鞋", "Найковские", "no name", "addidas"}
	for i := range list {
		list[i].Fields[1].Text = tricks[i%len(tricks)] + " " + list[i].Fields[1].Text
	}
	real := realListings(t, 6000)
	t.Logf("%d real listings", len(real))
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := scanner.New(set, scanner.Options{AsOf: "2026-01-01", NoExplain: true})
	if err != nil {
		t.Fatal(err)
	}
	w := newTeller(s)
	screen := s.Screener()
	found := 0
	for _, l := range append(list, real...) {
		r := screen(l)
		if len(r.Findings) == 0 {
			continue
		}
		found++
		may := false
		for _, f := range l.Fields {
			may = may || w.mayHold(f.Text)
		}
		if !may {
			t.Errorf("%s holds %q (%s), its words do not tell", l.ID, r.Findings[0].Text, r.Findings[0].Form)
		}
	}
	if found < 250 {
		t.Errorf("only %d listings with findings", found)
	}
}

// A preview by words gives what a preview of everything gives.
func TestPreviewByWordsEqualsAll(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	list := append(generated(400), realListings(t, 3000)...)
	for i := range list {
		list[i].Store = "s"
	}
	scan(t, c, info("2026-01-01"), list...)
	v := words(5000)
	s := realScanner(t, "Nike", v[300], v[900]+" "+v[901], v[2000], "Kodak", "Black Ink", "Zorbex")
	got, err := c.Preview(t.Context(), s, PreviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	all := newPreviewer(c, PreviewOptions{Samples: 10})
	screen := s.Screener()
	if err := c.EachListing(t.Context(), func(l StoredListing) error { return all.add(l, screen(l.Listing)) }); err != nil {
		t.Fatal(err)
	}
	want := all.finish()
	want.Listings, want.Screened = want.Screened, got.Screened
	if fmt.Sprint(*got) != fmt.Sprint(*want) {
		t.Errorf("by words\n%+v\nall\n%+v", got, want)
	}
	if got.All || got.Screened >= got.Listings || got.Flagged == 0 {
		t.Errorf("%d of %d screened, %d flagged, all %v", got.Screened, got.Listings, got.Flagged, got.All)
	}
}

// While the ledger lacks words of what the index holds, all is screened.
func TestPreviewWithoutAllWords(t *testing.T) {
	c := searchable(t)
	s := realScanner(t, "Nike")
	whole, err := c.Preview(t.Context(), s, PreviewOptions{})
	if err != nil || whole.All || whole.Screened >= whole.Listings {
		t.Fatalf("%+v, %v", whole, err)
	}
	if err := c.update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(indexedKey) }); err != nil {
		t.Fatal(err)
	}
	all, err := c.Preview(t.Context(), s, PreviewOptions{})
	if err != nil || !all.All || all.Screened != all.Listings || all.Flagged != whole.Flagged || all.Findings != whole.Findings {
		t.Errorf("%+v, %v", all, err)
	}
}
