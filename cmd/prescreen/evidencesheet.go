package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/catalog"
	"prescreen/scanner/fold"
)

//go:embed evidence.html
var evidencePage string

// lettersFor keeps the authorisations that speak of the mark, named by itself
// or by its rule.
func lettersFor(all []catalog.Authorisation, e *catalog.Evidence) []catalog.Authorisation {
	names := map[string]bool{e.Mark: true}
	for _, l := range e.Listings {
		for _, m := range l.Mentions {
			names[m.Mark] = true
		}
	}
	var out []catalog.Authorisation
	for _, l := range all {
		for name := range names {
			if catalog.SameName(l.Brand, name) {
				out = append(out, l)
				break
			}
		}
	}
	return out
}

// evidenceSheet is the evidence as rows of text, for either format.
type evidenceSheet struct {
	Lang     string
	Title    string
	Facts    [][2]string // what, text
	Head     string
	HeadName string
	HeadNote string
	Tables   []evidenceTable
}

type evidenceTable struct {
	Name   string
	Header []string
	Widths []float64 // of the columns, in characters
	Rows   [][]string
}

// evidenceWriter makes the tables in the reader's language.
type evidenceWriter struct {
	*ui
	e *catalog.Evidence
}

// table makes an empty table; columns are message ids, each with its width.
func (w *evidenceWriter) table(name string, columns string) evidenceTable {
	t := evidenceTable{Name: w.say("evidence." + name)}
	for column := range strings.FieldsSeq(columns) {
		id, width, _ := strings.Cut(column, "=")
		n, err := strconv.ParseFloat(width, 64)
		if err != nil {
			n = 14
		}
		t.Header, t.Widths = append(t.Header, w.say("evidence."+id)), append(t.Widths, n)
	}
	return t
}

func newEvidenceSheet(u *ui, e *catalog.Evidence, letters []catalog.Authorisation) *evidenceSheet {
	w := &evidenceWriter{u, e}
	s := &evidenceSheet{Lang: u.lang.Tag(), Title: u.say("evidence.title", "mark", e.Mark), Head: e.Head, HeadName: u.say("evidence.record_hash"), HeadNote: u.say("evidence.head")}
	since := e.Since
	if since == "" {
		since = u.say("evidence.all")
	}
	s.Facts = [][2]string{{u.say("evidence.mark"), e.Mark}, {u.say("evidence.since"), since}, {u.say("evidence.listings"), strconv.Itoa(len(e.Listings))}}
	events, decisions := w.events()
	s.Tables = []evidenceTable{w.listings(), events, decisions, w.letters(letters), w.scans()}
	return s
}

// listings is one row a listing: how it was when it named the mark, and now.
func (w *evidenceWriter) listings() evidenceTable {
	t := w.table("concerned", "store id=18 listing=40 title_now=40 supplier=18 category=18 marketplace first last worst open=10")
	for i := range w.e.Listings {
		l := &w.e.Listings[i]
		first, last, open, worst := "", "", 0, scanner.None
		for _, m := range l.Mentions {
			for _, step := range m.Steps {
				if first == "" || step.Date < first {
					first = step.Date
				}
				last, worst = max(last, step.Date), max(worst, step.Level)
			}
			if n := len(m.Steps); n > 0 && m.Steps[n-1].What != "fixed" && m.Steps[n-1].What != "gone" {
				open++
			}
		}
		now := w.say("evidence.no_longer")
		if l.Now != nil {
			now = seenText(l.Now.Title())
		}
		t.Rows = append(t.Rows, []string{l.Store, l.ID, l.Title, now, l.Supplier, l.Category, l.Marketplace, first, last, w.levelName(worst), strconv.Itoa(open)})
	}
	return t
}

// events is one row for each change of a finding, with what its field holds
// now; decisions is one row for each decision about one.
func (w *evidenceWriter) events() (events, decisions evidenceTable) {
	events = w.table("events", "date=11 scan=7 what level=10 store id=18 role=12 text=24 form=16 use=16 rule=16 field_now=50")
	decisions = w.table("decisions", "date=11 verdict person=16 reason=40 until=11 store id=18 text=18")
	for i := range w.e.Listings {
		l := &w.e.Listings[i]
		for _, m := range l.Mentions {
			for _, x := range m.Steps {
				events.Rows = append(events.Rows, []string{x.Date, strconv.Itoa(x.Scan), w.say("evidence.step." + strings.ReplaceAll(x.What, " ", "_")), w.levelName(x.Level), l.Store, l.ID,
					w.say("role." + string(m.Role)), m.Text, w.say("form." + string(m.Form)), w.say("use." + string(m.Use)), m.Rule, w.fieldNow(l, m.Role)})
			}
			for _, d := range m.Decisions {
				decisions.Rows = append(decisions.Rows, []string{d.On, w.say("verdict." + string(d.Verdict)), d.Person, d.Reason, d.Until, l.Store, l.ID, m.Text})
			}
		}
	}
	return events, decisions
}

// mostOfField is how many bytes of a field stand in the table.
const mostOfField = 300

// fieldNow is what the listing's fields of a role hold as last exported.
func (w *evidenceWriter) fieldNow(l *catalog.EvidenceListing, role scanner.Role) string {
	if l.Now == nil {
		return w.say("evidence.no_longer")
	}
	var texts []string
	for i := range l.Now.Fields {
		if f := &l.Now.Fields[i]; f.Role == role && f.Text != "" {
			texts = append(texts, seenText(f.Text))
		}
	}
	return shortened(strings.Join(texts, " | "), mostOfField)
}

func seenText(text string) string {
	seen := fold.See(text)
	return strings.Join(strings.Fields(seen.Seen), " ")
}

func (w *evidenceWriter) letters(letters []catalog.Authorisation) evidenceTable {
	t := w.table("letters", "supplier=24 scope=24 from until document=40")
	for _, l := range letters {
		t.Rows = append(t.Rows, []string{l.Supplier, l.Scope, l.From, l.Until, l.Document})
	}
	return t
}

// scans is one row a scan, with what decided its findings and its place in the
// chain of records.
func (w *evidenceWriter) scans() evidenceTable {
	t := w.table("scans", "scan=7 date=11 stores=18 listings=10 packs=40 rules_hash=34 engine record_hash=34")
	for _, r := range w.e.Scans {
		t.Rows = append(t.Rows, []string{strconv.Itoa(r.ID), r.AsOf, strings.Join(r.Stores, ", "), strconv.Itoa(r.Listings), strings.Join(r.Packs, ", "), r.RuleSetSHA, r.EngineVersion, r.Hash})
	}
	return t
}

// page writes the tables as one HTML page; html/template escapes every value.
func (s *evidenceSheet) page(w io.Writer) error {
	t, err := template.New("evidence").Parse(evidencePage)
	if err != nil {
		return fmt.Errorf("write evidence page: %w", err)
	}
	return t.Execute(w, s)
}
