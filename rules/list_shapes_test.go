package rules

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// row is what the tests look at in a rule of a list.
type row struct {
	mark, owner, source, preferred string
	kind                           Kind
	right                          Right
	base                           int
	classes                        []int
	aliases, markets               []string
}

// rowOf gives what a test looks at in r.
func rowOf(r *Rule) row {
	out := row{r.Mark, r.Owner, r.Source, r.Replacements.Preferred, r.Kind, r.Right, r.Base, r.Classes, nil, r.Contexts.Marketplaces}
	for _, a := range r.Aliases {
		out.aliases = append(out.aliases, a.Text)
	}
	return out
}

// trademark is a plain row about a mark, changed by change.
func trademark(mark string, change func(*row)) row {
	r := row{mark: mark, kind: Trademark, right: RightTrademark}
	if change != nil {
		change(&r)
	}
	return r
}

// parsed reads a list that must be right and gives its rows and the warnings' checks.
func parsed(t *testing.T, name string, data []byte) (got []row, checks []string) {
	t.Helper()
	set, err := Parse(name, data, Options{Warn: func(w Warning) { checks = append(checks, w.Check) }})
	if err != nil {
		t.Fatal(err)
	}
	for i := range set.Rules {
		got = append(got, rowOf(&set.Rules[i]))
	}
	return got, checks
}

// TestListShapes reads lists as other tools and people make them.
func TestListShapes(t *testing.T) {
	plain := func(marks ...string) (out []row) {
		for _, m := range marks {
			out = append(out, trademark(m, nil))
		}
		return out
	}
	for _, tt := range []struct {
		name, text string
		want       []row
		checks     []string
	}{
		{"own columns.csv", "term,owner,classes,severity,replacement,aliases\nZorbex,Zorbex GmbH,\"9, 28\",high,toy robot,Zorbi;Зорбекс\n",
			[]row{trademark("Zorbex", func(r *row) {
				r.owner, r.classes, r.base, r.preferred, r.aliases = "Zorbex GmbH", []int{9, 28}, 45, "toy robot", []string{"Zorbi", "Зорбекс"}
			})}, nil},
		{"vero with notices.csv", "Participant,Brand Name,Notice URL\nZorbex GmbH,Zorbex,https://example.org/zorbex\nGrimpel Oy,Grimpel,-\n",
			[]row{trademark("Grimpel", func(r *row) { r.owner = "Grimpel Oy" }),
				trademark("Zorbex", func(r *row) { r.owner, r.source = "Zorbex GmbH", "https://example.org/zorbex" })}, []string{"header"}},
		{"vero brands.csv", "Brand Name,Participant\nZorbex,Zorbex GmbH\n",
			[]row{trademark("Zorbex", func(r *row) { r.owner = "Zorbex GmbH" })}, []string{"header"}},
		{"vero participants.csv", "Participant,Profile Page\nZorbex GmbH,https://example.org/z\n",
			[]row{trademark("Zorbex GmbH", func(r *row) { r.source = "https://example.org/z" })}, []string{"header"}},
		{"vero one column.csv", "VeRO Brand\nZorbex\n\"Grimpel, Inc.\"\n", plain("Grimpel, Inc.", "Zorbex"), []string{"header"}},
		{"brand and keywords.csv", "brand_name,keywords,risk level\nZorbex,\"Zorbex, Zorbi, Zorbex Mini\",CRITICAL\n",
			[]row{trademark("Zorbex", func(r *row) { r.base, r.aliases = 70, []string{"Zorbi", "Zorbex Mini"} })}, []string{"several-terms", "header"}},
		{"erp words.csv", "侵权词,品牌,类型,平台,备注\n佐贝,Zorbex,商标,亚马逊,投诉过\n格林佩尔,无,版权,全平台,\n", []row{
			trademark("Zorbex", func(r *row) { r.aliases, r.markets = []string{"佐贝"}, []string{"amazon"} }),
			{mark: "格林佩尔", kind: Character, right: RightCopyright}}, []string{"header"}},
		{"erp levels.tsv", "序号\t违禁词\t风险等级\t替换词\t权利人\n1\t佐贝\t高\t机器人\t佐贝公司\n2\t格林佩尔\t低风险\t\t/\n", []row{
			trademark("佐贝", func(r *row) { r.owner, r.base, r.preferred = "佐贝公司", 45, "机器人" }),
			trademark("格林佩尔", func(r *row) { r.base = 10 })}, []string{"unused-column", "header"}},
		{"erp one cell.csv", "侵权词\n\"zorbex,grimpel,佐贝\"\n", plain("grimpel", "zorbex", "佐贝"), []string{"header", "several-terms"}},
		{"erp class.csv", "*商标名称（必填）,类别,侵权类型,适用平台\nZorbex,第28类,外观专利,速卖通、Temu\nGrimpel,玩具,奇怪,某平台\n", []row{
			trademark("Grimpel", nil),
			{mark: "Zorbex", kind: Patent, right: RightPatent, classes: []int{28}, markets: []string{"aliexpress", "temu"}}},
			[]string{"header", "own-classes", "own-type", "own-marketplace"}},
		{"a comma in a term.txt", "air,jordan\nzorbex\ngrimpel\n", plain("air,jordan", "grimpel", "zorbex"), nil},
		{"one line.txt", "zorbex,grimpel，佐贝、Kwikstrap\n", plain("grimpel", "Kwikstrap", "zorbex", "佐贝"), []string{"several-terms"}},
		{"one row.csv", "zorbex,grimpel,Kwik Strap\n", plain("grimpel", "Kwik Strap", "zorbex"), []string{"several-terms"}},
		{"names with commas.txt", "Zorbex, Inc.\nEarth, Wind & Fire\nTyler, The Creator\nS.C. Grimpel & Son, Inc.\n",
			plain("Earth, Wind & Fire", "S.C. Grimpel & Son, Inc.", "Tyler, The Creator", "Zorbex, Inc."), nil},
		{"title above.csv", "店铺侵权词库,,\n\n侵权词汇,持有人,原因\n佐贝,佐贝公司,注册商标\n",
			[]row{trademark("佐贝", func(r *row) { r.owner = "佐贝公司" })}, []string{"above-header", "header"}},
		{"two brand columns.csv", "brand,Brand Name\nZorbex,Zorbex GmbH\n", plain("Zorbex"), []string{"unused-column", "header"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, checks := parsed(t, tt.name, []byte(tt.text))
			byMark := func(a, b row) int { return strings.Compare(strings.ToLower(a.mark), strings.ToLower(b.mark)) }
			slices.SortFunc(got, byMark)
			slices.SortFunc(tt.want, byMark)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			slices.Sort(checks)
			slices.Sort(tt.checks)
			if !slices.Equal(checks, tt.checks) {
				t.Errorf("warned of %v, want %v", checks, tt.checks)
			}
		})
	}
}

// encoded writes text in an encoding.
func encoded(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	out, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestListEncodings(t *testing.T) {
	chinese := "侵权词,品牌,备注\n佐贝,Zorbex,玩具机器人\n格林佩尔,Grimpel,\n"
	for _, tt := range []struct {
		name  string
		data  []byte
		mark  string // of the last rule
		alias string
		told  string // in the warning about the encoding; empty: none
	}{
		{"utf8.csv", []byte(chinese), "Zorbex", "佐贝", ""},
		{"utf16le.csv", utf16Bytes(chinese, false), "Zorbex", "佐贝", ""},
		{"utf16be.csv", utf16Bytes(chinese, true), "Zorbex", "佐贝", ""},
		{"bare le.csv", utf16Bytes(chinese, false)[2:], "Zorbex", "佐贝", "UTF-16 (little-endian)"},
		{"bare be.csv", utf16Bytes(chinese, true)[2:], "Zorbex", "佐贝", "UTF-16 (big-endian)"},
		{"gb.csv", encoded(t, simplifiedchinese.GB18030, chinese), "Zorbex", "佐贝", `GB18030 ("侵权词")`},
		{"gb.txt", encoded(t, simplifiedchinese.GB18030, "Akme\n佐贝\n"), "佐贝", "", `GB18030 ("佐贝")`},
		{"sjis.csv", encoded(t, japanese.ShiftJIS, "ブランド名,備考\nゾルベックス,おもちゃ\n"), "ゾルベックス", "", "Shift_JIS"},
		{"1251.csv", encoded(t, charmap.Windows1251, "бренд;примечание\nЗорбекс;игрушки\n"), "Зорбекс", "", "windows-1251"},
		{"1252.csv", encoded(t, charmap.Windows1252, "term,owner\nZörbex™,Grünwald & Söhne\n"), "Zörbex™", "", "windows-1252"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			told := ""
			set, err := Parse(tt.name, tt.data, Options{Warn: func(w Warning) {
				if w.Check == "encoding" {
					told = w.Text
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			last := rowOf(&set.Rules[len(set.Rules)-1])
			if last.mark != tt.mark || tt.alias != "" && !slices.Contains(last.aliases, tt.alias) {
				t.Errorf("the last rule is %+v", last)
			}
			if tt.told == "" && told != "" || !strings.Contains(told, tt.told) {
				t.Errorf("told %q, want %q", told, tt.told)
			}
		})
	}
}

// TestListEncodingRefused: bytes that fit no guess are a fault, not letters at random.
func TestListEncodingRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"big5.csv":   encoded(t, traditionalchinese.Big5, "品牌,備註\n樂高積木,玩具\n"),
		"binary.txt": {0x81, 0xff, 0xfe, 0x80, '\n', 0x81, 0x8d},
	} {
		if set, err := Parse(name, data, Options{}); err == nil || !strings.Contains(err.Error(), "not UTF-8") {
			t.Errorf("%s: got %v and error %v", name, set, err)
		}
	}
}

// TestListWorkbookShapes reads the same shapes from workbooks.
func TestListWorkbookShapes(t *testing.T) {
	for name, sheets := range map[string][]any{
		"erp":    {"说明", [][]any{{"请勿修改表头"}}, "侵权词", [][]any{{"侵权词", "品牌", "类型"}, {"佐贝", "Zorbex", "商标"}}},
		"vero":   {"VeRO", [][]any{{"eBay VeRO list"}, nil, {"Brand Name", "Participant", "URL"}, {"Zorbex", "Zorbex GmbH", "https://example.org"}}},
		"one":    {"Sheet A", [][]any{{"Zorbex,佐贝"}}},
		"column": {"Sheet A", [][]any{{"Zorbex"}, {"佐贝"}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := parsed(t, name+".xlsx", workbook(t, sheets...))
			if got[0].mark != "Zorbex" || len(got) > 2 || len(got) == 2 && got[1].mark != "佐贝" {
				t.Errorf("got %+v", got)
			}
		})
	}
}
