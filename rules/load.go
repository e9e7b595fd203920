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

// Load reads packs (.yaml, .yml) and lists (.csv, .tsv, .txt, .xlsx, .xlsm) in
// the order given and merges each over those before it, the embedded ones
// first. The set is complete or not there: the error is Errors with every
// fault of every file. Safe for concurrent use.
func Load(paths []string, opt Options) (*Set, error) {
	var base *Set
	if opt.Builtin {
		var err error
		if base, err = Builtin(); err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			return base, nil
		}
	}
	m := newMerger(base, opt.Warn)
	var docs []*document
	for _, path := range paths {
		file := filepath.ToSlash(path)
		data, err := os.ReadFile(path)
		if err != nil {
			m.partial = true
			m.files = append(m.files, file)
			m.errs = append(m.errs, &Error{Pos: Pos{File: file}, Err: fmt.Errorf("read rules: %w", cause(err))})
			continue
		}
		docs = append(docs, m.read(file, data))
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
