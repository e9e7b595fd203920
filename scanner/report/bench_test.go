package report

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// manyFindings gives n results of one finding each.
func manyFindings(n int) (scanner.RunInfo, []scanner.Result, scanner.Summary) {
	info, pool, _, sum := sampleRun(3000)
	var flagged []scanner.Result
	for _, r := range pool {
		if len(r.Findings) > 0 {
			r.Findings = r.Findings[:1]
			flagged = append(flagged, r)
		}
	}
	results := make([]scanner.Result, n)
	for i := range results {
		results[i] = flagged[i%len(flagged)]
		results[i].Listing.ID = fmt.Sprintf("SKU-%06d", i)
	}
	return info, results, sum
}

func benchmarkFormat(b *testing.B, format string) {
	info, results, sum := manyFindings(100000)
	b.ReportAllocs()
	for b.Loop() {
		w, err := New(format, io.Discard, Options{})
		if err == nil {
			err = w.Begin(info)
		}
		for i := range results {
			if err == nil {
				err = w.Result(results[i])
			}
		}
		if err == nil {
			err = w.End(sum)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(results)*b.N)/b.Elapsed().Seconds(), "findings/s")
}

func BenchmarkLines(b *testing.B)    { benchmarkFormat(b, "jsonl") }
func BenchmarkCSV(b *testing.B)      { benchmarkFormat(b, "csv") }
func BenchmarkPage(b *testing.B)     { benchmarkFormat(b, "html") }
func BenchmarkWorkbook(b *testing.B) { benchmarkFormat(b, "xlsx") }

// baseline streams the very cells of the Findings and Listings sheets with
// excelize alone: what the workbook's time is measured against.
func baseline(lang *scanner.Language, results []scanner.Result) error {
	book := &workbook{words: words{lang}}
	f := excelize.NewFile()
	defer f.Close()
	var err error
	if book.styles, err = newStyles(f); err != nil {
		return err
	}
	if _, err = f.NewSheet("Sheet2"); err != nil {
		return err
	}
	for sheet, row := range map[string]func(*scanner.Result) []cell{
		"Sheet1": func(r *scanner.Result) []cell { return book.findingRow(&r.Listing, &r.Findings[0]) },
		"Sheet2": func(r *scanner.Result) []cell { return book.listingRow(r, shownFindings(r)) }} {
		s, err := f.NewStreamWriter(sheet)
		if err != nil {
			return err
		}
		for i := range results {
			cells := row(&results[i])
			values := make([]any, len(cells))
			for c := range cells {
				values[c] = book.value(cells[c], false)
			}
			if err := s.SetRow(fmt.Sprint("A", i+1), values); err != nil {
				return err
			}
		}
		if err := s.Flush(); err != nil {
			return err
		}
	}
	return f.Write(io.Discard)
}

func BenchmarkWorkbookBaseline(b *testing.B) {
	_, results, _ := manyFindings(100000)
	for b.Loop() {
		if err := baseline(benchLanguage(b), results); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(results)*b.N)/b.Elapsed().Seconds(), "findings/s")
}

func benchLanguage(b *testing.B) *scanner.Language {
	l, err := scanner.LanguageFor("en")
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// Twenty thousand findings stay within a bound that does not hold them all as
// objects, in every format.
func TestMemoryBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("short: twenty thousand findings")
	}
	info, results, sum := manyFindings(20000)
	for _, format := range Formats() {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		w, err := New(format, io.Discard, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err = w.Begin(info); err != nil {
			t.Fatal(err)
		}
		for i := range results {
			if err = w.Result(results[i]); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&now)
		held := int64(now.HeapAlloc) - int64(before.HeapAlloc)
		limit := map[string]int64{"jsonl": 1, "json": 1, "csv": 1, "md": 1, "html": 40, "xlsx": 80}[format] << 20
		if held > limit {
			t.Errorf("%s holds %d KiB of %d findings", format, held>>10, len(results))
		}
		if err = w.End(sum); err != nil {
			t.Fatal(err)
		}
	}
}
