package match

import "unsafe"

// Tables without pointers: strings live in one arena and are known by small
// numbers, slots hold numbers only, so that a million entries cost the garbage
// collector nothing and a look-up touches one cache line or two.

const (
	hashSeed = 0x9E3779B97F4A7C15
	hashStep = 0xD6E8FEB86659FD93
)

// hashOf reads eight bytes at a time. Equal strings have equal hashes and
// nothing more: every table compares the key as well.
func hashOf(s string) uint64 {
	h := uint64(len(s)) * hashSeed
	for len(s) > 8 {
		h = scramble(h ^ eightBytes(s))
		s = s[8:]
	}
	return scramble(h ^ fewBytes(s))
}

func scramble(h uint64) uint64 {
	h *= hashStep
	return h ^ h>>32
}

// eightBytes packs the first eight bytes of s.
func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func fourBytes(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// fewBytes packs a string of at most eight bytes: two strings of one length
// are equal exactly if their packings are.
func fewBytes(s string) uint64 {
	switch n := len(s); {
	case n == 8:
		return eightBytes(s)
	case n >= 4:
		return fourBytes(s) | fourBytes(s[n-4:])<<32
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	return 0
}

// vocabulary gives every distinct key a small number, from 0 in the order of
// their coming.
type vocabulary struct {
	arena []byte
	ends  []uint32 // end of each key in arena
	slots []slot   // length a power of two
}

// slot is one place of an open-addressing table.
type slot struct {
	hash uint32
	id   int32 // number+1, 0 when free
}

func newVocabulary(keys int) vocabulary {
	n := 64
	for n < 2*keys {
		n *= 2
	}
	return vocabulary{slots: make([]slot, n), ends: make([]uint32, 0, keys)}
}

func (v *vocabulary) len() int { return len(v.ends) }

// text returns the key with the number id, without copying.
func (v *vocabulary) text(id int32) string {
	start := uint32(0)
	if id > 0 {
		start = v.ends[id-1]
	}
	if start == v.ends[id] {
		return ""
	}
	return unsafe.String(&v.arena[start], v.ends[id]-start)
}

// find returns the number of s, or -1.
func (v *vocabulary) find(s string) int32 {
	if len(v.slots) == 0 {
		return -1
	}
	return v.findHashed(s, uint32(hashOf(s)))
}

func (v *vocabulary) findHashed(s string, h uint32) int32 {
	mask := uint32(len(v.slots) - 1)
	for i := h & mask; v.slots[i].id != 0; i = (i + 1) & mask {
		if v.slots[i].hash == h && v.text(v.slots[i].id-1) == s {
			return v.slots[i].id - 1
		}
	}
	return -1
}

// add returns the number of s and whether it is new.
func (v *vocabulary) add(s string) (id int32, fresh bool) {
	h := uint32(hashOf(s))
	if len(v.slots) > 0 {
		if id = v.findHashed(s, h); id >= 0 {
			return id, false
		}
	}
	if 2*(len(v.ends)+1) > len(v.slots) {
		v.grow()
	}
	id = int32(len(v.ends))
	v.arena = append(v.arena, s...)
	v.ends = append(v.ends, uint32(len(v.arena)))
	v.place(slot{h, id + 1})
	return id, true
}

func (v *vocabulary) place(s slot) {
	mask := uint32(len(v.slots) - 1)
	i := s.hash & mask
	for v.slots[i].id != 0 {
		i = (i + 1) & mask
	}
	v.slots[i] = s
}

func (v *vocabulary) grow() {
	old := v.slots
	v.slots = make([]slot, max(64, 2*len(old)))
	for _, s := range old {
		if s.id != 0 {
			v.place(s)
		}
	}
}

// groups lists the vocabulary entries that share a key (a reduced one, say).
type groups struct {
	keys  vocabulary
	heads []link // per key
	links []link
}

// link is one member of a group and the place+1 of the next, 0 at the end.
type link struct{ id, next int32 }

func (g *groups) add(key string, id int32) {
	k, fresh := g.keys.add(key)
	if fresh {
		g.heads = append(g.heads, link{id, 0})
		return
	}
	g.links = append(g.links, g.heads[k])
	g.heads[k] = link{id, int32(len(g.links))}
}

// of appends the members of key's group to dst, the latest first.
func (g *groups) of(dst []int32, key string) []int32 {
	k := g.keys.find(key)
	if k < 0 {
		return dst
	}
	for l := g.heads[k]; ; l = g.links[l.next-1] {
		dst = append(dst, l.id)
		if l.next == 0 {
			return dst
		}
	}
}

// edgeTable maps (node, gap kind, vocabulary entry) to a node.
type edgeTable struct {
	slots []edge
	used  int
}

type edge struct {
	key  uint64 // key+1, 0 when free
	node int32
}

// newEdgeTable makes room for n edges.
func newEdgeTable(n int) edgeTable {
	size := 64
	for size < 2*n {
		size *= 2
	}
	return edgeTable{slots: make([]edge, size)}
}

func mix(k uint64) uint64 {
	k = (k ^ k>>31) * hashSeed
	return k ^ k>>29
}

func (t *edgeTable) get(key uint64) (int32, bool) {
	if len(t.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(t.slots) - 1)
	for i := mix(key) & mask; t.slots[i].key != 0; i = (i + 1) & mask {
		if t.slots[i].key == key+1 {
			return t.slots[i].node, true
		}
	}
	return 0, false
}

// put enters a key that is not there yet.
func (t *edgeTable) put(key uint64, node int32) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]edge, max(64, 2*len(old)))
		for _, e := range old {
			if e.key != 0 {
				t.place(e)
			}
		}
	}
	t.place(edge{key + 1, node})
	t.used++
}

func (t *edgeTable) place(e edge) {
	mask := uint64(len(t.slots) - 1)
	i := mix(e.key-1) & mask
	for t.slots[i].key != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = e
}

// affixes is a set of beginnings (or ends) of words that may say yes to a few
// others as well: one bit per hash. It only spares work, it decides nothing.
type affixes struct{ bits []uint64 }

// newAffixes makes room for n entries at sixteen bits each.
func newAffixes(n int) affixes {
	size := 64
	for size < n/4 {
		size *= 2
	}
	return affixes{make([]uint64, size)}
}

func (a *affixes) set(h uint64) {
	h = scramble(h)
	a.bits[(h>>6)&uint64(len(a.bits)-1)] |= 1 << (h & 63)
}

func (a *affixes) has(h uint64) bool {
	h = scramble(h)
	return a.bits[(h>>6)&uint64(len(a.bits)-1)]>>(h&63)&1 == 1
}

// addBeginnings enters every beginning of s, s itself included.
func (a *affixes) addBeginnings(s string) {
	h := uint64(0)
	for i := range len(s) {
		h = extend(h, s[i])
		a.set(h)
	}
}

// addEnds enters every end of s.
func (a *affixes) addEnds(s string) {
	h := uint64(0)
	for i := len(s) - 1; i >= 0; i-- {
		h = extend(h, s[i])
		a.set(h)
	}
}

func (a *affixes) begins(s string) bool { return a.has(forward(s)) }

func (a *affixes) ends(s string) bool {
	h := uint64(0)
	for i := len(s) - 1; i >= 0; i-- {
		h = extend(h, s[i])
	}
	return a.has(h)
}

func forward(s string) uint64 {
	h := uint64(0)
	for i := range len(s) {
		h = extend(h, s[i])
	}
	return h
}

func extend(h uint64, c byte) uint64 { return (h + uint64(c) + 1) * 0x100000001B3 }
