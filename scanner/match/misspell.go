package match

import (
	"slices"
	"strings"
	"sync"
)

// Misspellings. Every name that may be misspelt is entered under the hashes of
// its deletion neighbourhood (one letter left out, two for long names), as in
// SymSpell; a token looks up its own neighbourhood and every candidate is
// verified with a weighted distance in tenths of an edit. So a name is near
// when it and the token become equal by leaving out at most that many letters
// of each, and meant when the distance is within budget. The budget grows
// with the length of the name and has a cliff, because short names have
// ordinary neighbours: measured on 231,433 ordinary words and 63 famous marks
// in the design notes, Levenshtein <= 2 confuses 12,281 words, this rule 166.
//
// Names are of one alphabet, Latin or Cyrillic, a letter a byte (narrow). The hash of a word is a polynomial of its
// letters, so that the hash of the word without letter i comes from the hashes
// of what stands before and after it, without touching a letter:
//
//	H(s) = s[0]*B^(n-1) + ... + s[n-1]     H(ab) = H(a)*B^len(b) + H(b)

// nearIndex is the deletion index. It is made when first asked, because most
// short runs never ask. Entries lie in buckets by the top bits of their hash.
type nearIndex struct {
	once    sync.Once
	lengths [longestMisspelt + 1]bool // of tokens that may be near a name
	starts  []uint32                  // per bucket: its first entry; one more at the end
	entries []nearEntry
	shift   uint8 // hash >> shift is the bucket
}

type nearEntry struct {
	hash uint32
	id   int32
}

// Budget returns the edits, in tenths, that a name of n letters may be off; a
// caller divides by it only for names of four letters and more.
func Budget(n int) int {
	switch {
	case n <= 3:
		return 0
	case n == 4:
		return 5
	case n <= 6:
		return 10
	case n <= 9:
		return 14
	}
	return 20
}

// partBudget is what one word of a longer name may be off.
func partBudget(n int) int {
	if n == 4 {
		return 8
	}
	return 2 * Budget(n)
}

func deletions(n int) int {
	if n >= 8 {
		return 2
	}
	return 1
}

const longestMisspelt = 24 // letters; longer tokens are no misspelt names

// mayBeMisspelt tells whether the name w is looked for misspelt.
func mayBeMisspelt(w *wordInfo) bool {
	return w.forms.Has(Misspelt) && (w.letter || w.cyrillic) && w.runes >= 4 && int(w.runes) <= longestMisspelt
}

// The lower-case Cyrillic letters become the bytes from firstCyrillic on.
const (
	firstCyrillic = 0x80
	cyrillicFrom  = 'а'
	cyrillicTo    = 'џ'
)

func isCyrillic(r rune) bool { return r >= cyrillicFrom && r <= cyrillicTo }

// narrow writes a folded word of Latin or of Cyrillic letters with one byte a
// letter; ok is false for every other word.
func narrow(folded string) (word string, ok bool) {
	latin := true
	for i := range len(folded) {
		latin = latin && folded[i] >= 'a' && folded[i] <= 'z'
	}
	if latin {
		return folded, true
	}
	var b [longestMisspelt]byte
	n := 0
	for _, r := range folded {
		if !isCyrillic(r) || n == len(b) {
			return "", false
		}
		b[n] = byte(firstCyrillic + r - cyrillicFrom)
		n++
	}
	return string(b[:n]), true
}

// leastCyrillic is how long a misspelt name of one Cyrillic word must be to
// count by itself: endings make neighbours of too many shorter ones.
const leastCyrillic = 7

// allow notes that a name of n letters may be misspelt.
func (x *nearIndex) allow(n int) {
	for k := max(4, n-2); k <= min(longestMisspelt, n+2); k++ {
		x.lengths[k] = true
	}
}

// holds tells whether a token of n bytes may be near any name.
func (x *nearIndex) holds(n int) bool { return n <= longestMisspelt && x.lengths[n] }

// build makes the index in two passes: count the entries of each bucket, then
// place them.
func (x *nearIndex) build(m *Machine) {
	var hashes []uint32
	total := 0
	each := func(visit func(id int32, h uint32)) {
		for id := range m.words {
			if w := &m.words[id]; mayBeMisspelt(w) {
				name, _ := narrow(m.vocab.text(int32(id)))
				hashes = appendDeletions(hashes[:0], name, deletions(int(w.runes)))
				for _, h := range hashes {
					visit(int32(id), h)
				}
			}
		}
	}
	for id := range m.words {
		if w := &m.words[id]; mayBeMisspelt(w) {
			total += neighbours(int(w.runes))
		}
	}
	bits := uint8(8)
	for 1<<bits < total/2 {
		bits++
	}
	x.shift = 32 - bits
	x.starts = make([]uint32, 1<<bits+1)
	each(func(_ int32, h uint32) { x.starts[h>>x.shift]++ })
	sum := uint32(0)
	for i := range x.starts {
		sum += x.starts[i]
		x.starts[i] = sum
	}
	x.entries = make([]nearEntry, sum)
	each(func(id int32, h uint32) { // from the end of each bucket to its start
		b := h >> x.shift
		x.starts[b]--
		x.entries[x.starts[b]] = nearEntry{h, id}
	})
}

// neighbours bounds the deletion neighbourhood of a name of n letters.
func neighbours(n int) int {
	if deletions(n) == 2 {
		return 1 + n + n*(n-1)/2
	}
	return 1 + n
}

const deletionBase = 0x9E3779B97F4A7C15

var deletionPowers = func() (p [longestMisspelt + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * deletionBase
	}
	return p
}()

// appendDeletions appends the hash of s and of s with up to k (1 or 2) letters
// left out; the same word may come twice.
func appendDeletions(dst []uint32, s string, k int) []uint32 {
	n := len(s)
	var before, after [longestMisspelt + 1]uint64 // hashes of s[:i] and s[i:]
	for i := range n {
		before[i+1] = before[i]*deletionBase + uint64(s[i])
	}
	for i := n - 1; i >= 0; i-- {
		after[i] = after[i+1] + uint64(s[i])*deletionPowers[n-1-i]
	}
	dst = append(dst, finish(before[n]))
	for i := range n {
		if i > 0 && s[i] == s[i-1] {
			continue
		}
		head := before[i] * deletionPowers[n-1-i]
		dst = append(dst, finish(head+after[i+1]))
		if k < 2 {
			continue
		}
		head = before[i]
		for j := i + 1; j < n; j++ {
			dst = append(dst, finish(head*deletionPowers[n-1-j]+after[j+1]))
			head = head*deletionBase + uint64(s[j])
		}
	}
	return dst
}

func finish(h uint64) uint32 { return uint32(scramble(h)) }

// misspelt appends the names that a token may be meant for. Within its budget
// the cheapest name wins; parts of longer names are let through at twice the
// budget, because two weak likenesses that agree are evidence (Kalvin Kline).
func (m *Machine) misspelt(out []candidate, first int, w *spelling) []candidate {
	word, ok := narrow(w.folded)
	n := len(word)
	if !ok || n < 4 || !m.near.holds(n) || m.opt.Ordinary(w.folded) {
		return out
	}
	m.near.once.Do(func() { m.near.build(m) })
	best := 255
	var buf [1 + longestMisspelt + longestMisspelt*(longestMisspelt-1)/2]uint32
	for _, h := range appendDeletions(buf[:0], word, deletions(n)) {
		b := h >> m.near.shift
		for _, e := range m.near.entries[m.near.starts[b]:m.near.starts[b+1]] {
			if e.hash != h || slices.ContainsFunc(out[first:], func(c candidate) bool { return c.id == e.id }) {
				continue
			}
			limit := partBudget(int(m.words[e.id].runes))
			name, _ := narrow(m.vocab.text(e.id))
			cost := Distance(word, name, limit)
			if cost > limit {
				continue
			}
			if cost <= Budget(int(m.words[e.id].runes)) {
				best = min(best, cost)
			}
			out = append(out, candidate{id: e.id, form: Misspelt, cost: uint8(cost), to: uint16(len(w.raw))})
		}
	}
	kept := slices.DeleteFunc(out[first:], func(c candidate) bool {
		return int(c.cost) > best && int(c.cost) <= Budget(int(m.words[c.id].runes))
	})
	return out[:first+len(kept)]
}

// alike lists pairs of letters that look or sound alike; both orders count.
var alike = pairTable("il ei ou iy ck cs sz vw ph kq xs gj uv nm rl bd gq td bp шщ бп дт зс гк вф жш цс")

func pairTable(pairs string) (t [256][256]bool) {
	for _, p := range strings.Fields(pairs) {
		if w, ok := narrow(p); ok {
			t[w[0]][w[1]], t[w[1]][w[0]] = true, true
		}
	}
	return t
}

var vowels = func() (t [256]bool) {
	for _, v := range strings.Fields("aeiouy аеиоуыэюя") {
		w, _ := narrow(v)
		for i := range len(w) {
			t[w[i]] = true
		}
	}
	return t
}()

// Distance is the weighted distance between a text and a name, both narrow,
// in tenths of an edit: doubled letter 4, swapped neighbours 5, letters
// that look or sound alike 6, vowel for vowel 7, anything else 10, a digit 15,
// and 5 more for the first letter. It gives limit+1 as soon as it must exceed
// limit. Source: the confusable-pair weights of OpenSanctions' compare_parts,
// see the package's design notes; both must be at most 24 bytes.
func Distance(text, name string, limit int) int {
	n, m := len(text), len(name)
	if n > longestMisspelt || m > longestMisspelt || (n-m)*4 > limit || (m-n)*4 > limit {
		return limit + 1
	}
	var rows [3][longestMisspelt + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	lastLeast := 0
	for j := 1; j <= m; j++ {
		last[j] = last[j-1] + gapCost(name, j-1)
	}
	for i := 1; i <= n; i++ {
		row[0] = last[0] + gapCost(text, i-1)
		least := row[0]
		for j := 1; j <= m; j++ {
			c := last[j-1] + swapCost(text[i-1], name[j-1], i == 1 || j == 1)
			c = min(c, last[j]+gapCost(text, i-1), row[j-1]+gapCost(name, j-1))
			if i > 1 && j > 1 && text[i-1] == name[j-2] && text[i-2] == name[j-1] && text[i-1] != text[i-2] {
				c = min(c, before[j-2]+5+first(i == 2 || j == 2))
			}
			row[j] = c
			least = min(least, c)
		}
		if min(least, lastLeast+5) > limit { // a swap reaches back two rows
			return limit + 1
		}
		lastLeast = least
		before, last, row = last, row, before
	}
	return min(last[m], limit+1)
}

func first(is bool) int {
	if is {
		return 5
	}
	return 0
}

// gapCost is the price of a letter too much or too few at i.
func gapCost(s string, i int) int {
	switch {
	case i > 0 && s[i] == s[i-1]:
		return 4
	case s[i] <= '9':
		return 15
	}
	return 10 + first(i == 0)
}

func swapCost(a, b byte, atStart bool) int {
	switch {
	case a == b:
		return 0
	case a <= '9' || b <= '9':
		return 15 + first(atStart)
	case alike[a][b]:
		return 6 + first(atStart)
	case vowels[a] && vowels[b]:
		return 7 + first(atStart)
	}
	return 10 + first(atStart)
}
