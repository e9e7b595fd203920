package scanner

import (
	"strings"
	"testing"

	"prescreen/rules"
)

func judged(t *testing.T, screen func(Listing) Result, category string, fields ...Field) Result {
	t.Helper()
	return screen(Listing{Category: category, Fields: fields})
}

func builtinScreen(t *testing.T, opt Options) func(Listing) Result {
	t.Helper()
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(set, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s.Screener()
}

// TestUseFollowsTheWords checks how single words change what a name is used for.
func TestUseFollowsTheWords(t *testing.T) {
	screen := builtinScreen(t, Options{})
	for _, c := range []struct {
		name, title, description string
		mark                     string
		use                      Use
	}{
		{"list after a colon", "Charging cable 2 m", "Compatible with: iPhone 12, Doogee X95, Oukitel WP5, Umidigi A13, Samsung S21", "Samsung", UseCompatibility},
		{"list of lines", "Vacuum bags 10 pack", "<p>Compatible models:</p><ul><li>Miele C1</li><li>Miele C2</li><li>Bosch GL-30</li></ul>", "Bosch", UseCompatibility},
		{"cue after a list", "iPhone 14 / Samsung S23 / Huawei P60 compatible holder", "", "iPhone", UseCompatibility},
		{"example after like", "Building bricks 500 pcs", "Compatible with common brands like LEGO.", "LEGO", UseCompatibility},
		{"like alone", "Building bricks 500 pcs", "Bricks just like LEGO.", "LEGO", UseImitation},
		{"spare part called equivalent", "Аккумулятор для шуруповерта Makita BL1830, аналог", "", "Makita", UseCompatibility},
		{"goods called equivalent", "Кроссовки аналог Adidas", "", "adidas", UseImitation},
		{"named again below", "Filter for Dyson V8", "A Dyson is not included.", "Dyson", UseCompatibility},
		{"accessory that names it below", "Bike phone holder", "Holds an iPhone 15 Pro Max.", "iPhone", UseCompatibility},
		{"comes with a part", "Sony WH-1000XM4 headphones with case", "", "Sony", UsePlain},
		{"goods before their strap", "Fossil mens watch chronograph with date and leather strap", "", "Fossil", UsePlain},
		{"strap for a watch", "Leather strap for Rolex Submariner", "", "Rolex", UseCompatibility},
		{"clothing for fans of nothing", "Running socks for Nike", "", "Nike", UsePlain},
		{"fans", "Keyring gift for Harley-Davidson fans", "", "Harley-Davidson", UseMention},
		{"fans of an event", "World Cup 2026 fan scarf", "", "World Cup", UsePlain},
		{"comparison", "Soft sneakers", "Lighter than Nike and cheaper.", "Nike", UseMention},
		{"negation", "Zapatillas no es Nike", "", "Nike", UseDisclaimer},
		{"negation written together", "非耐克运动鞋", "", "Nike", UseDisclaimer},
		{"imitation written together", "香奈儿风女包", "", "Chanel", UseImitation},
		{"a fan, not a style", "耐克风扇", "", "Nike", UsePlain},
	} {
		fields := []Field{{Role: Title, Text: c.title}, {Role: Description, Text: c.description}}
		res := judged(t, screen, "", fields...)
		if got := useOf(&res, c.mark); got != c.use {
			t.Errorf("%s: %q / %q: %s is %q, want %q", c.name, c.title, c.description, c.mark, got, c.use)
		}
	}
}

// TestColumnsThatSayWhatGoodsFit checks that the name of a column is a cue.
func TestColumnsThatSayWhatGoodsFit(t *testing.T) {
	screen := builtinScreen(t, Options{})
	for column, want := range map[string]Use{"Compatible Brand": UseCompatibility, "适用机型": UseCompatibility, "Vehicle Fitment": UseCompatibility, "Colour": UsePlain} {
		res := judged(t, screen, "", Field{Role: Title, Text: "clear shell"}, Field{Role: Attribute, Column: column, Text: "Samsung"})
		if got := useOf(&res, "Samsung"); got != want {
			t.Errorf("column %q: %q, want %q", column, got, want)
		}
	}
}

// useOf gives how the last finding of a mark is used, "" without one.
func useOf(res *Result, mark string) Use {
	use := Use("")
	for i := range res.Findings {
		if strings.EqualFold(res.Findings[i].Mark, mark) {
			use = res.Findings[i].Use
		}
	}
	return use
}

func TestNamesThatAreThings(t *testing.T) {
	screen := builtinScreen(t, Options{})
	for _, c := range []struct {
		title, category string
		least           Level
		most            Level
	}{
		{"Puma mountain cat poster", "", None, Low},
		{"Puma Plüschtier Raubkatze", "Spielzeug", None, Low},
		{"Puma suede sneakers, wild cat logo", "Shoes", High, Critical},
		{"Affiche Mont Blanc vue de Chamonix", "", None, Low},
		{"Montblanc fountain pen", "", High, Critical},
		{"Vegan Parmigiano Reggiano", "", High, Critical},
		{"Rioja wine glasses set of 6", "", None, Low},
		{"Barolo 2016", "wine > Italy > Piedmont > Barolo", None, Medium},
	} {
		res := judged(t, screen, c.category, Field{Role: Title, Text: c.title})
		if res.Level < c.least || res.Level > c.most {
			t.Errorf("%q: %v, want %v to %v", c.title, res.Level, c.least, c.most)
		}
	}
}

func TestAdviceWordsTheFormula(t *testing.T) {
	screen := builtinScreen(t, Options{})
	for _, c := range []struct{ market, title, want string }{
		{"", "iPhone 15 Pro case clear", "“Case for iPhone 15 Pro”"},
		{"", "Bose QC35 replacement ear pads", "“Replacement ear pads for Bose QC35”"},
		{"", "Handyhülle Samsung Galaxy S23 Leder", "“Handyhülle passend für Samsung Galaxy S23”"},
		{"", "戴森V8吸尘器滤网", "“适用于戴森V8的吸尘器滤网”"},
		{"mercadolibre", "Funda iPhone 13 antigolpes para hombre", "“Funda compatible con iPhone 13”"},
	} {
		res := screen(Listing{Marketplace: c.market, Fields: []Field{{Role: Title, Text: c.title}}})
		if len(res.Findings) == 0 || !strings.Contains(res.Findings[0].Advice, c.want) {
			t.Errorf("%q: advice %+v, want %s", c.title, res.Findings, c.want)
		}
	}
}

func TestOnlyTheFieldsNamedAreJudged(t *testing.T) {
	screen := builtinScreen(t, Options{Fields: []Role{Title}})
	res := judged(t, screen, "", Field{Role: Title, Text: "plain mug"}, Field{Role: Description, Text: "Nike shoes"})
	if len(res.Findings) != 0 {
		t.Errorf("findings outside the fields: %+v", res.Findings)
	}
}

// TestFixedHitsStayClean applies the preferred replacement of every built-in
// rule to its own hits and screens the result: the rule must be gone, and
// nothing may be raised that was not there.
func TestFixedHitsStayClean(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	screen, applied := s.Screener(), 0
	for i := range set.Rules {
		for _, hit := range set.Rules[i].Hits {
			before := screen(Listing{Fields: []Field{{Role: Title, Text: hit}}})
			changes, _ := s.Fix(&before, Low)
			if len(changes) == 0 {
				continue
			}
			applied++
			after := screen(Apply(before.Listing, changes))
			for _, f := range after.Findings {
				if f.Level >= Low && (cured(changes, f.Rule) || !raisedBefore(&before, f.Rule)) {
					t.Errorf("%s: %q became %q, which raises %s", set.Rules[i].ID, hit, after.Listing.Title(), f.Rule)
				}
			}
		}
	}
	if applied < 100 {
		t.Errorf("only %d hits were changed", applied)
	}
}

func cured(changes []Replacement, rule string) bool {
	for _, c := range changes {
		if c.Rule == rule {
			return true
		}
	}
	return false
}

func raisedBefore(res *Result, rule string) bool {
	for i := range res.Findings {
		if res.Findings[i].Rule == rule {
			return true
		}
	}
	return false
}

func TestCostIsSaidWhereTheRuleWasRead(t *testing.T) {
	stakes := Stakes{}
	offer := Result{Findings: []Finding{{Kind: "trademark", Level: High}, {Kind: "trademark", Level: Critical}}}
	stakes.Add(&offer, []string{"aliexpress", "temu"})
	excused := Result{Findings: []Finding{{Kind: "trademark", Level: High, Excused: "own brand"}}}
	stakes.Add(&excused, []string{"aliexpress"})
	claim := Result{Findings: []Finding{{Kind: "claim", Level: High}}}
	stakes.Add(&claim, []string{"aliexpress"})
	if stakes["aliexpress"] != 1 {
		t.Errorf("at stake: %v, want one listing", stakes)
	}
	for _, tag := range Languages() {
		l, err := LanguageFor(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, market := range []string{"aliexpress", "shopee", "amazon", "ebay"} {
			if got := l.Cost(market, 7); !strings.Contains(got, "7") || !strings.Contains(got, "2026-") {
				t.Errorf("%s, %s: %q names no count or no day", tag, market, got)
			}
		}
		if got := l.Cost("temu", 7); got != "" {
			t.Errorf("temu, of which nothing was read: %q", got)
		}
		if got := l.Cost("aliexpress", 0); got != "" {
			t.Errorf("nothing at stake: %q", got)
		}
	}
}
