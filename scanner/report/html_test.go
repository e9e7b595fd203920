package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
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
