package match

// memo remembers what distinct tokens resolve to. It is an open-addressing
// table keyed by the raw bytes of a token: a token of up to eight bytes is its
// own key, a longer one is kept in the arena. Candidates lie in one slab. None
// of it holds pointers.
type memo struct {
	slots []memoSlot
	used  int
	arena []byte
	slab  []candidate
}

type memoSlot struct {
	key  uint64 // the token packed, or its hash when longer than eight bytes
	at   uint32 // of a longer token: its place in arena
	size uint16 // bytes of the token, 0 when the slot is free
	read reading
}

// reading is what a token resolves to: candidates [first, first+n) of the slab
// and its flags.
type reading struct {
	first uint32
	n     uint16
	flags uint8
}

const firstMemo = 1 << 10 // slots; grows as needed

func (m *memo) clear() {
	clear(m.slots)
	m.used, m.arena, m.slab = 0, m.arena[:0], m.slab[:0]
}

// find returns the slot of raw, which holds at most longestToken bytes: its
// own if it is known, else the free one where it belongs.
func (m *memo) find(raw string) *memoSlot {
	key := uint64(0)
	h := uint64(0)
	if len(raw) <= 8 {
		key = fewBytes(raw)
		h = scramble(key ^ uint64(len(raw))*hashSeed)
	} else {
		key = hashOf(raw)
		h = key
	}
	mask := uint64(len(m.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := &m.slots[i]
		if s.size == 0 {
			s.key = key
			return s
		}
		if s.key == key && int(s.size) == len(raw) && (len(raw) <= 8 || string(m.arena[s.at:int(s.at)+len(raw)]) == raw) {
			return s
		}
	}
}

// keep enters what raw was read as in its free slot.
func (m *memo) keep(s *memoSlot, raw string, r reading) {
	s.size, s.read = uint16(len(raw)), r
	if len(raw) > 8 {
		s.at = uint32(len(m.arena))
		m.arena = append(m.arena, raw...)
	}
	m.used++
	if 2*m.used > len(m.slots) {
		m.grow()
	}
}

func (m *memo) grow() {
	old := m.slots
	m.slots = make([]memoSlot, max(firstMemo, 2*len(old)))
	mask := uint64(len(m.slots) - 1)
	for _, s := range old {
		if s.size == 0 {
			continue
		}
		h := s.key
		if s.size <= 8 {
			h = scramble(s.key ^ uint64(s.size)*hashSeed)
		}
		i := h & mask
		for m.slots[i].size != 0 {
			i = (i + 1) & mask
		}
		m.slots[i] = s
	}
}
