package register

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"prescreen/rules"
)

// columns are the headers known, by what their cells hold; lower case, the
// first of each is the one to write.
var columns = map[string][]string{
	"mark":         {"mark", "trademark", "trade mark", "word mark", "wordmark", "mark text", "mark name", "trade mark name", "trademark name", "verbal element", "name of the trade mark", "denomination", "markendarstellung", "marke", "term", "商标名称"},
	"aliases":      {"aliases", "pseudo mark", "transliteration"},
	"owner":        {"owner", "owner name", "applicant", "applicant name", "holder", "holder name", "applicant(s)", "applicants", "applicant(s) name", "owner(s)", "owners", "holder(s)", "proprietor", "registrant", "inhaber", "anmelder", "申请人"},
	"number":       {"number", "application number", "application no", "application no.", "trade mark number", "trademark number", "trade mark no", "trade mark no.", "filing number", "serial number", "aktenzeichen/registernummer", "aktenzeichen", "申请号", "注册号"},
	"registration": {"registration number", "registration no", "registration no.", "international registration number", "registernummer", "reg. number"},
	"status":       {"status", "live/dead", "legal status", "trade mark status", "trademark status", "current status", "aktenzustand", "商标状态"},
	"classes":      {"classes", "class", "nice classes", "nice class", "nice classification", "nice class(es)", "nice cl.", "class(es)", "international class", "klassen", "klasse(n) nizza", "国际分类"},
	"filed":        {"filed", "filing date", "application date", "app. date", "date of application", "anmeldetag", "申请日期"},
	"registered":   {"registered", "registration date", "reg. date", "date of registration", "tag der eintragung"},
	"goods":        {"goods", "goods and services", "goods & services"},
	"drawing":      {"drawing", "mark type", "trade mark type", "trademark type", "type of mark", "type", "mark feature", "drawing code", "markenform"},
	"office":       {"office", "trade mark office", "trademark office", "ip office", "datenbestand"},
}

// also are headers that hold something else elsewhere: a result list of WIPO's
// Global Brand Database has its marks under Brand, another table its makers.
var also = map[string]map[string][]string{
	"wipo": {"mark": {"brand", "brand name"}, "office": {"source", "data source"}},
}

// columnNames are the names to write in a table of one's own, sorted.
func columnNames() []string {
	var names []string
	for _, list := range columns {
		names = append(names, list[0])
	}
	slices.Sort(names)
	return names
}

// headerOf gives per column what it holds, "" for what is not used; ok tells
// whether one of them holds the marks.
func headerOf(cells []string, register string) (header []string, ok bool) {
	header = make([]string, len(cells))
	for i, cell := range cells {
		name := strings.ToLower(strings.Join(strings.Fields(cell), " "))
		for holds, list := range columns {
			if (slices.Contains(list, name) || slices.Contains(also[register][holds], name)) && !slices.Contains(header, holds) {
				header[i] = holds
			}
		}
		ok = ok || header[i] == "mark"
	}
	return header, ok
}

// readTable reads a table with a header; register names whose numbers it holds
// unless a column does.
func readTable(register string) reader {
	return func(name string, r io.Reader, s *sieve) error {
		rows := newRowReader(name, r)
		first, _, err := rows.next()
		if errors.Is(err, io.EOF) {
			return failed(rows.at, "the file is empty")
		}
		if err != nil {
			return failed(rows.at, "%w", err)
		}
		header, ok := headerOf(first, register)
		if !ok {
			expected := "name one mark; others may be " + strings.Join(columnNames(), ", ")
			if wanted[register] != "" {
				expected = register + " hands out " + wanted[register]
			}
			return failed(rows.at, "no column of marks among %q: %s", first, expected)
		}
		return readRows(rows, header, s)
	}
}

// readRows reads the rows below the header.
func readRows(rows *rowReader, header []string, s *sieve) error {
	for {
		cells, size, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return failed(rows.at, "%w", err)
		case len(cells) == 1 && strings.TrimSpace(cells[0]) == "":
			continue
		case len(cells) != len(header):
			s.fault(rows.at, size, "read row: it has %d cells, the header has %d", len(cells), len(header))
			continue
		}
		m := markOfCells(cells, header, s)
		m.Pos = rows.at
		if err := s.take(&m); err != nil {
			return err
		}
	}
}

// markOfCells makes a mark of a row that is no longer than its header.
func markOfCells(cells, header []string, s *sieve) rules.Mark {
	m := rules.Mark{Register: s.register}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" && header[i] != "" {
			takeCell(&m, header[i], cell, s)
		}
	}
	if m.Drawing == rules.DrawingDevice && m.Text != "" {
		m.Drawing = rules.DrawingCombined // a device with words in it
	}
	return m
}

// takeCell puts a cell where it belongs.
func takeCell(m *rules.Mark, holds, cell string, s *sieve) {
	switch holds {
	case "mark":
		m.Text = cell
	case "aliases":
		for alias := range strings.SplitSeq(cell, ";") {
			if alias = strings.TrimSpace(alias); alias != "" {
				m.Aliases = append(m.Aliases, alias)
			}
		}
	case "owner":
		m.Owner = ownerOf(cell)
	case "number":
		m.Application = cell
	case "registration":
		m.Registration = cell
	case "status":
		status, known := wordedStatus(cell)
		if m.Status = status; !known {
			s.report.Statuses[cell]++
		}
	case "classes":
		m.Classes = classesOf(cell)
	case "filed":
		m.Filed = dateOf(cell)
	case "registered":
		m.Registered = dateOf(cell)
	case "goods":
		m.Goods = beginning(cell)
		if len(m.Classes) == 0 {
			m.Classes = searchClasses(cell)
		}
	case "drawing":
		m.Drawing = wordedDrawing(cell)
	case "office":
		m.Register += "-" + strings.ToLower(strings.Fields(cell)[0])
	}
}

// searchOwner is what the USPTO's search puts before an owner, searchEntity
// what it puts behind one: the legal form, the country, the address.
var (
	searchOwner  = regexp.MustCompile(`\((?:APPLICANT|REGISTRANT|LAST LISTED OWNER)\)\s*`)
	searchEntity = regexp.MustCompile(`\s+(?:CORPORATION|LIMITED LIABILITY COMPANY|LIMITED PARTNERSHIP|PARTNERSHIP|INDIVIDUAL|COMPANY|LIMITED|SOCIETE|GMBH)\s+[A-Z]{4}.*$`)
)

// ownerOf takes the name out of a cell: of several owners the last.
func ownerOf(cell string) string {
	marks := searchOwner.FindAllStringIndex(cell, -1)
	if marks == nil {
		return cell
	}
	return strings.TrimSpace(searchEntity.ReplaceAllString(cell[marks[len(marks)-1][1]:], ""))
}

// classesOf reads a cell of class numbers, whatever parts them.
func classesOf(cell string) []int {
	var out []int
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= 45 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

var searchClass = regexp.MustCompile(`(\(CANCELLED\) )?\bIC (\d{3})\.`)

// searchClasses reads the classes out of the goods of the USPTO's search:
// "IC 009. US 021 023. G & S: ...".
func searchClasses(goods string) []int {
	var out []int
	for _, found := range searchClass.FindAllStringSubmatch(goods, -1) {
		if n, err := strconv.Atoi(found[2]); err == nil && found[1] == "" && n >= 1 && n <= 45 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// dateForms are the forms of dates that say which part is which.
var dateForms = []string{"2006-01-02", "20060102", "2006/01/02", "2006.01.02", "January 2, 2006", "2 January 2006", "02.01.2006", "Jan 2, 2006"}

// dateOf gives a date as YYYY-MM-DD, "" where its form leaves doubt: of
// 31/12/2015 only one reading is a date, of 01/02/2015 both are.
func dateOf(cell string) string {
	for _, form := range dateForms {
		if t, err := time.Parse(form, cell); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	dayFirst, err := time.Parse("02/01/2006", cell)
	monthFirst, other := time.Parse("01/02/2006", cell)
	switch {
	case err == nil && (other != nil || dayFirst.Equal(monthFirst)):
		return dayFirst.Format(time.DateOnly)
	case err != nil && other == nil:
		return monthFirst.Format(time.DateOnly)
	}
	return ""
}

// wordedDrawing reads a type of mark, or a drawing code.
func wordedDrawing(cell string) rules.Drawing {
	if cell[0] >= '0' && cell[0] <= '9' {
		return usptoDrawing(cell)
	}
	text := strings.ToLower(cell)
	for _, line := range []struct {
		drawing rules.Drawing
		words   string
	}{
		{rules.DrawingCombined, "combined|word and device|wort-/bild|wort/bild"},
		{rules.DrawingDevice, "figurative|device|design|bildmarke|3-d|shape|colour|color"},
		{rules.DrawingStylised, "stylised|stylized"},
		{rules.DrawingWord, "word|wort|typed|standard"},
		{rules.DrawingNone, "sound|motion|smell|hörmarke"},
	} {
		for word := range strings.SplitSeq(line.words, "|") {
			if strings.Contains(text, word) {
				return line.drawing
			}
		}
	}
	return rules.DrawingUnknown
}
