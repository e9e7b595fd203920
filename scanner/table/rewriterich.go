package table

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// richText is how the text of a cell is formatted by itself.
type richText struct {
	runs   int    // stretches with a format of their own; 0 is plain text
	format string // the raw <rPr> element of the only run, "" where it has none or another prefix
}

// richCells says how the texts of cells, in the order of the part, are
// formatted: within the cell itself or in the table of shared strings.
func (w *workbook) richCells(part string, cells []editedCell) ([]richText, error) {
	out := make([]richText, len(cells))
	if len(cells) == 0 {
		return out, nil
	}
	r, err := w.parts.open(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	shared := map[int][]int{} // number of a shared string -> cells that show it
	at := int64(0)
	for i, c := range cells {
		raw := make([]byte, c.end-c.start)
		if _, err := io.CopyN(io.Discard, r, c.start-at); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(r, raw); err != nil {
			return nil, err
		}
		at = c.end
		if n, ok := sharedNumber(raw); ok {
			shared[n] = append(shared[n], i)
		} else if out[i], err = richIn(raw, c.prefix); err != nil {
			return nil, err
		}
	}
	return out, w.richShared(shared, cells, out)
}

// sharedNumber returns the number of the shared string that a raw <c> shows.
func sharedNumber(raw []byte) (int, bool) {
	x, err := newXMLScanner(bytes.NewReader(raw))
	if err != nil {
		return 0, false
	}
	shared, inside := false, false
	for x.next(len(raw)+1) == nil && x.kind != xmlDone {
		switch {
		case x.kind == xmlStart && x.is("c"):
			v, _ := x.attr("t")
			shared = string(v) == "s"
		case x.kind == xmlStart:
			inside = shared && x.is("v")
		case x.kind == xmlText && inside:
			n, err := strconv.Atoi(trimmed(x.text))
			return n, err == nil
		}
	}
	return 0, false
}

// richIn counts the runs of a raw <c> or <si>, plain text beside a run being
// one more, and keeps the format of the only one. It is copied as it stands, so
// its prefix has to be the sheet's.
func richIn(raw []byte, prefix string) (rich richText, err error) {
	x, err := newXMLScanner(bytes.NewReader(raw))
	if err != nil {
		return rich, err
	}
	from, inside, loose := int64(0), "", false // inside: the run or phonetic hint at hand
	for {
		if err := x.next(len(raw) + 1); err != nil {
			return rich, err
		}
		name := string(x.name)
		switch {
		case x.kind == xmlDone:
			if loose && rich.runs > 0 {
				rich.runs++
			}
			return rich, nil
		case x.kind == xmlStart && x.closed:
		case x.kind == xmlStart && (name == "r" || name == "rPh"):
			inside = name
			if name == "r" {
				rich.runs++
			}
		case x.kind == xmlStart && name == "rPr":
			from = x.tagAt
		case x.kind == xmlStart && name == "t":
			loose = loose || inside == ""
		case x.kind == xmlEnd && name == inside:
			inside = ""
		case x.kind == xmlEnd && name == "rPr":
			if rich.format = string(raw[from : x.base+int64(x.pos)]); !strings.HasPrefix(rich.format, "<"+prefix+"rPr") {
				rich.format = ""
			}
		}
	}
}

// richShared fills out for the cells that show shared strings, numbered as
// in wanted.
func (w *workbook) richShared(wanted map[int][]int, cells []editedCell, out []richText) error {
	if len(wanted) == 0 {
		return nil
	}
	part, err := w.stringsPart()
	if err != nil {
		return err
	}
	items, err := w.stringItems(part, wanted)
	if err != nil {
		return err
	}
	r, err := w.parts.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	at := int64(0)
	for _, item := range items {
		raw := make([]byte, item.end-item.start)
		if _, err := io.CopyN(io.Discard, r, item.start-at); err != nil {
			return err
		}
		if _, err := io.ReadFull(r, raw); err != nil {
			return err
		}
		at = item.end
		for _, i := range wanted[item.number] {
			if out[i], err = richIn(raw, cells[i].prefix); err != nil {
				return err
			}
		}
	}
	return nil
}

// stringsPart names the part of the shared strings.
func (w *workbook) stringsPart() (string, error) {
	main := w.mainPart()
	rels, err := w.relations(main)
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if r.kind == "sharedStrings" {
			return r.target, nil
		}
	}
	return cleanPart(path.Dir(main) + "/sharedStrings.xml"), nil
}

// stringItem is where a shared string stands in its part.
type stringItem struct {
	number     int // from 0
	start, end int64
}

// stringItems finds the wanted shared strings, in order.
func (w *workbook) stringItems(part string, wanted map[int][]int) ([]stringItem, error) {
	r, err := w.parts.open(part)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	x, err := newXMLScanner(r)
	if err != nil {
		return nil, err
	}
	if x.recoded {
		return nil, errors.New("its shared strings are not in UTF-8: open the file in Excel and save it again")
	}
	var found []stringItem
	number, open := -1, false
	for len(found) < len(wanted) || open {
		err := x.next(w.max)
		if errors.Is(err, errXMLLong) {
			if err = x.discardText(); err == nil {
				continue
			}
		}
		if err != nil {
			return nil, err
		}
		switch {
		case x.kind == xmlDone:
			return found, nil
		case x.kind == xmlStart && x.is("si"):
			number++
			if open = len(wanted[number]) > 0; open {
				found = append(found, stringItem{number: number, start: x.tagAt, end: x.base + int64(x.pos)})
				open = !x.closed
			}
		case x.kind == xmlEnd && x.is("si") && open:
			found[len(found)-1].end, open = x.base+int64(x.pos), false
		}
	}
	return found, nil
}
