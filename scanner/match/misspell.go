package match

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Misspellings. Every name that may be misspelt is entered under the hashes of
// its deletion neighbourhood (one letter left out, two for long names), as in
// SymSpell; a token looks up its own neighbourhood and every candidate is
// verified with a weighted distance in tenths of an edit. The budget grows
// with the length of the name and has a cliff, because short names have
// ordinary neighbours: measured on 231,433 ordinary words and 63 famous marks
// in the design notes, Levenshtein <= 2 confuses 12,281 words, this rule 166.

// nearIndex is the deletion index: open addressing, several entries per hash.
type nearIndex struct {
	hashes []uint32
	ids    []int32 // id+1, 0 when free
	used   int
}

// Budget returns the edits, in tenths, that a name of n letters may be off; a
// caller divides by it only for names of four letters and more.
func Budget(n int) int {
	switch {
	case n <= 3:
		return 0
	case n == 4:
		return 4
	case n <= 6:
		return 10
	case n <= 9:
		return 14
	}
	return 20
}

func deletions(n int) int {
	if n >= 8 {
		return 2
	}
	return 1
}

const longestMisspelt = 24 // bytes; longer tokens are no misspelt names

func (x *nearIndex) build(m *Machine) {
	for id, w := range m.words {
		if !w.forms.Has(Misspelt) || !w.letter || w.runes < 4 || int(w.runes) > longestMisspelt {
			continue
		}
		eachDeletion(m.vocab.text(int32(id)), deletions(int(w.runes)), func(h uint32) { x.add(h, int32(id)) })
	}
}

func (x *nearIndex) add(h uint32, id int32) {
	if 2*(x.used+1) > len(x.ids) {
		old := *x
		n := max(1024, 2*len(old.ids))
		x.hashes, x.ids = make([]uint32, n), make([]int32, n)
		for i, v := range old.ids {
			if v != 0 {
				x.place(old.hashes[i], v)
			}
		}
	}
	x.place(h, id+1)
	x.used++
}

func (x *nearIndex) place(h uint32, v int32) {
	mask := uint32(len(x.ids) - 1)
	i := h & mask
	for x.ids[i] != 0 {
		if x.ids[i] == v && x.hashes[i] == h {
			return
		}
		i = (i + 1) & mask
	}
	x.hashes[i], x.ids[i] = h, v
}

func (x *nearIndex) each(h uint32, f func(id int32)) {
	if len(x.ids) == 0 {
		return
	}
	mask := uint32(len(x.ids) - 1)
	for i := h & mask; x.ids[i] != 0; i = (i + 1) & mask {
		if x.hashes[i] == h {
			f(x.ids[i] - 1)
		}
	}
}

// eachDeletion calls f with the hash of s and of s with up to k letters left out.
func eachDeletion(s string, k int, f func(uint32)) {
	f(hashOf(s))
	if k == 0 || len(s) < 2 {
		return
	}
	var buf [longestMisspelt]byte
	for i := range len(s) {
		if i > 0 && s[i] == s[i-1] {
			continue
		}
		short := append(append(buf[:0], s[:i]...), s[i+1:]...)
		if k == 1 {
			f(hashOf(string(short)))
		} else {
			eachDeletion(string(short), k-1, f)
		}
	}
}

// misspelt appends the names that folded may be meant for. Within its budget
// the cheapest name wins; parts of longer names are let through at twice the
// budget, because two weak likenesses that agree are evidence (Kalvin Kline).
func (m *Machine) misspelt(out []candidate, folded string) []candidate {
	n := len(folded)
	if n < 4 || n > longestMisspelt || utf8.RuneCountInString(folded) != n {
		return out
	}
	best := 255
	eachDeletion(folded, deletions(n), func(h uint32) {
		m.near.each(h, func(id int32) {
			limit := 2 * Budget(int(m.words[id].runes))
			cost := Distance(folded, m.vocab.text(id), limit)
			if cost > limit || slices.ContainsFunc(out, func(c candidate) bool { return c.id == id }) {
				return
			}
			if 2*cost <= limit {
				best = min(best, cost)
			}
			out = append(out, candidate{id: id, form: Misspelt, cost: uint8(cost), to: uint16(n)})
		})
	})
	return slices.DeleteFunc(out, func(c candidate) bool {
		return int(c.cost) > best && 2*int(c.cost) <= 2*Budget(int(m.words[c.id].runes))
	})
}

// alike lists pairs of letters that look or sound alike; both orders count.
var alike = pairTable("il ei ou iy ck cs sz vw ph kq xs gj uv nm rl bd gq td bp")

func pairTable(pairs string) (t [26][26]bool) {
	for _, p := range strings.Fields(pairs) {
		a, b := p[0]-'a', p[1]-'a'
		t[a][b], t[b][a] = true, true
	}
	return t
}

// Distance is the weighted distance between a text and a name, both folded
// ASCII, in tenths of an edit: doubled letter 4, swapped neighbours 4, letters
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
				c = min(c, before[j-2]+4+first(i == 2 || j == 2))
			}
			row[j] = c
			least = min(least, c)
		}
		if least > limit {
			return limit + 1
		}
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
	case a >= 'a' && a <= 'z' && b >= 'a' && b <= 'z' && alike[a-'a'][b-'a']:
		return 6 + first(atStart)
	case vowel(a) && vowel(b):
		return 7 + first(atStart)
	}
	return 10 + first(atStart)
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' }
