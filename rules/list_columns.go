package rules

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Lists come from many hands: a table of one's own, the protected brands of a
// drop-shipping tool, the forbidden words of a Chinese ERP. This file knows
// what their columns are called.

// listColumns are the columns of a list under our own names; only term is needed.
var listColumns = []string{"term", "mark", "kind", "right", "type", "owner", "number", "classes", "severity", "aliases",
	"replacement", "why", "source", "marketplace", "exact_case", "misspellings", "note"}

// columnSynonyms are the headers others use, as columnName gives them. A header
// that is one of listColumns itself needs no entry.
var columnSynonyms = map[string][]string{
	"term": {"terms", "word", "words", "keyword", "keywords", "key_word", "phrase", "phrases", "blocked_word", "blocked_words", "blocked_keyword",
		"blocked_keywords", "forbidden_word", "forbidden_words", "banned_word", "banned_words", "restricted_word", "restricted_words",
		"restricted_keyword", "restricted_keywords", "prohibited_word", "prohibited_words", "blacklist", "blacklist_word", "vero_word",
		"侵权词", "侵权词汇", "侵权词语", "侵权关键词", "违禁词", "违禁词汇", "敏感词", "敏感词汇", "禁用词", "屏蔽词", "过滤词", "黑名单词", "风险词",
		"限制词", "关键词", "关键字", "词汇", "词语", "单词", "词条", "запрещенное_слово", "слово", "ключевое_слово", "キーワード", "禁止ワード", "禁止語", "ngワード"},
	"mark": {"brand", "brands", "brand_name", "brand_names", "trademark", "trademarks", "trade_mark", "mark_name", "vero_brand", "protected_brand",
		"品牌", "品牌名", "品牌名称", "品牌词", "侵权品牌", "商标", "商标名", "商标名称", "商标词", "бренд", "торговая_марка", "ブランド", "ブランド名"},
	"owner": {"participant", "participants", "participant_name", "rights_owner", "rights_holder", "right_holder", "ip_owner", "brand_owner", "trademark_owner",
		"holder", "company", "company_name", "权利人", "商标权人", "商标所有人", "商标持有人", "持有人", "所有人", "所有者", "品牌方", "注册人", "申请人", "权利方", "правообладатель", "権利者"},
	"type":    {"ip_type", "right_type", "violation_type", "infringement_type", "类型", "侵权类型", "词类型", "违规类型", "权利类型", "风险类型"},
	"number":  {"registration_number", "registration_no", "reg_no", "trademark_number", "注册号", "商标号", "商标注册号", "注册编号"},
	"classes": {"class", "nice_class", "nice_classes", "international_class", "ic", "类别", "商标类别", "尼斯分类", "国际分类", "商标分类", "注册类别"},
	"severity": {"risk", "risk_level", "level", "priority", "风险", "风险等级", "风险级别", "严重程度", "严重等级", "等级", "级别", "危险等级",
		"侵权等级", "侵权风险"},
	"aliases": {"alias", "synonym", "synonyms", "variant", "variants", "other_names", "also", "variations", "misspelling", "spellings", "别名", "别称", "变体", "变体词", "变形词",
		"同义词", "近义词", "相关词", "其他写法", "其它写法", "其他名称"},
	"replacement": {"replacements", "replace_with", "replace", "suggestion", "suggestions", "alternative", "alternatives", "substitute", "safe_word", "safe_term", "use_instead",
		"替换词", "替换为", "替换成", "替代词", "替代", "建议词", "建议替换", "建议替换词", "安全词", "可用词", "замена"},
	"why":         {"reason", "reasons", "explanation", "原因", "理由", "侵权原因", "违规原因", "причина"},
	"source":      {"url", "link", "notice", "notice_url", "notice_link", "profile", "profile_url", "profile_page", "vero_profile", "vero_page", "about_page", "participant_page", "链接", "来源", "出处", "网址", "参考链接", "источник"},
	"marketplace": {"marketplaces", "platform", "platforms", "channel", "平台", "适用平台", "平台名称", "销售平台", "所属平台", "площадка", "маркетплейс"},
	"note":        {"notes", "comment", "comments", "remark", "remarks", "memo", "备注", "说明", "备注说明", "描述", "примечание", "備考"},
	"exact_case":  {"case_sensitive", "match_case", "区分大小写", "大小写敏感"},
}

// columnOf maps each known header to our name for it.
var columnOf = func() map[string]string {
	out := map[string]string{}
	for _, name := range listColumns {
		out[name] = name
	}
	for name, synonyms := range columnSynonyms {
		for _, s := range synonyms {
			out[s] = name
		}
	}
	return out
}()

// headerNoise is what people add to a header: a star for a needed column, a
// remark in brackets, a colon.
var headerNoise = regexp.MustCompile(`^[*\s]+|\s*[(\[【].*?[)\]】]|[:*\s]+$`)

// columnName brings a header cell to the form of columnSynonyms.
func columnName(cell string) string {
	name := strings.ToLower(strings.TrimSpace(norm.NFKC.String(cell)))
	name = headerNoise.ReplaceAllString(name, "")
	return strings.NewReplacer(" ", "_", "-", "_", "'", "", "/", "_").Replace(name)
}

// Ranks of a header row, by what in it could be the terms.
const (
	noHeader      = iota
	ownerHeader   // the rights owners are all it has, as in a list of VeRO participants
	markHeader    // the brands are the terms
	synonymHeader // somebody else's word for the terms
	termHeader    // a cell named term
)

// headerRank tells how well a row of cells would do as the header.
func headerRank(cells []string) int {
	best, known := noHeader, 0
	for _, cell := range cells {
		name := columnName(cell)
		column := columnOf[name]
		if column != "" {
			known++
		}
		switch {
		case name == "term":
			best = termHeader
		case column == "term":
			best = max(best, synonymHeader)
		case column == "mark":
			best = max(best, markHeader)
		case column == "owner" && strings.HasPrefix(name, "participant"):
			best = max(best, ownerHeader)
		}
	}
	if best == ownerHeader && known < 2 {
		return noHeader
	}
	return best
}

// findHeader gives the row among the first headerRows that is the header, and
// its rank; -1 when none is. A row with one cell is a header only at the top,
// since elsewhere "Brand" may be a term.
func findHeader(rows []tableRow) (at, rank int) {
	at = -1
	for i, r := range rows[:min(len(rows), headerRows)] {
		if got := headerRank(r.cells); got > rank && (got == termHeader || i == 0 || filled(r.cells) > 1) {
			at, rank = i, got
		}
	}
	return at, rank
}

// filled counts the cells with text.
func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// headerColumn gives our name for a header cell in a row of that rank: where
// no column holds terms, the brands or the participants are the terms.
func headerColumn(cell string, rank int) string {
	column := columnOf[columnName(cell)]
	if column == "mark" && rank == markHeader || column == "owner" && rank == ownerHeader {
		return "term"
	}
	return column
}
