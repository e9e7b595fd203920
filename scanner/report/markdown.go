package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"prescreen/scanner"
)

const (
	mdListings = 20 // worst listings shown
	mdUnread   = 10 // unread rows shown
	mdChanges  = 5  // changes shown per kind
	mdNotes    = 3  // notes shown per file
	mdGroups   = 10 // stores, suppliers and marks shown with their changes

	mdGroupName = 26 // columns of such a name
)

// markdown writes a short report for a pull request or a chat: counts, the
// worst listings with what to write instead, files, what was not checked.
type markdown struct {
	w     io.Writer
	words words
	tally *tally
	worst worst[mdRow]
	b     strings.Builder
}

type mdRow struct{ level, id, title, found, instead string }

func newMarkdown(w io.Writer, opt Options) Writer {
	return &markdown{w: w, words: words{opt.Lang}, worst: worst[mdRow]{n: mdListings}}
}

func (m *markdown) Begin(info scanner.RunInfo) error {
	m.tally = newTally(info)
	return nil
}

func (m *markdown) Result(r scanner.Result) error {
	m.tally.add(&r)
	if r.Level == scanner.None {
		return nil
	}
	of := rank(r.Level, r.Rights, r.Platform)
	if !m.worst.admits(of) {
		m.worst.skip()
		return nil
	}
	m.worst.add(of, m.row(&r))
	return nil
}

// row shows a listing by its worst finding and counts the others.
func (m *markdown) row(r *scanner.Result) mdRow {
	findings := shownFindings(r)
	row := mdRow{level: m.words.level(r.Level), id: cut(strings.TrimSpace(visible(r.Listing.ID)), 40), title: cut(titleOf(&r.Listing), 70)}
	if len(findings) == 0 {
		return row
	}
	top := topFinding(findings)
	row.found = cut(visible(top.Text), 40)
	if visible(top.Mark) != row.found {
		row.found += " (" + visible(top.Mark) + ")"
	}
	if more := len(findings) - 1; more > 0 {
		row.found += " " + m.words.Say("report.and_more", "count", grouped(more))
	}
	row.instead = cut(visible(m.words.instead(top)), 120)
	return row
}

func (m *markdown) Unread(u scanner.Unread) error {
	m.tally.miss(u)
	return nil
}

func (m *markdown) End(s scanner.Summary) error {
	m.tally.history = s.History
	m.head(s)
	m.history()
	m.listings()
	m.files(s)
	m.notChecked(s)
	m.foot()
	_, err := io.WriteString(m.w, m.b.String())
	return err
}

func (m *markdown) line(parts ...string) {
	for _, p := range parts {
		m.b.WriteString(p)
	}
	m.b.WriteByte('\n')
}

// item writes text after a prefix, wrapped so that a terminal shows it whole.
func (m *markdown) item(prefix string, parts ...string) {
	m.line(wrapLines(prefix, strings.Join(parts, "")))
}

func (m *markdown) head(s scanner.Summary) {
	say := m.words.Say
	m.line("# ", say("report.heading", "date", md(m.tally.info.AsOf)))
	m.line()
	m.item("", say("report.counts", "listings", grouped(s.Listings), "rows", grouped(s.Rows), "flagged", grouped(s.Flagged), "findings", grouped(s.Findings)))
	m.line()
	m.line(aligned(0,
		[]string{m.words.level(scanner.Critical), m.words.level(scanner.High), m.words.level(scanner.Medium), m.words.level(scanner.Low), say("report.excused"), say("report.unread")},
		[]string{grouped(s.Levels[scanner.Critical]), grouped(s.Levels[scanner.High]), grouped(s.Levels[scanner.Medium]), grouped(s.Levels[scanner.Low]), grouped(s.Excused), grouped(s.Unread)}))
	if len(s.Standing) > 0 {
		m.line()
	}
	for _, sentence := range s.Standing {
		m.item("- ", md(visible(sentence)))
	}
}

func (m *markdown) listings() {
	say, rows := m.words.Say, m.worst.sorted()
	if len(rows) == 0 {
		m.line("\n", say("report.nothing_found"))
		return
	}
	m.line("\n## ", say("report.worst_listings"))
	m.line()
	for i, r := range rows {
		number := strconv.Itoa(i+1) + ". "
		indent := strings.Repeat(" ", len(number))
		m.item(number, "**", r.level, "** ", md(r.id), " ", md(r.title))
		if r.found != "" {
			m.item(indent+"- ", say("report.words"), ": ", md(r.found))
			m.item(indent+"- ", say("report.instead"), ": ", md(r.instead))
		}
	}
	if left := m.worst.seen - len(rows); left > 0 {
		m.line()
		m.item("", say("report.more_listings", "count", grouped(left)))
	}
}

func (m *markdown) history() {
	h := m.tally.history
	if h == nil {
		return
	}
	m.line("\n## ", m.words.Say("report.since", "date", md(h.Since)))
	m.line()
	for _, part := range changeParts(h) {
		m.item("- ", m.words.Say("change."+part.name), ": **", grouped(len(part.changes)), "**", m.oldest(part))
		if part.name != "new" && part.name != "back" {
			continue
		}
		for _, c := range part.changes[:min(mdChanges, len(part.changes))] {
			m.item("  - ", m.words.level(c.Level), ": ", md(visible(c.Mark)), ", ", md(cut(visible(c.ListingID)+" "+titleText(c.Title), 80)))
		}
	}
	m.rollups(h)
}

// rollups shows the changes of the stores, suppliers and marks with most new
// ones. One name alone would repeat the counts above.
func (m *markdown) rollups(h *scanner.History) {
	for _, r := range rollups(h) {
		if len(r.tallies) < 2 {
			continue
		}
		heads := []string{m.words.Say("workbook.col." + r.name)}
		for _, id := range tallyHeads {
			heads = append(heads, m.words.Say("report.short."+id))
		}
		var rows [][]string
		for _, t := range r.tallies[:min(mdGroups, len(r.tallies))] {
			row := []string{md(runewidth.Truncate(strings.TrimSpace(m.words.orNone(t.Name)), mdGroupName, "…"))}
			for _, n := range tallyCounts(t) {
				row = append(row, grouped(n))
			}
			rows = append(rows, row)
		}
		m.line("\n", aligned(1, heads, rows...))
		if more := len(r.tallies) - len(rows); more > 0 {
			m.line()
			m.item("", m.words.Say("report.and_more", "count", grouped(more)))
		}
	}
}

// oldest says how long the oldest open finding has been open.
func (m *markdown) oldest(part changePart) string {
	days := 0
	for _, c := range part.changes {
		days = max(days, c.Days)
	}
	if days == 0 || part.name != "open" {
		return ""
	}
	return " (" + m.words.Say("report.oldest", "days", days) + ")"
}

func (m *markdown) files(s scanner.Summary) {
	if len(s.Files) == 0 {
		return
	}
	say := m.words.Say
	m.line("\n## ", say("report.files"))
	m.line()
	for _, f := range s.Files {
		name := visible(f.File)
		if f.Sheet != "" {
			name += " / " + visible(f.Sheet)
		}
		m.item("- ", say("report.file_line", "file", md(name), "platform", md(m.words.name("platform", f.Platform)),
			"rows", grouped(f.Rows), "listings", grouped(f.Listings)))
		for _, n := range f.Notes[:min(mdNotes, len(f.Notes))] {
			m.item("  - ", md(visible(n)))
		}
		if more := len(f.Notes) - mdNotes; more > 0 {
			m.item("  - ", say("report.and_more", "count", grouped(more)))
		}
	}
}

func (m *markdown) notChecked(s scanner.Summary) {
	notes := m.words.notChecked(m.tally, s)
	if len(notes) == 0 {
		return
	}
	m.line("\n## ", m.words.Say("report.not_checked"))
	m.line()
	for _, n := range notes {
		m.item("- ", md(n))
	}
	for _, u := range m.tally.unread[:min(mdUnread, len(m.tally.unread))] {
		m.item("  - ", md(m.words.place(u)), ": ", md(visible(cause(u))))
	}
	if more := m.tally.unreadAll - mdUnread; more > 0 {
		m.item("  - ", m.words.Say("report.and_more", "count", grouped(more)))
	}
}

func (m *markdown) foot() {
	info := m.tally.info
	var packs []string
	for _, p := range info.Packs {
		packs = append(packs, md(visible(strings.TrimSpace(p.Name+" "+p.Version)))+" `"+md(short(p.SHA256))+"`")
	}
	m.line()
	m.item("", m.words.Say("report.made_by", "tool", md(info.Tool), "version", md(info.Version), "packs", strings.Join(packs, ", ")))
}

// short gives the first twelve digits of a hash, enough to compare by eye.
func short(hash string) string { return hash[:min(12, len(hash))] }

var mdEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "#", "&#35;", "://", "&#58;//", "www.", "www&#46;",
	"\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "~", "\\~", "$", "\\$",
)

// md makes text inert in Markdown: no markup, table edge, HTML, link, mention
// or reference can come from it.
func md(s string) string { return mdEscapes.Replace(s) }
