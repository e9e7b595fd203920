package rules

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options say how Load works; the zero value loads the named files only.
type Options struct {
	Builtin bool          // begin with the embedded packs
	Warn    func(Warning) // told of oddities that are no faults; may be nil
	Kept    Kept          // where large sets are kept between runs
}

// Warning is an oddity of a pack or list that does not keep it from working.
type Warning struct {
	Pos   Pos
	Rule  string // id of the rule, or ""
	Check string // short name of what was checked: "no-hits", "unused-column"
	Text  string
}

// String gives "file:line:col: rule: text (check)".
func (w Warning) String() string {
	var b strings.Builder
	b.WriteString(w.Pos.String() + ": ")
	if w.Rule != "" {
		b.WriteString(w.Rule + ": ")
	}
	b.WriteString(w.Text + " (" + w.Check + ")")
	return b.String()
}

// Load reads packs (.yaml, .yml), lists (.csv, .tsv, .txt, .xlsx, .xlsm) and
// compiled lists (.pack) in the order given and merges each over those before
// it, the embedded ones first. The set is complete or not there: the error is Errors with every
// fault of every file. Safe for concurrent use.
func Load(paths []string, opt Options) (*Set, error) {
	if opt.Builtin && len(paths) == 0 {
		return Builtin()
	}
	files, faults := readSources(paths)
	build := func(warn func(Warning)) (*Set, error) {
		var base *Set
		if opt.Builtin {
			var err error
			if base, err = Builtin(); err != nil {
				return nil, err
			}
		}
		return newMerger(base, warn).merge(files, faults)
	}
	if len(faults) == 0 && opt.Kept.wanted(files) {
		return opt.Kept.load(files, opt, build)
	}
	return build(opt.Warn)
}

// sourceFile is one file that a set is made from; data is nil when it could
// not be read.
type sourceFile struct {
	name string
	data []byte
}

// readSources reads the files, and gives the faults of those that cannot be read.
func readSources(paths []string) (files []sourceFile, faults Errors) {
	files = make([]sourceFile, len(paths))
	for i, path := range paths {
		files[i].name = filepath.ToSlash(path)
		data, err := os.ReadFile(path)
		if err != nil {
			faults = append(faults, &Error{Pos: Pos{File: files[i].name}, Err: fmt.Errorf("read rules: %w", cause(err))})
			continue
		}
		files[i].data = data
	}
	return files, faults
}

// load reads the files and merges each over those before it.
func (m *merger) load(paths []string) (*Set, error) {
	files, faults := readSources(paths)
	return m.merge(files, faults)
}

// merge merges each file over those before it; faults are those of files that
// could not be read.
func (m *merger) merge(files []sourceFile, faults Errors) (*Set, error) {
	m.errs, m.partial = append(m.errs, faults...), m.partial || len(faults) > 0
	var docs []*document
	for _, f := range files {
		if f.data == nil {
			m.files = append(m.files, f.name)
			continue
		}
		docs = append(docs, m.read(f.name, f.data))
	}
	return m.addAll(docs)
}

// Parse reads one pack or list from data as Load would read the file named
// name, whose extension says what it is. Nothing is merged below it.
func Parse(name string, data []byte, opt Options) (*Set, error) {
	var base *Set
	if opt.Builtin {
		var err error
		if base, err = Builtin(); err != nil {
			return nil, err
		}
	}
	m := newMerger(base, opt.Warn)
	return m.addAll([]*document{m.read(name, data)})
}

// cause drops the path that the file system repeats.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Extensions are the file name endings Load reads, packs first.
var Extensions = []string{".yaml", ".yml", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}

// read reads one file by its extension and notes its faults. It gives nil when
// nothing of the file could be read.
func (m *merger) read(file string, data []byte) *document {
	m.files = append(m.files, file)
	var doc *document
	var errs Errors
	ext := strings.ToLower(filepath.Ext(file))
	switch {
	case ext == ".yaml" || ext == ".yml":
		doc, errs = readPack(file, data)
	case IsCompiledList(data):
		doc, errs = readCompiledList(file, data)
	case slices.Contains(Extensions, ext):
		doc, errs = readList(file, data, m.warn)
	default:
		errs = Errors{{Pos: Pos{File: file}, Err: fmt.Errorf("read rules: %q is no kind of rules file", ext), Hint: extensionHint(ext)}}
	}
	m.errs = append(m.errs, errs...)
	if doc == nil {
		m.partial = true
	}
	return doc
}

// extensionHint says what to do with a file Load does not read.
func extensionHint(ext string) string {
	if ext == ".xls" {
		return "save it as .xlsx"
	}
	return "known: " + strings.Join(Extensions, ", ")
}

// addAll merges the documents in order.
func (m *merger) addAll(docs []*document) (*Set, error) {
	for _, doc := range docs {
		if doc != nil {
			m.add(doc)
		}
	}
	return m.set()
}
