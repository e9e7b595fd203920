package scanner

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"prescreen/rules"
)

func builtin(t testing.TB, opt Options) *Scanner {
	t.Helper()
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(set, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func titled(title, category string) Listing {
	return Listing{ID: "1", Store: "test", Category: category, Fields: []Field{{Role: Title, Column: "Title", Row: 2, Text: title}}}
}

// TestScreen gives one plain example of every form and use: what the worst
// finding of a title is.
func TestScreen(t *testing.T) {
	s := builtin(t, Options{})
	for _, c := range []struct {
		title, category string
		mark            string // "" for nothing at low or above
		form            Form
		use             Use
		level           Level
	}{
		{"Nike trail shoes women 38", "Shoes", "Nike", "exact", UsePlain, High},
		{"NIKE trail shoes women 38", "Shoes", "Nike", "folded", UsePlain, High},
		{"two Gucci's belts", "Belts", "Gucci", "inflected", UsePlain, High},
		{"耐克 跑步鞋 男款", "", "Nike", "alias", UsePlain, High},
		{"louisvuitton wallet brown", "Wallets", "Louis Vuitton", "joined", UsePlain, High},
		{"Ni🔥ke gym bag", "Bags", "Nike", "split", UsePlain, High},
		{"N\u200bike gym bag", "Bags", "Nike", "invisible", UsePlain, Critical},
		{"Αdidas gym bag", "Bags", "adidas", "lookalike", UsePlain, Critical},
		{"G.U.C.C.I belt", "Belts", "Gucci", "spelled-out", UsePlain, Critical},
		{"Guuucci belt", "Belts", "Gucci", "repeated", UsePlain, High},
		{"R0lex wall clock", "Watches", "Rolex", "leet", UsePlain, High},
		{"Pr*da purse", "Handbags", "Prada", "masked", UsePlain, High},
		{"Rolexx submarine watch", "Watches", "Rolex", "misspelt", UsePlain, High},
		{"Phone case for iPhone 14", "Phone cases", "iPhone", "exact", UseCompatibility, Low},
		{"Bottega Veneta inspired woven pouch", "Handbags", "Bottega Veneta", "exact", UseImitation, Critical},
		{"replica Rolex automatic", "Watches", "Rolex", "exact", UseCounterfeit, Critical},
		{"authentic Prada nylon backpack", "Backpacks", "Prada", "exact", UseGenuineClaim, Critical},
		{"Gap in the fence: repair kit", "Garden", "", "", "", None},
		{"Apple tree seeds", "Garden", "", "", "", None},
		{"coach bus model", "Toys", "", "", "", None},
		{"Velcro dots 100 pcs", "Sewing", "Velcro", "exact", UsePlain, High},
		{"Sparkling wine from Chile, Champagne style", "Wine", "Champagne", "exact", UseImitation, Critical},
		{"champagne coloured silk dress", "Dresses", "", "", "", None},
		{"cream that cures arthritis", "Health", "cures arthritis", "exact", UsePlain, High},
		{"Super Bowl party napkins", "Party", "Super Bowl", "exact", UsePlain, High},
	} {
		r := s.Screen(titled(c.title, c.category))
		var worst *Finding
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Level >= Low && (worst == nil || f.Rights > worst.Rights) {
				worst = f
			}
		}
		switch {
		case worst == nil && c.mark == "":
		case worst == nil:
			t.Errorf("%q: nothing found, want %s", c.title, c.mark)
		case c.mark == "":
			t.Errorf("%q: found %s (%s), want nothing", c.title, worst.Mark, worst.Level)
		case worst.Mark != c.mark || worst.Form != c.form || worst.Use != c.use || worst.Level != c.level:
			t.Errorf("%q: got %s %s %s %s, want %s %s %s %s", c.title, worst.Mark, worst.Form, worst.Use, worst.Level, c.mark, c.form, c.use, c.level)
		}
	}
}

// checkFinding holds a finding to what every output promises.
func checkFinding(t testing.TB, l *Listing, f *Finding) {
	t.Helper()
	if got := l.Fields[f.Field].Text[f.Span.Start:f.Span.End]; got != f.Text || got == "" {
		t.Errorf("%s: text %q, slice %q", f.Rule, f.Text, got)
	}
	for _, s := range []Score{f.Certainty, f.UseRisk, f.Platform} {
		sum := 0
		for _, p := range s.Parts {
			sum += p.Points
		}
		if sum != s.Points || sum < 0 || sum > 100 {
			t.Errorf("%s %q: parts %v sum to %d, points %d", f.Rule, f.Text, s.Parts, sum, s.Points)
		}
	}
	if f.Rights != (f.Certainty.Points*f.UseRisk.Points+50)/100 {
		t.Errorf("%s: rights %d of %d x %d", f.Rule, f.Rights, f.Certainty.Points, f.UseRisk.Points)
	}
}

// mixedListings are enough different words to fill a small memo many times.
func mixedListings(n int) []Listing {
	words := strings.Fields("Nike N1ke Gucci case for iPhone 15 Dyson style vacuum apple cider Velcro strap coach bus Rolex replica plain linen towel Champagne glass L*uis V*itton N.I.K.E adi das #nikeairmax 耐克 同款 Адидаса для Bosch replica")
	var out []Listing
	for i := range n {
		title := fmt.Sprintf("%s %s item%d %s %s", words[i%len(words)], words[(i*7+1)%len(words)], i, words[(i*3+2)%len(words)], words[(i*5)%len(words)])
		l := titled(title, "Things")
		l.ID = fmt.Sprint(i)
		l.Fields = append(l.Fields, Field{Role: Description, Column: "Body", Row: 2, Text: "<p>" + strings.ToUpper(title) + " &amp; more</p>"})
		out = append(out, l)
	}
	return out
}

func each(ls []Listing) iter.Seq2[Listing, error] {
	return func(yield func(Listing, error) bool) {
		for _, l := range ls {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// The number of workers and the size of the memo change nothing.
func TestRunIsTheSame(t *testing.T) {
	ls := mixedListings(700)
	var want []Result
	for _, c := range []struct{ workers, memo int }{{1, 0}, {1, -1}, {3, 16}, {4, 0}} {
		s := builtin(t, Options{Memo: c.memo})
		var got []Result
		for item := range s.Run(context.Background(), each(ls), c.workers, nil) {
			got = append(got, item.Result)
			for i := range item.Result.Findings {
				checkFinding(t, &item.Result.Listing, &item.Result.Findings[i])
			}
		}
		if want == nil {
			want = got
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers, memo %d: results differ from one worker's", c.workers, c.memo)
		}
	}
	if want[0].Level == None {
		t.Error("the first listing names a mark and nothing was found")
	}
}

// Kept tables answer as freshly built ones do, and damaged ones are built anew.
func TestKeptTables(t *testing.T) {
	dir := t.TempDir()
	ls := mixedListings(200)
	want := builtin(t, Options{})
	for _, round := range []string{"built", "kept", "damaged"} {
		if round == "damaged" {
			files, err := filepath.Glob(filepath.Join(dir, "*.tables"))
			if err != nil || len(files) != 1 {
				t.Fatalf("kept files: %v, %v", files, err)
			}
			if err := os.WriteFile(files[0], []byte("prescmat and nothing more"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got := builtin(t, Options{Tables: Tables{Dir: dir, Build: "test"}})
		for _, l := range ls {
			if a, b := got.Screen(l), want.Screen(l); !reflect.DeepEqual(a, b) {
				t.Fatalf("%s: %q differs", round, l.Title())
			}
		}
	}
}

// A caller that stops early leaves nothing running behind.
func TestRunStops(t *testing.T) {
	s := builtin(t, Options{})
	n := 0
	for range s.Run(context.Background(), each(mixedListings(2000)), 2, nil) {
		if n++; n == 10 {
			break
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range s.Run(ctx, each(mixedListings(2000)), 2, nil) {
		n++
	}
	if n > 10+2000 {
		t.Errorf("a cancelled run yielded %d listings", n-10)
	}
}

// Points can be overridden by name; an unknown name is refused.
func TestOptions(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(set, Options{Points: map[string]int{"use.titel": 1}}); err == nil {
		t.Error("a point that is not known was accepted")
	}
	if _, err := New(set, Options{Levels: Thresholds{50, 60, 40, 20}}); err == nil {
		t.Error("levels that do not rise were accepted")
	}
	if _, err := New(set, Options{Lang: "xx"}); err == nil {
		t.Error("a language that is not there was accepted")
	}
	own := builtin(t, Options{OwnBrands: []string{"NIKE"}})
	if r := own.Screen(titled("Nike trail shoes", "Shoes")); r.Level != None || len(r.Findings) == 0 || r.Findings[0].Excused == "" {
		t.Errorf("an own brand is not excused: %v", r.Level)
	}
	if r := own.Screen(titled("N1ke trail shoes", "Shoes")); r.Level < High {
		t.Errorf("a disguise of an own brand is excused: %v", r.Level)
	}
	low := builtin(t, Options{Points: map[string]int{"use.trademark.floor: plain use": 0, "use.title": -40}})
	if r := low.Screen(titled("Nike trail shoes", "Shoes")); r.Level >= High {
		t.Errorf("overridden points have no effect: %v", r.Level)
	}
}

// TestBuiltinRulesProve screens every hit and miss of the embedded packs.
func TestBuiltinRulesProve(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	faults, err := Prove(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

func TestLexiconsAreSorted(t *testing.T) {
	for i, l := range lexicons() {
		if !l.sorted() {
			t.Errorf("lexicon %d is not sorted", i)
		}
	}
	for _, w := range []string{"house", "running", "cider"} {
		if !ordinaryWord(w) {
			t.Errorf("%q is an ordinary word", w)
		}
	}
	if ordinaryWord("xqzvw") {
		t.Error("xqzvw is no word")
	}
}
