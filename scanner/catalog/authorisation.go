package catalog

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Authorisation says that a supplier may use a brand, or, with no supplier, that
// the brand is the seller's own.
type Authorisation struct {
	Supplier string // as in the listings, case does not matter; "" for every supplier
	Brand    string
	Scope    string // "" for everything, else e.g. "store:eu; marketplace:amazon, ebay; category:shoes; sku:A-1"
	From     string // YYYY-MM-DD, first day, "" for always
	Until    string // YYYY-MM-DD, last day, "" for ever
	Document string // where the letter is filed

	scope map[string][]string // parsed Scope
}

// The columns of an authorisation file. Supplier, brand and document must be there.
var authorisationColumns = []string{"supplier", "brand", "scope", "from", "until", "document"}

// The words a scope can begin with. Every one named must match the listing, by
// one of its values; a category by containing it.
var scopeWords = []string{"store", "marketplace", "category", "sku"}

// ReadAuthorisations reads a CSV with a header row of supplier, brand, scope,
// from, until, document in any order. name stands in the errors, which are
// joined, each with file, line and column.
func ReadAuthorisations(name string, r io.Reader) ([]Authorisation, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1:1: no header row; it needs the columns %s", name, strings.Join(authorisationColumns, ", "))
	}
	if err != nil {
		return nil, fmt.Errorf("read authorisations %s: %w", name, err)
	}
	columns, errs := authorisationHeader(name, header, in)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	var out []Authorisation
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, errors.Join(errs...)
		}
		if err != nil {
			return out, errors.Join(append(errs, fmt.Errorf("read authorisations %s: %w", name, err))...)
		}
		a, wrong := authorisationRow(name, columns, row, in)
		errs = append(errs, wrong...)
		if len(wrong) == 0 {
			out = append(out, a)
		}
	}
}

func authorisationHeader(name string, header []string, in *csv.Reader) (columns []string, errs []error) {
	for i, h := range header {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		line, col := in.FieldPos(i)
		switch {
		case !slices.Contains(authorisationColumns, h):
			errs = append(errs, fmt.Errorf("%s:%d:%d: unknown column %q; the columns are %s", name, line, col, h, strings.Join(authorisationColumns, ", ")))
		case slices.Contains(columns, h):
			errs = append(errs, fmt.Errorf("%s:%d:%d: a second column %q", name, line, col, h))
		}
		columns = append(columns, h)
	}
	for _, h := range []string{"supplier", "brand", "document"} {
		if !slices.Contains(columns, h) {
			errs = append(errs, fmt.Errorf("%s:1:1: no column %q", name, h))
		}
	}
	return columns, errs
}

func authorisationRow(name string, columns, row []string, in *csv.Reader) (a Authorisation, errs []error) {
	at := func(i int, format string, args ...any) {
		line, col := in.FieldPos(i)
		errs = append(errs, fmt.Errorf("%s:%d:%d: %s", name, line, col, fmt.Sprintf(format, args...)))
	}
	if len(row) > len(columns) {
		at(len(columns), "%d cells in a row of %d columns", len(row), len(columns))
		return a, errs
	}
	targets := map[string]*string{"supplier": &a.Supplier, "brand": &a.Brand, "scope": &a.Scope,
		"from": &a.From, "until": &a.Until, "document": &a.Document}
	for i, cell := range row {
		*targets[columns[i]] = strings.TrimSpace(cell)
	}
	for _, f := range a.Faults() {
		at(min(max(0, slices.Index(columns, f.Column)), len(row)-1), "%v", f.Err)
	}
	return a, errs
}

// Fault is a value of an authorisation that cannot be used, and why.
type Fault struct {
	Column string // as in the header row of a file of authorisations
	Err    error
}

// Faults returns what is wrong with an authorisation, nothing when it can be used.
func (a *Authorisation) Faults() (out []Fault) {
	wrong := func(column, format string, args ...any) {
		out = append(out, Fault{column, fmt.Errorf(format, args...)})
	}
	if nameKey(a.Brand) == "" {
		wrong("brand", "no brand")
	}
	if _, err := parseScope(a.Scope); err != nil {
		wrong("scope", "%w", err)
	}
	for _, day := range []struct{ column, text string }{{"from", a.From}, {"until", a.Until}} {
		if _, err := time.Parse(time.DateOnly, day.text); day.text != "" && err != nil {
			wrong(day.column, "date %q is not YYYY-MM-DD", day.text)
		}
	}
	if len(out) == 0 && a.From != "" && a.Until != "" && a.Until < a.From {
		wrong("until", "it ends on %s, before it begins on %s", a.Until, a.From)
	}
	return out
}

// parseScope reads "word:value, value; word:value".
func parseScope(s string) (map[string][]string, error) {
	out := map[string][]string{}
	for part := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		word, values, ok := strings.Cut(part, ":")
		word = strings.ToLower(strings.TrimSpace(word))
		if !ok || !slices.Contains(scopeWords, word) {
			return nil, fmt.Errorf("scope %q does not begin with one of %s, and a colon", strings.TrimSpace(part), strings.Join(scopeWords, ", "))
		}
		for v := range strings.SplitSeq(values, ",") {
			if v = strings.ToLower(strings.TrimSpace(v)); v != "" {
				out[word] = append(out[word], v)
			}
		}
		if len(out[word]) == 0 {
			return nil, fmt.Errorf("scope %q names nothing", strings.TrimSpace(part))
		}
	}
	return out, nil
}

// holds tells whether the authorisation is in force on a day.
func (a *Authorisation) holds(day string) bool {
	return (a.From == "" || a.From <= day) && (a.Until == "" || day <= a.Until)
}

// reaches tells whether the authorisation is for this supplier and scope,
// whatever its dates.
func (a *Authorisation) reaches(s *subject) bool {
	if a.Supplier != "" && nameKey(a.Supplier) != nameKey(s.supplier) {
		return false
	}
	for word, values := range a.scope {
		var match func(v string) bool
		switch word {
		case "store":
			match = func(v string) bool { return v == strings.ToLower(s.store) }
		case "marketplace":
			match = func(v string) bool { return v == strings.ToLower(s.marketplace) }
		case "sku":
			match = func(v string) bool { return v == strings.ToLower(s.id) }
		default:
			match = func(v string) bool { return strings.Contains(strings.ToLower(s.category), v) }
		}
		if !slices.ContainsFunc(values, match) {
			return false
		}
	}
	return true
}

// nameKey is a name without case, width, accents and punctuation.
func nameKey(s string) string {
	var words []string
	for _, t := range terms(s) {
		words = append(words, t.folded)
	}
	return strings.Join(words, " ")
}

// Ending returns the authorisations in force on asOf that end within days, in
// the order given.
func Ending(list []Authorisation, asOf string, days int) []Authorisation {
	var out []Authorisation
	for _, a := range list {
		if a.Until != "" && a.holds(asOf) && daysBetween(asOf, a.Until) <= days {
			out = append(out, a)
		}
	}
	return out
}
