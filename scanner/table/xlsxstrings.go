package table

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"sort"
)

// The texts that cells point to by number, sharedStrings.xml, are kept in blocks
// of about stringBlock bytes. Once they exceed a budget, further blocks go to a
// temporary file: ten million different texts then take no more memory than two
// hundred thousand. Cells mostly meet the texts in the order of the table, so a
// few blocks read back serve long runs of cells.
//
//	blocks:  0..811 in memory   812..1620 in memory   1621..2440 at byte 0 of the file ...
//	in the file, of each block: where its texts end (4 bytes each), then the texts

const (
	stringBlock   = 32 << 10 // bytes of a block
	stringsInside = 48 << 20 // bytes of texts in memory
	stringsAtOnce = 64       // blocks of the file held in memory
	maxStrings    = 1 << 26  // a sheet has 2^34 cells; real tables have far fewer texts
)

// sharedStrings looks texts up by number. Not safe for concurrent use.
type sharedStrings struct {
	n      int
	blocks []stringSpan
	long   map[int]bool // items passed over because of their length
	inside int          // bytes of texts in memory
	budget int          // most of them, stringsInside but in tests
	broken error        // why the table ends before its end

	item  []byte // scratch
	bytes []byte // texts of the block to come
	ends  []uint32

	file   *os.File
	name   string        // of file
	length int64         // of file
	recent []*loadedText // blocks read back, in a ring
	next   int           // the next of them to give up
	at     *stringSpan   // block of the last look-up
}

// stringSpan is one block.
type stringSpan struct {
	first, count int
	offset       int64       // in the file, where text is not kept
	size         int         // bytes in the file
	text         *loadedText // nil: not in memory
}

// loadedText is the content of a block.
type loadedText struct {
	span *stringSpan
	all  string
	ends []uint32
}

var errStringsMany = because("container.strings-many", "n", maxStrings)

func (w *workbook) readStrings(part string) (*sharedStrings, error) {
	t := &sharedStrings{long: map[int]bool{}, budget: w.stringBudget}
	if t.budget == 0 {
		t.budget = stringsInside
	}
	w.strings = t
	if !w.parts.has(part) {
		return t, because("container.no-strings", "part", part)
	}
	r, err := w.parts.open(part)
	if err != nil {
		return t, err
	}
	defer r.Close()
	x, err := newXMLScanner(r)
	if err != nil {
		return t, err
	}
	err = t.read(x, w.max)
	if last := t.flush(); err == nil {
		err = last
	}
	if err != nil {
		t.broken = because("container.strings-unreadable", "part", part, "why", err)
	}
	return t, t.broken
}

// read collects the items.
func (t *sharedStrings) read(x *xmlScanner, limit int) error {
	for {
		if quick, err := t.quickItem(x, limit); err != nil {
			return err
		} else if quick {
			continue
		}
		if err := x.next(limit); err != nil || x.kind == xmlDone {
			return err
		}
		if x.kind != xmlStart || !x.is("si") {
			continue
		}
		t.item = t.item[:0]
		if !x.closed {
			var err error
			t.item, err = appendRich(t.item, x, "si", limit)
			if errors.Is(err, errCellLong) {
				t.long[t.n] = true
			} else if err != nil {
				return err
			}
		}
		if err := t.add(t.item); err != nil {
			return err
		}
	}
}

// quickItem reads an item of one plain text as a whole.
func (t *sharedStrings) quickItem(x *xmlScanner, limit int) (bool, error) {
	b := x.buf[x.pos:]
	if !bytes.HasPrefix(b, itemOpen) {
		return false, nil
	}
	text, n := quickText(b[len(itemOpen):], itemClose)
	if n < 0 || len(text) > limit {
		return false, nil
	}
	x.pos += len(itemOpen) + n
	t.item = unescapeExcel(appendXMLText(t.item[:0], text, false), 0)
	return true, t.add(t.item)
}

func (t *sharedStrings) add(item []byte) error {
	if t.n == maxStrings {
		return errStringsMany
	}
	t.n++
	t.bytes = append(t.bytes, item...)
	t.ends = append(t.ends, uint32(len(t.bytes)))
	if len(t.bytes) >= stringBlock || len(t.ends) >= stringBlock/4 {
		return t.flush()
	}
	return nil
}

// flush ends the block at hand and keeps it in memory or in the file.
func (t *sharedStrings) flush() error {
	count := len(t.ends)
	if count == 0 {
		return nil
	}
	span := stringSpan{first: t.n - count, count: count}
	if t.inside += len(t.bytes) + 4*count; t.inside <= t.budget {
		span.text = &loadedText{all: string(t.bytes), ends: append([]uint32(nil), t.ends...)}
	} else if err := t.spill(&span); err != nil {
		t.n = span.first
		return because("container.strings-spill", "why", err)
	}
	t.blocks = append(t.blocks, span)
	t.bytes, t.ends = t.bytes[:0], t.ends[:0]
	return nil
}

func (t *sharedStrings) spill(span *stringSpan) error {
	if t.file == nil {
		f, err := os.CreateTemp("", "prescreen-*.texts")
		if err != nil {
			return err
		}
		// Where an open file may be removed it is gone even if this process is
		// killed; elsewhere close removes it.
		_ = os.Remove(f.Name())
		t.file, t.name = f, f.Name()
	}
	out := make([]byte, 0, 4*len(t.ends)+len(t.bytes))
	for _, end := range t.ends {
		out = binary.LittleEndian.AppendUint32(out, end)
	}
	out = append(out, t.bytes...)
	if _, err := t.file.WriteAt(out, t.length); err != nil {
		return err
	}
	span.offset, span.size = t.length, len(out)
	t.length += int64(len(out))
	return nil
}

// close gives the file up.
func (t *sharedStrings) close() {
	if t == nil || t.file == nil {
		return
	}
	t.file.Close()
	_ = os.Remove(t.name) // gone already on most systems
	t.file = nil
}

// text returns the n-th text, 0 <= n < t.n. An error is one of the file.
func (t *sharedStrings) text(n int) (string, error) {
	span := t.at
	if span == nil || n < span.first || n >= span.first+span.count {
		i := sort.Search(len(t.blocks), func(i int) bool { return t.blocks[i].first > n }) - 1
		span = &t.blocks[i]
		t.at = span
	}
	block := span.text
	if block == nil {
		var err error
		if block, err = t.load(span); err != nil {
			return "", err
		}
	}
	start := uint32(0)
	if n -= span.first; n > 0 {
		start = block.ends[n-1]
	}
	return block.all[start:block.ends[n]], nil
}

// load reads a block back, in place of the one that was read back longest ago.
func (t *sharedStrings) load(span *stringSpan) (*loadedText, error) {
	if t.file == nil {
		return nil, os.ErrClosed
	}
	raw := make([]byte, span.size)
	if _, err := t.file.ReadAt(raw, span.offset); err != nil {
		return nil, because("container.strings-spill", "why", err)
	}
	block := &loadedText{span: span, all: string(raw[4*span.count:]), ends: make([]uint32, span.count)}
	for i := range block.ends {
		block.ends[i] = binary.LittleEndian.Uint32(raw[4*i:])
	}
	if len(t.recent) < stringsAtOnce {
		t.recent = append(t.recent, block)
	} else {
		t.recent[t.next].span.text = nil
		t.recent[t.next] = block
		t.next = (t.next + 1) % stringsAtOnce
	}
	span.text = block
	return block, nil
}
