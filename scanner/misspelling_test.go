package scanner

import (
	"encoding/csv"
	"os"
	"testing"

	"prescreen/rules"
)

// Real misspellings of brands, as people typed them, are found when the brands
// are a curated pack: at least four in five.
func TestRealMisspellings(t *testing.T) {
	f, err := os.Open("../../shared/eval/misspellings.csv")
	if err != nil {
		t.Skip("../shared/eval is not there")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	set := &rules.Set{}
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		if brand := r[1]; !seen[brand] {
			seen[brand] = true
			set.Rules = append(set.Rules, rules.Rule{ID: "tm-" + brand, Mark: brand, Kind: rules.Trademark, Right: rules.RightTrademark, Tier: rules.Curated})
		}
	}
	s := newScanner(t, set)
	wanted, found := 0, 0
	for _, r := range rows[1:] {
		if r[3] != "misspelling" {
			continue
		}
		wanted++
		hit := false
		for _, f := range s.Screen(listingOf("", r[0], "", "", "")).Findings {
			hit = hit || f.Rule == "tm-"+r[1] && f.Level >= Low
		}
		if hit {
			found++
		} else {
			t.Logf("not found: %s for %s", r[0], r[1])
		}
	}
	if wanted == 0 || 5*found < 4*wanted {
		t.Errorf("%d of %d found", found, wanted)
	}
	t.Logf("%d of %d found", found, wanted)
}
