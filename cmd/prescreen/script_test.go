package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call prescreen as a command.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prescreen": main})
}

// TestScripts runs the command lines of testdata/script: stdout, stderr, exit
// code. They screen with the invented marks of toys.yaml as of one day, unless
// they say otherwise.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C")
			e.Setenv("PRESCREEN_CACHE", "off")
			e.Setenv("ROOT", root)
			e.Setenv("PRESCREEN_RULES", filepath.Join(root, "testdata", "script", "toys.yaml"))
			e.Setenv("PRESCREEN_NO_BUILTIN", "true")
			e.Setenv("PRESCREEN_AS_OF", "2026-11-23")
			return nil
		},
		Cmds: scriptCommands(),
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
