package register

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"
)

// readZip reads the register files of an archive in order, as a stream: what
// they unpack to does not matter. Read-me files and the like are skipped and
// named in the report.
func readZip(archive string, s *sieve, read reader) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("read register: %s: %w", archive, err)
	}
	defer z.Close()
	found := false
	for _, f := range z.File {
		name := archive + "/" + f.Name
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".xml", ".csv", ".tsv", ".json":
		default:
			if !strings.HasSuffix(f.Name, "/") {
				s.report.Skipped = append(s.report.Skipped, name)
			}
			continue
		}
		found = true
		s.report.Files = append(s.report.Files, name)
		if err := readEntry(name, f, s, read); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("read register: %s: the archive holds no .xml, .csv, .tsv or .json", archive)
	}
	return nil
}

// readEntry reads one file of an archive.
func readEntry(name string, f *zip.File, s *sieve, read reader) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("read register: %s: %w", name, err)
	}
	defer r.Close()
	return read(name, &counter{io.Reader(r), &s.report.Bytes}, s)
}
