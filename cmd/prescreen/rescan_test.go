package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// elapsed is the one thing that two runs may differ in.
var elapsed = regexp.MustCompile(`"elapsed_ms":[0-9]+`)

// The real scanner with the built-in rules: a scan that takes its findings from
// the ledger, some rows moved and one listing changed, writes the same JSON
// Lines as one that screens everything anew into an empty catalogue.
func TestRescanFromLedgerSameBytes(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	rows := []string{
		"nike,Nike running shoes,\"<p>Like <b>N!ke</b>, Νіke &amp; N I K E</p>\",Acme,\"shoes, nike\"",
		"disney,Mickey Mouse cup,compatible with Velcro,Harbour,kitchen",
		"copy,1:1 replica Rolex watch,AAA quality,Acme,watch",
		"mug,Enamel mug,White,Harbour,kitchen",
		"odd,\"=1+1, 耐克 鞋\",iphone 15 case for Apple,Acme,phone",
	}
	write := func(rows ...string) {
		t.Helper()
		text := "Handle,Title,Body (HTML),Vendor,Tags\n" + strings.Join(rows, "\n") + "\n"
		if err := os.WriteFile("shop.csv", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scan := func(catalogue string) string {
		t.Helper()
		var out, errs bytes.Buffer
		code := run([]string{"scan", "--as-of", "2026-11-23", "--all", "--fail-on", "never", "--catalog", catalogue, "-o", "-", "shop.csv"},
			environment{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }})
		if code != exitClean {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		return elapsed.ReplaceAllString(out.String(), "")
	}
	write(rows...)
	used := filepath.Join(dir, "used")
	first := scan(used)
	if again := scan(used); again != first {
		t.Errorf("an unchanged rescan differs:\n%s\n%s", again, first)
	}
	rows[0], rows[3] = rows[3], strings.Replace(rows[0], "running", "walking", 1)
	write(rows...)
	again, fresh := scan(used), scan(filepath.Join(dir, "fresh"))
	if again != fresh {
		t.Errorf("a rescan from the ledger differs from a fresh scan:\n%s\n%s", again, fresh)
	}
	if again == first || strings.Count(again, `"type":"listing"`) != 5 || strings.Count(again, `"rule":`) < 8 {
		t.Errorf("too little is compared:\n%s", again)
	}
}
