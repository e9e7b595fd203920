package table

import (
	"regexp"
	"strings"
)

// Between the header and the first listing, templates put rows that explain the
// columns. No two platforms do it alike, so what the cells hold decides.

// isHelp tells that a row between header and listings explains the columns: it
// names them once more, says which must be filled, or no filled price cell
// holds a number and no filled link cell a link.
func (r *rowReader) isHelp(rec record) bool {
	if r.names(rec) {
		return true
	}
	wrong, right := 0, 0
	count := func(cols []int, fits func(string) bool) {
		for _, c := range cols {
			v := strings.TrimSpace(cellAt(rec, c))
			switch {
			case v == "":
			case fits(v):
				right++
			default:
				wrong++
			}
		}
	}
	count(r.numbers, numberLike)
	count(r.links, linkLike)
	return wrong > 0 && right == 0
}

// mustFill is what stands under a name that must or may be filled in.
var mustFill = regexp.MustCompile(`^(required|mandatory|optional|recommended|preferred|desired|conditional(ly)?( (required|mandatory))?|必填|选填|條件必填|条件必填|必須|任意|wajib|opsional|bắt buộc|обязательное( поле)?|необязательное( поле)?|obligatorio|opcional|obrigatório|obligatoire|facultatif|pflichtfeld|optionales feld)$`)

// names tells that at least two text cells of a row are names such as their own
// columns have, in this or another language, or words for "to be filled in",
// and that no other text cell is filled.
func (r *rowReader) names(rec record) bool {
	hits := 0
	for i := range r.m.columns.text {
		t := &r.m.columns.text[i]
		cell := cellAt(rec, t.col)
		if noText(cell) {
			continue
		}
		name := normalName(cell)
		if len(cell) > 200 || !mustFill.MatchString(name) && !named(name, terms(string(t.role), r.m.words)) {
			return false
		}
		hits++
	}
	return hits > 1
}

func named(name string, ts []term) bool {
	for _, t := range ts {
		if t.re == nil && t.name == name || t.re != nil && t.re.MatchString(name) {
			return true
		}
	}
	return false
}
