package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the README's outputs anew")

// readmeDate is the day on which the README's commands were run.
const readmeDate = "2026-11-23"

// Every console block of the README does what it shows: each line that begins
// with "$ " is run by a shell, one after another in one folder, and what it
// prints must be what stands below it, where three dots stand for anything.
// `go run ./cmd/prescreen` is run as prescreen. -update writes anew what is
// shown without dots.
func TestReadme(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to run the README's commands with")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "testdata"), filepath.Join(dir, "testdata")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	path := filepath.Join(root, "README.md")
	lines := strings.Split(readFile(t, path), "\n")
	var out []string
	ran := 0
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if lines[i] != "```console" {
			continue
		}
		for i++; lines[i] != "```"; {
			command, ok := strings.CutPrefix(lines[i], "$ ")
			if !ok {
				t.Fatalf("README.md:%d: want a command: %s", i+1, lines[i])
			}
			at := i
			var want []string
			for i++; lines[i] != "```" && !strings.HasPrefix(lines[i], "$ "); i++ {
				want = append(want, lines[i])
			}
			got := runCommand(t, shell, dir, command)
			ran++
			whole := !strings.Contains(strings.Join(want, "\n"), dots)
			switch {
			case alike(want, got):
				got = want
			case !*update || !whole: // what to leave out is for a person to say
				t.Errorf("README.md:%d: %s\nprints:\n%s\nbut the README shows:\n%s", at+1, command, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			out = append(append(out, lines[at]), got...)
		}
		out = append(out, lines[i])
	}
	if ran < 5 {
		t.Errorf("the README runs %d commands only", ran)
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(strings.Join(out, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// runCommand returns the lines a command prints, errors among them.
func runCommand(t *testing.T, shell, dir, command string) []string {
	t.Helper()
	cmd := exec.Command(shell, "-c", strings.ReplaceAll(command, "go run ./cmd/prescreen", "prescreen"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "NO_COLOR=1", "PRESCREEN_AS_OF="+readmeDate)
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatalf("%s: %v", command, err)
	}
	if len(out) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

const dots = "..."

// alike compares lines: a line of dots is any lines, dots within a line are any
// text, spaces at the ends do not count.
func alike(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if want[0] == dots {
		for i := range len(got) + 1 {
			if alike(want[1:], got[i:]) {
				return true
			}
		}
		return false
	}
	return len(got) > 0 && alikeLine(want[0], got[0]) && alike(want[1:], got[1:])
}

func alikeLine(want, got string) bool {
	parts := strings.Split(strings.TrimRight(want, " "), dots)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + " *$").MatchString(got)
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		want, got string
		alike     bool
	}{
		{"a b c", "a b c", true},
		{"a b", "a b c", false},
		{"a b c", "a b", false},
		{"a ... c", "a b b c", true},
		{"a ... c", "a c", true},
		{"...", "a b", true},
		{"... b", "a b c", false},
		{"a...c", "abbc", true},
		{"a...c", "abb", false},
	} {
		if got := alike(strings.Fields(c.want), strings.Fields(c.got)); got != c.alike {
			t.Errorf("%q against %q: %v", c.want, c.got, got)
		}
	}
}

// The settings file shown is one.
func TestReadmeSettings(t *testing.T) {
	readme := readFile(t, filepath.Join("..", "..", "README.md"))
	_, block, ok := strings.Cut(readme, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	s, err := parseSettings("prescreen.yaml", []byte(block))
	if !ok || err != nil {
		t.Fatalf("settings of the README: %v", err)
	}
	if len(s.OwnBrands) == 0 || s.Proofs.file == "" || len(s.Stores) == 0 {
		t.Errorf("settings of the README: %+v", s)
	}
}

var layoutFacts = regexp.MustCompile(`(?m)^(platform|real_files): *(\S+)`)

// The README says of every layout on how many real files it was tried.
func TestReadmeLayouts(t *testing.T) {
	readme := readFile(t, filepath.Join("..", "..", "README.md"))
	files, err := filepath.Glob(filepath.Join("..", "..", "scanner", "table", "layouts", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no layouts: %v", err)
	}
	tried, untried, _ := strings.Cut(readme, "From documentation only:")
	untried, _, _ = strings.Cut(untried, "\n\n")
	for _, f := range files {
		facts := map[string]string{}
		for _, m := range layoutFacts.FindAllStringSubmatch(readFile(t, f), -1) {
			facts[m[1]] = m[2]
		}
		name, n := facts["platform"], facts["real_files"]
		switch {
		case n == "0" && !regexp.MustCompile(`\b`+name+`\b`).MatchString(untried):
			t.Errorf("README.md: %s is from documentation only", name)
		case n != "0" && !strings.Contains(tried, name+" "+n):
			t.Errorf("README.md: want %q among the layouts tried on real files", name+" "+n)
		}
	}
}
