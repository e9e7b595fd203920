package report

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

var changeLayout = layout{frozen: 2, printed: 9, columns: []column{
	{id: "level", width: 10}, {id: "id", width: 18}, {id: "was", width: 46, kind: wrapped}, {id: "becomes", width: 46, kind: wrapped},
	{id: "mark", width: 16}, {id: "rule", width: 18}, {id: "candidates", width: 34, kind: wrapped}, {id: "pick", width: 10}, {id: "row", width: 12},
	{id: "column", width: 18}, {id: "field", width: 12}, {id: "title", width: 40, kind: wrapped}, {id: "supplier", width: 18},
	{id: "file", width: 22}, {id: "sheet", width: 12}, {id: "fingerprint", width: 28}}}

var leftLayout = layout{frozen: 2, printed: 9, columns: []column{
	{id: "level", width: 10}, {id: "id", width: 18}, {id: "was", width: 46, kind: wrapped}, {id: "left_why", width: 46, kind: wrapped},
	{id: "mark", width: 16}, {id: "rule", width: 18}, {id: "candidates", width: 34, kind: wrapped}, {id: "pick", width: 10}, {id: "row", width: 12},
	{id: "column", width: 18}, {id: "field", width: 12}, {id: "title", width: 40, kind: wrapped}, {id: "supplier", width: 18},
	{id: "file", width: 22}, {id: "sheet", width: 12}, {id: "fingerprint", width: 28}}}

// writeDiffBook writes the diff as a workbook: what changed, what is left, and
// the facts of the run.
func writeDiffBook(w io.Writer, say words, d *Diff) (err error) {
	b := &workbook{w: w, words: say, maxRows: sheetRows, tally: newTally(d.Info), file: excelize.NewFile()}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if b.styles, err = newStyles(b.file); err != nil {
		return fmt.Errorf("write diff workbook: %w", err)
	}
	if err = b.diffSheets(d); err != nil {
		return fmt.Errorf("write diff workbook: %w", err)
	}
	return b.save()
}

func (b *workbook) diffSheets(d *Diff) error {
	first := b.sheetName("changes")
	if err := b.file.SetSheetName("Sheet1", first); err != nil {
		return err
	}
	for _, id := range []string{"left", "about"} {
		if _, err := b.file.NewSheet(b.sheetName(id)); err != nil {
			return err
		}
	}
	if err := b.diffRows("changes", changeLayout, d.Changes); err != nil {
		return err
	}
	if err := b.diffRows("left", leftLayout, d.Left); err != nil {
		return err
	}
	return b.aboutSheet(d)
}

func (b *workbook) diffRows(id string, l layout, list []DiffRow) error {
	s, err := b.newSheet(id, l)
	if err != nil {
		return err
	}
	for i := range list[:min(len(list), b.maxRows-1)] {
		if err = s.write(b.diffRow(&list[i])); err != nil {
			return err
		}
	}
	if more := len(list) - (b.maxRows - 1); more > 0 {
		b.left = append(b.left, b.words.Say("workbook.left_out", "count", grouped(more), "sheet", s.name))
	}
	return s.finish(l)
}

// diffRow fills the columns of changeLayout and leftLayout.
func (b *workbook) diffRow(r *DiffRow) []cell {
	second := passageCell(r.Becomes)
	if r.Reason != "" {
		second = text(r.Reason)
	}
	pick := cell{kind: inputCell}
	if r.NoPick {
		pick = cell{kind: blankCell}
	}
	b.cells = append(b.cells[:0],
		b.levelCell(r.Level), text(r.ID), passageCell(r.Was), second,
		text(r.Mark), text(r.Rule), text(b.words.candidates(r)), pick, text(ranges(r.Rows)),
		text(r.Column), text(b.words.name("role", string(r.Role))), text(titleText(r.Title)), text(r.Supplier),
		text(r.File), text(r.Sheet), text(r.Fingerprint))
	return b.cells
}

func passageCell(p Passage) cell {
	return cell{kind: evidenceCell, before: p.Before, text: p.Words, after: p.After}
}

var aboutLayout = layout{noHeading: true, portrait: true, columns: []column{{width: 26, kind: wrapped}, {width: 90, kind: wrapped}}}

func (b *workbook) aboutSheet(d *Diff) error {
	s, err := b.newSheet("about", aboutLayout)
	if err != nil {
		return err
	}
	out := d.Out
	if out == "" {
		out = b.words.Say("fix.not_written")
	}
	var packs []string
	for _, p := range d.Info.Packs {
		packs = append(packs, p.Name+" "+p.Version+" ("+p.SHA256+")")
	}
	lines := [][2]string{{"fix.about.file", d.File}, {"fix.about.out", out}, {"fix.about.date", d.Info.AsOf}, {"fix.about.tool", d.Info.Tool + " " + d.Info.Version},
		{"fix.about.changes", grouped(len(d.Changes))}, {"fix.about.left", grouped(len(d.Left))}, {"fix.about.packs", strings.Join(packs, "; ")}, {"fix.about.pick", b.words.Say("fix.pick_help")}}
	for _, l := range lines {
		if err := s.write([]cell{text(b.words.Say(l[0])), text(l[1])}); err != nil {
			return err
		}
	}
	for _, l := range b.left {
		if err := s.write([]cell{text(""), text(l)}); err != nil {
			return err
		}
	}
	return s.finish(aboutLayout)
}

// Pick is what a person wrote into the Pick column of a diff sheet.
type Pick struct {
	Fingerprint string
	Choice      string // as written: the number of a candidate, or PickDelete
	Row         int    // 1-based row of the sheet
}

// pickHeads collects the headings of a diff sheet in every language.
func pickHeads() (map[string]string, error) {
	heads := map[string]string{}
	for _, tag := range scanner.Languages() {
		lang, err := scanner.LanguageFor(tag)
		if err != nil {
			return nil, err
		}
		for _, id := range []string{"pick", "fingerprint"} {
			heads[lang.Say("workbook.col."+id)] = id
		}
	}
	return heads, nil
}
