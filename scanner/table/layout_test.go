package table

import (
	"strings"
	"testing"

	"prescreen/scanner"
)

// platforms are the names product.md allows in an output.
var platforms = strings.Fields(`alibaba aliexpress amazon dianxiaomi ebay etsy facebook google lazada magento
	mercadolibre myntra opencart ozon prestashop rakuten shopee shopify taobao temu tiktok walmart wildberries
	woocommerce generic`)

func TestEveryPlatformHasALayout(t *testing.T) {
	ls, err := layouts()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range ls {
		got = append(got, l.Platform)
	}
	if strings.Join(got, " ") != strings.Join(platforms, " ") {
		t.Errorf("layouts %v, want %v", got, platforms)
	}
}

func TestLayoutFaultsHaveAPlace(t *testing.T) {
	const head = "platform: x\nuse: {en: a, zh: b}\n"
	tests := []struct{ name, text, want string }{
		{"unknown key", head + "shapes:\n  - nam: a\n", `x.yaml:4:5: unknown field "nam"`},
		{"unknown role", head + "roles:\n  titel: [a]\n", `x.yaml:4:3: unknown role "titel"`},
		{"bad pattern", head + "roles:\n  title: [a, 're:(']\n", `x.yaml:4:14: pattern "("`},
		{"header without a name", head + "roles:\n  title: ['*']\n", `x.yaml:4:11: "*" holds no header name`},
		{"list where a name is due", head + "roles:\n  title: [[a]]\n", `x.yaml:4:11: a single name`},
		{"roles that are no mapping", head + "roles: [a]\n", `x.yaml:3:8: roles must be`},
		{"no shape", head, `x.yaml:1:1: a layout needs`},
		{"signature without headers", head + "shapes: [{name: a}]\n", `shape "a": the signature names no header`},
		{"blank rule", head + "shapes: [{name: a, signature: {all: [b]}, group: {blank: next}}]\n", `blank must be`},
		{"children without a condition", head + "shapes: [{name: a, signature: {all: [b]}, group: {child: {of: [b]}}}]\n", `child needs when`},
		{"no advice", "platform: x\nshapes: [{name: a, signature: {all: [b]}}]\n", `use: needs`},
		{"advice in one language", head + "shapes: [{name: a, signature: {all: [b]}}]\nwrong_export: [{all: [c], say: {en: d}}]\n", `wrong export 1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseLayout("x.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestNormalName(t *testing.T) {
	tests := []struct{ cell, want string }{
		{"item_name", "item_name"},
		{"★ item_name", "item_name"},
		{"*产品标题\n（必填）", "产品标题"},
		{"ps_product_name|1|0", "ps_product_name"},
		{"Body (HTML)   ", "body (html)"},
		{"\t\ufeffID", "id"},
		{"Name *", "name"},
		{"Ｔｉｔｌｅ", "title"},
		{"Product  Name\n(required)", "product name"},
		{"Имя (необязательно)", "имя (необязательно)"},
		{"Brand (optional)", "brand"},
		{"Title [Required]", "title"},
		{"品牌【选填】", "品牌"},
		{"商品管理番号（商品URL）", "商品管理番号(商品url)"},
		{" * ", ""},
	}
	for _, tt := range tests {
		if got := normalName(tt.cell); got != tt.want {
			t.Errorf("normalName(%q) = %q, want %q", tt.cell, got, tt.want)
		}
		if again := normalName(normalName(tt.cell)); again != tt.want {
			t.Errorf("normalName is not stable on %q: %q", tt.cell, again)
		}
	}
}

func TestSentencesOfNotes(t *testing.T) {
	for _, tag := range scanner.Languages() {
		lang, err := scanner.LanguageFor(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"folder", "empty", "no-sheets", "no-rows", "no-listings", "only-skipped", "sheet-hidden",
			"sheet-skipped", "sheet-unknown", "sheet-unreadable", "several-sheets", "guess", "help-rows", "skipped-rows",
			"blank-rows", "cut-texts", "cut-ids", "empty-title", "other-text", "repeated-ids", "column-missing", "no-columns", "no-header",
			"because", "named-columns", "also-fits", "fits-none"} {
			if !lang.Has("layout." + id) {
				t.Errorf("%s has no sentence layout.%s", tag, id)
			}
		}
	}
}
