package catalog

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"prescreen/scanner"
)

// ContentHash hashes all of a listing that decides its findings: every field's
// role, column and text in order, and category, supplier and marketplace. Rows
// and file name are left out, because a row inserted above changes nothing.
func ContentHash(l *scanner.Listing) [32]byte {
	h := sha256.New()
	hashStrings(h, l.Store, l.ID, l.Category, l.Supplier, l.Marketplace)
	for i := range l.Fields {
		f := &l.Fields[i]
		hashStrings(h, string(f.Role), f.Column, f.Text)
	}
	return [32]byte(h.Sum(nil))
}

// hashStrings writes each string with its length before it, so that no two
// different lists give the same bytes.
func hashStrings(h hash.Hash, list ...string) {
	var n [8]byte
	for _, s := range list {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
}

// reusable tells whether the ledger can give back all that screening said:
// notes are not stored.
func reusable(r *scanner.Result) bool { return len(r.Notes) == 0 }
