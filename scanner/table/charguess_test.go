package table

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// shopTexts are sentences as sellers write them, per language, with the
// encoding old tools save them in.
var shopTexts = []struct {
	language string
	set      *charset
	headers  string
	texts    []string
}{
	{"Chinese, simplified", &gb18030, "编号,标题,描述", []string{
		"新款夏季女士纯棉短袖上衣", "加厚保温不锈钢水杯大容量", "适用于多种手机的透明保护壳", "儿童卡通双肩书包减负护脊", "厂家直销，支持一件代发", "颜色多样，尺码齐全，欢迎选购",
		"面料柔软透气，洗后不变形", "本店所有商品均有现货，下单后两天内发货", "收到货有任何问题请联系客服", "厨房置物架免打孔壁挂式", "复古风陶瓷花瓶摆件", "宠物猫抓板耐磨不掉屑"}},
	{"Chinese, traditional", &big5, "編號,標題,描述", []string{
		"新款夏季女士純棉短袖上衣", "加厚保溫不鏽鋼水杯大容量", "適用多款手機的透明保護殼", "兒童卡通雙肩書包減壓護脊", "工廠直營，提供一件代發", "顏色多樣，尺寸齊全，歡迎選購",
		"布料柔軟透氣，清洗後不變形", "本店商品皆有現貨，付款後兩天內出貨", "收到商品若有問題請與我們聯絡", "廚房置物架免打孔壁掛式", "復古風陶瓷花瓶擺飾", "寵物貓抓板耐磨不掉屑"}},
	{"Japanese", &cp932, "商品番号,商品名,説明", []string{
		"綿100%の半袖Tシャツ", "保温ステンレスボトル 大容量", "スマホケース 透明 耐衝撃", "子供用リュックサック 軽量", "送料無料でお届けします", "色は5色からお選びいただけます",
		"洗濯しても型崩れしにくい生地です", "ご注文後2日以内に発送いたします", "不良品の場合は交換いたします", "キッチン収納ラック 壁掛け", "陶器の花瓶 北欧風", "ねこの爪とぎ 段ボール製"}},
	{"Korean", &euckr, "번호,상품명,설명", []string{
		"여름 여성 면 반팔 티셔츠", "대용량 스테인리스 보온병", "투명 휴대폰 케이스 충격 방지", "어린이 캐릭터 책가방", "무료 배송, 당일 발송", "색상은 다섯 가지 중에서 고르실 수 있습니다",
		"부드럽고 통기성이 좋은 원단입니다", "주문 후 이틀 안에 발송해 드립니다", "제품에 문제가 있으면 고객센터로 연락해 주세요", "주방 벽걸이 선반", "북유럽풍 도자기 꽃병", "고양이 스크래처 골판지"}},
	{"Polish", &cp1250, "Indeks,Nazwa,Opis", []string{
		"Koszulka damska z krótkim rękawem, bawełna", "Kubek termiczny ze stali nierdzewnej", "Przezroczyste etui na telefon", "Plecak szkolny dla dzieci", "Bezpłatna dostawa już od dwóch sztuk", "Świąteczna promocja na całą kolekcję",
		"Materiał jest miękki i przewiewny", "Wysyłka w ciągu dwóch dni roboczych", "Jeśli coś jest nie tak, napisz do nas", "Półka kuchenna ścienna bez wiercenia", "Wazon ceramiczny w stylu skandynawskim", "Żółty drapak dla kota"}},
	{"Czech", &cp1250, "Kód,Název,Popis", []string{
		"Dámské tričko s krátkým rukávem", "Nerezový termohrnek s víčkem", "Průhledný kryt na telefon", "Dětský školní batoh", "Doprava zdarma při nákupu dvou kusů", "Vyberte si z pěti barev",
		"Látka je měkká a prodyšná", "Odesíláme do dvou pracovních dnů", "Pokud není něco v pořádku, napište nám", "Kuchyňská nástěnná polička", "Keramická váza ve skandinávském stylu", "Škrabadlo pro kočky"}},
	{"Hungarian", &cp1250, "Cikkszám,Név,Leírás", []string{
		"Rövid ujjú női póló pamutból", "Rozsdamentes acél hőtartó bögre", "Átlátszó telefontok", "Gyerek iskolatáska", "Ingyenes kiszállítás két darabtól", "Öt szín közül választhat",
		"Puha, jól szellőző anyag", "Két munkanapon belül feladjuk", "Ha bármi gond van, írjon nekünk", "Fali konyhai polc fúrás nélkül", "Kerámia váza skandináv stílusban", "Kaparófa macskáknak, erős és tartós"}},
	{"Romanian", &cp1250, "Cod,Denumire,Descriere", []string{
		"Tricou damă cu mânecă scurtă", "Cană termică din oţel inoxidabil", "Husă transparentă pentru telefon", "Ghiozdan pentru copii", "Livrare gratuită la două bucăţi", "Alegeţi din cinci culori",
		"Materialul este moale şi respiră", "Expediem în două zile lucrătoare", "Dacă ceva nu este în regulă, scrieţi-ne", "Raft de bucătărie pentru perete", "Vază din ceramică", "Jucărie pentru pisici, rezistentă"}},
	{"Croatian", &cp1250, "Šifra,Naziv,Opis", []string{
		"Ženska majica kratkih rukava", "Termo šalica od nehrđajućeg čelika", "Prozirna maska za mobitel", "Školski ruksak za djecu", "Besplatna dostava za dva komada", "Možete birati između pet boja",
		"Tkanina je mekana i prozračna", "Šaljemo unutar dva radna dana", "Ako nešto nije u redu, pišite nam", "Kuhinjska zidna polica bez bušenja", "Keramička vaza", "Grebalica za mačke, čvrsta i izdržljiva"}},
	{"Slovak", &cp1250, "Kód,Názov,Popis", []string{
		"Dámske tričko s krátkym rukávom", "Nerezový termohrnček s viečkom", "Priehľadný kryt na telefón", "Detský školský batoh", "Doprava zdarma pri kúpe dvoch kusov", "Vyberte si z piatich farieb",
		"Látka je mäkká a priedušná", "Odosielame do dvoch pracovných dní", "Ak niečo nie je v poriadku, napíšte nám", "Kuchynská nástenná polička", "Keramická váza v škandinávskom štýle", "Škrabadlo pre mačky"}},
	{"Russian", &cp1251, "Артикул,Название,Описание", []string{
		"Футболка женская с коротким рукавом", "Термокружка из нержавеющей стали", "Прозрачный чехол для телефона", "Школьный рюкзак для детей", "Бесплатная доставка от двух штук", "Выбирайте из пяти цветов",
		"Ткань мягкая и дышащая", "Отправляем за два рабочих дня", "Если что-то не так, напишите нам", "ПОЛКА КУХОННАЯ НАСТЕННАЯ", "Керамическая ваза", "Когтеточка для кошек, прочная"}},
	{"Ukrainian", &cp1251, "Артикул,Назва,Опис", []string{
		"Футболка жіноча з коротким рукавом", "Термокухоль із нержавіючої сталі", "Прозорий чохол для телефону", "Шкільний рюкзак для дітей", "Безкоштовна доставка від двох штук", "Обирайте з п'яти кольорів",
		"Тканина м'яка й дихає", "Надсилаємо за два робочі дні", "Якщо щось не так, напишіть нам", "Кухонна полиця на стіну", "Керамічна ваза", "Кігтеточка для котів, міцна"}},
	{"Bulgarian", &cp1251, "Код,Име,Описание", []string{
		"Дамска тениска с къс ръкав", "Термочаша от неръждаема стомана", "Прозрачен калъф за телефон", "Ученическа раница за деца", "Безплатна доставка над два броя", "Изберете от пет цвята",
		"Материята е мека и дишаща", "Изпращаме до два работни дни", "Ако нещо не е наред, пишете ни", "Кухненски рафт за стена", "Керамична ваза", "Драскалка за котки, здрава"}},
	{"Turkish", &cp1254, "Kod,Ürün Adı,Açıklama", []string{
		"Kısa kollu kadın pamuklu tişört", "Paslanmaz çelik termos bardak", "Şeffaf telefon kılıfı", "Çocuk okul çantası", "İki adet ve üzeri ücretsiz kargo", "Beş renk seçeneği vardır",
		"Kumaşı yumuşak ve nefes alır", "Siparişler iki iş günü içinde gönderilir", "Bir sorun olursa bize yazın", "Mutfak duvar rafı, delmeden", "Seramik vazo", "Kedi tırmalama tahtası, sağlam"}},
	{"French", &cp1252, "Référence,Nom,Description", []string{
		"T-shirt femme à manches courtes", "Tasse isotherme en acier inoxydable", "Coque transparente pour téléphone", "Cartable d’école pour enfants", "Livraison gratuite dès deux pièces", "À choisir parmi cinq couleurs",
		"Le tissu est doux et aéré", "Expédié sous deux jours ouvrés", "En cas de problème, écrivez-nous", "Étagère de cuisine murale", "Vase en céramique", "Griffoir très solide pour chats"}},
	{"German", &cp1252, "Nummer,Bezeichnung,Beschreibung", []string{
		"Damen-Shirt mit kurzen Ärmeln", "Thermobecher aus Edelstahl, spülmaschinenfest", "Durchsichtige Hülle für Handys", "Schulranzen für Mädchen und Jungen", "Versandkostenfrei ab zwei Stück", "Wählen Sie aus fünf Farben",
		"Der Stoff ist weich und luftdurchlässig", "Wir versenden in zwei Werktagen", "Falls etwas nicht stimmt, schreiben Sie uns bitte", "Küchenregal für die Wand, ohne Bohren", "Vase aus Keramik, Höhe 20 cm, groß", "Kratzbrett für Katzen"}},
	{"Spanish", &cp1252, "Código,Título,Descripción", []string{
		"Camiseta de algodón para mujer", "Taza térmica de acero inoxidable", "Funda transparente para teléfono", "Mochila escolar para niños", "Envío gratis a partir de dos unidades", "¿Qué color prefiere? Hay cinco",
		"La tela es suave y ligera", "Enviamos en dos días hábiles", "Si algo no está bien, escríbanos", "Estante de cocina de pared", "Jarrón de cerámica", "Rascador para gatos, muy sólido"}},
	{"Portuguese", &cp1252, "Código,Título,Descrição", []string{
		"Camiseta feminina de algodão", "Caneca térmica de aço inoxidável", "Capa transparente para celular", "Mochila escolar para crianças", "Frete grátis a partir de duas peças", "Escolha entre cinco opções de cor",
		"O tecido é macio e leve", "Enviamos em até dois dias úteis", "Se algo não estiver certo, escreva para nós", "Prateleira de cozinha, fixação sem furos", "Vaso de cerâmica", "Arranhador para gatos, não solta pó"}},
	{"Italian", &cp1252, "Codice,Titolo,Descrizione", []string{
		"Maglietta da donna, qualità superiore", "Tazza termica in acciaio", "Custodia trasparente per telefono", "Zaino per la scuola, capacità 20 litri", "Spedizione gratuita: perché aspettare", "Il colore si può scegliere",
		"Il tessuto è morbido", "Spediamo in due giorni", "Se c’è un problema, scriveteci", "Mensola da cucina, più spazio", "Vaso in ceramica, altezza metà del tavolo", "Tiragraffi per gatti, è robusto"}},
	{"Swedish", &cp1252, "Nummer,Namn,Beskrivning", []string{
		"Kortärmad tröja för damer", "Termosmugg av rostfritt stål", "Genomskinligt skal för mobil", "Skolväska för barn", "Fri frakt från två köpta varor", "Välj mellan fem färger",
		"Tyget är mjukt och luftigt", "Vi skickar inom två arbetsdagar", "Hör av dig om något är fel", "Vägghylla för köket", "Vas av keramik", "Klösbräda för katter, hållbar"}},
	{"Danish", &cp1252, "Nummer,Navn,Beskrivelse", []string{
		"Kortærmet bluse til kvinder", "Termokrus af rustfrit stål", "Gennemsigtigt cover til telefon", "Skoletaske til børn", "Fri fragt ved køb af to", "Vælg mellem fem farver",
		"Stoffet er blødt og åndbart", "Vi sender inden for to hverdage", "Skriv til os, hvis noget går galt", "Væghylde til køkkenet", "Vase af keramik, høj", "Kradsebræt til katte"}},
	{"English", &cp1252, "SKU,Title,Description", []string{
		"Women’s short-sleeved shirt", "Stainless mug – keeps tea at 60°", "Clear phone case", "School bag for children", "Free shipping from two pieces", "Choose from five colours",
		"Soft fabric • breathes well", "Sent within two days", "Write to us if anything is wrong", "Café style wall shelf", "“Nordic” vase", "Scratching board for cats, 40 cm²"}},
}

// shopFile makes a table of rows from the sentences of one language.
func shopFile(r *rand.Rand, headers string, texts []string, rows int) string {
	var b strings.Builder
	b.WriteString(headers + "\n")
	for i := range rows {
		pick := func() string { return texts[r.IntN(len(texts))] }
		fmt.Fprintf(&b, "SKU-%d,%s %d,<p>%s.</p> %s\n", i, pick(), r.IntN(90), pick(), pick())
	}
	return b.String()
}

// A wrong guess between similar encodings is rare, and only in files of a few
// rows. A guess that reads the same text is none.
func TestGuessCharset(t *testing.T) {
	const files = 200
	bounds := []struct{ rows, headers, wrong int }{ // wrong: in a thousand files, over all languages
		{rows: 25, wrong: 0},
		{rows: 3, wrong: 3},
		{rows: 1, wrong: 20},
	}
	for _, bound := range bounds {
		wrong, total := 0, 0
		for n, lang := range shopTexts {
			r := rand.New(rand.NewPCG(7, uint64(n)))
			bad, other := 0, map[string]int{}
			for range files {
				text := shopFile(r, lang.headers, lang.texts, bound.rows)
				raw := encode(t, lang.set.enc, text)
				set := detectCharset(raw, nil)
				total++
				if got := decodeAll(set, raw); got != text {
					bad++
					other[set.name]++
				}
			}
			wrong += bad
			if bad > 0 {
				t.Logf("%d rows, %s: %d of %d files read as %v", bound.rows, lang.language, bad, files, other)
			}
		}
		t.Logf("%d rows: %d of %d files guessed wrong", bound.rows, wrong, total)
		if wrong*1000 > bound.wrong*total {
			t.Errorf("%d rows: %d of %d files guessed wrong, want at most %d in 1000", bound.rows, wrong, total, bound.wrong)
		}
	}
}

func decodeAll(c charset, raw []byte) string {
	if c.enc == nil {
		return string(raw)
	}
	out, err := c.enc.NewDecoder().Bytes(raw)
	if err != nil {
		return ""
	}
	return string(out)
}

// Signs that stand in files of any language must not make another one of it.
func TestGuessCharsetFewSigns(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"signs only", "id,title\n1,Mug\xae \x96 40\xb0\n2,Lid\x99\n", "windows-1252"},
		{"measures", "id,title\n1,Rug 2 m\xb2\n2,Box 30 cm\xb3\n3,Rug 4m\xb2\n", "windows-1252"},
		{"numbers", "id,title\n1,\xa35 mug, 1\xbd l\n2,n\xba5\n3,\xbe inch\n", "windows-1252"},
		{"one accent", "id,title\n1,Caf\xe9 mug\n", "windows-1252"},
		{"one Turkish word", "id,title\n1,Kumas\xfe \xe7anta \xfer\xfcn\xfc s\xfdcak\n", "windows-1254"},
		{"one Polish word", "id,title\n1,\xbf\xf3\xb3ty kubek ma\xb3y\n", "windows-1250"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := detectCharset([]byte(tt.in), nil); got.name != tt.want {
				t.Errorf("read as %s, want %s (%+v)", got.name, tt.want, got.why)
			}
		})
	}
}

// All alphabets must be made of letters that their encoding has.
func TestAlphabets(t *testing.T) {
	for _, a := range alphabets {
		for word := range strings.FieldsSeq(a.letters) {
			r := []rune(word)
			if _, ok := a.set.enc.(*charmap.Charmap).EncodeRune(r[0]); !ok || len(r) < 2 {
				t.Errorf("%s has no %q", a.set.name, word)
			}
		}
	}
	for _, s := range scripts {
		for _, r := range s.everyday {
			b, err := s.set.enc.NewEncoder().Bytes([]byte(string(r)))
			if err != nil || len(b) != 2 || bytes.ContainsRune(b, '\x1a') {
				t.Errorf("%s has no pair for %q", s.set.name, r)
			}
		}
	}
}
