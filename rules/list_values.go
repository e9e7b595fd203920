package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// This file reads the cells of a list whose values others write in their own way.

// severityBase is the use-risk base that each severity stands for. A plain
// mention in a title then reaches the level of that name, since its place and
// the list add 20 to 25; one in a description the level below, but never none.
var severityBase = map[string]int{"low": 10, "medium": 30, "high": 45, "critical": 70}

// severityWords are the ways to say a severity.
var severityWords = map[string][]string{
	"low":      {"l", "minor", "低", "低风险", "轻微", "一般", "低危", "низкий"},
	"medium":   {"m", "mid", "moderate", "normal", "中", "中等", "中风险", "中等风险", "中危", "средний"},
	"high":     {"h", "serious", "severe", "高", "高风险", "严重", "高危", "высокий"},
	"critical": {"c", "fatal", "block", "blocker", "极高", "致命", "禁止", "非常严重", "特别严重", "极高风险", "критический"},
}

// typeWords are the ways to say on what ground a term is protected. Each names a
// kind; copyright and patent bring their right with them.
var typeWords = map[Kind][]string{
	Trademark:  {"trademarks", "trade mark", "brand", "brands", "vero", "商标", "商标权", "商标侵权", "品牌", "品牌词", "品牌侵权", "товарный знак", "бренд"},
	Character:  {"copyright", "copyrights", "ip", "版权", "著作权", "版权侵权", "著作权侵权", "形象", "动漫", "卡通形象", "影视", "авторское право"},
	Patent:     {"patents", "design patent", "utility patent", "design", "专利", "专利权", "外观专利", "外观设计", "外观设计专利", "发明专利", "实用新型", "专利侵权", "外观侵权", "патент"},
	Restricted: {"restricted", "prohibited", "banned", "forbidden", "policy", "违禁", "违禁词", "违禁品", "禁售", "敏感词", "敏感", "禁用词", "平台违禁", "запрещено"},
	Claim:      {"claims", "medical claim", "功效", "功效词", "医疗", "医疗词", "虚假宣传"},
	AdLaw:      {"ad law", "advertising law", "广告法", "极限词", "绝对化用语", "广告法违禁词"},
}

// marketplaceWords are the names under which marketplaces go in lists; the keys
// are those of the readers.
var marketplaceWords = map[string][]string{
	"amazon": {"amz", "亚马逊"}, "ebay": {"易贝"}, "aliexpress": {"smt", "速卖通"}, "alibaba": {"阿里巴巴", "阿里国际站", "国际站"},
	"temu": {"拼多多跨境"}, "tiktok": {"tiktok shop", "tk", "抖音海外"}, "shopee": {"虾皮"}, "lazada": {"来赞达"}, "walmart": {"沃尔玛"},
	"etsy": nil, "shopify": {"独立站"}, "woocommerce": nil, "wildberries": {"wb"}, "ozon": nil, "taobao": {"淘宝", "天猫", "tmall"},
	"rakuten": {"乐天"}, "mercadolibre": {"mercado libre", "美客多"}, "magento": nil, "prestashop": nil, "opencart": nil,
	"facebook": nil, "google": nil, "myntra": nil,
}

// everywhere are the ways to say that a term counts on all marketplaces.
var everywhere = []string{"all", "any", "*", "全部", "全平台", "所有", "所有平台", "通用", "不限", "все"}

// oneOf turns canonical -> words into word -> canonical, the canonical ones included.
func oneOf[K ~string](from map[K][]string) map[string]K {
	out := map[string]K{}
	for canonical, words := range from {
		out[strings.ReplaceAll(string(canonical), "-", " ")] = canonical
		for _, w := range words {
			out[w] = canonical
		}
	}
	return out
}

var (
	severityOf    = oneOf(map[string][]string(severityWords))
	typeOf        = oneOf(typeWords)
	marketplaceOf = oneOf(marketplaceWords)
)

// wordKey is the form in which the words above are looked up.
func wordKey(s string) string { return strings.ReplaceAll(termKey(s), "-", " ") }

// nothing are cells that say that there is nothing to say.
var nothing = []string{"-", "--", "—", "/", "n/a", "na", "none", "null", "nil", "无", "暂无", "没有", "нет"}

// longestNothing is the length in bytes of the longest of them.
const longestNothing = 6

// isNothing tells whether a cell is as good as empty.
func isNothing(cell string) bool {
	return len(cell) <= longestNothing && slices.Contains(nothing, strings.ToLower(cell))
}

// listMarks part the terms of a cell wherever they stand.
const listMarks = ";；，、\n\r|｜"

// split parts a cell at semicolons, also full-width ones.
func split(cell string) []string { return parted(cell, ";；") }

// parted parts a cell at any of marks and drops what is blank.
func parted(cell, marks string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// splitTerms parts a cell that may hold several terms. A comma parts them only
// where it cannot belong to a name: "Earth, Wind & Fire" and "Acme, Inc." are
// one term, "nike,adidas" and "nike, puma, asics" are several.
func splitTerms(cell string) []string {
	if cell = strings.TrimSpace(cell); cell == "" {
		return nil
	}
	if !strings.ContainsAny(cell, listMarks+",") {
		return []string{cell}
	}
	var out []string
	for _, part := range parted(cell, listMarks) {
		if pieces := parted(part, ","); len(pieces) > 1 && commasPart(part, pieces) {
			out = append(out, pieces...)
		} else {
			out = append(out, part)
		}
	}
	return out
}

// ofName matches a piece after a comma that goes on with the name before it.
var ofName = regexp.MustCompile(`(?i)^(inc|ltd|llc|co|corp|company|gmbh|s\.?a|plc|limited|jr|sr|the|and|&|n\.?v|b\.?v|a\.?g|l\.?p)\b|^&|^[\d.]+$`)

// commasPart tells whether the commas of cell, which part it into pieces, part terms.
func commasPart(cell string, pieces []string) bool {
	if slices.ContainsFunc(pieces, ofName.MatchString) || strings.Contains(cell, " & ") || strings.Contains(cell, " and ") {
		return false
	}
	return len(pieces) > 2 || !strings.Contains(cell, ", ")
}

// classWord is what stands round the number of a class: "Class 25", "第25类", "IC 025".
var classWord = regexp.MustCompile(`^(?i:class(?:es)?|ic|nice|第)?[\s.:]*0*(\d+)\s*类?$`)

// classNumbers reads the classes of a cell; bad is the first part that is none.
func classNumbers(cell string) (classes []int, bad string) {
	for _, part := range parted(norm.NFKC.String(cell), ",、;/|\n") {
		if n, plain := wholeNumber(part); plain {
			classes = append(classes, n)
			continue
		}
		found := classWord.FindStringSubmatch(part)
		if found == nil {
			return nil, part
		}
		n, _ := wholeNumber(found[1])
		classes = append(classes, n)
	}
	return classes, ""
}

// ownWord warns, once per column and word, of a value that is none of ours:
// users keep columns of such names for purposes of their own.
func (w *listRow) ownWord(column, word, taken string) {
	key := column + "\x00" + word
	if w.warned[key] {
		return
	}
	w.warned[key] = true
	w.warn(Warning{Pos: w.at[column], Rule: w.out.ID, Check: "own-" + column,
		Text: fmt.Sprintf("the %s %q is not one of ours and is not used; %s", column, shorten(word), taken)})
}

// severity reads the severity of the row into the use-risk base of its rule.
func (w *listRow) severity() {
	cell := w.cells["severity"]
	if cell == "" || isNothing(cell) {
		return
	}
	level, ok := severityOf[wordKey(cell)]
	if !ok {
		w.ownWord("severity", cell, "write low, medium, high or critical")
		return
	}
	w.out.Base = severityBase[level]
	w.out.keys = append(w.out.keys, "base")
}

// ground reads the type of the row into kind and right.
func (w *listRow) ground() {
	cell := w.cells["type"]
	if cell == "" || isNothing(cell) || w.cells["kind"] != "" {
		return
	}
	kind, ok := typeOf[wordKey(cell)]
	if !ok {
		w.ownWord("type", cell, "the term is taken as a trademark")
		return
	}
	w.out.Kind = kind
	w.out.keys = append(w.out.keys, "kind")
}

// places reads the marketplaces on which the row counts; one that is not known
// makes the term count everywhere, so that nothing is missed.
func (w *listRow) places() {
	var ids []string
	for _, part := range parted(w.cells["marketplace"], listMarks+",/") {
		id, ok := marketplaceOf[wordKey(part)]
		if slices.Contains(everywhere, wordKey(part)) || isNothing(part) {
			return
		}
		if !ok {
			w.ownWord("marketplace", part, "the term counts everywhere")
			return
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if ids != nil {
		w.out.Contexts.Marketplaces = ids
		w.out.keys = append(w.out.keys, "contexts")
	}
}
