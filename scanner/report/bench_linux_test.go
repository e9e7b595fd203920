package report

import (
	"io"
	"slices"
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used of all cores.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWorkbookRatio writes workbook and baseline in turns and reports how
// much longer the workbook takes, the middle one of the rounds: by the clock,
// and in processor time, which other work on the machine changes least.
func BenchmarkWorkbookRatio(b *testing.B) {
	info, results, sum := manyFindings(100000)
	lang := benchLanguage(b)
	var clock, processor []float64
	timed := func(f func() error) (wall, cpu float64) {
		start, used := time.Now(), processorTime(b)
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start).Seconds(), (processorTime(b) - used).Seconds()
	}
	for b.Loop() {
		baseWall, baseCPU := timed(func() error { return baseline(lang, results) })
		wall, cpu := timed(func() error {
			w := newWorkbook(io.Discard, Options{Lang: lang})
			err := w.Begin(info)
			for i := range results {
				if err == nil {
					err = w.Result(results[i])
				}
			}
			if err == nil {
				err = w.End(sum)
			}
			return err
		})
		clock, processor = append(clock, wall/baseWall), append(processor, cpu/baseCPU)
		b.ReportMetric(wall, "s-workbook")
		b.ReportMetric(baseWall, "s-baseline")
	}
	slices.Sort(clock)
	slices.Sort(processor)
	b.ReportMetric(clock[len(clock)/2], "times-baseline")
	b.ReportMetric(processor[len(processor)/2], "times-baseline-cpu")
}
