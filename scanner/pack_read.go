package scanner

import "os"

// readWhole is mapFile for what cannot be mapped: the file is read.
func readWhole(path string) (data []byte, release func() error, err error) {
	data, err = os.ReadFile(path)
	return data, func() error { return nil }, err
}
