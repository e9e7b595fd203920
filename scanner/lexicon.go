package scanner

import (
	"embed"
	"io/fs"
	"sort"
	"strings"
	"sync"
)

// Ordinary words gate every doubtful spelling: "nice" is no misspelt Nike.
// Each list is sorted, one folded word per line, and searched where it lies in
// the binary, so that it costs nothing to load. Origins and licences stand in
// LICENCES.tsv.
//
//go:embed lexicon/*.txt
var lexiconFS embed.FS

// lexicon is a sorted list of words searched in place.
type lexicon string

var lexicons = sync.OnceValue(func() []lexicon {
	var all []lexicon
	entries, _ := fs.ReadDir(lexiconFS, "lexicon")
	for _, e := range entries {
		b, err := lexiconFS.ReadFile("lexicon/" + e.Name())
		if err == nil {
			all = append(all, lexicon(b))
		}
	}
	return all
})

// has tells whether word stands in the list.
func (l lexicon) has(word string) bool {
	lo, hi := 0, len(l)
	for lo < hi {
		mid := (lo + hi) / 2
		start := strings.LastIndexByte(string(l[:mid]), '\n') + 1
		end := strings.IndexByte(string(l[start:]), '\n')
		if end < 0 {
			end = len(l) - start
		}
		line := string(l[start : start+end])
		switch {
		case line == word:
			return true
		case line < word:
			lo = start + end + 1
		default:
			hi = start
		}
	}
	return false
}

// ordinaryWord tells whether folded is an ordinary word of a language we hold a list of.
func ordinaryWord(folded string) bool {
	if len(folded) < 2 {
		return false
	}
	for _, l := range lexicons() {
		if l.has(folded) {
			return true
		}
	}
	return false
}

// commonWord tells whether folded is an English word. The lists of inflecting
// languages hold so many short forms that almost any rest of a word is one.
func commonWord(folded string) bool { return english().has(folded) }

var english = sync.OnceValue(func() lexicon {
	b, _ := lexiconFS.ReadFile("lexicon/en.txt")
	return lexicon(b)
})

// ordinaryWordsAreSorted is what has relies on; tests call it.
func (l lexicon) sorted() bool {
	lines := strings.Split(strings.TrimSuffix(string(l), "\n"), "\n")
	return sort.StringsAreSorted(lines)
}
