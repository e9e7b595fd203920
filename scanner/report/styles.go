package report

import (
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
	text, wrapped, quoted, input, number, share, head, headRight, title, section, label, link int
	level                                                                                     [scanner.Critical + 1]int
	hit, plain                                                                                *excelize.Font
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
)

func newStyles(f *excelize.File) (styles, error) {
	s := styles{
		plain: &excelize.Font{Family: fontName, Size: fontSize, Color: "37474F"},
		hit:   &excelize.Font{Family: fontName, Size: fontSize, Bold: true, Underline: "single", Color: "8C1D40"},
	}
	below := []excelize.Border{{Type: "bottom", Color: ruleInk, Style: 1}}
	top, wrap := &excelize.Alignment{Vertical: "top", Horizontal: "left"}, &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true}
	right := &excelize.Alignment{Vertical: "top", Horizontal: "right", Indent: 1}
	base := excelize.Font{Family: fontName, Size: fontSize, Color: "1C2B36"}
	with := func(change func(*excelize.Font)) *excelize.Font {
		font := base
		change(&font)
		return &font
	}
	specs := []struct {
		id    *int
		style excelize.Style
	}{
		{&s.text, excelize.Style{Font: &base, Alignment: top, Border: below, NumFmt: 49}},
		{&s.wrapped, excelize.Style{Font: &base, Alignment: wrap, Border: below, NumFmt: 49}},
		{&s.input, excelize.Style{Font: &base, Alignment: wrap, Border: below, Fill: solid("FFFBEA"), NumFmt: 49}},
		{&s.quoted, excelize.Style{Font: &base, Alignment: wrap, Border: below, NumFmt: 49, Protection: &excelize.Protection{Locked: true}}},
		{&s.number, excelize.Style{Font: &base, Alignment: right, Border: below, NumFmt: 3}},
		{&s.share, excelize.Style{Font: &base, Alignment: right, Border: below, NumFmt: 10}},
		{&s.head, excelize.Style{Font: with(func(f *excelize.Font) { f.Bold, f.Color = true, "FFFFFF" }), Fill: solid(headFill),
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&s.headRight, excelize.Style{Font: with(func(f *excelize.Font) { f.Bold, f.Color = true, "FFFFFF" }), Fill: solid(headFill),
			Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "right", Indent: 1, WrapText: true}}},
		{&s.title, excelize.Style{Font: with(func(f *excelize.Font) { f.Bold, f.Size = true, 18 }), Alignment: &excelize.Alignment{Vertical: "center"}}},
		{&s.section, excelize.Style{Font: with(func(f *excelize.Font) { f.Bold, f.Size, f.Color = true, 12, headFill }),
			Border: []excelize.Border{{Type: "bottom", Color: headFill, Style: 2}}}},
		{&s.label, excelize.Style{Font: with(func(f *excelize.Font) { f.Color = "546E7A" }), Alignment: top, Border: below}},
		{&s.link, excelize.Style{Font: with(func(f *excelize.Font) { f.Color, f.Underline = "0B57A4", "single" }), Alignment: &excelize.Alignment{Vertical: "top"}, Border: below}},
	}
	for level, look := range levelLook {
		specs = append(specs, struct {
			id    *int
			style excelize.Style
		}{&s.level[level], excelize.Style{Font: with(func(f *excelize.Font) { f.Bold, f.Color = true, look.ink }), Fill: solid(look.fill),
			Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "center"}, Border: below}})
	}
	for i := range specs {
		id, err := f.NewStyle(&specs[i].style)
		if err != nil {
			return s, err
		}
		*specs[i].id = id
	}
	quoted := true // so that a cell edited by hand does not turn into a formula
	f.Styles.CellXfs.Xf[s.quoted].QuotePrefix = &quoted
	return s, nil
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
