package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"

	"prescreen/rules"
	"prescreen/scanner/match"
)

// Tables is where the matcher's tables are kept between runs, so that a short
// run need not build them again. The zero value keeps none.
type Tables struct {
	Dir   string // a folder of this program's own, made when missing
	Build string // names the build of the program: tables of another are not used
}

// tablesKept is how many different tables a folder holds; the oldest go first.
const tablesKept = 8

// machine loads the tables of these patterns, or builds and keeps them. What
// goes wrong with the kept tables costs time and nothing else.
func (t Tables) machine(b *patternBuilder, opt match.Options) *match.Machine {
	if t.Dir == "" {
		return match.Build(b.patterns, opt)
	}
	path := filepath.Join(t.Dir, t.key(b)+".tables")
	if data, release, err := mapFile(path); err == nil {
		if m, err := match.Load(data, b.patterns, opt); err == nil {
			return m // mapped for as long as the program runs
		}
		_ = release()
	}
	b.tokenise()
	m := match.Build(b.patterns, opt)
	rules.KeepFile(path, tablesKept, m.Save)
	return m
}

// key hashes all that the tables depend on.
func (t Tables) key(b *patternBuilder) string {
	h := sha256.New()
	h.Write([]byte(t.Build + "\x00" + Engine + "\x00" + b.s.set.SHA256 + "\x00"))
	for i := range b.patterns {
		p := &b.patterns[i]
		h.Write([]byte(p.Text))
		h.Write([]byte{0, byte(p.Forms), byte(p.Forms >> 8), b2i(p.Context)})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func b2i(b bool) byte {
	if b {
		return 1
	}
	return 0
}
