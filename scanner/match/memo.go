package match

// memo remembers what distinct tokens resolve to. It is an open-addressing
// table keyed by the raw bytes of a token: a token of up to eight bytes is its
// own key, a longer one is kept in the arena. Candidates lie in one slab. None
// of it holds pointers, and four slots share a cache line: a look-up is one
// access to memory, which is what matching costs.
type memo struct {
	slots []memoSlot
	used  int
	longs []longToken
	arena []byte
	slab  []candidate
}

// memoSlot is 16 bytes.
type memoSlot struct {
	key  uint64 // the token packed, or its hash when longer than eight bytes
	size uint8  // bytes of the token, 0 when the slot is free
	read reading
}

// reading is what a token resolves to: candidates [first, first+n) of the slab
// and its flags. In the slot of a long token, first is its place in longs.
type reading struct {
	flags uint8
	n     uint8
	first uint32
}

// longToken is a token of more than eight bytes: where its bytes begin in the
// arena, and its first candidate.
type longToken struct{ at, first uint32 }

const (
	firstMemo = 1 << 10 // slots; grows as needed
	quickMemo = 1 << 17 // slots up to which it grows fourfold
)

func (m *memo) clear() {
	clear(m.slots)
	m.used, m.longs, m.arena, m.slab = 0, m.longs[:0], m.arena[:0], m.slab[:0]
}

// lowBytes masks the first n bytes of a packed token.
var lowBytes = [9]uint64{0, 0xFF, 0xFFFF, 0xFF_FFFF, 0xFFFF_FFFF, 0xFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF, 0xFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF}

// pack packs the token seen[start:end] of at most eight bytes.
func pack(seen string, start, end int32) uint64 {
	if int(start)+8 <= len(seen) {
		return eightBytes(seen[start:]) & lowBytes[end-start]
	}
	key := uint64(0)
	for i := end - 1; i >= start; i-- {
		key = key<<8 | uint64(seen[i])
	}
	return key
}

func hashOfShort(key uint64, size int) uint64 { return scramble(key ^ uint64(size)*hashSeed) }

// findShort returns the slot of a packed token: its own if the token is known,
// else the free one where it belongs.
func (m *memo) findShort(key uint64, size int) *memoSlot {
	mask := uint64(len(m.slots) - 1)
	for i := hashOfShort(key, size) & mask; ; i = (i + 1) & mask {
		if s := &m.slots[i]; s.key == key && int(s.size) == size || s.size == 0 {
			return s
		}
	}
}

// findLong is findShort for a token of more than eight bytes with hash h.
func (m *memo) findLong(raw string, h uint64) *memoSlot {
	mask := uint64(len(m.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &m.slots[i]
		if s.size == 0 {
			return s
		}
		if s.key == h && int(s.size) == len(raw) {
			if at := m.longs[s.read.first].at; string(m.arena[at:int(at)+len(raw)]) == raw {
				return s
			}
		}
	}
}

// keep enters what raw was read as in its free slot.
func (m *memo) keep(s *memoSlot, key uint64, raw string, r reading) {
	if len(raw) > 8 {
		m.longs = append(m.longs, longToken{uint32(len(m.arena)), r.first})
		m.arena = append(m.arena, raw...)
		r.first = uint32(len(m.longs) - 1)
	}
	*s = memoSlot{key, uint8(len(raw)), r}
	m.used++
	if 3*m.used > 2*len(m.slots) {
		m.grow()
	}
}

func (m *memo) grow() {
	old := m.slots
	size := 2 * len(old)
	if size < quickMemo {
		size *= 2
	}
	m.slots = make([]memoSlot, max(firstMemo, size))
	mask := uint64(len(m.slots) - 1)
	for _, s := range old {
		if s.size == 0 {
			continue
		}
		h := s.key
		if s.size <= 8 {
			h = hashOfShort(s.key, int(s.size))
		}
		i := h & mask
		for m.slots[i].size != 0 {
			i = (i + 1) & mask
		}
		m.slots[i] = s
	}
}
