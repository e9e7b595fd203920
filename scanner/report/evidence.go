package report

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"prescreen/scanner"
)

// evidence is one finding inside its sentence, ready to be shown: tags gone,
// entities read, hidden characters written out, on one line.
type evidence struct {
	Before, Hit, After string
}

const (
	around   = 60   // graphemes shown on each side of the words
	hitLimit = 160  // graphemes shown of the words themselves
	near     = 480  // bytes looked at first on each side; enough for plain text
	far      = 4096 // bytes looked at when tags ate the near ones
)

// evidenceOf shows f within text, the whole field it was found in. A span that
// does not fit the text shows the finding's own words and nothing around them.
func evidenceOf(text string, f *scanner.Finding) evidence {
	start, end := f.Span.Start, f.Span.End
	if start < 0 || end < start || end > len(text) {
		return evidence{Hit: cut(visible(f.Text), hitLimit)}
	}
	return evidence{
		Before: before(text[:start]),
		Hit:    cut(visible(readable(within(text[start:end], far))), hitLimit),
		After:  after(text[end:]),
	}
}

// String joins the three parts.
func (e evidence) String() string { return e.Before + e.Hit + e.After }

func before(s string) string {
	for _, window := range []int{near, far} {
		from := max(0, len(s)-window)
		for from > 0 && from < len(s) && !utf8.RuneStart(s[from]) {
			from++
		}
		out := visible(readable(outsideTag(s[from:])))
		kept := lastGraphemes(out, around)
		if len(kept) < len(out) || from > 0 && window == far {
			return "…" + strings.TrimLeft(kept, " ")
		}
		if from == 0 {
			return strings.TrimLeft(out, " ")
		}
	}
	return ""
}

func after(s string) string {
	for _, window := range []int{near, far} {
		out := visible(readable(within(s, window)))
		kept := firstGraphemes(out, around)
		if len(kept) < len(out) || window < len(s) && window == far {
			return strings.TrimRight(kept, " ") + "…"
		}
		if window >= len(s) {
			return strings.TrimRight(out, " ")
		}
	}
	return ""
}

// within cuts s to at most n bytes, on a rune edge.
func within(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// outsideTag drops the rest of a tag that the window cut in half.
func outsideTag(s string) string {
	open, shut := strings.IndexByte(s, '<'), strings.IndexByte(s, '>')
	if shut >= 0 && (open < 0 || shut < open) && strings.ContainsAny(s[:shut], `="/`) {
		return s[shut+1:]
	}
	return s
}

var (
	tag    = regexp.MustCompile(`<(?:!--.*?--|[/!?]?[a-zA-Z][^<>]*)>`)
	inline = regexp.MustCompile(`^</?(?i:a|abbr|b|bdi|bdo|big|em|font|i|mark|s|small|span|strong|sub|sup|tt|u|wbr)[\s/>]`)
)

// readable turns markup into what a shopper reads: tags vanish or become a
// space, entities become their characters.
func readable(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		s = tag.ReplaceAllStringFunc(s, func(t string) string {
			if inline.MatchString(t) {
				return ""
			}
			return " "
		})
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return s
}

// titleOf is the listing's title as a person reads it. Tags stay: a title is
// plain text, and what it really holds should be seen.
func titleOf(l *scanner.Listing) string { return titleText(l.Title()) }

func titleText(title string) string { return visible(html.UnescapeString(within(title, 1<<16))) }

// firstGraphemes returns the start of s that holds at most n user-perceived characters.
func firstGraphemes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	it := graphemes.FromString(s)
	end := 0
	for i := 0; i < n && it.Next(); i++ {
		end = it.End()
	}
	return s[:end]
}

// lastGraphemes returns the end of s that holds at most n user-perceived characters.
func lastGraphemes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	starts := make([]int, 0, len(s))
	it := graphemes.FromString(s)
	for it.Next() {
		starts = append(starts, it.Start())
	}
	if len(starts) <= n {
		return s
	}
	return s[starts[len(starts)-n]:]
}

// evidenceIn shows f within the field of l it was found in.
func evidenceIn(l *scanner.Listing, f *scanner.Finding) evidence {
	if f.Field < 0 || f.Field >= len(l.Fields) {
		return evidence{Hit: cut(visible(f.Text), hitLimit)}
	}
	return evidenceOf(l.Fields[f.Field].Text, f)
}
