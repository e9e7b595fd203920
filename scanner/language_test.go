package scanner

import (
	"regexp"
	"slices"
	"testing"
)

// Every language says everything English says, with the same values.
func TestLanguagesComplete(t *testing.T) {
	en, err := LanguageFor("en")
	if err != nil {
		t.Fatal(err)
	}
	hole := regexp.MustCompile(`\{[a-z_]+\}`)
	holes := func(s string) []string {
		h := hole.FindAllString(s, -1)
		slices.Sort(h)
		return slices.Compact(h)
	}
	for _, tag := range Languages() {
		l, err := LanguageFor(tag)
		if err != nil {
			t.Fatal(err)
		}
		for id, text := range en.text {
			got, ok := l.text[id]
			if !ok {
				t.Errorf("%s: no sentence for %s", tag, id)
			} else if !slices.Equal(holes(got), holes(text)) {
				t.Errorf("%s: %s has values %v, English has %v", tag, id, holes(got), holes(text))
			}
		}
		for id := range l.text {
			if _, ok := en.text[id]; !ok {
				t.Errorf("%s: %s is unknown to English", tag, id)
			}
		}
	}
}
