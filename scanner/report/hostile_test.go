package report

import (
	"errors"
	"strings"

	"prescreen/scanner"
)

// hostileTexts are what a file may hold to harm whoever opens a report.
var hostileTexts = []string{
	`</script><script>window.hit=1</script>`,
	`<img src=x onerror="window.hit=1">`,
	`"><svg onload=window.hit=1>`,
	`=cmd|' /C calc'!A0`,
	`+1+1`, `-2+3`, `@SUM(A1)`, "\t=1+1", "\r=1+1", `＝1+1`,
	"safe \u202Egnp.exe \u2066hidden\u2069 end",
	"line\u2028sep\u2029par\u0000nul\u0007bell\x7fdel",
	"zero\u200Bwidth soft\u00ADhyphen \uFEFFbom",
	"bad\xff\xfeutf8",
	"lone \xed\xa0\xbd surrogate \xed\xb8\x80",
	"| table | *bold* _it_ `code` [a](http://evil.example) www.evil.example @someone #12 ~~x~~ $y$ \\",
	"_x0041_ &amp;lt; <!--comment-->",
	"👨‍👩‍👧‍👦 e\u0301 می‌خواهم नमस्ते 한국어",
	strings.Repeat("長", 40000),
	"{{data}} {{script}} \"quote\" 'single'",
}

// hostileRun puts each hostile text into every field a report shows.
func hostileRun() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary) {
	info := scanner.RunInfo{Tool: "prescreen", Version: "1.0.0", AsOf: "2026-11-23", Lang: "en", FailOn: "high",
		Packs: []scanner.PackInfo{{Name: "<b>pack</b>", Version: "=1", SHA256: "ab", Rules: 1}}}
	var results []scanner.Result
	var unread []scanner.Unread
	sum := scanner.Summary{Levels: map[scanner.Level]int{}, NotChecked: []string{"<i>images</i>"}}
	var history scanner.History
	for i, h := range hostileTexts {
		text := h + " Nike " + h
		at := len(h) + 1
		l := scanner.Listing{ID: h, Store: h, Category: h, Supplier: h, Marketplace: h, URL: "javascript:window.hit=1",
			Origin: scanner.Origin{File: h, Sheet: h, Rows: []int{i + 2}},
			Fields: []scanner.Field{{Role: scanner.Title, Column: h, Row: i + 2, Text: text}}}
		f := scanner.Finding{Rule: "tm-nike", Mark: h, Kind: h, Right: h, Owner: h, Role: scanner.Title, Column: h, Row: i + 2,
			Span: scanner.Span{Start: at, End: at + 4}, Text: "Nike", Form: scanner.Form(h), Use: scanner.Use(h),
			Certainty: scanner.Score{Points: 90, Parts: []scanner.Point{{For: h, Points: 90}}}, UseRisk: scanner.Score{Points: 80, Parts: []scanner.Point{{For: h, Points: 80}}},
			Rights: 72, Level: scanner.High, Steps: []string{h, "Nike"}, Why: h, Advice: h, Replacements: []string{h}, Preferred: h,
			Also: []scanner.Also{{Rule: "tm-x", Mark: h}}, Fingerprint: "f0"}
		results = append(results, scanner.Result{Listing: l, Findings: []scanner.Finding{f}, Level: scanner.High, Rights: 72, Notes: []string{h}})
		unread = append(unread, scanner.Unread{File: h, Sheet: h, Row: 1, Line: 1, Err: errors.New("read row: " + h)})
		sum.Files = append(sum.Files, scanner.FileFacts{File: h, Sheet: h, Platform: h, Container: "csv", Delimiter: "\t", Columns: map[string][]string{"title": {h}}, Notes: []string{h}})
		history.New = append(history.New, scanner.Change{Store: h, ListingID: h, Title: h, Supplier: h, Mark: h, Text: h, Level: scanner.High, FirstSeen: "2026-11-01"})
	}
	history.Since = "2026-11-16"
	history.Trend = []scanner.TrendPoint{{Date: "2026-11-23", Levels: map[scanner.Level]int{scanner.High: 2}}}
	sum.History = &history
	n := len(results)
	sum.Listings, sum.Rows, sum.Flagged, sum.Findings, sum.Unread, sum.Levels[scanner.High] = n, n, n, n, n, n
	return info, results, unread, sum
}

// trickyRun keeps the hostile texts short enough for a golden.
func trickyRun() (scanner.RunInfo, []scanner.Result, []scanner.Unread, scanner.Summary) {
	info, results, unread, sum := hostileRun()
	for i, h := range hostileTexts {
		if len(h) > 1000 {
			results = append(results[:i], results[i+1:]...)
			unread = append(unread[:i], unread[i+1:]...)
			sum.Files = append(sum.Files[:i], sum.Files[i+1:]...)
			sum.History.New = append(sum.History.New[:i], sum.History.New[i+1:]...)
			break
		}
	}
	return info, results, unread, sum
}
