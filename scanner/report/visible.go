package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// named are the characters that hide or reorder text, by the abbreviation
// Unicode gives them.
var named = map[rune]string{
	0x00AD: "SHY", 0x061C: "ALM", 0x180E: "MVS", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ",
	0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP",
	0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO",
	0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
	0xFEFF: "BOM", 0x115F: "HCF", 0x1160: "HJF", 0x3164: "HF", 0xFFA0: "HHF",
}

// visible returns s on one line with every run of white space as one space and
// every hidden character written out, as in ⟦RLO⟧, so that no text can look
// like another or disturb what stands around it. Joiners that shape letters
// (Persian, Indic, emoji) stay. Broken UTF-8 becomes U+FFFD.
func visible(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	space, prev := false, rune(0)
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if unicode.IsSpace(r) && named[r] == "" {
			if !space {
				b.WriteByte(' ')
			}
			space, prev = true, ' '
			continue
		}
		space = false
		if hidden(r, prev) {
			b.WriteString(label(r))
		} else {
			b.WriteRune(r)
		}
		prev = r
	}
	return b.String()
}

// plain tells that s is printable ASCII with single spaces: most text, and
// nothing to do.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7F || c == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

// hidden tells whether r, standing after prev, is to be written out.
func hidden(r, prev rune) bool {
	switch {
	case r == 0x200C || r == 0x200D:
		return prev == 0 || prev == ' ' || prev < 0x250 || unicode.In(prev, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han)
	case named[r] != "":
		return true
	case r >= 0xE0000 && r <= 0xE007F: // tag characters spell flags after a black flag, and secrets elsewhere
		return prev != 0x1F3F4 && (prev < 0xE0000 || prev > 0xE007F)
	}
	return unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF
}

func label(r rune) string {
	if name := named[r]; name != "" {
		return "⟦" + name + "⟧"
	}
	return fmt.Sprintf("⟦U+%04X⟧", r)
}

// cut shortens s to at most n graphemes and marks the cut with an ellipsis.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	if len(firstGraphemes(s, n)) == len(s) {
		return s
	}
	return strings.TrimRight(firstGraphemes(s, n-1), " ") + "…"
}

// inert returns s as text that no spreadsheet takes for a formula when it
// reads it from a text file: what could start one gets an apostrophe before it.
func inert(s string) string {
	start := strings.TrimLeft(s, " \u00A0\u3000")
	if start == "" {
		return s
	}
	r, _ := utf8.DecodeRuneInString(start)
	if strings.ContainsRune("=+-@＝＋－＠", r) || unicode.IsControl(r) {
		return "'" + s
	}
	return s
}
