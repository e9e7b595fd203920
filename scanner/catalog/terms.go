package catalog

import (
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"

	"prescreen/scanner/fold"
)

// term is one word of a text, or one character of a script without spaces.
type term struct {
	start, end int    // bytes of the text
	folded     string // without case, width and accents: how the index holds it
	reduced    string // the same for all spellings that look alike
}

// terms splits a plain text into the terms by which it is found.
func terms(text string) []term {
	tokens := fold.Tokens(nil, text)
	out := make([]term, 0, len(tokens))
	for _, t := range tokens {
		word := text[t.Start:t.End]
		m := term{start: int(t.Start), end: int(t.End), folded: foldWord(word)}
		m.reduced = reduce(word, m.folded, t)
		out = append(out, m)
	}
	return out
}

// foldWord never gives nothing, so that every word has a place in a phrase.
func foldWord(word string) string {
	if f := fold.Fold(word); f != "" {
		return f
	}
	return word
}

// reduce returns the key that look-alike spellings share. It is squeezed, so
// that Niiike and Nike meet. Numbers stand for themselves: 100 is not 10.
func reduce(word, folded string, t fold.Token) string {
	if t.Script != fold.Word || t.Digits {
		return folded
	}
	key, _ := fold.Reduce(word)
	return fold.Squeeze(key)
}

const (
	tokenizerName = "prescreen"
	analyzerName  = "prescreen_text"
)

// tokenizer gives Bleve the folded terms.
type tokenizer struct{}

// Tokenize splits input, valid UTF-8. Terms of plain ASCII share one buffer.
func (tokenizer) Tokenize(input []byte) analysis.TokenStream {
	text := string(input)
	list := fold.Tokens(nil, text)
	lower := []byte(text)
	tokens := make([]analysis.Token, len(list))
	out := make(analysis.TokenStream, len(list))
	for i, t := range list {
		key := lower[t.Start:t.End:t.End]
		if t.ASCII {
			for j, b := range key {
				if b >= 'A' && b <= 'Z' {
					key[j] = b | 0x20
				}
			}
		} else {
			key = []byte(foldWord(text[t.Start:t.End]))
		}
		tokens[i] = analysis.Token{Start: int(t.Start), End: int(t.End), Term: key, Position: i + 1}
		out[i] = &tokens[i]
	}
	return out
}

// registerTokenizer makes the tokeniser known to Bleve once; its error (the
// name is taken) comes out of Open.
var registerTokenizer = sync.OnceValue(func() error {
	return registry.RegisterTokenizer(tokenizerName, func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) {
		return tokenizer{}, nil
	})
})
