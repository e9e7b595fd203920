package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"prescreen/scanner"
	"prescreen/scanner/fold"
)

// The query language. Every clause must hold:
//
//	query   = clause { space clause }
//	clause  = [ "-" ] [ field ":" ] operand
//	operand = word | word "*" | word "~" [ "1" | "2" ] | '"' phrase '"'
//	          level only: [ ">=" | ">" | "<=" | "<" ] level
//
// A word that is several terms (N.I.K.E, 耐克) is a phrase of them.

// QueryError says what is wrong with a query, and where.
type QueryError struct {
	Query   string
	Column  int // 1-based, in characters
	Problem string
}

// Error gives the column and the problem.
func (e *QueryError) Error() string { return fmt.Sprintf("query column %d: %s", e.Column, e.Problem) }

// operator says how a clause's operand is looked for.
type operator int

const (
	phrase operator = iota // its terms next to one another
	prefix                 // a word that begins so
	fuzzy                  // a word at most distance letters away
	value                  // the whole value of a keyword field, whatever its case
	levels                 // one of a set of levels
)

// clause is one condition of a query.
type clause struct {
	not      bool
	field    string // index field; "" for every text field
	op       operator
	terms    []term // phrase: all; prefix and fuzzy: one
	whole    []term // a bare word that is cut (N.I.K.E): the words it may be in one piece
	text     string // value
	distance int
	levels   []scanner.Level
	spelled  [][][]string // per reading, per word: its spellings, filled in before the search
}

// queryFields maps the names a query uses to index fields.
var queryFields = map[string]string{
	"title": "title", "description": "description", "tags": "tags", "tag": "tags", "brand": "brand",
	"mark": "marks", "marks": "marks", "kind": "kinds", "kinds": "kinds", "rule": "rules", "rules": "rules",
	"store": "store", "supplier": "supplier", "category": "category", "marketplace": "marketplace", "level": "level", "id": "id",
}

const queryFieldNames = "title, description, tags, brand, mark, kind, rule, store, supplier, category, marketplace, level, id"

// parser reads a query from left to right.
type parser struct {
	query string
	at    int // byte
}

// parseQuery returns the clauses of a query, or a *QueryError.
func parseQuery(query string) ([]clause, error) {
	p := &parser{query: query}
	if !utf8.ValidString(query) {
		return nil, p.fail(0, "the query is not valid UTF-8")
	}
	var out []clause
	for p.skipSpace(); p.at < len(p.query); p.skipSpace() {
		c, err := p.clause()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, p.fail(0, "the query is empty")
	}
	return out, nil
}

func (p *parser) fail(at int, format string, args ...any) *QueryError {
	return &QueryError{Query: p.query, Column: utf8.RuneCountInString(p.query[:at]) + 1, Problem: fmt.Sprintf(format, args...)}
}

func (p *parser) skipSpace() {
	for p.at < len(p.query) {
		r, n := utf8.DecodeRuneInString(p.query[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

func (p *parser) clause() (clause, error) {
	var c clause
	start := p.at
	if p.query[p.at] == '-' {
		c.not = true
		p.at++
	}
	if name, ok := p.fieldName(); ok {
		field, known := queryFields[strings.ToLower(name)]
		if !known {
			return c, p.fail(p.at, "unknown field %q; the fields are %s; put the text in quotes if no field is meant", name, queryFieldNames)
		}
		c.field = field
		p.at += len(name) + 1
	}
	at := p.at
	text, quoted, err := p.operand()
	if err != nil {
		return c, err
	}
	switch {
	case text == "" && !quoted && c.not && at == start+1:
		return c, p.fail(start, "- needs a word right after it")
	case strings.TrimSpace(text) == "":
		return c, p.fail(at, "there is nothing to search for")
	case c.field == "level":
		return c, p.level(&c, at, text)
	case c.field != "" && !slices.Contains(textFields, c.field):
		return c, p.value(&c, at, text, quoted)
	case quoted:
		return c, p.phrase(&c, at, text)
	}
	return c, p.word(&c, at, text)
}

// fieldName returns the letters before a colon, when the clause begins so.
func (p *parser) fieldName() (string, bool) {
	rest := p.query[p.at:]
	for i, r := range rest {
		if r == ':' {
			return rest[:i], i > 0
		}
		if !unicode.IsLetter(r) {
			return "", false
		}
	}
	return "", false
}

// operand reads up to the next space, or a text in quotes, straight or curly.
func (p *parser) operand() (text string, quoted bool, err error) {
	rest := p.query[p.at:]
	first, n := utf8.DecodeRuneInString(rest)
	if strings.ContainsRune(`"“”`, first) {
		end := strings.IndexAny(rest[n:], `"“”`)
		if end < 0 {
			return "", true, p.fail(p.at, "the quotation mark is never closed")
		}
		text = rest[n : n+end]
		_, closing := utf8.DecodeRuneInString(rest[n+end:])
		p.at += n + end + closing
		return text, true, nil
	}
	end := strings.IndexFunc(rest, unicode.IsSpace)
	if end < 0 {
		end = len(rest)
	}
	p.at += end
	return rest[:end], false, nil
}

func (p *parser) phrase(c *clause, at int, text string) error {
	c.op, c.terms = phrase, terms(text)
	if len(c.terms) == 0 {
		return p.fail(at, "%q holds no letter or digit to search for", text)
	}
	return nil
}

// word reads a bare word with what may stand after it.
func (p *parser) word(c *clause, at int, text string) error {
	if text == "AND" || text == "OR" || text == "NOT" {
		return p.fail(at, "%s is no part of a query: all words are required, -word excludes; put %q in quotes to search for the word", text, strings.ToLower(text))
	}
	if i := strings.IndexAny(text, "*?"); i >= 0 && (text[i] == '*' || i == 0) {
		switch {
		case i == 0:
			return p.fail(at, "a word cannot begin with %c: every word of every listing would have to be compared", text[i])
		case i < len(text)-1:
			return p.fail(at+i, "a * can stand at the end of a word only")
		}
		c.op = prefix
		return p.single(c, at, text[:i], "before a *")
	}
	if i := strings.LastIndexByte(text, '~'); i >= 0 {
		c.op = fuzzy
		switch text[i+1:] {
		case "", "1":
			c.distance = 1
		case "2":
			c.distance = 2
		default:
			return p.fail(at+i, "~ takes a distance of 1 or 2")
		}
		return p.single(c, at, text[:i], "before a ~")
	}
	c.whole = wholeOf(text)
	return p.phrase(c, at, text)
}

// wholeOf gives the words that a text may be if it is one cut word.
func wholeOf(text string) []term {
	tokens := fold.Tokens(nil, text)
	var out []term
	cutWords(text, tokens, func(c cutWord) {
		if c.first == 0 && c.last == len(tokens) && c.mask == "" && !slices.ContainsFunc(out, func(t term) bool { return t.reduced == c.key }) {
			out = append(out, term{folded: c.key, reduced: c.key})
		}
	})
	return out
}

// single reads a text that must be one term.
func (p *parser) single(c *clause, at int, text, where string) error {
	c.terms = terms(text)
	if len(c.terms) != 1 {
		return p.fail(at, "%q is not one word, as it must be %s", text, where)
	}
	return nil
}

func (p *parser) value(c *clause, at int, text string, quoted bool) error {
	c.op, c.text = value, text
	if !quoted {
		if i := strings.IndexAny(text, "*~"); i >= 0 {
			return p.fail(at+i, "%c works on words, not on the field %s; put the value in quotes if it holds one", text[i], c.field)
		}
	}
	return nil
}

func (p *parser) level(c *clause, at int, text string) error {
	c.op = levels
	op := text[:len(text)-len(strings.TrimLeft(text, "<>="))]
	want, ok := scanner.ParseLevel(strings.ToLower(text[len(op):]))
	if !ok {
		return p.fail(at+len(op), "unknown level %q; the levels are critical, high, medium, low, none", text[len(op):])
	}
	for l := scanner.None; l <= scanner.Critical; l++ {
		var in bool
		switch op {
		case "", "=":
			in = l == want
		case ">=":
			in = l >= want
		case ">":
			in = l > want
		case "<=":
			in = l <= want
		case "<":
			in = l < want
		default:
			return p.fail(at, "%q is no comparison; use one of >= > <= <", op)
		}
		if in {
			c.levels = append(c.levels, l)
		}
	}
	if len(c.levels) == 0 {
		return p.fail(at, "no level is %s", text)
	}
	return nil
}
