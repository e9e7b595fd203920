package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"prescreen/rules"
	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// draft is a rule to be, for one brand and kind.
type draft struct {
	id, brand, kind string
	dates, titles   []string

	hits   []string // titles in which the rule finds the brand
	silent []string // titles in which it finds nothing
	made   string   // a hit made of brand and title where no title has the brand
	miss   string   // a word near the brand that the rule must not find
}

var draftKinds = map[string]string{"": "trademark", "trademark": "trademark", "copyright": "character", "patent": "patent"}

// draftsOf gathers the missed notices by brand and kind.
func draftsOf(list []catalog.Replayed) []*draft {
	var out []*draft
	for i := range list {
		r := &list[i]
		if r.Outcome != catalog.Missed {
			continue
		}
		kind := draftKinds[r.Right]
		at := slices.IndexFunc(out, func(d *draft) bool { return d.kind == kind && catalog.SameName(d.brand, r.Brand) })
		if at < 0 {
			at = len(out)
			out = append(out, &draft{id: fmt.Sprintf("draft-%d%s", at+1, slugOf(r.Brand)), brand: r.Brand, kind: kind})
		}
		d := out[at]
		if !slices.Contains(d.titles, r.Title) {
			d.titles = append(d.titles, r.Title)
		}
		if !slices.Contains(d.dates, r.Date) {
			d.dates = append(d.dates, r.Date)
		}
	}
	return out
}

// slugOf writes the ASCII letters and digits of a name as the end of a rule id.
func slugOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	slug := strings.Join(words, "-")
	if slug = strings.Trim(slug[:min(len(slug), 40)], "-"); slug == "" {
		return ""
	}
	return "-" + slug
}

// draftPack writes the drafts as a pack that passes rules test and, as far as a
// name allows, rules lint. A title in which the draft finds nothing is kept as a
// comment: the rule lacks the words that it has.
func draftPack(drafts []*draft, asOf string) ([]byte, error) {
	err := sortTitles(drafts, asOf)
	if err == nil {
		err = makeHits(drafts, asOf)
	}
	if err == nil {
		err = findMisses(drafts, asOf)
	}
	if err != nil {
		return nil, fmt.Errorf("draft rules: %w", err)
	}
	return writeDrafts(drafts, asOf), nil
}

// parseDrafts parses the pack as it stands.
func parseDrafts(drafts []*draft, asOf string) (*rules.Set, error) {
	return rules.Parse("drafts.yaml", writeDrafts(drafts, asOf), rules.Options{})
}

// sortTitles sorts the titles of each draft into hits and others.
func sortTitles(drafts []*draft, asOf string) error {
	for _, d := range drafts {
		slices.Sort(d.dates)
	}
	set, err := parseDrafts(drafts, asOf)
	if err != nil {
		return err
	}
	s, err := scanner.New(set, scanner.Options{AsOf: asOf})
	if err != nil {
		return err
	}
	screen := s.Screener()
	for _, d := range drafts {
		for _, title := range d.titles {
			res := screen(scanner.Listing{Fields: []scanner.Field{{Role: scanner.Title, Text: title}}})
			if slices.ContainsFunc(res.Findings, d.isIn) {
				d.hits = append(d.hits, title)
			} else {
				d.silent = append(d.silent, title)
			}
		}
	}
	return nil
}

// isIn tells whether a finding is of the draft, or stands around one.
func (d *draft) isIn(f scanner.Finding) bool {
	return f.Level >= scanner.Low && (f.Rule == d.id || slices.ContainsFunc(f.Also, func(a scanner.Also) bool { return a.Rule == d.id }))
}

// makeHits makes a hit of brand and title for a draft that has none.
func makeHits(drafts []*draft, asOf string) error {
	for _, d := range drafts {
		if len(d.hits) == 0 && len(d.silent) > 0 {
			d.made = d.brand + " " + d.silent[0]
		}
	}
	odd, err := oddities(drafts, asOf)
	for _, d := range drafts {
		if odd[d.id+" hit"] || odd[d.id+" stray-hit"] || odd[d.id+" weak-hit"] {
			d.made = ""
		}
	}
	return err
}

// findMisses tries the words near each brand, all drafts at once, until each has
// one that its rule does not find and that proves something, or none is left.
func findMisses(drafts []*draft, asOf string) error {
	open := slices.Clone(drafts)
	for n := 0; len(open) > 0; n++ {
		open = slices.DeleteFunc(open, func(d *draft) bool {
			words := nearWords(d.brand)
			if n == len(words) {
				d.miss = ""
				return true
			}
			d.miss = words[n]
			return false
		})
		odd, err := oddities(drafts, asOf)
		if err != nil {
			return err
		}
		open = slices.DeleteFunc(open, func(d *draft) bool { return !odd[d.id+" miss"] && !odd[d.id+" far-miss"] })
	}
	return nil
}

// oddities are what proof and lint find wrong: "id hit" and "id miss" for what
// is not found or is, "id check" for what lint says.
func oddities(drafts []*draft, asOf string) (map[string]bool, error) {
	set, err := parseDrafts(drafts, asOf)
	if err != nil {
		return nil, err
	}
	faults, err := scanner.Prove(set)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, f := range faults {
		what := " miss"
		if f.Hit {
			what = " hit"
		}
		out[f.Rule+what] = true
	}
	for _, w := range rules.Lint(set) {
		out[w.Rule+" "+w.Check] = true
	}
	return out, nil
}

// nearWords makes words near a brand that are another's: its beginning with
// another end, or its first or last letter changed.
func nearWords(brand string) []string {
	words := strings.Fields(brand)
	if len(words) == 0 {
		return nil
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	r := []rune(longest)
	var out []string
	if stem := (2*len(r) + 2) / 3; stem >= 4 {
		for _, end := range []string{"ander", "ington", "overa"} {
			out = append(out, string(r[:stem])+end)
		}
	}
	for _, c := range []rune("xmkzw克") {
		out = append(out, string(r[:len(r)-1])+string(c), string(c)+string(r[1:]))
	}
	if len(words) > 1 {
		out = append(out, longest)
	}
	return out
}

// writeDrafts writes the pack.
func writeDrafts(drafts []*draft, asOf string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Rules for notices that none of the present rules would have caught.\n# Edit them, then: prescreen rules test FILE, rules preview FILE, scan --rules FILE\npack: drafts\nversion: %q\ntier: curated\ndescription: Drafts from past notices.\nrules:\n", asOf)
	for _, d := range drafts {
		d.write(&b)
	}
	return b.Bytes()
}

// shortBrand is the number of letters up to which every other word is a
// misspelling.
const shortBrand = 3

func (d *draft) write(b *bytes.Buffer) {
	on := strings.Join(d.dates, ", ")
	fmt.Fprintf(b, "  - id: %s\n    mark: %s\n    kind: %s\n    why: %s\n    source: %s\n", d.id, quoted(d.brand), d.kind,
		quoted("Struck on "+on+" in the name of "+d.brand+"."), quoted("notice of "+on))
	if len([]rune(bareName(d.brand))) <= shortBrand {
		b.WriteString("    misspellings: false\n")
	}
	if len(d.hits) > 0 || d.made != "" {
		b.WriteString("    hits:\n")
	}
	for _, title := range d.hits {
		fmt.Fprintf(b, "      - %s\n", quoted(title))
	}
	if d.made != "" {
		fmt.Fprintf(b, "      # made of brand and title; write one as a seller would\n      - %s\n", quoted(d.made))
	}
	for _, title := range d.silent {
		fmt.Fprintf(b, "    # not found in this title; add an alias for the words that give it away:\n    #   - %s\n", quoted(title))
	}
	if d.miss != "" {
		fmt.Fprintf(b, "    # a made-up word near the name that must not be found; put the real ones that you know in its place\n    misses:\n      - %s\n", quoted(d.miss))
	}
}

// quoted writes s as a YAML text in double quotes, which JSON's are.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(strings.ToValidUTF8(s, "\uFFFD")); err != nil {
		return `""`
	}
	return strings.TrimSpace(b.String())
}
