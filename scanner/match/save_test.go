package match

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
)

// A loaded machine finds what the built one finds; damage is an error.
func TestSaveLoad(t *testing.T) {
	names := []string{"nike", "louis vuitton", "h&m", "пума", "耐克", "calvin klein", "rolex", "air max"}
	built := Build(patternsOf(AllForms, names...), Options{Keys: testKeys})
	var buf bytes.Buffer
	if err := built.Save(&buf); err != nil {
		t.Fatal(err)
	}
	bare := slices.Clone(built.patterns)
	for i := range bare {
		bare[i].Tokens = nil // a caller who has tables does not cut names
	}
	loaded, err := Load(buf.Bytes(), bare, built.opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"nike n1ke nikee niiike", "Louis Vuitton louisvuitton l*uis vuitton", "h & m пумы 耐克鞋", "kalvin kline rolxe", "n.i.k.e airmax"} {
		want, _ := built.NewFinder(0).Find(text, testTokens(text))
		want = append([]Match(nil), want...)
		got, _ := loaded.NewFinder(0).Find(text, testTokens(text))
		if !reflect.DeepEqual(append([]Match(nil), got...), want) {
			t.Errorf("%q: loaded finds %v, built finds %v", text, got, want)
		}
		if len(want) == 0 {
			t.Errorf("%q: nothing found, so nothing is shown", text)
		}
	}
	if _, err := Load(buf.Bytes(), built.patterns[1:], built.opt); err == nil {
		t.Error("tables of other patterns were loaded")
	}
	for i := 0; i < buf.Len(); i += 1 + buf.Len()/500 {
		bad := append([]byte(nil), buf.Bytes()...)
		bad[i] ^= 0x55
		if _, err := Load(bad, built.patterns, built.opt); err == nil {
			t.Fatalf("a changed byte at %d went unseen", i)
		}
		if _, err := Load(buf.Bytes()[:i], built.patterns, built.opt); err == nil {
			t.Fatalf("a file cut at %d went unseen", i)
		}
	}
}
