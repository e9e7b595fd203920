package scanner

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"sync"

	"prescreen/rules"
	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// A pack is a register compiled into one file that is used
// where it lies: mapped, not read, so that a million marks are ready within
// milliseconds and cost the memory of the pages touched. Everything is little
// endian and addressed by offsets; no pointers, no alignment, no unsafe code.
//
//	header    256 bytes: magic, version, counts, where the sections lie, sums
//	slots     8 bytes each: the hash table of the phrases (match.RegisterTable)
//	hint      one bit for each of its nodes, so that most words need no look at it
//	phrases   8 bytes each: offset of the text, number of its first posting
//	gates     8 bytes each: classes and flags, so that a gate is a few bit tests
//	postings  4 bytes each: marks by phrase
//	marks    48 bytes each: offsets of the texts, dates, classes; by register and number
//	strings   length and bytes of every text, each owner once
//	about     name and version of the pack
//
// Opening checks the header's own sum, every length, and the sum of the parts
// that decide what is found (slots to postings). The facts of a mark (marks and
// strings) are read when a mention needs them and are bounded again then; Verify
// checks the SHA-256 of it all.
//
// While screening, facts are read from the file and not through the mapping:
// the system maps what lies around every byte touched as well, so that some
// thousand names would make all of a pack resident. At 5 million marks that is
// 165 MB instead of 574.

const (
	packMagic   = "prescreen-pack\r\n" // shows text-mode transfers
	packVersion = 2

	mostPackPhrases = 1 << 27 // what registerRule has bits for; the table holds no more either
	headerSize      = 256
	markSize        = 48
	phraseSize      = 8
	gateSize        = 8
	postingSize     = 4
)

// The sections, in file order.
const (
	slotSection = iota
	hintSection
	phraseSection
	gateSection
	postingSection
	markSection
	stringSection
	aboutSection
	sections
)

// Fields of the header, as offsets.
const (
	atVersion     = 16
	atFingerprint = 24
	atSeed        = 32
	atMarks       = 40
	atPhrases     = 48
	atLength      = 56
	atSections    = 64 // offset and length of each
	atTables      = atSections + 16*sections
	atSHA256      = atTables + 8
	atHeaderSum   = headerSize - 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Errors of a file that is no usable pack.
var (
	ErrNotPack     = errors.New("it is no compiled pack")
	ErrPackDamaged = errors.New("it is damaged or cut short")
	ErrPackStale   = errors.New("it was compiled by another version: compile it again")
)

// Pack is an open compiled pack. It is immutable and safe for concurrent use
// until Close.
type Pack struct {
	data    []byte
	facts   io.ReaderAt // where single facts are read from: the file, or data
	release func() error
	section [sections][]byte
	table   match.RegisterTable
	marks   uint32
	phrases uint32
	info    PackInfo
}

// OpenPack maps the pack at path, or reads it where files cannot be mapped. The
// error says whether it is no pack, a damaged one (ErrPackDamaged) or one made
// by another version (ErrPackStale). Close it when no Scanner uses it any more.
func OpenPack(path string) (*Pack, error) {
	data, file, release, err := mapWithFile(path)
	if err != nil {
		return nil, fmt.Errorf("open pack: %w", err)
	}
	p, err := ReadPack(data)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open pack %s: %w", path, err), release())
	}
	p.release = release
	if file != nil {
		p.facts = file
	}
	return p, nil
}

// ReadPack opens a pack held in data, which must not change while it is used.
func ReadPack(data []byte) (*Pack, error) {
	p := &Pack{data: data, facts: bytes.NewReader(data), release: func() error { return nil }}
	if err := p.readHeader(); err != nil {
		return nil, err
	}
	if err := p.checkTables(); err != nil {
		return nil, err
	}
	p.table = match.OpenRegister(p.section[slotSection], p.section[hintSection], binary.LittleEndian.Uint64(data[atSeed:]))
	return p, p.readAbout()
}

// Close gives the mapping back. The pack, and every Scanner that has it, must
// not be used afterwards.
func (p *Pack) Close() error {
	release := p.release
	p.release = func() error { return nil }
	return release()
}

// readHeader checks the header and finds the sections.
func (p *Pack) readHeader() error {
	h := p.data
	if len(h) < len(packMagic) || string(h[:len(packMagic)]) != packMagic {
		return ErrNotPack
	}
	if len(h) < headerSize || crc32.Checksum(h[:atHeaderSum], castagnoli) != binary.LittleEndian.Uint32(h[atHeaderSum:]) {
		return ErrPackDamaged
	}
	if binary.LittleEndian.Uint32(h[atVersion:]) != packVersion || binary.LittleEndian.Uint64(h[atFingerprint:]) != keyFingerprint() {
		return ErrPackStale
	}
	if binary.LittleEndian.Uint64(h[atLength:]) != uint64(len(h)) {
		return ErrPackDamaged
	}
	end := uint64(headerSize)
	for i := range p.section {
		start, size := binary.LittleEndian.Uint64(h[atSections+16*i:]), binary.LittleEndian.Uint64(h[atSections+16*i+8:])
		if start != end || size > uint64(len(h))-start {
			return ErrPackDamaged
		}
		end = start + size
		p.section[i] = h[start:end:end]
	}
	if end != uint64(len(h)) {
		return ErrPackDamaged
	}
	return p.readCounts()
}

// readCounts checks that the sections are as long as their counts say.
func (p *Pack) readCounts() error {
	marks, phrases := binary.LittleEndian.Uint64(p.data[atMarks:]), binary.LittleEndian.Uint64(p.data[atPhrases:])
	for section, want := range map[int]uint64{
		phraseSection: (phrases + 1) * phraseSize, gateSection: phrases * gateSize, markSection: marks * markSize,
	} {
		if uint64(len(p.section[section])) != want || marks > 1<<31 || phrases > mostPackPhrases {
			return ErrPackDamaged
		}
	}
	p.marks, p.phrases = uint32(marks), uint32(phrases)
	return nil
}

// checkTables compares the sum of the parts that decide what is found.
func (p *Pack) checkTables() error {
	var sum uint32
	for i := slotSection; i <= postingSection; i++ {
		sum = crc32.Update(sum, castagnoli, p.section[i])
	}
	if sum != binary.LittleEndian.Uint32(p.data[atTables:]) {
		return ErrPackDamaged
	}
	return nil
}

// readAbout reads name, version and content hash.
func (p *Pack) readAbout() error {
	name, version, ok := bytes.Cut(p.section[aboutSection], []byte{0})
	if !ok {
		return ErrPackDamaged
	}
	p.info = PackInfo{Name: string(name), Version: string(version), SHA256: hex.EncodeToString(p.data[atSHA256 : atSHA256+sha256.Size]), Rules: int(p.marks)}
	return nil
}

// Verify compares the SHA-256 of the whole content with the header's: it reads
// every byte. The error is ErrPackDamaged.
func (p *Pack) Verify() error {
	sum := sha256.Sum256(p.data[headerSize:])
	if !bytes.Equal(sum[:], p.data[atSHA256:atSHA256+sha256.Size]) {
		return ErrPackDamaged
	}
	return nil
}

// Info names the pack for reports; Rules counts its marks.
func (p *Pack) Info() PackInfo { return p.info }

// Marks yields every mark, dead ones too, by register and number.
func (p *Pack) Marks() iter.Seq[rules.Mark] {
	return func(yield func(rules.Mark) bool) {
		all := bytes.NewReader(p.data)
		for i := range p.marks {
			if !yield(p.markFrom(all, i)) {
				return
			}
		}
	}
}

// WriteTo writes the pack as it is.
func (p *Pack) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(p.data)
	return int64(n), err
}

// text reads the string at offset; a damaged one is empty.
func (p *Pack) text(from io.ReaderAt, offset uint32) string {
	if offset == 0 {
		return ""
	}
	size := len(p.section[stringSection])
	var buf [64]byte
	head := p.read(from, buf[:], stringSection, int(offset))
	n, k := binary.Uvarint(head)
	if k <= 0 || n > uint64(max(0, size-int(offset)-k)) {
		return ""
	}
	if k+int(n) <= len(head) {
		return string(head[k : k+int(n)])
	}
	return string(p.read(from, make([]byte, n), stringSection, int(offset)+k))
}

// read fills to with the bytes at offset of a section, fewer at its end. What
// the file does not give (a fault of the disk) the mapping has to.
func (p *Pack) read(from io.ReaderAt, to []byte, section, offset int) []byte {
	all := p.section[section]
	if offset >= len(all) {
		return nil
	}
	to = to[:min(len(to), len(all)-offset)]
	start := int64(binary.LittleEndian.Uint64(p.data[atSections+16*section:]))
	if n, err := from.ReadAt(to, start+int64(offset)); n < len(to) && err != nil {
		copy(to, all[offset:])
	}
	return to
}

// texts reads a list of strings at offset.
func (p *Pack) texts(from io.ReaderAt, offset uint32) []string {
	packed := p.text(from, offset)
	var out []string
	for len(packed) > 0 {
		n, k := binary.Uvarint([]byte(packed[:min(len(packed), binary.MaxVarintLen64)]))
		if k <= 0 || n > uint64(len(packed)-k) {
			break
		}
		out = append(out, packed[k:k+int(n)])
		packed = packed[k+int(n):]
	}
	return out
}

// statuses by their number in a mark.
var statuses = [...]string{"", "live", "pending", "dead"}

// mark reads mark i, which must be below p.marks.
func (p *Pack) mark(i uint32) rules.Mark { return p.markFrom(p.facts, i) }

// markFrom is mark with the bytes of from.
func (p *Pack) markFrom(from io.ReaderAt, i uint32) rules.Mark {
	var b [markSize]byte
	p.read(from, b[:], markSection, int(i)*markSize)
	at := func(k int) uint32 { return binary.LittleEndian.Uint32(b[4*k:]) }
	text := func(k int) string { return p.text(from, at(k)) }
	flags := at(flagField)
	return rules.Mark{
		Text: text(textField), Application: text(applicationField), Registration: text(registrationField), Owner: text(ownerField), Goods: text(goodsField),
		Aliases: p.texts(from, at(aliasField)), Filed: dateOf(at(filedField)), Registered: dateOf(at(registeredField)),
		Classes: classSet(binary.LittleEndian.Uint64(b[4*classField:])).list(),
		Status:  statuses[flags&3], Drawing: rules.Drawing(flags >> 2 & 7), Register: text(registerField),
	}
}

// standing reads classes and status of mark i alone.
func (p *Pack) standing(i uint32) (classes []int, status string) {
	var b [markSize]byte
	p.read(p.facts, b[:], markSection, int(i)*markSize)
	return classSet(binary.LittleEndian.Uint64(b[4*classField:])).list(), statuses[binary.LittleEndian.Uint32(b[4*flagField:])&3]
}

// list gives the classes in order, nil when there are none.
func (c classSet) list() []int {
	var out []int
	for n := 1; n <= 45; n++ {
		if c.has(n) {
			out = append(out, n)
		}
	}
	return out
}

// dateOf undoes dateNumber.
func dateOf(n uint32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", n/10000, n/100%100, n%100)
}

// phraseText is the text that phrase id was made from.
func (p *Pack) phraseText(id uint32) string {
	return p.text(p.facts, binary.LittleEndian.Uint32(p.section[phraseSection][int(id)*phraseSize:]))
}

// gate is the gate of phrase id, zero (never let through) when there is none.
func (p *Pack) gate(id uint32) gate {
	if id >= p.phrases {
		return 0
	}
	return gate(binary.LittleEndian.Uint64(p.section[gateSection][int(id)*gateSize:]))
}

// postings yields the marks that phrase id belongs to.
func (p *Pack) postings(id uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		at := p.section[phraseSection][int(id)*phraseSize:]
		all := p.section[postingSection]
		for k := binary.LittleEndian.Uint32(at[4:]); k < binary.LittleEndian.Uint32(at[phraseSize+4:]); k++ {
			if uint64(k)*postingSize+postingSize > uint64(len(all)) {
				return
			}
			if i := binary.LittleEndian.Uint32(all[uint64(k)*postingSize:]); i < p.marks && !yield(i) {
				return
			}
		}
	}
}

// countPostings is how many marks phrase id belongs to.
func (p *Pack) countPostings(id uint32) int {
	at := p.section[phraseSection][int(id)*phraseSize:]
	first, end := binary.LittleEndian.Uint32(at[4:]), binary.LittleEndian.Uint32(at[phraseSize+4:])
	return int(max(first, end) - first)
}

// keyFingerprint is what the keys of this build sum up to.
var keyFingerprint = sync.OnceValue(func() uint64 {
	return match.NewRegisterKeys(fold.Keys, 0).Fingerprint()
})
