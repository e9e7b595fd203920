package fold

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

// What the tables hold is a single letter beyond ASCII that stays itself when
// decomposed: anything else would never be looked up.
func TestLookalikesAreReached(t *testing.T) {
	if len(lookalike) < 400 {
		t.Errorf("only %d letters", len(lookalike))
	}
	for r, c := range lookalike {
		if r < utf8.RuneSelf || c < 'a' || c > 'z' {
			t.Errorf("%q looks like %q", r, c)
		}
		if d := takeApart(string(r)); d != string(r) {
			t.Errorf("%q decomposes to %q and needs no line", r, d)
		}
		if unicode.Is(unicode.Mn, r) || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Arabic) {
			t.Errorf("%q is of a script that takes no part in words of letters", r)
		}
	}
}

// Every script people borrow from writes one mark.
func TestLookalikeScripts(t *testing.T) {
	for _, word := range []string{"Νike", "Nіke", "NΙΚE", "ꓠike", "Niꮶe", "Nikе", "ΝІΚΕ", "Иike", "nιkε", "ռike", "Nⲓke", "ℕ𝕚𝕜𝕖", "Ｎｉｋｅ", "ᴎike", "n𝐢ke", "niκe", "NᏆKE", "niᴋe", "ɴike", "nɨke", "Ɲike"} {
		if got, _ := Reduce(word); got != "nike" {
			t.Errorf("Reduce(%q) = %q", word, got)
		}
	}
}

// A sigma that looks like a c is one, whatever stands beside it.
func TestLunateSigma(t *testing.T) {
	for text, want := range map[string]string{"Balanϲe": "baiance", "Laոϲоme": "iancome", "ϹＯＡϹＨ": "coach"} {
		if got, _ := Reduce(text); got != want {
			t.Errorf("Reduce(%q) = %q, want %q", text, got, want)
		}
	}
}
