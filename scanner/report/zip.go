package report

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"sort"
	"time"
)

// pkg writes the workbook's ZIP with its parts in one fixed order and all
// dated to the day of the run. excelize hands the sheets over in the order of
// a map and without dates, so each part is compressed as it comes and laid
// down at the end.
type pkg struct {
	w     io.Writer
	day   time.Time
	parts []*part
	last  *part
}

// compression trades a fifth more bytes for two fifths less time.
const compression = 4

type part struct {
	name string
	data bytes.Buffer // compressed
	sum  hash.Hash32
	size uint64
	comp *flate.Writer
}

func newPackage(w io.Writer, day time.Time) *pkg { return &pkg{w: w, day: day} }

// Write compresses a piece of the part.
func (p *part) Write(b []byte) (int, error) {
	p.size += uint64(len(b))
	_, _ = p.sum.Write(b) // a hash never fails
	return p.comp.Write(b)
}

// Create starts the part name and ends the one before it.
func (z *pkg) Create(name string) (io.Writer, error) {
	if err := z.endPart(); err != nil {
		return nil, err
	}
	p := &part{name: name, sum: crc32.NewIEEE()}
	comp, err := flate.NewWriter(&p.data, compression)
	if err != nil {
		return nil, err
	}
	p.comp = comp
	z.parts, z.last = append(z.parts, p), p
	return p, nil
}

func (z *pkg) endPart() error {
	if z.last == nil {
		return nil
	}
	err := z.last.comp.Close()
	z.last.comp, z.last = nil, nil
	return err
}

// AddFS is part of excelize's interface and never called for a new workbook.
func (z *pkg) AddFS(fs.FS) error { return errors.New("add files to workbook: not supported") }

// Close lays the parts down, the content types first as readers expect.
func (z *pkg) Close() error {
	if err := z.endPart(); err != nil {
		return err
	}
	const first = "[Content_Types].xml"
	sort.Slice(z.parts, func(i, j int) bool {
		a, b := z.parts[i].name, z.parts[j].name
		if (a == first) != (b == first) {
			return a == first
		}
		return a < b
	})
	zw := zip.NewWriter(z.w)
	for _, p := range z.parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate, CRC32: p.sum.Sum32(),
			CompressedSize64: uint64(p.data.Len()), UncompressedSize64: p.size}
		h.ModifiedDate, h.ModifiedTime = dosDate(z.day), 0
		w, err := zw.CreateRaw(h)
		if err != nil {
			return err
		}
		if _, err = p.data.WriteTo(w); err != nil {
			return err
		}
	}
	return zw.Close()
}

// dosDate packs a day the way ZIP does.
func dosDate(t time.Time) uint16 {
	return uint16(t.Day() | int(t.Month())<<5 | (t.Year()-1980)<<9)
}
