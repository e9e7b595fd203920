package rules

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// KeepFile puts what write writes into a cache folder: beside its place first
// and then renamed, so that a reader never sees a part. The folder is made when
// missing; of the files with path's ending, all but the newest most are removed.
// What goes wrong costs the next run time and nothing else, so it is not told.
// Several processes may keep files in one folder.
func KeepFile(path string, most int, write func(io.Writer) error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return
	}
	temp, err := os.CreateTemp(dir, ".keep-*")
	if err != nil {
		return
	}
	defer os.Remove(temp.Name())
	err = errors.Join(write(temp), temp.Close())
	if err != nil || os.Rename(temp.Name(), path) != nil {
		return
	}
	dropOldest(dir, filepath.Ext(path), most)
}

func dropOldest(dir, ending string, most int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	age := map[string]time.Time{}
	var names []string
	for _, e := range entries {
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) == ending && info.Mode().IsRegular() {
			age[e.Name()] = info.ModTime()
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int { return age[b].Compare(age[a]) })
	for _, n := range names[min(len(names), most):] {
		_ = os.Remove(filepath.Join(dir, n))
	}
}
