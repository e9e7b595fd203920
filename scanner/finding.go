package scanner

import "prescreen/rules"

// Span is a half-open byte range of a Field's original Text.
type Span struct{ Start, End int }

// Form says how the text spells a rule's name.
type Form string

// Use says how the text uses the name.
type Use string

// The uses, from worst to mildest.
const (
	UseCounterfeit   Use = "counterfeit"
	UseImitation     Use = "imitation"
	UseGenuineClaim  Use = "genuine-claim"
	UsePlain         Use = "plain"
	UseMention       Use = "mention"
	UseCompatibility Use = "compatibility"
	UseDisclaimer    Use = "disclaimer"
	UseOrdinaryWord  Use = "ordinary-word"
)

// Level is the band of a risk: none, low, medium, high, critical.
type Level int

// The levels, lowest first.
const (
	None Level = iota
	Low
	Medium
	High
	Critical
)

var levelNames = [...]string{"none", "low", "medium", "high", "critical"}

// String gives the level's name as used in every output.
func (l Level) String() string { return levelNames[l] }

// ParseLevel returns the level called name, and whether there is one.
func ParseLevel(name string) (Level, bool) {
	for i, n := range levelNames {
		if n == name {
			return Level(i), true
		}
	}
	return None, false
}

// Point is one named part of a score.
type Point struct {
	For    string // e.g. exact, title, limit, floor: user term
	Points int    // may be negative
}

// Score is a sum of named points, 0-100; the parts sum to Points.
type Score struct {
	Points int
	Parts  []Point
}

// Also is a rule whose shorter match stands inside a longer finding.
type Also struct {
	Rule string
	Mark string
}

// Finding is one mention of one rule in one field of a listing.
type Finding struct {
	Rule   string // rule id
	Mark   string
	Also   []Also
	Kind   string
	Right  string
	Owner  string
	Number string // registration number where the rule has one
	Status string // register status where the rule has one
	Source string // what the rule rests on, and when that was opened

	Classes []int // Nice classes of the rule

	Field  int // index into Listing.Fields
	Role   Role
	Column string
	Row    int  // 1-based physical row
	Span   Span // bytes of the field's original text
	Text   string

	Form      Form
	Use       Use
	Certainty Score // does the text really mention this rule, 0-100
	UseRisk   Score // how bad is the use if it does, 0-100
	Platform  Score // would the marketplace's own filter strike it, 0-100
	Rights    int   // round(certainty x use risk / 100)
	Level     Level

	Steps        []string // how a disguised spelling was undone, in order
	Why          string   // one sentence
	Advice       string   // one sentence
	Replacements []string
	Preferred    string
	Excused      string // reason when kept at level none on purpose, else ""
	Fingerprint  string // hex: store + listing + rule + role + folded text

	cue     string         // the word that decided the use
	fit     fit            // how complete a compatibility formula is
	formula string         // a title reworded so that it says what the goods fit
	listed  bool           // a term of the user's own list
	ruleWhy rules.Sentence // the rule's own reason
	entry   *registered    // of a register: what to look up there
}

// Result is one screened listing.
type Result struct {
	Listing  Listing
	Findings []Finding // sorted by field, span, rule
	Level    Level     // of the worst finding
	Rights   int       // of the worst finding
	Platform int
	Notes    []string // e.g. work bounded in a huge field
}

// RunInfo is what a report says about the run itself, known before the first listing.
type RunInfo struct {
	Tool        string
	Version     string
	AsOf        string // YYYY-MM-DD
	Packs       []PackInfo
	Marketplace string // as asked, or auto
	Lang        string // en, zh
	FailOn      string
}

// PackInfo names one pack of the run.
type PackInfo struct {
	Name    string
	Version string
	SHA256  string
	Rules   int
}

// Summary is the count of a whole run, known at its end.
type Summary struct {
	Listings   int // listings screened
	Rows       int
	Flagged    int // listings with a finding at low or above
	Findings   int // findings at low or above
	Excused    int
	Unread     int
	Levels     map[Level]int // listings by level, low and above
	Files      []FileFacts
	NotChecked []string
	ElapsedMS  int64
	History    *History // what changed since an earlier scan, nil when there is none
	Standing   []string // sentences: what is excused, how old and how severe; what ends soon; how often findings were right
}

// History is what changed since an earlier scan of the same stores. It is
// filled by the catalogue and printed by reports.
type History struct {
	Since   string // date of the earlier scan, YYYY-MM-DD
	SinceID string
	New     []Change
	Fixed   []Change
	Back    []Change
	Open    []Change
	Excused []Change
	Gone    []Change
	Trend   []TrendPoint // oldest first

	SupplierTrend map[string][]TrendPoint // of each supplier that has or had open findings, oldest first
}

// Change is one finding in the light of an earlier scan.
type Change struct {
	Store, ListingID, Title, Supplier string
	Rule, Mark, Text                  string
	Role                              Role
	Level                             Level
	FirstSeen                         string // YYYY-MM-DD
	Days                              int    // days open as of the run
	Fingerprint                       string
}

// TrendPoint counts the open findings after one scan.
type TrendPoint struct {
	Date   string
	Levels map[Level]int
}
