package table

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var (
	cp1250 = charset{name: "windows-1250", enc: charmap.Windows1250}
	cp1251 = charset{name: "windows-1251", enc: charmap.Windows1251}
	cp1252 = charset{name: "windows-1252", enc: charmap.Windows1252}
	cp1254 = charset{name: "windows-1254", enc: charmap.Windows1254}
)

// alphabet is how often a language uses its letters beyond a-z. The one-byte
// encodings all read every file; which one is right shows in whether the
// letters that come out are those of a language, as often as it uses them.
type alphabet struct {
	set      *charset
	prior    float64 // logarithm of how often sellers' files are in it, 0 at most
	letters  string  // letter and its share of all of them in thousandths
	symbols  float64 // share of one common symbol in thousandths
	cyrillic bool    // its letters do not stand beside a-z
}

var alphabets = []alphabet{
	{&cp1252, 0, "é150 ü120 ä110 ö100 ó70 á80 í60 ñ40 ß40 è40 à50 ç40 ã30 å40 ø30 ê20 ú20 ô10 î5 ò10 ù10 õ10 æ15 ë5 ï5 â10 û5 œ3 ì5", 15, false}, // several languages, or English
	{&cp1252, 0, "é600 è110 à140 ê60 ç40 ô20 î15 ù5 û8 â10 ï4 ë3 œ10", 3, false},
	{&cp1252, 0, "ä320 ö180 ü330 ß140 é5", 3, false},
	{&cp1252, 0, "ó270 á210 í210 é130 ñ120 ú50 ü6", 3, false},
	{&cp1252, 0, "à330 è350 ù110 ò120 é40 ì50", 3, false},
	{&cp1252, -0.5, "ã230 ç190 á130 é130 í90 ó70 ê50 õ60 ú30 â30 à30 ô15", 3, false},
	{&cp1252, -0.5, "ä430 å330 ö240 é5", 3, false},
	{&cp1252, -0.5, "ø400 å350 æ250 é5", 3, false},
	{&cp1252, -1, "ä850 ö140 å5", 3, false},
	{&cp1252, -0.5, "ë450 é390 è60 ï60 ü15 ö15 ê10 ç5", 3, false},
	{&cp1252, -1.5, "à250 é220 è130 ó150 í90 ò60 ç50 ú30 ï20 ü5", 3, false},
	{&cp1252, -3, "á180 í170 ð200 þ70 ö130 ú70 é70 ó90 æ70 ý30", 3, false},
	{&cp1250, -1, "ł240 ó120 ż120 ą150 ę160 ś100 ć50 ń30 ź10", 3, false},
	{&cp1250, -1, "í190 á180 é110 ě100 ý90 č80 ř80 š70 ž80 ů40 ú15 ď5 ť8 ň5 ó4", 3, false},
	{&cp1250, -1.5, "á200 í130 é110 ý110 č100 ž90 š80 ľ50 ť60 ú70 ô25 ň25 ä15 ó15 ď15 ŕ3 ĺ2", 3, false},
	{&cp1250, -1, "é270 á260 ö110 ó110 ő80 í60 ü60 ú30 ű20", 3, false},
	{&cp1250, -1, "ă330 î150 â120 ş200 ţ190", 3, false},
	{&cp1250, -1.5, "č260 š250 ž190 ć180 đ70", 3, false},
	{&cp1250, -1.5, "č400 š330 ž260 ć3 đ2", 3, false},
	{&cp1250, -2, "á80 é80 í80 ó70 ö40 ü30 ő20 ł80 ą50 ę50 ś40 ż40 č60 š60 ž60 ě30 ř30 ý30 ć20 ă30 ş20 ţ20 ů10", 6, false}, // several languages
	{&cp1254, -1, "ı280 ü150 ş150 ç110 ğ110 ö90 İ80 â5", 3, false},
	{&cp1251, -0.5, "о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э4 ф4 ъ1 ё2", 3, true},
	{&cp1251, -1, "о95 а85 н68 и62 і60 в55 р50 е50 т52 с42 к40 у35 л37 д33 м32 п30 я22 з22 ь18 б17 г16 ч13 х12 ж9 ш7 ц6 ю8 ї7 й11 є5 щ4 ф4 ґ1", 3, true},
	{&cp1251, -1, "а120 и90 о88 е85 н70 т68 р50 с48 в45 л35 к36 д33 п30 м26 з22 ъ20 я16 г15 б14 у16 ч14 ц7 й7 щ6 ж6 х6 ш5 ю4 ф4 ь1", 3, true},
	{&cp1251, -1.5, "а115 о90 и90 е90 н60 р50 с48 т48 ј45 у43 в38 к38 д36 л35 м35 п30 з18 г17 б16 ч10 ш10 ц9 ж7 х6 ћ6 ђ4 ф4 љ5 њ6 џ1", 3, true},
}

const (
	commonSymbols  = "®™©°–—’‘“”„…•€·×«»"
	westernSymbols = "²³½¼¾¹ºª¿¡£÷±µ´№"

	strangeLetter = 0.0003  // share of a letter the language does not use
	strangeSymbol = 0.0005  // of a symbol hardly any text holds
	noCharacter   = 0.00003 // of a byte that stands for nothing
	usualShare    = 0.0012  // from here on a byte counts as usual
	oddPlace      = 0.02    // factor for a capital after a small letter, or Cyrillic beside Latin
	rarePlace     = 0.2     // factor for a letter that is a word of its own
	alienPlace    = 0.002   // factor for a byte in a long run, in Latin

	longRun = 4
)

// model is an alphabet as shares of the bytes 0x80 to 0xFF.
type model struct {
	*alphabet
	share  [128]float64
	letter [128]bool
}

// models of all alphabets, in their order.
var models = sync.OnceValue(func() []*model {
	var out []*model
	for i := range alphabets {
		out = append(out, newModel(&alphabets[i]))
	}
	return out
})

func newModel(a *alphabet) *model {
	m := &model{alphabet: a}
	shares := map[rune]float64{}
	for word := range strings.FieldsSeq(a.letters) {
		r, n := utf8.DecodeRuneInString(word)
		thousandths, _ := strconv.Atoi(word[n:])
		shares[r] = float64(thousandths) / 1000
	}
	for i := range m.share {
		r := a.set.enc.(*charmap.Charmap).DecodeByte(byte(0x80 + i))
		m.letter[i] = unicode.IsLetter(r) && r != 'ª' && r != 'º' && r != 'µ'
		share, ok := shares[r]
		if !ok {
			share, ok = shares[unicode.ToLower(r)]
		}
		switch {
		case ok:
		case r == utf8.RuneError || unicode.IsControl(r):
			share = noCharacter
		case m.letter[i]:
			share = strangeLetter
		case strings.ContainsRune(commonSymbols, r):
			share = a.symbols / 1000
		case strings.ContainsRune(westernSymbols, r) && (!a.cyrillic || r == '№'):
			share = a.symbols / 2000
		default:
			share = strangeSymbol
		}
		m.share[i] = share
	}
	return m
}

// Where a byte stands, as far as that tells encodings apart.
const (
	afterSmall = 1 << iota // a capital (as its place in the code tells) after a small letter
	besideLatin
	alone      // no letter on either side, as far as bytes tell
	inRun      // one of longRun bytes above 0x7F or more in a row
	placeKinds = 1 << iota
)

// byteCounts counts the bytes above 0x7F by value and place.
type byteCounts struct {
	n     [placeKinds][128]int
	total int
}

// read adds the bytes of b. Signs that mean a number, such as cm² and n° 5,
// tell nothing and are left out.
func (c *byteCounts) read(b []byte) {
	runEnd := 0 // of the run at hand
	long := false
	for i, v := range b {
		if v < 0x80 {
			continue
		}
		if i >= runEnd {
			for runEnd = i; runEnd < len(b) && b[runEnd] >= 0x80; runEnd++ {
			}
			long = runEnd-i >= longRun
		}
		c.add(b, i, long)
	}
}

// add counts the byte at i.
func (c *byteCounts) add(b []byte, i int, long bool) {
	v := b[i]
	if v == 0xA0 {
		return
	}
	var before, after byte
	if i > 0 {
		before = b[i-1]
	}
	if i+1 < len(b) {
		after = b[i+1]
	}
	if numberSign(before, v, after) {
		return
	}
	place := 0
	if inRange(v, 0xC0, 0xDE) && (inRange(before, 'a', 'z') || before >= 0xDF) {
		place |= afterSmall
	}
	switch {
	case latinLetter(before) || latinLetter(after):
		place |= besideLatin
	case before < 0x80 && after < 0x80:
		place |= alone
	}
	if long {
		place |= inRun
	}
	c.n[place][v-0x80]++
	c.total++
}

func latinLetter(b byte) bool { return inRange(b|0x20, 'a', 'z') }

// numberSign tells ² ³ ¹ º ¼ ½ ¾ £ ± beside a digit, and ² ³ after the m of a
// measure.
func numberSign(before, v, after byte) bool {
	digit := inRange(before, '0', '9') || inRange(after, '0', '9')
	switch v {
	case 0xB2, 0xB3:
		return digit || (before == 'm' || before == 'M') && !latinLetter(after) && after < 0x80
	case 0xA3, 0xB0, 0xB1, 0xB9, 0xBA, 0xBC, 0xBD, 0xBE:
		return digit
	}
	return false
}

// factor is what the place takes from the share of a byte.
func (m *model) factor(place, i int) float64 {
	f := 1.0
	if m.letter[i] && place&afterSmall != 0 {
		f *= oddPlace
	}
	if m.letter[i] && place&alone != 0 {
		f *= rarePlace
	}
	if m.cyrillic && m.letter[i] && place&besideLatin != 0 {
		f *= oddPlace
	}
	if !m.cyrillic && place&inRun != 0 {
		f *= alienPlace
	}
	return f
}

// weigh returns the logarithm of how likely the model gives the counted bytes,
// and the part of them that is usual in it, 0 to 1.
func (m *model) weigh(c *byteCounts) (likely, fit float64) {
	usual := 0
	likely = m.prior
	for place := range c.n {
		for i, n := range c.n[place] {
			if n == 0 {
				continue
			}
			share := m.share[i] * m.factor(place, i)
			likely += float64(n) * math.Log(share)
			if share >= usualShare {
				usual += n
			}
		}
	}
	return likely, float64(usual) / float64(max(c.total, 1))
}
