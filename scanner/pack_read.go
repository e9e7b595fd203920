package scanner

import "os"

// readWhole is mapWithFile for what cannot be mapped: the file is read.
func readWhole(path string) (data []byte, release func() error, err error) {
	data, err = os.ReadFile(path)
	return data, func() error { return nil }, err
}

// mapFile maps the file at path, or reads it where files cannot be mapped.
func mapFile(path string) (data []byte, release func() error, err error) {
	data, _, release, err = mapWithFile(path)
	return data, release, err
}
