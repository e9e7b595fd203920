package main

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// Copied texts. A long description that two suppliers use was written by one of
// them at most; a rights holder finds such copies by searching for a sentence.
//
// Every description of at least copiedLeast characters, folded, is cut into
// shingles of five tokens; the 32 smallest hashes of its shingles are its
// sketch (a bottom-k sketch: the share of equal hashes among the 32 smallest of
// two sketches together estimates the share of equal shingles, Cohen & Kaplan
// 2007). Texts that share one of their 8 smallest hashes are compared. With
// four fifths of the shingles equal, the chance that two texts share none of
// the 8 is below one in 100,000. Equal texts are stored once, so the cost is
// one pass over the text and 300 bytes for each different text.
const (
	copiedLeast   = 400 // characters after folding
	copiedAlike   = 80  // per cent of shingles
	shingleTokens = 5
	sketchSize    = 32
	sketchProbes  = 8
	probeCap      = 64 // texts compared per shared hash: boilerplate is in everything
	copiedStart   = 80 // characters shown
)

// copiedTexts gathers long descriptions and groups those that are alike.
type copiedTexts struct {
	texts  []*longText
	equal  map[uint64]*longText
	tokens []fold.Token
	hashes []uint64
}

// longText is one text, wherever it stands.
type longText struct {
	sketch []uint64 // ascending
	start  string
	spots  []textSpot
	group  int // index of the first text it is like, its own when of none
}

// textSpot is one place a long text stands at.
type textSpot struct {
	key, supplier                  string // of the supplier
	store, id, title, file, column string
	row                            int // 1-based physical row
}

// copiedGroup is one text that more than one supplier or store uses.
type copiedGroup struct {
	start     string
	alike     int // per cent of shingles the least alike text shares with the first
	suppliers int
	stores    int
	spots     []textSpot
}

func newCopiedTexts() *copiedTexts { return &copiedTexts{equal: map[uint64]*longText{}} }

// take remembers the long descriptions of a listing of s.
func (c *copiedTexts) take(l *scanner.Listing, s *supplier) {
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Role != scanner.Description || len(f.Text) < copiedLeast {
			continue
		}
		seen := fold.See(f.Text).Seen
		hash, ok := c.read(seen)
		if !ok {
			continue
		}
		t := c.equal[hash]
		if t == nil {
			t = &longText{sketch: c.sketch(), start: firstRunes(strings.Join(strings.Fields(seen), " "), copiedStart), group: len(c.texts)}
			c.equal[hash] = t
			c.texts = append(c.texts, t)
		}
		t.spots = append(t.spots, textSpot{key: s.key, supplier: s.name, store: strings.Clone(l.Store), id: strings.Clone(l.ID),
			title: strings.Clone(l.Title()), file: l.Origin.File, column: f.Column, row: f.Row})
	}
}

// read folds a text and hashes each token; ok is false for a short one. A
// character of Han or kana is a token, and counts as one character.
func (c *copiedTexts) read(seen string) (whole uint64, ok bool) {
	c.tokens = fold.Tokens(c.tokens[:0], seen)
	c.hashes = c.hashes[:0]
	length := 0
	for _, t := range c.tokens {
		key := fold.Fold(seen[t.Start:t.End])
		length += utf8.RuneCountInString(key)
		if t.Gap != 0 {
			length++
		}
		h := hashText(key)
		c.hashes = append(c.hashes, h)
		whole = mix(whole*0x9E3779B97F4A7C15 + h)
	}
	return whole, length >= copiedLeast && len(c.hashes) >= shingleTokens
}

// sketch is the smallest hashes of the shingles just read, ascending, each once.
func (c *copiedTexts) sketch() []uint64 {
	shingles := make([]uint64, 0, len(c.hashes))
	for i := 0; i+shingleTokens <= len(c.hashes); i++ {
		var h uint64
		for _, t := range c.hashes[i : i+shingleTokens] {
			h = h*0x9E3779B97F4A7C15 + t
		}
		shingles = append(shingles, mix(h))
	}
	slices.Sort(shingles)
	shingles = slices.Compact(shingles)
	return slices.Clone(shingles[:min(len(shingles), sketchSize)])
}

// groups returns the texts that more than one supplier or store uses, those of
// most suppliers first.
func (c *copiedTexts) groups() []copiedGroup {
	alike := c.join()
	byFirst := map[int]*copiedGroup{}
	var order []int
	for i, t := range c.texts {
		g := byFirst[t.group]
		if g == nil {
			g = &copiedGroup{start: t.start, alike: 100}
			byFirst[t.group] = g
			order = append(order, t.group)
		}
		g.alike = min(g.alike, alike[i])
		g.spots = append(g.spots, t.spots...)
	}
	var out []copiedGroup
	for _, first := range order {
		g := byFirst[first]
		g.suppliers = distinct(g.spots, func(s textSpot) string { return s.key })
		g.stores = distinct(g.spots, func(s textSpot) string { return s.store })
		if g.suppliers > 1 || g.stores > 1 {
			out = append(out, *g)
		}
	}
	slices.SortStableFunc(out, func(a, b copiedGroup) int {
		return cmp.Or(cmp.Compare(b.suppliers, a.suppliers), cmp.Compare(len(b.spots), len(a.spots)))
	})
	return out
}

// join puts every text into the group of the first earlier text it is like, and
// returns for each the per cent it shares with that text.
func (c *copiedTexts) join() []int {
	alike := make([]int, len(c.texts))
	probes := map[uint64][]int{}
	for i, t := range c.texts {
		alike[i] = 100
		best, at := copiedAlike-1, -1
		for _, h := range t.sketch[:min(sketchProbes, len(t.sketch))] {
			for _, j := range probes[h] {
				if n := resemblance(t.sketch, c.texts[j].sketch); n > best {
					best, at = n, j
				}
			}
			if len(probes[h]) < probeCap {
				probes[h] = append(probes[h], i)
			}
		}
		if at >= 0 {
			t.group, alike[i] = c.texts[at].group, best
		}
	}
	return alike
}

// resemblance estimates from two sketches the per cent of shingles both texts
// have, of those either has.
func resemblance(a, b []uint64) int {
	both, all := 0, 0
	for i, j := 0, 0; all < sketchSize && (i < len(a) || j < len(b)); all++ {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			i++
		case i == len(a) || b[j] < a[i]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return both * 100 / max(all, 1)
}

func distinct(spots []textSpot, of func(textSpot) string) int {
	seen := map[string]bool{}
	for _, s := range spots {
		seen[of(s)] = true
	}
	return len(seen)
}

// hashText is FNV-1a.
func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// mix spreads every bit over all others (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// firstRunes cuts s after n characters.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return strings.Clone(s[:i]) + "…"
		}
	}
	return strings.Clone(s)
}
