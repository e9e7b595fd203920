package table

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

var (
	gb18030 = charset{name: "GB18030", enc: simplifiedchinese.GB18030}
	cp932   = charset{name: "Shift_JIS", enc: japanese.ShiftJIS}
	big5    = charset{name: "Big5", enc: traditionalchinese.Big5}
	euckr   = charset{name: "EUC-KR", enc: korean.EUCKR}
)

// script is one East Asian encoding to try. The encodings share most byte
// pairs, so that being readable proves little; that the pairs stand where the
// everyday characters are, and that the most frequent ones are among them, does.
type script struct {
	set      charset
	credit   func(lead, trail byte) float64 // 0 to 1 for how usual the pair's block is, -1 for no pair
	single   func(byte) bool                // high bytes that are characters of their own, nil for none
	four     bool                           // a digit after the lead byte starts a four-byte character
	everyday string                         // frequent characters of sentences and of shop texts
	share    float64                        // their least share in an ordinary text
}

// scripts in the order that settles a draw.
var scripts = []*script{
	{set: gb18030, credit: creditGB, four: true, share: 0.15, everyday: "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教原东声提立及比员解水名真论处走义各入口认条平系气题活更别打女变四总何电数安少报才结反受目太量再感建务做接必场件计管期市直德命山金指克许统区保至队形社便空决治展科司五基眼书非则白却界达光放强像难王象完设式色路记南品住求据程北边死张交规万取格望确传师观清今切院让识带争运款包邮装套尺寸颜材质码男士衣鞋帽壳适韩版春夏秋冬季纯棉厚货赠送厂供应批专防家居收纳盒儿童玩具户"},
	{set: big5, credit: creditBig5, share: 0.15, everyday: "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走義各入口認條平系氣題活更別打女變四總何電數安少報才結反受目太量再感建務做接必場件計管期市直德命山金指克許統區保至隊形社便空決治展科司五基眼書非則白卻界達光放強像難王象完設式色路記南品住求據程北邊交規萬取格望確傳師觀清今切院讓識帶運款包郵裝套尺寸顏材質碼男士衣鞋帽殼適韓版春夏秋冬季純棉厚貨贈送廠供專防居收納盒兒童玩具戶組"},
	{set: cp932, credit: creditJapanese, single: func(b byte) bool { return inRange(b, 0xA1, 0xDF) }, share: 0.2, everyday: "あいうえおかがきぎくけげこごさざしじすずせぜそただちっつづてでとどなにぬねのはばひびふぶへべほまみむめもゃやゅゆょよらりるれろわをんアィイウェエオカガキギクグケコゴサシジスズセゼソタダチッツテデトドナニネノハバパヒビピフブプヘベペホボポマミムメモャヤュョラリルレロワン"},
	{set: euckr, credit: creditKorean, share: 0.25, everyday: "이다는을의에가고하지도로한기리사은어자시나그들있아인대여서를수니라해장정보일만주전상제스구용부게과성원트신오우비소공동면무세국내음안거생개미조관실문경마없모것화연방선단물중적요위간분으계양야레데프터드품형색크재질료배송판매할남년바던르법타카치와까진습합감했되된않같등및팔목밀진천집차체초최추출층커코키태통투편포표피필학함합항행향현호확환활회후휴가능즈업살려손옷신발"},
}

// common holds, per encoding, the byte pairs of its everyday characters.
var common = sync.OnceValue(func() map[*script]*[1 << 16]bool {
	all := map[*script]*[1 << 16]bool{}
	for _, s := range scripts {
		pairs := new([1 << 16]bool)
		for _, r := range s.everyday {
			b, err := s.set.enc.NewEncoder().Bytes(utf8.AppendRune(nil, r))
			if err == nil && len(b) == 2 {
				pairs[int(b[0])<<8|int(b[1])] = true
			}
		}
		all[s] = pairs
	}
	return all
})

// plausibility is a tally over the bytes above 0x7F: those that read as
// usual characters, all of them, those that cannot be read, and the characters
// and everyday ones among them.
type plausibility struct{ good, total, bad, chars, everyday float64 }

func inRange(b, lo, hi byte) bool { return b >= lo && b <= hi }

// read adds the bytes of b to the tally.
func (s *script) read(b []byte, p *plausibility) {
	pairs := common()[s]
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		if s.single != nil && s.single(lead) {
			p.total, p.good = p.total+1, p.good+0.3 // any high byte may read as one
			continue
		}
		if i+1 >= len(b) {
			break
		}
		trail := b[i+1]
		if s.four && inRange(lead, 0x81, 0xFE) && inRange(trail, 0x30, 0x39) {
			p.total += 4
			i += 3
			continue
		}
		credit := s.credit(lead, trail)
		if credit < 0 {
			p.bad++
			continue
		}
		p.total, p.good, p.chars = p.total+2, p.good+2*credit, p.chars+1
		if pairs[int(lead)<<8|int(trail)] {
			p.everyday++
		}
		i++
	}
}

// fit is how well the tally reads, 0 to 1.
func (s *script) fit(p plausibility) float64 {
	if p.chars == 0 {
		return 0
	}
	everyday := p.everyday / p.chars
	return p.good / (p.total + 4*p.bad) * (0.4 + 0.4*min(1, everyday/s.share) + 0.2*everyday)
}

// creditGB credits the 3,755 everyday characters (lead B0-D7) and full-width
// punctuation fully, the rarer ones of GB 2312 half.
func creditGB(lead, trail byte) float64 {
	switch {
	case !inRange(lead, 0x81, 0xFE) || trail < 0x40 || trail == 0x7F || trail == 0xFF:
		return -1
	case trail >= 0xA1 && (inRange(lead, 0xB0, 0xD7) || inRange(lead, 0xA1, 0xA3)):
		return 1
	case trail >= 0xA1 && inRange(lead, 0xD8, 0xF7):
		return 0.5
	}
	return 0
}

// creditBig5 credits the 5,401 everyday characters and punctuation fully, the
// rarer ones a third.
func creditBig5(lead, trail byte) float64 {
	switch {
	case !inRange(lead, 0x81, 0xFE) || !inRange(trail, 0x40, 0x7E) && !inRange(trail, 0xA1, 0xFE):
		return -1
	case inRange(lead, 0xA1, 0xC6):
		return 1
	case inRange(lead, 0xC9, 0xF9):
		return 0.3
	}
	return 0
}

// creditKorean credits the 2,350 syllables in use and punctuation fully; the
// rest of the syllables half; Chinese characters, which shop texts hardly
// hold, little.
func creditKorean(lead, trail byte) float64 {
	switch {
	case !inRange(lead, 0x81, 0xFE) || !inRange(trail, 0x41, 0x5A) && !inRange(trail, 0x61, 0x7A) && !inRange(trail, 0x81, 0xFE):
		return -1
	case trail >= 0xA1 && (inRange(lead, 0xB0, 0xC8) || inRange(lead, 0xA1, 0xA3)):
		return 1
	case lead <= 0xC6:
		return 0.5
	}
	return 0.1
}

// creditJapanese credits kana, punctuation and first-level kanji fully.
func creditJapanese(lead, trail byte) float64 {
	switch {
	case lead == 0x80 || lead == 0xA0 || lead > 0xFC || trail < 0x40 || trail == 0x7F || trail > 0xFC:
		return -1
	case inRange(lead, 0x81, 0x83) || inRange(lead, 0x88, 0x97):
		return 1
	}
	return 0
}
