package scanner

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"prescreen/rules"
	"prescreen/scanner/fold"
)

// Replacement is one replacement in a field of a listing.
type Replacement struct {
	Field int // index into Listing.Fields
	Span  Span
	Old   string
	New   string
	Rule  string
	Mark  string
	Level Level // of the finding it cures
}

// Leftover is a finding that Fix did not touch, and why.
type Leftover struct {
	Finding Finding
	Reason  string // message id: fix.left.…
}

// Fix works out what to write instead for the findings of r at or above least.
// A rule's preferred replacement is taken; findings without one are left to a
// person. A listing that shows a copy, an imitation or a disguise is not
// touched at all: rewording it would hide what it is. The changes are screened
// again before they are returned, and those that would raise something new are
// left out. Fix does not change r.
func (s *Scanner) Fix(r *Result, least Level) (changes []Replacement, left []Leftover) {
	if reason := untouchable(r); reason != "" {
		for _, f := range r.Findings {
			if f.Level >= least {
				left = append(left, Leftover{f, reason})
			}
		}
		return nil, left
	}
	for _, f := range r.Findings {
		if f.Level < least || f.Excused != "" {
			continue
		}
		if c, reason := changeFor(r, &f); reason == "" {
			changes = append(changes, c)
		} else {
			left = append(left, Leftover{f, reason})
		}
	}
	return s.prove(r, changes, left)
}

// untouchable says why a listing must not be reworded, or "".
func untouchable(r *Result) string {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Level == None {
			continue
		}
		switch {
		case f.Use == UseCounterfeit, f.Kind == string(rules.CounterfeitTalk):
			return "fix.left.counterfeit"
		case f.Use == UseImitation:
			return "fix.left.imitation"
		case disguisedForm(f.Form):
			return "fix.left.disguise"
		}
	}
	return ""
}

func changeFor(r *Result, f *Finding) (Replacement, string) {
	field := &r.Listing.Fields[f.Field]
	switch {
	case f.Preferred == "":
		return Replacement{}, "fix.left.choice"
	case f.Use == UseCompatibility:
		return Replacement{}, "fix.left.compatible"
	case strings.ContainsAny(f.Text, "<>"):
		return Replacement{}, "fix.left.markup"
	}
	c := Replacement{Field: f.Field, Span: f.Span, Old: f.Text, Rule: f.Rule, Mark: f.Mark, Level: f.Level}
	c.New = inCaseOf(f.Text, f.Preferred, field.Text)
	if f.Form == "inflected" && strings.HasSuffix(strings.ToLower(f.Text), "s") {
		c.New = plural(c.New)
	}
	if strings.ContainsAny(field.Text, "<&") {
		c.New = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(c.New)
	}
	dropRepeated(&c, field.Text)
	widenArticle(&c, field.Text)
	if field.Role == Title && tooLong(&r.Listing, field.Text, &c) {
		return Replacement{}, "fix.left.long"
	}
	return c, ""
}

// dropRepeated leaves a word of the replacement out that stands beside it
// already: "Baby Onesie" becomes "Baby bodysuit", not "Baby baby bodysuit".
func dropRepeated(c *Replacement, text string) {
	words := strings.Fields(c.New)
	if len(words) < 2 {
		return
	}
	before := strings.Fields(text[:c.Span.Start])
	if len(before) > 0 && strings.EqualFold(before[len(before)-1], words[0]) {
		words = words[1:]
	}
	after := strings.Fields(text[c.Span.End:])
	if last := len(words) - 1; last > 0 && len(after) > 0 && strings.EqualFold(after[0], words[last]) {
		words = words[:last]
	}
	c.New = strings.Join(words, " ")
}

// tooLong tells whether the change would take a title past what its
// marketplace allows.
func tooLong(l *Listing, text string, c *Replacement) bool {
	words, err := useWords()
	if err != nil {
		return false
	}
	most, ok := words.titles[l.Marketplace]
	n := utf8.RuneCountInString(text)
	longer := n + utf8.RuneCountInString(c.New) - utf8.RuneCountInString(c.Old)
	return ok && longer > most && longer > n
}

// inCaseOf writes replacement the way old is written: all capitals, every word
// capitalised where the text around is, first letter as in old.
func inCaseOf(old, replacement, text string) string {
	letters := strings.IndexFunc(old, unicode.IsLetter)
	if letters < 0 {
		return replacement
	}
	first, _ := utf8.DecodeRuneInString(old[letters:])
	switch {
	case strings.ToUpper(old) == old && strings.ToLower(old) != old && utf8.RuneCountInString(old) > 1:
		return strings.ToUpper(replacement)
	case !unicode.IsUpper(first):
		return replacement
	case titleCased(text):
		return capitalised(replacement)
	}
	r, size := utf8.DecodeRuneInString(replacement)
	return string(unicode.ToUpper(r)) + replacement[size:]
}

// titleCased tells whether most words of a text begin with a capital.
func titleCased(text string) bool {
	words, upper := 0, 0
	seen := fold.See(text).Seen
	for w := range strings.FieldsSeq(seen) {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLetter(r) {
			words++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	return words > 0 && upper*3 > words*2
}

// capitalised writes the words of s with a capital, small words and parts
// after a hyphen as they are.
func capitalised(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if i > 0 && len(w) <= 3 && (w == "and" || w == "of" || w == "for" || w == "the" || w == "or") {
			continue
		}
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	return strings.Join(words, " ")
}

// plural makes an English word plural.
func plural(s string) string {
	switch {
	case s == "" || s[len(s)-1] >= utf8.RuneSelf || strings.HasSuffix(s, "s"):
		return s
	case strings.HasSuffix(s, "x"), strings.HasSuffix(s, "ch"), strings.HasSuffix(s, "sh"):
		return s + "es"
	case strings.HasSuffix(s, "y") && len(s) > 1 && !strings.ContainsRune("aeiou", rune(s[len(s)-2])):
		return s[:len(s)-1] + "ies"
	}
	return s + "s"
}

// widenArticle takes in an English a or an right before the change where the
// new word needs the other one.
func widenArticle(c *Replacement, text string) {
	before := text[:c.Span.Start]
	for _, article := range []string{"a ", "an ", "A ", "An "} {
		rest, ok := strings.CutSuffix(before, article)
		if !ok || rest != "" && !strings.HasSuffix(rest, " ") && !strings.HasSuffix(rest, ">") {
			continue
		}
		want := article[:1] + " "
		if c.New != "" && strings.ContainsRune("aeiouAEIOU", rune(c.New[0])) {
			want = article[:1] + "n "
		}
		if want != article {
			c.Span.Start -= len(article)
			c.Old, c.New = article+c.Old, want+c.New
		}
		return
	}
}

// Apply returns the listing with the changes made. Changes of one field must
// not overlap.
func Apply(l Listing, changes []Replacement) Listing {
	fields := append([]Field(nil), l.Fields...)
	for i := range fields {
		var b strings.Builder
		at := 0
		for _, c := range changes {
			if c.Field == i && c.Span.Start >= at {
				b.WriteString(fields[i].Text[at:c.Span.Start] + c.New)
				at = c.Span.End
			}
		}
		if at > 0 {
			fields[i].Text = b.String() + fields[i].Text[at:]
		}
	}
	l.Fields = fields
	return l
}

// prove screens the changed listing. A change whose field then shows a finding
// that was not there, or still shows its own, is taken back.
func (s *Scanner) prove(r *Result, changes []Replacement, left []Leftover) ([]Replacement, []Leftover) {
	for len(changes) > 0 {
		after := s.Screen(Apply(r.Listing, changes))
		bad := -1
		for i := range after.Findings {
			if f := &after.Findings[i]; f.Level >= Low && !known(r, f, changes) {
				bad = f.Field
				break
			}
		}
		if bad < 0 {
			return changes, left
		}
		kept := changes[:0:0]
		for _, c := range changes {
			if c.Field == bad {
				left = append(left, Leftover{findingAt(r, c), "fix.left.again"})
			} else {
				kept = append(kept, c)
			}
		}
		if len(kept) == len(changes) {
			return nil, left // the new finding lies elsewhere: take back everything
		}
		changes = kept
	}
	return changes, left
}

// known tells whether a finding after the changes was there before and was not
// to be cured.
func known(r *Result, f *Finding, changes []Replacement) bool {
	for _, c := range changes {
		if c.Rule == f.Rule && c.Field == f.Field {
			return false
		}
	}
	for i := range r.Findings {
		if old := &r.Findings[i]; old.Rule == f.Rule && old.Field == f.Field && old.Level >= f.Level {
			return true
		}
	}
	return false
}

func findingAt(r *Result, c Replacement) Finding {
	for _, f := range r.Findings {
		if f.Field == c.Field && f.Rule == c.Rule && f.Span.End == c.Span.End {
			return f
		}
	}
	return Finding{Rule: c.Rule, Mark: c.Mark, Field: c.Field, Span: c.Span, Text: c.Old, Level: c.Level}
}
