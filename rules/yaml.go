package rules

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxDepth bounds the nesting of a pack. A real pack nests six levels; the
// parser's time is quadratic in the depth, so hostile nesting is refused first.
const maxDepth = 64

// source is the text of one pack, kept to turn tokens into positions.
type source struct {
	file  string
	lines []string
}

// newSource splits text, whose line ends are "\n", into its lines.
func newSource(file, text string) *source {
	return &source{file: file, lines: strings.Split(text, "\n")}
}

// pos gives where tk stands. The parser places tokens of some multi-line
// texts beyond their line, so the position is held inside the file.
func (s *source) pos(tk *token.Token) Pos {
	if tk == nil || tk.Position == nil {
		return Pos{File: s.file, Line: 1, Col: 1}
	}
	line := min(max(tk.Position.Line, 1), len(s.lines))
	width := utf8.RuneCountInString(s.lines[line-1])
	return Pos{File: s.file, Line: line, Col: min(max(tk.Position.Column, 1), width+1)}
}

// nodePos gives where n begins: for a block mapping its first key, since the
// parser hands out the colon after it.
func (s *source) nodePos(n ast.Node) Pos {
	switch n := n.(type) {
	case nil:
		return Pos{File: s.file, Line: 1, Col: 1}
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return s.nodePos(n.Values[0])
		}
		return s.pos(n.Start)
	case *ast.MappingValueNode:
		return s.pos(n.Key.GetToken())
	}
	return s.pos(n.GetToken())
}

// plainText turns the bytes of a pack or a list into UTF-8 text with "\n" line
// ends and without byte order mark. UTF-16 is recognised by its mark.
// The error names the first line that is no UTF-8.
func plainText(file string, data []byte) (string, *Error) {
	if isUTF16(data) {
		decoded, err := decodeUTF16(data)
		if err != nil {
			return "", &Error{Pos: Pos{File: file, Line: 1}, Err: fmt.Errorf("read text: %w", err)}
		}
		data = decoded
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bad := firstInvalid(data); bad >= 0 {
		line := 1 + bytes.Count(data[:bad], []byte("\n"))
		return "", &Error{Pos: Pos{File: file, Line: line}, Err: errors.New("read text: not UTF-8"),
			Hint: "save the file as UTF-8 (in Excel: \"CSV UTF-8\")"}
	}
	text := string(data)
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), nil
}

// firstInvalid gives the offset of the first byte that is no UTF-8, or -1.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// parseYAML parses the text of one pack. The root is nil for an empty file.
func parseYAML(src *source, text string) (ast.Node, *Error) {
	tokens := lexer.Tokenize(text)
	if tk := tooDeep(tokens); tk != nil {
		return nil, &Error{Pos: src.pos(tk), Err: fmt.Errorf("read pack: nested deeper than %d levels", maxDepth)}
	}
	file, err := parseTokens(tokens)
	if err != nil {
		return nil, syntaxError(src, err)
	}
	var root ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return nil, &Error{Pos: src.nodePos(doc.Body), Err: errors.New("read pack: a second document"), Hint: "write one pack per file"}
		}
		root = doc.Body
	}
	return root, nil
}

// parseTokens is the parser with its panics on malformed input made errors.
func parseTokens(tokens token.Tokens) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// syntaxError gives a parser error its place.
func syntaxError(src *source, err error) *Error {
	var placed interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &placed) {
		return &Error{Pos: Pos{File: src.file, Line: 1, Col: 1}, Err: fmt.Errorf("read pack: %w", err)}
	}
	return &Error{Pos: src.pos(placed.GetToken()), Err: fmt.Errorf("read pack: %s", placed.GetMessage()),
		Hint: syntaxHint(placed.GetMessage())}
}

// syntaxHint says what usually lies behind the parser's commonest messages.
func syntaxHint(message string) string {
	switch {
	case strings.Contains(message, "mapping value is not allowed"), strings.Contains(message, "value is not allowed"):
		return "put quotes round a text that holds \": \" or starts with a special character"
	case strings.Contains(message, "\t"), strings.Contains(message, "tab char"):
		return "indent with spaces"
	}
	return ""
}

// tooDeep gives the token that nests deeper than maxDepth, or nil.
func tooDeep(tokens token.Tokens) *token.Token {
	depth, dashes := 0, 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if tk.Type == token.SequenceEntryType {
			dashes++
		} else {
			dashes = 0
		}
		if depth+dashes > maxDepth {
			return tk
		}
	}
	return nil
}
