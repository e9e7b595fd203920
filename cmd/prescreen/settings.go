package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"prescreen/scanner"
)

const settingsName = "prescreen.yaml"

// settings is a prescreen.yaml. Paths in it are relative to its folder.
type settings struct {
	Packs          []string                  `yaml:"packs"`
	SellOn         []string                  `yaml:"sell_on"`
	OwnBrands      []string                  `yaml:"own_brands"`
	Stores         []storePattern            `yaml:"stores"`
	Authorisations papers[letter]            `yaml:"authorisations"`
	Proofs         papers[proof]             `yaml:"proofs"`
	FailOn         string                    `yaml:"fail_on"`
	Fields         []string                  `yaml:"fields"`
	Levels         map[string]int            `yaml:"levels"`
	Weights        map[string]map[string]int `yaml:"weights"`
	Lang           string                    `yaml:"lang"`
	Marketplace    string                    `yaml:"marketplace"`
	Catalog        string                    `yaml:"catalog"`

	dir  string // folder of the file, "." without one
	file string // its path, "" without one
}

// storePattern names the store that files of a name belong to.
type storePattern struct {
	Match    string `yaml:"match"`
	Name     string `yaml:"name"`
	Complete bool   `yaml:"complete"`
}

// findSettings reads the prescreen.yaml of dir or of its nearest parent.
// Without one it returns the zero settings of dir.
func findSettings(dir string) (*settings, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", settingsName, err)
	}
	for d, rel := abs, "."; ; d, rel = filepath.Dir(d), filepath.Join(rel, "..") {
		b, err := os.ReadFile(filepath.Join(d, settingsName))
		switch {
		case err == nil:
			return readSettings(filepath.Join(rel, settingsName), b)
		case !errors.Is(err, os.ErrNotExist):
			return nil, fmt.Errorf("read settings: %w", err)
		case filepath.Dir(d) == d:
			return &settings{dir: "."}, nil
		}
	}
}

// readSettings is parseSettings, and checks that the files named are there.
func readSettings(name string, b []byte) (*settings, error) {
	s, err := parseSettings(name, b)
	if err != nil {
		return nil, err
	}
	if f := s.checkPaths(); f != nil {
		return nil, f.in(name, b)
	}
	return s, nil
}

// parseSettings checks every key and value; faults carry line and column.
func parseSettings(name string, b []byte) (*settings, error) {
	s := &settings{dir: filepath.Dir(name), file: name}
	if err := yaml.UnmarshalWithOptions(b, s, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%s", name, nearestKey(positionFirst(err)))
	}
	if f := s.check(); f != nil {
		return nil, f.in(name, b)
	}
	if s.Catalog != "" {
		s.Catalog = s.beside(s.Catalog)
	}
	return s, nil
}

// beside resolves a path of the settings from their folder.
func (s *settings) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.dir, path)
}

// positionFirst turns the decoder's "[3:1] unknown field" into "3:1: unknown field".
func positionFirst(err error) string {
	first, _, _ := strings.Cut(yaml.FormatError(err, false, false), "\n")
	if rest, ok := strings.CutPrefix(first, "["); ok {
		if at, what, ok := strings.Cut(rest, "] "); ok {
			return at + ": " + what
		}
	}
	return first
}

// storeOf gives the store a file belongs to by the settings, and whether its
// files hold everything the store sells.
func (s *settings) storeOf(file string) (name string, complete bool) {
	for _, p := range s.Stores {
		if ok, _ := path.Match(p.Match, filepath.Base(file)); ok {
			return p.Name, p.Complete
		}
	}
	return "", false
}

func (s *settings) thresholds() scanner.Thresholds {
	t := scanner.Thresholds{Critical: 85, High: 60, Medium: 40, Low: 20}
	for name, n := range s.Levels {
		switch name {
		case "critical":
			t.Critical = n
		case "high":
			t.High = n
		case "medium":
			t.Medium = n
		case "low":
			t.Low = n
		}
	}
	return t
}

// points flattens weights: {use: {title: 15}} to "use.title".
func (s *settings) points() map[string]int {
	out := map[string]int{}
	for section, list := range s.Weights {
		for name, n := range list {
			out[section+"."+name] = n
		}
	}
	return out
}

// roles are the fields that are judged; none means all.
func (s *settings) roles() []scanner.Role {
	var roles []scanner.Role
	for _, f := range s.Fields {
		roles = append(roles, scanner.Role(f))
	}
	return roles
}

// packPaths resolves the packs; builtin tells whether the embedded ones are in.
func (s *settings) packPaths() (paths []string, builtin bool) {
	builtin = len(s.Packs) == 0
	for _, p := range s.Packs {
		switch {
		case p == "builtin":
			builtin = true
		default:
			paths = append(paths, s.beside(p))
		}
	}
	return paths, builtin
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}
