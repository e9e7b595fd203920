package catalog

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"prescreen/scanner"
)

// realListings reads the first n of the real listings for measuring, none where
// they are absent.
func realListings(t testing.TB, n int) []scanner.Listing {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "bench", "listings.csv.gz"))
	if err != nil {
		t.Log("no real listings here: ../shared/bench is absent")
		return nil
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(z)
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	var out []scanner.Listing
	for len(out) < n {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		l := scanner.Listing{ID: row[0], Store: "bench", Category: row[4], Supplier: row[3]}
		for i, role := range []scanner.Role{scanner.Title, scanner.Description, scanner.Brand} {
			if text := row[i+1]; text != "" {
				l.Fields = append(l.Fields, scanner.Field{Role: role, Column: string(role), Text: text})
			}
		}
		out = append(out, l)
	}
	return out
}
