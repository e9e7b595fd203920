package table

import (
	"fmt"
	"io"
	"strings"
)

// A feed (RSS or Atom with g: fields, a catalogue in XML) becomes a table: one
// row per item, one column per element name, repeated elements in columns of
// their own. Names lose their prefix, nested ones are joined: shipping/price.
// The columns are collected in a first pass, so the header row is complete.

// itemNames are the elements that stand for one product.
var itemNames = map[string]bool{"item": true, "entry": true, "offer": true, "product": true}

const maxFeedColumns = 2000

// feed is an XML file of items.
type feed struct {
	src   source
	max   int
	names []string       // header cells
	at    map[string]int // name and occurrence -> column
}

// feedKey is the n-th element of a name within one item.
func feedKey(name string, n int) string { return fmt.Sprintf("%s\x00%d", name, n) }

// openFeed collects the columns of a feed, or opens an Excel 2003 XML workbook.
func openFeed(src source, opt containerOptions) (*container, error) {
	f := &feed{src: src, max: opt.maxCell(), at: map[string]int{}}
	items := 0
	err := f.items(func(it feedItem) (bool, error) {
		items++
		for i, name := range it.names {
			if err := f.column(name, it.nth[i]); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return nil, because("container.feed", "file", src.name, "why", err)
	}
	if items == 0 || len(f.names) == 0 {
		return nil, because("container.feed-empty", "file", src.name)
	}
	return &container{Name: src.name, Sheets: []*sheet{{Container: "xml", Encoding: "UTF-8", read: f.read}}}, nil
}

func (f *feed) column(name string, n int) error {
	key := feedKey(name, n)
	if _, ok := f.at[key]; ok {
		return nil
	}
	if len(f.names) == maxFeedColumns {
		return because("container.feed-wide", "n", maxFeedColumns)
	}
	f.at[key] = len(f.names)
	f.names = append(f.names, name)
	return nil
}

// read yields the header, then one row per item.
func (f *feed) read(yield func(record, error) bool) *tally {
	count := &tally{}
	if !yield(record{Row: 1, Line: 1, Cells: append([]string(nil), f.names...)}, nil) {
		return count
	}
	row := 1
	stopped := false
	err := f.items(func(it feedItem) (bool, error) {
		row++
		rec := record{Row: row, Line: it.line, Cells: make([]string, len(f.names))}
		for i, name := range it.names {
			rec.Cells[f.at[feedKey(name, it.nth[i])]] = it.texts[i]
		}
		stopped = !yield(rec, nil)
		return !stopped, nil
	})
	if err != nil && !stopped {
		yield(record{}, because("container.feed-stopped", "file", f.src.name, "n", row-1, "why", err))
	}
	return count
}

// feedItem is one product as it stands in the feed.
type feedItem struct {
	line  int
	names []string
	nth   []int // 0-based occurrence of the name within the item
	texts []string
}

// items calls each with every item until it asks to stop.
func (f *feed) items(each func(feedItem) (bool, error)) error {
	r, err := f.src.open()
	if err != nil {
		return err
	}
	defer r.Close()
	x, err := newXMLScanner(r)
	if err != nil && err != io.EOF {
		return err
	}
	x.countLines = true
	for {
		if err := x.next(f.max); err != nil {
			return err
		}
		if x.kind == xmlDone {
			return nil
		}
		if x.kind != xmlStart || x.closed || !itemNames[strings.ToLower(string(x.name))] {
			continue
		}
		it, err := f.item(x)
		if err != nil {
			return err
		}
		if more, err := each(it); err != nil || !more {
			return err
		}
	}
}

// item reads up to the end of the item whose start tag was just met.
func (f *feed) item(x *xmlScanner) (feedItem, error) {
	it := feedItem{line: x.lineNow()}
	bottom := x.depth
	seen := map[string]int{}
	var path []string
	var text []byte
	for {
		if err := x.next(f.max); err != nil {
			return it, err
		}
		switch x.kind {
		case xmlDone:
			return it, errXMLEnds
		case xmlText:
			if text = appendXMLText(text, x.text, x.cdata); len(text) > f.max {
				return it, errXMLLong
			}
		case xmlStart:
			if !x.closed {
				path, text = append(path, strings.ToValidUTF8(string(x.name), "\uFFFD")), text[:0]
			}
		case xmlEnd:
			if x.depth < bottom {
				return it, nil
			}
			if len(path) == 0 {
				continue
			}
			if value := strings.TrimSpace(string(text)); value != "" {
				name := strings.Join(path, "/")
				it.names, it.nth, it.texts = append(it.names, name), append(it.nth, seen[name]), append(it.texts, value)
				seen[name]++
			}
			path, text = path[:len(path)-1], text[:0]
		}
	}
}

// lineNow returns the 1-based line of the token at hand.
func (x *xmlScanner) lineNow() int {
	return 1 + x.line + lines(x.buf[:x.pos])
}
