package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// generatedShop writes a Shopify export of n rows: every eighth listing names a
// mark in some way, the others are innocent.
func generatedShop(b testing.TB, n int) string {
	titles := []string{"Handmade ceramic mug blue glaze", "Nike running shoes men", "Wooden cutting board oak", "Case for iPhone 15 Pro clear",
		"Cotton tea towel set of 3", "Dyson style cordless vacuum", "Apple cider vinegar 500 ml", "Velcro cable ties pack of 20",
		"Linen curtain natural", "N1ke socks white", "Garden gloves size M", "Soccer coach whistle with lanyard", "Steel water bottle 750 ml", "Baby blanket organic cotton", "Desk lamp with dimmer", "Felt letter board"}
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	rows := [][]string{{"Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Variant Price"}}
	for i := range n {
		title := titles[i%len(titles)]
		body := fmt.Sprintf("<p>%s, <b>batch %d</b>. Sturdy, easy to clean and made to last; ships within two days in recycled paper.</p>", title, i)
		rows = append(rows, []string{fmt.Sprintf("item-%d", i), title, body, "Shop", "Home", strings.ReplaceAll(strings.ToLower(title), " ", ", "), "9.99"})
	}
	if err := w.WriteAll(rows); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "shop.csv")
	if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkScanCSV is the whole command on a CSV of 10,000 rows with the
// built-in packs, start included, JSON Lines out.
func BenchmarkScanCSV(b *testing.B) {
	path := generatedShop(b, 10000)
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		var out, msg bytes.Buffer
		code := run([]string{"scan", path, "--no-catalog", "--as-of", "2026-11-23", "-o", "-"}, environment{stdin: strings.NewReader(""), stdout: &out, stderr: &msg, getenv: func(string) string { return "" }})
		if code != exitFlagged {
			b.Fatalf("exit %d: %s", code, msg.String())
		}
		if n := bytes.Count(out.Bytes(), []byte(`"type":"listing"`)); n < 2000 || n > 6000 {
			b.Fatalf("%d listings flagged", n)
		}
	}
	b.ReportMetric(10000*float64(b.N)/b.Elapsed().Seconds(), "listings/s")
}

// BenchmarkCheck is one answer of check with the built-in packs, start of the
// rules and the matcher included (the process itself is not).
func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		var out, msg bytes.Buffer
		if code := run([]string{"check", "--title", "Case for iPhone 15 Pro"}, environment{stdin: strings.NewReader(""), stdout: &out, stderr: &msg, getenv: func(string) string { return "" }}); code != exitClean {
			b.Fatalf("exit %d: %s", code, msg.String())
		}
	}
}
