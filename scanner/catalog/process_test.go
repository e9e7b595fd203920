package catalog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"prescreen/scanner"
)

// The test binary runs itself as another process: with childTask set it does
// one task on the directory childDir instead of testing.
const (
	childTask = "CATALOG_TEST_TASK"
	childDir  = "CATALOG_TEST_DIR"
)

func TestMain(m *testing.M) {
	var err error
	switch task := os.Getenv(childTask); task {
	case "":
		os.Exit(m.Run())
	case "hold":
		err = hold(os.Getenv(childDir))
	case "weeks":
		chunk = 40 // many places to be killed at
		err = weeks(os.Getenv(childDir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, task, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// hold opens the catalogue for writing until its input ends.
func hold(dir string) error {
	c, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	io.Copy(io.Discard, os.Stdin)
	return c.Close()
}

func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), listing("1", "Nike", ""))
	c.Close()

	cmd := child(t, "hold", dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		t.Fatal(line, err)
	}
	_, err = Open(dir, Options{})
	var busy *BusyError
	if !errors.As(err, &busy) || busy.PID != cmd.Process.Pid || busy.Since.IsZero() {
		t.Errorf("second writer: %v", err)
	}
	if !strings.Contains(err.Error(), fmt.Sprintf("process %d has been writing to it since 20", cmd.Process.Pid)) {
		t.Errorf("error %q", err)
	}
	reader := open(t, dir, Options{ReadOnly: true})
	if hits, err := reader.Search("nike", SearchOptions{}); err != nil || hits.Total != 1 {
		t.Errorf("a reader meanwhile: %+v, %v", hits, err)
	}
	if _, err := reader.Begin(info("2026-01-02")); err == nil {
		t.Error("a reader began a scan")
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
}

// Readers come and go while a writer scans, indexes and deletes.
func TestReadersDuringWrites(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	c := open(t, dir, Options{})
	scan(t, c, info("2026-01-01"), week(0)...)
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := Open(dir, Options{ReadOnly: true})
				if err != nil {
					t.Error(err)
					return
				}
				hits, err := r.Search("common", SearchOptions{Size: -1})
				scans, err2 := r.Scans()
				if err != nil || err2 != nil || hits.Total < weekSize-10 || len(hits.Hits) != hits.Total || len(scans) == 0 {
					t.Error(hits.Total, len(scans), err, err2)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := 1; n <= 8; n++ {
		about := info(fmt.Sprintf("2026-01-%02d", n+1))
		about.Complete = true
		scan(t, c, about, week(n)...)
	}
	close(done)
	readers.Wait()
}

const weekSize = 150

// week makes the listings of the n-th week: most stay, some change, one in
// fifty is missing every other week.
func week(n int) []scanner.Listing {
	var out []scanner.Listing
	for i := range weekSize {
		if i%50 == 7 && n%2 == 1 {
			continue
		}
		title := fmt.Sprintf("common thing %d", i)
		if i%10 == n%10 {
			title = fmt.Sprintf("common Nike %d in week %d", i, n)
		}
		out = append(out, listing(fmt.Sprint("SKU-", i), title, strings.Repeat("text ", 50)))
	}
	return out
}

// weeks scans up to four weeks, from where the catalogue stands.
func weeks(dir string) error {
	c, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		records, err := c.Scans()
		if err != nil {
			return err
		}
		n := len(records)
		if n == 4 {
			return c.Index(context.Background(), nil)
		}
		about := info(fmt.Sprintf("2026-01-%02d", n+1))
		about.Complete = true
		s, err := c.Begin(about)
		if err != nil {
			return err
		}
		for _, l := range week(n) {
			content := ContentHash(&l)
			r := &scanner.Result{Listing: l}
			var ok bool
			if r.Findings, ok = s.Lookup(&l, content); !ok {
				r = screen(l)
			}
			if err := s.Add(r, content); err != nil {
				return err
			}
		}
		if err := s.Finish(); err != nil {
			return err
		}
		s.Reported()
		if _, err := s.Commit(); err != nil {
			return err
		}
		if err := c.Index(context.Background(), nil); err != nil {
			return err
		}
	}
}

// A process killed at any moment loses at most its scan in progress: after as
// many restarts as it takes, ledger and index are those of an undisturbed run.
func TestKilledAtRandomMoments(t *testing.T) {
	base := t.TempDir()
	undisturbed := filepath.Join(base, "undisturbed")
	start := time.Now()
	if err := child(t, "weeks", undisturbed).Run(); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(start)
	want := dump(t, undisturbed)
	rnd := rand.New(rand.NewPCG(1, 2))
	kills, rounds := 0, 50
	if testing.Short() {
		rounds = 8
	}
	for round := 0; kills < rounds; round++ {
		dir := filepath.Join(base, fmt.Sprint(round))
		for {
			cmd := child(t, "weeks", dir)
			cmd.Stderr = nil
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(rnd.Int64N(int64(whole))), func() { cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			if err == nil {
				break
			}
			if cmd.ProcessState.ExitCode() == 1 {
				t.Fatalf("round %d: the catalogue could not be used again after a kill", round)
			}
			if kills++; kills >= rounds {
				if err := child(t, "weeks", dir).Run(); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		if got := dump(t, dir); got != want {
			t.Fatalf("round %d, after %d kills: the catalogue differs from an undisturbed one:\n%s\n%s", round, kills, got, want)
		}
	}
}

// dump tells everything a catalogue holds, but for scan times and record hashes.
func dump(t *testing.T, dir string) string {
	t.Helper()
	c := open(t, dir, Options{ReadOnly: true})
	defer c.Close()
	v, err := c.Verify()
	if err != nil || len(v.Problems) > 0 {
		t.Fatal(v.Problems, err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, v.Scans, v.Listings, v.Findings, v.Head)
	err = c.view(func(tx *bbolt.Tx) error {
		return mentions(tx, "", func(key string, m *mention) error {
			fmt.Fprintf(&b, "%q %+v\n", key, *m)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"common", "nike", "level:high"} {
		hits, err := c.Search(query, SearchOptions{Size: -1, Facet: -1})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, query, hits.Total)
	}
	return b.String()
}
