package report

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"

	"prescreen/scanner"
)

// The page is one file: frame.html with the style, the scripts and the run's
// data put in. The scripts share one scope and are joined in this order.
//
//go:embed page
var pageFS embed.FS

var pageScripts = []string{"data.js", "select.js", "parts.js", "views.js", "charts.js", "keys.js"}

const (
	pageFindings = 10000    // worst findings the page holds
	pageBytes    = 11 << 20 // bytes of data it holds, so that the file stays below 12 MB
	pageGroups   = 2000     // suppliers and marks counted on the page
	pageChanges  = 200      // changes listed per kind

	pageRollupRows     = 200 // stores, suppliers and marks whose changes the page counts
	pageTrendSuppliers = 300 // suppliers whose trend is drawn
	pageTrendScans     = 12  // latest scans it shows
)

// page writes the HTML report. Only the worst findings are kept while the run
// passes, so memory does not grow with the catalogue.
type page struct {
	w     io.Writer
	words words
	tally *tally
	worst worst[*pageFinding]
	limit int // bytes of data
}

func newPage(w io.Writer, opt Options) Writer {
	return &page{w: w, words: words{opt.Lang}, worst: worst[*pageFinding]{n: pageFindings}, limit: pageBytes}
}

func (p *page) Begin(info scanner.RunInfo) error {
	p.tally = newTally(info)
	return nil
}

func (p *page) Result(r scanner.Result) error {
	p.tally.add(&r)
	var listing *pageListing
	for i := range r.Findings {
		f := &r.Findings[i]
		if !shown(f) {
			continue
		}
		of := findingRank(f)
		if !p.worst.admits(of) {
			p.worst.skip()
			continue
		}
		if listing == nil {
			listing = p.listing(&r)
		}
		p.worst.add(of, p.finding(&r.Listing, f, listing))
	}
	return nil
}

func (p *page) Unread(u scanner.Unread) error {
	p.tally.miss(u)
	return nil
}

func (p *page) End(s scanner.Summary) error {
	p.tally.history = s.History
	frame, err := pageFS.ReadFile("page/frame.html")
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	style, script, err := pageAssets()
	if err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	before, after, ok := strings.Cut(string(frame), "{{data}}")
	if !ok {
		return fmt.Errorf("write page: the frame has no place for the data")
	}
	fill := strings.NewReplacer("{{lang}}", html.EscapeString(p.words.Tag()),
		"{{title}}", html.EscapeString(visible(p.words.Say("report.heading", "date", p.tally.info.AsOf))),
		"{{noscript}}", html.EscapeString(p.words.Say("page.no_script")),
		"{{style-hash}}", digest(style), "{{script-hash}}", digest(script), "{{style}}", style, "{{script}}", script)
	out := bufio.NewWriterSize(p.w, 1<<16)
	if _, err = out.WriteString(fill.Replace(before)); err != nil {
		return err
	}
	// The default encoder writes <, > and & as escapes: no text can end the
	// element the data stands in.
	if err = json.NewEncoder(out).Encode(p.data(s, script)); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if _, err = out.WriteString(fill.Replace(after)); err != nil {
		return err
	}
	return out.Flush()
}

// pageAssets gives the style and the joined scripts.
func pageAssets() (style, script string, err error) {
	css, err := pageFS.ReadFile("page/style.css")
	if err != nil {
		return "", "", err
	}
	var b strings.Builder
	b.WriteString("(function () {\n")
	for _, name := range pageScripts {
		js, err := pageFS.ReadFile("page/" + name)
		if err != nil {
			return "", "", err
		}
		b.Write(js)
	}
	b.WriteString("})();\n")
	return string(css), b.String(), nil
}

// digest is what the page's content policy names its one style and script by.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// said finds the message ids a script asks for, without their prefix.
var said = regexp.MustCompile(`\bsay\("([a-z_]+)"`)

// sentences gives every message the script asks for.
func (p *page) sentences(script string) map[string]string {
	out := map[string]string{}
	for _, m := range said.FindAllStringSubmatch(script, -1) {
		out[m[1]] = p.words.Say("page." + m[1])
	}
	return out
}

// pageListing is a listing as the page shows it; index is its place in the
// data once it has one.
type pageListing struct {
	id, title, supplier, marketplace, store, category, file, sheet, rows, url string
	level                                                                     scanner.Level
	index                                                                     int
}

func (p *page) listing(r *scanner.Result) *pageListing {
	l := &r.Listing
	url := visible(l.URL)
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		url = ""
	}
	return &pageListing{
		id: own(l.ID, 200), title: own(titleOf(l), 300), supplier: own(l.Supplier, 120), marketplace: own(l.Marketplace, 120),
		store: own(l.Store, 120), category: own(l.Category, 160), file: own(l.Origin.File, 200), sheet: own(l.Origin.Sheet, 60),
		rows: cut(ranges(l.Origin.Rows), 60), url: own(url, 500), level: r.Level, index: -1,
	}
}

// pageFinding is a finding as the page shows it.
type pageFinding struct {
	listing                *pageListing
	finding                scanner.Finding // its numbers; the texts below are copies
	at                     evidence
	mark, owner, column    string
	why, advice            string
	preferred, excused     string
	source                 string
	others, steps, also    []string
	certainty, use, strike []scanner.Point
}

// finding copies what the page shows of f, so that the listing's text can go.
func (p *page) finding(l *scanner.Listing, f *scanner.Finding, on *pageListing) *pageFinding {
	e := evidenceIn(l, f)
	out := &pageFinding{listing: on, finding: scanner.Finding{
		Rule: f.Rule, Kind: f.Kind, Right: f.Right, Form: f.Form, Use: f.Use, Role: f.Role, Level: f.Level, Rights: f.Rights, Row: f.Row,
		Certainty: scanner.Score{Points: f.Certainty.Points}, UseRisk: scanner.Score{Points: f.UseRisk.Points}, Platform: scanner.Score{Points: f.Platform.Points}},
		at:   evidence{strings.Clone(e.Before), strings.Clone(e.Hit), strings.Clone(e.After)},
		mark: own(f.Mark, 120), owner: own(f.Owner, 160), column: own(f.Column, 80), why: own(f.Why, 600), advice: own(f.Advice, 600),
		preferred: own(f.Preferred, 300), excused: own(f.Excused, 300), source: own(f.Source, 300),
		certainty: f.Certainty.Parts, use: f.UseRisk.Parts, strike: f.Platform.Parts,
	}
	for _, r := range f.Replacements {
		if r != f.Preferred {
			out.others = append(out.others, own(r, 300))
		}
	}
	for _, s := range f.Steps {
		out.steps = append(out.steps, own(s, 200))
	}
	for _, a := range f.Also {
		out.also = append(out.also, own(a.Mark, 120))
	}
	return out
}

// own is a copy of s to show, at most n graphemes long.
func own(s string, n int) string { return strings.Clone(cut(visible(within(s, 8*n)), n)) }

// interner gives each different text a number; the page's data names texts by it.
type interner struct {
	at    map[string]int
	texts []string
	bytes int
}

func (in *interner) put(s string) int {
	if at, ok := in.at[s]; ok {
		return at
	}
	if in.at == nil {
		in.at = map[string]int{}
	}
	at := len(in.texts)
	in.at[s], in.texts = at, append(in.texts, s)
	in.bytes += jsonSize(s)
	return at
}

func (in *interner) all(list []string) []int {
	out := make([]int, len(list))
	for i, s := range list {
		out[i] = in.put(s)
	}
	return out
}

// jsonSize is how many bytes s takes in the data, quotes and comma included.
func jsonSize(s string) int {
	n := len(s) + 3
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<', '>', '&':
			n += 5
		case '"', '\\':
			n++
		}
	}
	return n
}

// rows packs listings and findings as lists of numbers, worst first, until the
// data is full.
type pageRows struct {
	texts    interner
	listings [][]any
	findings [][]any
}

// rowBytes is more than the numbers of one finding and its listing take.
const rowBytes = 260

func (p *page) rows() pageRows {
	var out pageRows
	for _, f := range p.worst.sorted() {
		if out.texts.bytes+rowBytes*len(out.findings) > p.limit {
			break
		}
		if f.listing.index < 0 {
			f.listing.index = len(out.listings)
			out.listings = append(out.listings, out.listing(f.listing))
		}
		out.findings = append(out.findings, out.finding(p.words, f))
	}
	return out
}

// listing packs l; data.js reads the same order.
func (r *pageRows) listing(l *pageListing) []any {
	t := &r.texts
	return []any{t.put(l.id), t.put(l.title), t.put(l.supplier), t.put(l.marketplace), t.put(l.store), t.put(l.category),
		t.put(l.file), t.put(l.sheet), t.put(l.rows), t.put(l.url), int(l.level)}
}

// finding packs f; data.js reads the same order.
func (r *pageRows) finding(w words, p *pageFinding) []any {
	t, f := &r.texts, &p.finding
	return []any{p.listing.index, int(f.Level), t.put(f.Rule), t.put(p.mark), t.put(f.Kind), t.put(f.Right), t.put(p.owner),
		t.put(string(f.Form)), t.put(string(f.Use)), t.put(string(f.Role)), t.put(p.column), f.Row,
		t.put(p.at.Before), t.put(p.at.Hit), t.put(p.at.After),
		f.Rights, f.Platform.Points, f.Certainty.Points, f.UseRisk.Points,
		t.put(p.why), t.put(p.advice), t.put(p.preferred), t.all(p.others), t.all(p.steps), t.all(p.also), t.put(p.excused),
		[]any{r.points(w, p.certainty), r.points(w, p.use), r.points(w, p.strike)}, t.put(p.source)}
}

func (r *pageRows) points(w words, parts []scanner.Point) []int {
	out := make([]int, 0, 2*len(parts))
	for _, p := range parts {
		out = append(out, r.texts.put(w.point(p.For)), p.Points)
	}
	return out
}

// names gives the words for every value in the data, by group.
func (p *page) names(rows []*pageFinding, markets groups) map[string]map[string]string {
	out := map[string]map[string]string{}
	add := func(group, value string) {
		if out[group] == nil {
			out[group] = map[string]string{}
		}
		if value != "" {
			out[group][value] = p.words.name(group, value)
		}
	}
	for level := scanner.None; level <= scanner.Critical; level++ {
		add("level", level.String())
	}
	for _, f := range rows {
		add("kind", f.finding.Kind)
		add("right", f.finding.Right)
		add("form", string(f.finding.Form))
		add("use", string(f.finding.Use))
		add("role", string(f.finding.Role))
	}
	for _, m := range p.tally.marks {
		add("kind", m.Kind)
	}
	for name := range markets {
		add("platform", name)
	}
	return out
}

// most returns the first n of list.
func most[T any](list []T, n int) []T { return slices.Clip(list[:min(n, len(list))]) }
