// Package rules holds what prescreen screens for: rules (one protected thing
// each), packs (a file of rules), and sets (the packs of one run, merged).
// It knows nothing of listings, files of listings, or scores.
package rules

import (
	"fmt"
	"strings"
)

// Kind says what sort of protected thing a rule names.
type Kind string

// The kinds, as they appear in packs and in every output.
const (
	Trademark       Kind = "trademark"
	Character       Kind = "character"
	Generic         Kind = "generic" // a mark the public uses as the word for the goods
	GI              Kind = "gi"      // geographical indication
	Event           Kind = "event"
	Emblem          Kind = "emblem"
	Claim           Kind = "claim"
	CounterfeitTalk Kind = "counterfeit-language"
	Restricted      Kind = "restricted"
	Patent          Kind = "patent"
	AdLaw           Kind = "ad-law"
)

// Kinds lists every kind in the order reports use.
var Kinds = []Kind{Trademark, Character, Generic, GI, Event, Emblem, Claim, CounterfeitTalk, Restricted, Patent, AdLaw}

// Right says on what ground a complaint would be made.
type Right string

// The rights, as they appear in packs and in every output.
const (
	RightTrademark  Right = "trademark"
	RightCopyright  Right = "copyright"
	RightPatent     Right = "patent"
	RightRegulation Right = "regulation"
	RightPlatform   Right = "platform"
)

// Rights lists every right.
var Rights = []Right{RightTrademark, RightCopyright, RightPatent, RightRegulation, RightPlatform}

// Tier says how much effort the matcher spends on a rule and how much it trusts it.
type Tier string

// The tiers. Curated rules are matched in every form; a list (the user's own
// terms) in every form but misspelt unless asked; register marks only where the
// text spells them plainly and the gates let them through.
const (
	Curated  Tier = "curated"
	List     Tier = "list"
	Register Tier = "register"
)

// Rule is one protected thing. The zero value of every optional field means
// "not known" or "as usual for the kind".
type Rule struct {
	ID            string       `yaml:"id" json:"id"`                                 // kebab case, stable, never reused
	Mark          string       `yaml:"mark" json:"mark"`                             // canonical name, as its owner writes it
	Kind          Kind         `yaml:"kind" json:"kind"`                             //
	Right         Right        `yaml:"right" json:"right"`                           //
	Owner         string       `yaml:"owner" json:"owner,omitempty"`                 // empty when not certain
	Classes       []int        `yaml:"classes" json:"classes,omitempty"`             // Nice classes, 1-45
	Fame          string       `yaml:"fame" json:"fame,omitempty"`                   // famous, known or empty
	Status        string       `yaml:"status" json:"status,omitempty"`               // live (or empty), pending, dead
	Number        string       `yaml:"number" json:"number,omitempty"`               // registration number, register tier
	Aliases       []Alias      `yaml:"aliases" json:"aliases,omitempty"`             // other scripts, spellings, nicknames
	Lines         []Alias      `yaml:"lines" json:"lines,omitempty"`                 // product lines: phrases reported under this rule
	Works         []Alias      `yaml:"works" json:"works,omitempty"`                 // for a character or franchise: titles of its works
	Goods         []string     `yaml:"goods" json:"goods,omitempty"`                 // goods words the name protects (geographical names, patents)
	ExactCase     bool         `yaml:"exact_case" json:"exact_case,omitempty"`       // only as capitalised in mark
	Misspellings  *bool        `yaml:"misspellings" json:"misspellings,omitempty"`   // override the tier's habit
	Ordinary      *Ordinary    `yaml:"ordinary" json:"ordinary,omitempty"`           // set when the mark is also an ordinary word
	Contexts      Contexts     `yaml:"contexts" json:"contexts,omitzero"`            //
	Polarity      Polarity     `yaml:"polarity" json:"polarity,omitempty"`           // style: worse|better, inspired: worse|better
	Component     bool         `yaml:"component" json:"component,omitempty"`         // honest sellers name it for a part inside the goods (Intel, Gore-Tex)
	Base          int          `yaml:"base" json:"base,omitempty"`                   // use-risk base 1-100; 0 means the kind's own
	Replacements  Replacements `yaml:"replacements" json:"replacements,omitzero"`    //
	Enforcement   []Enforced   `yaml:"enforcement" json:"enforcement,omitempty"`     //
	Jurisdictions []string     `yaml:"jurisdictions" json:"jurisdictions,omitempty"` // ISO 3166 codes, or EU, WO
	Season        *Season      `yaml:"season" json:"season,omitempty"`               // only judged between two dates
	Why           Sentence     `yaml:"why" json:"why,omitempty"`                     // one sentence per language
	Source        string       `yaml:"source" json:"source,omitempty"`               // a name or address, or "common knowledge"
	VerifiedOn    string       `yaml:"verified_on" json:"verified_on,omitempty"`     // YYYY-MM-DD the source was opened, else empty
	Hits          []string     `yaml:"hits" json:"hits,omitempty"`                   // texts that must be found
	Misses        []string     `yaml:"misses" json:"misses,omitempty"`               // near texts that must stay silent
	Tier          Tier         `yaml:"-" json:"tier"`                                // from the pack
	Pack          string       `yaml:"-" json:"pack"`                                // name of the pack it came from
	Pos           Pos          `yaml:"-" json:"pos,omitzero"`                        // where it stands
}

// Alias is another way to write a rule's name. In YAML a bare string is enough.
type Alias struct {
	Text      string   `yaml:"text" json:"text"`
	Lang      string   `yaml:"lang" json:"lang,omitempty"`           // BCP 47 primary tag, e.g. ru
	Certainty int      `yaml:"certainty" json:"certainty,omitempty"` // 1-100 when weaker than an alias usually is
	Note      string   `yaml:"note" json:"note,omitempty"`
	Needs     []string `yaml:"needs" json:"needs,omitempty"`           // counts only when one of these words stands in the field
	ExactCase bool     `yaml:"exact_case" json:"exact_case,omitempty"` // only as capitalised here
}

// Ordinary describes a mark that is a common word too.
type Ordinary struct {
	Senses  []string `yaml:"senses" json:"senses,omitempty"`   // other meanings, for the reader
	Generic []string `yaml:"generic" json:"generic,omitempty"` // phrases in which it is the ordinary word
	Strong  []string `yaml:"strong" json:"strong,omitempty"`   // neighbours that make it the mark
}

// Contexts are words near the mention, or about the goods, that change its judgement.
type Contexts struct {
	Needs        []string `yaml:"needs" json:"needs,omitempty"`                 // judged only when one stands in the field
	OrdinaryWith []string `yaml:"ordinary_with" json:"ordinary_with,omitempty"` // neighbours that make it innocent
	SoftenWith   []string `yaml:"soften_with" json:"soften_with,omitempty"`     // phrases in which it is a milder use
	WorseIn      []string `yaml:"worse_in" json:"worse_in,omitempty"`           // goods or categories where it is worse
	Never        []string `yaml:"never" json:"never,omitempty"`                 // phrases in which it is not this rule at all
	NotIn        []string `yaml:"not_in" json:"not_in,omitempty"`               // goods or categories where the rule does not apply
	Fields       []string `yaml:"fields" json:"fields,omitempty"`               // roles of fields it is looked for in; empty: all
	Languages    []string `yaml:"languages" json:"languages,omitempty"`         // languages of fields it is looked for in; empty: all
	Marketplaces []string `yaml:"marketplaces" json:"marketplaces,omitempty"`   // where it applies; empty: everywhere
}

// Polarity tells what a qualifier such as "style" does to this rule: worse
// (the habit for a brand) or better (the cure for a claim of origin).
type Polarity map[string]string

// Replacements are what to write instead, one preferred, per language where
// the word differs.
type Replacements struct {
	Preferred string                 `yaml:"preferred" json:"preferred,omitempty"`
	Also      []string               `yaml:"also" json:"also,omitempty"`
	ByLang    map[string]Replacement `yaml:"-" json:"by_lang,omitempty"` // de: {preferred: ..., also: [...]}
}

// Replacement is the preferred word and its alternatives in one language.
type Replacement struct {
	Preferred string   `yaml:"preferred" json:"preferred"`
	Also      []string `yaml:"also" json:"also,omitempty"`
}

// Enforced records that a marketplace filters this rule by itself. Without a
// source it carries no platform risk.
type Enforced struct {
	Marketplace string `yaml:"marketplace" json:"marketplace"`
	How         string `yaml:"how" json:"how,omitempty"`         // brand-gate, word-filter, policy
	Pattern     string `yaml:"pattern" json:"pattern,omitempty"` // bare-word, any, with-claim
	Risk        int    `yaml:"risk" json:"risk,omitempty"`       // 0-100, above 59 only with source and date
	Source      string `yaml:"source" json:"source,omitempty"`
	On          string `yaml:"on" json:"on,omitempty"` // YYYY-MM-DD
}

// Season bounds a rule in time, both days included, YYYY-MM-DD; empty is open.
type Season struct {
	From  string `yaml:"from" json:"from,omitempty"`
	Until string `yaml:"until" json:"until,omitempty"`
}

// Sentence is one sentence per language; a bare YAML string is English.
type Sentence map[string]string

// In returns the sentence in lang, or "" when there is none.
func (s Sentence) In(lang string) string { return s[lang] }

// Pack describes one file of rules within a set.
type Pack struct {
	Name        string `json:"name"`
	Version     string `json:"version"`
	Description string `json:"description,omitempty"`
	Tier        Tier   `json:"tier"`
	File        string `json:"file"`
	SHA256      string `json:"sha256"` // hex, of the file's bytes
	Rules       int    `json:"rules"`  // rules it contributed
}

// Set is the rules of one run: packs merged in order, overrides and disables
// applied. It is not changed after loading, so it may be shared.
type Set struct {
	Name    string
	Version string
	SHA256  string // hex, over the packs' hashes in order
	Packs   []Pack
	Rules   []Rule // sorted by ID
}

// Pos is a place in a pack: file name, line and column, both 1-based, columns in runes.
type Pos struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// String gives file:line:col, leaving out what is not known.
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	if p.Col == 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Error is one fault of one pack: where, in which rule, and what.
type Error struct {
	Pos  Pos
	Rule string // id of the rule, when known
	Err  error
	Hint string // what to do, or ""
}

// Error gives "file:line:col: rule: what"; a hint follows on its own line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Pos.String())
	b.WriteString(": ")
	if e.Rule != "" {
		b.WriteString(e.Rule + ": ")
	}
	b.WriteString(e.Err.Error())
	if e.Hint != "" {
		b.WriteString("\n    " + e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors are all the faults found in one loading, in file order.
type Errors []*Error

// Error joins the faults, one per line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}
