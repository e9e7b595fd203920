package catalog

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// Verdict is what a person decided about a finding.
type Verdict string

// The verdicts. Accept and FalseAlarm excuse the finding, the others keep it open.
const (
	Fix         Verdict = "fix"
	Accept      Verdict = "accept"
	FalseAlarm  Verdict = "false alarm"
	AskSupplier Verdict = "ask supplier"
)

// Verdicts lists them in the order a drop-down shows.
var Verdicts = []Verdict{Fix, Accept, FalseAlarm, AskSupplier}

// ParseVerdict returns the verdict that s names in any language a report can be
// in, whatever its case and with - or _ for a space; and whether there is one.
func ParseVerdict(s string) (Verdict, bool) {
	plain := strings.NewReplacer("-", " ", "_", " ").Replace(strings.ToLower(strings.TrimSpace(s)))
	for _, v := range Verdicts {
		if plain == string(v) {
			return v, true
		}
		for _, tag := range scanner.Languages() {
			if l, err := scanner.LanguageFor(tag); err == nil && plain == strings.ToLower(v.Say(l)) {
				return v, true
			}
		}
	}
	return "", false
}

// Say returns the verdict's name in lang.
func (v Verdict) Say(lang *scanner.Language) string {
	return lang.Say("verdict." + strings.ReplaceAll(string(v), " ", "-"))
}

// DefaultDays is how long a decision holds when it names no end.
const DefaultDays = 180

// Decision is one person's verdict on one finding. The first seven fields are the
// caller's; the rest says what was decided on and is filled in by Decide.
type Decision struct {
	Fingerprint string
	Verdict     Verdict
	Reason      string
	Person      string
	On          string // YYYY-MM-DD
	Until       string // YYYY-MM-DD, last day it holds; "" means DefaultDays after On
	Report      string // YYYY-MM-DD, as-of date of the report it was written into; "" for none

	Store, ListingID, Rule, Mark, Text string
	Kind                               string
	Form                               scanner.Form
	Level                              scanner.Level // at the time
	Covers                             string        // hash of the texts it covers: a changed text re-opens the finding
}

// holds tells whether the decision is in force on a day.
func (d *Decision) holds(day string) bool { return d.On <= day && day <= d.Until }

// excuses tells whether the verdict takes the finding off the list.
func (d *Decision) excuses() bool { return d.Verdict == Accept || d.Verdict == FalseAlarm }

// Decide records decisions, all or none. Errors, joined: an unknown fingerprint,
// an unknown verdict, a date that is none, an end before its beginning, or
// nobody named. What the last decision on the finding says already, read from the
// same report, is not recorded again, whatever the day: reading an old report
// twice renews nothing. recorded is the number that was.
func (c *Catalog) Decide(decisions ...Decision) (recorded int, err error) {
	list := slices.Clone(decisions)
	wanted := map[string]*mention{}
	var errs []error
	for i := range list {
		errs = append(errs, list[i].check())
		wanted[list[i].Fingerprint] = nil
	}
	if err := errors.Join(errs...); err != nil {
		return 0, fmt.Errorf("decide: %w", err)
	}
	asOf, err := c.asOfs()
	if err != nil {
		return 0, fmt.Errorf("decide: %w", err)
	}
	err = c.update(func(tx *bbolt.Tx) error {
		if err := find(tx, wanted); err != nil {
			return err
		}
		for i := range list {
			m := wanted[list[i].Fingerprint]
			if m == nil {
				errs = append(errs, fmt.Errorf("no finding in this catalogue has the fingerprint %q", list[i].Fingerprint))
				continue
			}
			list[i].about(m)
			if changed := asOf[m.Covered]; list[i].Report != "" && changed > list[i].Report {
				list[i].Covers = outdated
			}
		}
		if err := errors.Join(errs...); err != nil {
			return err
		}
		recorded, err = record(tx, list)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("decide: %w", err)
	}
	return recorded, nil
}

// outdated stands for a text that is no longer there: it covers no other.
const outdated = "outdated"

// asOfs gives the date of every scan.
func (c *Catalog) asOfs() (map[int]string, error) {
	records, err := c.records()
	out := map[int]string{}
	for _, r := range records {
		out[r.ID] = r.AsOf
	}
	return out, err
}

// record appends the decisions that say something new.
func record(tx *bbolt.Tx, list []Decision) (recorded int, err error) {
	last := map[string]Decision{}
	bucket := tx.Bucket(decisionsBucket)
	err = eachDecision(tx, func(_ int, d Decision) error {
		last[d.Fingerprint] = d
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, d := range list {
		if repeats(d, last[d.Fingerprint]) {
			continue
		}
		last[d.Fingerprint] = d
		n, err := bucket.NextSequence()
		if err != nil {
			return recorded, err
		}
		if err := putJSON(bucket, numberKey(int(n)), d); err != nil {
			return recorded, err
		}
		recorded++
	}
	return recorded, nil
}

// repeats tells whether d says nothing that the last decision on its finding
// does not say. One read from a report has the day of its reading, which says
// nothing; one made by hand has the day it was made.
func repeats(d, last Decision) bool {
	if d == last {
		return true
	}
	same := d.Verdict == last.Verdict && d.Reason == last.Reason && d.Person == last.Person
	return same && d.Report != "" && d.Report == last.Report
}

func (d *Decision) check() error {
	if !slices.Contains(Verdicts, d.Verdict) {
		return fmt.Errorf("finding %q: verdict %q is none of fix, accept, false alarm, ask supplier", d.Fingerprint, d.Verdict)
	}
	if strings.TrimSpace(d.Person) == "" {
		return fmt.Errorf("finding %q: nobody is named who decided", d.Fingerprint)
	}
	on, err := time.Parse(time.DateOnly, d.On)
	if err != nil {
		return fmt.Errorf("finding %q: date %q is not YYYY-MM-DD", d.Fingerprint, d.On)
	}
	if d.Until == "" {
		d.Until = on.AddDate(0, 0, DefaultDays).Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, d.Until); err != nil {
		return fmt.Errorf("finding %q: end %q is not YYYY-MM-DD", d.Fingerprint, d.Until)
	}
	if d.Until < d.On {
		return fmt.Errorf("finding %q: it ends on %s, before it begins on %s", d.Fingerprint, d.Until, d.On)
	}
	return nil
}

// about fills in what the decision is on.
func (d *Decision) about(m *mention) {
	d.Store, d.ListingID, d.Rule, d.Mark, d.Text = m.Store, m.ID, m.Rule, m.Mark, m.Text
	d.Kind, d.Form, d.Covers = m.Kind, m.Form, m.Covers
	d.Level = scanner.Level(max(0, m.now()))
}

// find reads the mentions whose fingerprints are the keys of wanted.
func find(tx *bbolt.Tx, wanted map[string]*mention) error {
	cur := tx.Bucket(findingsBucket).Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		print := string(k[bytes.LastIndexByte(k, 0)+1:])
		if _, ok := wanted[print]; !ok {
			continue
		}
		m := &mention{}
		if err := json.Unmarshal(v, m); err != nil || len(m.Events) == 0 {
			return ledgerDamaged(fmt.Sprintf("a finding of %q cannot be read", k))
		}
		wanted[print] = m
	}
	return nil
}

// Decisions returns all decisions ever taken, oldest first. Several can be on
// one finding; the last that had been taken by a day is the one that counts.
func (c *Catalog) Decisions() ([]Decision, error) {
	var out []Decision
	err := c.view(func(tx *bbolt.Tx) error {
		return eachDecision(tx, func(_ int, d Decision) error {
			out = append(out, d)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	return out, nil
}

func eachDecision(tx *bbolt.Tx, fn func(n int, d Decision) error) error {
	return tx.Bucket(decisionsBucket).ForEach(func(k, v []byte) error {
		var d Decision
		if err := json.Unmarshal(v, &d); err != nil {
			return ledgerDamaged(err)
		}
		return fn(int(beUint64(k)), d)
	})
}

func beUint64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// coverHashes gives for every fingerprint of r a hash of the texts of the fields
// it stands in. A decision covers these very texts.
func coverHashes(r *scanner.Result) map[string]string {
	type cover struct {
		hash hash.Hash
		last int // field hashed last
	}
	covers := map[string]*cover{}
	for i := range r.Findings {
		f := &r.Findings[i]
		c := covers[f.Fingerprint]
		if c == nil {
			c = &cover{sha256.New(), -1}
			covers[f.Fingerprint] = c
		}
		if f.Field != c.last && f.Field >= 0 && f.Field < len(r.Listing.Fields) {
			c.last = f.Field
			hashStrings(c.hash, r.Listing.Fields[f.Field].Text)
		}
	}
	out := make(map[string]string, len(covers))
	for print, c := range covers {
		out[print] = hex.EncodeToString(c.hash.Sum(nil)[:8])
	}
	return out
}

// Precision counts, for one kind and form of finding, how often people found it right.
type Precision struct {
	Kind  string
	Form  scanner.Form
	Right int // fix, accept, ask supplier
	Wrong int // false alarm
}

// PrecisionOf sums up decisions by kind and form, sorted by both. The last
// decision on a finding counts. Below 20 findings it says nothing: nil.
func PrecisionOf(decisions []Decision) []Precision {
	last := map[string]Decision{}
	for _, d := range decisions {
		last[d.Fingerprint] = d
	}
	if len(last) < 20 {
		return nil
	}
	type group struct {
		kind string
		form scanner.Form
	}
	sums := map[group]*Precision{}
	for _, d := range last {
		g := group{d.Kind, d.Form}
		if sums[g] == nil {
			sums[g] = &Precision{Kind: d.Kind, Form: d.Form}
		}
		if d.Verdict == FalseAlarm {
			sums[g].Wrong++
		} else {
			sums[g].Right++
		}
	}
	out := make([]Precision, 0, len(sums))
	for _, p := range sums {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Precision) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Form, b.Form))
	})
	return out
}
