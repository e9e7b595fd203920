package scanner

import (
	"strings"
	"unicode/utf8"

	"prescreen/scanner/fold"
)

// The matcher finds a Han character only where it stands alone, and Hangul and
// short Thai words only at the beginning of their run: anywhere else they are
// mostly parts of other words. Written together with a name they are cues all
// the same (耐克风, 非耐克, 아이폰용), and are looked for there.

// touchingCues are the cues that may be written together with a name, by their
// first rune for those that follow it, by their last for those before it.
type touchingCues struct{ after, before map[rune][]touchingCue }

type touchingCue struct {
	text string
	cue  *cue
}

const longestShort = 4 // runes of a Thai word that the matcher may not find

func touchingOf(cues []cue) touchingCues {
	t := touchingCues{map[rune][]touchingCue{}, map[rune][]touchingCue{}}
	for i := range cues {
		c := &cues[i]
		for _, p := range c.phrases {
			first, _ := utf8.DecodeRuneInString(p)
			last, _ := utf8.DecodeLastRuneInString(p)
			n := utf8.RuneCountInString(p)
			switch {
			case c.lang == "ko" && first >= 0xAC00 && first <= 0xD7A3, n == 1 && first >= 0x2E80, c.lang == "th" && n <= longestShort && first >= 0x0E00:
			default:
				continue
			}
			if c.side != before {
				t.after[first] = append(t.after[first], touchingCue{p, c})
			}
			if c.side != after {
				t.before[last] = append(t.before[last], touchingCue{p, c})
			}
		}
	}
	return t
}

// touch adds to v the cues that are written together with its mentions.
func (s *Scanner) touch(v *fieldView) {
	n := len(v.cues)
	for i := range v.mentions {
		m := &v.mentions[i]
		if k := m.Last; int(k) < len(v.tokens) && v.tokens[k].Script != fold.Word && v.tokens[k].Gap == 0 {
			v.touchAfter(s.touching.after, k)
		}
		if k := m.First; k > 0 && v.tokens[k-1].Script != fold.Word && v.tokens[k].Gap&^fold.GapSpace == 0 {
			v.touchBefore(s.touching.before, k)
		}
	}
	if len(v.cues) > n {
		v.cues = longestCues(v.cues)
	}
}

func (v *fieldView) touchAfter(by map[rune][]touchingCue, k int32) {
	rest := v.text.Seen[v.tokens[k].Start:]
	first, _ := utf8.DecodeRuneInString(rest)
	for _, c := range by[first] {
		if !strings.HasPrefix(rest, c.text) {
			continue
		}
		last, end := k, v.tokens[k].Start+int32(len(c.text))
		for int(last) < len(v.tokens) && v.tokens[last].End < end {
			last++
		}
		if int(last) < len(v.tokens) && v.tokens[last].End == end {
			v.cues = append(v.cues, cueHit{c.cue, k, last + 1})
		}
	}
}

func (v *fieldView) touchBefore(by map[rune][]touchingCue, k int32) {
	head := v.text.Seen[:v.tokens[k-1].End]
	last, _ := utf8.DecodeLastRuneInString(head)
	for _, c := range by[last] {
		if !strings.HasSuffix(head, c.text) {
			continue
		}
		first, start := k-1, v.tokens[k-1].End-int32(len(c.text))
		for first > 0 && v.tokens[first].Start > start {
			first--
		}
		if v.tokens[first].Start == start {
			v.cues = append(v.cues, cueHit{c.cue, first, k})
		}
	}
}
