package register

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"prescreen/rules"
)

// A register in XML is gigabytes of one small element after another. encoding/xml
// reads some 30 MB/s; here the text is cut at the elements with bytes.Index,
// which runs at the speed of memory, and only the leaves of interest of each
// element are looked at.

const (
	elementBuffer = 1 << 20  // bytes read at a time
	mostElement   = 16 << 20 // bytes of one element
)

// elementCutter cuts a stream into the elements of one name.
type elementCutter struct {
	r           io.Reader
	open, close []byte // "<case-file", "</case-file>"
	buf         []byte
	from        int // buf[from:] is not used up
	at          rules.Pos
	done        bool  // the stream has ended
	err         error // what ended it, beside its end
}

// newElementCutter cuts r; buf is memory to use again, nil for none: an office
// that hands out one file per mark has millions of small ones.
func newElementCutter(name string, r io.Reader, element string, buf []byte) *elementCutter {
	return &elementCutter{r: r, buf: buf[:0], open: []byte("<" + element), close: []byte("</" + element + ">"), at: rules.Pos{File: name, Line: 1}}
}

// errHuge means that an element does not end within mostElement.
var errHuge = fmt.Errorf("the element is larger than %d MB", mostElement>>20)

// next returns the next element, tags included, and where it begins; the bytes
// are good until the next call. io.EOF: there is none. errHuge: one had to be
// passed over, go on. Any other error ends the reading.
func (c *elementCutter) next() ([]byte, rules.Pos, error) {
	start, err := c.find()
	if err != nil {
		return nil, c.at, err
	}
	c.skip(start)
	at := c.at
	searched := 0
	for {
		if i := bytes.Index(c.buf[c.from+searched:], c.close); i >= 0 {
			end := c.from + searched + i + len(c.close)
			element := c.buf[c.from:end]
			c.skip(end)
			return element, at, nil
		}
		searched = max(0, len(c.buf)-c.from-len(c.close))
		if len(c.buf)-c.from > mostElement {
			c.skip(c.from + len(c.open))
			return nil, at, errHuge
		}
		if !c.more() {
			if c.err != nil {
				return nil, at, c.err
			}
			return nil, at, io.ErrUnexpectedEOF
		}
	}
}

// find gives the index in buf of the next opening tag.
func (c *elementCutter) find() (int, error) {
	for {
		for i := c.from; ; {
			k := bytes.Index(c.buf[i:], c.open)
			if k < 0 {
				break
			}
			i += k + len(c.open)
			if i == len(c.buf) {
				break
			}
			if b := c.buf[i]; b == '>' || b == ' ' || b == '\n' || b == '\r' || b == '\t' {
				return i - len(c.open), nil
			}
		}
		if keep := len(c.buf) - len(c.open) - 512; keep > c.from {
			c.skip(keep) // the end may hold the beginning of a tag
		}
		if !c.more() {
			if c.err != nil {
				return 0, c.err
			}
			return 0, io.EOF
		}
	}
}

// skip uses buf up, counting its lines.
func (c *elementCutter) skip(to int) {
	c.at.Line += bytes.Count(c.buf[c.from:to], []byte{'\n'})
	c.from = to
}

// more reads on; what is used up makes room. It is false at the end.
func (c *elementCutter) more() bool {
	if c.done {
		return false
	}
	if c.from > 0 && (c.from == len(c.buf) || cap(c.buf)-len(c.buf) < elementBuffer) {
		c.buf = c.buf[:copy(c.buf, c.buf[c.from:])]
		c.from = 0
	}
	if free := cap(c.buf) - len(c.buf); free < elementBuffer {
		grown := make([]byte, len(c.buf), 2*cap(c.buf)+2*elementBuffer)
		copy(grown, c.buf)
		c.buf = grown
	}
	n, err := io.ReadFull(c.r, c.buf[len(c.buf):len(c.buf)+elementBuffer])
	c.buf = c.buf[:len(c.buf)+n]
	if err != nil {
		c.done = true
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			c.err = err
		}
	}
	return n > 0
}

// rest is what is left once next has given io.EOF: at least the last bytes of
// the stream.
func (c *elementCutter) rest() []byte { return c.buf[c.from:] }

// errTags means that an element's tags do not pair up.
var errTags = errors.New("the tags do not pair up")

// mostDepth is how deep elements may stand within one another: ST.96 needs 14.
const mostDepth = 32

// leaves calls leaf for every element without children: the names of those it
// stands in, its own last, and its raw text (entities and CDATA in it). open,
// where not nil, is told of the attributes of every element, before its leaves.
func leaves(element []byte, leaf func(path [][]byte, text []byte), open func(path [][]byte, attributes []byte)) error {
	var stack [mostDepth][]byte
	depth, from, bare := 0, 0, false
	for i := 0; ; {
		k := bytes.IndexByte(element[i:], '<')
		if k < 0 {
			break
		}
		i += k
		name, attributes, next, kind := tagAt(element, i)
		switch kind {
		case noTag:
			return errTags
		case openTag, emptyTag:
			if depth == len(stack) {
				return errTags
			}
			stack[depth] = name
			if open != nil && len(attributes) > 0 {
				open(stack[:depth+1], attributes)
			}
			bare = kind == openTag
			if bare {
				depth++
				from = next
			}
		case closeTag:
			if depth == 0 || !bytes.Equal(stack[depth-1], name) {
				return errTags
			}
			if bare && depth > 1 {
				leaf(stack[:depth], element[from:i])
			}
			depth--
			bare = false
		}
		i = next
	}
	if depth != 0 {
		return errTags
	}
	return nil
}

type tagKind uint8

const (
	noTag tagKind = iota
	openTag
	closeTag
	emptyTag
	otherTag // comment, CDATA, instruction
)

// tagAt reads the tag at b[i], which is '<': its name, what follows the name,
// where it ends, its kind.
func tagAt(b []byte, i int) (name, attributes []byte, next int, kind tagKind) {
	rest := b[i+1:]
	if len(rest) > 0 && (rest[0] == '!' || rest[0] == '?') {
		closing := ">"
		switch {
		case bytes.HasPrefix(rest, []byte("!--")):
			closing = "-->"
		case bytes.HasPrefix(rest, []byte("![CDATA[")):
			closing = "]]>"
		}
		k := bytes.Index(rest, []byte(closing))
		if k < 0 {
			return nil, nil, 0, noTag
		}
		return nil, nil, i + 1 + k + len(closing), otherTag
	}
	end := bytes.IndexByte(rest, '>')
	if end <= 0 {
		return nil, nil, 0, noTag
	}
	next, kind = i+1+end+1, openTag
	if rest[0] == '/' {
		return bytes.TrimRight(rest[1:end], " \t\r\n"), nil, next, closeTag
	}
	if rest[end-1] == '/' {
		end, kind = end-1, emptyTag
	}
	name = rest[:end]
	if k := bytes.IndexAny(name, " \t\r\n"); k >= 0 {
		name, attributes = name[:k], name[k+1:]
	}
	return name, attributes, next, kind
}

// attribute gives the decoded value of an attribute, "" when there is none.
// Names are compared without their prefix.
func attribute(attributes []byte, name string) string {
	for rest := attributes; ; {
		key, after, ok := bytes.Cut(rest, []byte{'='})
		after = bytes.TrimLeft(after, " \t\r\n")
		if !ok || len(after) == 0 || after[0] != '"' && after[0] != '\'' {
			return ""
		}
		value, next, ok := bytes.Cut(after[1:], after[:1])
		if !ok {
			return ""
		}
		if string(local(bytes.TrimSpace(key))) == name {
			return plainText(value)
		}
		rest = next
	}
}

// local is a name without its prefix.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }
