package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"sync"
	"time"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
)

// memory is the catalogue during a scan: what earlier scans found, and what
// this one adds.
type memory struct {
	cat     *catalog.Catalog
	scan    *catalog.Scan
	newOnly bool
	known   map[string]bool // stores scanned before

	mu     sync.Mutex
	hashes map[*scanner.Field][32]byte // by the listing's first field, between recall and take
}

// openMemory opens the catalogue of the run and says its first line.
func (a *app) openMemory(r *scanRun) (*memory, error) {
	dir := a.catalogDir()
	cat, err := catalog.Open(dir, catalog.Options{})
	if err != nil {
		return nil, err
	}
	m := &memory{cat: cat, newOnly: r.f.newOnly, hashes: map[*scanner.Field][32]byte{}}
	if err := a.greet(m, dir, r.asOf); err != nil {
		m.close()
		return nil, err
	}
	a.keepDecisions = importInto(cat, r.asOf)
	return m, nil
}

// startMemory begins the scan in the ledger, after the decisions of an earlier
// workbook were imported.
func (a *app) startMemory(r *scanRun) (err error) {
	m := r.memory
	if r.excuses, err = a.excuses(m.cat, r.asOf); err != nil {
		return err
	}
	r.excuses.WithSeasons(scanner.OutOfSeason(r.set))
	if r.decisions, err = m.cat.Decisions(); err != nil {
		return err
	}
	stores, complete := a.storesOf(r)
	m.scan, err = m.cat.Begin(catalog.ScanInfo{
		AsOf: r.asOf, Stores: stores, Complete: complete, Files: r.files,
		RuleSetSHA: r.set.SHA256, SettingsSHA: a.settingsHash(r), EngineVersion: scanner.Engine + " " + version(), Packs: packNames(r.set),
	})
	return err
}

func (a *app) greet(m *memory, dir, asOf string) error {
	scans, err := m.cat.Scans()
	if err != nil {
		return err
	}
	m.known = map[string]bool{}
	for _, s := range scans {
		for _, store := range s.Stores {
			m.known[store] = true
		}
	}
	if len(scans) == 0 {
		a.ui.note("cli.catalog.new", "dir", dir)
	} else {
		last := scans[len(scans)-1]
		a.ui.note("cli.catalog.age", "dir", dir, "date", last.AsOf, "days", daysBetween(last.AsOf, asOf))
	}
	lang, err := scanner.LanguageFor(a.common.lang)
	if err != nil {
		return err
	}
	for _, n := range m.cat.Notes(lang) {
		a.ui.line(n)
	}
	return nil
}

func daysBetween(from, to string) int {
	f, err1 := time.Parse(time.DateOnly, from)
	t, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(t.Sub(f).Hours() / 24)
}

// excusesThen are excuses for what the ledger holds: with the seasons of the
// rules in force.
func (a *app) excusesThen(cat *catalog.Catalog, asOf string) (*catalog.Excuses, error) {
	set, err := a.loadRules()
	if err != nil {
		return nil, err
	}
	x, err := a.excuses(cat, asOf)
	if err != nil {
		return nil, err
	}
	return x.WithSeasons(scanner.OutOfSeason(set)), nil
}

// excuses are the decisions of the catalogue and the authorisations of the settings.
func (a *app) excuses(cat *catalog.Catalog, asOf string) (*catalog.Excuses, error) {
	lang, err := scanner.LanguageFor(a.common.lang)
	if err != nil {
		return nil, err
	}
	var decisions []catalog.Decision
	if cat != nil {
		if decisions, err = cat.Decisions(); err != nil {
			return nil, err
		}
	}
	letters, err := a.authorisations()
	if err != nil {
		return nil, err
	}
	return catalog.NewExcuses(asOf, lang, decisions, letters), nil
}

// authorisations are those of the settings, or of the CSV that they name.
func (a *app) authorisations() ([]catalog.Authorisation, error) {
	written := a.settings.Authorisations
	if written.file == "" {
		var list []catalog.Authorisation
		for i := range written.list {
			list = append(list, written.list[i].authorisation())
		}
		return list, nil
	}
	path := a.settings.beside(written.file)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read authorisations: %w", err)
	}
	defer f.Close()
	return catalog.ReadAuthorisations(path, f)
}

// storesOf lists the stores the files are known to belong to beforehand.
func (a *app) storesOf(r *scanRun) (stores []string, complete bool) {
	complete = r.f.complete
	seen := map[string]bool{}
	for _, path := range r.files {
		store, all := a.settings.storeOf(path)
		complete = complete || all
		if store = firstOf(r.f.store, store); store != "" && !seen[store] {
			seen[store] = true
			stores = append(stores, store)
		}
	}
	sort.Strings(stores)
	return stores, complete
}

// recall answers from the ledger; safe for concurrent use.
func (m *memory) recall(l *scanner.Listing) ([]scanner.Finding, bool) {
	hash := catalog.ContentHash(l)
	if len(l.Fields) > 0 {
		m.mu.Lock()
		m.hashes[&l.Fields[0]] = hash
		m.mu.Unlock()
	}
	return m.scan.Lookup(l, hash)
}

// take records a listing as found, before anything excuses it.
func (m *memory) take(res *scanner.Result) error {
	if m.scan.Fresh() {
		return m.scan.Add(res, [32]byte{})
	}
	hash, ok := [32]byte{}, false
	if len(res.Listing.Fields) > 0 {
		key := &res.Listing.Fields[0]
		m.mu.Lock()
		hash, ok = m.hashes[key]
		delete(m.hashes, key)
		m.mu.Unlock()
	}
	if !ok {
		hash = catalog.ContentHash(&res.Listing)
	}
	return m.scan.Add(res, hash)
}

// compare fills the history of the report.
func (m *memory) compare(r *scanRun) error {
	h, err := m.scan.History(catalog.HistoryOptions{AsOf: r.asOf, Excuses: r.excuses})
	if err != nil {
		return err
	}
	r.sum.History = h
	if m.newOnly && r.failOn > scanner.None {
		r.failOnNew(h)
	}
	return nil
}

// commit enters the scan into the ledger; told says whether its report stands.
func (m *memory) commit(told bool) error {
	if told {
		m.scan.Reported()
	}
	_, err := m.scan.Commit()
	m.scan = nil
	return err
}

// failOnNew fails only for what is new since the last scan; in the first scan
// of a store everything there is becomes the baseline.
func (r *scanRun) failOnNew(h *scanner.History) {
	if h == nil {
		r.a.ui.note("cli.baseline")
		return
	}
	for _, list := range [][]scanner.Change{h.New, h.Back} {
		for _, c := range list {
			if c.Level >= r.failOn && r.memory.known[c.Store] {
				r.a.fail(exitFlagged)
			}
		}
	}
}

func (m *memory) index(ctx context.Context, u *ui) error {
	bar := u.counter("cli.progress.index")
	defer bar.finish()
	// Nobody waits for the index, and it allocates much: half the memory for a
	// tenth more time.
	if old := debug.SetGCPercent(100); old >= 0 && old < 100 {
		debug.SetGCPercent(old)
	} else {
		defer debug.SetGCPercent(old)
	}
	return m.cat.Index(ctx, bar.set)
}

func (m *memory) close() {
	if m.scan != nil {
		m.scan.Abandon()
	}
	m.cat.Close()
}

// importInto returns how decisions of a report get into the catalogue.
func importInto(cat *catalog.Catalog, on string) func([]writtenDecision) (int, error) {
	return func(found []writtenDecision) (int, error) {
		var list []catalog.Decision
		for _, d := range found {
			v, ok := catalog.ParseVerdict(d.Choice)
			if !ok {
				return 0, fmt.Errorf("row %d: no decision is called %q", d.Row, d.Choice)
			}
			list = append(list, catalog.Decision{Fingerprint: d.Fingerprint, Verdict: v, Reason: d.Reason, Person: d.Person,
				On: firstOf(d.On, on), Until: d.Until, Report: d.Report})
		}
		return cat.Decide(list...)
	}
}

// settingsHash names everything beside rules and engine that decides findings.
func (a *app) settingsHash(r *scanRun) string {
	return hashOf(a.common.lang, fmt.Sprint(a.marketplaces()), fmt.Sprint(a.settings.OwnBrands), fmt.Sprint(a.settings.Fields), fmt.Sprint(a.settings.points()), fmt.Sprint(a.settings.thresholds()), r.f.columns)
}
