package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
	"prescreen/scanner"
)

// rulesDiff names what is newly alive and what is no longer, and with a
// catalogue which of its listings that touches: those marks come first.
func (a *app) rulesDiff(ctx context.Context, older, newer string, limit int, withCatalog bool) error {
	before, after, done, err := openBoth(older, newer)
	if err != nil {
		return err
	}
	defer done()
	d := registerDiff{most: limit}
	if withCatalog {
		d.most = -1 // which ones touch a listing is known afterwards
	}
	d.compare(before, after)
	touched := map[string]*touch{}
	if withCatalog {
		if touched, err = a.touchedBy(ctx, &d); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		id    string
		marks []rules.Mark
	}{{"register.diff.new", d.born}, {"register.diff.died", d.died}} {
		slices.SortStableFunc(list.marks, func(x, y rules.Mark) int {
			return cmp.Compare(touched[markKey(&y)].total(), touched[markKey(&x)].total())
		})
		for _, m := range limited(list.marks, limit) {
			a.ui.line(a.diffLine(list.id, &m))
			a.ui.touches(touched[markKey(&m)])
		}
	}
	a.ui.line(a.ui.say("register.diff.count", "new", d.bornCount, "died", d.diedCount, "same", d.same))
	if withCatalog {
		a.ui.line(a.ui.say("register.diff.touched", "marks", len(touched)))
	}
	return nil
}

// registerDiff is what two editions of a register differ in.
type registerDiff struct {
	born, died                 []rules.Mark // alive in one edition only, at most most of each
	bornCount, diedCount, same int
	most                       int // -1: all
}

// compare keeps the changes between two packs.
func (d *registerDiff) compare(before, after *scanner.Pack) {
	keep := func(list *[]rules.Mark, m rules.Mark) {
		if d.most < 0 || len(*list) < d.most {
			*list = append(*list, m)
		}
	}
	for c := range scanner.ComparePacks(before, after, &d.same) {
		if c.Born {
			d.bornCount++
			keep(&d.born, c.Mark)
		} else {
			d.diedCount++
			keep(&d.died, c.Mark)
		}
	}
}

// openBoth opens two packs and checks every byte of them.
func openBoth(older, newer string) (before, after *scanner.Pack, done func(), err error) {
	var packs []*scanner.Pack
	done = func() {
		for _, p := range packs {
			_ = p.Close() // it was only read
		}
	}
	for _, path := range []string{older, newer} {
		p, err := scanner.OpenPack(path)
		if err == nil {
			packs = append(packs, p)
			if err = p.Verify(); err != nil {
				err = fmt.Errorf("open pack %s: %w", path, err)
			}
		}
		if err != nil {
			done()
			return nil, nil, nil, err
		}
	}
	return packs[0], packs[1], done, nil
}

func limited(list []rules.Mark, n int) []rules.Mark {
	if n < 0 {
		return list
	}
	return list[:min(n, len(list))]
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

// registerPaths parts compiled registers from the files rules.Load reads, of
// which a compiled list is one. Both end in .pack; their content tells.
func registerPaths(paths []string) (packs, others []string) {
	for _, p := range paths {
		if strings.HasSuffix(strings.ToLower(p), ".pack") && !compiledList(p) {
			packs = append(packs, p)
		} else {
			others = append(others, p)
		}
	}
	return packs, others
}

// compiledList tells by its beginning whether the file at path is a compiled list.
func compiledList(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false // opening it as a pack says why
	}
	defer f.Close()
	head := make([]byte, len(rules.ListMagic))
	_, err = io.ReadFull(f, head)
	return err == nil && rules.IsCompiledList(head)
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
		out.Packs = append(out.Packs, rules.Pack{Name: info.Name, Version: info.Version, Tier: rules.Register, File: path, SHA256: info.SHA256, Rules: info.Rules})
		sum := sha256.Sum256([]byte(out.SHA256 + "\n" + info.SHA256))
		out.SHA256 = hex.EncodeToString(sum[:])
	}
	return &out, nil
}
