package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

// Rows come back whole and worst first, whether they stayed in memory or went
// through the file.
func TestSpool(t *testing.T) {
	for _, bound := range []int{1, 300, spoolBound} {
		rnd := rand.New(rand.NewPCG(1, 2))
		s := newSpool()
		s.bound = bound
		type row struct {
			rank  int
			cells []cell
		}
		var rows []row
		for i := range 500 {
			r := row{rnd.IntN(20), []cell{text(fmt.Sprint("row ", i)), number(-i), {kind: evidenceCell, before: "a", text: "é", after: ""}, {}}}
			rows = append(rows, r)
			if err := s.add(r.rank, r.cells); err != nil {
				t.Fatal(err)
			}
		}
		if (s.file != nil) != (bound < spoolBound) {
			t.Errorf("bound %d: file %v", bound, s.file != nil)
		}
		sort.SliceStable(rows, func(i, j int) bool { return rows[i].rank > rows[j].rank })
		n := 0
		if err := s.worstFirst(400, func(cells []cell) error {
			if !slices.Equal(cells, rows[n].cells) {
				t.Errorf("bound %d row %d: %v, want %v", bound, n, cells, rows[n].cells)
			}
			n++
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n != 400 || s.len() != 500 {
			t.Errorf("%d of %d rows", n, s.len())
		}
		s.close()
	}
}

func TestUnpackBroken(t *testing.T) {
	whole := text("words").pack(nil)
	for n := 1; n < len(whole); n++ {
		if _, err := unpackCells(whole[:n], nil); err == nil {
			t.Errorf("%d of %d bytes are no error", n, len(whole))
		}
	}
}

// The heap keeps what sorting everything would keep.
func TestWorst(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 7, 100, 1000} {
		w := worst[int]{n: n}
		type item struct{ rank, i int }
		var all []item
		for i := range 300 {
			it := item{rnd.IntN(12), i}
			all = append(all, it)
			if w.admits(it.rank) {
				w.add(it.rank, it.i)
			} else {
				w.skip()
			}
		}
		sort.SliceStable(all, func(i, j int) bool { return all[i].rank > all[j].rank })
		var want []int
		for _, it := range all[:min(n, len(all))] {
			want = append(want, it.i)
		}
		if got := w.sorted(); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("n %d: %v, want %v", n, got, want)
		}
		if w.seen != 300 {
			t.Errorf("seen %d", w.seen)
		}
	}
}
