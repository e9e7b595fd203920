package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// registerDiff is what two editions of a register differ in.
type registerDiff struct {
	born, died []rules.Mark // in force or applied for in one edition only
	same       int
}

// rulesDiff names what is newly alive and what is no longer, and which
// listings of the catalogue mention the new marks.
func (a *app) rulesDiff(older, newer string, limit int, withCatalog bool) error {
	d, err := comparePacks(older, newer)
	if err != nil {
		return err
	}
	var cat *catalog.Catalog
	if withCatalog {
		if cat, err = catalog.Open(a.catalogDir(), catalog.Options{ReadOnly: true}); err != nil {
			return err
		}
		defer cat.Close()
	}
	for _, m := range limited(d.born, limit) {
		a.ui.line(a.diffLine("register.diff.new", &m))
		if err := a.touched(cat, &m); err != nil {
			return err
		}
	}
	for _, m := range limited(d.died, limit) {
		a.ui.line(a.diffLine("register.diff.died", &m))
	}
	a.ui.line(a.ui.say("register.diff.count", "new", len(d.born), "died", len(d.died), "same", d.same))
	return nil
}

func limited(list []rules.Mark, n int) []rules.Mark {
	if n < 0 {
		return list
	}
	return list[:min(n, len(list))]
}

// comparePacks compares two packs by register and number.
func comparePacks(older, newer string) (d registerDiff, err error) {
	before, err := scanner.OpenPack(older)
	if err != nil {
		return d, err
	}
	defer before.Close()
	after, err := scanner.OpenPack(newer)
	if err != nil {
		return d, err
	}
	defer after.Close()
	for i, p := range []*scanner.Pack{before, after} {
		if err := p.Verify(); err != nil {
			return d, fmt.Errorf("open pack %s: %w", []string{older, newer}[i], err)
		}
	}
	d.compare(before, after)
	return d, nil
}

// compare keeps a hash of every entry that is alive in one pack, so that two
// packs of five million marks take some hundred megabytes.
func (d *registerDiff) compare(before, after *scanner.Pack) {
	seed := maphash.MakeSeed()
	key := func(m *rules.Mark) uint64 {
		name := m.Application
		if name == "" {
			name = m.Text
		}
		return maphash.String(seed, m.Register+"\x00"+name)
	}
	alive := map[uint64]bool{}
	for m := range before.Marks() {
		if m.Status != "dead" {
			alive[key(&m)] = false
		}
	}
	for m := range after.Marks() {
		if m.Status == "dead" {
			continue
		}
		if _, was := alive[key(&m)]; was {
			alive[key(&m)] = true
			d.same++
			continue
		}
		d.born = append(d.born, m)
	}
	for m := range before.Marks() {
		if m.Status != "dead" && !alive[key(&m)] {
			d.died = append(d.died, m)
		}
	}
}

// diffLine is the line of one mark.
func (a *app) diffLine(id string, m *rules.Mark) string {
	classes := make([]string, len(m.Classes))
	for i, c := range m.Classes {
		classes[i] = strconv.Itoa(c)
	}
	status := firstOf(m.Status, "unknown")
	return a.ui.say(id, "number", plain(firstOf(m.Number(), "-")), "mark", plain(m.Text), "status", a.ui.say("register.status."+status),
		"classes", firstOf(strings.Join(classes, ", "), "-"), "owner", plain(firstOf(m.Owner, "-")))
}

// mostTouched is how many listings are named for one mark.
const mostTouched = 5

// touched names the listings of the catalogue that mention a mark.
func (a *app) touched(cat *catalog.Catalog, m *rules.Mark) error {
	words := strings.NewReplacer(`"`, " ", `\`, " ").Replace(m.Text)
	if cat == nil || strings.TrimSpace(words) == "" {
		return nil
	}
	hits, err := cat.Search(`"`+words+`"`, catalog.SearchOptions{Literal: true, Size: mostTouched, Facet: -1})
	var bad *catalog.QueryError
	if errors.As(err, &bad) {
		return nil // signs alone, which no listing is indexed under
	}
	if err != nil {
		return err
	}
	for _, h := range hits.Hits {
		a.ui.line("    " + a.ui.say("register.diff.touches", "listing", plain(h.Store+" "+h.ID), "text", plain(h.Title)))
	}
	if more := hits.Total - len(hits.Hits); more > 0 {
		a.ui.line("    " + a.ui.say("register.more_faults", "count", more))
	}
	return nil
}

// registerPaths parts compiled packs from the files rules.Load reads.
func registerPaths(paths []string) (packs, others []string) {
	for _, p := range paths {
		if strings.HasSuffix(strings.ToLower(p), ".pack") {
			packs = append(packs, p)
		} else {
			others = append(others, p)
		}
	}
	return packs, others
}

// openRegisters opens compiled packs for the run and enters them among the
// packs of set, of which it gives a copy: reports name them and the catalogue
// knows that the rules are others.
func (a *app) openRegisters(set *rules.Set, paths []string) (*rules.Set, error) {
	if len(paths) == 0 {
		return set, nil
	}
	if len(paths) > scanner.MostRegisters {
		return nil, fmt.Errorf("%d compiled packs: at most %d can be used at once, rules compile joins several", len(paths), scanner.MostRegisters)
	}
	out := *set
	out.Packs = slices.Clone(set.Packs)
	a.registers = nil
	for _, path := range paths {
		p, err := scanner.OpenPack(path) // open until the process ends
		if err != nil {
			return nil, err
		}
		info := p.Info()
		a.registers = append(a.registers, p)
		out.Packs = append(out.Packs, rules.Pack{Name: info.Name, Version: info.Version, Tier: p.Tier(), File: path, SHA256: info.SHA256, Rules: info.Rules})
		sum := sha256.Sum256([]byte(out.SHA256 + "\n" + info.SHA256))
		out.SHA256 = hex.EncodeToString(sum[:])
	}
	return &out, nil
}
