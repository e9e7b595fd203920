package catalog

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// swapped replaces the first most letters of name that table has.
func swapped(name string, table map[rune]string, most int) string {
	var b strings.Builder
	done := 0
	for _, r := range name {
		if s, ok := table[unicode.ToLower(r)]; ok && done < most {
			b.WriteString(s)
			done++
			continue
		}
		b.WriteRune(r)
	}
	if done == 0 {
		return ""
	}
	return b.String()
}

func inside(name, sep string) string {
	r := []rune(name)
	return string(r[:len(r)/2]) + sep + string(r[len(r)/2:])
}

func between(name, sep string) string { return strings.Join(strings.Split(name, ""), sep) }

// tricks hide a name from a plain search; folded ones are undone even by a
// literal search, which looks at what a reader sees, whatever its case.
var tricks = []struct {
	name   string
	folded bool
	hide   func(name, goods string) string
}{
	{"cyrillic letter", false, func(n, _ string) string {
		return swapped(n, map[rune]string{'a': "а", 'c': "с", 'e': "е", 'i': "і", 'o': "о", 's': "ѕ"}, 1)
	}},
	{"cyrillic letters", false, func(n, _ string) string {
		return swapped(n, map[rune]string{'a': "а", 'c': "с", 'e': "е", 'i': "і", 'o': "о", 's': "ѕ"}, 9)
	}},
	{"greek letter", false, func(n, _ string) string {
		return swapped(n, map[rune]string{'a': "α", 'i': "ι", 'k': "κ", 'n': "Ν", 'o': "ο", 'u': "υ"}, 1)
	}},
	{"fullwidth", true, func(n, _ string) string {
		return strings.Map(func(r rune) rune { return r - '!' + '！' }, n)
	}},
	{"zero width", true, func(n, _ string) string { return inside(n, "\u200b") }},
	{"soft hyphen", true, func(n, _ string) string { return inside(n, "\u00ad") }},
	{"combining overlay", true, func(n, _ string) string { return between(n, "\u0336") }},
	{"digit", false, func(n, _ string) string {
		return swapped(n, map[rune]string{'a': "4", 'e': "3", 'i': "1", 'o': "0"}, 1)
	}},
	{"digits", false, func(n, _ string) string {
		return swapped(n, map[rune]string{'a': "4", 'e': "3", 'i': "1", 'o': "0", 's': "5"}, 2)
	}},
	{"symbol", false, func(n, _ string) string { return swapped(n, map[rune]string{'a': "@", 'i': "!", 'o': "0"}, 1) }},
	{"repeated letter", false, func(n, _ string) string { return n + strings.Repeat(n[len(n)-1:], 2) }},
	{"doubled letter", false, func(n, _ string) string { k := len(n) / 2; return n[:k] + n[k-1:k] + n[k:] }},
	{"dots", false, func(n, _ string) string { return between(n, ".") }},
	{"hyphens", false, func(n, _ string) string { return between(n, "-") }},
	{"spaces", false, func(n, _ string) string { return between(n, " ") }},
	{"underscores", false, func(n, _ string) string { return between(n, "_") }},
	{"mask", false, func(n, _ string) string { return n[:len(n)/2] + "*" + n[len(n)/2+1:] }},
	{"emoji inside", false, func(n, _ string) string { return inside(n, "🔥") }},
	{"tag inside", true, func(n, _ string) string { return inside(n, "<b></b>") }},
	{"entity", true, func(n, _ string) string { return fmt.Sprintf("&#%d;%s", n[0], n[1:]) }},
	{"glued", false, func(n, goods string) string { return strings.ToLower(n + goods) }},
	{"glued capitals", false, func(n, goods string) string { return n + strings.ToUpper(goods[:1]) + goods[1:] }},
	{"for and name", false, func(n, _ string) string { return "for" + n }},
	{"hashtag", true, func(n, _ string) string { return "#" + strings.ToLower(n) }},
	{"split", false, func(n, _ string) string {
		if len(n) < leastSplit {
			return ""
		}
		return inside(n, " ")
	}},
}

// Each trick is tried in a catalogue of its own, so that none is found only
// because the vocabulary has it from another.
func TestSearchSeesEveryDisguise(t *testing.T) {
	names := [][2]string{{"Nike", "shoes"}, {"Lego", "bricks"}, {"Adidas", "hoodie"}, {"Chanel", "bag"}, {"Gucci", "belt"}, {"Balenciaga", "sneakers"}, {"Samsung", "charger"}}
	for _, trick := range tricks {
		t.Run(trick.name, func(t *testing.T) {
			c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
			list := append(generated(20)[1:20:20], listing("innocent", "Nine car pets, leg of lamb, adding channels", ""))
			want := map[string]string{}
			for _, n := range names {
				if text := trick.hide(n[0], n[1]); text != "" {
					want[n[0]] = text
					list = append(list, listing(n[0], "soft "+text+" "+n[1]+" for men and women", ""))
				}
			}
			scan(t, c, info("2026-01-01"), list...)
			for name, text := range want {
				for _, literal := range []bool{false, true} {
					hits, err := c.Search(strings.ToLower(name), SearchOptions{Literal: literal})
					if err != nil {
						t.Fatal(err)
					}
					found := 0
					for _, h := range hits.Hits {
						if h.ID == name && len(h.Snippets) > 0 && len(h.Snippets[0].Spans) > 0 {
							found++
						}
					}
					if wanted := !literal || trick.folded; hits.Total != found || (found == 1) != wanted {
						t.Errorf("%s in %q, literal %v: %d of %d hits", name, text, literal, found, hits.Total)
					}
				}
			}
		})
	}
}

// Words of scripts with and without spaces between words.
func TestSearchReadsScripts(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	titles := map[string]string{
		"han": "正品耐克运动鞋 男款", "kana": "ナイキのスニーカー", "hangul": "나이키 운동화", "thai": "รองเท้าไนกี้ของแท้", "arabic": "حذاء نَايْكِي الرياضي",
		"russian": "Кроссовки НАЙК мужские", "accents": "Hermès écharpe", "german": "Große Füße Schuhe", "other": "plain mug",
	}
	for id, title := range titles {
		scan(t, c, info("2026-01-01"), listing(id, title, ""))
	}
	for query, want := range map[string]string{
		"耐克": "han", "运动": "han", "耐 克": "han", `"运动鞋 男款"`: "han", "克耐": "", "ナイキ": "kana", "スニーカー": "kana", "나이키": "hangul",
		"ไนกี้": "thai", "รองเท้า": "thai", "نايكي": "arabic", "حذاء": "arabic", "найк": "russian", "Кроссовк*": "russian", "кросовки~": "russian", "hermes": "accents", "ÉCHARPE": "accents",
		"grosse": "german", "-耐克 -mug -найк -hermes -schuhe -ナイキ -나이키 -ไนกี้ -نايكي": "",
	} {
		hits, err := c.Search(query, SearchOptions{})
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		got := ""
		for _, h := range hits.Hits {
			got += h.ID
		}
		if got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
