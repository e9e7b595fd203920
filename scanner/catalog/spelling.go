package catalog

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"go.etcd.io/bbolt"

	"prescreen/scanner/fold"
)

// Search sees through disguises by the vocabulary, not by the text: the ledger
// lists, for each reduced key, the folded words of the catalogue that share it,
//
//	nike -> n1ke, nlke, νіke, nikke, "n i k e", "ni ke"
//
// and a query for one of them asks the index for all. Indexing every word under
// both keys instead would cost almost half as much again in time and space; the
// vocabulary costs a few per cent, because each distinct word is met once.

// seenWords bounds the memory of a speller; forgotten words are only looked at twice.
const seenWords = 300_000

// speller collects the vocabulary of the documents one worker indexes.
type speller struct {
	tokens    []fold.Token
	seen      map[string]bool
	keys      map[string]bool // reduced, NUL, folded; where they differ
	known     map[string]bool // stretches seen
	stretches []string        // of these, not stored yet
}

func newSpeller() *speller {
	return &speller{seen: map[string]bool{}, keys: map[string]bool{}, known: map[string]bool{}}
}

func (s *speller) read(text string) {
	s.tokens = fold.Tokens(s.tokens[:0], text)
	for i := range s.tokens {
		t := &s.tokens[i]
		word := text[t.Start:t.End]
		if s.seen[word] {
			continue
		}
		if len(s.seen) >= seenWords {
			clear(s.seen)
		}
		s.seen[strings.Clone(word)] = true
		folded := foldWord(word)
		if reduced := reduce(word, folded, *t); reduced != folded {
			s.keys[reduced+"\x00"+folded] = true
		}
		if t.ASCII && !t.Digits {
			s.readGlued(word, folded)
		}
		if len(word) <= longestName && !plainWord(word, folded, t) {
			s.stretch(word)
		}
	}
	eachStretch(text, s.tokens, s.stretch)
	cutWords(text, s.tokens, func(c cutWord) { s.readCut(text, c) })
}

// readCut enters a cut word under its key, with the terms it is made of.
func (s *speller) readCut(text string, c cutWord) {
	stretch := text[c.start:c.end] + c.key
	if s.seen[stretch] {
		return
	}
	s.seen[stretch] = true
	parts := make([]string, 0, c.last-c.first)
	for _, t := range s.tokens[c.first:c.last] {
		parts = append(parts, foldWord(text[t.Start:t.End]))
	}
	key := c.key + "\x00" + strings.Join(parts, " ")
	if c.mask != "" {
		key += "\x00" + c.mask
	}
	s.keys[key] = true
}

// full tells whether it is time to store.
func (s *speller) full() bool { return len(s.keys)+len(s.stretches) > seenWords }

// store writes what was collected into the ledger and forgets it.
func (s *speller) store(c *Catalog) error {
	if len(s.keys)+len(s.stretches) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(s.keys))
	slices.Sort(s.stretches)
	err := c.update(func(tx *bbolt.Tx) error {
		return errors.Join(putKeys(tx.Bucket(spellingsBucket), keys), putKeys(tx.Bucket(stretchesBucket), s.stretches))
	})
	clear(s.keys)
	s.stretches = nil
	return err
}

func putKeys(bucket *bbolt.Bucket, keys []string) error {
	for _, k := range keys {
		if err := bucket.Put([]byte(k), nil); err != nil {
			return err
		}
	}
	return nil
}

// maxSpellings bounds how many words one word of a query can stand for.
const maxSpellings = 256

// spellings returns what t stands for in the index: itself first, and unless
// literal every word that looks like it, among them words that are cut, each as
// its terms with spaces between.
func (c *Catalog) spellings(t term, literal bool) ([]string, error) {
	out := []string{t.folded}
	if literal {
		return out, nil
	}
	if t.reduced != t.folded {
		out = append(out, t.reduced)
	}
	err := c.view(func(tx *bbolt.Tx) error {
		eachSpelling(tx, t.reduced, func(word, _ string) bool {
			if word != t.folded {
				out = append(out, word)
			}
			return len(out) < maxSpellings
		})
		if utf8.RuneCountInString(t.folded) != len(t.folded) || len(t.folded) < 4 || len(t.folded) > longestCut {
			return nil
		}
		eachSpelling(tx, maskKey(t.folded), func(word, mask string) bool {
			if fitsMask(mask, t.folded) && !slices.Contains(out, word) {
				out = append(out, word)
			}
			return len(out) < 2*maxSpellings
		})
		return nil
	})
	return append(out, splits(t.folded)...), err
}

// eachSpelling calls fn for what the vocabulary lists under a key, until fn has
// enough.
func eachSpelling(tx *bbolt.Tx, key string, fn func(word, mask string) bool) {
	prefix := []byte(key + "\x00")
	cur := tx.Bucket(spellingsBucket).Cursor()
	for k, _ := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = cur.Next() {
		if word, mask, _ := strings.Cut(string(k[len(prefix):]), "\x00"); !fn(word, mask) {
			return
		}
	}
}

// pruneWords takes out of the vocabulary what stands in no listing of the index
// any more. The index must hold no deleted documents.
func (c *Catalog) pruneWords() error {
	snapshot, err := snapshotOf(c.index)
	if err != nil {
		return err
	}
	defer snapshot.Close()
	var segments []*lexicon
	for _, s := range snapshot.Segments() {
		segments = append(segments, newLexicon(s))
	}
	unused := func(terms []string) bool {
		for _, x := range segments {
			docs, err2 := x.holding(terms)
			if err = errors.Join(err, err2); err != nil || !docs.IsEmpty() {
				return false
			}
		}
		return true
	}
	return errors.Join(c.update(func(tx *bbolt.Tx) error {
		_, err1 := deleteIf(tx.Bucket(spellingsBucket), nil, func(k, _ []byte) bool {
			_, word, _ := strings.Cut(string(k), "\x00")
			word, _, _ = strings.Cut(word, "\x00")
			return unused(strings.Fields(word))
		})
		_, err2 := deleteIf(tx.Bucket(stretchesBucket), nil, func(k, _ []byte) bool { return unused(foldedTerms(string(k))) })
		return errors.Join(err1, err2)
	}), err)
}
