package table

import (
	"bytes"
	"io"
)

// source is the bytes of one file, readable from its start any number of times.
type source struct {
	name string
	size int64
	at   io.ReaderAt // nil for a long member of a ZIP
	open func() (io.ReadCloser, error)
}

// fileSource reads from data, which the caller keeps open.
func fileSource(name string, data io.ReaderAt, size int64) source {
	return source{name: name, size: size, at: data, open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(data, 0, size)), nil
	}}
}

// head returns the first n bytes, fewer if the file is shorter.
func (s *source) head(n int) ([]byte, error) {
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if s.at != nil && s.size < int64(n) { // a member of a ZIP may lie about its size
		n = int(s.size)
	}
	return readUpTo(r, n)
}

// readUpTo reads n bytes, fewer if r ends before.
func readUpTo(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	got, err := io.ReadFull(r, b)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return b[:got], err
}

// windows returns pieces spread evenly over a file longer than its head, each
// from a line start on.
func (s *source) windows() [][]byte {
	if s.at == nil || s.size <= headSize {
		return nil
	}
	var out [][]byte
	step := max((s.size-headSize)/windowCount, windowSize)
	for off := int64(headSize); off < s.size; off += step {
		b := make([]byte, windowSize)
		n, _ := s.at.ReadAt(b, off)
		b = b[:n]
		if nl := bytes.IndexByte(b, '\n'); nl >= 0 {
			out = append(out, b[nl+1:])
		}
	}
	return out
}

// openContainer recognises what data holds by its first bytes, never by its
// name, and returns its tables without reading their rows: one container, or
// one per member for a ZIP of exports. data must stay open while rows are
// read. The error is one sentence: what, where, what to do.
func openContainer(name string, data io.ReaderAt, size int64, opt containerOptions) ([]*container, error) {
	return openSource(fileSource(name, data, size), opt)
}

func openSource(src source, opt containerOptions) ([]*container, error) {
	head, err := src.head(4096)
	if err != nil {
		return nil, because("container.reading", "file", src.name, "why", err)
	}
	var c *container
	switch kindOf(head) {
	case emptyFile:
		return nil, because("container.zero-bytes", "file", src.name)
	case zipFile:
		return openPackage(src, opt)
	case oleFile:
		c, err = openOLE(src, opt)
	case htmlFile:
		c, err = openHTML(src, opt)
	case xmlFile:
		if isXMLBook(head) {
			c, err = openXMLBook(src, opt)
		} else {
			c, err = openFeed(src, opt)
		}
	case foreignFile:
		return nil, because("container.foreign", "file", src.name)
	default:
		c, err = openTextTable(src, opt)
	}
	if err != nil {
		return nil, err
	}
	return []*container{c}, nil
}

func openTextTable(src source, opt containerOptions) (*container, error) {
	t, err := openText(src, opt)
	if err != nil {
		return nil, err
	}
	return &container{Name: src.name, Sheets: []*sheet{t.sheet()}}, nil
}

// fileKind is what the first bytes say.
type fileKind int

const (
	textFileKind fileKind = iota
	emptyFile
	zipFile
	oleFile
	htmlFile
	xmlFile
	foreignFile
)

// foreignMarks start files that hold no table.
var foreignMarks = []string{"%PDF-", "\x89PNG", "\xff\xd8\xff", "GIF8", "Rar!", "7z\xbc\xaf", "\x1f\x8b", "{\\rtf", "RIFF", "BZh", "\xfd7zXZ"}

func kindOf(head []byte) fileKind {
	if len(head) == 0 {
		return emptyFile
	}
	for _, m := range []string{"PK\x03\x04", "PK\x05\x06", "PK\x07\x08"} {
		if bytes.HasPrefix(head, []byte(m)) {
			return zipFile
		}
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return oleFile
	}
	for _, m := range foreignMarks {
		if bytes.HasPrefix(head, []byte(m)) {
			return foreignFile
		}
	}
	return markupKind(head)
}

// markupKind tells HTML and XML from text by their first tag.
func markupKind(head []byte) fileKind {
	set, ok := markedCharset(head)
	if !ok {
		set, _ = wideByNULs(head[:min(len(head), 64)])
	}
	text := head[set.end:]
	if set.wide {
		text, _ = set.enc.NewDecoder().Bytes(text[:len(text)&^3])
	}
	text = bytes.ToLower(bytes.TrimSpace(text))
	starts := func(s string) bool { return bytes.HasPrefix(text, []byte(s)) }
	switch {
	case starts("<?xml") && bytes.Contains(text, []byte("<html")):
		return htmlFile
	case starts("<?xml"), starts("<rss"), starts("<feed"), starts("<yml_catalog"), starts("<products"), starts("<workbook"):
		return xmlFile
	case starts("<!doctype html"), starts("<html"), starts("<table"), starts("<meta"), starts("<head"), starts("<style"), starts("<body"), starts("<div"):
		return htmlFile
	case starts("<!--") && bytes.Contains(text, []byte("<table")):
		return htmlFile
	}
	return textFileKind
}

// openPackage tells a workbook from a ZIP of exports.
func openPackage(src source, opt containerOptions) ([]*container, error) {
	p, err := openZip(src)
	if err != nil {
		return nil, err
	}
	if p.isWorkbook() {
		c, err := openWorkbook(src, p, opt)
		if err != nil {
			return nil, err
		}
		return []*container{c}, nil
	}
	if what := p.foreign(); what != "" {
		return nil, because("container.office", "file", src.name, "what", message(what))
	}
	return openMembers(src, p, opt)
}
