package table

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// benchExport is a file in the form of a Shopify export: several rows per
// listing, a long description on the first.
func benchExport() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
		"Variant SKU", "Variant Grams", "Variant Price", "Image Src", "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Status"})
	r := rand.New(rand.NewPCG(8, 9))
	for i := range benchRows {
		c := benchCells(r, i, 3)
		handle := "item-" + c[0]
		w.Write([]string{handle, c[1], c[2], "Own", "Shirts", "cotton, blue", "TRUE", "Size", "M", c[0], "200", "12.99", "https://cdn.example/" + handle + ".jpg", "1", c[1], c[1], "", "active"})
		for _, size := range []string{"L", "XL"} {
			w.Write([]string{handle, "", "", "", "", "", "", "", size, c[0] + size, "200", "12.99", "", "", "", "", "", ""})
		}
	}
	w.Flush()
	return b.Bytes()
}

// benchFiles writes the files to read: the generated export and, where it is
// there, the corpus of real texts beside the project.
func benchFiles(b *testing.B) map[string]string {
	b.Helper()
	dir := b.TempDir()
	files := map[string][]byte{"export": benchExport()}
	if packed, err := os.Open(filepath.Join(realExports, "bench", "listings.csv.gz")); err == nil {
		defer packed.Close()
		z, err := gzip.NewReader(packed)
		if err != nil {
			b.Fatal(err)
		}
		if files["corpus"], err = io.ReadAll(z); err != nil {
			b.Fatal(err)
		}
	}
	paths := map[string]string{}
	for name, data := range files {
		paths[name] = filepath.Join(dir, name+".csv")
		if err := os.WriteFile(paths[name], data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return paths
}

// BenchmarkFile compares splitting and decoding (rows) and reading up to
// listings with encoding/csv over the same file.
func BenchmarkFile(b *testing.B) {
	for name, path := range benchFiles(b) {
		info, err := os.Stat(path)
		if err != nil {
			b.Fatal(err)
		}
		for kind, read := range map[string]func(*testing.B, string){"rows": fileRows, "listings": fileListings, "encoding-csv": fileCSV} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.SetBytes(info.Size())
				for b.Loop() {
					read(b, path)
				}
			})
		}
	}
}

func fileRows(b *testing.B, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	cs, err := openContainer(path, f, info.Size(), containerOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for _, err := range cs[0].Sheets[0].Records() {
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fileListings(b *testing.B, path string) {
	f, err := Open(path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	n := 0
	for _, err := range f.Listings() {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if n < benchRows {
		b.Fatalf("only %d listings", n)
	}
}

func fileCSV(b *testing.B, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for {
		if _, err := r.Read(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
