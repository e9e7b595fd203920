package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// noticeColumns are the headers a column of notices may have, in small letters
// without spaces and signs, as marketplaces and the people who keep lists write
// them. The first names of a line are preferred where a file has several.
var noticeColumns = map[string][]string{
	"id": {"id", "listingid", "sku", "sellersku", "merchantsku", "itemid", "itemnumber", "productid", "goodsid", "spuid", "asin", "asins", "itemno", "listingno", "listing", "handle", "affectedasin", "affectedasins", "adid", "offerid",
		"编号", "商品编号", "商品id", "产品编号", "产品id", "货号", "链接id", "商品编码", "違反商品id", "商品番号", "出品id", "상품번호",
		"artikelnummer", "angebotsnummer", "artikelid", "idarticle", "numérodelobjet", "référence", "idproducto", "idartículo", "idpublicación", "idanúncio", "códigodoproduto", "idarticolo", "артикул", "номертовара", "idтовара"},
	"title": {"title", "producttitle", "listingtitle", "itemtitle", "itemname", "productname", "listingname", "item", "name", "goodsname",
		"标题", "商品标题", "产品标题", "商品名称", "产品名称", "名称", "商品名", "タイトル", "상품명",
		"titel", "artikelbezeichnung", "bezeichnung", "titre", "intitulé", "nomduproduit", "título", "nombredelproducto", "nomedoproduto", "titolo", "nomeprodotto", "название", "наименование", "наименованиетовара"},
	"right": {"right", "rights", "righttype", "iptype", "iprtype", "infringementtype", "typeofinfringement", "complainttype", "violationtype", "violation", "reasonforremoval", "removalreason", "reasoncode", "reason", "allegation", "policy", "type",
		"权利", "权利类型", "侵权类型", "投诉类型", "知识产权类型", "违规类型", "违规原因", "处罚原因", "类型", "権利", "権利の種類", "違反内容", "위반유형",
		"schutzrecht", "grund", "verletzung", "droit", "motif", "typedinfraction", "derecho", "motivo", "tipodeinfracción", "direito", "tipodeinfração", "diritto", "право", "причина", "видправа"},
	"brand": {"brand", "brandname", "mark", "trademark", "trademarkname", "rightsholder", "rightsowner", "rightsownername", "reportingrightsowner", "veroparticipant", "iprholder", "ipowner", "ipholder", "complainant", "complainantname", "reportedby", "reporter", "claimant",
		"品牌", "品牌名称", "商标", "侵权商标", "侵权品牌", "权利人", "投诉方", "投诉人", "知识产权所有人", "ブランド", "権利者", "브랜드", "권리자",
		"marke", "rechteinhaber", "marque", "titulairedesdroits", "marca", "titular", "titulardelosderechos", "titulardosdireitos", "titolaredeidiritti", "бренд", "правообладатель", "товарныйзнак"},
	"date": {"date", "noticedate", "complaintdate", "strikedate", "removaldate", "dateremoved", "dateofremoval", "datereceived", "receiveddate", "receivedon", "reportedon", "enforcementdate", "enddate", "received", "removedon", "actiondate",
		"日期", "通知日期", "投诉日期", "投诉时间", "处罚时间", "违规时间", "下架时间", "时间", "日付", "通知日", "削除日", "날짜", "통지일",
		"datum", "meldedatum", "entfernungsdatum", "datedusignalement", "datederetrait", "fecha", "fechadelaviso", "data", "datadaremoção", "datarimozione", "дата", "датаудаления"},
	"store": {"store", "shop", "account", "storename", "shopname", "sellerid", "seller", "店铺", "商店", "店铺名称", "账号", "ショップ", "스토어", "konto", "boutique", "tienda", "cuenta", "loja", "negozio", "магазин"},
}

// noticeRights are words that name a right in a notice's own wording.
var noticeRights = []struct {
	right string
	words []string
}{
	{"patent", []string{"patent", "design", "utilitymodel", "专利", "外观", "實用新型", "实用新型", "意匠", "特許", "特허", "특허", "디자인", "geschmacksmuster", "gebrauchsmuster", "brevet", "dessin", "diseño", "brevetto", "патент", "промышленныйобразец"}},
	{"copyright", []string{"copyright", "artwork", "dmca", "著作权", "著作權", "版权", "著作権", "저작권", "urheber", "droitdauteur", "derechodeautor", "derechosdeautor", "direitoautoral", "direitosautorais", "dirittodautore", "авторск"}},
	{"trademark", []string{"trademark", "tm", "counterfeit", "fake", "replica", "brand", "商标", "商標", "假货", "假冒", "仿品", "偽造", "상표", "위조", "marke", "fälschung", "marque", "contrefaçon", "marca", "falsific", "contraffaz", "товарныйзнак", "товарногознака", "подделк", "контрафакт"}},
}

// rightOf reads a right in a notice's wording. ok is false for wording that
// names none.
func rightOf(text string) (right string, ok bool) {
	bare := bareName(text)
	for _, r := range noticeRights {
		if bare == r.right || slices.ContainsFunc(r.words, func(w string) bool { return len(w) > 2 && strings.Contains(bare, w) || bare == w }) {
			return r.right, true
		}
	}
	return "", bare == ""
}

// bareName keeps the letters and digits of a header or value, in small letters.
func bareName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// noticeLayouts are dates that can be read in one way only.
var noticeLayouts = []string{
	"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "2.1.2006", "2 Jan 2006", "2-Jan-2006", "2-Jan-06", "2 January 2006", "Jan 2, 2006", "Jan 2 2006", "January 2, 2006", "Mon, 2 Jan 2006",
}

// noticeDate reads a date, whatever the time after it; monthFirst tells how to
// read 3/4/2026. ambiguous is true for such a date when nothing tells.
func noticeDate(s string, order dateOrder) (date string, ok bool, ambiguous bool) {
	s = strings.TrimSpace(s)
	if days, err := strconv.ParseFloat(s, 64); err == nil && days > 20000 && days < 80000 {
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Format(time.DateOnly), true, false // as workbooks count
	}
	for _, text := range []string{s, dayOf(s)} {
		for _, layout := range noticeLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				return t.Format(time.DateOnly), true, false
			}
		}
	}
	a, b, year, slashed := slashedDate(s)
	if !slashed {
		return "", false, false
	}
	if order == "" && a != b {
		return "", false, true
	}
	if order == monthFirst {
		a, b = b, a
	}
	t, err := time.Parse(time.DateOnly, fmt.Sprintf("%04d-%02d-%02d", year, b, a))
	return t.Format(time.DateOnly), err == nil, false
}

// dayOf cuts the time of day off a date.
func dayOf(s string) string {
	if day, _, ok := strings.Cut(s, "T"); ok && len(day) == len(time.DateOnly) {
		return day
	}
	words := strings.Fields(s)
	for i, w := range words {
		if i > 0 && strings.Contains(w, ":") {
			return strings.TrimSuffix(strings.Join(words[:i], " "), ",")
		}
	}
	return s
}

// dateOrder says how a file writes dates with slashes, "" when nothing tells.
type dateOrder string

const (
	dayFirst   dateOrder = "day first"
	monthFirst dateOrder = "month first"
)

// orderOf finds out from all dates of a file: a number above 12 is a day.
func orderOf(dates []string) dateOrder {
	var order dateOrder
	for _, s := range dates {
		a, b, _, ok := slashedDate(s)
		var says dateOrder
		switch {
		case ok && a > 12:
			says = dayFirst
		case ok && b > 12:
			says = monthFirst
		default:
			continue
		}
		if order != "" && order != says {
			return ""
		}
		order = says
	}
	return order
}

// slashedDate reads two numbers and a year with slashes or hyphens between.
func slashedDate(s string) (a, b, year int, ok bool) {
	s = strings.TrimSpace(dayOf(s))
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) != 3 || len(parts[2]) != 4 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return 0, 0, 0, false
		}
		n[i] = v
	}
	return n[0], n[1], n[2], true
}
