package report

import "prescreen/scanner"

// pageData is everything the page's script knows, as data.js reads it.
type pageData struct {
	Lang     string                       `json:"lang"`
	Heading  string                       `json:"heading"`
	Run      pageRun                      `json:"run"`
	Say      map[string]string            `json:"say"`
	Names    map[string]map[string]string `json:"names"`
	Counts   pageCounts                   `json:"counts"`
	LeftOut  int                          `json:"left_out"`
	Texts    []string                     `json:"texts"`
	Listings [][]any                      `json:"listings"`
	Findings [][]any                      `json:"findings"`
	Groups   pageGroupings                `json:"groups"`
	Files    []pageFile                   `json:"files"`
	Standing []string                     `json:"standing"`
	Missing  []string                     `json:"not_checked"`
	Unread   []string                     `json:"unread"`
	Notes    []string                     `json:"notes"`
	History  *pageHistory                 `json:"history"`
}

type pageRun struct {
	Facts [][2]string `json:"facts"`
	Packs [][4]string `json:"packs"`
}

type pageCounts struct {
	Listings int    `json:"listings"`
	Rows     int    `json:"rows"`
	Flagged  int    `json:"flagged"`
	Findings int    `json:"findings"`
	Excused  int    `json:"excused"`
	Unread   int    `json:"unread"`
	Levels   levels `json:"levels"`
}

type pageGroupings struct {
	Suppliers []pageGroup `json:"suppliers"`
	Markets   []pageGroup `json:"markets"`
	Marks     []pageGroup `json:"marks"`
	Kinds     []pageGroup `json:"kinds"`
}

// pageGroup counts listings (of a supplier, marketplace or file) or findings
// (of a mark or kind) by level.
type pageGroup struct {
	Key      string   `json:"key"`
	Screened int      `json:"screened"`
	Levels   levels   `json:"levels"`
	Marks    []string `json:"marks"`
}

type pageFile struct {
	Name     string      `json:"name"`
	Platform string      `json:"platform"`
	Facts    [][2]string `json:"facts"`
}

type pageHistory struct {
	Since string           `json:"since"`
	Parts []pageChangePart `json:"parts"`
	Trend []pageTrend      `json:"trend"`

	Rollups   []pageRollup        `json:"rollups"`
	Suppliers []pageSupplierTrend `json:"suppliers"`
}

// pageRollup counts changes by store, supplier or mark.
type pageRollup struct {
	Heads []string `json:"heads"` // of the name and of each count
	Rows  [][]any  `json:"rows"`  // name and counts
	More  int      `json:"more"`  // rows left out
}

type pageSupplierTrend struct {
	Key   string      `json:"key"`
	Trend []pageTrend `json:"trend"`
}

type pageChangePart struct {
	Name    string  `json:"name"`
	Label   string  `json:"label"`
	Count   int     `json:"count"`
	Changes [][]any `json:"changes"` // level, mark, text, listing id, title, supplier, first seen, days
}

type pageTrend struct {
	Date   string `json:"date"`
	Levels levels `json:"levels"`
}

// data gathers what the page shows.
func (p *page) data(s scanner.Summary, script string) pageData {
	kept := p.worst.sorted()
	rows := p.rows()
	return pageData{
		Lang: p.words.Tag(), Heading: visible(p.words.Say("report.heading", "date", p.tally.info.AsOf)),
		Run: p.run(s), Say: p.sentences(script), Names: p.names(kept, p.tally.markets),
		Counts:  pageCounts{s.Listings, s.Rows, s.Flagged, s.Findings, s.Excused, s.Unread, levelsOf(s.Levels)},
		LeftOut: p.worst.seen - len(rows.findings),
		Texts:   list(rows.texts.texts), Listings: list(rows.listings), Findings: list(rows.findings),
		Groups: p.groups(), Files: p.files(s), Standing: visibleAll(s.Standing), Missing: p.words.notChecked(p.tally, s),
		Unread: p.unread(), Notes: p.notes(), History: p.history(),
	}
}

func levelsOf(m map[scanner.Level]int) (out levels) {
	for level, n := range m {
		if level >= scanner.None && level <= scanner.Critical {
			out[level] = n
		}
	}
	return out
}

func (p *page) run(s scanner.Summary) pageRun {
	info, say := p.tally.info, p.words.Say
	out := pageRun{Packs: [][4]string{}, Facts: [][2]string{
		{say("workbook.fact.tool"), visible(info.Tool + " " + info.Version)},
		{say("workbook.fact.as_of"), visible(info.AsOf)},
		{say("workbook.fact.marketplace"), p.words.name("platform", wireRun(info).Marketplace)},
		{say("workbook.fact.fail_on"), p.words.name("level", info.FailOn)},
		{say("workbook.fact.elapsed"), seconds(s.ElapsedMS)},
	}}
	for _, k := range info.Packs {
		out.Packs = append(out.Packs, [4]string{visible(k.Name), visible(k.Version), grouped(k.Rules), visible(k.SHA256)})
	}
	return out
}

func (p *page) groups() pageGroupings {
	byKind := map[string]*pageGroup{}
	var out pageGroupings
	marks := p.tally.byWeight()
	for _, m := range marks {
		k := byKind[m.Kind]
		if k == nil {
			k = &pageGroup{Key: m.Kind, Marks: []string{}}
			byKind[m.Kind] = k
		}
		for level, n := range m.Levels {
			k.Levels[level] += n
		}
	}
	for _, m := range most(marks, pageGroups) {
		out.Marks = append(out.Marks, pageGroup{Key: own(m.Mark, 120), Screened: m.Listings, Levels: m.Levels, Marks: []string{}})
	}
	kinds := groups{}
	for name, k := range byKind {
		kinds[name] = &group{Name: name, Levels: k.Levels}
	}
	out.Marks = list(out.Marks)
	out.Kinds, out.Suppliers = pageGroupsOf(kinds), pageGroupsOf(p.tally.suppliers)
	out.Markets = pageGroupsOf(p.tally.markets)
	return out
}

func pageGroupsOf(g groups) []pageGroup {
	out := []pageGroup{}
	for _, one := range most(g.sorted(), pageGroups) {
		marks := []string{}
		for _, m := range one.topMarks(6) {
			marks = append(marks, visible(m))
		}
		out = append(out, pageGroup{Key: own(one.Name, 120), Screened: one.Screened, Levels: one.Levels, Marks: marks})
	}
	return out
}

func (p *page) files(s scanner.Summary) []pageFile {
	out, say := []pageFile{}, p.words.Say
	for _, f := range s.Files {
		name := visible(f.File)
		if f.Sheet != "" {
			name += " / " + visible(f.Sheet)
		}
		file := pageFile{Name: name, Platform: p.words.name("platform", f.Platform)}
		fact := func(id, value string) {
			if value != "" {
				file.Facts = append(file.Facts, [2]string{say("workbook.col." + id), cut(visible(value), 2000)})
			}
		}
		fact("listings", grouped(f.Listings))
		fact("row_count", grouped(f.Rows))
		fact("container", f.Container)
		fact("encoding", f.Encoding)
		fact("delimiter", delimiter(f.Delimiter))
		fact("columns_used", p.words.columnsUsed(f.Columns))
		fact("file_notes", joined(f.Notes))
		fact("file_evidence", joined(f.Evidence))
		out = append(out, file)
	}
	return out
}

func (p *page) unread() []string {
	out := []string{}
	for _, u := range most(p.tally.unread, summaryUnread) {
		out = append(out, p.words.place(u)+": "+cut(visible(cause(u)), 400))
	}
	if more := p.tally.unreadAll - len(out); more > 0 {
		out = append(out, p.words.Say("report.and_more", "count", grouped(more)))
	}
	return out
}

func (p *page) notes() []string {
	out := []string{}
	for _, n := range most(p.tally.notes, summaryUnread) {
		out = append(out, cut(visible(n.File+" "+n.ID+": "+n.Text), 400))
	}
	if more := p.tally.notesAll - len(out); more > 0 {
		out = append(out, p.words.Say("report.and_more", "count", grouped(more)))
	}
	return out
}

func (p *page) history() *pageHistory {
	h := p.tally.history
	if h == nil {
		return nil
	}
	out := &pageHistory{Since: visible(h.Since), Trend: []pageTrend{}}
	for _, part := range changeParts(h) {
		one := pageChangePart{Name: part.name, Label: p.words.Say("change." + part.name), Count: len(part.changes), Changes: [][]any{}}
		for _, c := range most(part.changes, pageChanges) {
			one.Changes = append(one.Changes, []any{int(c.Level), own(c.Mark, 120), own(c.Text, 160), own(c.ListingID, 120),
				own(titleText(c.Title), 200), own(c.Supplier, 120), visible(c.FirstSeen), c.Days})
		}
		out.Parts = append(out.Parts, one)
	}
	out.Trend = pageTrends(h.Trend)
	out.Rollups = p.rollups(h)
	for _, t := range most(supplierTrends(h), pageTrendSuppliers) {
		out.Suppliers = append(out.Suppliers, pageSupplierTrend{own(t.supplier, 120), pageTrends(t.points[max(0, len(t.points)-pageTrendScans):])})
	}
	out.Suppliers = list(out.Suppliers)
	return out
}

func pageTrends(points []scanner.TrendPoint) []pageTrend {
	out := []pageTrend{}
	for _, t := range points {
		out = append(out, pageTrend{visible(t.Date), levelsOf(t.Levels)})
	}
	return out
}

// rollups gives the counts of the names with most new findings; one name alone
// would repeat the counts of the whole.
func (p *page) rollups(h *scanner.History) []pageRollup {
	out := []pageRollup{}
	for _, r := range rollups(h) {
		if len(r.tallies) < 2 {
			continue
		}
		one := pageRollup{Heads: []string{p.words.Say("workbook.col." + r.name)}}
		for _, id := range tallyHeads {
			one.Heads = append(one.Heads, p.words.Say("report.short."+id))
		}
		for _, t := range most(r.tallies, pageRollupRows) {
			row := []any{own(p.words.orNone(t.Name), 120)}
			for _, n := range tallyCounts(t) {
				row = append(row, n)
			}
			one.Rows = append(one.Rows, row)
		}
		one.More = len(r.tallies) - len(one.Rows)
		out = append(out, one)
	}
	return out
}

func visibleAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = cut(visible(t), 600)
	}
	return out
}
