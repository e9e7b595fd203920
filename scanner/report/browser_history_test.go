package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"prescreen/scanner"
)

// endLabels gives the boxes of the labels at the end of the trend, of its dates
// and of the picture, as the browser lays them out.
const endLabels = `(() => {
	const pic = document.querySelector("#view svg.trend"), box = e => { const r = e.getBoundingClientRect(); return { Text: e.textContent, Left: r.left, Right: r.right, Top: r.top, Bottom: r.bottom }; };
	return [box(pic)].concat(Array.from(pic.querySelectorAll("text")).map(box));
})()`

type shownBox struct {
	Text                     string
	Left, Right, Top, Bottom float64
}

func (a shownBox) meets(b shownBox) bool {
	return a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom-3 && b.Top < a.Bottom-3 // a line box is taller than its letters
}

// Labels at the end of the trend stand apart and inside the picture, wherever
// the levels end.
func TestPageTrendLabels(t *testing.T) {
	for name, last := range map[string]map[scanner.Level]int{
		"all at 0":      {},
		"three at 0":    {scanner.Critical: 6},
		"all at top":    {scanner.Critical: 6, scanner.High: 6, scanner.Medium: 6, scanner.Low: 6},
		"two and two":   {scanner.Critical: 6, scanner.High: 6},
		"just above 0":  {scanner.Critical: 1, scanner.High: 1, scanner.Medium: 1},
		"in the middle": {scanner.Critical: 3, scanner.High: 3, scanner.Medium: 3, scanner.Low: 3},
	} {
		info, results, unread, sum := sampleRun(60)
		sum.History = sampleHistory(results)
		sum.History.Trend = []scanner.TrendPoint{{Date: "2026-11-09", Levels: map[scanner.Level]int{scanner.High: 6}},
			{Date: "2026-11-16", Levels: map[scanner.Level]int{scanner.High: 4, scanner.Low: 2}}, {Date: "2026-11-23", Levels: last}}
		b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
		for _, theme := range []string{"light", "dark"} {
			b.do(t, send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}), click("#tab-history"))
			var got []shownBox
			if err := json.Unmarshal(eval[json.RawMessage](t, b, endLabels), &got); err != nil {
				t.Fatal(err)
			}
			pic, texts := got[0], got[1:]
			ends := 0
			for i, a := range texts {
				if !strings.Contains(a.Text, " ") {
					continue
				}
				ends++
				if a.Right > pic.Right || a.Bottom > pic.Bottom || a.Top < pic.Top-4 {
					t.Errorf("%s %s: %q is cut off", name, theme, a.Text)
				}
				for j, other := range texts {
					if i != j && a.meets(other) {
						t.Errorf("%s %s: %q lies on %q", name, theme, a.Text, other.Text)
					}
				}
			}
			if ends != 4 {
				t.Errorf("%s: %d labels", name, ends)
			}
		}
		b.quiet(t)
	}
}

// The history counts by supplier and mark and can be sorted; each supplier with
// a trend shows it.
func TestPageRollups(t *testing.T) {
	info, results, unread, sum := sampleRun(300)
	sum.History = sampleHistory(results)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	b.do(t, click("#tab-history"))
	if n := eval[int](t, b, `document.querySelectorAll("#view th .sort").length`); n != 14 {
		t.Errorf("%d headings to sort by, want 14", n)
	}
	const openColumn = `Array.from(document.querySelectorAll("#view table")[0].querySelectorAll("tbody tr")).map(r => Number(r.children[3].textContent))`
	b.do(t, script(`document.querySelectorAll("#view table")[0].querySelectorAll(".sort")[3].click()`))
	if !eval[bool](t, b, openColumn+`.every((n, i, all) => !i || all[i - 1] >= n)`) {
		t.Errorf("not sorted: %v", eval[[]int](t, b, openColumn))
	}
	b.do(t, click("#tab-suppliers"))
	if n := eval[int](t, b, `document.querySelectorAll("#view .group svg.mini").length`); n != 2 {
		t.Errorf("%d suppliers show a trend, want 2", n)
	}
	if got := eval[string](t, b, `document.querySelector("#view .group svg.mini").getAttribute("aria-label")`); !strings.Contains(got, "2026-1") {
		t.Errorf("the trend says %q", got)
	}
	b.do(t, click("#tab-over"))
	if got := eval[string](t, b, `document.querySelector("#view .card").textContent`); !strings.Contains(got, sum.Standing[0]) {
		t.Errorf("the overview begins with %q", got)
	}
	b.quiet(t)
}
