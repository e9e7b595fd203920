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
// The cost of a token that begins nothing is its hash and one probe; the
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

	at   []registerKey // per token
	gaps []uint64      // per token: kind of the gap before it
	pair []uint64      // per token: hash of it and the next as one word, 0 where no apostrophe joins them

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
	k.at, k.gaps, k.pair = k.at[:0], k.gaps[:0], k.pair[:0]
	before := 0
	for i := range tokens {
		t := &tokens[i]
		raw := seen[t.Start:t.End]
		var key registerKey
		if t.ASCII {
			key = registerKey{hash: k.ascii(raw), size: len(raw)}
		} else {
			key = k.beyond(raw)
		}
		gap := kindOfGap(t.Gap)
		if gap == ampGap && (before > 2 || key.size > 2) {
			gap = looseGap // between words an ampersand may be left out, H&M needs it
		}
		if i > 0 && t.Gap == gapSoft && (before <= 2 || key.size <= 2) && apostrophe(seen[tokens[i-1].End:t.Start]) {
			k.pair[i-1] = k.joined(seen[tokens[i-1].Start:tokens[i-1].End], raw)
		}
		before = key.size
		k.at, k.gaps, k.pair = append(k.at, key), append(k.gaps, gap), append(k.pair, 0)
	}
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
}

// OpenRegister takes the slots that RegisterBuilder.Slots gave, as bytes that
// must stay as they are. Any bytes are safe: hostile ones find nonsense.
func OpenRegister(slots []byte, seed uint64) RegisterTable {
	return RegisterTable{slots: slots, n: uint64(len(slots) / registerSlot), seed: seed}
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
	for i := range k.at {
		key := &k.at[i]
		if v := t.get(key.hash); v != 0 {
			dst = t.follow(dst, k, i, i+1, key.hash, v)
		}
		if h := k.pair[i]; h != 0 {
			if v := t.get(h); v != 0 {
				dst = t.follow(dst, k, i, i+2, h, v)
			}
		}
		for _, h := range key.other {
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

// touch reads the home slots of all tokens, and of all pairs that a token that
// goes on makes with the next. A table is larger than the processor's cache;
// here nothing waits for what is read, so that the waiting overlaps.
func (t *RegisterTable) touch(k *RegisterKeys) {
	if t.n == 0 {
		return
	}
	var x byte
	for i := range k.at {
		at, _ := bits.Mul64(scatter(k.at[i].hash, t.seed), t.n)
		x |= t.slots[at*registerSlot]
	}
	for i := 1; i < len(k.at); i++ {
		at, _ := bits.Mul64(scatter(chain(k.at[i-1].hash, k.gaps[i], k.at[i].hash), t.seed), t.n)
		x |= t.slots[at*registerSlot]
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
