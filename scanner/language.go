package scanner

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"
)

// Sentences live in lang/<tag>/*.txt, one "id: text" per line, {name} where a
// value goes. A new language needs only a folder.
//
//go:embed lang
var langFS embed.FS

// Language turns message ids into sentences. It is immutable and safe for
// concurrent use.
type Language struct {
	tag      string
	text     map[string]string
	fallback *Language // English, nil for English itself
}

var (
	languagesMu sync.Mutex
	languages   = map[string]*Language{}
)

// Languages lists the tags there are sentences for, sorted.
func Languages() []string {
	entries, _ := fs.ReadDir(langFS, "lang")
	var tags []string
	for _, e := range entries {
		if e.IsDir() {
			tags = append(tags, e.Name())
		}
	}
	sort.Strings(tags)
	return tags
}

// LanguageFor returns the sentences for tag ("en", "zh"). An unknown tag is an
// error that names the known ones.
func LanguageFor(tag string) (*Language, error) {
	languagesMu.Lock()
	defer languagesMu.Unlock()
	return loadLanguage(tag)
}

func loadLanguage(tag string) (*Language, error) {
	if l := languages[tag]; l != nil {
		return l, nil
	}
	entries, err := fs.ReadDir(langFS, path.Join("lang", tag))
	if err != nil || strings.ContainsAny(tag, "/.") {
		return nil, fmt.Errorf("no language %q: use one of %s", tag, strings.Join(Languages(), ", "))
	}
	l := &Language{tag: tag, text: map[string]string{}}
	for _, e := range entries {
		b, err := langFS.ReadFile(path.Join("lang", tag, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read sentences: %w", err)
		}
		l.add(string(b))
	}
	if tag != "en" {
		if l.fallback, err = loadLanguage("en"); err != nil {
			return nil, err
		}
	}
	languages[tag] = l
	return l, nil
}

func (l *Language) add(file string) {
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\r\n")
		id, text, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		l.text[id] = text
	}
}

// Tag returns the language's tag, e.g. "zh".
func (l *Language) Tag() string { return l.tag }

// Has tells whether id has a sentence in this very language.
func (l *Language) Has(id string) bool { _, ok := l.text[id]; return ok }

// Say returns the sentence id with each {name} replaced by its value; pairs
// alternate names and values. English stands in for a missing translation and
// the id for a missing sentence, so that a reader always sees something.
func (l *Language) Say(id string, pairs ...any) string {
	text, ok := l.text[id]
	for f := l.fallback; !ok && f != nil; f = f.fallback {
		text, ok = f.text[id]
	}
	if !ok {
		return id
	}
	if len(pairs) == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 64)
	for {
		before, rest, open := strings.Cut(text, "{")
		b.WriteString(before)
		if !open {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if value, ok := named(name, pairs); closed && ok {
			b.WriteString(value)
			text = after
			continue
		}
		b.WriteByte('{')
		text = rest
	}
}

// named looks a value up among pairs.
func named(name string, pairs []any) (string, bool) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			if s, ok := pairs[i+1].(string); ok {
				return s, true
			}
			return fmt.Sprint(pairs[i+1]), true
		}
	}
	return "", false
}
