package table

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"prescreen/scanner"
)

// TestShapes gives each export form that no fixture covers in its barest form:
// a header and one row.
func TestShapes(t *testing.T) {
	tests := []struct{ name, platform, text, want string }{
		{"shopify, newer template", "shopify", "URL handle,Title,Description,SKU\nmug,Mug,Blue,1\n",
			"mug [2] title@2:Mug description@2:Blue"},
		{"amazon, unified template", "amazon",
			"settings=labelRow=2&attributeRow=3&dataRow=5,,\nSKU,Item Name,Bullet Point\n" +
				"contribution_sku#1.value,item_name[marketplace_id=X][language_tag=en_US]#1.value,bullet_point[marketplace_id=X][language_tag=en_US]#1.value\n" +
				"ABC123,Example shirt,Example\nB1,Belt,Leather\n",
			"B1 [5] title@5:Belt bullet@5:Leather"},
		{"amazon, listing report of Japan", "amazon", "商品名\t出品ID\t出品者SKU\t価格\nタオル\t1\tA\t9\n", "A [2] title@2:タオル"},
		{"amazon, six header rows", "amazon",
			"TemplateType=Home,Version=1,\nSeller SKU,Product Name,Price\nitem_sku,item_name,standard_price\nRequired,Required,Optional\nB1,Belt,9\n",
			"B1 [5] title@5:Belt"},
		{"magento 1", "magento", "sku,_store,_attribute_set,_type,name,description\nM,,D,simple,Mug,Blue\n,fr,,,Tasse,\n",
			"M [2 3] title@2:Mug description@2:Blue title@3:Tasse"},
		{"prestashop, catalogue list", "prestashop", "\"Product ID\";Image;Name;Reference;Category;\"Price (tax excl.)\"\n4;u;Tasse;T;Cuisine;9\n",
			"4 [2] title@2:Tasse"},
		{"facebook, help above the header", "facebook",
			"# Required | A unique id,# Required | A title,# Required,# Required,# Required,# Optional\n" +
				"id,title,link,image_link,availability,fb_product_category\n1,Mug,u,i,in stock,c\n",
			"1 [3] title@3:Mug"},
		{"ebay, drafts", "ebay",
			"#INFO,Version=0.0.2,Template= eBay-draft-listings-template_US\n" +
				"Action(SiteID=US|Version=1193|CC=UTF-8),Custom label (SKU),Title,Description\nDraft,D1,Mug,Blue\n",
			"D1 [3] title@3:Mug description@3:Blue"},
		{"ebay, active listings", "ebay",
			"Item number,Title,Variation details,Custom label (SKU),Available quantity,CD:Brand\n" +
				"11,Mug,,M,1,Acme\n11,,Colour=Red,M-R,1,\n12,Cap,,C,1,\n",
			"M [2 3] title@2:Mug brand@2:Acme variant@3:Colour=Red"},
		{"woocommerce in German", "woocommerce",
			"ID,Typ,Artikelnummer,Name,Sichtbarkeit im Katalog,Kurzbeschreibung,Beschreibung,Regulärer Preis,Übergeordnetes Produkt\n" +
				"7,variable,T,Hemd,visible,Kurz,Lang,,\n8,variation,T-1,Hemd rot,visible,,,9,T\n",
			"7 [2 3] title@2:Hemd description@2:Lang description@2:Kurz variant@3:Hemd rot"},
		{"etsy in French", "etsy", "TITRE,DESCRIPTION,PRIX,CURRENCY_CODE,IMAGE1,SKU\nBol,Grès,1,EUR,u,S1\n",
			"S1 [2] title@2:Bol description@2:Grès"},
		{"shopee, mass update", "shopee",
			"et_title_product_id,et_title_parent_sku,et_title_product_name,et_title_product_description\nbasic_info,0,,\n" +
				"Kode Produk,SKU Induk,Nama Produk,Deskripsi\n99,K,Kaos,Katun\n",
			""},
		{"lazada in Thai", "lazada", "Product ID,catId,ชื่อสินค้า,*Product Images1,SellerSKU,*Price\n5,1,แก้ว,u,S,9\n",
			"5 [2] title@2:แก้ว"},
		{"ozon, product list", "ozon", "Артикул;Ozon Product ID;Название товара;Бренд\n'A1;7;Кружка;Дом\n",
			"'A1 [2] title@2:Кружка brand@2:Дом"},
		{"opencart, one language", "opencart", "product_id,name,model,image_name,description\n5,Mug,M,i,Blue\n",
			"5 [2] title@2:Mug description@2:Blue"},
		{"taobao labels", "taobao", "宝贝名称,宝贝类目,宝贝描述,商家编码\n杯子,1,陶瓷,T1\n",
			"T1 [2] title@2:杯子 description@2:陶瓷"},
		{"facebook, array headers", "facebook", "id,title,description,link,image[0].url,availability\n1,Mug,Blue,u,i,in stock\n",
			"1 [2] title@2:Mug description@2:Blue"},
		{"mercado libre in Portuguese", "mercadolibre", "Título do anúncio,SKU,Fotos,Condição,Descrição,Marca\nCaneca,C,u.jpg,Novo,Azul,Casa\n",
			"C [2] title@2:Caneca description@2:Azul brand@2:Casa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listings, facts, err := readAll(write(t, "x.csv", tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if facts[0].Platform != tt.platform {
				t.Errorf("platform %s", facts[0].Platform)
			}
			if len(listings) == 0 || tt.want != "" && brief(listings[0]) != tt.want {
				t.Errorf("got %v, want %s", listings, tt.want)
			}
		})
	}
}

func TestGenericHeadersInElevenLanguages(t *testing.T) {
	tests := []struct{ lang, header string }{
		{"en", "Item title,Long description"},
		{"zh", "商品标题,商品描述"},
		{"ru", "Наименование товара,Описание товара"},
		{"es", "Título,Descripción"},
		{"pt", "Nome do produto,Descrição do produto"},
		{"fr", "Désignation,Description courte"},
		{"de", "Artikelbezeichnung,Kurzbeschreibung"},
		{"it", "Nome prodotto,Descrizione"},
		{"ja", "商品タイトル,商品説明文"},
		{"ko", "상품명,상세설명"},
		{"ar", "اسم المنتج,وصف المنتج"},
		{"th", "ชื่อผลิตภัณฑ์,รายละเอียดสินค้า"},
	}
	for _, tt := range tests {
		t.Run(tt.lang, func(t *testing.T) {
			listings, facts, err := readAll(write(t, "x.csv", tt.header+"\nAlpha,Beta\n"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if f := facts[0]; f.Platform != "generic" || len(f.Columns["title"]) != 1 || len(f.Columns["description"]) != 1 {
				t.Errorf("%s %v", f.Platform, f.Columns)
			}
			if len(listings) != 1 || !strings.HasSuffix(brief(listings[0]), "[2] title@2:Alpha description@2:Beta") {
				t.Errorf("listings %v", listings)
			}
		})
	}
}

// book writes a workbook from the source format of the fixtures.
func book(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := writeWorkbook(path, source); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSheets(t *testing.T) {
	const goods = "Handle\tTitle\tBody (HTML)\nmug\tMug\tBlue\n"
	tests := []struct {
		name, source, notes string
		sheets              []string
	}{
		{"hidden, example and foreign sheets are passed over, and named",
			"@sheet\tSecret\thidden\n" + goods + "@sheet\tExample\n" + goods + "@sheet\tNotes\nread\tme\n@sheet\tProducts\n" + goods,
			`"Secret" is hidden|"Example" holds examples|"Notes" holds no recognised`, []string{"Products"}},
		{"two sheets with listings are both read", "@sheet\tA\n" + goods + "@sheet\tB\n" + goods, "2 sheets hold listings", []string{"A", "B"}},
		{"a table that only looks generic stands aside", "@sheet\tA\n" + goods + "@sheet\tB\nsku\ttitle\n1\tCap\n", `"B" holds no`, []string{"A"}},
		{"an example sheet alone is read", "@sheet\tSample\n" + goods, "", []string{"Sample"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listings, facts, err := readAll(book(t, tt.source), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var sheets []string
			for _, l := range listings {
				sheets = append(sheets, l.Origin.Sheet)
			}
			if strings.Join(sheets, " ") != strings.Join(tt.sheets, " ") || len(facts) != len(tt.sheets) {
				t.Errorf("listings of sheets %v, %d facts, want %v", sheets, len(facts), tt.sheets)
			}
			for note := range strings.SplitSeq(tt.notes, "|") {
				if !strings.Contains(strings.Join(facts[0].Notes, "\n"), note) {
					t.Errorf("notes %q, want %q", facts[0].Notes, note)
				}
			}
		})
	}
}

func TestEmptyTemplateIsRefused(t *testing.T) {
	source := "@sheet\tExample\nHandle\tTitle\tBody (HTML)\nex\tExample\t\n@sheet\tTemplate\nHandle\tTitle\tBody (HTML)\n"
	listings, _, err := readAll(book(t, source), Options{})
	if err == nil || !strings.Contains(err.Error(), "empty shopify template") || len(listings) != 0 {
		t.Errorf("%d listings, error %v", len(listings), err)
	}
}

func TestZipMembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "week.zip")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(out)
	for name, text := range map[string]string{
		"a.csv": "Handle,Title,Body (HTML)\nmug,Mug,Blue\n",
		"b.csv": "Order ID,Buyer,Item title\n1,A,Mug\n",
	} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	f, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got, unread []string
	for l, err := range f.Listings() {
		if err != nil {
			u, ok := err.(*scanner.Unread)
			if !ok || u.Row != 0 {
				t.Errorf("error %#v is no unread member", err)
				continue
			}
			unread = append(unread, filepath.Base(u.File))
			continue
		}
		got = append(got, filepath.Base(l.Origin.File)+" "+l.ID)
	}
	if strings.Join(got, "|") != "a.csv mug" || strings.Join(unread, "|") != "b.csv" {
		t.Errorf("read %v, unread %v", got, unread)
	}
}
