package table

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Marks that a platform adds to a header cell and that are no part of its
// name: "must be filled" or "may be left out" in brackets, and Shopee's "|1|0" flags.
var (
	requiredMark = regexp.MustCompile(`[(\[【](必填|必须|必須|選填|选填|可选|任意|建议填写|required|mandatory|optional|recommended|wajib|opsional|bắt buộc|обязательно|обязательное|obligatorio|opcional|obrigatório|obligatoire|facultatif|pflichtfeld|obbligatorio|facoltativo)[)\]】]`)
	flagSuffix   = regexp.MustCompile(`(\|\d+)+$`)
)

// normalName gives the form in which two header cells are compared: NFKC, lower
// case, no stars, required marks, flags or invisible characters, blanks
// collapsed. A cell without a name gives "".
func normalName(cell string) string {
	if plainName(cell) {
		return cell
	}
	s := strings.Map(nameRune, norm.NFKC.String(cell))
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	s = requiredMark.ReplaceAllString(s, "")
	s = flagSuffix.ReplaceAllString(s, "")
	return strings.TrimSpace(s)
}

// plainName tells that cell is its own normal form, which spares the common
// machine names (item_name) all work.
func plainName(cell string) bool {
	for i := 0; i < len(cell); i++ {
		c := cell[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

func nameRune(r rune) rune {
	switch {
	case r == '*' || r == '★' || r == '☆' || r == '※':
		return -1
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		return -1
	}
	return r
}

// header is one record read as the names of columns.
type header struct {
	row   int      // 1-based physical row
	cells []string // as decoded
	names []string // normalised, "" for a cell without a name
	at    map[string][]int
}

func newHeader(row int, cells []string) *header {
	h := &header{row: row, cells: cells, names: make([]string, len(cells)), at: make(map[string][]int, len(cells))}
	for i, c := range cells {
		n := normalName(c)
		h.names[i] = n
		if n != "" {
			h.at[n] = append(h.at[n], i)
		}
	}
	return h
}

// find returns the columns named by t, left to right.
func (h *header) find(t term) []int {
	if t.re == nil {
		return h.at[t.name]
	}
	var cols []int
	for i, n := range h.names {
		if n != "" && t.re.MatchString(n) {
			cols = append(cols, i)
		}
	}
	return cols
}

func (h *header) has(t term) bool { return len(h.find(t)) > 0 }

// findAll returns the columns named by any of ts in the order of ts, each once.
func (h *header) findAll(ts []term) []int {
	var cols []int
	seen := map[int]bool{}
	for _, t := range ts {
		for _, c := range h.find(t) {
			if !seen[c] {
				seen[c] = true
				cols = append(cols, c)
			}
		}
	}
	return cols
}

// cell returns the header cell of a column, "" beyond the header's end.
func (h *header) cell(col int) string {
	if col < len(h.cells) {
		return h.cells[col]
	}
	return ""
}
