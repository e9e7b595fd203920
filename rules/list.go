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
	tables, errs := readTables(file, data, warn)
	doc := &document{file: file, sha256: hashOf(data), list: true, at: map[string]Pos{}}
	doc.Pack = slug(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	doc.Tier = List
	l := &listReader{doc: doc, warn: warn, errs: errs, warned: map[string]bool{}}
	l.bare = !slices.ContainsFunc(tables, func(t table) bool { at, _ := findHeader(t.rows); return at >= 0 })
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

	bare   bool            // no sheet has a header, so rows may be bare terms
	ours   map[string]bool // columns of this sheet under our own name for them
	warned map[string]bool // what was warned of once
	parted bool            // the cells of this sheet hold several terms each
}

// fail notes a fault.
func (l *listReader) fail(p Pos, rule, hint, format string, args ...any) {
	l.errs = append(l.errs, &Error{Pos: p, Rule: rule, Err: fmt.Errorf(format, args...), Hint: hint})
}

// table reads one sheet; false means that it has no column of terms.
func (l *listReader) table(t table) bool {
	head, rank := findHeader(t.rows)
	if head < 0 && l.bare && len(t.rows) > 0 && bareTable(t.rows) {
		l.bareTerms(t)
		return true
	}
	if head < 0 {
		return false
	}
	for _, r := range t.rows[:head] {
		l.warn(Warning{Pos: r.at(0), Check: "above-header", Text: "this row stands above the header and is not read"})
	}
	columns := l.header(t.rows[head], rank)
	l.parted = holdSeveral(t.rows[head+1:], slices.Index(columns, "term"))
	l.doc.rules = slices.Grow(l.doc.rules, len(t.rows))
	for _, r := range t.rows[head+1:] {
		l.row(columns, r)
	}
	return true
}

// bareTable tells whether rows without a header are terms: one in each row, or
// all of them in the one row there is, parted by commas.
func bareTable(rows []tableRow) bool {
	return len(rows[0].cells) == 1 || len(rows) == 1 && len(splitTerms(strings.Join(rows[0].cells, ","))) > 1
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

// header gives our name for the column of each cell, "" for one that is not used.
func (l *listReader) header(r tableRow, rank int) []string {
	columns := make([]string, len(r.cells))
	l.ours = map[string]bool{}
	for i, cell := range r.cells {
		name, column := columnName(cell), headerColumn(cell, rank)
		switch {
		case name == "":
		case column == "":
			l.warn(Warning{Pos: r.at(i), Check: "unused-column", Text: fmt.Sprintf("the column %q is not used; %s", strings.TrimSpace(cell), nearestHint(name, listColumns))})
		case slices.Contains(columns, column) && name == column:
			l.fail(r.at(i), "", "", "the column %q stands twice", name)
		case slices.Contains(columns, column):
			l.warn(Warning{Pos: r.at(i), Check: "unused-column", Text: fmt.Sprintf("the column %q is not used: another one is the %s already", strings.TrimSpace(cell), column)})
		default:
			columns[i], l.ours[column] = column, name == column
		}
	}
	l.named(r, columns, rank)
	return columns
}

// named tells which columns were recognised under another name than ours.
func (l *listReader) named(r tableRow, columns []string, rank int) {
	var taken []string
	for i, column := range columns {
		if column != "" && columnName(r.cells[i]) != column {
			taken = append(taken, fmt.Sprintf("%q as %s", strings.TrimSpace(r.cells[i]), column))
		}
	}
	if rank != termHeader && len(taken) > 0 {
		l.warn(Warning{Pos: r.at(0), Check: "header", Text: "this row is taken as the header: " + strings.Join(taken, ", ")})
	}
}

// holdSeveral tells whether the cells of a column hold several terms each: at
// least every second does. A comma in one of many cells belongs to its term.
func holdSeveral(rows []tableRow, column int) bool {
	filled, several := 0, 0
	for _, r := range rows {
		if column < 0 || column >= len(r.cells) {
			continue
		}
		if n := len(splitTerms(r.cells[column])); n > 0 {
			filled++
			if n > 1 {
				several++
			}
		}
	}
	return several > 0 && 2*several >= filled
}

// bareTerms reads a table without header: one term per row, or one row of terms.
func (l *listReader) bareTerms(t table) {
	l.doc.rules = slices.Grow(l.doc.rules, len(t.rows))
	l.parted = holdSeveral(t.rows, 0) || len(t.rows) == 1
	for _, r := range t.rows {
		switch {
		case len(t.rows) == 1 && len(r.cells) > 1:
			l.row([]string{"term"}, tableRow{[]string{strings.Join(r.cells, ",")}, r.at})
		case len(r.cells) != 1:
			l.fail(r.at(1), "", "add a header row with a column named term", "this row has %d cells, but the list has no header and one term per line", len(r.cells))
		default:
			l.row([]string{"term"}, r)
		}
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
		if columns[i] != "" && cell != "" && (columns[i] == "term" || !isNothing(cell)) {
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
	terms := []string{row.cells["term"]}
	if l.parted {
		if terms = splitTerms(row.cells["term"]); len(terms) > 1 {
			l.severalTerms(r.at(0), len(terms))
		}
	}
	for _, term := range terms {
		switch {
		case hasWord(term):
		case len(terms) > 1: // a bracket left over between two signs that part terms
			continue
		default:
			l.fail(row.at["term"], "", "", "term %q has no letter or digit to look for", term)
			continue
		}
		row.cells["term"] = term
		l.doc.rules = append(l.doc.rules, row.rule())
	}
}

// severalTerms warns, once per list, that a cell is taken apart.
func (l *listReader) severalTerms(at Pos, n int) {
	if !l.warned["several-terms"] {
		l.warned["several-terms"] = true
		l.warn(Warning{Pos: at, Check: "several-terms", Text: fmt.Sprintf("this cell holds %d terms; each is a rule of its own, here and below", n)})
	}
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
	for _, text := range splitTerms(w.cells["aliases"]) {
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
	w.word("kind", (*string)(&w.out.Kind))
	w.word("right", (*string)(&w.out.Right))
	w.word("owner", &w.out.Owner)
	w.word("number", &w.out.Number)
	w.word("source", &w.out.Source)
}

// word reads a column that holds one text.
func (w *listRow) word(column string, to *string) {
	cell := w.cells[column]
	if cell == "" {
		return
	}
	if err, hint := limits["Rule."+column].checkText(cell); err != nil {
		if column == "kind" && nearest(cell, words(Kinds)) == "" {
			w.ownWord("kind", cell, "the term is taken as a trademark")
		} else {
			w.fault(column, hint, err)
		}
		return
	}
	*to = cell
	w.out.keys = append(w.out.keys, column)
}

// details reads the columns with a form of their own.
func (w *listRow) details() {
	w.classes()
	w.severity()
	w.ground()
	w.places()
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
	for column, key := range map[string]string{"replacement": "replacements", "why": "why", "misspellings": "misspellings"} {
		if w.cells[column] != "" {
			w.out.keys = append(w.out.keys, key)
		}
	}
}

// classes reads the Nice classes. Under a header of other people's, words are
// no fault: they keep groups of goods there.
func (w *listRow) classes() {
	cell := w.cells["classes"]
	numbers, bad := classNumbers(cell)
	for _, n := range numbers {
		if err := limits["Rule.classes"].checkInt(n); err != nil {
			w.fault("classes", "", err)
			return
		}
	}
	switch {
	case bad != "" && (w.ours["classes"] || strings.ContainsFunc(bad, unicode.IsDigit)):
		w.fault("classes", "write them as 18;25", fmt.Errorf("%q is not a whole number", bad))
	case bad != "":
		w.ownWord("classes", cell, "write numbers as 18;25")
	case numbers != nil:
		w.out.Classes = numbers
		w.out.keys = append(w.out.keys, "classes")
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
	m.trace.rule(doc, r, known)
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
