package table

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"prescreen/scanner"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Layouts are data: one file per platform, so that a new marketplace or a new
// language of headers touches no Go. layouts/README.md describes every key.
//
//go:embed layouts/*.yaml
var layoutFiles embed.FS

// genericPlatform is the layout tried where no marketplace's own fits.
const genericPlatform = "generic"

// layout says how one platform's exports are recognised and read.
type layout struct {
	Platform    string   `yaml:"platform"`
	RealFiles   int      `yaml:"real_files"` // real files it was tried on; 0: from documentation only
	SkipSheets  []term   `yaml:"skip_sheets"`
	Roles       roleMap  `yaml:"roles"`
	Everywhere  roleMap  `yaml:"everywhere"` // of the generic layout: for columns that a platform's own roles do not name
	Ignore      []term   `yaml:"ignore"`     // headers that no role may take
	Shapes      []*shape `yaml:"shapes"`
	WrongExport []wrong  `yaml:"wrong_export"`
	Use         say      `yaml:"use"` // which export has the texts
}

// shape is one form of a platform's exports, e.g. report and upload template.
type shape struct {
	Name      string    `yaml:"name"`
	Signature signature `yaml:"signature"`
	Rows      rowRule   `yaml:"rows"`
	Group     groupRule `yaml:"group"`
	Roles     roleMap   `yaml:"roles"` // put before the platform's own

	platform *layout
}

// signature says which header record belongs to a shape.
type signature struct {
	All   []term `yaml:"all"`   // every one is there
	Any   []term `yaml:"any"`   // at least one is there
	Also  []term `yaml:"also"`  // at least one of these, too
	Not   []term `yaml:"not"`   // none is there
	Sheet []term `yaml:"sheet"` // the sheet is named so
}

// rowRule says which rows hold listings.
type rowRule struct {
	First   int      `yaml:"first"`   // physical row of the first listing; 0: the row after the header
	Setting string   `yaml:"setting"` // name of a setting above the header that tells the first row, e.g. dataRow
	Skip    []regex  `yaml:"skip"`    // rows whose first filled cell matches are none
	Help    helpRule `yaml:"help"`
}

// helpRule tells help rows between header and listings by cells that are not
// what their column asks for.
type helpRule struct {
	Numbers []term `yaml:"numbers"` // columns that hold prices or quantities
	Links   []term `yaml:"links"`   // columns that hold addresses or file names
}

// groupRule says which rows are one listing.
type groupRule struct {
	By         []term     `yaml:"by"`          // key: first filled of these; none: each row
	Blank      string     `yaml:"blank"`       // a row without key: own (default) or previous
	Scattered  bool       `yaml:"scattered"`   // rows of a key need not follow one another
	KeepTitles bool       `yaml:"keep_titles"` // differing titles stay titles (translations)
	Child      *childRule `yaml:"child"`
}

// childRule says which rows belong to another row's listing.
type childRule struct {
	When    []condition `yaml:"when"`     // all must hold
	Parent  []term      `yaml:"parent"`   // column that names the parent; none: the row before
	Of      []term      `yaml:"of"`       // columns by which a parent or child is named
	NamedIn []term      `yaml:"named_in"` // or: column of the parent that names its children
	Item    *regex      `yaml:"item"`     // how a child is named there, first group
}

// condition holds where a cell of the columns has one of the values. Cells may
// list several words ("variation, virtual").
type condition struct {
	Column []term   `yaml:"column"`
	Is     []string `yaml:"is"` // lower case; "*" is any text
}

// wrong is an export without texts and the sentence that names the right one.
type wrong struct {
	All []term `yaml:"all"`
	Any []term `yaml:"any"`
	Not []term `yaml:"not"`
	Say say    `yaml:"say"`
}

// say is a sentence: language tag -> text.
type say map[string]string

// in returns the sentence in a language, English where it is missing.
func (s say) in(tag string) string { return first(s[tag], s["en"]) }

// term is one header name, or a pattern over normalised names (re:...).
type term struct {
	name string
	re   *regexp.Regexp
}

// UnmarshalYAML reads a name or a pattern; a pattern that does not compile is
// an error at its place.
func (t *term) UnmarshalYAML(n ast.Node) error {
	s, err := scalar(n)
	if err != nil {
		return err
	}
	if p, ok := strings.CutPrefix(s, "re:"); ok {
		t.re, err = compileAt(n, p)
		return err
	}
	if t.name = normalName(s); t.name == "" {
		return placed(n, "%q holds no header name", s)
	}
	return nil
}

func (t term) String() string {
	if t.re != nil {
		return "re:" + t.re.String()
	}
	return t.name
}

// regex is a pattern over a cell or a sheet name, ignoring case.
type regex struct{ *regexp.Regexp }

// UnmarshalYAML reads a pattern; one that does not compile is an error at its place.
func (r *regex) UnmarshalYAML(n ast.Node) error {
	s, err := scalar(n)
	if err != nil {
		return err
	}
	r.Regexp, err = compileAt(n, "(?i)"+s)
	return err
}

// roleMap is role -> header names, best first.
type roleMap map[string][]term

// UnmarshalYAML refuses roles there are none of.
func (m *roleMap) UnmarshalYAML(n ast.Node) error {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		return placed(n, "roles must be a mapping of role to header names")
	}
	*m = roleMap{}
	for _, v := range mapping.Values {
		role := v.Key.String()
		if !knownRole(role) {
			return placed(v.Key, "unknown role %q: use one of %s", role, strings.Join(roleNames(), ", "))
		}
		var terms []term
		if err := yaml.NodeToValue(v.Value, &terms); err != nil {
			return err
		}
		(*m)[role] = terms
	}
	return nil
}

// metaRoles are the roles of columns that are no text to screen.
var metaRoles = []string{"id", "category", "supplier", "url", "image"}

// roleNames lists every role of layouts and --columns.
func roleNames() []string {
	names := append([]string(nil), metaRoles...)
	for _, r := range scanner.Roles {
		names = append(names, string(r))
	}
	return names
}

func knownRole(role string) bool {
	for _, r := range roleNames() {
		if r == role {
			return true
		}
	}
	return false
}

// placedError is a fault at a place of a layout file; line and column are 1-based.
type placedError struct {
	line, col int
	what      string
}

func (e *placedError) Error() string { return e.what }

func placed(n ast.Node, format string, args ...any) error {
	e := &placedError{what: fmt.Sprintf(format, args...)}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.line, e.col = t.Position.Line, t.Position.Column
	}
	return e
}

func scalar(n ast.Node) (string, error) {
	s, ok := n.(ast.ScalarNode)
	if !ok {
		return "", placed(n, "a single name is needed here")
	}
	return fmt.Sprint(s.GetValue()), nil
}

func compileAt(n ast.Node, pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, placed(n, "pattern %q: %v", pattern, err)
	}
	return re, nil
}

// parseLayout reads one layout file; every error starts with file:line:col.
func parseLayout(file string, text []byte) (*layout, error) {
	l := &layout{}
	if err := yaml.UnmarshalWithOptions(text, l, yaml.Strict()); err != nil {
		return nil, atPlace(file, err)
	}
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("%s:1:1: %w", file, err)
	}
	for _, s := range l.Shapes {
		s.platform = l
	}
	return l, nil
}

func atPlace(file string, err error) error {
	var p *placedError
	if errors.As(err, &p) {
		return fmt.Errorf("%s:%d:%d: %s", file, p.line, p.col, p.what)
	}
	var y interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &y) && y.GetToken() != nil {
		at := y.GetToken().Position
		return fmt.Errorf("%s:%d:%d: %s", file, at.Line, at.Column, y.GetMessage())
	}
	return fmt.Errorf("%s:1:1: %w", file, err)
}

// check refuses a layout that could never work.
func (l *layout) check() error {
	if l.Platform == "" || len(l.Shapes) == 0 {
		return errors.New("a layout needs a platform and at least one shape")
	}
	for _, s := range l.Shapes {
		if len(s.Signature.All)+len(s.Signature.Any) == 0 {
			return fmt.Errorf("shape %q: the signature names no header", s.Name)
		}
		if b := s.Group.Blank; b != "" && b != "own" && b != "previous" {
			return fmt.Errorf("shape %q: blank must be own or previous, not %q", s.Name, b)
		}
		if err := s.Group.Child.check(); err != nil {
			return fmt.Errorf("shape %q: %w", s.Name, err)
		}
	}
	if !l.Use.complete() {
		return errors.New("use: needs a sentence in en and zh: which export has the texts")
	}
	for i, w := range l.WrongExport {
		if len(w.All)+len(w.Any) == 0 || !w.Say.complete() {
			return fmt.Errorf("wrong export %d: needs headers and a sentence in en and zh", i+1)
		}
	}
	return nil
}

func (s say) complete() bool { return s["en"] != "" && s["zh"] != "" }

func (c *childRule) check() error {
	if c == nil {
		return nil
	}
	if len(c.When) == 0 {
		return errors.New("child needs when")
	}
	if (len(c.NamedIn) > 0) != (c.Item != nil) {
		return errors.New("named_in and item go together")
	}
	if len(c.Parent)+len(c.NamedIn) > 0 && len(c.Of) == 0 {
		return errors.New("child needs of: the columns by which it is named")
	}
	return nil
}

// layouts parses the embedded files once: platforms sorted, generic last.
var layouts = sync.OnceValues(func() ([]*layout, error) {
	entries, err := layoutFiles.ReadDir("layouts")
	if err != nil {
		return nil, fmt.Errorf("read layouts: %w", err)
	}
	var all []*layout
	for _, e := range entries {
		name := "layouts/" + e.Name()
		text, err := layoutFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read layouts: %w", err)
		}
		l, err := parseLayout(name, text)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	sort.SliceStable(all, func(i, j int) bool {
		gi, gj := all[i].Platform == genericPlatform, all[j].Platform == genericPlatform
		if gi != gj {
			return gj
		}
		return all[i].Platform < all[j].Platform
	})
	return all, nil
})
