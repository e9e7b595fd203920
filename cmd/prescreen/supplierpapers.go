package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"prescreen/rules"
	"prescreen/scanner"
)

const (
	tableName  = "suppliers.csv"
	copiedName = "copied-text.csv"

	suppliersShown = 20 // rows of the table on the terminal
	copiesShown    = 5  // copied texts on the terminal
	namedListings  = 20 // listings a letter names for one missing proof
)

func itoa(n int) string { return strconv.Itoa(n) }

// writeTable writes suppliers.csv: one row for each supplier.
func (b *supplierBook) writeTable() error {
	u := b.a.ui
	head := []string{}
	for _, id := range []string{"supplier", "listings", "risky"} {
		head = append(head, u.say("suppliers.col."+id))
	}
	for l := scanner.Critical; l >= scanner.Low; l-- {
		head = append(head, u.levelName(l))
	}
	head = append(head, u.say("suppliers.col.excused"))
	for _, k := range rules.Kinds {
		head = append(head, u.say("kind."+string(k)))
	}
	for _, id := range []string{"brands", "authorised", "ending", "ended", "missing", "no_design", "no_origin", "copied", "sheet"} {
		head = append(head, u.say("suppliers.col."+id))
	}
	rows := [][]string{head}
	for _, s := range b.sorted() {
		rows = append(rows, b.tableRow(s))
	}
	return writeTable(filepath.Join(b.dir, tableName), rows)
}

func (b *supplierBook) tableRow(s *supplier) []string {
	row := []string{s.name, itoa(s.listings), itoa(s.risky())}
	for l := scanner.Critical; l >= scanner.Low; l-- {
		row = append(row, itoa(s.levels[l]))
	}
	row = append(row, itoa(s.excused))
	for _, k := range rules.Kinds {
		row = append(row, itoa(s.kinds[string(k)]))
	}
	row = append(row,
		joinBrands(s.brandsWhere(func(*brand) bool { return true }), func(b *brand) string { return fmt.Sprintf("%s (%d)", b.mark, b.listings) }),
		joinBrands(s.brandsWhere(func(b *brand) bool { return b.valid }), func(b *brand) string { return strings.TrimSpace(b.mark + " " + b.until) }),
		joinBrands(s.ending(), func(b *brand) string { return b.mark + " " + b.until }),
		joinBrands(s.brandsWhere(func(b *brand) bool { return !b.valid && b.ended != "" }), func(b *brand) string { return b.mark + " " + b.ended }),
		joinBrands(s.missing(), func(b *brand) string { return b.mark }))
	design, origin := "", "" // unknown where the settings name no proofs
	if b.proofs != nil {
		design, origin = itoa(len(s.noDesign)), itoa(len(s.noOrigin))
	}
	return append(row, design, origin, itoa(s.copied), s.file)
}

func joinBrands(list []*brand, say func(*brand) string) string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = say(b)
	}
	return strings.Join(out, "; ")
}

// writeCopied writes copied-text.csv: every place of every text that more than
// one supplier or store uses. Without such a text there is no file.
func (b *supplierBook) writeCopied() error {
	if len(b.groups) == 0 {
		return nil
	}
	var head []string
	for _, id := range []string{"text", "alike", "supplier", "store", "id", "title", "file", "row", "column", "start"} {
		head = append(head, b.a.ui.say("suppliers.copied."+id))
	}
	rows := [][]string{head}
	for i, g := range b.groups {
		for _, s := range g.spots {
			rows = append(rows, []string{itoa(i + 1), itoa(g.alike), s.supplier, s.store, s.id, s.title, s.file, itoa(s.row), s.column, g.start})
		}
	}
	return writeTable(filepath.Join(b.dir, copiedName), rows)
}

// writeTable writes rows as CSV the way Excel opens it right: byte order mark,
// CRLF, no cell that could be a formula, hidden characters as codes.
func writeTable(path string, rows [][]string) error {
	return writeBeside(path, func(out io.Writer) error {
		if _, err := io.WriteString(out, "\uFEFF"); err != nil {
			return err
		}
		w := csv.NewWriter(out)
		w.UseCRLF = true
		for _, row := range rows {
			if err := w.Write(inertCells(row)); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	})
}

func inertCells(row []string) []string {
	safe := make([]string, len(row))
	for i, cell := range row {
		if safe[i] = plain(cell); safe[i] != "" && strings.ContainsRune("=+-@", rune(safe[i][0])) {
			safe[i] = "'" + safe[i]
		}
	}
	return safe
}

// letter is the text that goes with a sheet: what to change, what to send back.
func (b *supplierBook) letter(s *supplier) string {
	u := b.a.ui
	lines := []string{u.say("suppliers.letter.to", "supplier", plain(s.name)), ""}
	if s.risky() > 0 {
		lines = append(lines, u.say("suppliers.letter.change", "date", b.asOf, "risky", s.risky(), "listings", s.listings, "file", s.file))
	} else {
		lines = append(lines, u.say("suppliers.letter.nothing", "date", b.asOf, "listings", s.listings, "file", s.file))
	}
	if asks := b.asks(s); len(asks) > 0 {
		lines = append(lines, "", u.say("suppliers.letter.return"))
		for _, ask := range asks {
			lines = append(lines, "- "+plain(ask))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// asks are the papers the supplier is asked for.
func (b *supplierBook) asks(s *supplier) []string {
	u := b.a.ui
	var out []string
	for _, x := range s.missing() {
		id := "suppliers.ask.letter"
		if x.ended != "" && !x.valid {
			id = "suppliers.ask.ended"
		}
		out = append(out, u.say(id, "brand", x.mark, "listings", x.listings, "until", x.ended))
	}
	for _, x := range s.ending() {
		out = append(out, u.say("suppliers.ask.ending", "brand", x.mark, "until", x.until))
	}
	for _, part := range []struct {
		id    string
		marks map[string]bool
	}{{"suppliers.ask.claim", s.claims}, {"suppliers.ask.origin", s.origins}} {
		if len(part.marks) > 0 {
			out = append(out, u.say(part.id, "what", strings.Join(slices.Sorted(maps.Keys(part.marks)), "; ")))
		}
	}
	for _, part := range []struct {
		id  string
		ids []string
	}{{"suppliers.ask.no_design", s.noDesign}, {"suppliers.ask.no_origin", s.noOrigin}} {
		if n := len(part.ids); n > 0 {
			out = append(out, u.say(part.id, "count", n, "ids", u.some(part.ids)))
		}
	}
	if s.copied > 0 {
		out = append(out, u.say("suppliers.ask.copied", "count", s.copied))
	}
	return out
}

// some names the first of a list and counts the rest.
func (u *ui) some(ids []string) string {
	if len(ids) <= namedListings {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:namedListings], ", ") + ", " + u.say("report.and_more", "count", len(ids)-namedListings)
}

// suppliers prints the roll-up within 80 columns.
func (u *ui) suppliers(r *scanRun, b *supplierBook) {
	if u.quiet {
		u.unread(r)
		return
	}
	list := b.sorted()
	u.line(u.say("suppliers.counts", "suppliers", len(list), "listings", r.sum.Listings, "flagged", r.sum.Flagged))
	u.line("")
	u.supplierRow(scanner.None, u.say("suppliers.col.supplier"), u.say("suppliers.short.listings"), u.say("suppliers.short.risky"), u.levelName(scanner.Critical), u.levelName(scanner.High),
		u.say("suppliers.short.brands"), u.say("suppliers.short.missing"), u.say("suppliers.short.ending"))
	for _, s := range list[:min(len(list), suppliersShown)] {
		worst := scanner.None
		for l, n := range s.levels {
			if n > 0 {
				worst = max(worst, l)
			}
		}
		u.supplierRow(worst, s.name, itoa(s.listings), itoa(s.risky()), itoa(s.levels[scanner.Critical]), itoa(s.levels[scanner.High]),
			itoa(len(s.brands)), itoa(len(s.missing())), itoa(len(s.ending())))
	}
	if more := len(list) - suppliersShown; more > 0 {
		u.line("  " + u.say("suppliers.more", "count", more))
	}
	u.copies(b.groups)
	u.files(&r.sum)
	u.unread(r)
	u.line(u.say("cli.summary.not_checked", "what", strings.Join(r.sum.NotChecked, ", ")))
	if idle := len(list) - b.sheets; idle > 0 {
		u.line(u.say("suppliers.idle", "count", idle))
	}
	u.line(u.say("suppliers.written", "dir", plain(b.dir), "sheets", b.sheets))
}

// supplierRow prints a name and seven numbers or headings under one another.
func (u *ui) supplierRow(l scanner.Level, name string, cells ...string) {
	line := fitted(name, 24)
	if l > scanner.None {
		line = u.paint(l, line)
	}
	for i, c := range cells {
		line += runewidth.FillLeft(c, [...]int{9, 7, 9, 6, 7, 9, 8}[i])
	}
	u.line(line)
}

// copies lists the texts that stand with more than one supplier or store.
func (u *ui) copies(groups []copiedGroup) {
	if len(groups) == 0 {
		return
	}
	u.line("")
	u.line(u.say("suppliers.copied.head", "count", len(groups)))
	for _, g := range groups[:min(len(groups), copiesShown)] {
		u.line("  " + u.say("suppliers.copied.line", "listings", len(g.spots), "suppliers", g.suppliers, "stores", g.stores, "alike", g.alike))
		u.line("    " + runewidth.Truncate(plain(g.start), 75, "…"))
	}
}
