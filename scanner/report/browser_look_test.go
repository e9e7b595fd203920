package report

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// contrasts computes, for every text the browser shows, the contrast of its
// colour with what is behind it (WCAG 2.2, 1.4.3), and returns those below the
// bound: 4.5, or 3 for large text, with the least of all.
const contrasts = `(() => {
	const rgb = s => (s.match(/[\d.]+/g) || []).map((v, i) => s.startsWith("color(") && i < 3 ? v * 255 : Number(v));
	const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c; } return [255, 255, 255]; };
	const out = { low: [], least: 99, texts: 0 };
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement, box = e.getBoundingClientRect();
		if (!n.data.trim() || /^(SCRIPT|STYLE|NOSCRIPT|OPTION)$/.test(e.tagName) || box.width < 2 || box.height < 2 || e.closest("svg")) continue;
		const style = getComputedStyle(e), a = light(rgb(style.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
		const bound = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
		out.texts++;
		out.least = Math.min(out.least, ratio);
		if (ratio < bound) out.low.push(ratio.toFixed(2) + " " + e.tagName + "." + e.className + ": " + n.data.trim().slice(0, 30));
	}
	return out;
})()`

func TestPageContrastAsShown(t *testing.T) {
	info, results, unread, sum := sampleRun(200)
	sum.History = sampleHistory(results)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	for _, theme := range []string{"light", "dark"} {
		b.do(t, send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}))
		for _, view := range []string{"fix", "over", "listings", "marks", "suppliers", "history", "run"} {
			b.do(t, click("#tab-"+view), script(`document.querySelectorAll("#view .open").forEach((e, i) => i < 3 && e.click())`))
			var got struct {
				Low   []string
				Least float64
				Texts int
			}
			if err := json.Unmarshal(eval[json.RawMessage](t, b, contrasts), &got); err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %s: least %.2f of %d texts", theme, view, got.Least, got.Texts)
			for _, low := range got.Low {
				t.Errorf("%s %s: %s", theme, view, low)
			}
		}
	}
	b.quiet(t)
}

// Landmarks, names and focus: what a reader without eyes or mouse relies on.
func TestPageAccessible(t *testing.T) {
	info, results, unread, sum := sampleRun(100)
	b := openPage(t, write(t, "html", "zh", false, info, results, unread, sum))
	for what, script := range map[string]string{
		"no main landmark":                `document.querySelectorAll("main, [role=main]").length !== 1`,
		"no header landmark":              `document.querySelectorAll("header, [role=banner]").length === 0`,
		"no language":                     `!document.documentElement.lang`,
		"a button without a name":         `Array.from(document.querySelectorAll("button")).some(e => !(e.textContent.trim() || e.getAttribute("aria-label")))`,
		"an input without a label":        `Array.from(document.querySelectorAll("input, select")).some(e => !(e.labels && e.labels.length || e.getAttribute("aria-label")))`,
		"an id used twice":                `(ids => new Set(ids).size !== ids.length)(Array.from(document.querySelectorAll("[id]")).map(e => e.id))`,
		"a control that cannot be tabbed": `Array.from(document.querySelectorAll("#view .copy, #view .open")).some(e => e.tabIndex < 0)`,
	} {
		if eval[bool](t, b, script) {
			t.Error(what)
		}
	}
	b.do(t, chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"))
	if !eval[bool](t, b, `document.activeElement !== document.body && getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
		t.Error("the focus is not to be seen")
	}
}

// With ten thousand findings a key shows its effect, and scrolling moves, within
// a few frames. The bounds are far above what is measured; the log tells.
func TestPageFrames(t *testing.T) {
	info, results, unread, sum := sampleRun(30000)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	b.do(t, script(`window.keys = []; document.getElementById("search").addEventListener("input", e => requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - e.timeStamp))))`),
		chromedp.Focus(chromedp.CSS("#search")), chromedp.KeyEvent("nike shoes"))
	keys, err := chromedp.Run(b.ctx, chromedp.Poll[[]float64](`keys.length === 10 ? keys : null`))
	if err != nil {
		t.Fatal(err)
	}
	b.do(t, script(`document.getElementById("search").value = ""; document.getElementById("search").dispatchEvent(new Event("input"));
		window.frames_ = null; (() => { const out = []; let last = performance.now(), n = 0; const step = now => { out.push(now - last); last = now; scrollBy(0, 400); ++n < 90 ? requestAnimationFrame(step) : window.frames_ = out; }; requestAnimationFrame(step); })()`))
	frames, err := chromedp.Run(b.ctx, chromedp.Poll[[]float64](`window.frames_`))
	if err != nil {
		t.Fatal(err)
	}
	key, frame := middle(keys), middle(frames)
	t.Logf("key to screen: middle %.0f ms; frame while scrolling: middle %.0f ms", key, frame)
	if key > 1000 || frame > 300 {
		t.Errorf("key to screen %.0f ms, frame %.0f ms", key, frame)
	}
	b.quiet(t)
}

// middle is the median of times.
func middle(times []float64) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
