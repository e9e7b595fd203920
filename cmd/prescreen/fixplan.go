package main

import (
	"cmp"
	"slices"
	"strings"

	"prescreen/scanner"
)

// plan is what fix does to one listing, and what it leaves.
type plan struct {
	result  scanner.Result // as read; findings as judged
	changes []change       // in field order
	left    []leftover
	level   scanner.Level // of the listing once the changes are made
}

// change is one finding corrected.
type change struct {
	scanner.Replacement
	finding  int  // index into result.Findings
	deletes  bool // the words go, with what their going leaves of no use
	reworded bool // the name stays, in a form the marketplace accepts
}

// leftover is one finding left to a person.
type leftover struct {
	finding int
	reason  string // message id
}

// planner works out plans. It belongs to one goroutine.
type planner struct {
	scanner *scanner.Scanner
	screen  func(scanner.Listing) scanner.Result
	excuse  func(*scanner.Result)
	least   scanner.Level
	picks   picks
}

// plan works out what to do to one screened listing.
func (p *planner) plan(res *scanner.Result) (*plan, error) {
	out := &plan{result: *res, level: res.Level}
	asked := *res
	asked.Findings = slices.Clone(res.Findings)
	deleted, err := p.picks.take(&asked, p.least)
	if err != nil {
		return nil, err
	}
	changes, left := p.scanner.Fix(&asked, p.least)
	for _, c := range changes {
		i := findingOf(res, c.Field, c.Rule, c.Span.End)
		inSentence(&c, &asked.Findings[i], res.Listing.Fields[c.Field].Text)
		out.changes = append(out.changes, change{Replacement: c, finding: i})
	}
	for _, l := range left {
		f := &l.Finding
		i := findingOf(res, f.Field, f.Rule, f.Span.End)
		if c, ok := p.instead(res, i, l.Reason, deleted); ok {
			out.changes = append(out.changes, c)
		} else {
			out.left = append(out.left, leftover{i, l.Reason})
		}
	}
	p.settle(out)
	return out, nil
}

// findingOf returns the index of the finding of a rule that ends at a byte of a
// field. Fix may let a change begin before its finding, never end elsewhere.
func findingOf(res *scanner.Result, field int, rule string, end int) int {
	return max(0, slices.IndexFunc(res.Findings, func(f scanner.Finding) bool {
		return f.Field == field && f.Rule == rule && f.Span.End == end
	}))
}

// instead finds a change for a finding that has no word to take its place: it
// is deleted where a person picked that, and put into the marketplace's form
// where the text states compatibility.
func (p *planner) instead(res *scanner.Result, i int, reason string, deleted map[int]bool) (change, bool) {
	f := &res.Findings[i]
	switch {
	case untouchable[reason]:
	case deleted[i] && !strings.ContainsAny(f.Text, "<>"):
		c := scanner.Replacement{Field: f.Field, Span: f.Span, Old: f.Text, Rule: f.Rule, Mark: f.Mark, Level: f.Level}
		return change{Replacement: c, finding: i, deletes: true}, true
	case reason == "fix.left.choice" || reason == "fix.left.compatible":
		if c, ok := formulaFor(res, f); ok {
			return change{Replacement: c, finding: i, reworded: true}, true
		}
	}
	return change{}, false
}

// untouchable are the reasons for which a listing is not reworded at all.
var untouchable = map[string]bool{"fix.left.counterfeit": true, "fix.left.imitation": true, "fix.left.disguise": true}

// settle takes changes back until those that stay hold together: none overlaps
// another, no title gets too long or empty, the rows of a listing change alike,
// and a screening finds nothing new and nothing that was to be corrected.
func (p *planner) settle(out *plan) {
	for n := -1; n != len(out.changes); {
		n = len(out.changes)
		out.apart()
		p.measure(out)
		out.together()
		p.prove(out)
	}
	slices.SortFunc(out.left, func(a, b leftover) int { return cmp.Compare(a.finding, b.finding) })
}

// compact lets go of what a plan without changes no longer needs: texts in
// which nothing is left, and how the scores came about. A catalogue may have
// more findings than fit into memory whole.
func (out *plan) compact() {
	fields := make([]scanner.Field, len(out.result.Listing.Fields))
	var findings []scanner.Finding
	for i, l := range out.left {
		f := out.result.Findings[l.finding]
		f.Certainty, f.UseRisk, f.Platform = scanner.Score{}, scanner.Score{}, scanner.Score{}
		f.Why, f.Advice, f.Steps, f.Also = "", "", nil, nil
		if fields[f.Field].Text == "" {
			fields[f.Field] = out.result.Listing.Fields[f.Field]
			fields[f.Field].Text = strings.Clone(fields[f.Field].Text)
		}
		out.left[i].finding = len(findings)
		findings = append(findings, f)
	}
	for i, f := range out.result.Listing.Fields {
		if f.Role == scanner.Title && fields[i].Text == "" {
			fields[i] = f
		}
	}
	out.result.Listing.Fields, out.result.Findings, out.result.Notes = fields, findings, nil
}

// takeBack leaves the changes for which bad holds to a person.
func (out *plan) takeBack(reason string, bad func(*change) bool) {
	kept := out.changes[:0:0]
	for i := range out.changes {
		if c := &out.changes[i]; bad(c) {
			out.left = append(out.left, leftover{c.finding, reason})
		} else {
			kept = append(kept, *c)
		}
	}
	out.changes = kept
}

// apart sorts the changes and keeps the first of two that overlap.
func (out *plan) apart() {
	slices.SortStableFunc(out.changes, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
	field, end := -1, 0
	out.takeBack("fix.left.overlap", func(c *change) bool {
		if c.Field == field && c.Span.Start < end {
			return true
		}
		field, end = c.Field, c.Span.End
		return false
	})
}

// cuts are the changes of texts that the plan comes to, sorted and apart: a
// deletion takes more of the text with it than its words.
func (out *plan) cuts() []scanner.Replacement {
	var all []scanner.Replacement
	for i := 0; i < len(out.changes); {
		n := i
		for n < len(out.changes) && out.changes[n].Field == out.changes[i].Field {
			n++
		}
		all = append(all, out.fieldCuts(out.changes[i:n])...)
		i = n
	}
	return all
}

// fieldCuts are the cuts of one field.
func (out *plan) fieldCuts(changes []change) []scanner.Replacement {
	at := changes[0].Field
	field := &out.result.Listing.Fields[at]
	var all []scanner.Replacement
	var holes []scanner.Span
	for _, c := range changes {
		if c.deletes {
			holes = append(holes, c.Span)
		} else {
			all = append(all, c.Replacement)
		}
	}
	if len(holes) == 0 {
		return all
	}
	for _, c := range cutNames(field.Text, field.Role, holes, out.nameAt(at)) {
		c.Field = at
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b scanner.Replacement) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return all
}

// nameAt tells whether a finding of a field begins at a byte.
func (out *plan) nameAt(field int) func(int) bool {
	return func(at int) bool {
		return slices.ContainsFunc(out.result.Findings, func(f scanner.Finding) bool { return f.Field == field && f.Span.Start == at })
	}
}

// measure takes back the changes of titles that would end empty or, all
// together, too long. How long a title may be is the scanner's to say: it is
// asked whether it would write the whole new title in place of the old.
func (p *planner) measure(out *plan) {
	bad := map[int]string{}
	for _, cut := range out.cuts() {
		field := &out.result.Listing.Fields[cut.Field]
		if field.Role != scanner.Title || bad[cut.Field] != "" {
			continue
		}
		text := scanner.Apply(out.result.Listing, out.cuts()).Fields[cut.Field].Text
		if strings.TrimSpace(text) == "" {
			bad[cut.Field] = "fix.left.empty"
		} else if p.tooLong(&out.result.Listing, field.Text, text) {
			bad[cut.Field] = "fix.left.long"
		}
	}
	for field, reason := range bad {
		out.takeBack(reason, func(c *change) bool { return c.Field == field })
	}
}

func (p *planner) tooLong(l *scanner.Listing, before, after string) bool {
	if len([]rune(after)) <= len([]rune(before)) {
		return false
	}
	title := scanner.Field{Role: scanner.Title, Text: before}
	whole := scanner.Finding{Role: scanner.Title, Span: scanner.Span{End: len(before)}, Text: before, Preferred: after, Use: scanner.UsePlain, Level: scanner.High}
	probe := scanner.Result{Listing: scanner.Listing{Marketplace: l.Marketplace, Fields: []scanner.Field{title}}, Findings: []scanner.Finding{whole}}
	_, left := p.scanner.Fix(&probe, scanner.Low)
	return len(left) == 1 && left[0].Reason == "fix.left.long"
}

// together takes a change back where another row of the listing keeps the same
// name in the same column: variants of one product must not be named apart.
func (out *plan) together() {
	type name struct {
		rule string
		col  int
	}
	stays := map[name]map[int]bool{} // -> fields
	for _, l := range out.left {
		f := &out.result.Findings[l.finding]
		n := name{f.Rule, out.result.Listing.Fields[f.Field].Col}
		if stays[n] == nil {
			stays[n] = map[int]bool{}
		}
		stays[n][f.Field] = true
	}
	out.takeBack("fix.left.together", func(c *change) bool {
		others := stays[name{c.Rule, out.result.Listing.Fields[c.Field].Col}]
		return len(others) > 0 && !others[c.Field]
	})
}

// prove screens the listing as it would be and takes back the changes of
// fields that then show a finding which was not there, or was to be corrected.
func (p *planner) prove(out *plan) {
	for len(out.changes) > 0 {
		after := p.screen(scanner.Apply(out.result.Listing, out.cuts()))
		p.excuse(&after)
		f := out.unwelcome(&after)
		if f == nil {
			out.level = after.Level
			return
		}
		out.blame(f)
	}
	out.level = out.result.Level
}

// blame takes back the changes most likely to have caused an unwelcome finding:
// of its rule in its field, else deletions there, else all there, else all.
func (out *plan) blame(f *scanner.Finding) {
	before := len(out.changes)
	for _, likely := range []func(*change) bool{
		func(c *change) bool { return c.Field == f.Field && c.Rule == f.Rule },
		func(c *change) bool { return c.Field == f.Field && c.deletes },
		func(c *change) bool { return c.Field == f.Field },
		func(*change) bool { return true },
	} {
		if out.takeBack("fix.left.again", likely); len(out.changes) < before {
			return
		}
	}
}

// unwelcome returns a finding of the changed listing that the plan may not
// cause: of each rule in each field no more than stood there less what was
// corrected, and none at a higher level.
func (out *plan) unwelcome(after *scanner.Result) *scanner.Finding {
	type spot struct {
		rule  string
		field int
	}
	count, worst := map[spot]int{}, map[spot]scanner.Level{}
	for i := range out.result.Findings {
		f := &out.result.Findings[i]
		m := spot{f.Rule, f.Field}
		count[m]++
		worst[m] = max(worst[m], f.Level)
	}
	for i := range out.changes {
		c := &out.changes[i]
		m := spot{c.Rule, c.Field}
		if c.reworded {
			worst[m]-- // to be milder than it was
		} else {
			count[m]--
		}
	}
	for i := range after.Findings {
		f := &after.Findings[i]
		m := spot{f.Rule, f.Field}
		if f.Level < scanner.Low {
			continue
		}
		if count[m]--; count[m] < 0 || f.Level > worst[m] {
			return f
		}
	}
	return nil
}
