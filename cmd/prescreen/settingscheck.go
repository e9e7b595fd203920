package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"prescreen/scanner"
)

// settingFault is a value of the settings that cannot be used.
type settingFault struct {
	at  []any // keys and indexes from the top: "weights", "use", "title" or "stores", 1
	err error
}

// key names the place as a reader writes it: weights.use.title, stores[2].
func (f *settingFault) key() string {
	var b strings.Builder
	for i, step := range f.at {
		switch n := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", n+1)
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(n)
		}
	}
	return b.String()
}

// in makes it the error of a file with bytes b: name:line:column: key: why.
func (f *settingFault) in(name string, b []byte) error {
	return fmt.Errorf("%s:%s%s: %w", name, positionOf(b, f.at), f.key(), f.err)
}

func fault(err error, at ...any) *settingFault { return &settingFault{at, err} }

// platforms are the marketplaces that listings can be sold on.
var platforms = strings.Fields(`alibaba aliexpress amazon dianxiaomi ebay etsy facebook generic google lazada magento
	mercadolibre myntra opencart ozon prestashop rakuten shopee shopify taobao temu tiktok walmart wildberries woocommerce`)

// check returns the first value that cannot be used, and why.
func (s *settings) check() *settingFault {
	for _, part := range []func() *settingFault{s.checkWords, s.checkMarkets, s.checkStores, s.checkLevels, s.checkWeights, s.checkPapers} {
		if f := part(); f != nil {
			return f
		}
	}
	return nil
}

// checkWords checks the settings that are words of a closed list.
func (s *settings) checkWords() *settingFault {
	if s.FailOn != "" && s.FailOn != "never" {
		if l, ok := scanner.ParseLevel(s.FailOn); !ok || l == scanner.None {
			return fault(fmt.Errorf("%q is none of critical, high, medium, low, never", s.FailOn), "fail_on")
		}
	}
	if s.Lang != "" && !slices.Contains(scanner.Languages(), s.Lang) {
		return fault(fmt.Errorf("%q is none of %s", s.Lang, strings.Join(scanner.Languages(), ", ")), "lang")
	}
	for i, f := range s.Fields {
		if !slices.Contains(scanner.Roles, scanner.Role(f)) {
			return fault(fmt.Errorf("no field is called %q: use %s", f, joined(scanner.Roles)), "fields", i)
		}
	}
	for i, b := range s.OwnBrands {
		if strings.TrimSpace(b) == "" {
			return fault(errors.New("a brand without a name"), "own_brands", i)
		}
	}
	return nil
}

func (s *settings) checkMarkets() *settingFault {
	if s.Marketplace != "" && s.Marketplace != "auto" && !slices.Contains(platforms, s.Marketplace) {
		return fault(unknownMarket(s.Marketplace), "marketplace")
	}
	for i, m := range s.SellOn {
		if !slices.Contains(platforms, m) {
			return fault(unknownMarket(m), "sell_on", i)
		}
	}
	return nil
}

func unknownMarket(name string) error {
	return fmt.Errorf("no marketplace is called %q%s", name, nearest(name, platforms))
}

// checkPaths checks that what the settings point at is there. It alone looks
// at the disk.
func (s *settings) checkPaths() *settingFault {
	for i, p := range s.Packs {
		if p == "builtin" {
			continue
		}
		if err := s.present(p); err != nil {
			return fault(err, "packs", i)
		}
	}
	for _, f := range []struct{ key, path string }{{"authorisations", s.Authorisations.file}, {"proofs", s.Proofs.file}} {
		if f.path == "" {
			continue
		}
		if err := s.present(f.path); err != nil {
			return fault(err, f.key)
		}
	}
	return nil
}

func (s *settings) present(p string) error {
	if strings.TrimSpace(p) == "" {
		return errors.New("a file without a name")
	}
	if _, err := os.Stat(s.beside(p)); err != nil {
		return fmt.Errorf("look for the file: %w", err)
	}
	return nil
}

func (s *settings) checkStores() *settingFault {
	for i, p := range s.Stores {
		if _, err := path.Match(p.Match, "x"); err != nil || p.Match == "" || p.Name == "" {
			return fault(fmt.Errorf("each needs a match pattern and a name, have match %q, name %q", p.Match, p.Name), "stores", i)
		}
	}
	return nil
}

func (s *settings) checkLevels() *settingFault {
	for _, k := range slices.Sorted(maps.Keys(s.Levels)) {
		if l, ok := scanner.ParseLevel(k); !ok || l == scanner.None {
			return fault(fmt.Errorf("no level is called %q: use critical, high, medium, low", k), "levels")
		}
		if n := s.Levels[k]; n < 1 || n > 100 {
			return fault(fmt.Errorf("%d is not within 1 and 100", n), "levels", k)
		}
	}
	if t := s.thresholds(); t.Low >= t.Medium || t.Medium >= t.High || t.High >= t.Critical {
		return fault(fmt.Errorf("levels must rise, have low %d, medium %d, high %d, critical %d", t.Low, t.Medium, t.High, t.Critical), "levels")
	}
	return nil
}

func (s *settings) checkWeights() *settingFault {
	known := scanner.PointNames()
	for _, section := range slices.Sorted(maps.Keys(s.Weights)) {
		for _, name := range slices.Sorted(maps.Keys(s.Weights[section])) {
			if full := section + "." + name; !scanner.KnownPoint(full) {
				return fault(fmt.Errorf("no point is called %q%s", full, nearest(full, known)), "weights", section, name)
			}
			if n := s.Weights[section][name]; n < -100 || n > 100 {
				return fault(fmt.Errorf("%d is not within -100 and 100", n), "weights", section, name)
			}
		}
	}
	return nil
}

func joined(roles []scanner.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// positionOf gives "line:column: " of the value at a place of the file.
func positionOf(b []byte, at []any) string {
	y := yaml.PathBuilder{}
	p := y.Root()
	for _, step := range at {
		switch n := step.(type) {
		case int:
			p = p.Index(uint(n))
		case string:
			p = p.Child(n)
		}
	}
	node, err := p.Build().ReadNode(bytes.NewReader(b))
	if err != nil || node.GetToken() == nil {
		return " "
	}
	pos := node.GetToken().Position
	return fmt.Sprintf("%d:%d: ", pos.Line, pos.Column)
}

// nearestKey adds the key that was meant to a complaint about an unknown one.
func nearestKey(complaint string) string {
	_, rest, ok := strings.Cut(complaint, `unknown field "`)
	if !ok {
		return complaint
	}
	name, _, _ := strings.Cut(rest, `"`)
	var keys []string
	for _, t := range []reflect.Type{reflect.TypeFor[settings](), reflect.TypeFor[storePattern](), reflect.TypeFor[letter](), reflect.TypeFor[proof]()} {
		for i := range t.NumField() {
			if key := t.Field(i).Tag.Get("yaml"); key != "" {
				keys = append(keys, key)
			}
		}
	}
	return complaint + nearest(name, keys)
}

// nearest says which of the names was likely meant, or nothing.
func nearest(name string, names []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, n := range names {
		if d := editDistance(name, n); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

// editDistance counts the bytes to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			cost := diagonal
			if a[i] != b[k] {
				cost++
			}
			diagonal = row[k+1]
			row[k+1] = min(cost, row[k]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
