package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"prescreen/scanner"
)

// hostileDiff puts each hostile text into every place of a diff sheet.
func hostileDiff() Diff {
	d := Diff{Info: scanner.RunInfo{Tool: "prescreen", Version: "1.0.0", AsOf: "2026-11-23"}, File: hostileTexts[0], Out: hostileTexts[3]}
	for i, h := range hostileTexts {
		text := h + " Nike " + h
		r := DiffRow{File: h, Sheet: h, ID: h, Title: h, Supplier: h, Role: scanner.Title, Column: h, Rows: []int{i + 2}, Level: scanner.High, Rule: h, Mark: h,
			Was: PassageOf(text, len(h)+1, len(h)+5), Becomes: PassageOf(text, len(h)+1, len(h)+5), Candidates: []string{h, "shoe"}, CandidateUsed: 2, Fingerprint: fmt.Sprintf("f%05d", i)}
		d.Changes = append(d.Changes, r)
		r.Reason = h
		d.Left = append(d.Left, r)
	}
	return d
}

func writeDiff(t *testing.T, format, lang string, d Diff) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDiff(format, &b, Options{Lang: mustLanguage(t, lang)}, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shortened writes every run of one character longer than 100 as its length, so
// that a golden of very long text can be read.
func shortened(b []byte) []byte {
	var out bytes.Buffer
	runes := []rune(string(b))
	for i := 0; i < len(runes); {
		n := i + 1
		for n < len(runes) && runes[n] == runes[i] {
			n++
		}
		if n-i > 100 {
			fmt.Fprintf(&out, "⟨%d times %c⟩", n-i, runes[i])
		} else {
			out.WriteString(string(runes[i:n]))
		}
		i = n
	}
	return out.Bytes()
}

// dumped lists the filled cells of a workbook, one a line, as Excel holds them.
func dumped(t *testing.T, book []byte) []byte {
	t.Helper()
	f := openBook(t, book)
	var out bytes.Buffer
	for _, sheet := range f.GetSheetList() {
		for i, row := range rowsOf(t, f, sheet) {
			for k, cell := range row {
				if cell != "" {
					fmt.Fprintf(&out, "%s!R%dC%d %q\n", sheet, i+1, k+1, cell)
				}
			}
		}
	}
	return out.Bytes()
}

// The goldens of what only a program reads as a whole: workbook, page, diff.
func TestHostileGoldens(t *testing.T) {
	info, results, unread, sum := hostileRun()
	golden(t, "report-hostile.xlsx.txt", shortened(dumped(t, write(t, "xlsx", "en", false, info, results, unread, sum))))
	data := dataBlock.FindSubmatch(write(t, "html", "en", false, info, results, unread, sum))
	golden(t, "report-hostile.html.json", shortened(data[1]))
	for _, format := range []string{"jsonl", "csv", "md", "json"} {
		long := slices.IndexFunc(results, func(r scanner.Result) bool { return len(r.Listing.ID) > 100000 })
		golden(t, "report-long."+format, shortened(write(t, format, "en", false, info, results[long:long+1], unread[long:long+1], scanner.Summary{Listings: 1})))
	}
	golden(t, "diff-hostile.xlsx.txt", shortened(dumped(t, writeDiff(t, "xlsx", "en", hostileDiff()))))
	golden(t, "diff-hostile.html", shortened(writeDiff(t, "html", "en", hostileDiff())))
}

// The diff page, read as a browser reads it, has no element and no attribute
// from a file's text, and nothing hidden in it.
func TestDiffPageIsClosed(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		page := writeDiff(t, "html", lang, hostileDiff())
		z := html.NewTokenizer(bytes.NewReader(page))
		for z.Next() != html.ErrorToken {
			token := z.Token()
			if token.Type == html.TextToken && strings.ContainsFunc(token.Data, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || r == '\u202E' || r == '\u2028' }) {
				t.Errorf("%s: hidden characters in %q", lang, token.Data)
			}
			if slices.Contains([]string{"script", "img", "svg", "iframe", "object"}, token.Data) && token.Type == html.StartTagToken {
				t.Errorf("%s: element %s", lang, token.Data)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("%s: %s=%q", lang, a.Key, a.Val)
				}
			}
		}
		if z.Err() != io.EOF {
			t.Error(z.Err())
		}
	}
}

func TestReadPicks(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"csv", "\uFEFFPick,Level,Fingerprint\n2,high,abc\n,high,def\ndelete,low,123\n", "abc 2 2; 123 delete 4"},
		{"semicolons, Chinese headings", "指纹;选用\nabc;1\n", "abc 1 2"},
		{"no fingerprint", "Pick,Fingerprint\n1,\n", "row 2: a pick beside no finding"},
		{"no columns", "id,title\n1,x\n", "no columns Pick and Fingerprint"},
	}
	for _, tt := range tests {
		path := t.TempDir() + "/picks.csv"
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		found, err := ReadPicks(path)
		var got []string
		for _, p := range found {
			got = append(got, fmt.Sprint(p.Fingerprint, " ", p.Choice, " ", p.Row))
		}
		if err != nil && !strings.Contains(err.Error(), tt.want) || err == nil && strings.Join(got, "; ") != tt.want {
			t.Errorf("%s: %v, error %v, want %s", tt.name, got, err, tt.want)
		}
	}
}
