package catalog

import (
	"bytes"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"prescreen/scanner/fold"
)

// Search sees through disguises by the vocabulary, not by the text: the ledger
// lists, for each reduced key, the folded words of the catalogue that share it,
//
//	nike -> n1ke, nlke, νіke, nikke
//
// and a query for one of them asks the index for all. Indexing every word under
// both keys instead would cost almost half as much again in time and space; the
// vocabulary costs a few per cent, because each distinct word is met once.

// seenWords bounds the memory of a speller; forgotten words are only looked at twice.
const seenWords = 300_000

// speller collects the vocabulary of the documents one worker indexes.
type speller struct {
	tokens []fold.Token
	seen   map[string]bool
	keys   map[string]bool // reduced, NUL, folded; where they differ
}

func newSpeller() *speller { return &speller{seen: map[string]bool{}, keys: map[string]bool{}} }

func (s *speller) read(text string) {
	s.tokens = fold.Tokens(s.tokens[:0], text)
	for _, t := range s.tokens {
		word := text[t.Start:t.End]
		if s.seen[word] {
			continue
		}
		if len(s.seen) >= seenWords {
			clear(s.seen)
		}
		s.seen[strings.Clone(word)] = true
		folded := foldWord(word)
		if reduced := reduce(word, folded, t); reduced != folded {
			s.keys[reduced+"\x00"+folded] = true
		}
	}
}

// store writes what was collected into the ledger and forgets it.
func (s *speller) store(c *Catalog) error {
	if len(s.keys) == 0 {
		return nil
	}
	keys := make([]string, 0, len(s.keys))
	for k := range s.keys {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	clear(s.keys)
	return c.update(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(spellingsBucket)
		for _, k := range keys {
			if err := bucket.Put([]byte(k), nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// maxSpellings bounds how many words one word of a query can stand for.
const maxSpellings = 256

// spellings returns the words of the index that t stands for: itself first, and
// unless literal every word that looks like it.
func (c *Catalog) spellings(t term, literal bool) ([]string, error) {
	out := []string{t.folded}
	if literal {
		return out, nil
	}
	if t.reduced != t.folded {
		out = append(out, t.reduced)
	}
	prefix := []byte(t.reduced + "\x00")
	err := c.view(func(tx *bbolt.Tx) error {
		cur := tx.Bucket(spellingsBucket).Cursor()
		for k, _ := cur.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix) && len(out) < maxSpellings; k, _ = cur.Next() {
			if word := string(k[len(prefix):]); word != t.folded {
				out = append(out, word)
			}
		}
		return nil
	})
	return out, err
}
