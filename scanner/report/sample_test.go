package report

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"prescreen/scanner"
)

// protected is a rule as the sample listings mention it.
type protected struct {
	rule, mark, kind, right, owner string
	texts                          []string
	forms                          []scanner.Form
	use                            scanner.Use
	certainty, risk, platform      int
	why, advice, preferred         string
	others                         []string
}

var protectedNames = []protected{
	{"tm-apple-iphone", "iPhone", "trademark", "trademark", "Apple Inc.", []string{"iPhone", "IPHONE", "i-Phone"}, []scanner.Form{"exact", "folded", "split"}, scanner.UseCompatibility, 98, 32, 0,
		"The mark names the device the goods fit; the text says so, which softens it.", "Keep “for” before the model and do not use the logo.", "for iPhone", nil},
	{"tm-nike", "Nike", "trademark", "trademark", "Nike, Inc.", []string{"Nike", "N1ke", "Nіke"}, []scanner.Form{"exact", "leet", "lookalike"}, scanner.UsePlain, 97, 88, 0,
		"The brand of another maker stands in the title as if the goods were its own.", "Take the brand out; describe the shape of the shoe.", "running shoe", []string{"sports shoe", "trainer"}},
	{"tm-lego", "LEGO", "trademark", "trademark", "LEGO Juris A/S", []string{"LEGO", "L E G O", "Lego style"}, []scanner.Form{"exact", "split", "folded"}, scanner.UseImitation, 95, 93, 55,
		"“Style” after a brand says the goods imitate it.", "Name the goods, not the brand they resemble.", "building blocks", []string{"brick set"}},
	{"gen-velcro", "Velcro", "generic", "trademark", "Velcro IP Holdings LLC", []string{"velcro", "Velcro straps"}, []scanner.Form{"exact", "inflected"}, scanner.UsePlain, 92, 45, 0,
		"A registered mark is used as the common word for the goods.", "Write the common word.", "hook-and-loop fastener", []string{"touch fastener"}},
	{"ch-pikachu", "Pikachu", "character", "copyright", "Nintendo / Creatures Inc. / GAME FREAK inc.", []string{"Pikachu", "P!kachu", "皮卡丘"}, []scanner.Form{"exact", "leet", "alias"}, scanner.UsePlain, 99, 90, 0,
		"A character of a film or game is shown or named without a licence.", "Remove the character, or show the licence.", "", []string{"yellow cartoon mouse"}},
	{"claim-fda", "FDA approved", "claim", "regulation", "", []string{"FDA approved", "fda-approved"}, []scanner.Form{"exact", "folded"}, scanner.UsePlain, 96, 70, 40,
		"A claim of approval needs proof, and this kind of goods cannot have it.", "Delete the claim.", "", nil},
	{"gi-champagne", "Champagne", "gi", "regulation", "Comité Champagne", []string{"champagne"}, []scanner.Form{"exact"}, scanner.UseOrdinaryWord, 60, 40, 0,
		"A protected name of origin is used as the name of a colour.", "Name the colour another way.", "pale gold", []string{"ivory gold"}},
	{"fake-aaa", "AAA replica", "counterfeit-language", "trademark", "", []string{"1:1 AAA replica", "mirror quality"}, []scanner.Form{"exact"}, scanner.UseCounterfeit, 100, 99, 59,
		"The words say that the goods are a copy of another maker's.", "Withdraw the listing; no wording cures it.", "", nil},
}

var sampleTitles = []string{
	"Silicone case %s 15 Pro Max, shockproof clear back cover",
	"Breathable %s sneakers for men, lightweight mesh, size 40-45",
	"%s compatible city set, 820 pieces with minifigures",
	"Garden knee pads with %s straps, black, one size",
	"Kids hoodie %s print cotton 2-8 years",
	"Massage gun deep tissue %s quiet motor",
	"Sequin evening dress %s colour, long sleeve",
	"Luxury handbag %s leather with gold hardware",
}

var sampleSuppliers = []string{"Shenzhen Huayi Trading", "Yiwu Brightstar", "Anatolia Tekstil", "深圳市佳美电子有限公司", "", "Nordic Home AB", "مؤسسة النور"}
var sampleMarkets = []string{"shopify", "amazon", "ebay", "temu", "generic"}

// sampleRun gives a run of n listings, about one in three flagged, the same
// for the same n.
func sampleRun(n int) (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary) {
	rnd := rand.New(rand.NewPCG(7, 11))
	info := scanner.RunInfo{Tool: "prescreen", Version: "1.0.0", AsOf: "2026-11-23", Lang: "en", FailOn: "high",
		Packs: []scanner.PackInfo{
			{Name: "famous-marks", Version: "2026.11", SHA256: strings.Repeat("3f", 32), Rules: 512},
			{Name: "claims", Version: "2026.10", SHA256: strings.Repeat("a9", 32), Rules: 64}}}
	sum := scanner.Summary{Listings: n, Rows: n * 3 / 2, Levels: map[scanner.Level]int{}, ElapsedMS: 412,
		NotChecked: []string{"images", "text inside pictures", "marks registered after 2026-11"}}
	results := make([]scanner.Result, 0, n)
	for i := range n {
		r := sampleResult(rnd, i)
		results = append(results, r)
		if r.Level > scanner.None {
			sum.Flagged++
			sum.Levels[r.Level]++
		}
		for _, f := range r.Findings {
			if f.Level > scanner.None {
				sum.Findings++
			} else if f.Excused != "" {
				sum.Excused++
			}
		}
	}
	unread := []scanner.Unread{
		{File: "autumn.csv", Row: 81, Line: 97, Err: errors.New("read row: 11 cells where the header has 12")},
		{File: "old.xls", Err: errors.New("open workbook: encrypted")}}
	sum.Unread = len(unread)
	sum.Standing = []string{
		"Excused: 5 findings (high 3, medium 2), the oldest 49 days old; they come back when the text changes or the decision ends.",
		"Ends within 30 days: Nordic Home AB for LEGO, until 2026-12-12 (letter_2026_[3].pdf)."}
	sum.Files = []scanner.FileFacts{
		{File: "autumn.csv", Platform: "shopify", Container: "csv", Encoding: "UTF-8", Delimiter: ",", HeaderRow: 1, Rows: n, Listings: n / 2,
			Columns: map[string][]string{"title": {"Title"}, "description": {"Body (HTML)"}, "tags": {"Tags"}, "id": {"Handle"}},
			Notes:   []string{"2 rows were padded"}, Evidence: []string{"columns Handle, Title and Body (HTML)"}},
		{File: "欧洲站.xlsx", Sheet: "Template", Platform: "amazon", Container: "xlsx", HeaderRow: 3, Rows: n / 2, Listings: n - n/2,
			Columns: map[string][]string{"title": {"item_name"}, "bullet": {"bullet_point1", "bullet_point2"}, "id": {"item_sku"}}}}
	return info, results, unread, sum
}

func sampleResult(rnd *rand.Rand, i int) scanner.Result {
	p := protectedNames[rnd.IntN(len(protectedNames))]
	k := rnd.IntN(len(p.texts))
	hit := p.texts[k]
	title := fmt.Sprintf(sampleTitles[rnd.IntN(len(sampleTitles))], hit)
	body := fmt.Sprintf("<p>Soft to the touch &amp; easy to clean.</p><ul><li>Works like <b>%s</b></li><li>Ships in 24 h</li></ul>", hit)
	l := scanner.Listing{ID: fmt.Sprintf("SKU-%05d", i+1), Store: "main", Category: "Accessories > Sample",
		Supplier: sampleSuppliers[rnd.IntN(len(sampleSuppliers))], Marketplace: sampleMarkets[rnd.IntN(len(sampleMarkets))],
		URL:    fmt.Sprintf("https://shop.example/products/sku-%05d", i+1),
		Origin: scanner.Origin{File: "autumn.csv", Rows: []int{i + 2, i + 3, i + 4}},
		Fields: []scanner.Field{{Role: scanner.Title, Column: "Title", Row: i + 2, Text: title},
			{Role: scanner.Description, Column: "Body (HTML)", Row: i + 2, Text: body}}}
	r := scanner.Result{Listing: l}
	if i%2 == 1 {
		r.Listing.Origin.File, r.Listing.Origin.Sheet = "欧洲站.xlsx", "Template"
	}
	if rnd.IntN(3) != 0 {
		return r
	}
	for field := range l.Fields {
		if f, ok := sampleFinding(rnd, &r.Listing, field, p, hit, p.forms[k%len(p.forms)]); ok {
			r.Findings = append(r.Findings, f)
			if f.Level >= r.Level {
				r.Level, r.Rights, r.Platform = f.Level, f.Rights, f.Platform.Points
			}
		}
	}
	return r
}

func sampleFinding(rnd *rand.Rand, l *scanner.Listing, field int, p protected, hit string, form scanner.Form) (scanner.Finding, bool) {
	at := strings.Index(l.Fields[field].Text, hit)
	if at < 0 || field > 0 && rnd.IntN(2) == 0 {
		return scanner.Finding{}, false
	}
	risk := p.risk - field*15
	f := scanner.Finding{Rule: p.rule, Mark: p.mark, Kind: p.kind, Right: p.right, Owner: p.owner, Field: field, Role: l.Fields[field].Role,
		Column: l.Fields[field].Column, Row: l.Fields[field].Row, Span: scanner.Span{Start: at, End: at + len(hit)}, Text: hit,
		Form: form, Use: p.use, Why: p.why, Advice: p.advice, Preferred: p.preferred, Replacements: p.others,
		Certainty: scanner.Score{Points: p.certainty, Parts: []scanner.Point{{For: string(form), Points: p.certainty + 5}, {For: "limit", Points: -5}}},
		UseRisk:   scanner.Score{Points: risk, Parts: []scanner.Point{{For: "base", Points: risk - 15}, {For: string(l.Fields[field].Role), Points: 15}}},
		Rights:    (p.certainty*risk + 50) / 100, Fingerprint: fmt.Sprintf("%016x", rnd.Uint64())}
	if p.preferred != "" {
		f.Replacements = append([]string{p.preferred}, p.others...)
	}
	if p.platform > 0 && l.Marketplace == "temu" {
		f.Platform = scanner.Score{Points: p.platform, Parts: []scanner.Point{{For: "word filter", Points: p.platform}}}
	}
	if form == "leet" || form == "lookalike" || form == "split" {
		f.Steps = []string{hit, strings.ToLower(p.mark), p.mark}
	}
	f.Level = levelOf(max(f.Rights, f.Platform.Points))
	if rnd.IntN(12) == 0 {
		f.Level, f.Excused = scanner.None, "authorised supplier until 2027-03-31"
	}
	return f, true
}

func levelOf(risk int) scanner.Level {
	switch {
	case risk >= 85:
		return scanner.Critical
	case risk >= 60:
		return scanner.High
	case risk >= 40:
		return scanner.Medium
	case risk >= 20:
		return scanner.Low
	}
	return scanner.None
}

// sampleHistory gives changes since an earlier scan.
func sampleHistory(results []scanner.Result) *scanner.History {
	h := &scanner.History{Since: "2026-11-16", SinceID: "2026-11-16-1"}
	lists := []*[]scanner.Change{&h.New, &h.Open, &h.Open, &h.Fixed, &h.Back, &h.Excused, &h.Gone}
	n := 0
	for i := range results {
		for _, f := range results[i].Findings {
			l := &results[i].Listing
			c := scanner.Change{Store: l.Store, ListingID: l.ID, Title: l.Title(), Supplier: l.Supplier, Rule: f.Rule, Mark: f.Mark,
				Text: f.Text, Role: f.Role, Level: f.Level, FirstSeen: "2026-10-05", Days: 49, Fingerprint: f.Fingerprint}
			list := lists[n%len(lists)]
			*list = append(*list, c)
			n++
		}
	}
	for i, day := range []string{"2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"} {
		h.Trend = append(h.Trend, scanner.TrendPoint{Date: day, Levels: map[scanner.Level]int{
			scanner.Critical: 14 - 2*i, scanner.High: 30 - 3*i + i*i, scanner.Medium: 22 + i, scanner.Low: 9}})
	}
	h.SupplierTrend = map[string][]scanner.TrendPoint{"Yiwu Brightstar": h.Trend[:3], "": nil, "Nordic Home AB": {
		{Date: "2026-11-16", Levels: map[scanner.Level]int{scanner.High: 2, scanner.Low: 1}}, {Date: "2026-11-23"}}}
	return h
}

// write gives the bytes of one run in format.
func write(t testing.TB, format, lang string, all bool, info scanner.RunInfo, results []scanner.Result, unread []scanner.Unread, sum scanner.Summary) []byte {
	t.Helper()
	l, err := scanner.LanguageFor(lang)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := New(format, &out, Options{Lang: l, All: all})
	if err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
	}
	check(w.Begin(info))
	for i, r := range results {
		check(w.Result(r))
		if i < len(unread) {
			check(w.Unread(unread[i]))
		}
	}
	check(w.End(sum))
	return out.Bytes()
}
