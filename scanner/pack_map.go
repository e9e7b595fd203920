//go:build linux || darwin || freebsd || netbsd || openbsd

package scanner

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// mapWithFile maps the file at path for reading and gives the file as well.
// release gives both back. A pack is never written in place (its writer renames
// a finished file over it), so that what is mapped does not change.
func mapWithFile(path string) (data []byte, file io.ReaderAt, release func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, nil, errors.Join(err, f.Close())
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size < headerSize || int64(int(size)) != size {
		data, release, err = readWhole(path)
		return data, nil, release, errors.Join(err, f.Close())
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, nil, errors.Join(fmt.Errorf("map %s: %w", path, err), f.Close())
	}
	return data, f, func() error { return errors.Join(syscall.Munmap(data), f.Close()) }, nil
}
