package register

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"prescreen/rules"
)

// What a file is, its content says: offices and users name files as they like.

const headSize = 256 << 10 // bytes looked at; a document type before the first entry can be long

// elementNames are the elements that hold one entry each, by the names offices give them.
var elementNames = regexp.MustCompile(`<((?:[\w.-]+:)?(?:case-file|TradeMark|Trademark|MARKGR))[\s>]`)

// file is what the beginning of a file says of it.
type file struct {
	element string // that holds one entry, "" in a table
	root    string // the outermost element
}

// look peeks at the beginning of a file. The error says that it is neither XML
// of a register nor a table.
func look(r *bufio.Reader) (file, error) {
	head, err := r.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return file{}, err
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(start) == 0:
		return file{}, errors.New("the file is empty")
	case start[0] == '<':
		root := firstElement(start)
		if name := elementNames.FindSubmatch(start); name != nil {
			return file{element: string(name[1]), root: root}, nil
		}
		if root == usptoRoot {
			return file{element: "case-file", root: root}, nil // a day without entries
		}
		return file{}, fmt.Errorf("its XML holds no entry of a register known, its first element is <%s>", root)
	case start[0] == '{' || start[0] == '[' && arrayOfObjects(start):
		return file{}, errors.New("the file is JSON")
	case bytes.IndexByte(head, 0) >= 0:
		return file{}, errors.New("the file is neither XML nor a table of text in UTF-8")
	}
	return file{}, nil
}

// arrayOfObjects tells an array of objects from a table whose first cell is in brackets.
func arrayOfObjects(start []byte) bool {
	rest := bytes.TrimLeft(start[1:], " \t\r\n")
	return len(rest) > 0 && (rest[0] == '{' || rest[0] == ']')
}

var anyElement = regexp.MustCompile(`<([\pL_][\w:.-]*)`)

// firstElement names the outermost element, what stands in comments and the
// document type left out.
func firstElement(text []byte) string {
	text = prologue.ReplaceAll(text[:min(len(text), headSize)], nil)
	if name := anyElement.FindSubmatch(text); name != nil {
		return string(name[1][:min(len(name[1]), 60)])
	}
	return "?"
}

var prologue = regexp.MustCompile(`(?s)<!--.*?-->|<\?.*?\?>`)

// wanted says what each register hands out, for the messages about other files.
var wanted = map[string]string{
	"uspto": "its daily or yearly XML of <case-file> entries, zipped or not, or the CSV of a search",
	"euipo": "XML by WIPO ST.66 or ST.96 (<TradeMark> entries) as its open data hold, zipped or not, or the CSV or XLSX of an eSearch plus result list",
	"tmview": "the CSV or XLSX of a result list, with columns such as Trade mark name, Trade mark office, Application number, " +
		"Trade mark status, Nice classes, Applicant name; or XML by WIPO ST.66",
	"wipo": "XML by WIPO ST.66 or ST.96, or of <MARKGR> entries (ROMARIN, Madrid Monitor), zipped or not, or the CSV or XLSX of a Global Brand Database result list",
}

// owners are the registers that elements belong to, for a hint.
var owners = map[string]string{"case-file": "uspto", "MARKGR": "wipo", "TradeMark": "euipo", "Trademark": "euipo"}

// readOffice reads a file of a register that hands out both XML and tables.
func readOffice(format string) reader {
	return func(name string, r io.Reader, s *sieve) error {
		b := bufio.NewReaderSize(r, headSize)
		f, err := look(b)
		if err != nil {
			return failed(rules.Pos{File: name}, "%w; %s hands out %s", err, format, wanted[format])
		}
		if f.element == "" {
			return readTable(format)(name, b, s)
		}
		read := entryReader(format, string(local([]byte(f.element))))
		if read == nil {
			return failed(rules.Pos{File: name}, "its entries are <%s>: this is a file for --from %s; %s hands out %s",
				f.element, owners[string(local([]byte(f.element)))], format, wanted[format])
		}
		return readElements(newElementCutter(name, b, f.element, s.buf), f.root, s, read)
	}
}

// entry reads one element, tags included.
type entry func(element []byte, at rules.Pos, s *sieve) error

// entryReader gives the reader of the elements of a name in the files of a
// register, nil when that register has none of them.
func entryReader(format, element string) entry {
	switch {
	case element == "case-file" && format == "uspto":
		f := &caseFile{}
		return f.take
	case element == "MARKGR" && format == "wipo":
		return readMadrid
	case strings.EqualFold(element, "TradeMark") && format != "uspto":
		return func(element []byte, at rules.Pos, s *sieve) error { return readStandard(format, element, at, s) }
	}
	return nil
}

// readElements reads one element after another.
func readElements(c *elementCutter, root string, s *sieve, read entry) error {
	defer func() { s.buf = c.buf }()
	name := c.open[1:]
	for {
		element, at, err := c.next()
		switch {
		case errors.Is(err, errHuge):
			s.fault(at, mostElement, "read %s: %w", name, err)
			continue
		case errors.Is(err, io.EOF):
			return endOfElements(c, root)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return failed(at, "the file is cut short within this %s", name)
		case err != nil:
			return failed(at, "%w", err)
		}
		if i := lastOpening(element, c.open); i > 0 {
			s.fault(at, i, "read %s: it is not closed before the next one begins", name)
			at.Line += bytes.Count(element[:i], []byte{'\n'})
			element = element[i:]
		}
		if err := read(element, at, s); err != nil {
			return err
		}
	}
}

// lastOpening finds the last opening tag inside an element, 0 when the only one
// is its own.
func lastOpening(element, open []byte) int {
	for end := len(element); ; {
		i := bytes.LastIndex(element[:end], open)
		if i <= 0 {
			return 0
		}
		if after := element[i+len(open)]; after == '>' || after <= ' ' {
			return i
		}
		end = i
	}
}

// endOfElements tells a complete file from one cut short between two entries.
func endOfElements(c *elementCutter, root string) error {
	if root == string(c.open[1:]) || bytes.Contains(c.rest(), []byte("</"+root)) {
		return nil
	}
	return failed(c.at, "the file is cut short: </%s> is missing", root)
}
