package scanner

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"prescreen/rules"
)

// naiveChanges compares two lists of marks by what is alive under which key.
func naiveChanges(before, after []rules.Mark) (changes []string, same int) {
	alive := func(marks []rules.Mark) map[string]bool {
		out, last := map[string]bool{}, map[string]rules.Mark{}
		for _, m := range marks {
			if m.Application != "" {
				last[m.Register+"/"+m.Application] = m // the later replaces
			} else if m.Status != "dead" {
				out[m.Register+"//"+m.Text] = true
			}
		}
		for key, m := range last {
			if m.Status != "dead" {
				out[key] = true
			}
		}
		return out
	}
	was, is := alive(before), alive(after)
	for key := range is {
		if was[key] {
			same++
		} else {
			changes = append(changes, "born "+key)
		}
	}
	for key := range was {
		if !is[key] {
			changes = append(changes, "died "+key)
		}
	}
	slices.Sort(changes)
	return changes, same
}

func TestComparePacksAsTheNaiveComparison(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	edition := func() []rules.Mark {
		var marks []rules.Mark
		for range rnd.IntN(30) {
			m := rules.Mark{Register: []string{"uspto", "us", "dpma"}[rnd.IntN(3)], Text: fmt.Sprintf("KELVORA%d", rnd.IntN(6)), Status: []string{"live", "dead", "pending", ""}[rnd.IntN(4)]}
			if rnd.IntN(4) > 0 {
				m.Application = fmt.Sprintf("%0*d", 1+rnd.IntN(10), rnd.IntN(20))
			}
			marks = append(marks, m)
		}
		return marks
	}
	for range 300 {
		before, after := edition(), edition()
		old, _ := packOf(t, PackOptions{}, before...)
		young, _ := packOf(t, PackOptions{}, after...)
		var got []string
		same := 0
		for c := range ComparePacks(old, young, &same) {
			key := c.Mark.Register + "/" + c.Mark.Application
			if c.Mark.Application == "" {
				key += "/" + c.Mark.Text
			}
			got = append(got, map[bool]string{true: "born ", false: "died "}[c.Born]+key)
		}
		slices.Sort(got)
		if want, wantSame := naiveChanges(before, after); !slices.Equal(got, want) || same != wantSame {
			t.Fatalf("got %q, %d same\nwant %q, %d same\nof %v\nand %v", got, same, want, wantSame, before, after)
		}
	}
}

// TestComparePacksStops leaves after the first change.
func TestComparePacksStops(t *testing.T) {
	a, _ := packOf(t, PackOptions{}, rules.Mark{Register: "x", Application: "1", Text: "A"}, rules.Mark{Register: "x", Application: "2", Text: "B"})
	b, _ := packOf(t, PackOptions{})
	n := 0
	for range ComparePacks(a, b, nil) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d", n)
	}
}

// BenchmarkComparePacks compares two editions of five million marks that
// differ in a thousand.
func BenchmarkComparePacks(b *testing.B) {
	n := 5_000_000
	if testing.Short() {
		n = 50_000
	}
	dir := b.TempDir()
	open := func(name string, marks int) *Pack {
		path := filepath.Join(dir, name)
		writeMadeUp(b, path, marks)
		p, err := OpenPack(path)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { p.Close() })
		return p
	}
	before, after := open("before.pack", n), open("after.pack", n+1000)
	for b.Loop() {
		start := time.Now()
		born := 0
		for range ComparePacks(before, after, nil) {
			born++
		}
		if born != 1000 {
			b.Fatal(born)
		}
		b.ReportMetric(float64(2*n)/time.Since(start).Seconds()/1e6, "Mmarks/s")
	}
}
