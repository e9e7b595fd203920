package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"prescreen/scanner/catalog"
)

// Tables of notices as marketplaces and people write them, all saying the same.
var noticeShapes = map[string]string{
	"plain.csv":      "Listing ID,Title,Right,Brand,Date\nA1,Robot,trademark,Zorbex,2026-11-12\n",
	"ebay.tsv":       "Removed listings\n\nItem ID\tItem title\tReason for removal\tReporting rights owner\tDate removed\nA1\tRobot\tVeRO: trademark infringement\tZorbex\tNov 12, 2026 10:01 AM PST\n",
	"amazon.csv":     "ASIN,Seller SKU,Product Title,Infringement type,Rights owner name,Date received\nB0,A1,Robot,Counterfeit product,Zorbex,12-Nov-2026\n",
	"aliexpress.csv": "产品ID,产品标题,违规类型,侵权商标,处罚时间\nA1,Robot,商标侵权（假货）,Zorbex,2026-11-12 08:00:00\n",
	"german.csv":     "Artikelnummer;Titel;Grund;Rechteinhaber;Datum\nA1;Robot;Markenverletzung;Zorbex;12.11.2026\n",
	"french.csv":     "Référence;Titre;Motif;Titulaire des droits;Date\nA1;Robot;Contrefaçon de marque;Zorbex;12/11/2026\nA2;Robot;Marque;Zorbex;25/11/2026\n",
	"spanish.csv":    "ID publicación,Título,Motivo,Titular de los derechos,Fecha\nA1,Robot,Marca registrada,Zorbex,12/11/2026\nA2,Robot,Marca,Zorbex,25/11/2026\n",
	"american.csv":   "SKU,Item,Violation,Complainant,Date\nA1,Robot,Trademark,Zorbex,11/12/2026\nA2,Robot,Trademark,Zorbex,11/25/2026\n",
	"russian.csv":    "Артикул;Название;Причина;Правообладатель;Дата\nA1;Robot;Нарушение прав на товарный знак;Zorbex;12.11.2026\n",
	"japanese.csv":   "商品番号,商品名,違反内容,権利者,削除日\nA1,Robot,商標権の侵害,Zorbex,2026年11月12日\n",
	"korean.csv":     "상품번호,상품명,위반유형,브랜드,날짜\nA1,Robot,상표권,Zorbex,2026-11-12\n",
}

func TestNoticeShapes(t *testing.T) {
	dir := t.TempDir()
	check := func(name string) {
		t.Helper()
		got, err := readNotices(filepath.Join(dir, name))
		if err != nil || len(got.faults) > 0 || len(got.rights) > 0 || len(got.list) == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
			return
		}
		n := got.list[0]
		n.Row = 0
		if want := (catalog.Notice{ID: "A1", Title: "Robot", Right: "trademark", Brand: "Zorbex", Date: "2026-11-12"}); n != want {
			t.Errorf("%s: %+v", name, n)
		}
	}
	for name, text := range noticeShapes {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		check(name)
		book := excelize.NewFile()
		if _, err := book.NewSheet("Notices"); err != nil {
			t.Fatal(err)
		}
		for i, row := range noticeLines(text) {
			if err := book.SetSheetRow("Notices", fmt.Sprint("A", i+1), &row.cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := book.SaveAs(filepath.Join(dir, name+".xlsx")); err != nil {
			t.Fatal(err)
		}
		check(name + ".xlsx")
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(noticeShapes["aliexpress.csv"])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "wide.csv"), []byte(wide), 0o600); err != nil {
		t.Fatal(err)
	}
	check("wide.csv")
}

func TestNoticeDates(t *testing.T) {
	for _, test := range []struct{ text, order, want string }{
		{"2026-11-12T08:00:00Z", "", "2026-11-12"}, {"46338", "", "2026-11-12"}, {"46338.5", "", "2026-11-12"},
		{"3/4/2026", "", "?"}, {"4/4/2026", "", "2026-04-04"}, {"3/4/2026", "day first", "2026-04-03"}, {"3/4/2026", "month first", "2026-03-04"},
		{"13/14/2026", "day first", ""}, {"someday", "", ""}, {"", "", ""}, {"November 12, 2026", "", "2026-11-12"}, {"2026/11/12 8:00", "", "2026-11-12"},
	} {
		got, ok, ambiguous := noticeDate(test.text, dateOrder(test.order))
		if ambiguous {
			got = "?"
		} else if !ok {
			got = ""
		}
		if got != test.want {
			t.Errorf("%q %s: %q, want %q", test.text, test.order, got, test.want)
		}
	}
	if o := orderOf([]string{"3/4/2026", "13/4/2026"}); o != dayFirst {
		t.Error(o)
	}
	if o := orderOf([]string{"13/4/2026", "4/13/2026"}); o != "" {
		t.Error(o)
	}
}

// Every draft is a rule that proves itself, whatever the brand's script.
func TestDraftsProveThemselves(t *testing.T) {
	var list []catalog.Replayed
	for _, n := range []struct{ brand, title, right string }{
		{"Zorbex", "Zorbex robot for children", "trademark"}, {"Mil Fendo", "bag mil fendo", ""}, {"佐贝斯", "佐贝斯 玩具 车", "copyright"}, {"Зорбекс", "Робот Зорбекс для детей", ""},
		{"Grimpel", "Tall vase", "patent"}, {"Qat", "Qat mug", ""}, {"ゾルベックス", "ゾルベックス ロボット", ""}, {"Brim & Tock", "brim and tock clock", ""},
	} {
		list = append(list, catalog.Replayed{Notice: catalog.Notice{Brand: n.brand, Title: n.title, Right: n.right, Date: "2026-11-12"}, Outcome: catalog.Missed})
	}
	drafts := draftsOf(list)
	data, err := draftPack(drafts, "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	odd, err := oddities(drafts, "2026-11-23")
	if err != nil || len(odd) > 1 || !odd[drafts[7].id+" stray-hit"] { // lint does not read & as and
		t.Errorf("oddities %v, %v", odd, err)
	}
	for _, d := range drafts {
		if d.miss == "" || len(d.hits) == 0 && d.made == "" {
			t.Errorf("%s: hits %q, made %q, miss %q", d.brand, d.hits, d.made, d.miss)
		}
	}
	if !strings.Contains(string(data), `#   - "Tall vase"`) {
		t.Errorf("%s", data)
	}
}
