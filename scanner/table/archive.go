package table

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf8"
)

// A part of a ZIP may not inflate beyond both bounds: a real Shopify workbook
// inflates 44 times, so the ratio alone would refuse honest files.
const (
	maxInflateRatio = 100
	maxFreeInflate  = 200 << 20
)

// parts is a ZIP with its names made comparable: slashes, no leading slash,
// lower case.
type parts struct {
	byName  map[string]*zip.File
	order   []string // as stored, cleaned but in their own case
	twice   []string
	files   []*zip.File // every entry in its order
	comment string
}

// openZip reads the directory of a ZIP.
func openZip(src source) (*parts, error) {
	at := src.at
	if at == nil {
		return nil, because("container.zip-long", "file", src.name)
	}
	zr, err := zip.NewReader(at, src.size)
	if err != nil {
		return nil, because("container.zip-damaged", "file", src.name, "why", err)
	}
	p := &parts{byName: map[string]*zip.File{}, files: zr.File, comment: zr.Comment}
	for _, f := range zr.File {
		name := partName(f)
		if name == "" || strings.HasSuffix(f.Name, "/") {
			continue
		}
		key := strings.ToLower(name)
		if p.byName[key] != nil {
			p.twice = append(p.twice, name)
		} else {
			p.order = append(p.order, name)
		}
		p.byName[key] = f
	}
	return p, nil
}

// partName returns the stored name; names that are not UTF-8 come from Chinese
// Windows as a rule.
func partName(f *zip.File) string {
	if !utf8.ValidString(f.Name) {
		if s, err := gb18030.enc.NewDecoder().String(f.Name); err == nil {
			return cleanPart(s)
		}
	}
	return cleanPart(f.Name)
}

// cleanPart makes a stored name relative, so that it can never point outside.
func cleanPart(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
}

func (p *parts) has(name string) bool { return p.byName[strings.ToLower(name)] != nil }

// under says whether a part lies in the folder dir.
func (p *parts) under(dir string) bool {
	for key := range p.byName {
		if strings.HasPrefix(key, dir) {
			return true
		}
	}
	return false
}

// open inflates one part under guard.
func (p *parts) open(name string) (io.ReadCloser, error) {
	f := p.byName[strings.ToLower(name)]
	if f == nil {
		return nil, because("container.part-missing", "part", name)
	}
	return openPart(f)
}

func openPart(f *zip.File) (io.ReadCloser, error) {
	if f.Flags&1 != 0 {
		return nil, because("container.password-zip")
	}
	r, err := f.Open()
	if err != nil {
		return nil, because("container.unpacking", "part", cleanPart(f.Name), "why", err)
	}
	return readCloser{&guard{r: r, name: cleanPart(f.Name), packed: int64(f.CompressedSize64)}, r}, nil
}

// guard stops a part that inflates beyond what honest files do.
type guard struct {
	r            io.Reader
	name         string
	packed, size int64
}

func (g *guard) Read(b []byte) (int, error) {
	n, err := g.r.Read(b)
	g.size += int64(n)
	if g.size > maxFreeInflate && g.size/maxInflateRatio > g.packed {
		return n, because("container.bomb", "part", g.name, "n", maxInflateRatio)
	}
	if err != nil && err != io.EOF {
		err = because("container.unpacking", "part", g.name, "why", err)
	}
	return n, err
}

// isWorkbook says whether the package is an OOXML workbook.
func (p *parts) isWorkbook() bool {
	return p.under("xl/") || p.has("[Content_Types].xml") && !p.under("word/") && !p.under("ppt/")
}

// foreign names a package of another office program, "" for a plain ZIP.
func (p *parts) foreign() string {
	switch {
	case p.under("word/") && p.has("[Content_Types].xml"):
		return "container.word"
	case p.under("ppt/") && p.has("[Content_Types].xml"):
		return "container.powerpoint"
	case p.has("mimetype") && p.has("content.xml"):
		return "container.opendocument"
	case p.under("index/") && p.has("Index/Document.iwa"), p.has("index.zip"):
		return "container.numbers"
	}
	return ""
}

const (
	maxMembers      = 1000      // exports in one ZIP
	maxMemberLoaded = 256 << 20 // bytes of workbooks inside ZIPs held in memory, all together
)

// openMembers opens every export in a ZIP. One that cannot be opened becomes a
// container with Err, so that it hides no other.
func openMembers(src source, p *parts, opt containerOptions) ([]*container, error) {
	var out []*container
	var skipped []string
	loaded := int64(0)
	for _, name := range p.order {
		base := path.Base(name)
		if strings.HasPrefix(base, ".") || strings.HasPrefix(name, "__MACOSX/") || base == "Thumbs.db" || base == "desktop.ini" {
			continue
		}
		if len(out) == maxMembers {
			return nil, because("container.zip-many", "file", src.name, "n", maxMembers)
		}
		c, foreign := openMember(src.name+"/"+name, p, name, opt, &loaded)
		if foreign {
			skipped = append(skipped, name)
			continue
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, because("container.zip-empty", "file", src.name, "n", len(skipped))
	}
	if len(skipped) > 0 {
		out[0].Notes = append(out[0].Notes, message("container.zip-skipped", "n", len(skipped), "first", skipped[0]))
	}
	return out, nil
}

// openMember opens one file of a ZIP; foreign is true for what is no table.
func openMember(full string, p *parts, name string, opt containerOptions, loaded *int64) (c *container, foreign bool) {
	failed := func(err error) *container { return &container{Name: full, Err: err} }
	src := source{name: full, size: int64(p.byName[strings.ToLower(name)].UncompressedSize64),
		open: func() (io.ReadCloser, error) { return p.open(name) }}
	head, err := src.head(4096)
	if err != nil {
		return failed(err), false
	}
	switch kindOf(head) {
	case foreignFile:
		return nil, true
	case zipFile, oleFile:
		if err := src.load(loaded); err != nil {
			return failed(err), false
		}
	}
	if kindOf(head) == zipFile {
		inner, err := openZip(src)
		if err != nil {
			return failed(err), false
		}
		if !inner.isWorkbook() {
			return failed(because("container.zip-nested", "file", full)), false
		}
	}
	opened, err := openSource(src, opt)
	if err != nil {
		return failed(err), false
	}
	return opened[0], false
}

// load holds a member in memory so that it can be read at any place.
func (s *source) load(loaded *int64) error {
	r, err := s.open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxMemberLoaded-*loaded+1))
	if err != nil {
		return err
	}
	if *loaded += int64(len(b)); *loaded > maxMemberLoaded {
		return because("container.zip-workbooks", "file", s.name, "n", maxMemberLoaded>>20)
	}
	*s = fileSource(s.name, bytes.NewReader(b), int64(len(b)))
	return nil
}
