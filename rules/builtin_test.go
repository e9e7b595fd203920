package rules

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write builtin.bin and the golden files anew")

// parsedBuiltin is the embedded set as its YAML says, the oracle of the compiled form.
func parsedBuiltin(tb testing.TB) (*Set, []packFile) {
	tb.Helper()
	files, err := embedded()
	if err != nil {
		tb.Fatal(err)
	}
	set, err := parseEmbedded(files)
	if err != nil {
		tb.Fatal(err)
	}
	return set, files
}

func TestBuiltinCompiled(t *testing.T) {
	want, files := parsedBuiltin(t)
	key := compiledKey(files)
	if *update {
		if err := os.WriteFile("builtin.bin", compile(want, key), 0o644); err != nil {
			t.Fatal(err)
		}
		return // what is embedded in this run is the old form
	}
	got, err := openCompiled(builtinCompiled, key)
	if err != nil {
		t.Fatalf("%v; run go test ./rules -run TestBuiltinCompiled -update", err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the compiled form differs from the YAML")
	}
}

func TestCompiledRoundTrip(t *testing.T) {
	want, files := parsedBuiltin(t)
	key := compiledKey(files)
	data := compile(want, key)
	got, err := openCompiled(string(data), key)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatal("the set read back differs")
	}
	if !bytes.Equal(compile(got, key), data) {
		t.Error("compiling the set read back gives other bytes")
	}
	key[0]++
	if _, err := openCompiled(string(data), key); !errors.Is(err, errStale) {
		t.Errorf("under another key: %v, want %v", err, errStale)
	}
}

func TestCompiledDamaged(t *testing.T) {
	set, err := Parse("x.yaml", []byte("pack: x\nrules:\n  - {id: a, mark: Abc, kind: gi, aliases: [Abd], why: {en: b}, misspellings: true}\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	key := compiledKey(nil)
	data := string(compile(set, key))
	head := len(compiledMagic) + len(key)
	for n := range len(data) {
		if _, err := openCompiled(data[:n], key); err == nil {
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
	for i := head; i < len(data); i++ {
		for _, to := range []byte{0, 0x7f, 0x80, 0xff} {
			openCompiled(data[:i]+string([]byte{to})+data[i+1:], key) // must not panic
		}
	}
}

// BenchmarkBuiltin is what a start pays for the rules, hashing included.
func BenchmarkBuiltin(b *testing.B) {
	set, files := parsedBuiltin(b)
	data := string(compile(set, compiledKey(files)))
	for b.Loop() {
		files, err := embedded()
		if err != nil {
			b.Fatal(err)
		}
		got, err := openCompiled(data, compiledKey(files))
		if err != nil || len(got.Rules) != len(set.Rules) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(set.Rules)), "rules")
	b.ReportMetric(float64(len(data)), "file-bytes")
}

// BenchmarkBuiltinParsed is what a start would pay without the compiled form.
func BenchmarkBuiltinParsed(b *testing.B) {
	for b.Loop() {
		parsedBuiltin(b)
	}
}

// BenchmarkBuiltinGob and BenchmarkBuiltinJSON are the encodings of the
// standard library that the own one was measured against.
func BenchmarkBuiltinGob(b *testing.B) {
	set, _ := parsedBuiltin(b)
	var data bytes.Buffer
	if err := gob.NewEncoder(&data).Encode(set); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var got Set
		if err := gob.NewDecoder(bytes.NewReader(data.Bytes())).Decode(&got); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(data.Len()), "file-bytes")
}

func BenchmarkBuiltinJSON(b *testing.B) {
	set, _ := parsedBuiltin(b)
	data, err := json.Marshal(set)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var got Set
		if err := json.Unmarshal(data, &got); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data)), "file-bytes")
}

// BenchmarkLoadOverBuiltin is the price of a pack of one's own on top.
func BenchmarkLoadOverBuiltin(b *testing.B) {
	if _, err := Builtin(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Parse("own.txt", []byte("Acme\nZip\n"), Options{Builtin: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLongList reads a list of 100,000 terms.
func BenchmarkLongList(b *testing.B) {
	var text strings.Builder
	text.WriteString("term,owner,classes\n")
	for i := range 100_000 {
		fmt.Fprintf(&text, "Mark Number %d,Owner %d,18;25\n", i, i%100)
	}
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		set, err := Parse("long.csv", data, Options{})
		if err != nil || len(set.Rules) != 100_000 {
			b.Fatal(err)
		}
	}
}
