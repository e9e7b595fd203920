package register

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// mostSkipped is how many skipped entries of archives are named.
const mostSkipped = 20

// readZip reads the register files of an archive in order, as a stream: what
// they unpack to does not matter. Read-me files and the like are skipped and
// named in the report. A workbook is an archive, too.
func readZip(archive string, s *sieve, read reader) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("read register: %s: %w", archive, err)
	}
	defer z.Close()
	if isWorkbook(&z.Reader) {
		s.report.Files++
		return readWorkbook(archive, s)
	}
	found := false
	for _, f := range z.File {
		name := archive + "/" + f.Name
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".xml", ".csv", ".tsv", ".json":
		default:
			s.skip(name)
			continue
		}
		found = true
		s.report.Files++
		if err := readEntry(name, f, s, read); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("read register: %s: the archive holds no .xml, .csv, .tsv or .json", archive)
	}
	return nil
}

// skip notes a file that is none of a register's; folders are no files.
func (s *sieve) skip(name string) {
	if strings.HasSuffix(name, "/") {
		return
	}
	if len(s.report.Skipped) < mostSkipped {
		s.report.Skipped = append(s.report.Skipped, name)
	}
	s.report.SkippedFiles++
}

// readEntry reads one file of an archive.
func readEntry(name string, f *zip.File, s *sieve, read reader) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("read register: %s: %w", name, err)
	}
	return errors.Join(read(name, &counter{io.Reader(r), &s.report.Bytes}, s), r.Close())
}
