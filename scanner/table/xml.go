package table

import (
	"bytes"
	"errors"
	"html"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// xmlScanner reads XML as a stream of tokens, several times faster than
// encoding/xml and more forgiving: names lose their prefix, control characters
// and bare & are text, end tags are only counted. It refuses document type
// definitions with entities, so nothing expands.
type xmlScanner struct {
	src  io.Reader
	buf  []byte
	pos  int
	eof  bool
	err  error // of src, other than io.EOF
	base int64 // offset of buf[0] in the part
	line int   // line ends left behind, counted only with countLines

	countLines bool
	kind       xmlKind
	name       []byte // local name of a start or end tag
	prefix     int    // length of its namespace prefix, colon included
	attrs      []byte // raw attributes of a start tag
	closed     bool   // a start tag that is its own end: <c/>
	text       []byte // raw text
	cdata      bool   // text is a CDATA section, entities mean nothing in it
	depth      int
	tagAt      int64 // offset of the < of the tag at hand in the part
	recoded    bool  // the part is in another encoding than UTF-8: offsets mean nothing
}

type xmlKind int

const (
	xmlStart xmlKind = iota
	xmlEnd
	xmlText
	xmlDone
)

const (
	xmlChunk    = 128 << 10
	maxXMLTag   = 1 << 20
	maxXMLDepth = 200
)

var (
	tagOpen  = []byte{'<'}
	tagClose = []byte{'>'}
)

var (
	errXMLEnds = because("container.xml-ends")
	errXMLLong = because("container.xml-long")
)

// newXMLScanner turns other encodings than UTF-8, by mark or declaration, into
// UTF-8.
func newXMLScanner(r io.Reader) (*xmlScanner, error) {
	x := &xmlScanner{src: r}
	for len(x.buf) < 256 && !x.eof {
		if err := x.more(); err != nil {
			return nil, err
		}
	}
	set, marked := markedCharset(x.buf)
	if !marked {
		set, marked = wideByNULs(x.buf[:min(len(x.buf), 64)])
	}
	rest := io.MultiReader(bytes.NewReader(x.buf[set.end:]), r)
	if x.eof {
		rest = bytes.NewReader(x.buf[set.end:])
	}
	switch {
	case marked && set.wide:
		return &xmlScanner{src: transform.NewReader(rest, set.enc.NewDecoder()), recoded: true}, nil
	case marked:
		x.pos = set.end
		return x, nil
	}
	head := x.buf[:min(len(x.buf), 200)]
	_, after, ok := bytes.Cut(head, []byte("encoding="))
	if !ok || !bytes.HasPrefix(bytes.TrimSpace(head), []byte("<?xml")) || len(after) < 3 {
		return x, nil
	}
	name, _, _ := strings.Cut(string(after[1:]), string(after[:1]))
	if enc, err := htmlindex.Get(name); err == nil && !strings.EqualFold(name, "utf-8") && !strings.HasPrefix(strings.ToLower(name), "utf-16") {
		return &xmlScanner{src: transform.NewReader(rest, enc.NewDecoder()), recoded: true}, nil
	}
	return x, nil
}

// more reads on; what lies before pos is given up.
func (x *xmlScanner) more() error {
	if x.eof {
		return io.EOF
	}
	rest := x.buf[x.pos:]
	if x.countLines {
		x.line += bytes.Count(x.buf[:x.pos], []byte{'\n'})
	}
	if cap(x.buf)-len(rest) < xmlChunk {
		x.buf = make([]byte, len(rest), 2*len(rest)+2*xmlChunk)
	}
	x.buf = x.buf[:copy(x.buf[:cap(x.buf)], rest)]
	x.base += int64(x.pos)
	x.pos = 0
	for idle := 0; ; idle++ {
		n, err := x.src.Read(x.buf[len(x.buf):min(cap(x.buf), len(x.buf)+xmlChunk)])
		x.buf = x.buf[:len(x.buf)+n]
		if err != nil {
			x.eof = true
			if err != io.EOF {
				x.err = err
				return err
			}
			return nil
		}
		if n > 0 {
			return nil
		}
		if idle > 100 {
			return io.ErrNoProgress
		}
	}
}

// find returns the position of sep at or after pos+from, reading on as needed.
func (x *xmlScanner) find(from int, sep []byte, limit int) (int, error) {
	for {
		if from <= len(x.buf)-x.pos {
			var i int
			if len(sep) == 1 {
				i = bytes.IndexByte(x.buf[x.pos+from:], sep[0])
			} else {
				i = bytes.Index(x.buf[x.pos+from:], sep)
			}
			if i >= 0 {
				return from + i, nil
			}
		}
		have := len(x.buf) - x.pos
		if have > limit {
			return 0, errXMLLong
		}
		if x.eof {
			return 0, errXMLEnds
		}
		from = max(from, have-len(sep)+1)
		if err := x.more(); err != nil {
			return 0, err
		}
	}
}

// next moves to the next token. Comments, declarations and processing
// instructions are passed over. limit is the most bytes one text may have.
func (x *xmlScanner) next(limit int) error {
	for {
		if x.pos == len(x.buf) {
			if x.eof {
				x.kind = xmlDone
				if x.err != nil {
					return x.err
				}
				if x.depth > 0 {
					return errXMLEnds
				}
				return nil
			}
			if err := x.more(); err != nil {
				return err
			}
			continue
		}
		if x.buf[x.pos] != '<' {
			return x.plainText(0, limit)
		}
		if x.pos+1 < len(x.buf) && (x.buf[x.pos+1] == '/' || nameByte(x.buf[x.pos+1])) {
			return x.tag()
		}
		done, err := x.markup(limit)
		if done || err != nil {
			return err
		}
	}
}

// discardText passes over text that next refused with errXMLLong.
func (x *xmlScanner) discardText() error {
	for {
		if i := bytes.IndexByte(x.buf[x.pos:], '<'); i >= 0 {
			x.pos += i
			return nil
		}
		x.pos = len(x.buf)
		if err := x.more(); err != nil {
			return errXMLEnds
		}
	}
}

// plainText takes the text up to the next tag; skip bytes at its start are
// known to be text.
func (x *xmlScanner) plainText(skip, limit int) error {
	n, err := x.find(skip, tagOpen, limit)
	if errors.Is(err, errXMLEnds) {
		n, err = len(x.buf)-x.pos, nil
	}
	if err != nil {
		return err
	}
	x.kind, x.text, x.cdata = xmlText, x.buf[x.pos:x.pos+n], false
	x.pos += n
	return nil
}

// markup reads what starts with < at pos; done is false for what is passed over.
func (x *xmlScanner) markup(limit int) (done bool, err error) {
	for len(x.buf)-x.pos < 9 && !x.eof {
		if err := x.more(); err != nil {
			return true, err
		}
	}
	b := x.buf[x.pos:]
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		return false, x.skip(4, "-->", limit)
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		n, err := x.find(9, []byte("]]>"), limit)
		if err != nil {
			return true, err
		}
		x.kind, x.text, x.cdata = xmlText, x.buf[x.pos+9:x.pos+n], true
		x.pos += n + 3
		return true, nil
	case bytes.HasPrefix(b, []byte("<?")):
		return false, x.skip(2, "?>", maxXMLTag)
	case bytes.HasPrefix(b, []byte("<!")):
		n, err := x.find(2, tagClose, maxXMLTag)
		if err != nil {
			return true, err
		}
		if bytes.IndexByte(x.buf[x.pos:x.pos+n], '[') >= 0 {
			return true, because("container.xml-entities")
		}
		x.pos += n + 1
		return false, nil
	case len(b) < 2 || !nameByte(b[1]) && b[1] != '/':
		return true, x.plainText(1, limit) // a bare < is text
	}
	return true, x.tag()
}

func (x *xmlScanner) skip(from int, sep string, limit int) error {
	n, err := x.find(from, []byte(sep), limit)
	if err == nil {
		x.pos += n + len(sep)
	}
	return err
}

// tag reads a start or end tag; > inside attribute values does not end it.
func (x *xmlScanner) tag() error {
	n, err := x.find(1, tagClose, maxXMLTag)
	for err == nil && insideQuotes(x.buf[x.pos:x.pos+n]) {
		n, err = x.find(n+1, tagClose, maxXMLTag)
	}
	if err != nil {
		return err
	}
	b := x.buf[x.pos+1 : x.pos+n]
	x.tagAt = x.base + int64(x.pos)
	x.pos += n + 1
	if b[0] == '/' {
		for b[len(b)-1] <= ' ' {
			b = b[:len(b)-1]
		}
		x.kind, x.name = xmlEnd, localName(b[1:])
		x.depth = max(0, x.depth-1)
		return nil
	}
	x.closed = b[len(b)-1] == '/'
	if x.closed {
		b = b[:len(b)-1]
	}
	i := 0
	for i < len(b) && b[i] > ' ' {
		i++
	}
	x.kind, x.name, x.attrs = xmlStart, localName(b[:i]), b[i:]
	x.prefix = i - len(x.name)
	if !x.closed {
		x.depth++
	}
	if x.depth > maxXMLDepth {
		return because("container.xml-deep", "n", maxXMLDepth)
	}
	return nil
}

func nameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':' || b >= 0x80
}

// insideQuotes says whether an attribute value is still open at the end of b.
func insideQuotes(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			return false
		}
		b = bytes.TrimLeft(b[i+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			continue
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return true
		}
		b = b[end+2:]
	}
}

func localName(b []byte) []byte {
	if i := bytes.LastIndexByte(b, ':'); i >= 0 {
		return b[i+1:]
	}
	return b
}

// is says whether the token is a start tag of this local name.
func (x *xmlScanner) is(name string) bool { return string(x.name) == name }

// attr returns the raw value of the attribute with this local name.
func (x *xmlScanner) attr(name string) ([]byte, bool) {
	for b := x.attrs; ; {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil, false
		}
		key := localName(bytes.TrimSpace(b[:eq]))
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil, false
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return nil, false
		}
		if string(key) == name {
			return b[1 : 1+end], true
		}
		b = b[end+2:]
	}
}

// attrText returns the value of an attribute, entities resolved, "" if absent.
func (x *xmlScanner) attrText(name string) string {
	v, _ := x.attr(name)
	return string(appendXMLText(nil, v, false))
}

// appendXMLText appends raw text with its entities resolved. Unknown ones stay
// as they are; bytes that are not UTF-8 become U+FFFD; every line end becomes
// LF, as XML wants it.
func appendXMLText(dst, raw []byte, cdata bool) []byte {
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	if bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	for !cdata {
		i := bytes.IndexByte(raw, '&')
		if i < 0 {
			break
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		end := bytes.IndexByte(raw[:min(len(raw), 40)], ';')
		if end < 0 {
			dst = append(dst, '&')
			raw = raw[1:]
			continue
		}
		dst = appendEntity(dst, raw[:end+1])
		raw = raw[end+1:]
	}
	return append(dst, raw...)
}

// appendEntity resolves &name; or &#n;.
func appendEntity(dst, entity []byte) []byte {
	switch name := string(entity[1 : len(entity)-1]); {
	case name == "lt":
		return append(dst, '<')
	case name == "gt":
		return append(dst, '>')
	case name == "amp":
		return append(dst, '&')
	case name == "quot":
		return append(dst, '"')
	case name == "apos":
		return append(dst, '\'')
	case len(name) > 1 && name[0] == '#':
		digits, base := name[1:], 10
		if digits[0] == 'x' || digits[0] == 'X' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 32); err == nil && n <= utf8.MaxRune {
			return utf8.AppendRune(dst, rune(n))
		}
	default:
		return append(dst, html.UnescapeString(string(entity))...)
	}
	return append(dst, entity...)
}
