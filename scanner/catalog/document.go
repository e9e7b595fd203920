package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// document is what the index holds of one listing. Cells are as exported; the
// index finds them by what fold.See makes of them.
type document struct {
	Key                                        string // listing key, set when it goes into the index
	Store, ID, Supplier, Category, Marketplace string
	Level                                      string
	Cells                                      []cell
	Marks, Kinds, Rules                        []string
}

// cell is a field of a listing without its place in the file.
type cell struct {
	Role         scanner.Role
	Column, Text string
}

// The text fields of the index, in the order snippets are shown.
var textFields = []string{"title", "brand", "tags", "description"}

// fieldOf maps a listing's roles to the index's text fields; all others are
// part of the description.
var fieldOf = map[scanner.Role]string{
	scanner.Title: "title", scanner.Brand: "brand", scanner.Tags: "tags", scanner.Keywords: "tags",
}

func newDocument(r *scanner.Result) document {
	l := &r.Listing
	d := document{Store: l.Store, ID: l.ID, Supplier: l.Supplier, Category: l.Category, Marketplace: l.Marketplace,
		Level: r.Level.String(), Cells: make([]cell, len(l.Fields))}
	for i := range l.Fields {
		f := &l.Fields[i]
		d.Cells[i] = cell{f.Role, f.Column, f.Text}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level < scanner.Low {
			continue
		}
		d.Marks, d.Rules, d.Kinds = add(d.Marks, f.Mark), add(d.Rules, f.Rule), add(d.Kinds, f.Kind)
		for _, also := range f.Also {
			d.Marks, d.Rules = add(d.Marks, also.Mark), add(d.Rules, also.Rule)
		}
	}
	return d
}

func add(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func (d *document) title() string {
	for i := range d.Cells {
		if d.Cells[i].Role == scanner.Title {
			return d.Cells[i].Text
		}
	}
	return ""
}

// texts gives what a reader sees in the cells, by index field; a text that
// variants repeat comes once.
func (d *document) texts() map[string][]string {
	out := map[string][]string{}
	seen := map[[2]string]bool{}
	for i := range d.Cells {
		c := &d.Cells[i]
		name := cmp.Or(fieldOf[c.Role], "description")
		if key := [2]string{name, c.Text}; !seen[key] && c.Text != "" {
			seen[key] = true
			text := fold.See(c.Text)
			out[name] = append(out[name], text.Seen)
		}
	}
	return out
}

// fields gives the document in the form the index takes.
func (d *document) fields() map[string][]string {
	out := d.texts()
	maps.Copy(out, map[string][]string{
		storedField: {d.encode()}, "id": {keyword(d.ID)}, "store": {keyword(d.Store)}, "supplier": keywords(d.Supplier),
		"category": keywords(d.Category), "marketplace": keywords(d.Marketplace), "level": {d.Level},
		"marks": keywords(d.Marks...), "kinds": d.Kinds, "rules": d.Rules,
	})
	return out
}

// A keyword is found whatever its case, yet shown as written: the index holds
// both, and a look-up is for all that starts with the first.
const keywordSep = "\x1f"

func keyword(s string) string { return keywordStem(s) + s }

func keywordStem(s string) string { return strings.ToLower(strings.TrimSpace(s)) + keywordSep }

func keywordShown(term string) string {
	_, shown, ok := strings.Cut(term, keywordSep)
	if !ok {
		return term
	}
	return shown
}

func keywords(list ...string) []string {
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s != "" {
			out = append(out, keyword(s))
		}
	}
	return out
}
