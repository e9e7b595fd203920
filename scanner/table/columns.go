package table

import (
	"sort"

	"prescreen/scanner"
)

// textColumn is a column whose cells are screened.
type textColumn struct {
	col  int // 0-based
	role scanner.Role
	rank int // place of its name among the role's synonyms, 0 is best
}

// columns says what each column of one table is for.
type columns struct {
	text []textColumn     // by role, then rank, then column
	meta map[string][]int // id, category, supplier, url, image: best first
}

// mapColumns reads the roles off a header: exact names before patterns, each
// column in one text role at most, all columns of a role kept (a platform
// repeats "Bullet Point" six times). A column in ignore gets no text role.
func mapColumns(h *header, ignore []term, maps ...roleMap) columns {
	cs := columns{meta: map[string][]int{}}
	cs.addText(h, ignore, maps...)
	for _, role := range metaRoles {
		if cols := h.findAll(terms(role, maps)); len(cols) > 0 {
			cs.meta[role] = cols
		}
	}
	return cs
}

// addText gives text roles to the columns that have none yet.
func (cs *columns) addText(h *header, ignore []term, maps ...roleMap) {
	taken := map[int]bool{}
	for _, c := range h.findAll(ignore) {
		taken[c] = true
	}
	for _, t := range cs.text {
		taken[t.col] = true
	}
	for _, patterns := range []bool{false, true} {
		for _, role := range scanner.Roles {
			for rank, t := range terms(string(role), maps) {
				if (t.re != nil) != patterns {
					continue
				}
				for _, c := range h.find(t) {
					if !taken[c] {
						taken[c] = true
						cs.text = append(cs.text, textColumn{c, role, rank})
					}
				}
			}
		}
	}
	cs.sort()
}

func terms(role string, maps []roleMap) []term {
	var ts []term
	for _, m := range maps {
		ts = append(ts, m[role]...)
	}
	return ts
}

func (cs *columns) sort() {
	place := map[scanner.Role]int{}
	for i, r := range scanner.Roles {
		place[r] = i
	}
	sort.SliceStable(cs.text, func(i, j int) bool {
		a, b := cs.text[i], cs.text[j]
		switch {
		case a.role != b.role:
			return place[a.role] < place[b.role]
		case a.rank != b.rank:
			return a.rank < b.rank
		}
		return a.col < b.col
	})
}

// has tells whether any column has role.
func (cs *columns) has(role scanner.Role) bool {
	for _, t := range cs.text {
		if t.role == role {
			return true
		}
	}
	return false
}

// checkable tells whether the table holds what is screened first: without a
// title, description or bullet column it is no listing export.
func (cs *columns) checkable() bool {
	return cs.has(scanner.Title) || cs.has(scanner.Description) || cs.has(scanner.Bullet)
}

// used counts the columns with any role.
func (cs *columns) used() int {
	n := len(cs.text)
	for _, m := range cs.meta {
		n += len(m)
	}
	return n
}

// chosenColumns maps exactly the columns the user named (role -> header cells
// as decoded). It returns the first header that is not there, or "".
func chosenColumns(h *header, chosen map[string][]string) (columns, string) {
	cs := columns{meta: map[string][]int{}}
	for _, role := range roleNames() {
		for rank, want := range chosen[role] {
			cols := h.exactly(want)
			if len(cols) == 0 {
				return cs, want
			}
			for _, c := range cols {
				if isMeta(role) {
					cs.meta[role] = append(cs.meta[role], c)
				} else {
					cs.text = append(cs.text, textColumn{c, scanner.Role(role), rank})
				}
			}
		}
	}
	cs.sort()
	return cs, ""
}

// exactly returns the columns whose header cell is want, byte for byte.
func (h *header) exactly(want string) []int {
	var cols []int
	for i, c := range h.cells {
		if c == want {
			cols = append(cols, i)
		}
	}
	return cols
}

func isMeta(role string) bool {
	for _, m := range metaRoles {
		if m == role {
			return true
		}
	}
	return false
}
