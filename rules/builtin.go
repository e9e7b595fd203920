package rules

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed packs/*.yaml
var packFiles embed.FS

// Builtin gives the embedded packs as one set. It is read once and shared; do
// not change it. The error is Errors and can only come from a broken pack.
func Builtin() (*Set, error) { return builtinOnce() }

var builtinOnce = sync.OnceValues(loadBuiltin)

// builtinCompiled is the compiled form of the embedded packs, written by
// go test ./rules -run TestBuiltinCompiled -update
//
//go:embed builtin.bin
var builtinCompiled string

// loadBuiltin opens the compiled form, or parses the YAML when that is stale
// or damaged: slower, with the same result.
func loadBuiltin() (*Set, error) {
	files, err := embedded()
	if err != nil {
		return nil, err
	}
	if set, err := openCompiled(builtinCompiled, compiledKey(files)); err == nil {
		return set, nil
	}
	return parseEmbedded(files)
}

// parseEmbedded builds the set from the YAML text itself.
func parseEmbedded(files []packFile) (*Set, error) {
	m := newMerger(nil, nil)
	docs := make([]*document, len(files))
	for i, f := range files {
		docs[i] = m.read(f.name, f.data)
	}
	set, err := m.addAll(docs)
	if err != nil {
		return nil, err
	}
	set.Name = BuiltinName
	return set, nil
}

// packFile is one embedded pack.
type packFile struct {
	name string
	data []byte
}

// embedded gives the embedded packs by file name.
func embedded() ([]packFile, error) {
	names, err := fs.Glob(packFiles, "packs/*.yaml")
	if err != nil {
		return nil, err
	}
	files := make([]packFile, len(names))
	for i, name := range names {
		data, err := packFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[i] = packFile{name, data}
	}
	return files, nil
}

// builtinNames gives the names of the embedded packs: by convention that of the file.
func builtinNames() []string {
	names, err := fs.Glob(packFiles, "packs/*.yaml")
	if err != nil {
		return nil
	}
	for i, name := range names {
		names[i] = strings.TrimSuffix(path.Base(name), ".yaml")
	}
	return names
}
