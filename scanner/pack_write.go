package scanner

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"

	"prescreen/rules"
	"prescreen/scanner/match"
)

// PackOptions say how a pack is written; the zero value makes one without a name.
type PackOptions struct {
	Name    string
	Version string
}

// PackReport counts what WritePack did.
type PackReport struct {
	Marks    int   // written
	Replaced int   // earlier entries of the same register and number
	Dead     int   // of Marks: kept for comparison, not looked for
	Phrases  int   // distinct texts looked for
	Unusable int   // texts that cannot be looked for: no letter, more than 32 words
	Bytes    int64 // of the pack
}

// WritePack compiles marks into a pack on w. Of several entries of one
// register and number the last one counts; entries without a number are all
// kept. An error among marks ends the work. Memory: about 200 bytes per mark.
func WritePack(w io.Writer, marks iter.Seq2[rules.Mark, error], opt PackOptions) (PackReport, error) {
	b := newPackBuilder(opt)
	for m, err := range marks {
		if err == nil {
			err = b.add(&m)
		}
		if err != nil {
			return b.report, fmt.Errorf("write pack: %w", err)
		}
	}
	b.sort()
	if err := b.phrases(); err != nil {
		return b.report, fmt.Errorf("write pack: %w", err)
	}
	err := b.write(w)
	return b.report, err
}

// packMark is a mark under construction: its record, and what it is sorted by.
type packMark struct {
	order  uint64 // register, then the first bytes of the number
	serial uint32 // in order of arrival
	record [markSize / 4]uint32
}

// fields of a record, in units of 4 bytes
const (
	textField = iota
	applicationField
	registrationField
	ownerField
	goodsField
	aliasField
	filedField
	registeredField
	classField // and the one after it
	_
	flagField
	registerField
)

// packBuilder gathers a pack. All texts go to one arena, so that millions of
// marks are a handful of allocations.
type packBuilder struct {
	opt     PackOptions
	report  PackReport
	marks   []packMark
	strings []byte
	shared  []uint32 // offsets of texts that occur often, by hash; 0 free
	used    int
	table   phraseTable
}

var errPackFull = errors.New("the texts of the marks exceed 4 GB")

func newPackBuilder(opt PackOptions) *packBuilder {
	return &packBuilder{opt: opt, strings: []byte{0}, shared: make([]uint32, 1024)}
}

// add takes one mark.
func (b *packBuilder) add(m *rules.Mark) error {
	if len(b.strings) > math.MaxUint32-1<<20 || len(b.marks) == math.MaxInt32 {
		return errPackFull
	}
	var classes classSet
	for _, c := range m.Classes {
		if c >= 1 && c <= 45 {
			classes |= 1 << c
		}
	}
	p := packMark{serial: uint32(len(b.marks))}
	p.record = [markSize / 4]uint32{
		textField: b.text(m.Text), applicationField: b.text(m.Application), registrationField: b.text(m.Registration),
		ownerField: b.share(m.Owner), goodsField: b.share(m.Goods), aliasField: b.texts(m.Aliases),
		filedField: dateNumber(m.Filed), registeredField: dateNumber(m.Registered),
		classField: uint32(classes), classField + 1: uint32(classes >> 32),
		flagField: uint32(max(0, slices.Index(statuses[:], m.Status))) | uint32(m.Drawing)<<2, registerField: b.share(m.Register),
	}
	number := m.Application
	if number == "" {
		number = m.Text
	}
	p.order = orderOf([]byte(m.Register), []byte(number))
	b.marks = append(b.marks, p)
	return nil
}

// orderOf packs the beginning of the register's name and of the number (the
// text where there is none); ties are settled by the texts themselves.
func orderOf(register, number []byte) uint64 {
	var k [8]byte
	copy(k[:1], register)
	copy(k[1:], number)
	return binary.BigEndian.Uint64(k[:])
}

// text appends s to the arena and returns its offset; the empty text is at 0.
func (b *packBuilder) text(s string) uint32 {
	if s == "" {
		return 0
	}
	at := uint32(len(b.strings))
	b.strings = binary.AppendUvarint(b.strings, uint64(len(s)))
	b.strings = append(b.strings, s...)
	return at
}

// texts appends a list of texts as one.
func (b *packBuilder) texts(list []string) uint32 {
	var packed []byte
	for _, s := range list {
		packed = binary.AppendUvarint(packed, uint64(len(s)))
		packed = append(packed, s...)
	}
	return b.text(string(packed))
}

// at returns the text at offset as bytes of the arena.
func (b *packBuilder) at(offset uint32) []byte {
	n, k := binary.Uvarint(b.strings[offset:])
	return b.strings[int(offset)+k : int(offset)+k+int(n)]
}

// share is text for what many marks have in common: it is stored once.
func (b *packBuilder) share(s string) uint32 {
	if s == "" {
		return 0
	}
	if 2*(b.used+1) > len(b.shared) {
		old := b.shared
		b.shared = make([]uint32, 2*len(old))
		for _, at := range old {
			if at != 0 {
				b.shared[b.slot(string(b.at(at)))] = at
			}
		}
	}
	i := b.slot(s)
	if b.shared[i] == 0 {
		b.shared[i] = b.text(s)
		b.used++
	}
	return b.shared[i]
}

// slot finds where s is shared, or would be.
func (b *packBuilder) slot(s string) int {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	mask := len(b.shared) - 1
	i := int(h^h>>32) & mask
	for b.shared[i] != 0 && string(b.at(b.shared[i])) != s {
		i = (i + 1) & mask
	}
	return i
}

// dateNumber makes 20240131 of 2024-01-31, 0 of anything else.
func dateNumber(date string) uint32 {
	if len(date) != 10 || date[4] != '-' || date[7] != '-' {
		return 0
	}
	n, err := strconv.ParseUint(date[:4]+date[5:7]+date[8:], 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// compare orders two marks by register and number, then by arrival.
func (b *packBuilder) compare(x, y *packMark) int {
	if x.order != y.order {
		return cmp.Compare(x.order, y.order)
	}
	return cmp.Or(b.compareKeys(x, y), cmp.Compare(x.serial, y.serial))
}

// compareKeys compares register and number, or text where there is no number.
func (b *packBuilder) compareKeys(x, y *packMark) int {
	for _, field := range [][2]int{{registerField, registerField}, {applicationField, applicationField}} {
		s, t := b.at(x.record[field[0]]), b.at(y.record[field[1]])
		if c := slices.Compare(s, t); c != 0 {
			return c
		}
	}
	if x.record[applicationField] != 0 {
		return 0
	}
	return slices.Compare(b.at(x.record[textField]), b.at(y.record[textField]))
}

// sort brings the marks into their order and drops replaced entries.
func (b *packBuilder) sort() {
	slices.SortFunc(b.marks, func(x, y packMark) int { return b.compare(&x, &y) })
	out := b.marks[:0]
	for i := range b.marks {
		m := &b.marks[i]
		if n := len(out); n > 0 && m.record[applicationField] != 0 && b.compareKeys(&out[n-1], m) == 0 {
			out[n-1] = *m
			b.report.Replaced++
			continue
		}
		out = append(out, *m)
	}
	b.marks = out
	b.report.Marks = len(out)
}

// write writes header and sections.
func (b *packBuilder) write(w io.Writer) error {
	slots, seed := b.table.builder.Slots()
	hint := match.RegisterHint(slots)
	about := append(append([]byte(b.opt.Name), 0), b.opt.Version...)
	parts := [sections]func(io.Writer) error{
		slotSection:    func(w io.Writer) error { _, err := w.Write(slots); return err },
		hintSection:    func(w io.Writer) error { _, err := w.Write(hint); return err },
		phraseSection:  b.table.writePhrases,
		gateSection:    b.table.writeGates,
		postingSection: b.table.writePostings,
		markSection:    b.writeMarks,
		stringSection:  func(w io.Writer) error { _, err := w.Write(b.strings); return err },
		aboutSection:   func(w io.Writer) error { _, err := w.Write(about); return err },
	}
	sizes := [sections]int{len(slots), len(hint), (b.report.Phrases + 1) * phraseSize, b.report.Phrases * gateSize, len(b.table.next) * postingSize,
		len(b.marks) * markSize, len(b.strings), len(about)}
	sums := &packSums{whole: sha256.New(), tables: true}
	buffer := bufio.NewWriterSize(sums, 1<<18)
	for i, part := range parts {
		if i == postingSection+1 {
			buffer.Flush()
			sums.tables = false
		}
		if err := part(buffer); err != nil {
			return fmt.Errorf("write pack: %w", err)
		}
	}
	buffer.Flush()
	out := bufio.NewWriterSize(w, 1<<18)
	header := b.header(seed, sizes, sums)
	if _, err := out.Write(header); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	for _, part := range parts {
		if err := part(out); err != nil {
			return fmt.Errorf("write pack: %w", err)
		}
	}
	b.report.Bytes = int64(binary.LittleEndian.Uint64(header[atLength:]))
	return out.Flush()
}

// header makes the header of a pack of sections of the given sizes.
func (b *packBuilder) header(seed uint64, sizes [sections]int, sums *packSums) []byte {
	h := make([]byte, headerSize)
	le := binary.LittleEndian
	copy(h, packMagic)
	le.PutUint32(h[atVersion:], packVersion)
	le.PutUint64(h[atFingerprint:], keyFingerprint())
	le.PutUint64(h[atSeed:], seed)
	le.PutUint64(h[atMarks:], uint64(len(b.marks)))
	le.PutUint64(h[atPhrases:], uint64(b.report.Phrases))
	end := headerSize
	for i, size := range sizes {
		le.PutUint64(h[atSections+16*i:], uint64(end))
		le.PutUint64(h[atSections+16*i+8:], uint64(size))
		end += size
	}
	le.PutUint64(h[atLength:], uint64(end))
	le.PutUint32(h[atTables:], sums.sum)
	copy(h[atSHA256:], sums.whole.Sum(nil))
	le.PutUint32(h[atHeaderSum:], crc32.Checksum(h[:atHeaderSum], castagnoli))
	return h
}

// writeMarks writes the marks' records.
func (b *packBuilder) writeMarks(w io.Writer) error {
	var buf [markSize]byte
	for i := range b.marks {
		for k, v := range b.marks[i].record {
			binary.LittleEndian.PutUint32(buf[4*k:], v)
		}
		if _, err := w.Write(buf[:]); err != nil {
			return err
		}
	}
	return nil
}
