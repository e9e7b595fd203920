package scanner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"prescreen/rules"
)

// marksOf yields the marks given.
func marksOf(marks ...rules.Mark) iter.Seq2[rules.Mark, error] {
	return func(yield func(rules.Mark, error) bool) {
		for _, m := range marks {
			if !yield(m, nil) {
				return
			}
		}
	}
}

// packOf compiles marks in memory.
func packOf(t testing.TB, opt PackOptions, marks ...rules.Mark) (*Pack, PackReport) {
	t.Helper()
	var b bytes.Buffer
	report, err := WritePack(&b, marksOf(marks...), opt)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPack(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Verify(); err != nil {
		t.Fatal(err)
	}
	return p, report
}

var someMarks = []rules.Mark{
	{Register: "uspto", Application: "90000002", Registration: "7000002", Text: "ZORVENTA", Owner: "Zorventa, Inc.", Status: "live",
		Drawing: rules.DrawingWord, Filed: "2020-01-31", Registered: "2021-05-04", Classes: []int{9, 25}, Goods: "Lamps", Aliases: []string{"ZOR VENTA"}},
	{Register: "uspto", Application: "90000001", Text: "SILVER QUORLEAF", Owner: "Zorventa, Inc.", Status: "pending", Classes: []int{21}},
	{Register: "uspto", Application: "90000003", Text: "ORANGE", Status: "live", Classes: []int{9}},
	{Register: "uspto", Application: "90000004", Text: "DEADLINEX", Status: "dead"},
	{Register: "kipris", Application: "4019950000001", Text: "바리다에이", Status: "live", Classes: []int{3}},
}

func TestPackKeepsMarks(t *testing.T) {
	p, report := packOf(t, PackOptions{Name: "us", Version: "2026-11"}, someMarks...)
	want := slices.Clone(someMarks)
	got := slices.Collect(p.Marks())
	slices.SortFunc(want, func(a, b rules.Mark) int { return compareStrings(a.Application, b.Application) })
	slices.SortFunc(got, func(a, b rules.Mark) int { return compareStrings(a.Application, b.Application) })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if report.Marks != 5 || report.Dead != 1 || report.Phrases != 5 {
		t.Errorf("report %+v", report)
	}
	if info := p.Info(); info.Name != "us" || info.Version != "2026-11" || info.Rules != 5 || len(info.SHA256) != 64 {
		t.Errorf("info %+v", info)
	}
}

func TestPackLaterEntryReplaces(t *testing.T) {
	old := rules.Mark{Register: "uspto", Application: "1", Text: "ZORVENTA", Status: "live"}
	dead := old
	dead.Status = "dead"
	p, report := packOf(t, PackOptions{}, old, rules.Mark{Text: "KELVORA"}, dead, rules.Mark{Text: "KELVORA", Owner: "another"})
	if report.Replaced != 1 || report.Marks != 3 {
		t.Errorf("report %+v", report)
	}
	for m := range p.Marks() {
		if m.Text == "ZORVENTA" && m.Status != "dead" {
			t.Error("the earlier entry was kept")
		}
	}
}

func TestPackSameInputSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if _, err := WritePack(w, marksOf(someMarks...), PackOptions{Name: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs gave different packs")
	}
}

func TestPackPassesErrorsOn(t *testing.T) {
	broken := errors.New("row 7 is broken")
	seq := func(yield func(rules.Mark, error) bool) { yield(rules.Mark{}, broken) }
	if _, err := WritePack(&bytes.Buffer{}, seq, PackOptions{}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestOpenPackErrors(t *testing.T) {
	var b bytes.Buffer
	if _, err := WritePack(&b, marksOf(someMarks...), PackOptions{}); err != nil {
		t.Fatal(err)
	}
	good := b.Bytes()
	edit := func(at int, with byte, reseal bool) []byte {
		out := bytes.Clone(good)
		out[at] ^= with
		if reseal {
			binary.LittleEndian.PutUint32(out[atHeaderSum:], crc32.Checksum(out[:atHeaderSum], castagnoli))
		}
		return out
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":             {nil, ErrNotPack},
		"text":              {[]byte("term\nZorventa\n"), ErrNotPack},
		"header alone":      {good[:headerSize], ErrPackDamaged},
		"half a header":     {good[:40], ErrPackDamaged},
		"cut short":         {good[:len(good)-1], ErrPackDamaged},
		"too long":          {append(bytes.Clone(good), 0), ErrPackDamaged},
		"bit in header":     {edit(atMarks, 1, false), ErrPackDamaged},
		"other version":     {edit(atVersion, 2, true), ErrPackStale},
		"other keys":        {edit(atFingerprint, 2, true), ErrPackStale},
		"wrong count":       {edit(atMarks, 1, true), ErrPackDamaged},
		"huge count":        {edit(atPhrases+7, 0x40, true), ErrPackDamaged},
		"section elsewhere": {edit(atSections+16, 8, true), ErrPackDamaged},
		"bit in tables":     {edit(headerSize+3, 1, true), ErrPackDamaged},
	} {
		path := filepath.Join(t.TempDir(), "x.pack")
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := OpenPack(path)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if p != nil {
			p.Close()
		}
	}
	if p, err := ReadPack(edit(len(good)-5, 1, true)); err != nil || !errors.Is(p.Verify(), ErrPackDamaged) {
		t.Errorf("a bit among the facts is found by Verify alone, got %v", err)
	}
}

func TestOpenPackMaps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.pack")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := WritePack(f, marksOf(someMarks...), PackOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := OpenPack(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(slices.Collect(p.Marks())); n != len(someMarks) {
		t.Errorf("%d marks", n)
	}
	if err := errors.Join(p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	if _, err := OpenPack(filepath.Join(t.TempDir(), "none.pack")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// FuzzPack feeds damaged packs whose sums are made right again, so that the
// damage gets past them, to everything that reads one.
func FuzzPack(f *testing.F) {
	var b bytes.Buffer
	if _, err := WritePack(&b, marksOf(someMarks...), PackOptions{Name: "x"}); err != nil {
		f.Fatal(err)
	}
	good := b.Bytes()
	whole, err := ReadPack(good)
	if err != nil {
		f.Fatal(err)
	}
	for _, at := range []uint32{40, 60, 100, 300, 500, 700, 900} {
		f.Add(at, uint64(0xffffffffffffffff))
		f.Add(at, uint64(1)<<31)
	}
	f.Fuzz(func(t *testing.T, at uint32, with uint64) {
		data := bytes.Clone(good)
		at %= uint32(len(data) - 8)
		binary.LittleEndian.PutUint64(data[at:], binary.LittleEndian.Uint64(data[at:])^with)
		reseal(data)
		p, err := ReadPack(data)
		if err != nil {
			return
		}
		for m := range p.Marks() {
			_ = m.Number()
		}
		for range ComparePacks(p, whole, nil) {
		}
		for range ComparePacks(whole, p, nil) {
		}
		s := scannerWith(t, p)
		for _, text := range []string{"Zorventa SILVER QUORLEAF lamp", "silverquorleaf zor venta orange"} {
			s.Screen(Listing{Fields: []Field{{Role: Title, Text: text}, {Role: Brand, Text: text}, {Role: Brand, Text: "Zorventa"}}})
		}
	})
}

// reseal makes the sums of a pack right.
func reseal(data []byte) {
	le := binary.LittleEndian
	start, end := uint64(headerSize), le.Uint64(data[atSections+16*markSection:])
	if end >= start && end <= uint64(len(data)) {
		le.PutUint32(data[atTables:], crc32.Checksum(data[start:end], castagnoli))
	}
	le.PutUint32(data[atHeaderSum:], crc32.Checksum(data[:atHeaderSum], castagnoli))
}

// scannerWith is a scanner without rules over packs.
func scannerWith(t testing.TB, packs ...*Pack) *Scanner {
	t.Helper()
	s, err := New(&rules.Set{}, Options{Registers: packs})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
