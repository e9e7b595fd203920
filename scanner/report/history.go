package report

import "prescreen/scanner"

// changePart is one kind of change since an earlier scan; name completes the
// message id "change.".
type changePart struct {
	name    string
	changes []scanner.Change
}

// changeParts lists the kinds in the order a reader acts on them.
func changeParts(h *scanner.History) []changePart {
	return []changePart{
		{"new", h.New}, {"back", h.Back}, {"open", h.Open},
		{"fixed", h.Fixed}, {"excused", h.Excused}, {"gone", h.Gone},
	}
}
