package table

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// write puts text into a file of the test's own folder and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// brief is a listing as the tables below show it: id | rows | role:text ...
func brief(l scanner.Listing) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %v", l.ID, l.Origin.Rows)
	for _, f := range l.Fields {
		fmt.Fprintf(&b, " %s@%d:%s", f.Role, f.Row, f.Text)
	}
	return b.String()
}

func TestListings(t *testing.T) {
	tests := []struct {
		name, platform, text string
		want                 []string
	}{
		{"shopify: variants and images belong to their handle", "shopify",
			"Handle,Title,Body (HTML),Option1 Name,Option1 Value,Image Src\n" +
				"mug,Mug,Blue,Size,S,a\nmug,,,,L,\nmug,,,,,b\ncap,Cap,,,,\n",
			[]string{
				"mug [2 3 4] title@2:Mug description@2:Blue variant@2:Size variant@2:S variant@3:L",
				"cap [5] title@5:Cap",
			}},
		{"woocommerce: variations far from their parent, one of them an orphan", "woocommerce",
			"ID,Type,SKU,Name,Regular price,Parent\n" +
				"1,variable,TEE,Tee,,\n2,simple,MUG,Mug,3,\n3,variation,TEE-R,Tee - red,4,id:1\n" +
				"4,\"variation, virtual\",TEE-B,Tee - blue,4,TEE\n5,variation,X,Lost - red,4,id:99\n6,\"simple, virtual\",K,Key,1,\n",
			[]string{
				"1 [2 4 5] title@2:Tee variant@4:Tee - red variant@5:Tee - blue",
				"2 [3] title@3:Mug",
				"5 [6] title@6:Lost - red",
				"6 [7] title@7:Key",
			}},
		{"ebay: info rows and variations are no listings", "ebay",
			"Info,Version=1.0.0\n" +
				"*Action(SiteID=US|Version=1193),CustomLabel,*Title,Relationship,RelationshipDetails,C:Brand,*Description\n" +
				"Add,A,Phone case,,Color=Red;Blue,Acme,Soft\n,A-1,,Variation,Color=Red,,\nInfo,>>> note,,,,,\n",
			[]string{"A [3 4] title@3:Phone case description@3:Soft brand@3:Acme variant@3:Color=Red;Blue variant@4:Color=Red"}},
		{"etsy: no id, equal listings are numbered", "etsy",
			"TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,TAGS,IMAGE1\nRing,Silver,1,EUR,gift,u\nRing,Gold,1,EUR,,u\n",
			[]string{
				"t:fea66acbaf59992d [2] title@2:Ring description@2:Silver tags@2:gift",
				"t:fea66acbaf59992d#2 [3] title@3:Ring description@3:Gold",
			}},
		{"amazon: children stand under a parent of the file, else alone", "amazon",
			"item_sku,item_name,parent_sku,parent_child,bullet_point1,bullet_point2,standard_price\n" +
				"P,Belt,P,parent,Real leather,,\nC1,Belt 90 cm,P,child,Real leather,,9\nC9,Sock,GONE,child,,,2\n",
			[]string{
				"P [2 3] title@2:Belt bullet@2:Real leather variant@3:Belt 90 cm",
				"C9 [4] title@4:Sock",
			}},
		{"shopee: one integration number, parent sku on the first row only", "shopee",
			"Nama Produk,Deskripsi Produk,SKU Induk,Kode Integrasi Variasi,Varian untuk Variasi 1\n" +
				"Kaos,Katun,K1,101,M\n,,,101,L\nTopi,Kain,,,\nGelas,,,,\n",
			[]string{
				"K1 [2 3] title@2:Kaos description@2:Katun variant@2:M variant@3:L",
				"t:637ee003ffcd8059 [4] title@4:Topi description@4:Kain",
				"t:706446ffbd7a7077 [5] title@5:Gelas",
			}},
		{"temu: blank contribution goods are grouped by name", "temu",
			"Product Name,Contribution Goods,Contribution SKU,Bullet Point,Bullet Point,Category Name\n" +
				"Lamp,,s1,Warm,Dim,x\nLamp,,s2,Warm,Dim,x\nVase,G,s3,,,x\nVase,H,s4,,,x\n,,,,,x\n",
			[]string{
				"s1 [2 3] title@2:Lamp bullet@2:Warm bullet@2:Dim",
				"G [4] title@4:Vase",
				"H [5] title@5:Vase",
			}},
		{"magento: store views and children, the configurable last", "magento",
			"sku,store_view_code,attribute_set_code,product_type,name,description,visibility,configurable_variations\n" +
				"T-S,,D,simple,Top S,Soft,Not Visible Individually,\nX,,D,simple,Alone,,Not Visible Individually,\n" +
				"T,,D,configurable,Top,Soft,\"Catalog, Search\",\"sku=T-S,size=S|sku=T-M,size=M\"\nT,fr,D,configurable,Haut,,,\n",
			[]string{
				"T [2 4 5] title@4:Top description@4:Soft title@5:Haut variant@2:Top S",
				"X [3] title@3:Alone",
			}},
		{"google: groups may be torn apart, blanks stand alone", "google",
			"id\ttitle\tlink\timage_link\tprice\titem_group_id\n1\tTop S\tu\ti\t1\tg\n2\tMug\tu\ti\t1\t\n3\tTop M\tu\ti\t1\tg\n",
			[]string{
				"g [2 4] title@2:Top S variant@4:Top M",
				"2 [3] title@3:Mug",
			}},
		{"tiktok: shortened ids are not used", "tiktok",
			"product_id,product_name,product_description,main_image,seller_sku,price\n" +
				"1.73E+18,Mug,Blue,i.jpg,S1,1\n1.73E+18,Cap,Red,i.jpg,S2,1\n",
			[]string{"S1 [2] title@2:Mug description@2:Blue", "S2 [3] title@3:Cap description@3:Red"}},
		{"generic: decoys lose, an empty title column is passed over", "generic",
			"sku,Title Limit,Title,Product Name,About Product\n1,80,,Lamp,Warm\n2,80,,Vase,\n",
			[]string{"1 [2] title@2:Lamp description@2:Warm", "2 [3] title@3:Vase"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			listings, facts, err := readAll(write(t, "x.csv", tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if facts[0].Platform != tt.platform || listings[0].Marketplace != tt.platform || listings[0].Store != tt.platform {
				t.Errorf("platform %s, marketplace %s, store %s", facts[0].Platform, listings[0].Marketplace, listings[0].Store)
			}
			var got []string
			for _, l := range listings {
				got = append(got, brief(l))
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"order report", "Order ID,Buyer,Item title,Total\n1,A,Mug,3\n", "order report"},
		{"shopify orders", "Name,Email,Financial Status,Lineitem quantity,Lineitem name\n#1,a@b.c,paid,1,Mug\n", "Products > Export"},
		{"advertising", "キャンペーン名,インプレッション,クリック数\nA,1,2\n", "advertising"},
		{"woocommerce variations", "ID,Type,SKU,Parent,Regular price,Attribute 1 value(s)\n1,variation,A,B,3,Red\n", "Products > Export"},
		{"rakuten report under a preamble", "レポート\n期間,2026\n\nコントロールカラム,商品管理番号,商品CPC,クリック数(合計)\nu,a,10,3\n", "item.csv"},
		{"amazon template without titles", "TemplateType=PriceInventory,Version=1\nitem_sku,standard_price\nA,3\n", "item_name"},
		{"no title column", "sku,price,remark\nA,3,a red mug\n", `--columns "title=remark"`},
		{"no header row", "https://a.example/1,Mug,3.99\nhttps://a.example/2,Cap,4.99\n", "no header row"},
		{"a product called Title is no header", "https://a.example/1,Title,3.99\nhttps://a.example/2,Cap,4.99\n", "no header row"},
		{"people are no goods", "name,email,phone\nAnna,a@b.c,123\n", "no column is named"},
		{"empty table", "Handle,Title,Body (HTML)\n", "an empty shopify template"},
		{"blank titles", "Handle,Title,Body (HTML)\na,,\n", "none of its 1 rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := readAll(write(t, "x.csv", tt.text), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestRefusedInChinese(t *testing.T) {
	zh, err := scanner.LanguageFor("zh")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = readAll(write(t, "x.csv", "sku,price\nA,3\n"), Options{Language: zh})
	if err == nil || !strings.Contains(err.Error(), "没有任何列的名称像标题或描述") {
		t.Errorf("error %v", err)
	}
}

func TestChosenColumns(t *testing.T) {
	const text = "Handle,Title,Body (HTML), Note ,Image Src\nmug,Mug,Blue,For Acme kettles,a\nmug,,,Second,\n"
	path := write(t, "x.csv", text)
	listings, facts, err := readAll(path, Options{Columns: map[string][]string{"title": {"Title"}, "attribute": {" Note "}}})
	if err != nil {
		t.Fatal(err)
	}
	want := " [2 3] title@2:Mug attribute@2:For Acme kettles attribute@3:Second"
	if len(listings) != 1 || !strings.HasSuffix(brief(listings[0]), want) {
		t.Errorf("got %v, want %s", listings, want)
	}
	if _, ok := facts[0].Columns["description"]; ok {
		t.Error("a column that was not named is screened")
	}
	for header, columns := range map[string]map[string][]string{
		`"title"`:             {"title": {"title"}},
		`unknown role "name"`: {"name": {"Title"}},
	} {
		_, err := Open(path, Options{Columns: columns})
		if err == nil || !strings.Contains(err.Error(), header) {
			t.Errorf("error %v, want %s", err, header)
		}
	}
}

func TestMarketplaceAndStore(t *testing.T) {
	path := write(t, "x.csv", "sku,title\n1,Mug\n")
	listings, facts, err := readAll(path, Options{Marketplace: "amazon", Store: "shop-a"})
	if err != nil {
		t.Fatal(err)
	}
	if l := listings[0]; l.Marketplace != "amazon" || l.Store != "shop-a" || facts[0].Platform != "generic" {
		t.Errorf("marketplace %s, store %s, platform %s", l.Marketplace, l.Store, facts[0].Platform)
	}
}

func TestUnmappedTextIsNamed(t *testing.T) {
	rows := strings.Repeat("1,Mug,fits every kettle of the older series\n", 4)
	_, facts, err := readAll(write(t, "x.csv", "sku,title,Sales pitch\n"+rows), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(facts[0].Notes, "\n"), "not screened: Sales pitch") {
		t.Errorf("notes %q", facts[0].Notes)
	}
}

// Rows of variants and images without a parent are read, and named.
func TestOrphansAreNamed(t *testing.T) {
	for _, tt := range []struct {
		name, text, ids, note string
	}{
		{"woocommerce", "ID,Type,SKU,Name,Regular price,Parent\n5,variation,X,Lost - red,4,id:99\n2,simple,MUG,Mug,3,\n", "5 2", "1 variant rows belong to a parent that is not in the file; each was screened as a listing of its own. Rows: 2"},
		{"amazon", "item_sku,item_name,parent_sku,standard_price\nC1,Sock red,GONE,2\nC2,Sock blue,GONE,2\n", "C1 C2", "Rows: 2-3"},
		{"ebay", "Action(SiteID=US|Version=1193),CustomLabel,Title,Relationship,RelationshipDetails\n,V,,Variation,Color=Red\nAdd,A,Case,,\n", "V A", "Rows: 2"},
		{"shopify, images and variants before any title", "Handle,Title,Body (HTML),Option1 Value,Image Src\nmug,,,Red mug,a\ncap,Cap,,,\n", "mug cap", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listings, facts, err := readAll(write(t, "x.csv", tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, l := range listings {
				ids = append(ids, l.ID)
			}
			if got := strings.Join(ids, " "); got != tt.ids || !strings.Contains(strings.Join(facts[0].Notes, "\n"), tt.note) {
				t.Errorf("listings %s, want %s; notes %q, want %q", got, tt.ids, facts[0].Notes, tt.note)
			}
		})
	}
}

func TestHelpRowsAreNamed(t *testing.T) {
	const text = "item_sku,item_name,standard_price\nyour own number,the title a buyer sees,price in dollars\nA,Mug,3\n"
	listings, facts, err := readAll(write(t, "x.csv", text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(listings) != 1 || listings[0].ID != "A" {
		t.Errorf("listings %v", listings)
	}
	if !strings.Contains(strings.Join(facts[0].Notes, "\n"), "help text, not for listings: 2") {
		t.Errorf("notes %q", facts[0].Notes)
	}
}

// Rows that name the columns again, or say which to fill in, are no listings; a
// product that happens to be called so is one.
func TestRowsOfNames(t *testing.T) {
	for _, tt := range []struct{ name, text, ids, help string }{
		{"in another language", "sku,title,description,brand\n货号,商品标题,商品描述,品牌\nA,Mug,Blue,Acme\n", "A", "2"},
		{"and what to fill in", "sku,title,description\nSKU,Product title *,Description\nRequired,Required,Optional\nA,Mug,Blue\n", "A", "2-3"},
		{"a product called Title", "sku,title,description\nA,Title,A book of that name\nB,Mug,Blue\n", "A B", ""},
		{"later rows are goods", "sku,title,description\nA,Mug,Blue\nB,Name,Text\n", "A B", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listings, facts, err := readAll(write(t, "x.csv", tt.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, l := range listings {
				ids = append(ids, l.ID)
			}
			noted := strings.Contains(strings.Join(facts[0].Notes, "\n"), "not for listings: "+tt.help)
			if got := strings.Join(ids, " "); got != tt.ids || noted != (tt.help != "") {
				t.Errorf("listings %s, want %s; notes %q", got, tt.ids, facts[0].Notes)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	path := write(t, "x.csv", "Handle,Title,Body (HTML)\na,Mug,Blue\n")
	_, facts, err := readAll(path, Options{Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(facts[0].Evidence, "\n"), "row 1 also fits generic") {
		t.Errorf("evidence %q", facts[0].Evidence)
	}
}

func TestStopEarly(t *testing.T) {
	f, err := Open(write(t, "x.csv", "sku,title\n1,A\n2,B\n3,C\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 2 {
		n := 0
		for range f.Listings() {
			if n++; n == 2 {
				break
			}
		}
		if n != 2 {
			t.Errorf("%d listings before the stop, want 2", n)
		}
	}
}

func TestProgress(t *testing.T) {
	f, err := Open(write(t, "x.csv", "sku,title\n1,A\n2,B\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range f.Listings() {
	}
	if read, size := f.Progress(); read != size || size != 18 {
		t.Errorf("read %d of %d bytes, want 18 of 18", read, size)
	}
}

func TestMissingFile(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "gone.csv"), Options{}); !os.IsNotExist(err) && !strings.Contains(fmt.Sprint(err), "gone.csv") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("error %v", err)
	}
}

// FuzzListings reads arbitrary text as an export: no panic, and every field is
// a cell of the row it names.
func FuzzListings(f *testing.F) {
	for _, name := range []string{"shopify.csv", "ebay.csv", "google.tsv", "woocommerce.csv", "magento.csv"} {
		text, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:min(len(text), 1500)])
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		listings, _, err := readAll(path, Options{})
		if err == nil && len(listings) == 0 {
			t.Fatal("read as empty without a word")
		}
		seen := map[string]bool{}
		for _, l := range listings {
			if seen[l.ID] || l.ID == "" || len(l.Fields) == 0 || len(l.Origin.Rows) == 0 {
				t.Fatalf("listing %+v", l)
			}
			seen[l.ID] = true
			for _, field := range l.Fields {
				if !slices.Contains(l.Origin.Rows, field.Row) {
					t.Fatalf("field of row %d in a listing of rows %v", field.Row, l.Origin.Rows)
				}
			}
		}
	})
}
