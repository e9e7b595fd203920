package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A list is a table of the user's own terms, one per row. This file turns its
// rows into rules; list_files.go gets the rows out of the files.

// listColumns are the columns of a list; only term is needed.
var listColumns = []string{"term", "mark", "kind", "right", "owner", "classes", "aliases",
	"replacement", "why", "exact_case", "misspellings", "note"}

// headerRows is how many rows at the top may stand above the header.
const headerRows = 10

// table is one sheet of a list: the name used in positions and its filled rows.
type table struct {
	name string
	rows []tableRow
}

// tableRow is one row with the place of each cell.
type tableRow struct {
	cells []string
	at    func(cell int) Pos
}

// readList reads the terms of one list.
func readList(file string, data []byte, warn func(Warning)) (*document, Errors) {
	tables, errs := readTables(file, data)
	doc := &document{file: file, sha256: hashOf(data), list: true, at: map[string]Pos{}}
	doc.Pack = slug(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	doc.Tier = List
	l := &listReader{doc: doc, warn: warn, errs: errs}
	unread := make([]table, 0, len(tables))
	for _, t := range tables {
		if !l.table(t) {
			unread = append(unread, t)
		}
	}
	l.judgeUnread(unread, len(tables))
	if len(doc.rules) == 0 && len(l.errs) == 0 {
		l.fail(Pos{File: file}, "", "write one term per line, or a table with a column named term", "read list: no term in the file")
	}
	return doc, l.errs
}

// listReader collects the rules and faults of one list.
type listReader struct {
	doc  *document
	warn func(Warning)
	errs Errors

	ownKinds map[string]bool // kinds already warned of
}

// fail notes a fault.
func (l *listReader) fail(p Pos, rule, hint, format string, args ...any) {
	l.errs = append(l.errs, &Error{Pos: p, Rule: rule, Err: fmt.Errorf(format, args...), Hint: hint})
}

// table reads one sheet; false means that it has no header with a term column.
func (l *listReader) table(t table) bool {
	head := slices.IndexFunc(t.rows[:min(len(t.rows), headerRows)], func(r tableRow) bool {
		return slices.ContainsFunc(r.cells, func(c string) bool { return columnName(c) == "term" })
	})
	if head < 0 && len(t.rows) > 0 && len(t.rows[0].cells) == 1 {
		l.bareTerms(t)
		return true
	}
	if head < 0 {
		return false
	}
	for _, r := range t.rows[:head] {
		l.warn(Warning{Pos: r.at(0), Check: "above-header", Text: "this row stands above the header and is not read"})
	}
	columns := l.header(t.rows[head])
	l.doc.rules = slices.Grow(l.doc.rules, len(t.rows))
	for _, r := range t.rows[head+1:] {
		l.row(columns, r)
	}
	return true
}

// judgeUnread makes sheets without a term column a fault when no sheet has one, else a warning.
func (l *listReader) judgeUnread(unread []table, all int) {
	for _, t := range unread {
		if len(t.rows) == 0 {
			continue
		}
		first := t.rows[0]
		if len(unread) < all {
			l.warn(Warning{Pos: first.at(0), Check: "unread-sheet", Text: "this sheet has no column named term and is not read"})
			continue
		}
		l.fail(first.at(0), "", "name one column term; the others may be "+strings.Join(listColumns[1:], ", "),
			"read list: no column named term; the columns seen are %s", quoteAll(first.cells))
	}
}

// quoteAll lists cells for a message.
func quoteAll(cells []string) string {
	quoted := make([]string, len(cells))
	for i, c := range cells {
		quoted[i] = fmt.Sprintf("%q", shorten(c))
	}
	return strings.Join(quoted, ", ")
}

// columnName brings a header cell to the form of listColumns.
func columnName(cell string) string {
	name := strings.ToLower(strings.TrimSpace(norm.NFKC.String(cell)))
	return strings.NewReplacer(" ", "_", "-", "_").Replace(name)
}

// header gives the column name of each cell, "" for one that is not used.
func (l *listReader) header(r tableRow) []string {
	columns := make([]string, len(r.cells))
	for i, cell := range r.cells {
		name := columnName(cell)
		switch {
		case name == "":
		case slices.Contains(columns, name):
			l.fail(r.at(i), "", "", "the column %q stands twice", name)
		case slices.Contains(listColumns, name):
			columns[i] = name
		default:
			l.warn(Warning{Pos: r.at(i), Check: "unused-column", Text: fmt.Sprintf("the column %q is not used; %s", strings.TrimSpace(cell), nearestHint(name, listColumns))})
		}
	}
	return columns
}

// bareTerms reads a table without header: one term per row.
func (l *listReader) bareTerms(t table) {
	l.doc.rules = slices.Grow(l.doc.rules, len(t.rows))
	for _, r := range t.rows {
		if len(r.cells) != 1 {
			l.fail(r.at(1), "", "add a header row with a column named term", "this row has %d cells, but the list has no header and one term per line", len(r.cells))
			continue
		}
		l.row([]string{"term"}, r)
	}
}

// row reads one row under its columns.
func (l *listReader) row(columns []string, r tableRow) {
	row := listRow{listReader: l, at: map[string]Pos{}, cells: map[string]string{}}
	for i, cell := range r.cells {
		cell = strings.TrimSpace(cell)
		if i >= len(columns) {
			if cell != "" {
				l.fail(r.at(i), "", "", "this cell stands under no header")
			}
			continue
		}
		if columns[i] != "" && cell != "" {
			row.cells[columns[i]], row.at[columns[i]] = cell, r.at(i)
		}
	}
	if len(row.cells) == 0 {
		return
	}
	if row.cells["term"] == "" {
		l.fail(r.at(0), "", "", "the term is empty")
		return
	}
	if term := row.cells["term"]; !hasWord(term) {
		l.fail(row.at["term"], "", "", "term %q has no letter or digit to look for", term)
		return
	}
	l.doc.rules = append(l.doc.rules, row.rule())
}

// listRow is one row under way to a rule.
type listRow struct {
	*listReader
	cells map[string]string
	at    map[string]Pos
	out   ruleKeys
}

// rule makes the rule of the row. Where the row names a mark beside its term,
// the rule is the mark's and the term another way to write it.
func (w *listRow) rule() ruleKeys {
	term, mark := w.cells["term"], w.cells["mark"]
	if mark == "" {
		mark = term
	}
	w.out = ruleKeys{at: w.at}
	w.out.ID, w.out.Mark, w.out.Pos = "list-"+slug(mark), mark, w.at["term"]
	exact := w.yesNo("exact_case")
	if termKey(term) != termKey(mark) {
		w.out.Aliases = append(w.out.Aliases, Alias{Text: term, ExactCase: exact})
	} else if exact {
		w.out.ExactCase = true
		w.out.keys = append(w.out.keys, "exact_case")
	}
	for _, text := range split(w.cells["aliases"]) {
		if hasWord(text) {
			w.out.Aliases = append(w.out.Aliases, Alias{Text: text})
		} else {
			w.fault("aliases", "", fmt.Errorf("%q has no letter or digit to look for", text))
		}
	}
	w.words()
	w.details()
	return w.out
}

// fault notes what is wrong with the cell of a column.
func (w *listRow) fault(column, hint string, err error) {
	w.fail(w.at[column], w.out.ID, hint, "%s: %w", column, err)
}

// words reads the columns that hold one text each.
func (w *listRow) words() {
	for column, to := range map[string]*string{"kind": (*string)(&w.out.Kind), "right": (*string)(&w.out.Right), "owner": &w.out.Owner} {
		cell := w.cells[column]
		if cell == "" {
			continue
		}
		if err, hint := limits["Rule."+column].checkText(cell); err != nil {
			if column == "kind" && nearest(cell, words(Kinds)) == "" {
				w.ownKind(cell)
			} else {
				w.fault(column, hint, err)
			}
			continue
		}
		*to = cell
		w.out.keys = append(w.out.keys, column)
	}
}

// ownKind warns, once per word, of a kind that is nothing like ours: users
// keep columns of that name for purposes of their own.
func (w *listRow) ownKind(cell string) {
	if w.ownKinds == nil {
		w.ownKinds = map[string]bool{}
	}
	if !w.ownKinds[cell] {
		w.ownKinds[cell] = true
		w.warn(Warning{Pos: w.at["kind"], Rule: w.out.ID, Check: "own-kind", Text: fmt.Sprintf("the kind %q is not one of ours and is not used; the term is taken as a trademark", shorten(cell))})
	}
}

// details reads the columns with a form of their own.
func (w *listRow) details() {
	for _, text := range split(w.cells["classes"]) {
		n, ok := wholeNumber(text)
		if !ok {
			w.fault("classes", "write them as 18;25", fmt.Errorf("%q is not a whole number", text))
			continue
		}
		if err := limits["Rule.classes"].checkInt(n); err != nil {
			w.fault("classes", "", err)
			continue
		}
		w.out.Classes = append(w.out.Classes, n)
	}
	if words := split(w.cells["replacement"]); len(words) > 0 {
		w.out.Replacements = Replacements{Preferred: words[0], Also: words[1:]}
	}
	if w.cells["why"] != "" {
		w.out.Why = Sentence{"en": w.cells["why"]}
	}
	if w.cells["misspellings"] != "" {
		on := w.yesNo("misspellings")
		w.out.Misspellings = &on
	}
	for column, key := range map[string]string{"classes": "classes", "replacement": "replacements", "why": "why", "misspellings": "misspellings"} {
		if w.cells[column] != "" {
			w.out.keys = append(w.out.keys, key)
		}
	}
}

// yesNo reads a cell that says yes or no; empty is no.
func (w *listRow) yesNo(column string) bool {
	switch strings.ToLower(w.cells[column]) {
	case "true", "yes", "y", "1", "x", "是":
		return true
	case "", "false", "no", "n", "0", "否":
		return false
	}
	w.fault(column, "write yes or no", fmt.Errorf("%q is not known", w.cells[column]))
	return false
}

// split parts a cell at semicolons, also full-width ones.
func split(cell string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '；' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// termKey is what two spellings of one term have in common: width, case and
// the number of spaces do not matter.
func termKey(term string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(term))), " ")
}

// slugRunes bounds the readable part of an id.
const slugRunes = 48

// slug makes a term into words joined by hyphens. Where that loses something
// (accents, signs, length) a hash of the term is added, so that the id depends
// on the term alone and two terms do not meet in one id.
func slug(term string) string {
	key := termKey(term)
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(key) {
		switch {
		case r >= 0x300 && r <= 0x36f: // a combining accent
		case unicode.IsDigit(r), unicode.IsLetter(r) && !unicode.IsUpper(r), unicode.IsMark(r) && b.Len() > 0 && !gap:
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	out := norm.NFC.String(b.String())
	if runes := []rune(out); len(runes) > slugRunes {
		out = strings.TrimRight(string(runes[:slugRunes]), "-")
	}
	if strings.ReplaceAll(out, "-", " ") == key {
		return out
	}
	sum := sha256.Sum256([]byte(key))
	return strings.TrimPrefix(out+"-"+hex.EncodeToString(sum[:4]), "-")
}

// nameList gives a list whose file is named like an earlier pack a name of its own.
func (m *merger) nameList(doc *document) {
	base := doc.Pack
	for n := 2; slices.ContainsFunc(m.packs, func(p Pack) bool { return p.Name == doc.Pack }); n++ {
		doc.Pack = fmt.Sprintf("%s-%d", base, n)
	}
}

// addRow merges one row of a list: a term that is there already gains the
// row's aliases and takes over the cells the row fills.
func (m *merger) addRow(doc *document, r *ruleKeys) {
	rule := Rule{ID: r.ID, Mark: r.Mark, Kind: Trademark, Tier: List, Pack: doc.Pack, Pos: r.Pos}
	old, known := m.rules[r.ID]
	if known {
		rule = *old
	}
	layOver(&rule, &r.Rule, r.keys)
	gained := 0
	for _, a := range r.Aliases {
		if !slices.ContainsFunc(rule.Aliases, func(b Alias) bool { return b.Text == a.Text }) {
			rule.Aliases = append(slices.Clip(rule.Aliases), a)
			gained++
		}
	}
	if known && gained == 0 {
		m.warn(Warning{Pos: r.Pos, Rule: r.ID, Check: "term-twice", Text: "this term stands already at " + rule.Pos.String() + "; the two rows are one rule"})
	}
	m.keep(&rule, r)
}

var errNoTable = errors.New("read list: the workbook holds no sheet with text")
