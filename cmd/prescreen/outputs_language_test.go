package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A language is a folder of text files: with one laid over the source, and no
// line of Go changed, the program speaks it, with English where it is silent.
func TestThirdLanguageNeedsOnlyAFile(t *testing.T) {
	if testing.Short() {
		t.Skip("short: builds the program again")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	words := file("words.txt", "report.heading: Prüfung vom {date}\nlevel.high: hoch\nworkbook.sheet.changes: Änderungen\ncli.fix.count: {changes} Änderungen, {left} offen\nkind.trademark: Marke\n")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "scanner", "lang", "de", "words.txt"): words}})
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "prescreen.exe")
	build := exec.Command("go", "build", "-overlay", file("overlay.json", string(overlay)), "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	shop := file("shop.csv", "Handle,Title,Vendor\nrobot,Zorbex Robot,Tinkers\n")
	pack := filepath.Join(root, "testdata", "script", "toys.yaml")
	common := []string{"--no-builtin", "--rules", pack, "--lang", "de", "--as-of", "2026-11-23"}
	run := func(args ...string) string {
		cmd := exec.Command(program, append(args, common...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PRESCREEN_CACHE=off")
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState.ExitCode() != exitFlagged {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	run("scan", shop, "--no-catalog", "-o", "r.md", "-o", "r.html", "-o", "r.xlsx")
	if md := readFile(t, filepath.Join(dir, "r.md")); !strings.Contains(md, "Prüfung vom 2026-11-23") || !strings.Contains(md, "hoch") || !strings.Contains(md, "Write instead") {
		t.Errorf("the report is\n%s", md)
	}
	if page := readFile(t, filepath.Join(dir, "r.html")); !strings.Contains(page, `<html lang="de"`) || !strings.Contains(page, "Prüfung vom 2026-11-23") {
		t.Error("the page is in another language")
	}
	if said := run("fix", shop, "--dry-run"); !strings.Contains(said, "0 Änderungen, 1 offen") {
		t.Errorf("fix says %s", said)
	}
}
