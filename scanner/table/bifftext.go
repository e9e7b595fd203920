package table

import (
	"encoding/binary"
	"unicode/utf16"
)

// shortText reads a text with a length of one byte.
func (b *biffBook) shortText(data []byte) string {
	if len(data) < 1 {
		return ""
	}
	return b.text(int(data[0]), data[1:])
}

// longText reads a text with a length of two bytes.
func (b *biffBook) longText(data []byte) string {
	if len(data) < 2 {
		return ""
	}
	return b.text(int(binary.LittleEndian.Uint16(data)), data[2:])
}

// text reads n characters: in the code page before Excel 97, else after a flag
// byte as UTF-16 or its low bytes.
func (b *biffBook) text(n int, data []byte) string {
	if b.old {
		s, _, _ := b.page.decodeCell(data[:min(n, len(data))])
		return s
	}
	if len(data) < 1 {
		return ""
	}
	return decodeUnits(nil, data[1:], n, data[0]&1 == 1).string()
}

// units are UTF-16 code units of a text under way.
type units []uint16

func (u units) string() string { return string(utf16.Decode(u)) }

// decodeUnits appends up to n units from data, two bytes or one each.
func decodeUnits(u units, data []byte, n int, wide bool) units {
	if wide {
		for ; n > 0 && len(data) >= 2; n-- {
			u, data = append(u, binary.LittleEndian.Uint16(data)), data[2:]
		}
		return u
	}
	for ; n > 0 && len(data) >= 1; n-- {
		u, data = append(u, uint16(data[0])), data[1:]
	}
	return u
}

// maxStringTable bounds the memory of the shared strings of a .xls file, 16
// bytes each included.
const maxStringTable = 400 << 20

// sharedStrings reads the SST record and the CONTINUE records it spills into.
// A text cut by a record end goes on after a fresh flag byte.
func (b *biffBook) sharedStrings(r biffRecord) (next int, err error) {
	if len(r.data) < 8 {
		return r.next, errBIFF
	}
	count := int(binary.LittleEndian.Uint32(r.data[4:]))
	s := &biffSpill{book: b, data: r.data[8:], next: r.next}
	size := 0
	for i := 0; i < count; i++ {
		text, err := s.text()
		if err != nil {
			if len(s.data) == 0 { // a count too high: what is there was read
				return s.next, nil
			}
			return s.next, err
		}
		if size += len(text) + 16; size > maxStringTable {
			return s.next, because("container.strings-large", "n", maxStringTable>>20)
		}
		b.strings = append(b.strings, text)
	}
	return s.skipRest(), nil
}

// biffSpill reads on from a record into the CONTINUE records after it.
type biffSpill struct {
	book *biffBook
	data []byte // what is left of the record at hand
	next int
}

// spill moves to the following CONTINUE record.
func (s *biffSpill) spill() bool {
	r, ok := s.book.at(s.next)
	if !ok || r.kind != biffContinue {
		return false
	}
	s.data, s.next = r.data, r.next
	return true
}

func (s *biffSpill) skipRest() int {
	for s.spill() {
	}
	return s.next
}

// take returns n bytes of a header, which never spills in the middle.
func (s *biffSpill) take(n int) ([]byte, error) {
	if len(s.data) == 0 && !s.spill() {
		return nil, errBIFF
	}
	if len(s.data) < n {
		return nil, errBIFF
	}
	out := s.data[:n]
	s.data = s.data[n:]
	return out, nil
}

// text reads one shared string: length, flags, characters, then formatting
// runs and phonetics, which are passed over.
func (s *biffSpill) text() (string, error) {
	head, err := s.take(3)
	if err != nil {
		return "", err
	}
	left, flags, skip := int(binary.LittleEndian.Uint16(head)), head[2], 0
	if flags&8 != 0 {
		runs, err := s.take(2)
		if err != nil {
			return "", err
		}
		skip += 4 * int(binary.LittleEndian.Uint16(runs))
	}
	if flags&4 != 0 {
		phonetic, err := s.take(4)
		if err != nil {
			return "", err
		}
		skip += int(binary.LittleEndian.Uint32(phonetic))
	}
	var u units
	for wide := flags&1 == 1; left > 0; {
		before := len(u)
		u = decodeUnits(u, s.data, left, wide)
		got := len(u) - before
		left -= got
		if wide {
			got *= 2
		}
		s.data = s.data[got:]
		if left > 0 {
			if !s.spill() || len(s.data) == 0 {
				return "", errBIFF
			}
			wide, s.data = s.data[0]&1 == 1, s.data[1:]
		}
	}
	for skip > 0 {
		if len(s.data) == 0 && !s.spill() {
			break
		}
		n := min(skip, len(s.data))
		if n == 0 {
			break
		}
		s.data, skip = s.data[n:], skip-n
	}
	return u.string(), nil
}
