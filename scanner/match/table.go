package match

// vocabulary gives every distinct key a small number. Keys live in one arena
// and slots hold ids, so that millions of them hold no pointers.
type vocabulary struct {
	arena []byte
	ends  []uint32 // end of each key in arena
	slots []int32  // id+1, 0 when free; length a power of two
}

// hashOf is FNV-1a with a final mix; enough for tables that compare the key.
func hashOf(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	h ^= h >> 15
	return h * 0x2c1b3c6d
}

func (v *vocabulary) text(id int32) string {
	start := uint32(0)
	if id > 0 {
		start = v.ends[id-1]
	}
	return string(v.arena[start:v.ends[id]])
}

func (v *vocabulary) equal(id int32, s string) bool {
	start := uint32(0)
	if id > 0 {
		start = v.ends[id-1]
	}
	return string(v.arena[start:v.ends[id]]) == s
}

// find returns the id of s, or -1.
func (v *vocabulary) find(s string) int32 {
	if len(v.slots) == 0 {
		return -1
	}
	mask := uint32(len(v.slots) - 1)
	for i := hashOf(s) & mask; v.slots[i] != 0; i = (i + 1) & mask {
		if id := v.slots[i] - 1; v.equal(id, s) {
			return id
		}
	}
	return -1
}

// add returns the id of s and whether it is new.
func (v *vocabulary) add(s string) (id int32, fresh bool) {
	if id = v.find(s); id >= 0 {
		return id, false
	}
	if 2*(len(v.ends)+1) > len(v.slots) {
		v.grow()
	}
	id = int32(len(v.ends))
	v.arena = append(v.arena, s...)
	v.ends = append(v.ends, uint32(len(v.arena)))
	v.place(id, s)
	return id, true
}

func (v *vocabulary) place(id int32, s string) {
	mask := uint32(len(v.slots) - 1)
	i := hashOf(s) & mask
	for v.slots[i] != 0 {
		i = (i + 1) & mask
	}
	v.slots[i] = id + 1
}

func (v *vocabulary) grow() {
	v.slots = make([]int32, max(64, 2*len(v.slots)))
	for id := range v.ends {
		v.place(int32(id), v.text(int32(id)))
	}
}

// table maps a 64-bit key to a node by open addressing. Key 0 never occurs:
// an edge's node is at least 0 but the edge from node 0 by entry 0 is stored
// with all keys shifted by one.
type table struct {
	keys []uint64 // key+1, 0 when free
	vals []int32
	used int
}

func mix(k uint64) uint64 {
	k ^= k >> 31
	k *= 0x9e3779b97f4a7c15
	return k ^ k>>29
}

func (t *table) get(key uint64) (int32, bool) {
	if len(t.keys) == 0 {
		return 0, false
	}
	mask := uint64(len(t.keys) - 1)
	for i := mix(key) & mask; t.keys[i] != 0; i = (i + 1) & mask {
		if t.keys[i] == key+1 {
			return t.vals[i], true
		}
	}
	return 0, false
}

func (t *table) put(key uint64, val int32) {
	if 2*(t.used+1) > len(t.keys) {
		t.grow()
	}
	mask := uint64(len(t.keys) - 1)
	i := mix(key) & mask
	for t.keys[i] != 0 && t.keys[i] != key+1 {
		i = (i + 1) & mask
	}
	if t.keys[i] == 0 {
		t.used++
	}
	t.keys[i], t.vals[i] = key+1, val
}

func (t *table) grow() {
	old := *t
	n := max(64, 2*len(old.keys))
	t.keys, t.vals, t.used = make([]uint64, n), make([]int32, n), 0
	for i, k := range old.keys {
		if k != 0 {
			t.put(k-1, old.vals[i])
		}
	}
}
