package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// corpusRows is how many listings the cost of the catalogue is measured on.
const corpusRows = 60000

// corpus writes the first rows of ../shared/bench to a file, or generated ones
// where it is absent.
func corpus(b *testing.B) string {
	b.Helper()
	in, err := os.Open(filepath.Join("..", "..", "..", "shared", "bench", "listings.csv.gz"))
	if errors.Is(err, os.ErrNotExist) {
		b.Log("no ../shared/bench: the listings are generated")
		return generatedShop(b, corpusRows)
	}
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "shop.csv")
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	r, w := csv.NewReader(z), csv.NewWriter(out)
	for range corpusRows + 1 {
		row, err := r.Read()
		if err != nil {
			b.Fatal(err)
		}
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), out.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

// firstReport notes when the terminal first says that a report is ready.
type firstReport struct {
	bytes.Buffer
	at time.Time
}

func (f *firstReport) Write(p []byte) (int, error) {
	if f.at.IsZero() && bytes.Contains(p, []byte("report ready")) {
		f.at = time.Now()
	}
	return f.Buffer.Write(p)
}

// The time from start to the report of a first scan, with the catalogue and
// without, in turn; indexing, which follows the report, is not in it but in
// s-whole. The ratio is that of the medians.
func BenchmarkTimeToReport(b *testing.B) {
	path := corpus(b)
	for _, reports := range []string{"jsonl", "xlsx html"} {
		b.Run(reports, func(b *testing.B) {
			toReport := func(extra ...string) (report, whole time.Duration) {
				dir := b.TempDir()
				args := append([]string{"scan", path, "--as-of", "2026-11-23", "--fail-on", "never", "--lang", "en"}, extra...)
				for ext := range strings.FieldsSeq(reports) {
					args = append(args, "-o", filepath.Join(dir, "r."+ext))
				}
				if len(extra) == 0 {
					args = append(args, "--catalog", filepath.Join(dir, "catalogue"))
				}
				var out firstReport
				start := time.Now()
				code := run(args, environment{stdin: strings.NewReader(""), stdout: &out, stderr: io.Discard, getenv: func(string) string { return "" }})
				if code != exitClean || out.at.IsZero() {
					b.Fatalf("exit %d: %s", code, out.String())
				}
				return out.at.Sub(start), time.Since(start)
			}
			toReport("--no-catalog") // the packs are read once
			var with, without, all []time.Duration
			for b.Loop() {
				w, whole := toReport()
				wo, _ := toReport("--no-catalog")
				with, without, all = append(with, w), append(without, wo), append(all, whole)
			}
			b.ReportMetric(median(with).Seconds(), "s-with")
			b.ReportMetric(median(without).Seconds(), "s-without")
			b.ReportMetric(median(all).Seconds(), "s-whole")
			b.ReportMetric(median(with).Seconds()/median(without).Seconds(), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}
