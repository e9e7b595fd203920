package scanner_test

import (
	"os"
	"reflect"
	"testing"

	"prescreen/scanner"
)

// Kept tables save time and change nothing: every disguise of every name is
// judged as with tables just built.
func TestKeptTablesChangeNothing(t *testing.T) {
	set := builtinSet(t)
	tables := scanner.Tables{Dir: t.TempDir(), Build: "test"}
	fresh := builtinScreener(t)
	if _, err := scanner.New(set, scanner.Options{NoExplain: true, Tables: tables}); err != nil { // keeps them
		t.Fatal(err)
	}
	if kept, err := os.ReadDir(tables.Dir); err != nil || len(kept) != 1 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	s, err := scanner.New(set, scanner.Options{NoExplain: true, Tables: tables})
	if err != nil {
		t.Fatal(err)
	}
	kept := s.Screener()
	found := 0
	for _, m := range hidden {
		for _, d := range disguises {
			l := titled("soft " + d.hide(m[0], m[1]) + " " + m[1])
			want, got := fresh(l), kept(l)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: with kept tables %+v, without %+v", l.Fields[0].Text, got.Findings, want.Findings)
			}
			found += len(got.Findings)
		}
	}
	if found < len(hidden) {
		t.Errorf("only %d findings: nothing is shown", found)
	}
}
