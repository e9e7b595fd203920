package table

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestUniqueIDs numbers ids as a plain map of them does: short, long and empty
// ones, many equal but for their last byte, some in the very form A#2.
func TestUniqueIDs(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var ids identities
	times, taken := map[string]int{}, map[string]bool{}
	repeated := 0
	for range 40000 {
		id := fmt.Sprintf("%.*s%d", r.IntN(12), "a-long-prefix", r.IntN(9000))
		switch r.IntN(20) {
		case 0:
			id = ""
		case 1:
			id += "#2"
		}
		want := id
		if taken[id] {
			n := max(times[id], 1) + 1
			if n == 2 {
				repeated++
			}
			times[id] = n
			for want = fmt.Sprintf("%s#%d", id, n); taken[want]; want = fmt.Sprintf("%s#%d", id, n) {
				n++
			}
		}
		taken[want] = true
		if got := ids.unique(id); got != want {
			t.Fatalf("%q became %q, want %q", id, got, want)
		}
	}
	if ids.repeated != repeated {
		t.Errorf("%d ids came again, want %d", ids.repeated, repeated)
	}
}
