package scanner

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"
)

// The judgement's data: cue words, goods words, related classes and points.
// Files are line based ("key: a | b | c") because they are read at every
// start, and a start must cost milliseconds.
//
//go:embed words
var wordsFS embed.FS

// side is where a cue must stand relative to a name.
type side uint8

const (
	before side = iota
	after
	near
	anywhere
)

// cueKind is what a cue says about the name beside it.
type cueKind uint8

const (
	cueCompatible cueKind = iota
	cueFits
	cueImitation
	cueCounterfeit
	cueGenuine
	cueDisclaimer
	cueMention
	cueAccessory
	cuePart
	cueNone
	cueOrigin
	cueSubstitute
	cueExtra
	cueEquivalent
	cueWare
)

var cueKinds = map[string]cueKind{
	"compatible": cueCompatible, "fits": cueFits, "imitation": cueImitation, "counterfeit": cueCounterfeit,
	"genuine": cueGenuine, "disclaimer": cueDisclaimer, "mention": cueMention, "accessory": cueAccessory, "part": cuePart, "none": cueNone, "origin": cueOrigin, "substitute": cueSubstitute, "extra": cueExtra, "equivalent": cueEquivalent, "ware": cueWare,
}

var sides = map[string]side{"before": before, "after": after, "near": near, "field": anywhere, "any": anywhere}

// cue is one group of cue phrases.
type cue struct {
	kind    cueKind
	side    side
	window  int // tokens between cue and name at most
	lang    string
	phrases []string
}

// goodsWord is a word or phrase of goods and the Nice classes it speaks for.
type goodsWord struct {
	text    string
	classes classSet
	lang    string
}

// vocabularyOfUse is everything the words folder holds, read once.
type vocabularyOfUse struct {
	cues    []cue
	goods   []goodsWord
	related map[[2]int]bool
	points  map[string]int
	titles  map[string]int // marketplace -> most characters of a title
	units   map[string]bool
	senses  senses

	columns   []string           // parts of names of columns whose cells say what the goods fit
	penalties map[string]penalty // by marketplace
	formulas  map[string]string  // "en", or "mercadolibre es": how a title says what its goods fit

	touching touchingCues // some of cues
}

var useWords = sync.OnceValues(readWords)

func readWords() (*vocabularyOfUse, error) {
	v := &vocabularyOfUse{related: map[[2]int]bool{}, points: map[string]int{}, titles: map[string]int{}, units: map[string]bool{}, formulas: map[string]string{}, penalties: map[string]penalty{}, senses: senses{names: map[string][]string{}, with: map[string][]string{}}}
	entries, err := fs.ReadDir(wordsFS, "words")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := wordsFS.ReadFile("words/" + e.Name())
		if err != nil {
			return nil, err
		}
		if err := v.readFile(e.Name(), string(b)); err != nil {
			return nil, err
		}
	}
	v.touching = touchingOf(v.cues)
	return v, nil
}

func (v *vocabularyOfUse) readFile(name, text string) error {
	kind, lang, _ := strings.Cut(strings.TrimSuffix(name, ".txt"), ".")
	read := map[string]func(key, value string) error{
		"cues":      func(key, value string) error { return v.addCue(lang, key, value) },
		"goods":     func(key, value string) error { return v.addGoods(lang, key, value) },
		"points":    func(key, value string) error { return addNumber(v.points, key, value) },
		"units":     v.addUnits,
		"penalties": v.addPenalty,
		"columns": func(_, value string) error {
			for _, p := range phrases(value) {
				v.columns = append(v.columns, foldPhrase(p))
			}
			return nil
		},
		"senses":   v.senses.add,
		"formulas": func(key, value string) error { v.formulas[key] = value; return nil },
		"titles":   func(key, value string) error { return addNumber(v.titles, key, value) },
		"classes":  nil,
	}[kind]
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		err := error(nil)
		switch {
		case kind == "classes":
			err = v.addRelated(line)
		case read != nil:
			i := strings.LastIndex(line, ": ")
			if kind != "points" && kind != "titles" {
				i = strings.Index(line, ": ")
			}
			if i < 0 {
				err = fmt.Errorf("no %q in %q", ": ", line)
			} else {
				err = read(line[:i], line[i+2:])
			}
		}
		if err != nil {
			return fmt.Errorf("words/%s:%d: %w", name, n, err)
		}
	}
	return nil
}

func phrases(list string) []string {
	var out []string
	for p := range strings.SplitSeq(list, " | ") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func (v *vocabularyOfUse) addCue(lang, key, value string) error {
	f := strings.Fields(key)
	if len(f) != 3 {
		return fmt.Errorf("want \"kind side window\", have %q", key)
	}
	kind, ok := cueKinds[f[0]]
	if !ok {
		return fmt.Errorf("unknown cue kind %q", f[0])
	}
	where, ok := sides[f[1]]
	if !ok {
		return fmt.Errorf("unknown side %q", f[1])
	}
	window, err := strconv.Atoi(f[2])
	if err != nil {
		return fmt.Errorf("window %q is no number", f[2])
	}
	v.cues = append(v.cues, cue{kind, where, window, lang, phrases(value)})
	return nil
}

func (v *vocabularyOfUse) addGoods(lang, key, value string) error {
	var set classSet
	for _, f := range strings.Fields(key) {
		class, err := strconv.Atoi(f)
		if err != nil || class < 1 || class > 45 {
			return fmt.Errorf("%q is no Nice class", f)
		}
		set |= 1 << class
	}
	for _, p := range phrases(value) {
		v.goods = append(v.goods, goodsWord{p, set, lang})
	}
	return nil
}

func (v *vocabularyOfUse) addUnits(_, value string) error {
	for _, u := range phrases(value) {
		v.units[u] = true
	}
	return nil
}

func addNumber(to map[string]int, key, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil {
		return fmt.Errorf("%q is no whole number", value)
	}
	to[key] = n
	return nil
}

func (v *vocabularyOfUse) addRelated(line string) error {
	var classes []int
	for _, f := range strings.Fields(line) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return fmt.Errorf("%q is no Nice class", f)
		}
		classes = append(classes, n)
	}
	for _, a := range classes {
		for _, b := range classes {
			v.related[[2]int{a, b}] = true
		}
	}
	return nil
}
