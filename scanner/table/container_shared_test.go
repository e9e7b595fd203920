package table

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// sharedDir returns a folder of sample files beside the repository, or skips.
func sharedDir(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no sample files at %s", dir)
	}
	return dir
}

// readFile reads every row of every sheet of a file.
func readFile(t testing.TB, path string) (rows map[string]int, seen []*sheet, err error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	cs, err := openContainer(filepath.Base(path), f, info.Size(), containerOptions{})
	if err != nil {
		return nil, nil, err
	}
	rows = map[string]int{}
	var errs []error
	for _, c := range cs {
		errs = append(errs, c.Err)
		for _, s := range c.Sheets {
			seen = append(seen, s)
			for _, err := range s.Records() {
				if err != nil {
					errs = append(errs, err)
				} else {
					rows[s.Name]++
				}
			}
		}
	}
	return rows, seen, errors.Join(errs...)
}

// Broken and malicious files end in rows or in a sentence, soon and in little
// memory.
func TestContainerHostileFiles(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(sharedDir(t, "hostile"), "*"))
	for _, path := range paths {
		if strings.HasSuffix(path, "INDEX.tsv") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, seen, err := readFile(t, path)
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
			runtime.ReadMemStats(&after)
			if mb := (after.HeapSys - before.HeapSys) >> 20; after.HeapSys > before.HeapSys && mb > 512 {
				t.Errorf("took %d MB", mb)
			}
			if err == nil && len(seen) == 0 {
				t.Error("neither a sheet nor an error")
			}
			if err != nil && len(err.Error()) < 30 {
				t.Errorf("error %q says too little", err)
			}
		})
	}
}

// Real exports hold as many rows in as many encodings as their index says.
func TestContainerExportFiles(t *testing.T) {
	dir := sharedDir(t, "exports")
	f, err := os.Open(filepath.Join(dir, "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		t.Run(col[0], func(t *testing.T) {
			path := filepath.Join(dir, filepath.FromSlash(col[0]))
			if _, err := os.Stat(path); err != nil {
				t.Skip("not there")
			}
			rows, seen, err := readFile(t, path)
			if err != nil {
				t.Fatal(err)
			}
			checkRows(t, rows, seen, col)
		})
	}
}

// checkRows compares with a line of the index: rows (6), encoding (8),
// delimiter or sheet (9), header row (10). The index counts data rows; blank
// and help rows make the count approximate.
func checkRows(t *testing.T, rows map[string]int, seen []*sheet, col []string) {
	name := ""
	if _, after, ok := strings.Cut(col[9], "sheet '"); ok {
		name, _, _ = strings.Cut(after, "'")
	}
	want, _ := strconv.Atoi(col[6])
	if got := rows[name]; got < want || got == 0 {
		t.Errorf("%d rows in %q, the index says %d", got, name, want)
	}
	delim := map[string]string{"comma": ",", "semicolon": ";", "tab": "\t"}[col[9]]
	if delim != "" && seen[0].Delimiter != delim {
		t.Errorf("delimiter %q, want %q", seen[0].Delimiter, delim)
	}
	switch {
	case strings.HasPrefix(col[8], "GBK") && seen[0].Encoding != "GB18030":
		t.Errorf("encoding %s, want GB18030", seen[0].Encoding)
	case (strings.HasPrefix(col[8], "UTF-8") || strings.HasPrefix(col[8], "ASCII")) && seen[0].Encoding != "UTF-8":
		t.Errorf("encoding %s, want UTF-8", seen[0].Encoding)
	}
}

// On real workbooks excelize finds no text that the reader does not.
func TestContainerWorkbooksAgainstExcelize(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every workbook twice")
	}
	dir := sharedDir(t, "exports")
	paths, _ := filepath.Glob(filepath.Join(dir, "*", "*.xls[xm]"))
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			info, _ := f.Stat()
			cs, err := openContainer(path, f, info.Size(), containerOptions{})
			if err != nil {
				t.Fatal(err)
			}
			book, err := excelize.OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			for _, s := range cs[0].Sheets {
				if !s.Hidden {
					compareSheet(t, s, book)
				}
			}
		})
	}
}

func compareSheet(t *testing.T, s *sheet, book *excelize.File) {
	t.Helper()
	rows, err := book.Rows(s.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	_, recs, errs := drain(s)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for n, i := 1, 0; rows.Next(); n++ {
		want, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for len(want) > 0 && want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		if len(want) == 0 {
			continue
		}
		if i == len(recs) || recs[i].Row != n {
			t.Fatalf("sheet %q: row %d is missing", s.Name, n)
		}
		if !slices.EqualFunc(recs[i].Cells, want, sameValue) {
			t.Fatalf("sheet %q row %d: %q, want %q", s.Name, n, recs[i].Cells, want)
		}
		i++
	}
}

// sameValue lets numbers differ in form: excelize gives booleans and dates raw.
func sameValue(got, want string) bool {
	if got == want {
		return true
	}
	_, err := strconv.ParseFloat(want, 64)
	return err == nil || want == "1" && got == "TRUE"
}

// Putting nothing into every cell of every real text export gives it back byte
// for byte: every position is right.
func TestContainerRewriteIdentity(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(sharedDir(t, "exports"), "*", "*.[ct]*v"))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, recs, _ := readContainer(t, data, containerOptions{})
		var edits []Edit
		for _, rec := range recs {
			for col := range rec.Cells {
				edits = append(edits, Edit{Row: rec.Row, Col: col})
			}
		}
		var out bytes.Buffer
		if err := Rewrite(path, edits, &out); err != nil || !bytes.Equal(out.Bytes(), data) {
			t.Errorf("%s: %d bytes from %d, error %v", path, out.Len(), len(data), err)
		}
	}
}
