package scanner

import (
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"

	"prescreen/scanner/fold"
	"prescreen/scanner/match"
)

// phraseTable gathers the phrases of a pack: for each its text, its gate and,
// as a chain through next, the marks it belongs to.
type phraseTable struct {
	builder match.RegisterBuilder
	keys    *match.RegisterKeys
	tokens  []fold.Token
	words   map[string]bool // folded word -> is it an ordinary one; bounded

	texts []uint32 // per phrase: offset of the text
	gates []gate
	last  []uint32 // per phrase: last posting+1
	marks []uint32 // per posting
	next  []uint32 // per posting: the one before it +1
}

const mostWordsKept = 1 << 20

// phrases enters every text of every mark that is alive.
func (b *packBuilder) phrases() error {
	t := &b.table
	t.keys, t.words = match.NewRegisterKeys(fold.Keys, match.DefaultMemo), map[string]bool{}
	for i := range b.marks {
		m := &b.marks[i]
		if statuses[m.record[flagField]&3] == "dead" {
			b.report.Dead++
			continue
		}
		if err := b.phrase(uint32(i), m.record[textField], false); err != nil {
			return err
		}
		if err := b.aliases(uint32(i), m.record[aliasField]); err != nil {
			return err
		}
	}
	b.report.Phrases = t.builder.Len()
	return nil
}

// aliases enters the other texts of a mark. They lie one after another inside
// one text of the arena, each with its own length before it.
func (b *packBuilder) aliases(mark, offset uint32) error {
	if offset == 0 {
		return nil
	}
	n, k := binary.Uvarint(b.strings[offset:])
	for at, end := offset+uint32(k), offset+uint32(k)+uint32(n); at < end; {
		n, k := binary.Uvarint(b.strings[at:])
		if err := b.phrase(mark, at, true); err != nil {
			return err
		}
		at += uint32(k) + uint32(n)
	}
	return nil
}

// phrase enters the text at offset for a mark.
func (b *packBuilder) phrase(mark, offset uint32, alias bool) error {
	t := &b.table
	text := string(b.at(offset))
	t.tokens = fold.Tokens(t.tokens[:0], text)
	t.keys.Read(text, t.tokens)
	id, fresh, err := t.builder.Add(t.keys)
	if errors.Is(err, match.ErrNoTokens) || errors.Is(err, match.ErrTooManyTokens) {
		b.report.Unusable++
		return nil
	}
	if err != nil {
		return err
	}
	if fresh {
		g, joined := t.describe(text)
		t.texts, t.gates, t.last = append(t.texts, offset), append(t.gates, g), append(t.last, 0)
		if joined != "" {
			t.tokens = fold.Tokens(t.tokens[:0], joined)
			t.keys.Read(joined, t.tokens)
			t.builder.Join(t.keys, id)
		}
	}
	if !alias {
		t.gates[id] &^= gateAlias
	}
	t.gates[id] |= b.gateOf(mark)
	t.marks, t.next = append(t.marks, mark), append(t.next, t.last[id])
	t.last[id] = uint32(len(t.marks))
	return nil
}

// gateOf is what a mark adds to the gates of its phrases.
func (b *packBuilder) gateOf(mark uint32) gate {
	r := &b.marks[mark].record
	g := gate(r[classField]) | gate(r[classField+1])<<32
	if g == 0 {
		g = gateAnyClass
	}
	if statuses[r[flagField]&3] == "pending" {
		return g | gatePending
	}
	return g | gateLive
}

// ordinary tells whether a folded word is an ordinary one, remembering it.
func (t *phraseTable) ordinary(folded string) bool {
	if is, ok := t.words[folded]; ok {
		return is
	}
	if len(t.words) >= mostWordsKept {
		clear(t.words)
	}
	is := ordinaryWord(folded)
	t.words[folded] = is
	return is
}

// writePhrases writes text offset and first posting of every phrase, and the
// end of the last one.
func (t *phraseTable) writePhrases(w io.Writer) error {
	posting := uint32(0)
	for id, text := range t.texts {
		if err := put32(w, text, posting); err != nil {
			return err
		}
		for k := t.last[id]; k != 0; k = t.next[k-1] {
			posting++
		}
	}
	return put32(w, 0, posting)
}

// writeGates writes the gates.
func (t *phraseTable) writeGates(w io.Writer) error {
	for _, g := range t.gates {
		if err := put32(w, uint32(g), uint32(g>>32)); err != nil {
			return err
		}
	}
	return nil
}

// writePostings writes the marks of every phrase, the first entered first.
func (t *phraseTable) writePostings(w io.Writer) error {
	var marks []uint32
	for _, last := range t.last {
		marks = marks[:0]
		for k := last; k != 0; k = t.next[k-1] {
			marks = append(marks, t.marks[k-1])
		}
		for i := len(marks) - 1; i >= 0; i-- {
			if err := put32(w, marks[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func put32(w io.Writer, values ...uint32) error {
	var buf [8]byte
	for i, v := range values {
		binary.LittleEndian.PutUint32(buf[4*i:], v)
	}
	_, err := w.Write(buf[:4*len(values)])
	return err
}

// packSums sums up a pack's content as it is written.
type packSums struct {
	whole  hash.Hash
	sum    uint32
	tables bool // the section under way decides what is found
}

// Write adds to the sums.
func (s *packSums) Write(p []byte) (int, error) {
	if s.tables {
		s.sum = crc32.Update(s.sum, castagnoli, p)
	}
	return s.whole.Write(p)
}
