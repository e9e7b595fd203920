package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"prescreen/scanner"
)

var dataBlock = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

// pageJSON gives the data of a page.
func pageJSON(t *testing.T, out []byte) (data pageData) {
	t.Helper()
	m := dataBlock.FindSubmatch(out)
	if m == nil {
		t.Fatal("no data")
	}
	if err := json.Unmarshal(m[1], &data); err != nil {
		t.Fatal(err)
	}
	return data
}

// The page, read the way a browser reads it, holds two scripts and one style,
// no handler, no link to anything outside, and no element from a file's text.
func TestPageIsClosed(t *testing.T) {
	info, results, unread, sum := hostileRun()
	out := write(t, "html", "en", false, info, results, unread, sum)
	elements := map[string]int{}
	var policy string
	z := html.NewTokenizer(bytes.NewReader(out))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tok := z.Token()
		elements[tok.Data]++
		for _, a := range tok.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" || a.Key == "style" {
				t.Errorf("<%s %s=%q>", tok.Data, a.Key, a.Val)
			}
			if tok.Data == "meta" && strings.HasPrefix(a.Val, "default-src") {
				policy = a.Val
			}
		}
	}
	for tag, n := range elements {
		want := map[string]int{"html": 1, "head": 1, "meta": 6, "title": 1, "style": 1, "body": 1, "noscript": 1, "p": 1, "div": 1, "script": 2}[tag]
		if n != want {
			t.Errorf("%d <%s>, want %d", n, tag, want)
		}
	}
	style, script, err := pageAssets()
	if err != nil {
		t.Fatal(err)
	}
	if want := "default-src 'none'; script-src " + digest(script) + "; style-src " + digest(style) + "; base-uri 'none'; form-action 'none'"; policy != want {
		t.Errorf("policy %q, want %q", policy, want)
	}
	for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(", "XMLHttpRequest", "http://evil"} {
		if strings.Contains(script, bad) {
			t.Errorf("the script uses %s", bad)
		}
	}
}

// Every sentence the script asks for is in the language files.
func TestPageSentences(t *testing.T) {
	_, script, err := pageAssets()
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range scanner.Languages() {
		l := mustLanguage(t, tag)
		asked := said.FindAllStringSubmatch(script, -1)
		if len(asked) < 50 {
			t.Fatalf("only %d sentences", len(asked))
		}
		for _, m := range asked {
			if !l.Has("page." + m[1]) {
				t.Errorf("%s: no sentence page.%s", tag, m[1])
			}
		}
	}
}

// The page holds the worst findings, says how many it leaves out, and stays
// within its bytes whatever the texts.
func TestPageBounds(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		words string
	}{{"short", 20000, "soft"}, {"long", 15000, "長い説明文<b>&amp;"}} {
		var out bytes.Buffer
		w, err := New("html", &out, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err = w.Begin(scanner.RunInfo{AsOf: "2026-11-23"}); err != nil {
			t.Fatal(err)
		}
		for i := range c.n {
			body := strings.Repeat(fmt.Sprint(c.words, i, " "), 12)
			text := body + "Nike " + body
			at := strings.Index(text, "Nike")
			risk := 20 + i%70
			f := scanner.Finding{Rule: "tm-nike", Mark: "Nike", Text: "Nike", Span: scanner.Span{Start: at, End: at + 4}, Rights: risk, Level: levelOf(risk),
				Why: body, Advice: body, Preferred: body}
			l := scanner.Listing{ID: fmt.Sprint("id", i), Supplier: body, Fields: []scanner.Field{{Role: scanner.Title, Text: text}}}
			if err = w.Result(scanner.Result{Listing: l, Findings: []scanner.Finding{f}, Level: f.Level, Rights: risk}); err != nil {
				t.Fatal(err)
			}
		}
		if err = w.End(scanner.Summary{Listings: c.n, Findings: c.n}); err != nil {
			t.Fatal(err)
		}
		data := pageJSON(t, out.Bytes())
		if out.Len() > 12<<20 {
			t.Errorf("%s: %d bytes", c.name, out.Len())
		}
		if len(data.Findings)+data.LeftOut != c.n || len(data.Findings) > pageFindings || len(data.Findings) < 1000 {
			t.Errorf("%s: %d kept, %d left out of %d", c.name, len(data.Findings), data.LeftOut, c.n)
		}
		worst, last := data.Findings[0][1].(float64), data.Findings[len(data.Findings)-1][1].(float64)
		if worst != float64(scanner.Critical) || last > worst {
			t.Errorf("%s: from level %v to %v", c.name, worst, last)
		}
	}
}

// Text stands out from what is behind it by at least 4.5 to 1, in both themes.
func TestPageContrast(t *testing.T) {
	style, _, err := pageAssets()
	if err != nil {
		t.Fatal(err)
	}
	light, rest, _ := strings.Cut(style, "@media screen and (prefers-color-scheme: dark)")
	dark, rest, _ := strings.Cut(rest, "@media screen {")
	chosen, _, _ := strings.Cut(rest, `:root[data-theme="light"]`)
	if colours(dark)["paper"] == "" || fmt.Sprint(colours(dark)) != fmt.Sprint(colours(chosen)) {
		t.Error("the dark theme by choice is not the dark theme by habit")
	}
	night := colours(light)
	for name, c := range colours(dark) {
		night[name] = c
	}
	for theme, c := range map[string]map[string]string{"light": colours(light), "dark": night} {
		for _, pair := range [][2]string{{"ink", "card"}, {"ink", "paper"}, {"soft", "card"}, {"soft", "paper"}, {"soft", "head"}, {"accent", "card"}, {"accent", "accent-soft"},
			{"good", "card"}, {"good", "paper"}, {"hit-ink", "hit"}, {"critical-ink", "critical"}, {"high-ink", "high"}, {"medium-ink", "medium"}, {"low-ink", "low"}, {"none-ink", "none"}} {
			if ratio := contrast(c[pair[0]], c[pair[1]]); ratio < 4.5 {
				t.Errorf("%s: %s on %s is %.1f", theme, pair[0], pair[1], ratio)
			}
		}
	}
}

var colour = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`)

func colours(css string) map[string]string {
	out := map[string]string{}
	for _, m := range colour.FindAllStringSubmatch(css, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// contrast is the ratio of WCAG 2 between two colours written #rrggbb.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) (sum float64) {
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return -1
		}
		c := float64(n) / 255
		if c <= 0.03928 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
