package register

import (
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
)

// The international register in the form its own office uses (ROMARIN, Madrid
// Monitor): one MARKGR per registration, whose CURRENT part holds what stands
// today. The parts beside it are transactions.
//
//	<MARKGR INTREGN="1430298" INTREGD="20180718" EXPDATE="20280718">
//	  <CURRENT>
//	    <HOLGR><NAME><NAMEL>...</NAMEL></NAME></HOLGR>
//	    <IMAGE NAME="1430298" TEXT="..."/>
//	    <BASICGS><GSGR NICCLAI="25"><GSTERMEN>...</GSTERMEN></GSGR></BASICGS>
//	  </CURRENT>
//	</MARKGR>
//
// Made from published code that reads such files, not from the files themselves.
// The form does not say whether a registration has lapsed: its status is "not said".

// madridMark is the entry under way.
type madridMark struct {
	m       rules.Mark
	figured bool     // it has a device (VIENNAGR) or a shape
	plain   bool     // MARKVE: standard characters
	names   []string // lines of the first holder's name
	holders int
}

// readMadrid reads one MARKGR element.
func readMadrid(element []byte, at rules.Pos, s *sieve) error {
	f := madridMark{m: rules.Mark{Register: "wipo", Pos: at}}
	if err := leaves(element, f.leaf, f.open); err != nil {
		s.fault(at, len(element), "read MARKGR: %w", err)
		return nil
	}
	m := &f.m
	if m.Application == "" {
		s.fault(at, len(element), "read MARKGR: it has no INTREGN")
		return nil
	}
	m.Owner = strings.Join(f.names, " ")
	switch {
	case f.figured && m.Text != "":
		m.Drawing = rules.DrawingCombined
	case f.figured:
		m.Drawing = rules.DrawingDevice
	case f.plain:
		m.Drawing = rules.DrawingWord
	}
	return s.take(m)
}

// open looks at the elements that say something with attributes.
func (f *madridMark) open(path [][]byte, attributes []byte) {
	name := string(path[len(path)-1])
	if name == "MARKGR" && len(path) == 1 {
		f.m.Application = attribute(attributes, "INTREGN")
		f.m.Registration = f.m.Application
		f.m.Registered = compactDate(attribute(attributes, "INTREGD"))
		return
	}
	if !within(path, "CURRENT") {
		return
	}
	switch name {
	case "IMAGE":
		if f.m.Text == "" {
			f.m.Text = attribute(attributes, "TEXT")
		}
	case "GSGR":
		if n, err := strconv.Atoi(attribute(attributes, "NICCLAI")); err == nil && n >= 1 && n <= 45 && !slices.Contains(f.m.Classes, n) && within(path, "BASICGS") {
			f.m.Classes = append(f.m.Classes, n)
		}
	case "HOLGR":
		f.holders++
	}
}

// leaf takes what is of interest of the CURRENT part.
func (f *madridMark) leaf(path [][]byte, text []byte) {
	if !within(path, "CURRENT") {
		return
	}
	switch name := string(path[len(path)-1]); name {
	case "NAMEL":
		if within(path, "HOLGR") && f.holders <= 1 {
			f.names = append(f.names, plainText(text))
		}
	case "VIECLAI", "VIECLA3", "THRDMAR":
		f.figured = true
	case "MARKVE":
		f.plain = true
	case "MARTRAN": // the transliteration
		if words := plainText(text); words != "" && words != f.m.Text {
			f.m.Aliases = append(f.m.Aliases, words)
		}
	case "GSTERMEN":
		if f.m.Goods == "" {
			f.m.Goods = beginning(plainText(text[:min(len(text), 4*mostGoods)]))
		}
	}
}
