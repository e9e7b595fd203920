// Package table reads the files sellers export from their stores: it opens
// CSV, TSV, XLSX, HTML tables and feeds, recognises the marketplace by content,
// tells listings from rows, and yields scanner.Listing values whose fields know
// their column and row.
package table

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"sync/atomic"

	"prescreen/scanner"
)

// Options tunes Open; the zero value recognises everything by itself.
type Options struct {
	// Columns is role -> header cells as decoded. When set, these columns are
	// screened and no others. Roles: those of scanner.Roles, id, category,
	// supplier, url, image.
	Columns     map[string][]string
	Marketplace string            // of every listing; "" for the recognised platform
	Store       string            // of every listing; "" for the recognised platform
	Explain     bool              // FileFacts.Evidence also tells what was looked at and refused
	Language    *scanner.Language // of notes and refusals; nil for English
}

// File is an opened export: one table, or several in a workbook or ZIP. It is
// not safe for concurrent use.
type File struct {
	opt    Options
	lang   *scanner.Language
	source *counted
	size   int64
	opened []*container
	parts  []*part
	facts  []scanner.FileFacts
	making assembler
}

// part is one container: the file itself or one member of a ZIP.
type part struct {
	name   string
	tables []*table
	err    error // it cannot be checked; yielded as Unread
}

// table is one recognised sheet.
type table struct {
	sheet *sheet
	match *match
	notes []string // about the sheets that were not used
}

// Open recognises the file at path. Its error is a sentence that says, without
// the path, what the file is and which export to use instead: no text columns, an order or price
// report, a password, no sheets, a column of opt.Columns that is not there.
// Of a ZIP, members that cannot be checked are yielded by Listings as
// *scanner.Unread, unless none can.
func Open(path string, opt Options) (*File, error) {
	f := &File{opt: opt, lang: opt.Language}
	if f.lang == nil {
		english, err := scanner.LanguageFor("en")
		if err != nil {
			return nil, err
		}
		f.lang = english
	}
	if err := checkRoles(opt.Columns); err != nil {
		return nil, err
	}
	source, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, errors.Unwrap(err))
	}
	f.source = &counted{File: source}
	if err := f.plan(path); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func checkRoles(columns map[string][]string) error {
	roles := make([]string, 0, len(columns))
	for role := range columns {
		roles = append(roles, role)
	}
	slices.Sort(roles)
	for _, role := range roles {
		if !knownRole(role) {
			return fmt.Errorf("--columns: unknown role %q: use one of %v", role, roleNames())
		}
	}
	return nil
}

// plan opens the containers and recognises their sheets.
func (f *File) plan(path string) error {
	info, err := f.source.Stat()
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	if info.IsDir() {
		return errors.New(f.lang.Say("layout.folder", "file", path))
	}
	f.size = info.Size()
	f.opened, err = openContainer(path, f.source, f.size, containerOptions{})
	if err != nil {
		return f.word(err)
	}
	ls, err := layouts()
	if err != nil {
		return err
	}
	var failed error
	good := 0
	for _, c := range f.opened {
		p := &part{name: c.Name}
		if p.tables, p.err = f.planContainer(ls, c); p.err != nil && failed == nil {
			failed = p.err
		}
		if p.err == nil {
			good++
		}
		f.parts = append(f.parts, p)
	}
	if good == 0 && failed == nil {
		failed = errors.New(f.lang.Say("layout.empty"))
	}
	if good == 0 {
		return failed
	}
	return nil
}

// Close releases the file.
func (f *File) Close() error {
	for _, c := range f.opened {
		c.close()
	}
	return f.source.Close()
}

// Progress tells how much of the file Listings has read, in bytes of the file.
// It is a measure for a progress bar: a file that is read twice stays at its
// size. Safe to call while Listings runs.
func (f *File) Progress() (read, size int64) { return min(f.source.read.Load(), f.size), f.size }

// counted counts the bytes read from a file.
type counted struct {
	*os.File
	read atomic.Int64
}

// ReadAt reads and counts.
func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.File.ReadAt(p, off)
	c.read.Add(int64(n))
	return n, err
}

// Facts says how each used sheet was understood, in reading order. It is
// complete once Listings ran to its end.
func (f *File) Facts() []scanner.FileFacts { return f.facts }

// Listings yields the listings in the order of their first rows. Its errors are
// *scanner.Unread: a row, or with Row 0 a whole member, that could not be read;
// reading goes on. A file whose tables hold no listing at all yields one with
// the reason. It may be run once more; facts start afresh.
func (f *File) Listings() iter.Seq2[scanner.Listing, error] {
	return func(yield func(scanner.Listing, error) bool) {
		f.facts, f.making = nil, assembler{}
		f.source.read.Store(0)
		for _, p := range f.parts {
			if !f.readPart(p, yield) {
				return
			}
		}
	}
}

// readPart yields one part's listings; false to stop.
func (f *File) readPart(p *part, yield func(scanner.Listing, error) bool) bool {
	if p.err != nil {
		return yield(scanner.Listing{}, &scanner.Unread{File: p.name, Err: p.err})
	}
	listings, unread := 0, 0
	for _, t := range p.tables {
		facts, bad, ok := f.readTable(p.name, t, yield)
		f.facts = append(f.facts, facts)
		listings += facts.Listings
		unread += bad
		if !ok {
			return false
		}
	}
	if listings > 0 || unread > 0 {
		return true
	}
	return yield(scanner.Listing{}, &scanner.Unread{File: p.name, Sheet: p.tables[0].sheet.Name, Err: f.noListings(p)})
}

// noListings says that a part was recognised but holds nothing to screen, and
// which export does.
func (f *File) noListings(p *part) error {
	m, rows := p.tables[0].match, 0
	for _, facts := range f.facts[len(f.facts)-len(p.tables):] {
		rows += facts.Rows
	}
	id := "layout.no-rows"
	if rows > 0 {
		id = "layout.no-listings"
	}
	return errors.New(f.lang.Say(id, "platform", m.platform(), "row", m.header.row, "rows", rows,
		"use", m.shape.platform.Use.in(f.lang.Tag())))
}

// readTable yields one table's listings. It returns the facts, how many rows
// could not be read, and false when the consumer stopped.
func (f *File) readTable(name string, t *table, yield func(scanner.Listing, error) bool) (scanner.FileFacts, int, bool) {
	reader := newRowReader(t.match)
	listings, unread, going := 0, 0, true
	grouper := newGrouper(t.match.shape.Group, func(g *group) bool {
		l, ok := f.making.listing(g, t.match)
		if !ok {
			return true
		}
		listings++
		f.stamp(&l, name, t)
		going = yield(l, nil)
		return going
	}, reader.recycle)
	for rec, err := range t.sheet.stream() {
		if err != nil {
			unread++
			if going = yield(scanner.Listing{}, f.unreadRow(name, t.sheet.Name, err)); !going {
				break
			}
			continue
		}
		if row, ok := reader.read(rec); ok && !grouper.add(row) {
			break
		}
	}
	if going {
		grouper.end()
	}
	reader.orphans = grouper.orphans()
	return f.factsOf(name, t, reader, listings), unread, going
}

func (f *File) stamp(l *scanner.Listing, name string, t *table) {
	platform := t.match.platform()
	l.Origin.File, l.Origin.Sheet = name, t.sheet.Name
	l.Marketplace = first(f.opt.Marketplace, platform)
	l.Store = first(f.opt.Store, platform)
}

// unreadRow is a row that could not be read, or the rest of the sheet.
func (f *File) unreadRow(name, sheetName string, err error) *scanner.Unread {
	u := &scanner.Unread{File: name, Sheet: sheetName, Err: f.word(err)}
	var bad *rowError
	if errors.As(err, &bad) {
		u.Row, u.Line, u.Err = bad.Row, bad.Line, f.word(bad.Err)
	}
	return u
}
