package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The names the doubtful forms are tried on: neighbours, prefixes and
// anagrams of one another among them.
var oracleNames = []string{"nike", "niked", "adidas", "adidos", "louis vuitton", "prada", "gucci", "guccio", "lego", "rav4", "iphone", "swarovski", "swarowsky",
	"kenzo", "reebok", "airmax", "silksilk", "hollister", "tommy hilfiger", "bose", "boss", "dior", "fila", "casio"}

// resolveOracle says what a lone token of letters and digits may be, by trying
// every one-word name in turn, strongest reading first.
func resolveOracle(names []string, ordinary func(string) bool, token string) (out []string) {
	folded, reduced, traits := testKeys(token)
	phraseWords := map[string]bool{}
	var singles []string
	for _, n := range names {
		if strings.Contains(n, " ") {
			for _, w := range strings.Fields(n) {
				phraseWords[w] = true
			}
			continue
		}
		singles = append(singles, n)
		if n == folded {
			return []string{n}
		}
	}
	if !ordinary(folded) {
		for _, n := range singles {
			if len(n) >= 4 && (folded == n+"s" || folded == n+"es") {
				out = append(out, n)
			}
		}
	}
	if len(out) > 0 || ordinary(folded) || phraseWords[folded] {
		return out
	}
	for _, n := range singles {
		if _, r, _ := testKeys(n); r == reduced && disguiseOracle(n, folded, traits) {
			out = append(out, n)
		}
	}
	return out
}

// disguiseOracle: digits disguise letters only in a token of at least two
// letters and no more digits than letters; letters do not disguise digits.
func disguiseOracle(name, folded string, traits uint8) bool {
	letters := len(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, folded))
	switch {
	case traits&other != 0 || traits&(asciiLetter|foreign) == 0:
		return false
	case traits&foreign != 0, traits&hidden != 0:
	case traits&substitute != 0:
		if letters < 2 || 2*letters < len(folded) {
			return false
		}
	case strings.ContainsAny(name, "0123456789"):
		return false
	}
	return len(name) >= 4
}

// namesIn lists the distinct one-word names found as the whole text.
func namesIn(f *Finder, names []string, text string) []string {
	var out []string
	for _, h := range hitsOf(f, text) {
		if n := names[h.pattern]; !strings.Contains(n, " ") && h.start == 0 && h.end == len(text) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Look-alikes, digits for letters and inflections: every name with every
// change of one character, against equality of reduced keys over all names.
func TestReducedOracle(t *testing.T) {
	const forms = PlainForms | 1<<Inflected | 1<<Lookalike | 1<<Leet | 1<<Invisible
	ordinary := ordinaryOf("bose", "dlor", "boses", "filas")
	f := Build(patternsOf(forms, oracleNames...), Options{Keys: testKeys, Ordinary: ordinary}).NewFinder(DefaultMemo)
	found := 0
	try := func(token string) {
		want := resolveOracle(oracleNames, ordinary, token)
		slices.Sort(want)
		if got := namesIn(f, oracleNames, token); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", token, got, want)
		}
		found += len(want)
	}
	changes := []string{"1", "l", "0", "5", "3", "4", "7", "Ν", "і", "е", "x", "N", "\u200b", "ss", "es"}
	for _, name := range oracleNames {
		if strings.Contains(name, " ") {
			continue
		}
		try(name + "s")
		for i := range name {
			for _, c := range changes {
				one := name[:i] + c + name[i+1:]
				try(one)
				for k := range one {
					if runeEdge(one, int32(k)) && one[k] < 0x80 {
						try(one[:k] + "1" + one[k+1:])
						try(one[:k] + "0" + one[k+1:])
					}
				}
			}
		}
	}
	if found < 150 {
		t.Fatalf("the oracle found %d names only", found)
	}
}

// Repeated letters: equality after every run is made one letter, where the
// token shows a run of three.
func TestRepeatedOracle(t *testing.T) {
	f := Build(patternsOf(PlainForms|1<<Repeated, oracleNames...), Options{Keys: testKeys}).NewFinder(DefaultMemo)
	single := func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			if i == 0 || s[i] != s[i-1] {
				b.WriteByte(s[i])
			}
		}
		return b.String()
	}
	for _, name := range oracleNames {
		for i := range name {
			for n := 2; n <= 5; n++ {
				token := name[:i] + strings.Repeat(name[i:i+1], n) + name[i+1:]
				if strings.Contains(name, " ") || strings.ContainsAny(token, "0123456789") {
					continue
				}
				var want []string
				for _, other := range oracleNames {
					if single(other) == single(token) && (other == token || strings.Contains(token, strings.Repeat(name[i:i+1], 3)) && len(other) < len(token)) && len(other) >= 4 {
						want = append(want, other)
					}
				}
				slices.Sort(want)
				if got := namesIn(f, oracleNames, token); !slices.Equal(got, want) {
					t.Fatalf("%q: got %v, want %v", token, got, want)
				}
			}
		}
	}
}

// Masks: every mask of every name with one or two stars, against a comparison
// with every name, character by character.
func TestMaskedOracle(t *testing.T) {
	names := append(slices.Clone(oracleNames), "nire", "nake", "niku", "adides", "prado")
	f := Build(patternsOf(PlainForms|1<<Masked, names...), Options{Keys: testKeys}).NewFinder(DefaultMemo)
	masks := 0
	try := func(mask string) {
		shown := len(mask) - strings.Count(mask, "*")
		var want []string
		for _, n := range names {
			ok := len(n) == len(mask) && len(n) >= 4 && 5*shown >= 3*len(n) && shown >= 3 && strings.Trim(n, "abcdefghijklmnopqrstuvwxyz") == ""
			for i := range len(mask) {
				ok = ok && (mask[i] == '*' || mask[i] == n[i])
			}
			if ok {
				want = append(want, n)
			}
		}
		if len(want) > 4 {
			want = nil
		}
		slices.Sort(want)
		if got := namesIn(f, names, mask); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", mask, got, want)
		}
		masks += len(want)
	}
	for _, n := range names {
		if strings.Contains(n, " ") {
			continue
		}
		for i := 1; i < len(n)-1; i++ {
			try(n[:i] + "*" + n[i+1:])
			for k := i + 1; k < len(n)-1; k++ {
				try(n[:i] + "*" + n[i+1:k] + "*" + n[k+1:])
			}
		}
	}
	if masks < 60 {
		t.Fatalf("only %d masks fitted", masks)
	}
}

// Spelled out and split: the letters joined are the name, whatever single
// separator is used; two ordinary halves are marked as such, and a single letter
// cut off an ordinary word is nothing.
func TestJoinedPieces(t *testing.T) {
	ordinary := ordinaryOf("air", "max", "silk", "holl", "is")
	f := Build(patternsOf(PlainForms|1<<SpelledOut|1<<Split, oracleNames...), Options{Keys: testKeys, Ordinary: ordinary}).NewFinder(DefaultMemo)
	for _, name := range oracleNames {
		if strings.Contains(name, " ") || len(name) < 4 || name == "rav4" {
			continue
		}
		for _, sep := range []string{".", "-", " ", "_", " . "} {
			text := strings.Join(strings.Split(name, ""), sep)
			if got := namesIn(f, oracleNames, text); !slices.Equal(got, []string{name}) {
				t.Errorf("%q: got %v", text, got)
			}
		}
		if text := strings.Join(strings.Split(name, ""), ", "); len(namesIn(f, oracleNames, text)) > 0 {
			t.Errorf("%q is a list", text)
		}
		for i := 1; i < len(name); i++ {
			a, b := name[:i], name[i:]
			single := i == 1 || i == len(name)-1
			want := []string{name}
			if len(name) < 5 || single && (ordinary(a) || ordinary(b)) {
				want = nil
			}
			if got := namesIn(f, oracleNames, a+" "+b); !slices.Equal(got, want) {
				t.Errorf("%q: got %v, want %v", a+" "+b, got, want)
			}
			for _, m := range f.out {
				if plain := ordinary(a) && ordinary(b); (m.Cost == PlainWords) != plain {
					t.Errorf("%q: cost %d", a+" "+b, m.Cost)
				}
			}
		}
	}
}

// gluedOracle tries every place of every name in the token and segments what
// is left in every way.
func gluedOracle(names []string, ordinary func(string) bool, token string) (best string) {
	isName := func(w string) bool { return slices.Contains(names, w) }
	var made func(s string) bool
	made = func(s string) bool {
		if s == "" || strings.Trim(s, "0123456789") == "" {
			return true
		}
		for k := 3; k <= len(s); k++ {
			if (k >= 4 && ordinary(s[:k]) || isName(s[:k])) && made(s[k:]) {
				return true
			}
		}
		return false
	}
	plain := true // so is the best one yet
	for i := range token {
		for j := i + 4; j <= len(token); j++ {
			w := token[i:j]
			if !isName(w) || j-i == len(token) || !made(token[:i]) || !made(token[j:]) {
				continue
			}
			year := i == 0 && strings.Trim(token[j:], "0123456789") == ""
			if p := ordinary(w) && !year; plain && !p || p == plain && j-i > len(best) {
				best, plain = w, p
			}
		}
	}
	return best
}

func TestGluedOracle(t *testing.T) {
	names := []string{"nike", "adidas", "gucci", "puma", "airmax", "fila"}
	words := []string{"for", "shoes", "new", "red", "fila", "max", "running", "profile", "with"}
	ordinary := ordinaryOf(words...)
	f := Build(patternsOf(PlainForms|1<<Joined, names...), Options{Keys: testKeys, Ordinary: ordinary}).NewFinder(DefaultMemo)
	parts := append(append([]string{"", "12", "xq", "ike", "s"}, names...), words...)
	glued := 0
	for _, a := range parts {
		for _, b := range parts {
			for _, c := range parts {
				token := a + b + c
				if len(token) < 6 || ordinary(token) || slices.Contains(names, token) {
					continue
				}
				want := gluedOracle(names, ordinary, token)
				got := ""
				for _, h := range hitsOf(f, token) {
					got = token[h.start:h.end]
				}
				for _, m := range f.out {
					year := m.Start == 0 && digitsOnly(token[m.End:])
					if plain := m.Form == Joined && ordinary(got) && !year; (m.Cost == PlainWords) != plain {
						t.Fatalf("%q: cost %d", token, m.Cost)
					}
				}
				if got != want {
					t.Fatalf("%q: got %q, want %q", token, got, want)
				}
				if want != "" {
					glued++
				}
			}
		}
	}
	if glued < 100 {
		t.Fatalf("only %d glued", glued)
	}
}

// nearOracle tells whether a and b become equal when at most ka and kb letters
// are left out, by leaving out every choice of letters.
func nearOracle(a string, ka int, b string, kb int) bool {
	left := func(s string, k int) map[string]bool {
		set := map[string]bool{s: true}
		for range k {
			for w := range maps(set) {
				for i := range len(w) {
					set[w[:i]+w[i+1:]] = true
				}
			}
		}
		return set
	}
	x := left(a, ka)
	for w := range left(b, kb) {
		if x[w] {
			return true
		}
	}
	return false
}

func maps(set map[string]bool) map[string]bool {
	c := make(map[string]bool, len(set))
	for k := range set {
		c[k] = true
	}
	return c
}

// Misspellings: brute force over all names, cheapest within budget.
func TestMisspeltOracle(t *testing.T) {
	var names []string
	for _, n := range oracleNames {
		if !strings.Contains(n, " ") && n != "rav4" {
			names = append(names, n)
		}
	}
	m := Build(patternsOf(PlainForms|1<<Misspelt, names...), Options{Keys: testKeys})
	f := m.NewFinder(DefaultMemo)
	rnd := rand.New(rand.NewPCG(3, 4))
	edits := func(s string) string {
		b := []byte(s)
		i := rnd.IntN(len(b))
		switch rnd.IntN(4) {
		case 0:
			b = append(b[:i], b[i+1:]...)
		case 1:
			b = slices.Insert(b, i, b[i])
		case 2:
			if i > 0 {
				b[i], b[i-1] = b[i-1], b[i]
			}
		default:
			b[i] = byte('a' + rnd.IntN(26))
		}
		return string(b)
	}
	found := 0
	for range 20000 {
		token := edits(names[rnd.IntN(len(names))])
		if rnd.IntN(2) == 0 {
			token = edits(token)
		}
		want := misspeltOracle(names, token)
		got := namesIn(f, names, token)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", token, got, want)
		}
		found += len(want)
	}
	if found < 1000 {
		t.Fatalf("only %d found", found)
	}
}

func misspeltOracle(names []string, token string) []string {
	if slices.Contains(names, token) {
		return []string{token}
	}
	var best []string
	least := 255
	for _, n := range names {
		cost := Distance(token, n, 255)
		if len(token) < 4 || cost > Budget(len(n)) || !nearOracle(token, deletions(len(token)), n, deletions(len(n))) {
			continue
		}
		if cost < least {
			best, least = nil, cost
		}
		if cost == least {
			best = append(best, n)
		}
	}
	slices.Sort(best)
	return best
}

// The answers are the same whatever the Finder remembers.
func TestMemoChangesNothing(t *testing.T) {
	m := Build(patternsOf(AllForms, oracleNames...), Options{Keys: testKeys, Ordinary: ordinaryOf("for", "shoes", "air")})
	finders := []*Finder{m.NewFinder(0), m.NewFinder(16), m.NewFinder(DefaultMemo)}
	rnd := rand.New(rand.NewPCG(5, 6))
	bits := append(strings.Fields("for shoes air N1ke L*uis vuiton N.I.K.E Pr@da gucc! adi das ad1das tomy hilfigger forNike Reebook's nikeshoes 501"), "Ni🔥ke")
	for range 2000 {
		var parts []string
		for range 1 + rnd.IntN(8) {
			parts = append(parts, bits[rnd.IntN(len(bits))])
		}
		text := strings.Join(parts, " ")
		tokens := testTokens(text)
		var first string
		for i, f := range finders {
			found, complete := f.Find(text, tokens)
			checkSpans(t, text, tokens, found)
			if got := fmt.Sprint(found, complete); i == 0 {
				first = got
			} else if got != first {
				t.Fatalf("%q with another memo:\n%s\n%s", text, first, got)
			}
		}
	}
}

// hopeless gives up only on words that mean nothing: the long way, taken when
// an invisible character is added, agrees for every word of a small alphabet
// and for every name with one letter changed.
func TestHopelessIsRight(t *testing.T) {
	m := Build(append(patternsOf(AllForms&^(1<<Misspelt), oracleNames...), patternsOf(PlainForms, "boots", "air", "iii")...), Options{Keys: testKeys, Ordinary: ordinaryOf("shoes")})
	gaveUp := 0
	try := func(word string) {
		f := m.NewFinder(DefaultMemo)
		flags, ok := m.hopeless(word)
		if !ok {
			return
		}
		gaveUp++
		w := spelling{raw: word}
		w.folded, w.reduced, w.traits = testKeys(word)
		if out := f.doubtful(m.plain(nil, &w), 0, &w); len(out) > 0 {
			t.Fatalf("%q is no hopeless word: %v", word, out)
		}
		if want := m.flagsOf(&w, nil); flags != want {
			t.Fatalf("%q: flags %b, want %b", word, flags, want)
		}
	}
	var words func(w string, depth int)
	words = func(w string, depth int) {
		try(w)
		if depth > 0 {
			for _, c := range []string{"a", "i", "r", "S", "1", "e"} {
				words(w+c, depth-1)
			}
		}
	}
	words("", 6)
	for _, n := range oracleNames {
		for i := range n {
			for _, c := range []string{"", "1", "x", "S", "lll", "shoes"} {
				if w := n[:i] + c + n[i+1:]; !strings.ContainsRune(w, ' ') {
					try(w)
				}
			}
		}
	}
	if gaveUp < 10000 {
		t.Errorf("gave up on %d words only", gaveUp)
	}
}
