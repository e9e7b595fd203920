package match

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// The register table finds millions of phrases in a tokenised text. It holds
// no pointers and no strings, so that it works straight from mapped bytes:
//
//	mark   SILVER LEAF          tokens  silver, leaf     (folded keys)
//	chain  h1 = H(silver)       slot h1 : continues
//	       h2 = h1 * gap * H(leaf)      slot h2 : phrase 7
//	       H(silverleaf)                slot    : phrase 7, written as one word
//
// A phrase is a chain of hashes over its tokens' keys; every beginning of a
// phrase has a slot that says "goes on". A slot is 8 bytes: a tag of 32 bits
// of the hash, then 1 bit "goes on" and 31 bits phrase+1. Its home is the
// other half of the hash scaled to the number of slots, so that the table is
// filled to two thirds whatever its size; collisions go to the next slot.
//
// Beside the slots lies the hint: one bit for every node, found by its tag, in
// a table of bits an eighth as full. Most tokens, and nearly all pairs of them,
// are no node; the hint says so and is small enough to stay in the processor's
// cache where the slots are not.
//
// The cost of a token that begins nothing is its hash and one bit; the
// tokens of a text are hashed once for all tables. A hit is the word of a
// hash: the caller compares the texts (once its cheaper gates let it through).
//
// Building makes sure that no two nodes of the table answer to one tag along
// one run of slots; if they do, it begins again with another seed.

const (
	registerSlot   = 8       // bytes of one slot
	registerFill   = 2.0 / 3 // of the slots are used
	goesOn         = 1 << 31 // bit of a slot's value
	mostPhrases    = 1 << 27
	mostTokens     = 32 // tokens of one phrase
	registerPrime  = 0x100000001b3
	registerOffset = 0xcbf29ce484222325
)

// RegisterHit is a phrase that tokens [First, Last) of a text may spell.
type RegisterHit struct {
	Phrase      uint32
	First, Last int32
}

// RegisterKeys are the hashes of the tokens of one text, made once and used
// with any number of tables. It belongs to one goroutine; its memo is cleared
// when full and never changes an answer.
type RegisterKeys struct {
	keys     Keys
	memo     map[string]registerKey
	capacity int

	at     []registerKey // per token
	gaps   []uint64      // per token: kind of the gap before it
	pair   []uint64      // per token: hash of it and the next as one word, 0 where no apostrophe joins them
	odd    bool          // some token has a pair or several readings
	likely []uint64      // scratch of Find: number of a token, and where its node would be

	touched byte // what touch read, kept so that the reading is not left out
}

// registerKey is the hash of a token's folded key, and of up to two readings
// of a token that mixes letters of several scripts.
type registerKey struct {
	hash  uint64
	other [2]uint64 // 0 when there is none
	size  int       // characters of the folded key
}

// NewRegisterKeys makes a RegisterKeys that remembers up to memo distinct
// tokens beyond ASCII.
func NewRegisterKeys(keys Keys, memo int) *RegisterKeys {
	return &RegisterKeys{keys: keys, memo: map[string]registerKey{}, capacity: memo}
}

// Read hashes the tokens of seen.
func (k *RegisterKeys) Read(seen string, tokens []Token) {
	k.at, k.gaps, k.pair = resized(k.at, len(tokens)), resized(k.gaps, len(tokens)), resized(k.pair, len(tokens))
	k.odd = false
	before := 0
	for i := range tokens {
		t := &tokens[i]
		raw := seen[t.Start:t.End]
		var key registerKey
		if t.ASCII {
			key = registerKey{hash: k.ascii(raw), size: len(raw)}
		} else {
			key = k.beyond(raw)
			k.odd = k.odd || key.other[0] != 0
		}
		gap := kindOfGap(t.Gap)
		if gap == ampGap && (before > 2 || key.size > 2) {
			gap = looseGap // between words an ampersand may be left out, H&M needs it
		}
		if i > 0 && t.Gap == gapSoft && (before <= 2 || key.size <= 2) && apostrophe(seen[tokens[i-1].End:t.Start]) {
			k.pair[i-1] = k.joined(seen[tokens[i-1].Start:tokens[i-1].End], raw)
			k.odd = true
		}
		before = key.size
		k.at[i], k.gaps[i], k.pair[i] = key, gap, 0
	}
}

// resized is a slice of n entries, in the memory of s where that is enough.
func resized[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n, 2*n)
	}
	return s[:n]
}

// apostrophe tells whether a gap is one: L'Oreal and Kellogg's are written
// without it as well.
func apostrophe(gap string) bool { return gap == "'" || gap == "’" }

// joined hashes two tokens as one word.
func (k *RegisterKeys) joined(a, b string) uint64 {
	folded, _, _ := k.keys(a + b)
	return hashKey(folded)
}

// ascii hashes the lower case of raw, which holds ASCII letters and digits
// only: bit 5 makes a letter small and is set in every digit.
func (k *RegisterKeys) ascii(raw string) uint64 {
	h := uint64(registerOffset)
	for ; len(raw) >= 8; raw = raw[8:] {
		h = blend(h, word64(raw)|0x2020202020202020)
	}
	if len(raw) > 0 {
		h = blend(h, tail64(raw)|0x2020202020202020>>(64-8*len(raw)))
	}
	return h
}

// beyond hashes a token that holds more than ASCII.
func (k *RegisterKeys) beyond(raw string) registerKey {
	if key, ok := k.memo[raw]; ok {
		return key
	}
	folded, _, traits := k.keys(raw)
	key := registerKey{hash: hashKey(folded), size: utf8.RuneCountInString(folded)}
	if traits&(foreign|asciiLetter) == foreign|asciiLetter && traits&other == 0 {
		as, or := k.unmixed(raw)
		key.other[0] = hashKey(as)
		if or != as {
			key.other[1] = hashKey(or)
		}
	}
	if k.capacity == 0 {
		return key
	}
	if len(k.memo) >= k.capacity {
		clear(k.memo)
	}
	k.memo[string(append([]byte(nil), raw...))] = key
	return key
}

// unmixed reads every letter of another script as the ASCII letter it looks
// like. One that may be i or l gives two readings.
func (k *RegisterKeys) unmixed(raw string) (as, or string) {
	var a, b []byte
	for _, r := range raw {
		if r < utf8.RuneSelf {
			c := byte(r)
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			a, b = append(a, c), append(b, c)
			continue
		}
		_, reduced, _ := k.keys(string(r))
		a = append(a, reduced...)
		if reduced == "i" {
			reduced = "l"
		}
		b = append(b, reduced...)
	}
	return string(a), string(b)
}

// Unmixed tells whether the token raw, which mixes scripts, reads as folded.
func (k *RegisterKeys) Unmixed(raw, folded string) bool {
	_, _, traits := k.keys(raw)
	if traits&(foreign|asciiLetter) != foreign|asciiLetter || traits&other != 0 {
		return false
	}
	as, or := k.unmixed(raw)
	return as == folded || or == folded
}

// hashKey hashes a folded key, eight bytes at a time.
func hashKey(key string) uint64 {
	h := uint64(registerOffset)
	for ; len(key) >= 8; key = key[8:] {
		h = blend(h, word64(key))
	}
	if len(key) > 0 {
		h = blend(h, tail64(key))
	}
	return h
}

// blend takes eight more bytes into a hash.
func blend(h, w uint64) uint64 {
	h = (h ^ w) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// word64 reads the first eight bytes of s.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// tail64 reads the one to seven bytes of s.
func tail64(s string) uint64 {
	var w uint64
	for i := len(s) - 1; i >= 0; i-- {
		w = w<<8 | uint64(s[i])
	}
	return w
}

// chain is the hash of a phrase that goes on with a token after a gap.
func chain(h, gap, token uint64) uint64 {
	h = h*0x9e3779b97f4a7c15 + token + gap*0xd6e8feb86659fd93
	return h ^ h>>29
}

// Fingerprint sums up how tokens become keys: a table made under other keys
// cannot be used. It reads the scripts that folding treats specially.
func (k *RegisterKeys) Fingerprint() uint64 {
	h := uint64(registerOffset)
	for _, span := range [][2]rune{{0x20, 0x600}, {0x1d400, 0x1d460}, {0x24b6, 0x24ea}, {0xff00, 0xff60}, {0x1f130, 0x1f18a}} {
		for r := span[0]; r < span[1]; r++ {
			folded, reduced, traits := k.keys("a" + string(r))
			h = chain(h, uint64(traits), hashKey(folded)^bits.RotateLeft64(hashKey(reduced), 17))
		}
	}
	return h
}

// RegisterTable is the slots of a compiled register. It is immutable and safe
// for concurrent use.
type RegisterTable struct {
	slots []byte
	n     uint64
	seed  uint64
	hint  []byte
	shift uint // of a tag, which gives its bit in hint
}

// OpenRegister takes the slots and the hint that RegisterBuilder.Slots and
// RegisterHint gave, as bytes that must stay as they are. Any bytes are safe:
// hostile ones find nonsense. A hint of no use (not of a power of two) is left out.
func OpenRegister(slots, hint []byte, seed uint64) RegisterTable {
	t := RegisterTable{slots: slots, n: uint64(len(slots) / registerSlot), seed: seed}
	if n := uint64(len(hint)) * 8; bits.OnesCount64(n) == 1 && n <= 1<<32 {
		t.hint, t.shift = hint, uint(32-bits.TrailingZeros64(n))
		return t
	}
	t.hint, t.shift = allBits, 32-3 // says that everything may be there
	return t
}

// allBits is a hint that rules nothing out.
var allBits = []byte{0xff}

// RegisterHint makes the hint of slots: 8 to 16 bits for every slot in use.
func RegisterHint(slots []byte) []byte {
	used := 0
	for at := 0; at+registerSlot <= len(slots); at += registerSlot {
		if binary.LittleEndian.Uint32(slots[at+4:]) != 0 {
			used++
		}
	}
	log := min(max(3, bits.Len(uint(8*used))), 32)
	hint := make([]byte, 1<<(log-3))
	for at := 0; at+registerSlot <= len(slots); at += registerSlot {
		if binary.LittleEndian.Uint32(slots[at+4:]) != 0 {
			bit := binary.LittleEndian.Uint32(slots[at:]) >> (32 - log)
			hint[bit>>3] |= 1 << (bit & 7)
		}
	}
	return hint
}

// maybe tells whether a node whose hash scatters to p may be there.
func (t *RegisterTable) maybe(p uint64) bool {
	bit := uint32(p) >> t.shift
	return t.hint[bit>>3]>>(bit&7)&1 != 0
}

// scatter spreads a chain's hash: the home slot comes from the high bits, the
// tag from the low ones.
func scatter(h, seed uint64) uint64 {
	h ^= seed
	h = (h ^ h>>32) * 0xd6e8feb86659fd93
	return h ^ h>>32
}

// get returns the value of the node h, 0 when there is none.
func (t *RegisterTable) get(h uint64) uint32 {
	p := scatter(h, t.seed)
	if !t.maybe(p) {
		return 0
	}
	return t.probe(p)
}

// probe looks through the slots for the node whose hash scatters to p.
func (t *RegisterTable) probe(p uint64) uint32 {
	at, _ := bits.Mul64(p, t.n)
	for range t.n {
		slot := t.slots[at*registerSlot : at*registerSlot+registerSlot]
		value := binary.LittleEndian.Uint32(slot[4:])
		if value == 0 {
			return 0
		}
		if binary.LittleEndian.Uint32(slot) == uint32(p) {
			return value
		}
		if at++; at == t.n {
			at = 0
		}
	}
	return 0
}

// Find appends to dst every phrase of the table that the tokens read by k may
// spell, overlapping ones included, and returns it.
func (t *RegisterTable) Find(dst []RegisterHit, k *RegisterKeys) []RegisterHit {
	t.touch(k)
	for n := 0; n < len(k.likely); n += 2 {
		i := int(k.likely[n])
		if v := t.probe(k.likely[n+1]); v != 0 {
			dst = t.follow(dst, k, i, i+1, k.at[i].hash, v)
		}
	}
	if k.odd {
		dst = t.findOdd(dst, k)
	}
	return dst
}

// findOdd finds the phrases that begin with a pair of tokens, or with another
// reading of one.
func (t *RegisterTable) findOdd(dst []RegisterHit, k *RegisterKeys) []RegisterHit {
	for i := range k.at {
		if h := k.pair[i]; h != 0 {
			if v := t.get(h); v != 0 {
				dst = t.follow(dst, k, i, i+2, h, v)
			}
		}
		for _, h := range k.at[i].other {
			if h == 0 {
				break
			}
			if v := t.get(h); v != 0 {
				dst = t.follow(dst, k, i, i+1, h, v)
			}
		}
	}
	return dst
}

// touch notes the tokens that may begin a phrase and reads their home slots. A
// table is larger than the processor's cache; here nothing waits for what is
// read, so that the waiting overlaps.
func (t *RegisterTable) touch(k *RegisterKeys) {
	k.likely = k.likely[:0]
	if t.n == 0 {
		return
	}
	var x byte
	for i := range k.at {
		p := scatter(k.at[i].hash, t.seed)
		if t.maybe(p) {
			at, _ := bits.Mul64(p, t.n)
			x |= t.slots[at*registerSlot]
			k.likely = append(k.likely, uint64(i), p)
		}
	}
	k.touched = x
}

// follow reports the phrase that ends at the node (h, v) and goes on with
// token j. Depth is bounded by mostTokens, the branches by the few tokens that
// have several readings.
func (t *RegisterTable) follow(dst []RegisterHit, k *RegisterKeys, i, j int, h uint64, v uint32) []RegisterHit {
	if id := v &^ goesOn; id != 0 {
		dst = append(dst, RegisterHit{id - 1, int32(i), int32(j)})
	}
	if v&goesOn == 0 || j >= len(k.at) || j-i >= mostTokens {
		return dst
	}
	key, gap := &k.at[j], k.gaps[j]
	next := chain(h, gap, key.hash)
	if v := t.get(next); v != 0 {
		dst = t.follow(dst, k, i, j+1, next, v)
	}
	if pair := k.pair[j]; pair != 0 {
		next := chain(h, gap, pair)
		if v := t.get(next); v != 0 {
			dst = t.follow(dst, k, i, j+2, next, v)
		}
	}
	for _, o := range key.other {
		if o == 0 {
			break
		}
		next := chain(h, gap, o)
		if v := t.get(next); v != 0 {
			dst = t.follow(dst, k, i, j+1, next, v)
		}
	}
	return dst
}
