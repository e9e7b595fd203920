package catalog

import "prescreen/scanner/fold"

// term is one word of a text, or one character of a script without spaces.
type term struct {
	start, end int    // bytes of the text
	folded     string // without case, width and accents
	reduced    string // the same for all spellings that look alike; "" when it is equal to folded
}

// terms splits a plain text into the terms by which it is found. The reduced
// key is squeezed as well, so that Niiike and Nike meet.
func terms(text string) []term {
	tokens := fold.Tokens(nil, text)
	out := make([]term, 0, len(tokens))
	for _, t := range tokens {
		word := text[t.Start:t.End]
		m := term{start: int(t.Start), end: int(t.End), folded: fold.Fold(word)}
		if t.Script == fold.Word {
			reduced, _ := fold.Reduce(word)
			m.reduced = fold.Squeeze(reduced)
		}
		if m.folded == "" {
			m.folded = word
		}
		if m.reduced == m.folded {
			m.reduced = ""
		}
		out = append(out, m)
	}
	return out
}
