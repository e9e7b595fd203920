package register

import (
	"bytes"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"prescreen/rules"
)

// The United States register comes as XML, daily and yearly alike, in zip
// files: <trademark-applications-daily> with one <case-file> per mark (DTD
// TRADEMARK-APPLICATIONS-DAILY V2.0). A result list of its search, saved as
// CSV, is read as a table.

const usptoRoot = "trademark-applications-daily"

// caseFile is the entry under way; its slices are used again.
type caseFile struct {
	m         rules.Mark
	code      string // drawing
	status    string
	ownerRank int
	statement string
	err       error
}

// take reads one element and passes it on.
func (f *caseFile) take(element []byte, at rules.Pos, s *sieve) error {
	*f = caseFile{m: rules.Mark{Register: "uspto", Pos: at}, ownerRank: -1}
	if err := leaves(element, f.leaf, nil); err != nil {
		s.fault(at, len(element), "read case-file: %w", err)
		return nil
	}
	if f.m.Application == "" {
		s.fault(at, len(element), "read case-file: it has no serial number")
		return nil
	}
	known := false
	if f.m.Status, known = usptoStatus(f.status); !known {
		s.report.Statuses[f.status]++
	}
	f.m.Drawing = usptoDrawing(f.code)
	return s.take(&f.m)
}

// leaf takes what is of interest. Several names occur below several parents.
func (f *caseFile) leaf(path [][]byte, text []byte) {
	parent, name := path[len(path)-2], path[len(path)-1]
	switch string(parent) {
	case "case-file":
		switch string(name) {
		case "serial-number":
			f.m.Application = plainText(text)
		case "registration-number":
			f.m.Registration = strings.TrimLeft(plainText(text), "0")
		}
	case "case-file-header":
		f.header(name, text)
	case "case-file-statement":
		switch string(name) {
		case "type-code":
			f.statement = plainText(text)
		case "text":
			f.words(text)
		}
	case "classification":
		if string(name) == "international-code" {
			if n, err := strconv.Atoi(plainText(text)); err == nil && n >= 1 && n <= 45 && !slices.Contains(f.m.Classes, n) {
				f.m.Classes = append(f.m.Classes, n)
			}
		}
	case "case-file-owner":
		f.owner(name, text)
	}
}

func (f *caseFile) header(name, text []byte) {
	switch string(name) {
	case "filing-date":
		f.m.Filed = compactDate(plainText(text))
	case "registration-date":
		f.m.Registered = compactDate(plainText(text))
	case "status-code":
		f.status = plainText(text)
	case "mark-identification":
		f.m.Text = plainText(text)
	case "mark-drawing-code":
		f.code = plainText(text)
	}
}

// words takes the goods (GS...) and the pseudo marks (PM...).
func (f *caseFile) words(text []byte) {
	switch {
	case strings.HasPrefix(f.statement, "GS") && f.m.Goods == "":
		f.m.Goods = beginning(plainText(text[:min(len(text), 4*mostGoods)]))
	case strings.HasPrefix(f.statement, "PM"):
		if alias := plainText(text); alias != "" && !slices.Contains(f.m.Aliases, alias) {
			f.m.Aliases = append(f.m.Aliases, alias)
		}
	}
}

// owner keeps the owner of the latest stage: party types rise from applicant
// (10) to the owners after registration (40 and up).
func (f *caseFile) owner(name, text []byte) {
	switch string(name) {
	case "party-type":
		if n, err := strconv.Atoi(plainText(text)); err == nil && n > f.ownerRank {
			f.ownerRank, f.m.Owner = n, ""
		}
	case "party-name":
		if f.m.Owner == "" {
			f.m.Owner = plainText(text)
		}
	}
}

const mostGoods = 80 // bytes of goods that are kept

// beginning shortens a list of goods at a word.
func beginning(s string) string {
	if len(s) <= mostGoods {
		return s
	}
	cut := mostGoods
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	if i := strings.LastIndexByte(s[:cut], ' '); i > cut/2 {
		cut = i
	}
	return strings.TrimRight(s[:cut], " ,;:(") + " …"
}

// plainText decodes the text of a leaf: entities, CDATA, stray bytes of
// Latin-1, white space.
func plainText(raw []byte) string {
	text := string(bytes.TrimSpace(raw))
	if strings.Contains(text, "<!") {
		text = withoutSections(text)
	} else if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	if !utf8.ValidString(text) {
		var b strings.Builder
		for i := 0; i < len(text); {
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && n == 1 {
				r = rune(text[i])
			}
			b.WriteRune(r)
			i += n
		}
		text = b.String()
	}
	if strings.ContainsAny(text, "\n\r\t\x00") {
		text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' }), " ")
	}
	return text
}

// withoutSections takes CDATA as it is and drops comments.
func withoutSections(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<!")
		b.WriteString(html.UnescapeString(before))
		if !found {
			return strings.TrimSpace(b.String())
		}
		if data, ok := strings.CutPrefix(rest, "[CDATA["); ok {
			inside, after, _ := strings.Cut(data, "]]>")
			b.WriteString(inside)
			text = after
			continue
		}
		_, text, _ = strings.Cut(rest, "-->")
	}
}

// compactDate makes 2018-02-18 of 20180218, "" of anything else.
func compactDate(s string) string {
	if len(s) != 8 || strings.Trim(s, "0123456789") != "" || s == "00000000" {
		return ""
	}
	return s[:4] + "-" + s[4:6] + "-" + s[6:]
}

// usptoDrawing reads a drawing code: its first digit counts, whether it stands
// alone or begins four.
func usptoDrawing(code string) rules.Drawing {
	if code == "" {
		return rules.DrawingUnknown
	}
	switch code[0] {
	case '1', '4':
		return rules.DrawingWord
	case '2':
		return rules.DrawingDevice
	case '3':
		return rules.DrawingCombined
	case '5':
		return rules.DrawingStylised
	case '6':
		return rules.DrawingNone
	}
	return rules.DrawingUnknown
}
