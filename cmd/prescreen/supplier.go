package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
	"prescreen/scanner/fold"
	"prescreen/scanner/report"
)

// supplier is what a run says about one supplier.
type supplier struct {
	key, name string
	listings  int
	rows      int
	levels    map[scanner.Level]int // listings by level, low and above
	kinds     map[string]int        // findings by kind
	findings  int
	excused   int
	brands    map[string]*brand // by key of the mark
	claims    map[string]bool   // claims that need proof
	origins   map[string]bool   // geographical names that need proof
	noDesign  []string          // listings without the source of their design
	noOrigin  []string          // listings without a proof of origin
	copied    int               // long descriptions that others use too

	sheet report.Writer
	place *latePlace
	file  string // name of its sheet, "" where there is nothing to send
}

// brand is a mark the supplier's listings use as a brand.
type brand struct {
	mark     string
	listings int
	open     int    // listings in which nothing excuses it
	valid    bool   // a letter of authorisation is in force
	until    string // its last day, "" for ever
	ending   bool   // within endingDays
	ended    string // last day of a letter that ran out, "" where there was none
	last     int    // listing it was counted in last
}

const endingDays = 30

func newSupplier(key, name string) *supplier {
	return &supplier{key: key, name: strings.Clone(strings.TrimSpace(name)), levels: map[scanner.Level]int{}, kinds: map[string]int{},
		brands: map[string]*brand{}, claims: map[string]bool{}, origins: map[string]bool{}}
}

// supplierKey is a name without case, width, accents and punctuation.
func supplierKey(name string) string {
	var words []string
	for _, t := range fold.Tokens(nil, name) {
		words = append(words, fold.Fold(name[t.Start:t.End]))
	}
	if len(words) == 0 {
		return strings.TrimSpace(name)
	}
	return strings.Join(words, " ")
}

// count takes one listing.
func (s *supplier) count(r *scanner.Result) {
	s.listings++
	s.rows += len(r.Listing.Origin.Rows)
	if r.Level >= scanner.Low {
		s.levels[r.Level]++
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Excused != "" {
			s.excused++
		} else if f.Level < scanner.Low {
			continue
		} else {
			s.findings++
			s.kinds[f.Kind]++
		}
		s.ask(f)
	}
}

// ask notes what a supplier has to show for a finding: a letter for a brand,
// proof for a claim, an origin for a geographical name. Copies and imitations
// need none: no paper makes them right.
func (s *supplier) ask(f *scanner.Finding) {
	switch {
	case f.Use != scanner.UsePlain && f.Use != scanner.UseGenuineClaim:
	case f.Kind == "trademark" || f.Kind == "character" || f.Kind == "patent":
		s.claim(f)
	case f.Excused != "":
	case f.Kind == "claim":
		s.claims[f.Mark] = true
	case f.Kind == "gi":
		s.origins[f.Mark] = true
	}
}

// claim counts a brand once for each listing.
func (s *supplier) claim(f *scanner.Finding) {
	key := supplierKey(f.Mark)
	b := s.brands[key]
	if b == nil {
		b = &brand{mark: f.Mark}
		s.brands[key] = b
	}
	if b.last != s.listings {
		b.last = s.listings
		b.listings++
	}
	if f.Excused == "" {
		b.open++
	}
}

// prove notes which proofs of a listing are missing.
func (s *supplier) prove(p *proofs, id string) {
	if !p.has(p.design, s.key, id) {
		s.noDesign = append(s.noDesign, strings.Clone(id))
	}
	if !p.has(p.origin, s.key, id) {
		s.noOrigin = append(s.noOrigin, strings.Clone(id))
	}
}

// authorise looks for the letters that cover the brands claimed.
func (s *supplier) authorise(letters []catalog.Authorisation, asOf string) {
	for _, l := range letters {
		b := s.brands[supplierKey(l.Brand)]
		if b == nil || l.Supplier != "" && supplierKey(l.Supplier) != s.key || l.From > asOf {
			continue
		}
		if l.Until != "" && l.Until < asOf {
			b.ended = max(b.ended, l.Until)
			continue
		}
		if !b.valid || l.Until == "" || b.until != "" && l.Until > b.until {
			b.until = l.Until
		}
		b.valid = true
	}
	for _, b := range s.brands {
		b.ending = b.valid && b.until != "" && b.until <= daysAfter(asOf, endingDays)
	}
}

func daysAfter(date string, days int) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

// brandsWhere lists the brands for which f holds, by name.
func (s *supplier) brandsWhere(f func(*brand) bool) []*brand {
	var out []*brand
	for _, b := range s.brands {
		if f(b) {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b *brand) int { return cmp.Compare(a.mark, b.mark) })
	return out
}

// missing lists the brands used in listings that nothing excuses.
func (s *supplier) missing() []*brand {
	return s.brandsWhere(func(b *brand) bool { return b.open > 0 })
}

func (s *supplier) ending() []*brand { return s.brandsWhere(func(b *brand) bool { return b.ending }) }

// risky is the number of listings at low or above.
func (s *supplier) risky() int {
	n := 0
	for _, c := range s.levels {
		n += c
	}
	return n
}

// hasWork tells whether there is something to send to the supplier.
func (s *supplier) hasWork() bool {
	return s.risky() > 0 || s.copied > 0 || len(s.noDesign) > 0 || len(s.noOrigin) > 0 || len(s.ending()) > 0
}

func (s *supplier) summary(notChecked []string) scanner.Summary {
	return scanner.Summary{Listings: s.listings, Rows: s.rows, Flagged: s.risky(), Findings: s.findings, Excused: s.excused,
		Levels: maps.Clone(s.levels), NotChecked: notChecked}
}

// sorted returns the suppliers, those with the worst listings first.
func (b *supplierBook) sorted() []*supplier {
	return slices.SortedFunc(maps.Values(b.all), func(x, y *supplier) int {
		for l := scanner.Critical; l >= scanner.Low; l-- {
			if c := cmp.Compare(y.levels[l], x.levels[l]); c != 0 {
				return c
			}
		}
		return cmp.Or(cmp.Compare(y.listings, x.listings), cmp.Compare(x.name, y.name))
	})
}

// fileNames gives every supplier a file name of its own that each of Windows,
// macOS and Linux takes. It remembers names as the least able of them compares
// them: without case, composed.
type fileNames map[string]bool

const longestName = 100 // bytes, leaving room for an extension and a number

func (n fileNames) taken(names ...string) {
	for _, name := range names {
		n[nameAsCompared(name)] = true
	}
}

// of returns the name, without extension, for a supplier.
func (n fileNames) of(supplier string) string {
	base := safeName(supplier)
	name := base
	for i := 2; n[nameAsCompared(name)]; i++ {
		name = base + "-" + itoa(i)
	}
	n.taken(name)
	return name
}

func nameAsCompared(name string) string { return strings.ToLower(norm.NFKC.String(name)) }

// The names Windows keeps for devices, whatever follows the first dot.
var deviceNames = []string{"con", "prn", "aux", "nul", "conin$", "conout$"}

// safeName replaces what a file name cannot hold.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), r == utf8.RuneError:
			return -1
		case unicode.IsControl(r), strings.ContainsRune(`<>:"/\|?*`, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFC.String(s))
	s = strings.Trim(s, " .")
	for len(s) > longestName {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	s = strings.TrimRight(s, " .")
	first, _, _ := strings.Cut(nameAsCompared(s), ".")
	first = strings.TrimSpace(first)
	device := slices.Contains(deviceNames, first) ||
		len(first) == 4 && (strings.HasPrefix(first, "com") || strings.HasPrefix(first, "lpt")) && first[3] >= '0' && first[3] <= '9'
	if s == "" || device || strings.HasPrefix(s, "-") {
		s = "_" + s
	}
	return s
}
