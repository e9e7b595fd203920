package main

import (
	"fmt"
	"os"
	"path/filepath"

	"prescreen/rules"
	"prescreen/scanner"
)

// keptRules is the same folder for large lists, which are read once and kept.
func (a *app) keptRules() rules.Kept {
	t := a.tables()
	return rules.Kept{Dir: t.Dir, Build: t.Build, Building: func() { a.ui.note("register.list_compiled") }}
}

// tables is the user's cache folder for the matcher's tables, told apart by
// the program's own file, so that a new build never reads the old one's.
// PRESCREEN_CACHE names another folder, or "off".
func (a *app) tables() scanner.Tables {
	dir := a.getenv("PRESCREEN_CACHE")
	if dir == "off" || dir == "" && a.cacheDir == nil {
		return scanner.Tables{}
	}
	if dir == "" {
		base, err := a.cacheDir()
		if err != nil {
			return scanner.Tables{}
		}
		dir = filepath.Join(base, "prescreen")
	}
	exe, err := os.Executable()
	if err != nil {
		return scanner.Tables{}
	}
	info, err := os.Stat(exe)
	if err != nil {
		return scanner.Tables{}
	}
	return scanner.Tables{Dir: dir, Build: fmt.Sprint(version(), " ", exe, " ", info.Size(), " ", info.ModTime().UnixNano())}
}
