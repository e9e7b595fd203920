package report

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// What stands is told under the counts where a person reads, and changes
// nothing of the data formats.
func TestStanding(t *testing.T) {
	info, results, unread, sum := sampleRun(40)
	bare := sum
	bare.Standing = nil
	for _, format := range []string{"json", "jsonl", "csv"} {
		if !bytes.Equal(write(t, format, "en", false, info, results, unread, sum), write(t, format, "en", false, info, results, unread, bare)) {
			t.Errorf("%s: the standing sentences are in it", format)
		}
	}
	f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
	for i, want := range sum.Standing {
		if got := rowsOf(t, f, "Summary")[2+i][0]; got != want {
			t.Errorf("summary row %d: %q, want %q", 3+i, got, want)
		}
	}
	if got := pageJSON(t, write(t, "html", "en", false, info, results, unread, sum)).Standing; !slices.Equal(got, sum.Standing) {
		t.Errorf("page: %q", got)
	}
}

// The workbook counts every store, supplier and mark, and each scan of each
// supplier that has a trend.
func TestRollups(t *testing.T) {
	info, results, unread, sum := sampleRun(90)
	h := sampleHistory(results)
	sum.History = h
	f := openBook(t, write(t, "xlsx", "en", false, info, results, unread, sum))
	rows := rowsOf(t, f, "Changes by group")[1:]
	if want := len(h.ByStore()) + len(h.BySupplier()) + len(h.ByMark()); len(rows) != want {
		t.Errorf("%d roll-up rows, want %d", len(rows), want)
	}
	if got, want := strings.Join(rows[0], " "), "Store main "; !strings.HasPrefix(got, want) {
		t.Errorf("first row %q", got)
	}
	trends := rowsOf(t, f, "Trend by supplier")[1:]
	if got, want := strings.Join(trends[0], "|"), "Yiwu Brightstar|2026-10-26|14|30|22|9|75"; len(trends) != 5 || got != want {
		t.Errorf("%d trend rows, the first %q, want 5 and %q", len(trends), got, want)
	}
	data := pageJSON(t, write(t, "html", "en", false, info, results, unread, sum)).History
	if len(data.Rollups) != 2 || data.Rollups[0].Heads[0] != "Supplier" || len(data.Suppliers) != 2 || len(data.Suppliers[0].Trend) != 3 {
		t.Errorf("page: %+v, trends %+v", data.Rollups, data.Suppliers)
	}
}

// A supplier's sheet asks for the supplier's answer; no decision can be read from it.
func TestAnswers(t *testing.T) {
	info, results, _, sum := sampleRun(30)
	for _, tag := range scanner.Languages() {
		w := words{mustLanguage(t, tag)}
		var out bytes.Buffer
		book, err := New("xlsx", &out, Options{Lang: w.Language, Answers: true})
		if err != nil {
			t.Fatal(err)
		}
		if err = book.Begin(info); err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			if err = book.Result(r); err != nil {
				t.Fatal(err)
			}
		}
		if err = book.End(sum); err != nil {
			t.Fatal(err)
		}
		f := openBook(t, out.Bytes())
		name := f.GetSheetList()[2]
		heads := rowsOf(t, f, name)[0]
		for id, want := range map[string]bool{"decision": false, "reason": false, "person": false, "changed_on": true, "proof": true, "remark": true} {
			if got := slices.Contains(heads, w.Say("workbook.col."+id)); got != want {
				t.Errorf("%s: column %s there: %v", tag, id, got)
			}
		}
		checks, err := f.GetDataValidations(name)
		if err != nil || len(checks) != 2 || checks[0].Formula1 != `"`+strings.Join([]string{w.Say("proof.attached"), w.Say("proof.follows"), w.Say("proof.none"), w.Say("proof.not-needed")}, ",")+`"` || checks[1].Type != "date" {
			t.Errorf("%s: checks %+v (%v)", tag, checks, err)
		}
		at, _ := excelize.ColumnNumberToName(1 + answerLayout.index("changed_on"))
		if style, err := f.GetCellStyle(name, at+"2"); err != nil || style == 0 {
			t.Errorf("%s: no style for dates (%v)", tag, err)
		}
	}
}
