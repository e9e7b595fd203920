package register

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
)

// WIPO's standards for trade marks in XML are ST.66 (the open data of the EU's
// office, TMview's offices, the Madrid register) and its follower ST.96. Both
// name things alike, so that one reader does:
//
//	ST.66  TradeMark: ApplicationNumber, RegistrationNumber, MarkCurrentStatusCode, MarkFeature,
//	       WordMarkSpecification/MarkVerbalElementText, GoodsServicesDetails/.../ClassDescription/ClassNumber,
//	       ApplicantDetails/Applicant/.../OrganizationName
//	ST.96  Trademark: ApplicationNumber/ApplicationNumberText, MarkRepresentation/.../MarkVerbalElementText,
//	       GoodsServicesBag/.../ClassNumber, ApplicantBag/Applicant/.../EntityName
//
// Prefixes of names differ from office to office and are left out. This reader
// was made from documents and published code that reads such files, not from
// files of the offices themselves.

// standardMark is the entry under way.
type standardMark struct {
	m            rules.Mark
	format       string
	office       string
	feature      string
	status       string
	st13         string // number by ST.13, where there is no other
	significant  string // the verbal element written anew
	applicant    string // the office's own number of the applicant
	person       []string
	goodsEnglish bool
	language     string // of the element under way
	gone         bool   // the file says that the entry is to be deleted
}

// readStandard reads one TradeMark or Trademark element.
func readStandard(format string, element []byte, at rules.Pos, s *sieve) error {
	f := standardMark{format: format, m: rules.Mark{Register: format, Pos: at}}
	if err := leaves(element, f.leaf, f.open); err != nil {
		s.fault(at, len(element), "read trade mark: %w", err)
		return nil
	}
	f.finish(s)
	if f.m.Application == "" && f.m.Registration == "" {
		s.fault(at, len(element), "read trade mark: it has neither an application number nor a registration number")
		return nil
	}
	return s.take(&f.m)
}

// open looks at attributes: the language of goods, what is to be done with the entry.
func (f *standardMark) open(path [][]byte, attributes []byte) {
	switch string(local(path[len(path)-1])) {
	case "TradeMark", "Trademark":
		if len(path) == 1 && strings.EqualFold(attribute(attributes, "operationCode"), "delete") {
			f.gone = true
		}
	case "GoodsServicesDescription", "GoodsServicesDescriptionText":
		f.language = strings.ToLower(attribute(attributes, "languageCode"))
	}
}

// leaf takes what is of interest.
func (f *standardMark) leaf(path [][]byte, text []byte) {
	parent, name := string(local(path[len(path)-2])), string(local(path[len(path)-1]))
	switch {
	case len(path) == 2 || parent == "ApplicationNumber" || parent == "NationalTrademarkInformation":
		f.top(name, text)
	case name == "ClassNumber" && (parent == "ClassDescription" || parent == "GoodsServicesClassification"):
		if n, err := strconv.Atoi(plainText(text)); err == nil && n >= 1 && n <= 45 && !slices.Contains(f.m.Classes, n) {
			f.m.Classes = append(f.m.Classes, n)
		}
	case name == "MarkFeatureCategory":
		setOnce(&f.feature, text)
	case name == "GoodsServicesDescription" || name == "GoodsServicesDescriptionText":
		f.goods(text)
	case within(path, "ApplicantDetails", "ApplicantBag", "HolderDetails", "HolderBag"):
		f.owner(parent, name, text)
	default:
		f.words(parent, name, text)
	}
}

// top takes the leaves right below the mark.
func (f *standardMark) top(name string, text []byte) {
	switch name {
	case "ApplicationNumber", "ApplicationNumberText":
		setOnce(&f.m.Application, text)
	case "ST13ApplicationNumber":
		setOnce(&f.st13, text)
	case "RegistrationNumber", "InternationalRegistrationNumber":
		setOnce(&f.m.Registration, text)
	case "RegistrationOfficeCode":
		setOnce(&f.office, text)
	case "MarkCurrentStatusCode":
		setOnce(&f.status, text)
	case "MarkFeature":
		setOnce(&f.feature, text)
	case "ApplicationDate":
		f.m.Filed = standardDate(text)
	case "RegistrationDate":
		f.m.Registered = standardDate(text)
	}
}

// words takes the words of the mark; the first of several is its text.
func (f *standardMark) words(parent, name string, text []byte) {
	switch name {
	case "MarkVerbalElementText":
		if words := plainText(text); f.m.Text == "" {
			f.m.Text = words
		} else {
			f.alias(words)
		}
	case "MarkSignificantVerbalElementText", "MarkSignificantVerbalElement":
		setOnce(&f.significant, text)
	case "MarkTransliteration", "MarkTransliterationText":
		f.alias(plainText(text))
	}
}

func (f *standardMark) alias(words string) {
	if words != "" && words != f.m.Text && !slices.Contains(f.m.Aliases, words) {
		f.m.Aliases = append(f.m.Aliases, words)
	}
}

// goods keeps the English list of goods, else the first.
func (f *standardMark) goods(text []byte) {
	if f.m.Goods != "" && (f.goodsEnglish || f.language != "en") {
		return
	}
	f.m.Goods, f.goodsEnglish = beginning(plainText(text[:min(len(text), 4*mostGoods)])), f.language == "en"
}

// owner takes the name of the first applicant or holder.
func (f *standardMark) owner(parent, name string, text []byte) {
	switch name {
	case "OrganizationName", "EntityName", "LegalEntityName", "OrganizationStandardName", "FullName", "PersonFullName", "FreeFormatNameLine", "ApplicantName", "HolderName":
		setOnce(&f.m.Owner, text)
	case "FirstName", "MiddleName", "LastName":
		if len(f.person) < 3 {
			f.person = append(f.person, plainText(text))
		}
	case "Identifier":
		if parent == "ApplicantKey" {
			setOnce(&f.applicant, text)
		}
	}
}

// finish settles what several elements say together.
func (f *standardMark) finish(s *sieve) {
	m := &f.m
	if m.Application == "" {
		m.Application = f.st13
	}
	if m.Text == "" {
		m.Text = f.significant
	}
	if m.Owner == "" {
		m.Owner = strings.Join(f.person, " ")
	}
	if m.Owner == "" && f.applicant != "" {
		m.Owner = "applicant " + f.applicant // its name stands in another file of the office
	}
	home := map[string]string{"euipo": "EM", "wipo": "WO"}[f.format]
	if f.office != "" && f.office != home {
		m.Register += "-" + strings.ToLower(f.office)
	}
	if f.feature != "" {
		m.Drawing = wordedDrawing(f.feature)
		if m.Drawing == rules.DrawingDevice && m.Text != "" {
			m.Drawing = rules.DrawingCombined // a device with words in it
		}
	}
	status, known := wordedStatus(f.status)
	if m.Status = status; !known {
		s.report.Statuses[f.status]++
	}
	if f.gone {
		m.Status = "dead"
	}
}

// within tells whether one of the elements around the last has one of the names.
func within(path [][]byte, names ...string) bool {
	for _, element := range path[:len(path)-1] {
		if slices.Contains(names, string(local(element))) {
			return true
		}
	}
	return false
}

// setOnce keeps the first text that is not empty.
func setOnce(to *string, text []byte) {
	if *to == "" {
		*to = plainText(text)
	}
}

// standardDate takes the day of 2018-02-18, 2018-02-18+01:00 or 20180218.
func standardDate(text []byte) string {
	text = bytes.TrimSpace(text)
	if len(text) >= 10 && text[4] == '-' && text[7] == '-' {
		return dateOf(string(text[:10]))
	}
	return compactDate(string(text))
}
