package scanner

import (
	"strings"

	"prescreen/scanner/fold"
)

const longestModel = 5 // tokens of a name with its model

// formula words the part of a title that names a mark without a cue as a full
// formula: "Case for iPhone 15 Pro" from "iPhone 15 Pro case". It is empty where
// no part stands beside the name, or too much between them.
func (j *judge) formula(c *verdict) string {
	if c.use != UseCompatibility || c.fit != partFit || c.v.field.Role != Title {
		return ""
	}
	first, last := c.v.row(c.m)
	for i := range c.v.cues {
		h := &c.v.cues[i]
		if h.cue.kind != cuePart || inside(h, c.m) {
			continue
		}
		var from, to int32
		switch {
		case h.first >= last && h.first-first <= longestModel && c.v.stands(last, h.first, longestModel):
			from, to = first, h.first
		case h.last <= first && c.v.stands(h.last, first, 2):
			from, to = first, c.v.pastModels(last)
		default:
			continue
		}
		return j.worded(c, c.v.words(from, to), c.v.words(h.first, c.v.wholePart(h)))
	}
	return ""
}

// wholePart returns where a part ends that further words of parts follow at
// once: replacement ear pads.
func (v *fieldView) wholePart(h *cueHit) int32 {
	last := h.last
	for i := range v.cues {
		o := &v.cues[i]
		if (o.cue.kind == cuePart || o.cue.kind == cueAccessory) && o.first <= last && o.last > last && o.first >= h.first {
			last = o.last
		}
	}
	return last
}

// pastModels steps over the model numbers after a name.
func (v *fieldView) pastModels(at int32) int32 {
	for next := v.pastModel(at); next != at; next = v.pastModel(at) {
		at = next
	}
	return at
}

// worded fills the formula of the language, or the marketplace's own one.
func (j *judge) worded(c *verdict, name, part string) string {
	words, err := useWords()
	if err != nil {
		return ""
	}
	lang := j.language(c.v)
	text := words.formulas[lang]
	markets := j.s.opt.Marketplaces
	if len(markets) == 0 {
		markets = []string{j.listing.Marketplace}
	}
	for _, m := range markets {
		if own, ok := words.formulas[m+" "+lang]; ok {
			text = own
		}
	}
	if text == "" {
		return ""
	}
	if strings.HasPrefix(text, "{part}") && !strings.EqualFold(lang, "de") && c.v.tokens[0].Script == fold.Word {
		part = sentence(strings.ToLower(part[:1]) + part[1:])
	}
	return strings.NewReplacer("{part}", part, "{name}", name).Replace(text)
}
