package match

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

//go:embed morphology.txt
var morphologyTable string

// morphology lists, per script, the endings a name takes.
var morphology = readMorphology(morphologyTable)

func readMorphology(table string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(table) {
		name, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if ok && !strings.HasPrefix(name, "#") {
			m[name] = strings.Fields(list)
		}
	}
	return m
}

var (
	latinEndings    = morphology["latin"]
	cyrillicEndings = morphology["cyrillic"]
	arabicBefore    = morphology["arabic-before"]
	hangulParticles = setOf(morphology["hangul"])
)

func setOf(list []string) map[string]bool {
	s := make(map[string]bool, len(list))
	for _, w := range list {
		s[w] = true
	}
	return s
}

// addStems enters the stem of a Cyrillic name, which is the name without the
// vowel its endings replace: Пума is found as пумы.
func (m *Machine) addStems(id int32, key string) {
	r, size := utf8.DecodeLastRuneInString(key)
	if r < 0x0400 || r > 0x052F || m.words[id].runes < 3 {
		return
	}
	m.stems.add(key, id)
	if strings.ContainsRune("аяоеийьы", r) && m.words[id].runes >= 4 {
		m.stems.add(key[:len(key)-size], id)
	}
}

// endings appends the names that a token is an inflection of.
func (m *Machine) endings(out []candidate, w *spelling) []candidate {
	last, _ := utf8.DecodeLastRuneInString(w.folded)
	switch {
	case last >= 'a' && last <= 'z':
		for _, e := range latinEndings {
			if s, ok := strings.CutSuffix(w.folded, e); ok && len(s) >= 4 {
				out = m.appendInflected(out, s, w)
			}
		}
	case last >= 0x0400 && last <= 0x052F && m.stems.keys.len() > 0:
		for _, e := range cyrillicEndings {
			s, ok := strings.CutSuffix(w.folded, e)
			if !ok || utf8.RuneCountInString(s) < 3 {
				continue
			}
			for _, id := range m.stems.of(nil, s) {
				out = append(out, candidate{id: id, form: Inflected, to: uint16(len(w.raw))})
			}
		}
	case last >= 0x0600 && last <= 0x06FF:
		for _, e := range arabicBefore {
			if s, ok := strings.CutPrefix(w.folded, e); ok && utf8.RuneCountInString(s) >= 3 {
				out = m.appendInflected(out, s, w)
			}
		}
	}
	return out
}

func (m *Machine) appendInflected(out []candidate, stem string, w *spelling) []candidate {
	if id := m.vocab.find(stem); id >= 0 && m.words[id].forms.Has(Inflected) {
		out = append(out, candidate{id: id, form: Inflected, to: uint16(len(w.raw))})
	}
	return out
}
