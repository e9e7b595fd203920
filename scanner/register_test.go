package scanner

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// naiveHits finds the phrases of names in seen the slow and obvious way: every
// name at every token, compared key by key.
func naiveHits(seen string, names []string) []string {
	var out []string
	keys := match.NewRegisterKeys(fold.Keys, 0)
	tokens := fold.Tokens(nil, seen)
	for _, name := range names {
		parts := fold.Tokens(nil, name)
		for i := range tokens {
			if i+len(parts) <= len(tokens) && naiveAt(keys, seen, tokens[i:i+len(parts)], name, parts) {
				out = append(out, fmt.Sprintf("%s %d-%d", name, i, i+len(parts)))
			}
			if joined := naiveJoined(name, parts); joined != "" && fold.Fold(seen[tokens[i].Start:tokens[i].End]) == joined {
				out = append(out, fmt.Sprintf("%s %d-%d", name, i, i+1))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func naiveJoined(name string, parts []fold.Token) string {
	joined, letters := "", 0
	for _, p := range parts {
		joined += fold.Fold(name[p.Start:p.End])
		letters += len([]rune(name[p.Start:p.End]))
	}
	if len(parts) < 2 || letters < 6 || ordinaryWord(joined) {
		return ""
	}
	return joined
}

func naiveAt(keys *match.RegisterKeys, seen string, tokens []fold.Token, name string, parts []fold.Token) bool {
	size := func(s string, t fold.Token) int { return utf8.RuneCountInString(fold.Fold(s[t.Start:t.End])) }
	hard := fold.GapHard | fold.GapStop | fold.GapFirst | fold.GapQuote
	allHard, anyHard := true, false
	for k, p := range parts {
		raw, key := seen[tokens[k].Start:tokens[k].End], fold.Fold(name[p.Start:p.End])
		if fold.Fold(raw) != key && !keys.Unmixed(raw, key) {
			return false
		}
		if k == 0 {
			continue
		}
		short := size(name, p) <= 2 && size(name, parts[k-1]) <= 2
		wantAmp := p.Gap&hard == 0 && p.Gap&fold.GapAmp != 0 && short
		hasAmp := tokens[k].Gap&hard == 0 && tokens[k].Gap&fold.GapAmp != 0 && short
		if wantAmp != hasAmp {
			return false
		}
		if p.Gap&hard != 0 { // in the name: its hard gaps are met all by hard ones, or all by loose ones
			allHard = allHard && tokens[k].Gap&hard != 0
			anyHard = anyHard || tokens[k].Gap&hard != 0
		} else if tokens[k].Gap&hard != 0 {
			return false
		}
	}
	return allHard || !anyHard
}

// tableHits is what the compiled table finds, compared with the texts.
func tableHits(p *Pack, seen string) []string {
	r := &registerReader{packs: []*Pack{p}, keys: match.NewRegisterKeys(fold.Keys, 16)}
	tokens := fold.Tokens(nil, seen)
	r.keys.Read(seen, tokens)
	var out []string
	for _, h := range p.table.Find(nil, r.keys) {
		name := p.phraseText(h.Phrase)
		if _, ok := r.spelling(seen, tokens[h.First:h.Last], name); ok {
			out = append(out, fmt.Sprintf("%s %d-%d", name, h.First, h.Last))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// packOfNames compiles names that differ in their keys.
func packOfNames(t testing.TB, names ...string) *Pack {
	var marks []rules.Mark
	for i, n := range names {
		marks = append(marks, rules.Mark{Register: "x", Application: fmt.Sprintf("%07d", i), Text: n, Status: "live", Classes: []int{11}})
	}
	p, _ := packOf(t, PackOptions{Name: "names"}, marks...)
	return p
}

func TestRegisterMatchesAsTheNaiveSearch(t *testing.T) {
	words := []string{"ka", "lovix", "zen", "é", "k", "x7", "9", "耐", "克", "바리", "Ко", "dorfim"}
	texts := []string{"Kа", "LOVIX", "lоvix", "lo\u200bvix", "É", "kazenlo", "kalovix", "DORFIM", "dоrfim", "ΚΑ"}
	gaps := []string{" ", "-", "&", " & ", ", ", "/", ". ", ""}
	r := rand.New(rand.NewPCG(1, 2))
	phrase := func(from []string, most int) string {
		var b strings.Builder
		for i := range 1 + r.IntN(most) {
			if i > 0 {
				b.WriteString(gaps[r.IntN(len(gaps))])
			}
			b.WriteString(from[r.IntN(len(from))])
		}
		return b.String()
	}
	found := 0
	for range 60 {
		var names []string
		seenKeys := map[string]bool{}
		for range 40 {
			n := phrase(words, 3)
			if key := pathKey(n); !seenKeys[key] {
				seenKeys[key] = true
				names = append(names, n)
			}
		}
		p := packOfNames(t, names...)
		for range 200 {
			text := phrase(append(texts, words...), 8)
			got, want := tableHits(p, text), naiveHits(text, names)
			want = slices.DeleteFunc(want, func(w string) bool { return !slices.Contains(got, w) && claimedByAnother(got, w) })
			if !slices.Equal(got, want) {
				t.Fatalf("%q among %q:\ngot  %q\nwant %q", text, names, got, want)
			}
			found += len(got)
		}
	}
	if found < 1000 {
		t.Errorf("only %d hits: the texts do not test much", found)
	}
}

// pathKey is what two names that are one phrase have in common.
func pathKey(name string) string { return strings.ReplaceAll(foldPhrase(name), " ", "") }

// claimedByAnother tells whether another name was found at the place of want:
// of names that are one word or one path alike, one answers for all.
func claimedByAnother(got []string, want string) bool {
	place := want[strings.LastIndexByte(want, ' '):]
	return slices.ContainsFunc(got, func(g string) bool { return strings.HasSuffix(g, place) })
}

func TestRegisterForms(t *testing.T) {
	p := packOfNames(t, "Zorventa", "Silver Quorleaf", "Ö'Kelvin", "바리다에이", "H&M", "Zelkims Brunor", "Lorvean")
	s := scannerWith(t, p)
	for _, c := range []struct{ text, found string }{ // after "brand:" the text is that of the brand field
		{"new Zorventa lamp", "exact Zorventa"},
		{"new ZORVENTA lamp", "folded ZORVENTA"},
		{"new ＺＯＲＶＥＮＴＡ lamp", "folded ＺＯＲＶＥＮＴＡ"},
		{"new Zоrventa lamp", "lookalike Zоrventa"},
		{"new Zor\u200bventa lamp", "invisible Zor\u200bventa"},
		{"a silver-quorleaf", "folded silver-quorleaf"},
		{"a SilverQuorleaf", "joined SilverQuorleaf"},
		{"brand:<b>o'kelvin</b>", "folded o'kelvin"},
		{"a silver, quorleaf", ""},
		{"Z0rventa", ""},
		{"Zorventas", ""},
		{"바리다에이", "exact 바리다에이"},
		{"new Zelkim's brunor", "folded Zelkim's brunor"},
		{"new L’Orvean lamp", "folded L’Orvean"},
		{"brand:H M", ""}, {"brand:h & m", "folded h & m"},
	} {
		field := Field{Role: Title, Text: c.text}
		if text, ok := strings.CutPrefix(c.text, "brand:"); ok {
			field = Field{Role: Brand, Text: text}
		}
		res := s.Screen(Listing{Category: "Lighting > Lamps", Fields: []Field{field}})
		got := ""
		for _, f := range res.Findings {
			got += string(f.Form) + " " + f.Text
		}
		if got != c.found {
			t.Errorf("%q: got %q, want %q", c.text, got, c.found)
		}
	}
}

func TestRegisterGate(t *testing.T) {
	marks := []rules.Mark{
		{Register: "uspto", Application: "1", Text: "ZORVENTA", Owner: "Zorventa, Inc.", Status: "live", Classes: []int{11}},
		{Register: "uspto", Application: "2", Registration: "77", Text: "SILVER QUORLEAF", Owner: "Quorleaf Ltd", Status: "live", Classes: []int{21}},
		{Register: "uspto", Application: "3", Text: "ORANGE", Status: "live", Classes: []int{9}},
		{Register: "uspto", Application: "4", Text: "EVERY DAY VALUE", Status: "live", Classes: []int{30}},
		{Register: "uspto", Application: "5", Text: "QX", Status: "live", Classes: []int{12}},
		{Register: "uspto", Application: "6", Text: "DEADLINEX", Status: "dead", Classes: []int{11}},
	}
	p, _ := packOf(t, PackOptions{Name: "us"}, marks...)
	s := scannerWith(t, p)
	for _, c := range []struct {
		name, title, brand, category string
		want                         string // rule, level, per finding
	}{
		{"coined, opening, class same", "Zorventa lamp for the desk", "", "Lighting > Lamps", "register-uspto-1 medium"},
		{"coined, nothing speaks for it", "Fine zorventa colour", "", "", ""},
		{"coined phrase of other goods", "Spoon by silver quorleaf for soup", "", "Lighting > Lamps", "register-uspto-2 low"},
		{"coined, opening, goods not known", "Zorventa for you", "", "", "register-uspto-1 low"},
		{"coined phrase", "Bottle by silver quorleaf", "", "", "register-uspto-2 medium"},
		{"its own brand", "Zorventa lamp for the desk", "Zorventa", "Lighting > Lamps", "register-uspto-1 low"},
		{"ordinary word", "Orange phone case", "", "Electronics > Phones", ""},
		{"ordinary word as the brand", "Phone case", "Orange", "Electronics > Phones", "register-uspto-3 low"},
		{"ordinary phrase", "Coffee of every day value", "", "", ""},
		{"short", "QX case", "", "", ""},
		{"dead", "Deadlinex lamp", "Deadlinex", "Lighting > Lamps", ""},
		{"counterfeit", "Replica Zorventa lamp", "", "Lighting > Lamps", "register-uspto-1 critical"},
	} {
		l := Listing{Category: c.category, Fields: []Field{{Role: Title, Text: c.title}}}
		if c.brand != "" {
			l.Fields = append(l.Fields, Field{Role: Brand, Text: c.brand})
		}
		var got []string
		for _, f := range s.Screen(l).Findings {
			got = append(got, f.Rule+" "+f.Level.String())
			sum := 0
			for _, part := range f.Certainty.Parts {
				sum += part.Points
			}
			if sum != f.Certainty.Points {
				t.Errorf("%s: the parts of certainty sum to %d, not %d", c.name, sum, f.Certainty.Points)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, strings.Join(got, ", "), c.want)
		}
	}
}

func TestRegisterFacts(t *testing.T) {
	p, _ := packOf(t, PackOptions{Name: "us"},
		rules.Mark{Register: "uspto", Application: "1", Text: "ZORVENTA", Owner: "Shoes Ltd", Status: "live", Classes: []int{25}},
		rules.Mark{Register: "uspto", Application: "2", Registration: "77", Text: "Zorventa", Owner: "Lamps Ltd", Status: "live", Classes: []int{11}},
		rules.Mark{Register: "uspto", Application: "3", Text: "zorventa", Owner: "Lamps Ltd", Status: "pending", Classes: []int{11}})
	s := scannerWith(t, p)
	res := s.Screen(Listing{Category: "Lighting > Lamps", Fields: []Field{{Role: Title, Text: "Zorventa lamp"}}})
	if len(res.Findings) != 1 {
		t.Fatalf("%d findings", len(res.Findings))
	}
	if f := res.Findings[0]; f.Owner != "Lamps Ltd" || f.Number != "77" || f.Status != "live" || f.Source != "uspto" {
		t.Errorf("got %s, %s, %s, %s: the goods choose the entry, then a registration before an application", f.Owner, f.Number, f.Status, f.Source)
	} else if f.Why == "" || !strings.Contains(f.Why, "77") || !strings.Contains(f.Why, "11") {
		t.Errorf("why says %q: number and classes are missing", f.Why)
	}
}

func TestRegisterYieldsToRules(t *testing.T) {
	p := packOfNames(t, "ZORVENTA", "ZORVENTA QUORLEAF")
	set := &rules.Set{Rules: []rules.Rule{{ID: "tm-zorventa", Mark: "Zorventa", Kind: rules.Trademark, Right: rules.RightTrademark, Tier: rules.Curated}}}
	s, err := New(set, Options{Registers: []*Pack{p}})
	if err != nil {
		t.Fatal(err)
	}
	res := s.Screen(Listing{Fields: []Field{{Role: Title, Text: "Zorventa Quorleaf lamp"}}})
	if len(res.Findings) != 1 || res.Findings[0].Rule != "tm-zorventa" {
		t.Errorf("got %+v", res.Findings)
	}
}

func TestRegisterMemoChangesNothing(t *testing.T) {
	p := packOfNames(t, "ZORVENTA", "SILVER QUORLEAF", "바리다에이", "ÖKELVIN")
	var want string
	for _, memo := range []int{-1, 1, 16, 0} {
		s, err := New(&rules.Set{}, Options{Registers: []*Pack{p}, Memo: memo})
		if err != nil {
			t.Fatal(err)
		}
		w := s.Screener()
		got := ""
		for range 3 {
			for _, text := range []string{"Zоrventa lamp", "ökelvin Silver Quorleaf 바리다에이", "ＺＯＲＶＥＮＴＡ"} {
				for _, f := range w(Listing{Fields: []Field{{Role: Title, Text: text}}}).Findings {
					got += f.Text + string(f.Form) + f.Level.String() + ";"
				}
			}
		}
		if want == "" {
			want = got
		}
		if got != want || got == "" {
			t.Errorf("memo %d: got %q, want %q", memo, got, want)
		}
	}
}

func TestRegisterShorterStandsInAlso(t *testing.T) {
	p := packOfNames(t, "Zorventa", "Zorventa Brunor")
	res := scannerWith(t, p).Screen(Listing{Category: "Lighting > Lamps", Fields: []Field{{Role: Title, Text: "Zorventa Brunor lamp"}}})
	if len(res.Findings) != 1 || res.Findings[0].Text != "Zorventa Brunor" || len(res.Findings[0].Also) != 1 || res.Findings[0].Also[0].Mark != "Zorventa" {
		t.Errorf("got %+v", res.Findings)
	}
}

func TestRegisterShorterStandsWhereTheLongerDoesNot(t *testing.T) {
	p, _ := packOf(t, PackOptions{}, rules.Mark{Register: "x", Application: "1", Text: "ZORVENTA", Status: "live", Classes: []int{11}},
		rules.Mark{Register: "x", Application: "2", Text: "ZORVENTA LIT", Status: "live", Classes: []int{41}})
	res := scannerWith(t, p).Screen(Listing{Category: "Lighting > Lamps", Fields: []Field{{Role: Description, Text: "a fine zorventa lit from inside"}}})
	for _, f := range res.Findings {
		if f.Rule == "register-x-1" {
			return
		}
		t.Logf("%s %s", f.Rule, f.Text)
	}
	t.Error("the shorter mark, of these goods, was lost with the longer one")
}

// TestRegisterHintRulesNothingOut finds with the hint what is found without.
func TestRegisterHintRulesNothingOut(t *testing.T) {
	var names []string
	for i := range 3000 {
		names = append(names, madeUp(i+1))
	}
	p := packOfNames(t, names...)
	bare := match.OpenRegister(p.section[slotSection], nil, binary.LittleEndian.Uint64(p.data[atSeed:]))
	keys := match.NewRegisterKeys(fold.Keys, 0)
	found := 0
	for i := range names {
		text := "a " + names[i] + " and " + names[(i*7)%len(names)] + "'s lamp"
		tokens := fold.Tokens(nil, text)
		keys.Read(text, tokens)
		with, without := p.table.Find(nil, keys), bare.Find(nil, keys)
		if !slices.Equal(with, without) {
			t.Fatalf("%q: %v with the hint, %v without", text, with, without)
		}
		found += len(with)
	}
	if found < len(names) {
		t.Errorf("%d hits", found)
	}
}
