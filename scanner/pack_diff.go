package scanner

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"iter"

	"prescreen/rules"
)

// Two editions of a register hold their entries in the same order, by register
// and number (packBuilder.compare). So they are compared as two sorted lists
// are merged: one step through both, no entry decoded that did not change, and
// no memory but for one.

// RegisterChange is an entry that is alive (in force or applied for) in one edition of
// a register only.
type RegisterChange struct {
	Mark rules.Mark // as the edition says in which it is alive
	Born bool       // alive in the later edition; else in the earlier one
}

// ComparePacks yields what changed from the edition before to the edition
// after, by register and number. Entries without a number are told apart by
// their words. same, which may be nil, counts entries alive in both.
func ComparePacks(before, after *Pack, same *int) iter.Seq[RegisterChange] {
	return func(yield func(RegisterChange) bool) {
		was, is := newPackWalk(before), newPackWalk(after)
		if same == nil {
			same = new(int)
		}
		for was.ok || is.ok {
			order := 1 // entries of one edition only are those that come first
			if was.ok && is.ok {
				order = was.compare(&is.packKey)
			} else if was.ok {
				order = -1
			}
			old, young := uint32(noMark), uint32(noMark)
			if order <= 0 {
				old = was.next()
			}
			if order >= 0 {
				young = is.next()
			}
			switch {
			case old != noMark && young != noMark:
				*same++
			case old != noMark && !yield(RegisterChange{Mark: before.markFrom(was.all, old)}):
				return
			case young != noMark && !yield(RegisterChange{Mark: after.markFrom(is.all, young), Born: true}):
				return
			}
		}
	}
}

// noMark stands for no entry.
const noMark = ^uint32(0)

// packKey is what entries are ordered by.
type packKey struct {
	order            uint64 // of the first bytes of the others
	register, number []byte
	unnumbered       bool // number is the text
}

func (k *packKey) compare(other *packKey) int {
	if k.order != other.order {
		return cmp.Compare(k.order, other.order)
	}
	if c := bytes.Compare(k.register, other.register); c != 0 {
		return c
	}
	return cmp.Or(boolCompare(other.unnumbered, k.unnumbered), bytes.Compare(k.number, other.number))
}

// boolCompare orders false before true.
func boolCompare(a, b bool) int { return int(b2i(a)) - int(b2i(b)) }

// packWalk goes through the entries of a pack in order, those of one key at a time.
type packWalk struct {
	packKey
	p   *Pack
	all *bytes.Reader
	at  uint32
	ok  bool // there is an entry at at, whose key is packKey
}

func newPackWalk(p *Pack) *packWalk {
	w := &packWalk{p: p, all: bytes.NewReader(p.data)}
	w.look()
	return w
}

// next passes over all entries of the key and gives the first that is alive, or noMark.
func (w *packWalk) next() uint32 {
	alive, key := uint32(noMark), w.packKey
	for w.ok && w.compare(&key) == 0 {
		if flags := binary.LittleEndian.Uint32(w.record()[4*flagField:]); alive == noMark && statuses[flags&3] != "dead" {
			alive = w.at
		}
		w.at++
		w.look()
	}
	return alive
}

// record is the record of the entry at hand, in the mapping.
func (w *packWalk) record() []byte {
	return w.p.section[markSection][int(w.at)*markSize : int(w.at+1)*markSize]
}

// look reads the key of the entry at hand.
func (w *packWalk) look() {
	if w.ok = w.at < w.p.marks; !w.ok {
		return
	}
	r := w.record()
	w.register = w.p.mapped(binary.LittleEndian.Uint32(r[4*registerField:]))
	w.number = w.p.mapped(binary.LittleEndian.Uint32(r[4*applicationField:]))
	if w.unnumbered = len(w.number) == 0; w.unnumbered {
		w.number = w.p.mapped(binary.LittleEndian.Uint32(r[4*textField:]))
	}
	w.order = orderOf(w.register, w.number)
}

// mapped is text without a copy, good while the pack is open.
func (p *Pack) mapped(offset uint32) []byte {
	all := p.section[stringSection]
	if offset == 0 || int(offset) >= len(all) {
		return nil
	}
	n, k := binary.Uvarint(all[offset:])
	if k <= 0 || n > uint64(len(all)-int(offset)-k) {
		return nil
	}
	return all[int(offset)+k : int(offset)+k+int(n)]
}
