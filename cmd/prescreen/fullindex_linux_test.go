package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The catalogue's disk has room for the ledger and none for the index: one
// sentence, exit 2, report and ledger stand, and the next run completes the index.
func TestIndexOnFullDisk(t *testing.T) {
	disk, home := t.TempDir(), t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=3m"); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	shop, report := filepath.Join(home, "shop.csv"), filepath.Join(home, "r.jsonl")
	if err := os.WriteFile(shop, []byte("Handle,Title,Body (HTML),Vendor,Tags\nshoe,Nike shoe,Soft.,Acme,shoes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) (code int, out, told string) {
		var stdout, stderr bytes.Buffer
		code = run(append(args, "--catalog", filepath.Join(disk, "c")),
			environment{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }})
		return code, stdout.String(), strings.TrimSpace(stderr.String())
	}
	scan := []string{"scan", shop, "--quiet", "--as-of", "2026-11-23", "-o", report}
	code, _, told := do(scan...)
	if code != exitFailed || strings.Contains(told, "\n") || !strings.Contains(told, "report and ledger are complete") || !strings.Contains(told, "no space left on device") {
		t.Errorf("exit %d: %s", code, told)
	}
	if b, err := os.ReadFile(report); err != nil || !strings.Contains(string(b), `"mark":"Nike"`) {
		t.Errorf("the report: %s, %v", b, err)
	}
	if code, out, told := do("history"); code != exitClean || !strings.Contains(out, "2026-11-23") {
		t.Errorf("the ledger: exit %d: %s%s", code, out, told)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=32m"); err != nil {
		t.Fatal(err)
	}
	if code, _, told := do(scan...); code != exitFlagged {
		t.Errorf("the next run: exit %d: %s", code, told)
	}
	if code, out, told := do("catalog", "verify"); code != exitClean {
		t.Errorf("verify: exit %d: %s%s", code, out, told)
	}
}
