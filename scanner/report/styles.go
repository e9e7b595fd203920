package report

import (
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// styles are the looks of the workbook's cells. The levels go from dark to
// light, so that they stay apart for every kind of colour vision and on a grey
// printer; the level's word is always in the cell too.
type styles struct {
	text, wrapped, quoted, input, date, number, share, head, headRight, title, section, label, link int
	level                                                                                           [scanner.Critical + 1]int
	hit, plain                                                                                      *excelize.Font
}

// levelLook is the fill and ink of a level's cell and its colour in charts,
// RRGGBB.
var levelLook = [scanner.Critical + 1]struct{ fill, ink, chart string }{
	scanner.None:     {"ECEFF1", "455A64", "B0BEC5"},
	scanner.Low:      {"D6E6F4", "0B3C5D", "8FBBDD"},
	scanner.Medium:   {"FCE8B2", "5C4400", "EFCB68"},
	scanner.High:     {"F0A04B", "3D1C00", "E58A2B"},
	scanner.Critical: {"8C1D40", "FFFFFF", "8C1D40"},
}

const (
	fontName = "Calibri"
	fontSize = 10
	ruleInk  = "D5DAE0"
	headFill = "1F3A4D"
	textInk  = "1C2B36"

	textFormat = 49 // Excel's number of the format "text"
)

var isoDate = "yyyy-mm-dd"

func newStyles(f *excelize.File) (styles, error) {
	s := styles{plain: font("37474F"), hit: font("8C1D40")}
	s.hit.Bold, s.hit.Underline = true, "single"
	for id, style := range s.specs() {
		n, err := f.NewStyle(&style)
		if err != nil {
			return s, err
		}
		*id = n
	}
	quoted := true // so that a cell edited by hand does not turn into a formula
	f.Styles.CellXfs.Xf[s.quoted].QuotePrefix = &quoted
	return s, nil
}

// specs gives each style and where its number goes, in one fixed order.
func (s *styles) specs() iter.Seq2[*int, excelize.Style] {
	below := []excelize.Border{{Type: "bottom", Color: ruleInk, Style: 1}}
	line := excelize.Style{Font: font(textInk), Border: below, NumFmt: textFormat, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}}
	wrap := line
	wrap.Alignment = &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true}
	quoted := wrap
	quoted.Protection = &excelize.Protection{Locked: true} // a difference, so that it is a style of its own
	input := wrap
	input.Fill = solid("FFFBEA")
	date := input
	date.NumFmt, date.CustomNumFmt = 0, &isoDate
	count := line
	count.Alignment, count.NumFmt = &excelize.Alignment{Vertical: "top", Horizontal: "right", Indent: 1}, 3
	share := count
	share.NumFmt = 10
	label, link := line, line
	label.Font, link.Font = font("546E7A"), font("0B57A4")
	link.Font.Underline = "single"
	head := excelize.Style{Font: bold("FFFFFF", fontSize), Fill: solid(headFill), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}
	headRight := head
	headRight.Alignment = &excelize.Alignment{Vertical: "center", Horizontal: "right", Indent: 1, WrapText: true}
	title := excelize.Style{Font: bold(textInk, 18), Alignment: &excelize.Alignment{Vertical: "center"}}
	section := excelize.Style{Font: bold(headFill, 12), Border: []excelize.Border{{Type: "bottom", Color: headFill, Style: 2}}}
	return func(yield func(*int, excelize.Style) bool) {
		for _, one := range []struct {
			id    *int
			style excelize.Style
		}{{&s.text, line}, {&s.wrapped, wrap}, {&s.quoted, quoted}, {&s.input, input}, {&s.date, date}, {&s.number, count}, {&s.share, share}, {&s.label, label},
			{&s.link, link}, {&s.head, head}, {&s.headRight, headRight}, {&s.title, title}, {&s.section, section}} {
			if !yield(one.id, one.style) {
				return
			}
		}
		for level, look := range levelLook {
			cell := excelize.Style{Font: bold(look.ink, fontSize), Fill: solid(look.fill), Border: below, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "center"}}
			if !yield(&s.level[level], cell) {
				return
			}
		}
	}
}

func font(ink string) *excelize.Font {
	return &excelize.Font{Family: fontName, Size: fontSize, Color: ink}
}

func bold(ink string, size float64) *excelize.Font {
	return &excelize.Font{Family: fontName, Size: size, Color: ink, Bold: true}
}

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// value turns a cell into what the stream writer takes. Text is always an
// inline string, never a formula; the only formula is the link's, around an
// address that is a plain web address.
func (b *workbook) value(c cell, wrap bool) any {
	st := &b.styles
	switch c.kind {
	case blankCell:
		return excelize.Cell{StyleID: st.text}
	case inputCell:
		return excelize.Cell{StyleID: st.input}
	case dateCell:
		return excelize.Cell{StyleID: st.date}
	case numberCell:
		return excelize.Cell{StyleID: st.number, Value: c.number}
	case shareCell:
		return excelize.Cell{StyleID: st.share, Value: float64(c.number) / 1000}
	case levelCell:
		return excelize.Cell{StyleID: st.level[c.number], Value: c.text}
	case headCell:
		if columnKind(c.number) == numeric {
			return excelize.Cell{StyleID: st.headRight, Value: c.text}
		}
		return excelize.Cell{StyleID: st.head, Value: c.text}
	case evidenceCell:
		return excelize.Cell{StyleID: st.wrapped, Value: b.highlight(c)}
	case linkCell:
		if formula := linkFormula(c.text); formula != "" {
			return excelize.Cell{StyleID: st.link, Formula: formula, Value: c.text}
		}
	}
	if inert(c.text) != c.text {
		return excelize.Cell{StyleID: st.quoted, Value: b.clip(c.text)}
	}
	if wrap {
		return excelize.Cell{StyleID: st.wrapped, Value: b.clip(c.text)}
	}
	return excelize.Cell{StyleID: st.text, Value: b.clip(c.text)}
}

// highlight sets the words found apart inside their sentence.
func (b *workbook) highlight(c cell) []excelize.RichTextRun {
	runs := make([]excelize.RichTextRun, 0, 3)
	for _, part := range [...]struct {
		text string
		font *excelize.Font
	}{{c.before, b.styles.plain}, {c.text, b.styles.hit}, {c.after, b.styles.plain}} {
		if part.text != "" {
			runs = append(runs, excelize.RichTextRun{Text: part.text, Font: part.font})
		}
	}
	return runs
}

// clip cuts s where Excel would refuse the cell, and counts it.
func (b *workbook) clip(s string) string {
	if len(s) <= cellLimit {
		return s
	}
	units := 0
	for i, r := range s {
		units += max(1, utf16.RuneLen(r))
		if units > cellLimit {
			b.clipped++
			return wholeGraphemes(s, i)
		}
	}
	return s
}

// wholeGraphemes cuts s before byte n minus room for an ellipsis, never inside
// a user-perceived character unless that alone is longer.
func wholeGraphemes(s string, n int) string {
	n = max(0, n-len("…"))
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	head := s[:n]
	tail := lastGraphemes(head, 1)
	if len(tail) < 64 {
		head = head[:len(head)-len(tail)]
	}
	return head + "…"
}

// linkFormula makes the formula that opens address, or "" when it is no web
// address Excel can hold. Quotes are doubled, so the address cannot end the
// string it stands in.
func linkFormula(address string) string {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	if !web || len(address) > 255 || strings.ContainsAny(address, " ⟦") {
		return ""
	}
	return `HYPERLINK("` + strings.ReplaceAll(address, `"`, `""`) + `")`
}
