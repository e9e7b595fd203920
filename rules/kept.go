package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Reading a list of some hundred thousand terms takes seconds and a gigabyte;
// so what Load made of large files is kept in the compact form (compiled.go),
// named by a hash of all it was made from. The next Load of the same files reads
// that instead, warnings included. Damage, or another build, means that the
// files are read again.

// Kept is a folder where merged sets are kept between runs; the zero value
// keeps none. Several processes may use one.
type Kept struct {
	Dir      string // of this program's own, made when missing
	Build    string // names the build of the program: sets of another are not used
	Building func() // told once when a large set has to be made anew; may be nil
}

const (
	keptMagic  = "prescreen kept 1\n"
	keptSuffix = ".rules"
	keptSets   = 8       // how many a folder holds; the oldest go first
	worthIt    = 1 << 19 // bytes of files from which a set is kept: they take a quarter of a second to read
)

// keptSet is what is kept: the set and what its making warned of.
type keptSet struct {
	Set      Set
	Warnings []Warning
}

// key hashes all that a set depends on.
func (k Kept) key(files []sourceFile, opt Options) ([sha256.Size]byte, error) {
	var embeddedFiles []packFile
	if opt.Builtin {
		var err error
		if embeddedFiles, err = embedded(); err != nil {
			return [sha256.Size]byte{}, err
		}
	}
	h := sha256.New()
	layout := compiledKey(embeddedFiles) // of the embedded packs and of the types
	h.Write(layout[:])
	fmt.Fprintf(h, "%s\x00%t\x00", k.Build, opt.Builtin)
	for _, f := range files {
		fmt.Fprintf(h, "%s\x00%d\x00", f.name, len(f.data))
		h.Write(f.data)
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// wanted tells whether a set of these files is worth keeping.
func (k Kept) wanted(files []sourceFile) bool {
	size := 0
	for _, f := range files {
		if f.data == nil {
			return false
		}
		size += len(f.data)
	}
	return k.Dir != "" && size >= worthIt
}

// load gives the set made of these files by an earlier run, or makes it with
// build and keeps it. Faults of files are build's to tell; they are not kept.
func (k Kept) load(files []sourceFile, opt Options, build func(warn func(Warning)) (*Set, error)) (*Set, error) {
	key, err := k.key(files, opt)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(k.Dir, hex.EncodeToString(key[:16])+keptSuffix)
	warn := opt.Warn
	if warn == nil {
		warn = func(Warning) {}
	}
	if kept, err := openKept(path, key); err == nil {
		for _, w := range kept.Warnings {
			warn(w)
		}
		return &kept.Set, nil
	}
	if k.Building != nil {
		k.Building()
	}
	kept := keptSet{}
	set, err := build(func(w Warning) { kept.Warnings = append(kept.Warnings, w); warn(w) })
	if err != nil {
		return nil, err
	}
	kept.Set = *set
	KeepFile(path, keptSets, func(w io.Writer) error {
		_, err := w.Write(seal(compact(keptMagic, key, &kept)))
		return err
	})
	return set, nil
}

// openKept reads a kept set; its strings stay parts of the file's text.
func openKept(path string, key [sha256.Size]byte) (*keptSet, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	body, ok := sealed(data)
	if !ok {
		return nil, errCompiled
	}
	kept := &keptSet{}
	return kept, openCompact(keptMagic, key, string(body), kept)
}
