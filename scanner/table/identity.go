package table

import (
	"fmt"
	"strings"
)

// identities numbers equal ids in the order they come: A, A#2, A#3. Of an id
// only a hash is kept: a million ids are then 16 MB without a pointer in them.
type identities struct {
	seen     hashSet
	times    map[uint64]int // of ids that came more than once
	repeated int            // ids that came more than once

	text strings.Builder // ids to come are written here
}

func (n *identities) unique(id string) string {
	key := hashID(id)
	if n.seen.add(key) {
		return n.keep(id)
	}
	if n.times == nil {
		n.times = map[uint64]int{}
	}
	count := max(n.times[key], 1) + 1
	if count == 2 {
		n.repeated++
	}
	n.times[key] = count
	numbered := fmt.Sprintf("%s#%d", id, count)
	for !n.seen.add(hashID(numbered)) { // a file may hold the very id A#2
		count++
		numbered = fmt.Sprintf("%s#%d", id, count)
	}
	return numbered
}

const idBlock = 1 << 10 // bytes of ids allocated together

// keep copies an id: its cell may hold on to the whole record's text.
func (n *identities) keep(id string) string {
	if b := &n.text; b.Cap()-b.Len() < len(id) {
		*b = strings.Builder{}
		b.Grow(max(len(id), idBlock))
	}
	start := n.text.Len()
	n.text.WriteString(id)
	return n.text.String()[start:]
}

// hashID is FNV-1a over eight bytes at a time, mixed at the end: the same in
// every run, so that equal files give equal ids. The last byte is only added:
// ids that differ in it, as those of neighbouring rows mostly do, are neighbours
// in the set and share its cache lines. Never 0.
func hashID(id string) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037) ^ uint64(len(id))
	last := uint64(0)
	if n := len(id) - 1; n >= 0 {
		id, last = id[:n], uint64(id[n])
	}
	for ; len(id) >= 8; id = id[8:] {
		h = (h ^ word(id)) * prime
		h ^= h >> 32
	}
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * prime
	}
	h = (h ^ h>>29) * 0xbf58476d1ce4e5b9 // the finish of SplitMix64
	return max(h^h>>32+last, 1)
}

func word(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// hashSet holds hashes other than 0 in an open table, at most half full.
type hashSet struct {
	slots []uint64 // a power of two; 0 is free
	n     int
}

// add reports whether h was not in the set yet.
func (s *hashSet) add(h uint64) bool {
	if 2*s.n >= len(s.slots) {
		s.grow()
	}
	for i := h; ; i++ {
		slot := &s.slots[i&uint64(len(s.slots)-1)]
		switch *slot {
		case h:
			return false
		case 0:
			*slot = h
			s.n++
			return true
		}
	}
}

func (s *hashSet) grow() {
	old, times := s.slots, 4
	if len(old) >= 1<<18 { // 2 MB: from here on memory counts for more than time
		times = 2
	}
	s.slots, s.n = make([]uint64, max(1024, times*len(old))), 0
	for _, h := range old {
		if h != 0 {
			s.add(h)
		}
	}
}
