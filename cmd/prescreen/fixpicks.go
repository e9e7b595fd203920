package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"prescreen/scanner"
	"prescreen/scanner/report"
)

// picks are the candidates a person chose instead of the preferred one.
type picks []*pick

// pick is one choice: the candidate with a number, counted from 1 in the order
// of the finding's replacements, or 0 to delete the words.
type pick struct {
	said        string // as the user gave it
	fingerprint string // its first digits or all
	number      int
	met         map[string]bool // fingerprints it was meant for
}

const (
	deletePick     = 0
	shortestPrefix = 6 // digits of a fingerprint that may name it
)

// readPicks reads the values of --pick: FINGERPRINT=NUMBER, FINGERPRINT=delete,
// or a diff sheet (XLSX, CSV) with its Pick column filled in.
func readPicks(values []string) (picks, error) {
	var out picks
	for _, v := range values {
		fingerprint, choice, single := strings.Cut(v, "=")
		if single && !fileExists(v) {
			p, err := newPick(v, fingerprint, choice)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
			continue
		}
		list, err := report.ReadPicks(v)
		if err != nil {
			return nil, fmt.Errorf("--pick %s: %w", v, err)
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("--pick %s: nothing stands in its Pick column", v)
		}
		for _, x := range list {
			p, err := newPick(fmt.Sprintf("%s, row %d", v, x.Row), x.Fingerprint, x.Choice)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func newPick(said, fingerprint, choice string) (*pick, error) {
	p := &pick{said: said, fingerprint: strings.ToLower(strings.TrimSpace(fingerprint)), met: map[string]bool{}}
	if len(p.fingerprint) < shortestPrefix || strings.Trim(p.fingerprint, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("--pick %s: %q is no fingerprint; copy at least %d of its digits from the diff sheet", said, fingerprint, shortestPrefix)
	}
	choice = strings.TrimSpace(choice)
	if strings.EqualFold(choice, report.PickDelete) {
		return p, nil
	}
	n, err := strconv.Atoi(choice)
	if err != nil || n < 0 {
		return nil, fmt.Errorf("--pick %s: want the number of a candidate, or %s", said, report.PickDelete)
	}
	p.number = n
	return p, nil
}

// of returns the pick for a finding, nil if there is none. Of several the last
// counts.
func (ps picks) of(f *scanner.Finding) *pick {
	for _, p := range slices.Backward(ps) {
		if strings.HasPrefix(f.Fingerprint, p.fingerprint) {
			p.met[f.Fingerprint] = true
			return p
		}
	}
	return nil
}

// unmet tells of picks that named no finding, or more than one.
func (ps picks) unmet() error {
	var errs []error
	for i, p := range ps {
		later := slices.ContainsFunc(ps[i+1:], func(o *pick) bool { return strings.HasPrefix(p.fingerprint, o.fingerprint) })
		switch {
		case len(p.met) == 0 && !later:
			errs = append(errs, fmt.Errorf("--pick %s: no finding of this file has the fingerprint %s", p.said, p.fingerprint))
		case len(p.met) > 1:
			errs = append(errs, fmt.Errorf("--pick %s: %d findings have fingerprints that begin so; give more digits", p.said, len(p.met)))
		}
	}
	return errors.Join(errs...)
}

// take marks what was picked in the findings of a listing: the candidate as the
// preferred one, at a level that is corrected. It returns which findings are to
// be deleted.
func (ps picks) take(r *scanner.Result, least scanner.Level) (deleted map[int]bool, err error) {
	for i := range r.Findings {
		f := &r.Findings[i]
		p := ps.of(f)
		if p == nil {
			continue
		}
		f.Level, f.Excused = max(f.Level, least), ""
		if f.Use == scanner.UseCompatibility {
			f.Use = scanner.UsePlain // a person has read it and wants other words
		}
		switch {
		case p.number == deletePick:
			f.Preferred = ""
			if deleted == nil {
				deleted = map[int]bool{}
			}
			deleted[i] = true
		case p.number > len(f.Replacements):
			return nil, fmt.Errorf("--pick %s: %q has %d candidates", p.said, f.Text, len(f.Replacements))
		default:
			f.Preferred = f.Replacements[p.number-1]
		}
	}
	return deleted, nil
}
