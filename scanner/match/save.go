package match

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unsafe"
)

// A saved machine is its tables as they lie in memory, one after another, each
// with its length before it and padded to eight bytes, behind a header:
//
//	"prescmat" | version, word size, sizes of the records | length | CRC-32C
//
// It is a cache for the machine that wrote it, not a format to exchange: the
// byte order and the layout of records are those of the program. The checksum
// tells a damaged file; a caller names the file by everything the tables
// depend on.

const (
	savedMagic   = "prescmat"
	savedVersion = 2
	savedHeader  = 32
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// layout is a number that differs where records lie differently.
func layout() uint64 {
	return savedVersion<<48 | uint64(unsafe.Sizeof(uintptr(0)))<<40 | uint64(unsafe.Sizeof(wordInfo{}))<<32 |
		uint64(unsafe.Sizeof(accept{}))<<24 | uint64(unsafe.Sizeof(edge{}))<<16 | uint64(unsafe.Sizeof(node{}))<<8 | uint64(unsafe.Sizeof(slot{}))
}

// tables visits every table of a machine in the order of the file.
func (m *Machine) tables(c codec) {
	bytesOf(c, &m.letters)
	bytesOf(c, &m.lone)
	m.vocab.table(c)
	bytesOf(c, &m.words)
	bytesOf(c, &m.nodes)
	bytesOf(c, &m.accepts)
	bytesOf(c, &m.edges.slots)
	for _, g := range []*groups{&m.reduced, &m.squeezed, &m.stems, &m.masks} {
		g.keys.table(c)
		bytesOf(c, &g.heads)
		bytesOf(c, &g.links)
	}
	for _, a := range []*affixes{&m.whole, &m.heads, &m.tails, &m.wholes, &m.quads} {
		bytesOf(c, &a.bits)
	}
	class, lengths := m.class[:], m.near.lengths[:]
	bytesOf(c, &class)
	bytesOf(c, &lengths)
	copy(m.class[:], class)
	copy(m.near.lengths[:], lengths)
}

func (v *vocabulary) table(c codec) {
	bytesOf(c, &v.arena)
	bytesOf(c, &v.ends)
	bytesOf(c, &v.slots)
}

// codec writes tables, or points them into a mapped file.
type codec interface {
	// table hands over the bytes of n records of the given size, or returns them.
	table(data []byte, n, size int) ([]byte, int)
}

func bytesOf[T any](c codec, s *[]T) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	var data []byte
	if len(*s) > 0 {
		data = unsafe.Slice((*byte)(unsafe.Pointer(&(*s)[0])), len(*s)*size)
	}
	data, n := c.table(data, len(*s), size)
	if n == 0 {
		*s = nil
		return
	}
	*s = unsafe.Slice((*T)(unsafe.Pointer(&data[0])), n)
}

// saver collects the bytes of a machine.
type saver struct{ out []byte }

func (s *saver) table(data []byte, n, _ int) ([]byte, int) {
	s.out = binary.LittleEndian.AppendUint64(s.out, uint64(n))
	s.out = append(s.out, data...)
	for len(s.out)%8 != 0 {
		s.out = append(s.out, 0)
	}
	return data, n
}

// Save writes the tables for Load.
func (m *Machine) Save(w io.Writer) error {
	s := &saver{out: make([]byte, savedHeader, 8<<20)}
	m.tables(s)
	copy(s.out, savedMagic)
	binary.LittleEndian.PutUint64(s.out[8:], layout())
	binary.LittleEndian.PutUint64(s.out[16:], uint64(len(s.out)))
	binary.LittleEndian.PutUint64(s.out[24:], uint64(crc32.Checksum(s.out[savedHeader:], castagnoli)))
	_, err := w.Write(s.out)
	return err
}

// loader hands out pieces of a file.
type loader struct {
	data []byte
	err  error
}

func (l *loader) table(_ []byte, _, size int) ([]byte, int) {
	if l.err != nil {
		return nil, 0
	}
	if len(l.data) < 8 {
		l.err = errors.New("load tables: cut short")
		return nil, 0
	}
	n := binary.LittleEndian.Uint64(l.data)
	l.data = l.data[8:]
	if n > uint64(len(l.data)/size) {
		l.err = errors.New("load tables: a table is longer than the file")
		return nil, 0
	}
	data := l.data[:int(n)*size]
	l.data = l.data[min(len(l.data), (len(data)+7)&^7):]
	return data, int(n)
}

// Load returns the machine that Save wrote, its tables lying in data, which
// must stay as it is while the machine is used and be aligned to eight bytes,
// as a mapped file is. The patterns (their tokens may be left out) and options
// must be those of the saved machine; that is for the caller to know. Damaged
// data, or data of another program, is an error.
func Load(data []byte, patterns []Pattern, opt Options) (*Machine, error) {
	switch {
	case len(data) < savedHeader || string(data[:8]) != savedMagic || binary.LittleEndian.Uint64(data[8:]) != layout():
		return nil, errors.New("load tables: not the tables of this program")
	case binary.LittleEndian.Uint64(data[16:]) != uint64(len(data)):
		return nil, errors.New("load tables: cut short")
	case uintptr(unsafe.Pointer(&data[0]))%8 != 0:
		return nil, errors.New("load tables: not aligned")
	case binary.LittleEndian.Uint64(data[24:]) != uint64(crc32.Checksum(data[savedHeader:], castagnoli)):
		return nil, errors.New("load tables: damaged")
	}
	m := &Machine{opt: opt, patterns: patterns}
	m.opt.complete()
	l := &loader{data: data[savedHeader:]}
	m.tables(l)
	if l.err != nil {
		return nil, l.err
	}
	if len(m.letters) != len(patterns) || len(m.lone) != len(patterns) {
		return nil, fmt.Errorf("load tables: made for %d patterns, not %d", len(m.letters), len(patterns))
	}
	return m, nil
}
