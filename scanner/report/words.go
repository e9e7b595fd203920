package report

import (
	"slices"
	"strconv"
	"strings"

	"prescreen/scanner"
)

// words names the values of a finding as a person reads them.
type words struct{ *scanner.Language }

// name returns the word for value of a group such as kind or use; a value
// without a word, such as a kind of the user's own, is shown as it is.
func (w words) name(group, value string) string {
	if value == "" {
		return ""
	}
	id := group + "." + value
	if text := w.Say(id); text != id {
		return text
	}
	return visible(value)
}

func (w words) level(l scanner.Level) string { return w.name("level", l.String()) }

// point names what a part of a score is for. A bound is a "floor" or "ceiling"
// and the name of the rule that set it; a form counts by its own name.
func (w words) point(what string) string {
	if kind, name, ok := strings.Cut(what, ": "); ok && w.Has("point."+kind) {
		return w.Say("point."+kind, "name", w.point(name))
	}
	if text := w.name("point", what); text != visible(what) {
		return text
	}
	return w.name("form", what)
}

// points spells a score as "exact +98, title +15 = 100".
func (w words) points(s scanner.Score) string {
	if len(s.Parts) == 0 {
		return ""
	}
	parts := make([]string, len(s.Parts))
	for i, p := range s.Parts {
		parts[i] = w.point(p.For) + " " + signed(p.Points)
	}
	return strings.Join(parts, ", ") + " = " + strconv.Itoa(s.Points)
}

// rights spells how the rights risk of f came about.
func (w words) rights(f *scanner.Finding) string {
	return w.Say("report.rights_points", "certainty", w.points(f.Certainty), "use", w.points(f.UseRisk), "rights", f.Rights)
}

// instead is what to write in place of the words found, or what to do.
func (w words) instead(f *scanner.Finding) string {
	if f.Preferred != "" {
		return f.Preferred
	}
	if len(f.Replacements) > 0 {
		return strings.Join(f.Replacements, " / ")
	}
	return f.Advice
}

// place says where a row that was not read stands.
func (w words) place(u scanner.Unread) string {
	place := visible(u.File)
	if u.Sheet != "" {
		place += " / " + visible(u.Sheet)
	}
	if u.Row > 0 {
		place = w.Say("report.at_row", "place", place, "row", u.Row)
	}
	return place
}

// orNone names an empty supplier, marketplace or store.
func (w words) orNone(name string) string {
	if name == "" {
		return w.Say("report.not_named")
	}
	return visible(name)
}

// notChecked lists what a reader must not take for screened: what the run left
// out, listings whose screening was bounded, rows that could not be read.
func (w words) notChecked(t *tally, s scanner.Summary) []string {
	out := make([]string, 0, len(s.NotChecked)+2)
	for _, n := range s.NotChecked {
		out = append(out, visible(n))
	}
	if t.notesAll > 0 {
		out = append(out, w.Say("report.bounded", "count", grouped(t.notesAll)))
	}
	if n := max(s.Unread, t.unreadAll); n > 0 {
		out = append(out, w.Say("report.unread_rows", "count", grouped(n)))
	}
	return out
}

func signed(n int) string {
	if n >= 0 {
		return "+" + strconv.Itoa(n)
	}
	return "−" + strconv.Itoa(-n)
}

// grouped writes n with a comma between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// columnsUsed lists which header was read as what, roles in reading order and
// then the keys of a listing.
func (w words) columnsUsed(used map[string][]string) string {
	var parts []string
	for _, role := range sortedRoles(used) {
		parts = append(parts, w.name("role", role)+": "+strings.Join(used[role], ", "))
	}
	return joined(parts)
}

func sortedRoles(used map[string][]string) []string {
	order := func(role string) int {
		if i := slices.Index(scanner.Roles, scanner.Role(role)); i >= 0 {
			return i
		}
		return len(scanner.Roles)
	}
	roles := make([]string, 0, len(used))
	for role := range used {
		roles = append(roles, role)
	}
	slices.SortFunc(roles, func(a, b string) int {
		if d := order(a) - order(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return roles
}

// joined puts short texts on one line.
func joined(parts []string) string { return strings.Join(parts, "; ") }

// seconds writes a time taken.
func seconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 1, 64) + " s" }
