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

// BenchmarkWorkbookBaseline streams the cells of the Findings sheet with
// excelize alone: what the workbook's time is measured against.
func BenchmarkWorkbookBaseline(b *testing.B) {
	_, results, _ := manyFindings(100000)
	book := &workbook{words: words{benchLanguage(b)}}
	for b.Loop() {
		f := excelize.NewFile()
		var err error
		if book.styles, err = newStyles(f); err != nil {
			b.Fatal(err)
		}
		s, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		for i := range results {
			cells := book.findingRow(&results[i].Listing, &results[i].Findings[0])
			values := make([]any, len(cells))
			for c := range cells {
				values[c] = book.value(cells[c], false)
			}
			if err := s.SetRow(fmt.Sprint("A", i+1), values); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Flush(); err != nil {
			b.Fatal(err)
		}
		if err := f.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
		_ = f.Close()
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
