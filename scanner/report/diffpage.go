package report

import (
	"bufio"
	"fmt"
	"html/template"
	"io"
)

// diffPage is the diff as one page: no script, nothing loaded. html/template
// escapes every text where it stands.
var diffPage = template.Must(template.ParseFS(pageFS, "page/diff.html"))

// diffText is what the page shows of one row, ready to read.
type diffText struct {
	Level, LevelName, ID, Title, Place, Mark, Rule, Reason, Candidates, Fingerprint string
	Was, Becomes                                                                    Passage
	Changed                                                                         bool
}

func writeDiffPage(w io.Writer, say words, d *Diff) error {
	style, err := pageFS.ReadFile("page/diff.css")
	if err != nil {
		return fmt.Errorf("write diff page: %w", err)
	}
	texts := func(list []DiffRow) func(func(diffText) bool) {
		return func(yield func(diffText) bool) {
			for i := range list {
				if !yield(say.diffText(&list[i])) {
					return
				}
			}
		}
	}
	out := d.Out
	if out == "" {
		out = say.Say("fix.not_written")
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	err = diffPage.Execute(buffered, map[string]any{
		"Lang": say.Tag(), "Style": template.CSS(style), "Say": func(id string) string { return say.Say(id) }, "Col": func(id string) string { return say.Say("workbook.col." + id) },
		"Heading": say.Say("fix.heading", "file", visible(d.File)), "File": visible(d.File), "Out": visible(out), "Date": d.Info.AsOf, "Tool": d.Info.Tool + " " + d.Info.Version,
		"Changes": texts(d.Changes), "Left": texts(d.Left), "ChangeCount": grouped(len(d.Changes)), "LeftCount": grouped(len(d.Left)),
	})
	if err != nil {
		return fmt.Errorf("write diff page: %w", err)
	}
	return buffered.Flush()
}

func (w words) diffText(r *DiffRow) diffText {
	return diffText{Level: r.Level.String(), LevelName: w.level(r.Level), ID: visible(r.ID), Title: titleText(r.Title), Place: w.cellsOf(r),
		Mark: visible(r.Mark), Rule: visible(r.Rule), Reason: visible(r.Reason), Candidates: w.candidates(r), Fingerprint: visible(r.Fingerprint),
		Was: r.Was, Becomes: r.Becomes, Changed: r.Reason == ""}
}
