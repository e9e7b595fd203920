package main

import (
	"errors"
	"strings"

	"prescreen/scanner/catalog"
)

// papers are what the settings say in a file of its own or, as a list, in
// their own lines.
type papers[T any] struct {
	file string // "" without one
	list []T
}

// UnmarshalYAML reads either; a fault of the list carries its own place.
func (p *papers[T]) UnmarshalYAML(read func(any) error) error {
	if read(&p.file) == nil {
		return nil
	}
	return read(&p.list)
}

// letter is an authorisation in the settings; a supplier of * is every one.
type letter struct {
	Supplier string `yaml:"supplier"`
	Brand    string `yaml:"brand"`
	Scope    string `yaml:"scope"`
	From     string `yaml:"from"`
	Until    string `yaml:"until"`
	Document string `yaml:"document"`
}

func (l *letter) authorisation() catalog.Authorisation {
	supplier := strings.TrimSpace(l.Supplier)
	if supplier == "*" {
		supplier = ""
	}
	return catalog.Authorisation{Supplier: supplier, Brand: strings.TrimSpace(l.Brand), Scope: l.Scope, From: l.From, Until: l.Until, Document: l.Document}
}

// proof is what a supplier handed in for a listing, or for all with an empty sku.
type proof struct {
	Supplier string `yaml:"supplier"`
	SKU      string `yaml:"sku"`
	Design   string `yaml:"design_source"`
	Origin   string `yaml:"proof_of_origin"`
}

// checkPapers checks the authorisations and proofs that stand in the settings.
func (s *settings) checkPapers() *settingFault {
	for i := range s.Authorisations.list {
		l := &s.Authorisations.list[i]
		if strings.TrimSpace(l.Supplier) == "" {
			return fault(errors.New(`no supplier; write "*" for every one`), "authorisations", i)
		}
		given := map[string]string{"brand": l.Brand, "scope": l.Scope, "from": l.From, "until": l.Until}
		a := l.authorisation()
		for _, f := range a.Faults() {
			if given[f.Column] == "" {
				return fault(f.Err, "authorisations", i)
			}
			return fault(f.Err, "authorisations", i, f.Column)
		}
	}
	for i := range s.Proofs.list {
		if strings.TrimSpace(s.Proofs.list[i].Supplier) == "" {
			return fault(errors.New("no supplier"), "proofs", i)
		}
	}
	return nil
}
