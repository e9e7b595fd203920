package match

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// RegisterBuilder gathers the phrases of a RegisterTable. It belongs to one
// goroutine. Memory: about 28 bytes per node, of which a phrase has one per
// token and one for its spelling as one word.
type RegisterBuilder struct {
	nodes   []registerNode
	index   []uint32 // node+1 by hash, open addressing, a power of two
	phrases uint32
}

// registerNode is a beginning of a phrase, or its end.
type registerNode struct {
	hash  uint64
	value uint32 // as in a slot
}

// Errors of a phrase that cannot be entered.
var (
	ErrNoTokens      = errors.New("it has no letter or digit to look for")
	ErrTooManyTokens = errors.New("it is longer than 32 words")
	ErrFull          = errors.New("the table holds no more phrases")
)

// Add enters the phrase whose tokens k has read and returns its number; fresh
// is false when it stood there already. A gap such as a comma or a slash in
// the phrase may be met by itself or by a space.
func (b *RegisterBuilder) Add(k *RegisterKeys) (phrase uint32, fresh bool, err error) {
	switch {
	case len(k.at) == 0:
		return 0, false, ErrNoTokens
	case len(k.at) > mostTokens:
		return 0, false, ErrTooManyTokens
	case b.phrases >= mostPhrases:
		return 0, false, ErrFull
	}
	end := b.path(k, false)
	if id := b.nodes[end].value &^ goesOn; id != 0 {
		return id - 1, false, nil
	}
	phrase = b.phrases
	b.phrases++
	b.nodes[end].value |= phrase + 1
	for i := 1; i < len(k.gaps); i++ {
		if k.gaps[i] == hardGap {
			b.claim(b.path(k, true), phrase)
			break
		}
	}
	return phrase, true, nil
}

// Join enters the one token that k has read as another spelling of phrase. A
// phrase of that very spelling keeps it.
func (b *RegisterBuilder) Join(k *RegisterKeys, phrase uint32) {
	if len(k.at) == 1 {
		b.claim(b.node(k.at[0].hash), phrase)
	}
}

// claim gives a node a phrase unless it has one.
func (b *RegisterBuilder) claim(node, phrase uint32) {
	if b.nodes[node].value&^goesOn == 0 {
		b.nodes[node].value |= phrase + 1
	}
}

// path makes the nodes of the phrase and returns the last.
func (b *RegisterBuilder) path(k *RegisterKeys, hard bool) uint32 {
	h := k.at[0].hash
	at := b.node(h)
	for i := 1; i < len(k.at); i++ {
		gap := k.gaps[i]
		if gap == hardGap && !hard {
			gap = looseGap
		}
		b.nodes[at].value |= goesOn
		h = chain(h, gap, k.at[i].hash)
		at = b.node(h)
	}
	return at
}

// node finds or makes the node of h.
func (b *RegisterBuilder) node(h uint64) uint32 {
	if 2*(len(b.nodes)+1) > len(b.index) {
		b.grow()
	}
	mask := uint64(len(b.index) - 1)
	i := scatter(h, 0) & mask
	for ; b.index[i] != 0; i = (i + 1) & mask {
		if n := b.index[i] - 1; b.nodes[n].hash == h {
			return n
		}
	}
	b.nodes = append(b.nodes, registerNode{hash: h})
	b.index[i] = uint32(len(b.nodes))
	return uint32(len(b.nodes) - 1)
}

func (b *RegisterBuilder) grow() {
	b.index = make([]uint32, max(1024, 2*len(b.index)))
	mask := uint64(len(b.index) - 1)
	for n := range b.nodes {
		i := scatter(b.nodes[n].hash, 0) & mask
		for b.index[i] != 0 {
			i = (i + 1) & mask
		}
		b.index[i] = uint32(n + 1)
	}
}

// Len is the number of phrases entered.
func (b *RegisterBuilder) Len() int { return int(b.phrases) }

// Slots gives the finished table and the seed to open it with. The builder is
// of no use afterwards.
func (b *RegisterBuilder) Slots() (slots []byte, seed uint64) {
	b.index = nil
	n := uint64(float64(len(b.nodes))/registerFill) + 1
	for {
		slots = make([]byte, n*registerSlot)
		if b.fill(slots, n, seed) {
			return slots, seed
		}
		seed = seed*registerPrime + 1
	}
}

// fill places every node; false means that one node would answer for another.
func (b *RegisterBuilder) fill(slots []byte, n, seed uint64) bool {
	for i := range b.nodes {
		p := scatter(b.nodes[i].hash, seed)
		at, _ := bits.Mul64(p, n)
		for {
			slot := slots[at*registerSlot : at*registerSlot+registerSlot]
			if binary.LittleEndian.Uint32(slot[4:]) == 0 {
				binary.LittleEndian.PutUint32(slot, uint32(p))
				binary.LittleEndian.PutUint32(slot[4:], b.nodes[i].value)
				break
			}
			if binary.LittleEndian.Uint32(slot) == uint32(p) {
				return false
			}
			if at++; at == n {
				at = 0
			}
		}
	}
	return true
}
