package report

import "prescreen/scanner"

// schema is the version of the public JSON contract. A field may be added
// under the same number; a changed or removed one needs the next.
const schema = 1

// The structs below are the public contract, key by key in order. Internal
// types stay free to change.

type runWire struct {
	Type        string     `json:"type"`
	Schema      int        `json:"schema"`
	Tool        string     `json:"tool"`
	Version     string     `json:"version"`
	AsOf        string     `json:"as_of"`
	Packs       []packWire `json:"packs"`
	Marketplace string     `json:"marketplace"`
}

type packWire struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	Rules   int    `json:"rules"`
}

type listingWire struct {
	Type     string        `json:"type"`
	File     string        `json:"file"`
	Sheet    string        `json:"sheet"`
	Rows     []int         `json:"rows"`
	Store    string        `json:"store"`
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Category string        `json:"category"`
	Supplier string        `json:"supplier"`
	Level    string        `json:"level"`
	Rights   int           `json:"rights"`
	Platform int           `json:"platform"`
	Findings []findingWire `json:"findings"`
	Notes    []string      `json:"notes,omitempty"` // only where work in this listing was bounded
}

type alsoWire struct {
	Rule string `json:"rule"`
	Mark string `json:"mark"`
}

type pointWire struct {
	Of     string `json:"of"`
	For    string `json:"for"`
	Points int    `json:"points"`
}

type findingWire struct {
	Rule         string      `json:"rule"`
	Mark         string      `json:"mark"`
	Also         []alsoWire  `json:"also"`
	Kind         string      `json:"kind"`
	Right        string      `json:"right"`
	Owner        string      `json:"owner"`
	Field        string      `json:"field"`
	Column       string      `json:"column"`
	Row          int         `json:"row"`
	Start        int         `json:"start"`
	End          int         `json:"end"`
	Text         string      `json:"text"`
	Form         string      `json:"form"`
	Use          string      `json:"use"`
	Certainty    int         `json:"certainty"`
	UseRisk      int         `json:"use_risk"`
	Rights       int         `json:"rights"`
	Platform     int         `json:"platform"`
	Level        string      `json:"level"`
	Points       []pointWire `json:"points"`
	Steps        []string    `json:"steps"`
	Why          string      `json:"why"`
	Advice       string      `json:"advice"`
	Replacements []string    `json:"replacements"`
	Preferred    string      `json:"preferred"`
	Excused      string      `json:"excused"`
	Fingerprint  string      `json:"fingerprint"`
}

type unreadWire struct {
	Type  string `json:"type"`
	File  string `json:"file"`
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
	Line  int    `json:"line"`
	Error string `json:"error"`
}

type levelsWire struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

type fileWire struct {
	File      string              `json:"file"`
	Platform  string              `json:"platform"`
	Container string              `json:"container"`
	Encoding  string              `json:"encoding"`
	Delimiter string              `json:"delimiter"`
	Sheet     string              `json:"sheet"`
	HeaderRow int                 `json:"header_row"`
	Columns   map[string][]string `json:"columns"`
	Rows      int                 `json:"rows"`
	Listings  int                 `json:"listings"`
	Notes     []string            `json:"notes"`
}

type summaryWire struct {
	Type       string     `json:"type"`
	Listings   int        `json:"listings"`
	Rows       int        `json:"rows"`
	Flagged    int        `json:"flagged"`
	Findings   int        `json:"findings"`
	Unread     int        `json:"unread"`
	Levels     levelsWire `json:"levels"`
	Files      []fileWire `json:"files"`
	NotChecked []string   `json:"not_checked"`
	ElapsedMS  int64      `json:"elapsed_ms"`
}

func wireRun(info scanner.RunInfo) runWire {
	packs := make([]packWire, 0, len(info.Packs))
	for _, p := range info.Packs {
		packs = append(packs, packWire(p))
	}
	market := info.Marketplace
	if market == "" {
		market = "auto"
	}
	return runWire{"run", schema, info.Tool, info.Version, info.AsOf, packs, market}
}

// wireListing gives the listing's line and whether it belongs in the output:
// with all every one does, else those with a finding that is shown.
func wireListing(r *scanner.Result, all bool) (listingWire, bool) {
	l := &r.Listing
	findings := make([]findingWire, 0, len(r.Findings))
	for i := range r.Findings {
		if f := &r.Findings[i]; all || shown(f) {
			findings = append(findings, wireFinding(f))
		}
	}
	out := listingWire{
		Type: "listing", File: l.Origin.File, Sheet: l.Origin.Sheet, Rows: list(l.Origin.Rows),
		Store: l.Store, ID: l.ID, Title: l.Title(), Category: l.Category, Supplier: l.Supplier,
		Level: r.Level.String(), Rights: r.Rights, Platform: r.Platform, Findings: findings, Notes: r.Notes,
	}
	return out, all || len(findings) > 0
}

func wireFinding(f *scanner.Finding) findingWire {
	also := make([]alsoWire, 0, len(f.Also))
	for _, a := range f.Also {
		also = append(also, alsoWire(a))
	}
	return findingWire{
		Rule: f.Rule, Mark: f.Mark, Also: also, Kind: f.Kind, Right: f.Right, Owner: f.Owner,
		Field: string(f.Role), Column: f.Column, Row: f.Row, Start: f.Span.Start, End: f.Span.End, Text: f.Text,
		Form: string(f.Form), Use: string(f.Use), Certainty: f.Certainty.Points, UseRisk: f.UseRisk.Points,
		Rights: f.Rights, Platform: f.Platform.Points, Level: f.Level.String(), Points: points(f),
		Steps: list(f.Steps), Why: f.Why, Advice: f.Advice, Replacements: list(f.Replacements),
		Preferred: f.Preferred, Excused: f.Excused, Fingerprint: f.Fingerprint,
	}
}

// points lays the three sums of a finding end to end, each point naming its sum.
func points(f *scanner.Finding) []pointWire {
	out := make([]pointWire, 0, len(f.Certainty.Parts)+len(f.UseRisk.Parts)+len(f.Platform.Parts))
	add := func(of string, s scanner.Score) {
		for _, p := range s.Parts {
			out = append(out, pointWire{of, p.For, p.Points})
		}
	}
	add("certainty", f.Certainty)
	add("use", f.UseRisk)
	add("platform", f.Platform)
	return out
}

func wireUnread(u scanner.Unread) unreadWire {
	return unreadWire{"unread", u.File, u.Sheet, u.Row, u.Line, cause(u)}
}

// cause is the reason a row was not read, never empty.
func cause(u scanner.Unread) string {
	if u.Err == nil {
		return "no reason given"
	}
	return u.Err.Error()
}

func wireSummary(s scanner.Summary) summaryWire {
	files := make([]fileWire, 0, len(s.Files))
	for _, f := range s.Files {
		columns := make(map[string][]string, len(f.Columns))
		for role, headers := range f.Columns {
			columns[role] = list(headers)
		}
		files = append(files, fileWire{f.File, f.Platform, f.Container, f.Encoding, f.Delimiter, f.Sheet,
			f.HeaderRow, columns, f.Rows, f.Listings, list(f.Notes)})
	}
	return summaryWire{
		Type: "summary", Listings: s.Listings, Rows: s.Rows, Flagged: s.Flagged, Findings: s.Findings, Unread: s.Unread,
		Levels: levelsWire{s.Levels[scanner.Critical], s.Levels[scanner.High], s.Levels[scanner.Medium], s.Levels[scanner.Low]},
		Files:  files, NotChecked: list(s.NotChecked), ElapsedMS: s.ElapsedMS,
	}
}

// list turns nil into an empty list, so that JSON never says null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
