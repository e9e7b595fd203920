package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A report's disk that is full or read-only: one sentence, exit 2, the report
// that stood there stays whole, and no half one is left.
func TestReportOnBadDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	shop := filepath.Join(t.TempDir(), "shop.csv")
	text := "Handle,Title,Body (HTML),Vendor,Tags\n" + strings.Repeat("shoe,Nike shoe,"+strings.Repeat("Like Nike. ", 200)+",Acme,shoes\n", 40)
	if err := os.WriteFile(shop, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	catalogue := filepath.Join(t.TempDir(), "c")
	scan := func(why string, formats ...string) {
		t.Helper()
		for _, f := range formats {
			path := filepath.Join(disk, "old."+f)
			before, _ := os.ReadFile(path)
			var out, errs bytes.Buffer
			code := run([]string{"scan", shop, "--all", "--quiet", "--as-of", "2026-11-23", "--catalog", catalogue, "-o", path},
				environment{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }})
			told := strings.TrimSpace(errs.String())
			if code != exitFailed || !strings.Contains(told, why) || strings.Contains(told, "\n") || !strings.Contains(told, "old."+f) {
				t.Errorf("%s: exit %d: %s", f, code, told)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Errorf("%s: the report that stood there changed", f)
			}
			entries, err := os.ReadDir(disk)
			if err != nil || len(entries) != 2 {
				t.Errorf("%s: %v %v", f, entries, err)
			}
		}
	}
	for _, f := range []string{"jsonl", "md"} {
		if err := os.WriteFile(filepath.Join(disk, "old."+f), []byte(strings.Repeat("x", 30<<10)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	scan("no space left on device", "jsonl")
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	scan("read-only file system", "jsonl", "md")
}
