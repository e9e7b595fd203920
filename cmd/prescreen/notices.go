package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"prescreen/scanner/catalog"
)

// noticeColumns are the headers a column of notices may have, in small letters
// without spaces and signs.
var noticeColumns = map[string][]string{
	"id": {"id", "listingid", "listing", "sku", "sellersku", "itemid", "productid", "asin", "handle", "itemnumber",
		"编号", "商品编号", "商品id", "产品编号", "产品id", "货号", "链接id"},
	"title": {"title", "producttitle", "listingtitle", "itemtitle", "name", "productname", "itemname",
		"标题", "商品标题", "产品标题", "商品名称", "产品名称", "名称"},
	"right": {"right", "rights", "righttype", "iptype", "type", "complainttype", "violationtype", "reason",
		"权利", "权利类型", "侵权类型", "投诉类型", "知识产权类型", "类型"},
	"brand": {"brand", "brandname", "mark", "trademark", "rightsholder", "rightsowner", "complainant",
		"品牌", "品牌名称", "商标", "权利人", "投诉方"},
	"date":  {"date", "noticedate", "complaintdate", "strikedate", "receivedon", "received", "日期", "通知日期", "投诉日期", "时间"},
	"store": {"store", "shop", "account", "storename", "shopname", "店铺", "商店", "店铺名称", "账号"},
}

// noticeRights maps how notices name a right to ours.
var noticeRights = map[string][]string{
	"trademark": {"trademark", "trademarks", "tm", "counterfeit", "商标", "商标权", "商标侵权", "假货", "假冒"},
	"copyright": {"copyright", "copyrights", "著作权", "版权", "版权侵权", "著作权侵权"},
	"patent":    {"patent", "patents", "design", "designpatent", "utilitypatent", "专利", "专利权", "专利侵权", "外观专利", "外观设计"},
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

// readNotices reads a CSV file of notices, with commas, semicolons or tabs, in
// UTF-8 or GB 18030. faults are the rows that cannot be used, each with its
// number; err is a file that cannot be used at all.
func readNotices(path string) (notices []catalog.Notice, faults []error, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("read notices: %w", err)
	}
	text, err := noticeText(data)
	if err != nil {
		return nil, nil, fmt.Errorf("read notices %s: %w", path, err)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	head, _, _ := strings.Cut(text, "\n")
	for _, c := range ";\t" {
		if strings.Count(head, string(c)) > strings.Count(head, string(r.Comma)) {
			r.Comma = c
		}
	}
	header, err := r.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read notices %s: no header row", path)
	}
	columns, err := noticeHeader(header)
	if err != nil {
		return nil, nil, fmt.Errorf("read notices %s: %w", path, err)
	}
	for row := 2; ; row++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return notices, faults, nil
		}
		if err == nil && strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		var n catalog.Notice
		if err == nil {
			n, err = noticeOf(cells, columns, row)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("read notices %s: row %d: %w", path, row, err))
			continue
		}
		notices = append(notices, n)
	}
}

func noticeText(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().String(string(data))
	if err != nil || strings.ContainsRune(text, utf8.RuneError) {
		return "", errors.New("it is neither UTF-8 nor GB 18030; save it as CSV UTF-8")
	}
	return text, nil
}

// noticeHeader finds the columns: name -> place.
func noticeHeader(header []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, h := range header {
		for name, heads := range noticeColumns {
			if _, taken := columns[name]; !taken && slices.Contains(heads, bareName(h)) {
				columns[name] = i
			}
		}
	}
	_, id := columns["id"]
	_, title := columns["title"]
	_, brand := columns["brand"]
	_, date := columns["date"]
	if !id && !title || !brand || !date {
		return nil, fmt.Errorf("the header needs an id or title, a brand and a date; it has %s", strings.Join(header, ", "))
	}
	return columns, nil
}

func noticeOf(cells []string, columns map[string]int, row int) (catalog.Notice, error) {
	cell := func(name string) string {
		if i, ok := columns[name]; ok && i < len(cells) {
			return strings.TrimSpace(cells[i])
		}
		return ""
	}
	n := catalog.Notice{Row: row, Store: cell("store"), ID: cell("id"), Title: cell("title"), Brand: cell("brand")}
	right := bareName(cell("right"))
	for name, list := range noticeRights {
		if slices.Contains(list, right) {
			n.Right = name
		}
	}
	var ok bool
	n.Date, ok = noticeDate(cell("date"))
	switch {
	case n.ID == "" && n.Title == "":
		return n, errors.New("neither id nor title")
	case n.Brand == "":
		return n, errors.New("no brand")
	case !ok:
		return n, fmt.Errorf("date %q: want a date such as 2026-11-23", cell("date"))
	case right != "" && n.Right == "":
		return n, fmt.Errorf("right %q: want trademark, copyright or patent", cell("right"))
	}
	return n, nil
}

// noticeDate reads a date that begins with the year; day and month in another
// order cannot be told apart.
func noticeDate(s string) (string, bool) {
	s, _, _ = strings.Cut(s, "T")
	for _, layout := range []string{"2006-01-02", "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04", "2006/1/2 15:04:05", "2 Jan 2006", "Jan 2, 2006", "January 2, 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// draft is a rule to be, for one brand and kind.
type draft struct {
	id, brand, kind string
	dates, titles   []string
}

var draftKinds = map[string]string{"": "trademark", "trademark": "trademark", "copyright": "character", "patent": "patent"}

// draftsOf gathers the missed notices by brand and kind.
func draftsOf(list []catalog.Replayed) []*draft {
	var out []*draft
	for i := range list {
		r := &list[i]
		if r.Outcome != catalog.Missed {
			continue
		}
		kind := draftKinds[r.Right]
		at := slices.IndexFunc(out, func(d *draft) bool { return d.kind == kind && catalog.SameName(d.brand, r.Brand) })
		if at < 0 {
			at = len(out)
			out = append(out, &draft{id: fmt.Sprintf("draft-%d%s", at+1, slugOf(r.Brand)), brand: r.Brand, kind: kind})
		}
		d := out[at]
		if !slices.Contains(d.titles, r.Title) {
			d.titles = append(d.titles, r.Title)
		}
		if !slices.Contains(d.dates, r.Date) {
			d.dates = append(d.dates, r.Date)
		}
	}
	return out
}

// slugOf writes the ASCII letters and digits of a name as the end of a rule id.
func slugOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if slug = strings.Trim(slug[:min(len(slug), 40)], "-"); slug == "" {
		return ""
	}
	return "-" + slug
}

// writeDrafts writes the pack; titles that are not found stand as comments.
func writeDrafts(drafts []*draft, found [][]bool, asOf string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Rules for notices that none of the present rules would have caught.\n# Edit them, then: prescreen rules test FILE, rules preview FILE, scan --rules FILE\npack: drafts\nversion: %q\ntier: curated\ndescription: Drafts from past notices.\nrules:\n", asOf)
	for i, d := range drafts {
		slices.Sort(d.dates)
		fmt.Fprintf(&b, "  - id: %s\n    mark: %s\n    kind: %s\n    source: %s\n", d.id, quoted(d.brand), d.kind, quoted("notice of "+strings.Join(d.dates, ", ")))
		var hits, rest []string
		for k, title := range d.titles {
			if found[i][k] {
				hits = append(hits, title)
			} else {
				rest = append(rest, title)
			}
		}
		if len(hits) > 0 {
			b.WriteString("    hits:\n")
		}
		for _, title := range hits {
			fmt.Fprintf(&b, "      - %s\n", quoted(title))
		}
		for _, title := range rest {
			fmt.Fprintf(&b, "    # not found in this title; add an alias for the words that give it away:\n    #   - %s\n", quoted(title))
		}
	}
	return b.Bytes()
}

// quoted writes s as a YAML text in double quotes, which JSON's are.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(strings.ToValidUTF8(s, "\uFFFD")); err != nil {
		return `""`
	}
	return strings.TrimSpace(b.String())
}
