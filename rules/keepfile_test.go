package rules

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The newest files stay, other endings and half-written ones are left out of it.
func TestKeepFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprint(i, ".kept"))
		KeepFile(path, 3, func(w io.Writer) error { _, err := fmt.Fprint(w, i); return err })
		at := time.Now().Add(time.Duration(i-10) * time.Minute)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	KeepFile(filepath.Join(dir, "0.other"), 3, func(io.Writer) error { return nil })
	KeepFile(filepath.Join(dir, "9.kept"), 3, func(io.Writer) error { return errors.New("full") })
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != "[0.other 2.kept 3.kept 4.kept]" {
		t.Errorf("kept %v", got)
	}
}
