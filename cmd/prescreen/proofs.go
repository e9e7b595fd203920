package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// proofs say for which listings a supplier has named the source of the design
// and handed in a proof of origin. nil where the settings name no such file.
type proofs struct {
	design, origin map[string]bool // supplier key, NUL, listing id; an empty id is all of the supplier's
}

var proofColumns = []string{"supplier", "sku", "design_source", "proof_of_origin"}

func newProofs() *proofs { return &proofs{design: map[string]bool{}, origin: map[string]bool{}} }

func (p *proofs) add(w proof) {
	key := supplierKey(strings.TrimSpace(w.Supplier)) + "\x00" + strings.TrimSpace(w.SKU)
	p.design[key] = p.design[key] || strings.TrimSpace(w.Design) != ""
	p.origin[key] = p.origin[key] || strings.TrimSpace(w.Origin) != ""
}

// proofs are those of the settings, or of the CSV that they name: supplier, sku,
// design_source, proof_of_origin. An empty sku speaks for every listing of the supplier, an
// empty cell says that the proof is missing.
func (a *app) proofs() (*proofs, error) {
	written := a.settings.Proofs
	switch {
	case written.list != nil:
		p := newProofs()
		for _, w := range written.list {
			p.add(w)
		}
		return p, nil
	case written.file == "":
		return nil, nil
	}
	path := a.settings.beside(written.file)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read proofs: %w", err)
	}
	defer f.Close()
	return readProofs(path, f)
}

func readProofs(name string, r io.Reader) (*proofs, error) {
	in := csv.NewReader(r)
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read proofs %s: no header row with the columns %s: %w", name, strings.Join(proofColumns, ", "), err)
	}
	at := map[string]int{}
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		if !slices.Contains(proofColumns, h) {
			return nil, fmt.Errorf("%s:1:%d: unknown column %q; the columns are %s", name, i+1, h, strings.Join(proofColumns, ", "))
		}
		at[h] = i
	}
	if len(at) < len(proofColumns) {
		return nil, fmt.Errorf("%s:1:1: the columns are %s", name, strings.Join(proofColumns, ", "))
	}
	p := newProofs()
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read proofs %s: %w", name, err)
		}
		cell := func(column string) string { return row[at[column]] }
		p.add(proof{cell("supplier"), cell("sku"), cell("design_source"), cell("proof_of_origin")})
	}
}

// has tells whether one listing of a supplier is proven in list.
func (p *proofs) has(list map[string]bool, supplier, id string) bool {
	return list[supplier+"\x00"+id] || list[supplier+"\x00"]
}
