package scanner

import (
	"fmt"
	"strings"

	"prescreen/rules"
)

// Proof is one hit that was not found, or one miss that was.
type Proof struct {
	Rule string
	Pos  rules.Pos
	Text string // the hit or miss
	Hit  bool   // what the text was meant to be
	Got  string // what the scanner made of it
}

// String tells the fault in one line.
func (p Proof) String() string {
	what := "hit is not found"
	if !p.Hit {
		what = "miss is found"
	}
	return fmt.Sprintf("%s: %s: %s: %q (%s)", p.Pos, p.Rule, what, p.Text, p.Got)
}

// Prove screens every rule's hits and misses as titles without a category. A
// hit must raise its rule at low or above (or stand inside a longer finding); a
// miss must not raise it at low or above. It returns every fault.
func Prove(set *rules.Set) ([]Proof, error) {
	s, err := New(set, Options{})
	if err != nil {
		return nil, err
	}
	w := s.newScreener()
	var faults []Proof
	for i := range set.Rules {
		r := &set.Rules[i]
		for _, hit := range r.Hits {
			if got, ok := w.raises(r, hit); !ok {
				faults = append(faults, Proof{r.ID, r.Pos, hit, true, got})
			}
		}
		for _, miss := range r.Misses {
			if got, ok := w.raises(r, miss); ok {
				faults = append(faults, Proof{r.ID, r.Pos, miss, false, got})
			}
		}
	}
	return faults, nil
}

// raises tells whether text raises r at low or above, and what it raised.
func (w *screener) raises(r *rules.Rule, text string) (string, bool) {
	market := ""
	if list := r.Contexts.Marketplaces; len(list) > 0 {
		market = list[0]
	}
	res := w.screen(Listing{Marketplace: market, Fields: []Field{{Role: Title, Text: text}}})
	var got []string
	ok := false
	for _, f := range res.Findings {
		got = append(got, fmt.Sprintf("%s %s %s %s", f.Rule, f.Form, f.Use, f.Level))
		if f.Rule == r.ID && f.Level >= Low {
			ok = true
		}
		for _, a := range f.Also {
			ok = ok || a.Rule == r.ID && f.Level >= Low
		}
	}
	if len(got) == 0 {
		return "nothing found", ok
	}
	return strings.Join(got, ", "), ok
}
