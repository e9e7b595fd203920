package scanner

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"prescreen/scanner/match"
)

// Options tune a Scanner. The zero value works: English, no own brands, the
// built-in points and levels, the marketplace each listing says.
type Options struct {
	Lang         string         // language of why and advice; "" is en
	AsOf         string         // YYYY-MM-DD, for rules with a season and for their dates; "" ignores seasons
	Marketplaces []string       // where the listings will be sold; empty: the listing's own
	OwnBrands    []string       // names the seller owns: excused unless counterfeit or disguised
	Points       map[string]int // overrides of the point tables by name, e.g. "use.title": 10
	Levels       Thresholds     // zero: 85, 60, 40, 20
	Fields       []Role         // roles of the fields that are judged; empty: all
	Registers    []*Pack        // compiled packs, looked through after the rules; at most MostRegisters
	Memo         int            // distinct tokens a worker remembers; 0 is match.DefaultMemo, negative none
	Tables       Tables         // where built tables are kept between runs; zero: nowhere
	NoExplain    bool           // leave out points, why and advice (for measuring)
}

// Thresholds are the least risks of the levels, 1-100.
type Thresholds struct{ Critical, High, Medium, Low int }

var defaultThresholds = Thresholds{85, 60, 40, 20}

func (t Thresholds) level(risk int) Level {
	switch {
	case risk >= t.Critical:
		return Critical
	case risk >= t.High:
		return High
	case risk >= t.Medium:
		return Medium
	case risk >= t.Low:
		return Low
	}
	return None
}

func (o *Options) complete(known map[string]int) (map[string]int, error) {
	if o.Lang == "" {
		o.Lang = "en"
	}
	if o.Levels == (Thresholds{}) {
		o.Levels = defaultThresholds
	}
	if len(o.Registers) > MostRegisters {
		return nil, fmt.Errorf("%d compiled packs: at most %d can be used at once", len(o.Registers), MostRegisters)
	}
	l := o.Levels
	if l.Low < 1 || l.Medium <= l.Low || l.High <= l.Medium || l.Critical <= l.High || l.Critical > 100 {
		return nil, fmt.Errorf("levels must rise from low to critical within 1 and 100, have low %d, medium %d, high %d, critical %d", l.Low, l.Medium, l.High, l.Critical)
	}
	switch {
	case o.Memo == 0:
		o.Memo = match.DefaultMemo
	case o.Memo < 0:
		o.Memo = 0
	}
	if len(o.Points) == 0 {
		return known, nil
	}
	points := make(map[string]int, len(known))
	for k, v := range known {
		points[k] = v
	}
	for k, v := range o.Points {
		if _, ok := known[k]; !ok && !pointOfKind(k, known) {
			return nil, fmt.Errorf("no point is called %q", k)
		}
		points[k] = v
	}
	return points, nil
}

// pointOfKind tells whether k is a known use point made special for a kind.
func pointOfKind(k string, known map[string]int) bool {
	rest, ok := strings.CutPrefix(k, "use.")
	if !ok {
		return false
	}
	_, name, ok := strings.Cut(rest, ".")
	_, exists := known["use."+name]
	return ok && exists
}

// PointNames lists the points that can be overridden, sorted.
func PointNames() []string {
	words, err := useWords()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(words.points))
}

// KnownPoint tells whether a point is called name, or may be: a use point can
// be made special for a kind ("use.gi.title").
func KnownPoint(name string) bool {
	words, err := useWords()
	if err != nil {
		return false
	}
	_, ok := words.points[name]
	return ok || pointOfKind(name, words.points)
}
