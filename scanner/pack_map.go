//go:build linux || darwin || freebsd || netbsd || openbsd

package scanner

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile maps the file at path for reading. release gives the mapping back.
// A pack is never written in place (its writer renames a finished file over
// it), so that what is mapped does not change.
func mapFile(path string) (data []byte, release func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size < headerSize || int64(int(size)) != size {
		return readWhole(path)
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("map %s: %w", path, err)
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}
