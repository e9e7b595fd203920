package table

import (
	"slices"
	"strings"
	"testing"
)

// TestHeaderVariants gives each platform the headers its other versions and
// languages write: the header, one row whose cells are named after their
// columns, and the columns that must be screened in their roles. The headers
// are those of public documentation and of sellers' scripts.
func TestHeaderVariants(t *testing.T) {
	tests := []struct{ name, platform, header, want string }{
		{"shopify, 2025 export", "shopify",
			"Title|URL handle|Description|Vendor|Product category|Type|Tags|Published on online store|Status|SKU|Barcode|Option1 name|Option1 value|Option1 Linked To|Price|Product image URL|Image position|Image alt text|Variant image URL|SEO title|SEO description|Color (product.metafields.shopify.color-pattern)",
			"title=Title|description=Description|brand=Vendor|tags=Tags|variant=Option1 value|seo=SEO title|seo=SEO description|seo=Image alt text|attribute=Color (product.metafields.shopify.color-pattern)"},
		{"shopify, through Matrixify", "shopify",
			"ID|Handle|Command|Title|Body HTML|Vendor|Type|Tags|Tags Command|Status|Variant SKU|Variant Price|Option1 Name|Option1 Value|Image Src|Image Alt Text|Metafield: title_tag [string]|Metafield: description_tag [string]",
			"title=Title|description=Body HTML|tags=Tags|seo=Image Alt Text|attribute=Metafield: title_tag [string]|attribute=Metafield: description_tag [string]"},
		{"woocommerce in French", "woocommerce",
			"ID|Type|UGS|Nom|Publié|Mis en avant ?|Visibilité dans le catalogue|Description courte|Description|En stock ?|Tarif régulier|Catégories|Étiquettes|Images|Parent|Note de commande|Nom de l’attribut 1|Valeur(s) de l’attribut 1",
			"title=Nom|description=Description|description=Description courte|tags=Étiquettes|attribute=Valeur(s) de l’attribut 1|attribute=Note de commande"},
		{"woocommerce in Canadian French", "woocommerce",
			"Type|UGS|Nom|Publié|Visibilité dans le catalogue|Description courte|Description|En inventaire?|Tarif promo|Tarif régulier|Catégories|Images|Brands",
			"title=Nom|description=Description|brand=Brands"},
		{"woocommerce in Spanish", "woocommerce",
			"ID|Tipo|SKU|Nombre|Publicado|¿Está destacado?|Visibilidad en el catálogo|Descripción corta|Descripción|¿Existencias?|Precio normal|Categorías|Etiquetas|Imágenes|Superior|Nombre del atributo 1|Valor(es) del atributo 1",
			"title=Nombre|description=Descripción|description=Descripción corta|tags=Etiquetas|attribute=Valor(es) del atributo 1"},
		{"woocommerce in Romanian", "woocommerce",
			"ID|Tip|SKU|Nume|Publicat|Este reprezentativ?|Vizibilitate în catalog|Descriere scurtă|Descriere|Preț obișnuit|Categorii|Etichete|Imagini|Părinte",
			"title=Nume|description=Descriere|description=Descriere scurtă|tags=Etichete"},
		{"woocommerce in Turkish", "woocommerce",
			"Kimlik|Tür|Stok kodu (SKU)|İsim|Yayımlanmış|Katalogda görünürlük|Kısa açıklama|Açıklama|Normal fiyat|Kategoriler|Etiketler|Görseller|Ebeveyn",
			"title=İsim|description=Açıklama|description=Kısa açıklama|tags=Etiketler"},
		{"woocommerce in Polish", "woocommerce",
			"Identyfikator|Rodzaj|SKU|Nazwa|Opublikowano|Widoczność w katalogu|Krótki opis|Opis|Cena|Kategorie|Tagi|Obrazki|Nadrzędny",
			"title=Nazwa|description=Opis|description=Krótki opis|tags=Tagi"},
		{"woocommerce, import suite", "woocommerce",
			"post_title|post_name|ID|post_excerpt|post_content|post_status|post_parent|sku|regular_price|stock_status|tax:product_cat|tax:product_tag|meta:_yoast_wpseo_title|meta:_yoast_wpseo_metadesc|images",
			"title=post_title|description=post_content|description=post_excerpt|tags=tax:product_tag|seo=meta:_yoast_wpseo_title|seo=meta:_yoast_wpseo_metadesc"},
		{"amazon report in German", "amazon",
			"Artikelbezeichnung|Artikelbeschreibung|Angebotsnummer|Händler-SKU|Preis|Menge|Erstellungsdatum|Produkt-ID-Typ|ASIN 1|Artikelzustand|Produkt-ID|Versender|Status",
			"title=Artikelbezeichnung|description=Artikelbeschreibung"},
		{"amazon report in French", "amazon",
			"nom-produit|description-article|id-offre|sku-vendeur|prix|quantité|type-id-produit|asin1|état-produit|id-produit|canal-traitement",
			"title=nom-produit|description=description-article"},
		{"amazon report in Italian", "amazon",
			"Nome dell'articolo|Numero offerta|SKU venditore|Prezzo|Quantità|Data di creazione|Tipo di identificativo del prodotto|ASIN 1|Condizione dell'articolo|Identificativo del prodotto",
			"title=Nome dell'articolo"},
		{"amazon report in Spanish", "amazon",
			"Título del producto|Identificador del listing|SKU del vendedor|Precio|Cantidad|Fecha de creación|Tipo de identificador de producto|ASIN 1|Estado del producto|Identificador del producto",
			"title=Título del producto"},
		{"amazon report in Chinese", "amazon",
			"商品名称|商品描述|商品编号|卖家 SKU|价格|数量|开售日期|商品编码类型|ASIN 1|商品备注|商品编码|配送渠道|状态",
			"title=商品名称|description=商品描述"},
		{"amazon, unified template with market in brackets", "amazon",
			"contribution_sku#1.value|::record_action|product_type#1.value|item_name[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|brand[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|product_description[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|bullet_point[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|bullet_point[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#2.value|generic_keyword[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|child_parent_sku_relationship[marketplace_id=ATVPDKIKX0DER]#1.parent_sku",
			"title=item_name[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|bullet=bullet_point[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#2.value|keywords=generic_keyword[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value|brand=brand[marketplace_id=ATVPDKIKX0DER][language_tag=en_US]#1.value"},
		{"a Chinese warehouse system", "generic",
			"库存SKU|商品中文名称|商品英文名称|报关中文名|报关英文名|商品描述|默认供应商|商品目录",
			"title=商品中文名称|title=商品英文名称|description=商品描述"},
		{"a Chinese listing tool", "generic",
			"产品编号|刊登标题|英文描述|主图链接|价格|库存|平台|站点|账号",
			"title=刊登标题|description=英文描述"},
		{"ebay, File Exchange download", "ebay",
			"Item ID|Custom Label|Product ID Type|Quantity Available|Item Title|Price|Start Date|End Date|Condition|Type|Category Number",
			"title=Item Title"},
		{"ebay, active listings in German", "ebay",
			"Artikelnummer|Titel|Variantendetails|Bestandseinheit (SKU)|Verfügbare Stückzahl|Format|Währung|Startpreis|Aktueller Preis|Beobachter|Startdatum|Enddatum|eBay-Kategorie 1 Name|Zustand",
			"title=Titel|variant=Variantendetails"},
		{"ebay, plain upload file", "ebay",
			"*Action(SiteID=UK|Country=GB|Currency=GBP|Version=1193)|*Category|*Title|Subtitle|*Description|*ConditionID|PicURL|*Quantity|*Format|*StartPrice|*Duration|CustomLabel|C:Brand|C:MPN|C:Compatible Model|Relationship|RelationshipDetails|Product:Brand",
			"title=*Title|title=Subtitle|description=*Description|brand=C:Brand|attribute=C:Compatible Model|variant=RelationshipDetails|brand=Product:Brand"},
		{"etsy in Spanish", "etsy",
			"TÍTULO|DESCRIPCIÓN|PRECIO|CURRENCY_CODE|CANTIDAD|ETIQUETAS|MATERIALES|IMAGEN1|TIPO DE VARIACIÓN 1|NOMBRE DE VARIACIÓN 1|VALORES DE VARIACIÓN 1|SKU",
			"title=TÍTULO|description=DESCRIPCIÓN|tags=ETIQUETAS|attribute=MATERIALES|variant=VALORES DE VARIACIÓN 1"},
		{"etsy wholly in French", "etsy",
			"TITRE|DESCRIPTION|PRIX|CODE_DEVISE|QUANTITÉ|TAGS|MATÉRIAUX|IMAGE 1|IMAGE 2|TYPE VARIATION 1|NOM VARIATION 1|VALEURS VARIATION 1|RÉFÉRENCE",
			"title=TITRE|description=DESCRIPTION|tags=TAGS|attribute=MATÉRIAUX|variant=VALEURS VARIATION 1|id=RÉFÉRENCE"},
		{"etsy wholly in German", "etsy",
			"TITEL|BESCHREIBUNG|PREIS|WÄHRUNGSCODE|STÜCKZAHL|TAGS|MATERIALIEN|BILD1|BILD2|VARIATIONSTYP 1|VARIATIONSNAME 1|VARIATIONSWERT 1|BESTANDSEINHEIT",
			"title=TITEL|description=BESCHREIBUNG|tags=TAGS|attribute=MATERIALIEN|variant=VARIATIONSWERT 1|id=BESTANDSEINHEIT"},
		{"woocommerce with texts of plugins", "woocommerce",
			"ID|Type|SKU|Name|Visibility in catalog|Short description|Description|Regular price|Parent|Purchase note|Button text|Meta: _yoast_wpseo_focuskw|Meta: _yoast_wpseo_metadesc|Meta: _yoast_wpseo_keywordsynonyms|Meta: _aioseo_keywords|Meta: _webdados_fb_open_graph_specific_description|Meta: rank_math_title",
			"title=Name|attribute=Purchase note|attribute=Button text|seo=Meta: _yoast_wpseo_focuskw|seo=Meta: _yoast_wpseo_metadesc|seo=Meta: _yoast_wpseo_keywordsynonyms|seo=Meta: _aioseo_keywords|seo=Meta: _webdados_fb_open_graph_specific_description|seo=Meta: rank_math_title"},
		{"walmart, item report", "walmart",
			"SKU|ITEM ID|PRODUCT NAME|LIFECYCLE STATUS|PUBLISH STATUS|STATUS CHANGE REASON|PRODUCT CATEGORY|PRICE|CURRENCY|BUY BOX ITEM PRICE|WPID|GTIN|UPC|ITEM PAGE URL|PRIMARY IMAGE URL|BRAND",
			"title=PRODUCT NAME|brand=BRAND"},
		{"walmart, spec 4", "walmart",
			"sku|productIdType|productId|productName|brand|shortDescription|keyFeatures|keyFeatures1|mainImageUrl|price|ShippingWeight",
			"title=productName|description=shortDescription|bullet=keyFeatures|bullet=keyFeatures1|brand=brand"},
		{"wildberries in English", "wildberries",
			"Group|Seller's SKU|WB SKU|Title|Seller category|Brand|Description|Photo|Video|Barcodes|Size|Price",
			"title=Title|description=Description|brand=Brand"},
		{"wildberries in Chinese", "wildberries",
			"组|卖家货号|WB货号|名称|卖家类目|品牌|描述|照片|视频|条码|尺码|价格",
			"title=名称|description=描述|brand=品牌"},
		{"ozon, product list in English", "ozon",
			"Article|Ozon Product ID|SKU|Barcode|Product name|Content rating|Brand|Product status|Visibility on Ozon|Price",
			"title=Product name|brand=Brand"},
		{"ozon, product list in Chinese", "ozon",
			"货号|Ozon Product ID|SKU|条形码|商品名称|内容评级|品牌|商品状态|价格",
			"title=商品名称|brand=品牌"},
		{"ozon template in English", "ozon",
			"No|Article code*|Product name|Price, RUB*|Price before discount, RUB|Ozon ID|Weight with packaging, g*|Link to main photo*|Brand*|Annotation|#Hashtags|Keywords",
			"title=Product name|description=Annotation|tags=#Hashtags|keywords=Keywords|brand=Brand*"},
		{"prestashop in French", "prestashop",
			"ID|Actif (0/1)|Nom *|Catégories (x,y,z...)|Prix HT ou Prix TTC|Référence|Fournisseur|Marque|Résumé|Description|Balises (x,y,z...)|Balise titre|Meta mots-clés|Meta description|URL des images (x,y,z...)|Caractéristique (Nom:Valeur:Position:Personnalisé)",
			"title=Nom *|description=Description|description=Résumé|tags=Balises (x,y,z...)|brand=Marque|seo=Balise titre|seo=Meta description|keywords=Meta mots-clés|attribute=Caractéristique (Nom:Valeur:Position:Personnalisé)"},
		{"prestashop in Spanish", "prestashop",
			"ID|Activo (0/1)|Nombre *|Categorías (x,y,z...)|Precio impuestos excluidos|Referencia nº|Proveedor|Fabricante|Resumen|Descripción|Etiquetas (x,y,z...)|Meta-título|Meta palabras clave|Meta descripción|URL's de las imágenes (x,y,z...)",
			"title=Nombre *|description=Descripción|description=Resumen|tags=Etiquetas (x,y,z...)|brand=Fabricante|seo=Meta-título|seo=Meta descripción|keywords=Meta palabras clave"},
		{"prestashop in Italian", "prestashop",
			"ID|Attivo (0/1)|Nome *|Categorie (x,y,z...)|Prezzo tasse escluse|Riferimento n.|Fornitore|Marca|Riepilogo|Descrizione|Tag (x,y,z...)|Meta-titolo|Parole chiave meta|Meta descrizione|URL immagine (x,y,z...)",
			"title=Nome *|description=Descrizione|description=Riepilogo|tags=Tag (x,y,z...)|brand=Marca|seo=Meta-titolo|seo=Meta descrizione|keywords=Parole chiave meta"},
		{"prestashop in German", "prestashop",
			"ID|Aktiv (0/1)|Name *|Kategorien (x,y,z...)|Preis zzgl. MwSt.|Artikel-Nr.|Lieferant|Marke|Kurzbeschreibung|Beschreibung|Stichwörter (x,y,z...)|Meta-Titel|Meta-Schlüsselwörter|Meta-Beschreibung|Bild-URLs (x,y,z...)",
			"title=Name *|description=Beschreibung|description=Kurzbeschreibung|tags=Stichwörter (x,y,z...)|brand=Marke|seo=Meta-Titel|seo=Meta-Beschreibung|keywords=Meta-Schlüsselwörter"},
		{"opencart, CSV Price Pro", "opencart",
			"_ID_|_MAIN_CATEGORY_|_NAME_|_MODEL_|_SKU_|_MANUFACTURER_|_PRICE_|_QUANTITY_|_META_TITLE_|_META_KEYWORDS_|_META_DESCRIPTION_|_DESCRIPTION_|_PRODUCT_TAG_|_IMAGE_|_ATTRIBUTES_",
			"title=_NAME_|description=_DESCRIPTION_|brand=_MANUFACTURER_|seo=_META_TITLE_|seo=_META_DESCRIPTION_|keywords=_META_KEYWORDS_|tags=_PRODUCT_TAG_|attribute=_ATTRIBUTES_"},
		{"google, prefixed names", "google",
			"g:id|g:title|g:description|g:link|g:image_link|g:price|g:availability|g:brand|g:product_type|g:product_highlight",
			"title=g:title|description=g:description|brand=g:brand|bullet=g:product_highlight"},
		{"google, spaced names", "google",
			"id|title|description|link|image link|additional image link|price|condition|availability|brand|google product category|product highlight",
			"title=title|description=description|brand=brand|bullet=product highlight"},
		{"lazada, basic information in English", "lazada",
			"Product ID|catId|Product Name|Product Images1|Brand|Main Description|Highlights|Shop SKU|SellerSKU|sku.skuId|Variations Combo|status",
			"title=Product Name|description=Main Description|bullet=Highlights|brand=Brand|variant=Variations Combo"},
		{"shopee labels of Taiwan", "shopee",
			"商品ID|主商品貨號|商品名稱|商品描述|規格識別碼|規格名稱 1|規格選項 1|商品選項貨號|價格|庫存|主商品圖片",
			"title=商品名稱|description=商品描述|variant=規格選項 1"},
		{"shopee labels of Brazil", "shopee",
			"ID do Produto|SKU principal|Nome do Produto|Descrição do Produto|Número de integração de variação|Nome da variação 1|Opção da variação 1|Preço|Estoque|Imagem de capa",
			"title=Nome do Produto|description=Descrição do Produto|variant=Opção da variação 1"},
		{"tiktok labels in English", "tiktok",
			"Category|Brand|Product name|Product description|Package weight(g)|Main image|Image 2|Identifier code type|Variation 1|Variant image 1|Variation 2|Price|Quantity in default warehouse|Seller SKU",
			"title=Product name|description=Product description|brand=Brand|variant=Variation 1"},
		{"mercado libre, listings to edit", "mercadolibre",
			"Número de publicación|SKU|Título|Variantes|Stock|Precio|Moneda|Condición|Descripción|Costo de envío",
			"title=Título|description=Descripción|variant=Variantes"},
		{"taobao, titles under their newer label", "taobao",
			"宝贝ID|宝贝标题|宝贝类目|商家编码|宝贝描述|宝贝卖点",
			"title=宝贝标题|description=宝贝描述|bullet=宝贝卖点"},
		{"magento with extra text columns", "magento",
			"sku|store_view_code|attribute_set_code|product_type|categories|name|description|short_description|url_key|meta_title|meta_keywords|meta_description|base_image_label|small_image_label|thumbnail_image_label|additional_image_labels|additional_attributes|configurable_variation_labels|custom_options",
			"title=name|description=short_description|seo=meta_title|keywords=meta_keywords|seo=meta_description|attribute=additional_attributes|seo=additional_image_labels|variant=configurable_variation_labels|attribute=custom_options"},
		{"facebook with style and tags", "facebook",
			"id|title|description|rich_text_description|availability|condition|price|link|image_link|brand|google_product_category|fb_product_category|item_group_id|color|size|product_tags[0]|product_tags[1]|style[0]|custom_label_0",
			"title=title|description=rich_text_description|tags=product_tags[1]|attribute=style[0]|brand=brand"},
		{"rakuten, by variation", "rakuten",
			"商品管理番号（商品URL）|商品番号|商品名|キャッチコピー|ジャンルID|PC用商品説明文|スマートフォン用商品説明文|PC用販売説明文|バリエーション項目キー定義|バリエーション1選択肢定義|商品画像パス1|商品画像名（ALT）1|SKU管理番号|販売価格",
			"title=商品名|description=PC用商品説明文|description=PC用販売説明文|variant=バリエーション1選択肢定義|seo=商品画像名（ALT）1"},
		{"alibaba in English", "alibaba",
			"Product ID|Product Name|Product Keywords|Category|Minimum Order Quantity|FOB Price|Brand Name|Model Number|Place of Origin|Main Image|Product Description|Company Name",
			"title=Product Name|keywords=Product Keywords|brand=Brand Name|description=Product Description"},
		{"aliexpress in English", "aliexpress",
			"Product ID|Product Title|Category ID|Keywords|Freight Template|Product Group|Brand Name|Product Description|SKU Code|Color|Price(USD)|Stock|Main image",
			"title=Product Title|keywords=Keywords|brand=Brand Name|description=Product Description|variant=Color"},
		{"temu with numbered bullets", "temu",
			"Category Name|Product Name|Contribution Goods|Contribution SKU|Brand|Trademark|Product Description|Bullet Point 1|Bullet Point 2|Color - 13|SKU Images URL|Base Price - USD",
			"title=Product Name|bullet=Bullet Point 2|brand=Trademark|description=Product Description|variant=Color - 13"},
		{"myntra with its older names", "myntra",
			"styleId|styleGroupId|vendorSkuCode|vendorArticleNumber|vendorArticleName|brand|articleType|productDisplayName|List View Name|Product Details|styleNote|materialCareDescription|sizeAndFitDescription|tags|Front Image",
			"title=productDisplayName|title=List View Name|description=styleNote|description=sizeAndFitDescription|tags=tags|brand=brand"},
		{"a Wix catalogue", "generic",
			"handleId|fieldType|name|description|productImageUrl|collection|sku|ribbon|price|productOptionName1|productOptionDescription1|additionalInfoTitle1|additionalInfoDescription1|brand",
			"title=name|description=description|brand=brand|variant=productOptionName1|variant=productOptionDescription1|description=additionalInfoDescription1"},
		{"a Squarespace catalogue", "generic",
			"Product ID [Non Editable]|Variant ID [Non Editable]|Product Type [Non Editable]|Product Page|Product URL|Title|Description|SKU|Option Name 1|Option Value 1|Price|Categories|Tags|Visible",
			"title=Title|description=Description|tags=Tags|variant=Option Name 1|variant=Option Value 1"},
		{"a BigCommerce catalogue", "generic",
			"Item Type|Product ID|Product Name|Product Type|Product Code/SKU|Brand Name|Product Description|Price|Category|Search Keywords|Page Title|Meta Keywords|Meta Description|Product Image Description - 1",
			"title=Product Name|description=Product Description|brand=Brand Name|keywords=Search Keywords|seo=Page Title|keywords=Meta Keywords|seo=Meta Description"},
		{"a Square catalogue", "generic",
			"Token|Item Name|Variation Name|SKU|Description|Category|SEO Title|SEO Description|Price|Option Name 1|Option Value 1",
			"title=Item Name|description=Description|variant=Variation Name|seo=SEO Title|seo=SEO Description"},
		{"a Wish catalogue", "generic",
			"*Product Name|*Unique ID|Parent Unique ID|*Description|*Tags|Brand|*Price|*Quantity|*Main Image URL|Color|Size",
			"title=*Product Name|description=*Description|tags=*Tags|brand=Brand|attribute=Color"},
		{"names of code", "generic",
			"productId|productTitle|productDescription|shortDescription|brandName|bulletPoint1|bulletPoint2|searchKeywords|imageAltText|seoTitle|metaDescription",
			"title=productTitle|description=productDescription|description=shortDescription|brand=brandName|bullet=bulletPoint1|bullet=bulletPoint2|keywords=searchKeywords|seo=imageAltText|seo=seoTitle|seo=metaDescription"},
		{"names of code with underscores", "generic",
			"item_id|listing_title|long_description|brand_name|bullet_point_1|key_feature_2|search_terms|image_1_alt|seo_title|meta_keywords",
			"title=listing_title|description=long_description|brand=brand_name|bullet=bullet_point_1|bullet=key_feature_2|keywords=search_terms|seo=image_1_alt|seo=seo_title|keywords=meta_keywords"},
		{"ERP drafts", "dianxiaomi",
			"*产品标题|*产品描述|*分类id|品牌|变种属性名称一|变种属性值一|产品主图(URL)地址|附图一|本地展示价(站点币种)|产品关键词|来源URL",
			"title=*产品标题|description=*产品描述|brand=品牌|variant=变种属性值一|keywords=产品关键词"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := strings.Split(tt.header, "|")
			if strings.Contains(tt.header, "(SiteID=") {
				names = strings.Split(strings.Replace(tt.header, "|Country=GB|Currency=GBP|Version=1193", "\x00", 1), "|")
				names[0] = strings.Replace(names[0], "\x00", "|Country=GB|Currency=GBP|Version=1193", 1)
			}
			cells := make([]string, len(names))
			for i, name := range names {
				cells[i] = variantCell(name)
			}
			text := strings.Join(names, "\t") + "\n" + strings.Join(cells, "\t") + "\n"
			listings, facts, err := readAll(write(t, "x.txt", text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if facts[0].Platform != tt.platform || len(listings) != 1 {
				t.Errorf("%d listings of %s", len(listings), facts[0].Platform)
			}
			for want := range strings.SplitSeq(tt.want, "|") {
				role, column, _ := strings.Cut(want, "=")
				if !slices.Contains(facts[0].Columns[role], column) {
					t.Errorf("%s are %q, want %q among them", role, facts[0].Columns[role], column)
				}
			}
		})
	}
}

// variantCell is what a row holds under a header: a price, an address or text.
func variantCell(name string) string {
	holds := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(name), w) })
	}
	switch {
	case holds("price", "preis", "prix", "цена", "价格", "價格", "展示价", "preço", "precio", "prezzo", "preț", "fiyat", "cena", "weight", "quantity", "stock"):
		return "9.90"
	case holds("image", "photo", "主图", "附图", "画像パス", "picurl"):
		return "https://img.example/1.jpg"
	}
	return "text of " + name
}
