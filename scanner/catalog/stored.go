package catalog

import (
	"encoding/binary"
	"errors"

	"prescreen/scanner"
)

// storedField is the index field that keeps a listing as it was exported, so
// that it can be screened again by other rules and shown as it stands. It is
// stored, which Bleve does compressed, and not searched.
const storedField = "listing"

// encode writes supplier, category, marketplace and then role, column and text
// of every cell, each with its length before it. Store and id are in the key.
func (d *document) encode() string {
	n := 64
	for i := range d.Cells {
		n += len(d.Cells[i].Column) + len(d.Cells[i].Text) + 20
	}
	b := make([]byte, 0, n)
	for _, s := range []string{d.Supplier, d.Category, d.Marketplace} {
		b = appendText(b, s)
	}
	for i := range d.Cells {
		c := &d.Cells[i]
		b = appendText(appendText(appendText(b, string(c.Role)), c.Column), c.Text)
	}
	return string(b)
}

// appendListing writes a listing as document.encode does.
func appendListing(b []byte, l *scanner.Listing) []byte {
	for _, s := range [...]string{l.Supplier, l.Category, l.Marketplace} {
		b = appendText(b, s)
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		b = appendText(appendText(appendText(b, string(f.Role)), f.Column), f.Text)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errStored = errors.New("a stored listing cannot be read")

// decodeListing reads what encode wrote. Col and Row of the fields are 0: a
// listing of the catalogue stands in no file.
func decodeListing(key, stored string) (scanner.Listing, error) {
	var l scanner.Listing
	l.Store, l.ID = splitKey(key)
	r := textReader{rest: stored}
	l.Supplier, l.Category, l.Marketplace = r.next(), r.next(), r.next()
	for r.rest != "" && !r.bad {
		l.Fields = append(l.Fields, scanner.Field{Role: scanner.Role(r.next()), Column: r.next(), Text: r.next()})
	}
	if r.bad {
		return l, errStored
	}
	return l, nil
}

// textReader reads texts with their lengths before them.
type textReader struct {
	rest string
	bad  bool
}

// next reads one text, "" when there is none.
func (r *textReader) next() string {
	n := r.uvarint()
	if r.bad || n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}
