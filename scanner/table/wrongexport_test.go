package table

import (
	"strings"
	"testing"

	"prescreen/scanner"
)

// TestWrongExports gives genuine reports without listing texts, in the headers
// their platforms write: each is refused in English and in Chinese with the
// name of the export to hand over instead.
func TestWrongExports(t *testing.T) {
	tests := []struct{ name, header, en, zh string }{
		{"shopify orders", "Name|Email|Financial Status|Paid at|Lineitem quantity|Lineitem name|Lineitem price|Billing Name", "Products > Export", "商品 > 导出"},
		{"shopify inventory", "Handle|Title|Option1 Name|Option1 Value|SKU|HS Code|Location|Incoming (not editable)|On hand (current)|Available (not editable)", "Products > Export", "商品 > 导出"},
		{"woocommerce variations", "ID|Type|SKU|Parent|Regular price|Attribute 1 value(s)", "Products > Export", "产品 > 导出"},
		{"woocommerce orders", "Order Number|Order Status|Order Date|First Name (Billing)|Item Name|Quantity", "Products > Export", "产品 > 导出"},
		{"amazon orders", "amazon-order-id|merchant-order-id|purchase-date|order-status|sku|product-name|quantity|item-price", "All Listings Report", "All Listings Report"},
		{"amazon price and quantity", "sku|asin|price|quantity", "All Listings Report", "All Listings Report"},
		{"amazon advertising", "Campaign Name|Ad Group Name|Customer Search Term|Impressions|Clicks|Spend", "All Listings Report", "All Listings Report"},
		{"amazon settlement", "settlement-id|settlement-start-date|transaction-type|order-id|sku|amount-type|amount-description|amount", "All Listings Report", "All Listings Report"},
		{"amazon FBA stock", "sku|fnsku|asin|product-name|condition|your-price|mfn-listing-exists|afn-fulfillable-quantity", "All Listings Report", "All Listings Report"},
		{"ebay orders", "Sales Record Number|Order Number|Buyer Username|Buyer Name|Item Number|Item Title|Custom Label|Quantity|Sold For", "All active listings", "All active listings"},
		{"ebay price revision", "Action(SiteID=US|Country=US|Currency=USD|Version=1193)\tItemID\tStartPrice\tQuantity", "All active listings", "All active listings"},
		{"ebay price and quantity download", "Action|Item number|Custom label (SKU)|Start price|Available quantity|Currency", "All active listings", "All active listings"},
		{"etsy orders", "Sale Date|Item Name|Buyer|Quantity|Price|Order ID|Transaction ID|SKU", "Download data", "下载数据"},
		{"shopee prices", "et_title_product_id|et_title_parent_sku|et_title_variation_id|et_title_variation_price|et_title_variation_stock", "Mass update > Basic info", "批量更新 > 基本资讯"},
		{"shopee orders", "No. Pesanan|Status Pesanan|Nama Produk|Nomor Referensi SKU|Jumlah|Total Pembayaran", "Mass update > Basic info", "批量更新 > 基本资讯"},
		{"temu prices", "Goods Id|Sku Id|Contribution SKU|Base Price - USD|Quantity", "Template", "Template"},
		{"tiktok prices", "product_id|product_name|sku_id|variation_value|price|quantity|seller_sku", "Bulk edit > All information", "批量编辑 > 全部信息"},
		{"tiktok orders", "Order ID|Order Status|Order Substatus|SKU ID|Product Name|Variation|Quantity|SKU Subtotal After Discount", "Bulk edit > All information", "批量编辑 > 全部信息"},
		{"lazada prices", "Product ID|catId|sku.skuId|SellerSKU|Quantity|SpecialPrice|Price|status", "Basic information", "基本信息"},
		{"lazada orders", "orderItemId|orderNumber|lazadaId|sellerSku|itemName|paidPrice|customerName", "Basic information", "基本信息"},
		{"walmart stock", "SKU|Fulfillment Center ID|Inventory Count|GTIN", "Item spec with content", "Item spec with content"},
		{"walmart orders", "PO#|Order#|Order Date|Ship By|Customer Name|Customer Shipping Address|Item Description|SKU|Qty", "Item spec with content", "Item spec with content"},
		{"myntra prices", "Style ID|SKU Code|MRP|Selling Price", "listing template", "商品模板"},
		{"wildberries prices", "Бренд|Категория|Артикул WB|Артикул продавца|Последний баркод|Остатки WB|Текущая цена|Новая цена|Текущая скидка|Новая скидка", "Карточки товаров", "Карточки товаров"},
		{"wildberries sales", "№|Номер поставки|Предмет|Код номенклатуры|Бренд|Артикул поставщика|Название|Размер|Обоснование для оплаты|Srid", "Карточки товаров", "Карточки товаров"},
		{"ozon stock", "Название склада (ID склада)|Артикул|Имя (необязательно)|Количество", "Товары", "Товары"},
		{"ozon orders", "Номер заказа|Номер отправления|Принят в обработку|Статус|Название товара|OZON id|Артикул|Количество", "Товары", "Товары"},
		{"magento stock", "source_code|sku|status|quantity", "entity type Products", "实体类型选 Products"},
		{"magento prices", "sku|tier_price_website|tier_price_customer_group|tier_price_qty|tier_price|tier_price_value_type", "entity type Products", "实体类型选 Products"},
		{"prestashop combinations", "Product ID*|Attribute (Name:Type:Position)*|Value (Value:Position)*|Reference|Quantity", "products file", "产品文件"},
		{"prestashop orders", "ID;Reference;New client;Delivery;Customer;Total;Payment;Status;Date", "products file", "产品文件"},
		{"opencart options", "product_id|option|default_option_value|required", "Products sheet", "Products 工作表"},
		{"google stock", "id|store_code|quantity|price|availability", "title and description", "title 和 description"},
		{"google performance", "Title|Product ID|Clicks|Impressions|CTR", "advertising", "广告"},
		{"taobao orders", "订单编号|买家会员名|买家应付货款|买家实际支付金额|订单状态|宝贝标题", "淘宝助理", "淘宝助理"},
		{"rakuten orders", "注文番号|注文日時|注文者氏名|商品名|単価|個数", "item.csv", "item.csv"},
		{"rakuten advertising", "コントロールカラム|商品管理番号|商品CPC|クリック数(合計)|実績額(合計)", "item.csv", "item.csv"},
		{"mercado libre sales", "# de venta|Fecha de venta|Estado|Unidades|Ingresos por productos (ARS)|Título de la publicación|Comprador", "Modificar desde Excel", "Modificar desde Excel"},
		{"ERP orders", "订单号|店铺账号|买家姓名|收件人|商品名称|数量|付款时间", "产品标题", "产品标题"},
		{"ERP stock", "SKU|仓库|仓位|可用库存|在途库存|商品名称", "产品标题", "产品标题"},
		{"aliexpress orders", "Order No.|Order Amount|Buyer Name|Product Information|Order Status", "Export products", "导出商品"},
		{"alibaba orders", "Trade Assurance Order No.|Buyer|Order Amount|Order Status", "Export the products", "请导出产品"},
		{"facebook inventory", "id|availability|quantity_to_sell_on_facebook|price", "title and description", "title 和 description"},
	}
	zh, err := scanner.LanguageFor("zh")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := strings.Split(tt.header, "|")
			if strings.Contains(tt.header, "\t") {
				names = strings.Split(tt.header, "\t")
			}
			if strings.Count(tt.header, ";") > 4 {
				names = strings.Split(tt.header, ";")
			}
			row := strings.Repeat("1\t", len(names)-1) + "1"
			path := write(t, "x.txt", strings.Join(names, "\t")+"\n"+row+"\n"+row+"\n")
			for lang, want := range map[*scanner.Language]string{nil: tt.en, zh: tt.zh} {
				_, _, err := readAll(path, Options{Language: lang})
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q", err, want)
				}
			}
		})
	}
}
