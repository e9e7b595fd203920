package table

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// evidence is what the guess of an encoding rests on.
type evidence struct {
	bytes    int     // bytes above ASCII that were looked at
	fit      float64 // part of them that reads as usual in the encoding, 0 to 1
	rival    string  // the next best encoding
	rivalFit float64
	example  string // the first word beyond ASCII, as read
}

// guessCharset scores the encodings that old tools and Excel write on pieces
// of a file that is not UTF-8; each piece starts at a line start. With nothing
// to tell them apart it is windows-1252.
func guessCharset(pieces ...[]byte) charset {
	single, singleFit, total := guessSingle(pieces)
	best := single
	best.why = evidence{bytes: total, fit: singleFit.best, rival: singleFit.rival, rivalFit: singleFit.rivalFit}
	for _, s := range scripts {
		var p plausibility
		for _, b := range pieces {
			s.read(b, &p)
		}
		fit := s.fit(p)
		switch {
		case fit > best.why.fit:
			was := best
			best = s.set
			best.why = evidence{bytes: total, fit: fit, rival: was.name, rivalFit: was.why.fit}
		case fit > best.why.rivalFit:
			best.why.rival, best.why.rivalFit = s.set.name, fit
		}
	}
	best.guessed = true
	best.why.example = exampleWord(best.enc, pieces)
	return best
}

// rank is the best fit among the one-byte encodings and that of the runner-up.
type rank struct {
	best, rivalFit float64
	rival          string
}

// guessSingle chooses among the one-byte encodings. total counts the bytes
// above ASCII.
func guessSingle(pieces [][]byte) (set charset, r rank, total int) {
	var c byteCounts
	for _, b := range pieces {
		c.read(b)
		total += highBytes(b)
	}
	set = cp1252
	if c.total == 0 { // signs only, the same in all of them
		r.best = 0.5
		return set, r, total
	}
	top := map[string]float64{} // likelihood of each encoding's best alphabet
	fits := map[string]float64{}
	for _, m := range models() {
		likely, fit := m.weigh(&c)
		name := m.set.name
		if best, ok := top[name]; !ok || likely > best {
			top[name], fits[name] = likely, fit
		}
		if likely > top[set.name] {
			set = *m.set
		}
	}
	r.best = fits[set.name]
	first := true
	for _, s := range []charset{cp1252, cp1250, cp1251, cp1254} {
		if s.name != set.name && (first || top[s.name] > top[r.rival]) {
			r.rival, r.rivalFit, first = s.name, fits[s.name], false
		}
	}
	return set, r, total
}

func highBytes(b []byte) (n int) {
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

// exampleWord decodes the first word with a byte above ASCII, shortened.
func exampleWord(enc encoding.Encoding, pieces [][]byte) string {
	const around, longest = 40, 24
	for _, b := range pieces {
		at := bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
		if at < 0 {
			continue
		}
		start := at
		for start > 0 && at-start < around && latinLetter(b[start-1]) {
			start--
		}
		out, _ := enc.NewDecoder().Bytes(b[start:min(len(b), at+around)])
		word := strings.FieldsFunc(string(out), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && r < utf8.RuneSelf
		})
		if len(word) == 0 {
			continue
		}
		if r := []rune(word[0]); len(r) > longest {
			return string(r[:longest])
		}
		return word[0]
	}
	return ""
}

// guess says on what the choice of the encoding rests.
func (c *charset) guess() sentence {
	percent := func(part float64) int { return int(100*part + 0.5) }
	return message("container.guessed", "encoding", c.name, "bytes", c.why.bytes, "fit", percent(c.why.fit),
		"example", c.why.example, "rival", c.why.rival, "rivalFit", percent(c.why.rivalFit))
}
