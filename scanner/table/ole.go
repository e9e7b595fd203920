package table

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
)

// An OLE2 file is a small file system: sectors chained through a table (FAT),
// a directory of named streams, and short streams packed into a stream of
// their own with smaller sectors. Excel 97-2003 workbooks are such files, and
// so is any workbook saved with a password.
type oleReader struct {
	at       io.ReaderAt
	size     int64
	sector   int64
	fat      []uint32
	mini     []uint32
	miniData []byte
	cutoff   uint32
	streams  map[string]oleStream // by lower-case name
}

type oleStream struct {
	start uint32
	size  int64
}

const (
	oleEnd       = 0xFFFFFFFA // this and above are no sector numbers
	maxOLEStream = 256 << 20
	miniSector   = 64
)

var errOLE = because("container.directory-damaged")

// openOLE tells an encrypted workbook from an old one.
func openOLE(src source, opt containerOptions) (*container, error) {
	o, err := readOLE(src)
	if err != nil {
		return nil, because("container.like-old-excel", "file", src.name, "why", err)
	}
	if _, ok := o.streams["encryptedpackage"]; ok {
		return nil, because("container.password-file", "file", src.name)
	}
	for _, name := range []string{"workbook", "book"} {
		if s, ok := o.streams[name]; ok {
			b, err := o.read(s)
			if err != nil {
				return nil, because("container.old-excel", "file", src.name, "why", err)
			}
			return openBIFF(src.name, b, opt)
		}
	}
	return nil, because("container.old-office", "file", src.name)
}

// readOLE reads the tables and the directory.
func readOLE(src source) (*oleReader, error) {
	if src.at == nil {
		return nil, because("container.inside-zip")
	}
	head := make([]byte, 512)
	if n, err := src.at.ReadAt(head, 0); n < len(head) {
		return nil, because("container.ends-in-header", "why", err)
	}
	u16 := func(i int) uint16 { return binary.LittleEndian.Uint16(head[i:]) }
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(head[i:]) }
	if shift := u16(30); shift != 9 && shift != 12 {
		return nil, errOLE
	}
	o := &oleReader{at: src.at, size: src.size, sector: 1 << u16(30), cutoff: u32(56), streams: map[string]oleStream{}}
	if err := o.readFAT(head); err != nil {
		return nil, err
	}
	dir, err := o.chain(u32(48), maxOLEStream)
	if err != nil {
		return nil, err
	}
	if u32(64) > 0 {
		b, err := o.chain(u32(60), maxOLEStream)
		if err != nil {
			return nil, err
		}
		o.mini = sectorNumbers(b)
	}
	return o, o.readDirectory(dir)
}

// readFAT collects the sectors of the FAT: 109 in the header, more in a chain.
func (o *oleReader) readFAT(head []byte) error {
	limit := int(o.size/o.sector) + 1
	places := sectorNumbers(head[76:])
	next := binary.LittleEndian.Uint32(head[68:])
	for next < oleEnd {
		b, err := o.sectorAt(next)
		if err != nil || len(places) > limit {
			return errOLE
		}
		more := sectorNumbers(b)
		places = append(places, more[:len(more)-1]...)
		next = more[len(more)-1]
	}
	for _, p := range places {
		if p >= oleEnd {
			continue
		}
		b, err := o.sectorAt(p)
		if err != nil {
			return errOLE
		}
		if o.fat = append(o.fat, sectorNumbers(b)...); len(o.fat) > 2*limit+4096 {
			return errOLE
		}
	}
	return nil
}

func sectorNumbers(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

// sectorAt reads one sector; the last one of a file may be cut short.
func (o *oleReader) sectorAt(n uint32) ([]byte, error) {
	b := make([]byte, o.sector)
	got, err := o.at.ReadAt(b, (int64(n)+1)*o.sector)
	if got == 0 {
		return nil, because("container.beyond-end", "why", err)
	}
	return b, nil
}

// chain reads a stream of whole sectors, at most limit bytes.
func (o *oleReader) chain(start uint32, limit int64) ([]byte, error) {
	var out []byte
	for n := start; n < oleEnd; n = o.fat[n] {
		if int64(n) >= int64(len(o.fat)) || int64(len(out)) > o.size {
			return nil, errOLE
		}
		b, err := o.sectorAt(n)
		if err != nil {
			return nil, err
		}
		if out = append(out, b...); int64(len(out)) >= limit {
			break
		}
	}
	return out, nil
}

// readDirectory lists the streams. The root entry holds the short ones.
func (o *oleReader) readDirectory(dir []byte) error {
	for ; len(dir) >= 128; dir = dir[128:] {
		e := dir[:128]
		length := int(binary.LittleEndian.Uint16(e[64:]))
		if length < 2 || length > 64 {
			continue
		}
		name := make([]uint16, length/2-1)
		for i := range name {
			name[i] = binary.LittleEndian.Uint16(e[2*i:])
		}
		s := oleStream{start: binary.LittleEndian.Uint32(e[116:]), size: int64(binary.LittleEndian.Uint32(e[120:]))}
		switch e[66] {
		case 5:
			b, err := o.chain(s.start, maxOLEStream)
			if err != nil {
				return err
			}
			o.miniData = b
		case 2:
			o.streams[strings.ToLower(string(utf16.Decode(name)))] = s
		}
	}
	return nil
}

// read returns the bytes of a stream.
func (o *oleReader) read(s oleStream) ([]byte, error) {
	if s.size > maxOLEStream {
		return nil, because("container.ole-large", "n", maxOLEStream>>20)
	}
	var out []byte
	if s.size >= int64(o.cutoff) {
		b, err := o.chain(s.start, s.size)
		if err != nil {
			return nil, err
		}
		out = b
	} else {
		for n := s.start; n < oleEnd && int64(len(out)) < s.size; n = o.mini[n] {
			if int(n) >= len(o.mini) || (int(n)+1)*miniSector > len(o.miniData) {
				return nil, errOLE
			}
			out = append(out, o.miniData[int(n)*miniSector:(int(n)+1)*miniSector]...)
		}
	}
	return out[:min(int64(len(out)), s.size)], nil
}
