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

var hangulParticles = setOf(morphology["hangul"])

func setOf(list []string) map[string]bool {
	s := make(map[string]bool, len(list))
	for _, w := range list {
		s[w] = true
	}
	return s
}

// stem is a name without the vowel its endings replace.
type stem struct {
	id  int32
	cut bool // a vowel was cut off: a bare stem is not the name
}

// addStems enters the stem of a Cyrillic name: Пума is found as пумы.
func (m *Machine) addStems(id int32, key string) {
	r, size := utf8.DecodeLastRuneInString(key)
	if r < 0x0400 || r > 0x052F || m.words[id].runes < 3 {
		return
	}
	m.stems[key] = append(m.stems[key], stem{id, false})
	if strings.ContainsRune("аяоеийьы", r) && m.words[id].runes >= 4 {
		s := key[:len(key)-size]
		m.stems[s] = append(m.stems[s], stem{id, true})
	}
}

// inflected returns the vocabulary ids that folded is an inflection of.
func (m *Machine) inflected(dst []int32, folded string) []int32 {
	last, _ := utf8.DecodeLastRuneInString(folded)
	switch {
	case last >= 'a' && last <= 'z':
		for _, e := range morphology["latin"] {
			if s, ok := strings.CutSuffix(folded, e); ok && len(s) >= 4 {
				dst = m.appendInflected(dst, s)
			}
		}
	case last >= 0x0400 && last <= 0x052F:
		for _, e := range morphology["cyrillic"] {
			s, ok := strings.CutSuffix(folded, e)
			if !ok || utf8.RuneCountInString(s) < 3 {
				continue
			}
			for _, st := range m.stems[s] {
				dst = append(dst, st.id)
			}
		}
	case last >= 0x0600 && last <= 0x06FF:
		for _, e := range morphology["arabic-before"] {
			if s, ok := strings.CutPrefix(folded, e); ok && utf8.RuneCountInString(s) >= 3 {
				dst = m.appendInflected(dst, s)
			}
		}
	}
	return dst
}

func (m *Machine) appendInflected(dst []int32, s string) []int32 {
	if id := m.vocab.find(s); id >= 0 && m.words[id].forms.Has(Inflected) {
		dst = append(dst, id)
	}
	return dst
}
