package report

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"prescreen/scanner"
)

// browser is a headless browser with one page open, and what it complained of.
type browser struct {
	ctx    context.Context
	mu     sync.Mutex
	faults []string
}

// openPage opens the page in a real browser; without one the test is skipped.
func openPage(t *testing.T, page []byte) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("short: no browser")
	}
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("no chromium or chrome here: the page is not tried in a browser")
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 90*time.Second)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900))...)
	t.Cleanup(stop)
	b := &browser{}
	b.ctx, stop = chromedp.NewContext(ctx, chromedp.WithListener(b.listen))
	t.Cleanup(stop)
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	b.do(t, send(network.Enable, network.EnableParams{}), chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("#view > *")))
	return b
}

// send is a protocol command as a step.
func send[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// listen notes every error, warning of the content policy, and request beyond the page itself.
func (b *browser) listen(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		fault := "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			fault += " " + e.ExceptionDetails.Exception.Description
		}
		b.faults = append(b.faults, fault)
	case *runtime.EventConsoleAPICalled:
		b.faults = append(b.faults, fmt.Sprint("console: ", e.Type))
	case *log.EventEntryAdded:
		b.faults = append(b.faults, "log: "+e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://") || !strings.HasSuffix(strings.SplitN(e.Request.URL, "#", 2)[0], "/report.html") {
			b.faults = append(b.faults, "request: "+e.Request.URL)
		}
	}
}

func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// eval gives the value of a script expression.
func eval[T any](t *testing.T, b *browser, script string) T {
	t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

// click clicks the first element a CSS selector finds.
func click(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector))
}

// script runs a script for what it does.
func script(s string) chromedp.Action[chromedp.Void] { return chromedp.Evaluate[chromedp.Void](s) }

// quiet fails the test when the browser complained of anything.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		t.Error(f)
	}
}

const rowsShown = `document.querySelectorAll("#view .row").length`

func TestPageInBrowser(t *testing.T) {
	info, results, unread, sum := sampleRun(400)
	sum.History = sampleHistory(results)
	for _, lang := range []string{"en", "zh"} {
		w := mustLanguage(t, lang)
		b := openPage(t, write(t, "html", lang, false, info, results, unread, sum))
		if got := eval[string](t, b, `document.querySelector('[role=tab][aria-selected=true]').textContent`); got != w.Say("page.tab_fix") {
			t.Errorf("%s: opens on %q", lang, got)
		}
		if n := eval[int](t, b, rowsShown); n != 60 {
			t.Errorf("%s: %d rows at first", lang, n)
		}
		if n := eval[int](t, b, `document.querySelectorAll("#view .row .copy").length`); n != 60 {
			t.Errorf("%s: %d copy buttons", lang, n)
		}
		if got := eval[string](t, b, `document.querySelector("#view .row .level").textContent`); got != w.Say("level.critical") {
			t.Errorf("%s: the first row is %q", lang, got)
		}
		if n := eval[int](t, b, `Array.from(document.querySelectorAll("body *")).filter(e => /page\.|\{[a-z]+\}/.test(e.childNodes.length === 1 && e.firstChild.nodeType === 3 && e.tagName !== "SCRIPT" && e.tagName !== "STYLE" ? e.textContent : "")).length`); n != 0 {
			t.Errorf("%s: %d unfinished sentences", lang, n)
		}
		b.quiet(t)
	}
}

func TestPageSearchFilterViews(t *testing.T) {
	info, results, unread, sum := sampleRun(400)
	sum.History = sampleHistory(results)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	want := func(keep func(*scanner.Result, *scanner.Finding) bool) (n int) {
		for i := range results {
			for _, f := range shownFindings(&results[i]) {
				if f.Level > scanner.None && keep(&results[i], f) {
					n++
				}
			}
		}
		return n
	}
	counted := func() string { return eval[string](t, b, `document.getElementById("count").textContent`) }
	lego := want(func(_ *scanner.Result, f *scanner.Finding) bool { return f.Mark == "LEGO" })
	// Only the key goes down: a real browser types nothing for a key the page has taken.
	b.do(t, send(input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "/"}), chromedp.KeyEvent("lego"))
	if got := counted(); !strings.HasPrefix(got, fmt.Sprint(lego, " findings in ")) {
		t.Errorf("search for lego: %q, want %d", got, lego)
	}
	b.do(t, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape))
	all := want(func(*scanner.Result, *scanner.Finding) bool { return true })
	if got := counted(); !strings.HasPrefix(got, fmt.Sprint(all, " findings in ")) {
		t.Errorf("after Esc: %q, want %d", got, all)
	}
	b.do(t, click(`input[data-facet="kind"][data-value="character"]`))
	characters := want(func(_ *scanner.Result, f *scanner.Finding) bool { return f.Kind == "character" })
	if got := counted(); !strings.HasPrefix(got, fmt.Sprint(characters, " findings in ")) {
		t.Errorf("filter by kind: %q, want %d", got, characters)
	}
	if live := eval[string](t, b, `document.querySelector("[aria-live]").textContent`); live != counted() {
		t.Errorf("announced %q", live)
	}
	b.do(t, click(".chip"))
	b.do(t, script(`document.querySelector(".sort").value = "listing"; document.querySelector(".sort").dispatchEvent(new Event("change"))`))
	if ids := eval[[]string](t, b, `Array.from(document.querySelectorAll("#view .row .tagline bdi:first-child")).map(e => e.textContent).filter(s => s.startsWith("SKU")).slice(0, 20)`); len(ids) < 20 || !sorted(ids) {
		t.Errorf("sorted by listing: %v", ids)
	}
	for view, holder := range map[string]string{"over": "#view svg rect", "listings": "#view .group", "marks": "#view .group", "suppliers": "#view .group", "history": "#view table", "run": "#view table code"} {
		b.do(t, click("#tab-"+view))
		if n := eval[int](t, b, fmt.Sprintf(`document.querySelectorAll(%q).length`, holder)); n == 0 {
			t.Errorf("view %s is empty", view)
		}
	}
	b.do(t, click("#tab-suppliers"), click("#view .group .open"))
	if n := eval[int](t, b, `document.querySelectorAll("#view .inner .line").length`); n == 0 {
		t.Error("a supplier does not open")
	}
	b.quiet(t)
}

func sorted(s []string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] < s[i-1] {
			return false
		}
	}
	return true
}

func TestPageKeyboard(t *testing.T) {
	info, results, unread, sum := sampleRun(400)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	marked := func() int {
		return eval[int](t, b, `Number((document.querySelector(".row.at") || {dataset: {n: -1}}).dataset.n)`)
	}
	b.do(t, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("k"))
	if got := marked(); got != 1 {
		t.Errorf("after j j ↓ k at row %d", got)
	}
	b.do(t, chromedp.KeyEvent(kb.Enter))
	if n := eval[int](t, b, `document.querySelectorAll(".row.at .detail .points li").length`); n < 2 {
		t.Errorf("Enter shows %d points", n)
	}
	b.do(t, chromedp.KeyEvent(kb.Escape))
	if n := eval[int](t, b, `document.querySelectorAll(".detail").length`); n != 0 {
		t.Error("Esc does not close")
	}
	for range 70 {
		b.do(t, chromedp.KeyEvent("j"))
	}
	if got := marked(); got != 71 {
		t.Errorf("after 70 more at row %d", got)
	}
	ctx, stop := context.WithTimeout(b.ctx, 10*time.Second)
	defer stop()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`(() => { const r = document.querySelector(".row.at").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()`)); err != nil {
		t.Errorf("the row is out of sight: %v", err)
	}
	b.do(t, chromedp.KeyEvent("2"))
	if got := eval[string](t, b, `document.querySelector('[aria-selected=true]').id`); got != "tab-over" {
		t.Errorf("2 shows %s", got)
	}
	b.do(t, chromedp.Focus(chromedp.CSS("#tab-over")), chromedp.KeyEvent(kb.ArrowRight))
	if got := eval[string](t, b, `document.querySelector('[aria-selected=true]').id + document.activeElement.id`); got != "tab-listingstab-listings" {
		t.Errorf("→ shows %s", got)
	}
	b.do(t, chromedp.KeyEvent("?"))
	if !eval[bool](t, b, `document.querySelector("dialog").open`) {
		t.Error("? shows no help")
	}
	b.quiet(t)
}

// Whatever the files hold, nothing of it runs and nothing leaves the page.
func TestPageHostile(t *testing.T) {
	info, results, unread, sum := hostileRun()
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	for _, view := range []string{"over", "listings", "marks", "suppliers", "history", "run", "fix"} {
		b.do(t, click("#tab-"+view))
		b.do(t, script(`document.querySelectorAll("#view .open").forEach(e => e.click()); document.querySelectorAll("#view details").forEach(e => e.open = true)`))
		if eval[bool](t, b, `window.hit !== undefined || document.querySelectorAll("img, iframe, object, #app script, #app style, a[href^=javascript]").length > 0`) {
			t.Errorf("%s: text of a file came alive", view)
		}
		if text := eval[string](t, b, `document.getElementById("app").textContent`); strings.ContainsAny(text, "\u202E\u2066\u2028") {
			t.Errorf("%s: a hidden character stays hidden", view)
		}
	}
	b.quiet(t)
}

// With ten thousand findings no single step of the page takes long. The bound
// is far above what is measured, so that a slow machine passes and a freeze fails.
func TestPageIsSmooth(t *testing.T) {
	info, results, unread, sum := sampleRun(30000)
	b := openPage(t, write(t, "html", "en", false, info, results, unread, sum))
	took := eval[json.RawMessage](t, b, `(() => {
		const out = {}, time = (name, f) => { const t = performance.now(); f(); document.body.offsetHeight; out[name] = performance.now() - t; };
		const search = document.getElementById("search");
		const type = s => { search.value = s; search.dispatchEvent(new Event("input")); };
		time("first search", () => type("n"));
		time("search", () => type("nike sneakers"));
		time("nothing", () => type("zzzz"));
		time("all", () => type(""));
		time("filter", () => document.querySelector('[data-facet="use"]').click());
		time("unfilter", () => document.querySelector('[data-facet="use"]').click());
		for (const view of ["over", "listings", "marks", "suppliers", "run", "fix"]) time(view, () => document.getElementById("tab-" + view).click());
		time("sort", () => { const s = document.querySelector(".sort"); s.value = "place"; s.dispatchEvent(new Event("change")); });
		time("open", () => document.querySelector("#view .open").click());
		return out;
	})()`)
	var times map[string]float64
	if err := json.Unmarshal(took, &times); err != nil {
		t.Fatal(err)
	}
	for name, ms := range times {
		if ms > 2000 {
			t.Errorf("%s took %.0f ms", name, ms)
		}
	}
	t.Logf("ms: %s", took)
	if n := eval[int](t, b, rowsShown); n > 400 {
		t.Errorf("%d rows made at once", n)
	}
	b.quiet(t)
}

// On a narrow screen nothing runs out of the page, in either theme.
func TestPageNarrow(t *testing.T) {
	info, results, unread, sum := sampleRun(200)
	sum.History = sampleHistory(results)
	b := openPage(t, write(t, "html", "zh", false, info, results, unread, sum))
	b.do(t, chromedp.EmulateViewport(400, 800))
	for _, view := range []string{"fix", "over", "listings", "marks", "suppliers", "history", "run"} {
		b.do(t, click("#tab-"+view))
		if wide := eval[int](t, b, `document.documentElement.scrollWidth`); wide > 400 {
			t.Errorf("%s is %d wide on a screen of 400", view, wide)
		}
	}
	background := func() string { return eval[string](t, b, `getComputedStyle(document.body).backgroundColor`) }
	light := background()
	b.do(t, send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}))
	if background() == light {
		t.Error("dark is as light")
	}
	b.do(t, script(`document.querySelector(".tools .button:nth-child(2)").click()`))
	if background() != light {
		t.Error("the button does not change the theme")
	}
	b.quiet(t)
}
