package table

import (
	"bytes"
	"math"
	"strings"
)

const (
	sniffRecords = 60  // records at the start of a file that decide its dialect
	widthRecords = 500 // and its usual number of cells
)

// sniffDialect judges the start of a text file (ASCII bytes as ASCII); whole
// says that it is all of it. delims are the delimiters to choose from.
func sniffDialect(head []byte, whole bool, delims string) dialect {
	if d, ok := sepLine(head); ok {
		d.width = usualWidth(head, whole, d)
		return d
	}
	best, top := dialect{delim: delims[0], quote: true, cr: loneCR(head)}, 0.0
	for _, c := range []byte(delims) {
		d := dialect{delim: c, quote: true, cr: best.cr}
		if s := steadiness(head, whole, d); s > top {
			best, top = d, s
		}
	}
	if best.delim == '\t' && !tabsQuoted(head, whole, best) {
		best.quote = false
	}
	best.width = usualWidth(head, whole, best)
	return best
}

// sepLine honours Excel's first line "sep=;".
func sepLine(head []byte) (dialect, bool) {
	if len(head) < 5 || !bytes.EqualFold(head[:4], []byte("sep=")) {
		return dialect{}, false
	}
	if len(head) > 5 && head[5] != '\n' && head[5] != '\r' {
		return dialect{}, false
	}
	return dialect{delim: head[4], quote: true, cr: loneCR(head)}, true
}

// loneCR says whether rows end in a lone CR, as old Macs wrote them: outside
// quotes there are more of them than of any LF.
func loneCR(head []byte) bool {
	cr, lf, inside := 0, 0, false
	for i, b := range head[:min(len(head), 64<<10)] {
		switch {
		case b == '"':
			inside = !inside
		case inside:
		case b == '\n':
			lf++
		case b == '\r' && i+1 < len(head) && head[i+1] != '\n':
			cr++
		}
	}
	if lf == 0 && cr == 0 && inside { // one quote left open turned everything inside out
		return bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0
	}
	return cr > lf
}

// eachRecord splits up to n records of head and calls f with each that is not
// blank and lies wholly inside.
func eachRecord(head []byte, whole bool, d dialect, n int, f func(*rawRecord)) {
	var r rawRecord
	for i := 0; i < len(head) && n > 0; {
		if !d.split(head[i:], whole, &r) {
			return
		}
		if r.next > 1 && len(bytes.TrimSpace(head[i:i+r.next])) > 0 {
			f(&r)
			n--
		}
		i += r.next
	}
}

// steadiness scores a delimiter: how many records agree on their number of
// cells, weighed by that number. A delimiter that the first record lacks, or
// that leaves quotes in odd places, is an unlikely one.
func steadiness(head []byte, whole bool, d dialect) float64 {
	counts, total, first, widest := map[int]int{}, 0, 0, 0
	eachRecord(head, whole, d, sniffRecords, func(r *rawRecord) {
		total++
		if first == 0 {
			first = len(r.cells)
		}
		widest = max(widest, len(r.cells))
		if r.stray == 0 && !r.open {
			counts[len(r.cells)]++
		}
	})
	width := mode(counts)
	if total == 0 || widest < 2 {
		return 0
	}
	if width < 2 { // scattered: only better than nothing
		return 0.01 * math.Sqrt(float64(widest-1))
	}
	score := float64(counts[width]) / float64(total) * math.Sqrt(float64(width-1))
	if first == 1 {
		score /= 2
	}
	return score
}

// mode returns the most frequent count, the larger one in a draw.
func mode(counts map[int]int) int {
	best := 0
	for width, n := range counts {
		if n > counts[best] || n == counts[best] && width > best {
			best = width
		}
	}
	return best
}

// usualWidth returns the number of cells most sound records have; records
// weigh by their width, so that help lines above and below do not decide.
func usualWidth(head []byte, whole bool, d dialect) int {
	counts := map[int]int{}
	eachRecord(head, whole, d, widthRecords, func(r *rawRecord) {
		if r.stray == 0 && !r.open {
			counts[len(r.cells)]++
		}
	})
	best := 0
	for width, n := range counts {
		weight, top := n*(width-1), counts[best]*(best-1)
		if best == 0 || weight > top || weight == top && width > best {
			best = width
		}
	}
	return best
}

// tabsQuoted says whether a tab-separated file quotes its cells as CSV does
// (merchant feeds) or writes quotes as they are (Amazon reports).
func tabsQuoted(head []byte, whole bool, d dialect) bool {
	line, _, _ := d.lineEnd(head, 0)
	names := strings.ToLower(string(head[:line]))
	if strings.Contains(names, "seller-sku") || strings.Contains(names, "item-name") || strings.Contains(names, "listing-id") {
		return false
	}
	sound := true
	eachRecord(head, whole, d, sniffRecords*10, func(r *rawRecord) {
		quoted := false
		for _, c := range r.cells {
			quoted = quoted || c.quoted
		}
		if quoted && (r.stray > 0 || r.open) {
			sound = false
		}
	})
	return sound
}
