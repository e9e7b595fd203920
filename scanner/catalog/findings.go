package catalog

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"prescreen/scanner"
)

// Findings are kept as bytes: the form's version, their number, then every
// exported field of each in turn, a text with its length before it, a number as
// a varint, a list with its length plus one (0 for nil). JSON cost the report
// more time than screening did; ledgers of format 1 hold JSON, which is still read.
const findingsVersion = 1

// leastFinding is how many bytes a finding takes when all in it is empty.
const leastFinding = 34

var errFindings = errors.New("stored findings cannot be read")

// encodeFindings returns nil for none.
func encodeFindings(list []scanner.Finding) []byte {
	if len(list) == 0 {
		return nil
	}
	return appendFindings(make([]byte, 0, 1024*len(list)), list)
}

func appendFindings(b []byte, list []scanner.Finding) []byte {
	if len(list) == 0 {
		return b
	}
	b = binary.AppendUvarint(append(b, findingsVersion), uint64(len(list)))
	for i := range list {
		b = appendFinding(b, &list[i])
	}
	return b
}

func appendFinding(b []byte, f *scanner.Finding) []byte {
	for _, s := range [...]string{f.Rule, f.Mark, f.Kind, f.Right, f.Owner, f.Number, f.Status, f.Source,
		string(f.Role), f.Column, f.Text, string(f.Form), string(f.Use), f.Why, f.Advice, f.Preferred, f.Excused, f.Fingerprint} {
		b = appendText(b, s)
	}
	for _, n := range [...]int{f.Field, f.Row, f.Span.Start, f.Span.End, f.Rights, int(f.Level)} {
		b = binary.AppendVarint(b, int64(n))
	}
	b = appendLength(b, len(f.Also), f.Also == nil)
	for _, a := range f.Also {
		b = appendText(appendText(b, a.Rule), a.Mark)
	}
	b = appendLength(b, len(f.Classes), f.Classes == nil)
	for _, n := range f.Classes {
		b = binary.AppendVarint(b, int64(n))
	}
	for _, s := range [...]*scanner.Score{&f.Certainty, &f.UseRisk, &f.Platform} {
		b = appendScore(b, s)
	}
	for _, list := range [...][]string{f.Steps, f.Replacements} {
		b = appendLength(b, len(list), list == nil)
		for _, s := range list {
			b = appendText(b, s)
		}
	}
	return b
}

func appendScore(b []byte, s *scanner.Score) []byte {
	b = appendLength(binary.AppendVarint(b, int64(s.Points)), len(s.Parts), s.Parts == nil)
	for _, p := range s.Parts {
		b = binary.AppendVarint(appendText(b, p.For), int64(p.Points))
	}
	return b
}

func appendLength(b []byte, n int, isNil bool) []byte {
	if isNil {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(n)+1)
}

// decodeFindings reads what encodeFindings wrote, or JSON of an older ledger.
func decodeFindings(b []byte) ([]scanner.Finding, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if b[0] == '[' || b[0] == 'n' {
		var f []scanner.Finding
		err := json.Unmarshal(b, &f)
		return f, err
	}
	r := textReader{rest: string(b[1:])}
	n := r.count(leastFinding)
	if b[0] != findingsVersion || r.bad {
		return nil, errFindings
	}
	out := make([]scanner.Finding, n)
	for i := range out {
		r.finding(&out[i])
	}
	if r.bad || r.rest != "" {
		return nil, errFindings
	}
	return out, nil
}

func (r *textReader) finding(f *scanner.Finding) {
	for _, s := range [...]*string{&f.Rule, &f.Mark, &f.Kind, &f.Right, &f.Owner, &f.Number, &f.Status, &f.Source,
		(*string)(&f.Role), &f.Column, &f.Text, (*string)(&f.Form), (*string)(&f.Use), &f.Why, &f.Advice, &f.Preferred, &f.Excused, &f.Fingerprint} {
		*s = r.next()
	}
	for _, n := range [...]*int{&f.Field, &f.Row, &f.Span.Start, &f.Span.End, &f.Rights, (*int)(&f.Level)} {
		*n = r.number()
	}
	r.bad = r.bad || f.Level < scanner.None || f.Level > scanner.Critical
	if n, ok := r.length(); ok {
		f.Also = make([]scanner.Also, n)
		for i := range f.Also {
			f.Also[i] = scanner.Also{Rule: r.next(), Mark: r.next()}
		}
	}
	if n, ok := r.length(); ok {
		f.Classes = make([]int, n)
		for i := range f.Classes {
			f.Classes[i] = r.number()
		}
	}
	r.score(&f.Certainty)
	r.score(&f.UseRisk)
	r.score(&f.Platform)
	f.Steps, f.Replacements = r.texts(), r.texts()
}

func (r *textReader) score(s *scanner.Score) {
	s.Points = r.number()
	if n, ok := r.length(); ok {
		s.Parts = make([]scanner.Point, n)
		for i := range s.Parts {
			s.Parts[i] = scanner.Point{For: r.next(), Points: r.number()}
		}
	}
}

func (r *textReader) texts() []string {
	n, ok := r.length()
	if !ok {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = r.next()
	}
	return out
}

// length reads the length of a list; ok is false for nil.
func (r *textReader) length() (n int, ok bool) {
	n = r.count(1)
	return n - 1, n > 0
}

// count reads a number of things that take at least size bytes each.
func (r *textReader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.rest)/size)+1 {
		r.bad = true
		return 0
	}
	return int(n)
}

func (r *textReader) number() int {
	u := r.uvarint()
	n := int64(u >> 1)
	if u&1 != 0 {
		n = ^n
	}
	return int(n)
}

// uvarint reads one number; too long a one is bad.
func (r *textReader) uvarint() uint64 {
	var n uint64
	for i := 0; i < len(r.rest) && i < binary.MaxVarintLen64; i++ {
		c := r.rest[i]
		n |= uint64(c&0x7F) << (7 * i)
		if c < 0x80 {
			r.rest = r.rest[i+1:]
			return n
		}
	}
	r.bad = true
	return 0
}
