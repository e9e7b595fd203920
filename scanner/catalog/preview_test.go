package catalog

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"prescreen/rules"
	"prescreen/scanner"
)

// realScanner screens for a list of invented names.
func realScanner(t testing.TB, names ...string) *scanner.Scanner {
	t.Helper()
	set, err := rules.Parse("mine.txt", []byte(strings.Join(names, "\n")+"\n"), rules.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := scanner.New(set, scanner.Options{AsOf: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A preview counts what screening every listing anew gives, disguises of every
// kind among them, whatever came and went in the catalogue before.
func TestPreviewEqualsScreeningEverything(t *testing.T) {
	spellings := []string{"Zorbex robot", "ZORBEX toys", "Z0rbex", "Z O R B E X set", "Z.o.r.b.e.x", "Zor🔥bex", "Zοrbex", "zorbexes", "zorbexrobot", "forZorbex kids",
		"Zor\u200bbex", "zorrrbex", "Z*rbex", "zor bex", "zor-bex", "Mil Fendo bag", "Milfendo", "mil fendi", "grimpel", "plain mug", "佐贝斯 玩具", "Brim & Tock", "brim and tock"}
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	var list []scanner.Listing
	for i := range 1500 {
		l := listing(fmt.Sprint(i), spellings[i%len(spellings)]+" no "+fmt.Sprint(i), "<p>"+spellings[i*7%len(spellings)]+"</p>")
		l.Category = fmt.Sprint("Category ", i%3)
		l.Fields = append(l.Fields, scanner.Field{Role: scanner.Bullet, Column: "Bullet", Text: spellings[i*5%len(spellings)]})
		list = append(list, l)
	}
	scan(t, c, info("2026-01-01"), list...)
	about := info("2026-01-08")
	about.Complete = true
	list = append(list[200:1000:1000], listing("0", "Zorbex anew", "Nike"))
	scan(t, c, about, list...)
	s := realScanner(t, "Zorbex", "Mil Fendo", "Grimpel", "佐贝斯", "Brim & Tock")
	got, err := c.Preview(t.Context(), s, PreviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := newPreviewer(c, PreviewOptions{Samples: 10})
	for _, l := range list {
		state := screen(l)
		state.Settle()
		for i := range l.Fields {
			l.Fields[i].Col, l.Fields[i].Row = 0, 0
		}
		if err := want.add(StoredListing{Listing: l, Level: state.Level, key: listingKey(l.Store, l.ID, 0)}, s.Screen(l)); err != nil {
			t.Fatal(err)
		}
	}
	want.out.Listings, want.out.Screened = want.out.Screened, got.Screened
	if all := want.finish(); !reflect.DeepEqual(got, all) {
		t.Errorf("preview\n%+v\nscreening everything\n%+v", got, all)
	}
	if got.Listings != 801 || got.Flagged < 400 || got.New != got.Findings || len(got.Rules) < 4 || len(got.Samples) != 10 {
		t.Errorf("%d listings, %d flagged, %d of %d new, rules %v", got.Listings, got.Flagged, got.New, got.Findings, got.Rules)
	}
	only, err := c.Preview(t.Context(), s, PreviewOptions{Samples: -1, Counts: func(rule string) bool { return rule == got.Rules[0].Value }})
	if err != nil || only.Findings != got.Rules[0].Count || only.Samples != nil {
		t.Errorf("one rule: %+v, %v", only, err)
	}
}

func TestPreviewStops(t *testing.T) {
	c := searchable(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Preview(ctx, realScanner(t, "Nike"), PreviewOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	bad := errors.New("enough")
	if err := c.EachListing(t.Context(), func(StoredListing) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("stopped by its visitor: %v", err)
	}
	seen := map[string]bool{}
	if err := c.EachListing(t.Context(), func(l StoredListing) error { seen[l.Listing.ID] = true; return nil }); err != nil || len(seen) != 6 {
		t.Errorf("%v, %v", maps.Keys(seen), err)
	}
}

// 1,000 rules over 100,000 listings of 1.1 KB, one listing in twenty named.
func BenchmarkPreview(b *testing.B) {
	if testing.Short() {
		b.Skip("indexes 100,000 listings")
	}
	dir := filepath.Join(b.TempDir(), "c")
	c, err := Open(dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	commit(b, c, "2026-01-01", generated(100000))
	if err := c.Index(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	c.Close()
	if c, err = Open(dir, Options{ReadOnly: true}); err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	names := []string{"Nike"}
	for _, w := range words(9000)[8001:] {
		names = append(names, w+"q")
	}
	s := realScanner(b, names...)
	for b.Loop() {
		start := time.Now()
		p, err := c.Preview(context.Background(), s, PreviewOptions{})
		if err != nil || p.Flagged < 5000 {
			b.Fatal(p, err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "s")
		b.ReportMetric(float64(p.Flagged), "flagged")
	}
}
