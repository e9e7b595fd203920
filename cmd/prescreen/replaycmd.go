package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"prescreen/rules"
	"prescreen/scanner/catalog"
)

// replay tells what would have become of past notices.
func (a *app) replay(ctx context.Context, path string) error {
	in, err := readNotices(path)
	if err != nil {
		return err
	}
	set, s, asOf, err := a.loadScanner()
	if err != nil {
		return err
	}
	return a.readCatalog(func(cat *catalog.Catalog) error {
		if err := a.warnUnindexed(cat); err != nil {
			return err
		}
		list, err := cat.Replay(ctx, s, in.list, brandNames(set))
		if err != nil {
			return err
		}
		a.ui.replay(list)
		if len(in.rights) > 0 {
			a.ui.note("replay.rights", "list", plain(strings.Join(in.rights, "; ")))
		}
		for _, f := range in.faults {
			a.ui.failure(f)
			a.fail(exitFailed)
		}
		return a.draft(path, asOf, list)
	})
}

// companyWords say what sort of company an owner is, and no more.
var companyWords = map[string]bool{"inc": true, "incorporated": true, "llc": true, "ltd": true, "limited": true, "corp": true, "corporation": true, "co": true, "company": true, "gmbh": true, "ag": true,
	"kg": true, "se": true, "sa": true, "sas": true, "sarl": true, "spa": true, "srl": true, "bv": true, "nv": true, "plc": true, "ab": true, "as": true, "oy": true, "kk": true, "cv": true, "ip": true, "holdings": true, "group": true, "international": true}

// withoutCompany takes the words for a sort of company off the end of an
// owner's name: notices often name "Nike, Inc." where a rule says Nike.
func withoutCompany(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == ',' })
	for len(words) > 1 && companyWords[bareName(words[len(words)-1])] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// brandNames tells whether a rule is about a brand: its mark, another name of
// it, or its owner.
func brandNames(set *rules.Set) func(rule, mark, brand string) bool {
	known := map[string]*rules.Rule{}
	for i := range set.Rules {
		known[set.Rules[i].ID] = &set.Rules[i]
	}
	return func(rule, mark, brand string) bool {
		if plainBrand := withoutCompany(brand); plainBrand != brand && catalog.SameName(mark, plainBrand) || catalog.SameName(mark, brand) {
			return true
		}
		r := known[rule]
		if r == nil {
			return false
		}
		for _, list := range [][]rules.Alias{r.Aliases, r.Lines, r.Works} {
			for i := range list {
				if catalog.SameName(list[i].Text, brand) {
					return true
				}
			}
		}
		return catalog.SameName(r.Mark, brand) || catalog.SameName(withoutCompany(r.Owner), withoutCompany(brand))
	}
}

// replay prints each notice with its outcome, then the share caught.
func (u *ui) replay(list []catalog.Replayed) {
	count := map[catalog.Outcome]int{}
	for i := range list {
		r := &list[i]
		count[r.Outcome]++
		u.line(plain(fmt.Sprintf("%s  %s  %s %s", r.Date, fitted(r.Brand, 18), r.Store, firstOf(r.ID, r.Title))))
		level := ""
		if r.Rule != "" {
			level = u.levelName(r.Level)
		}
		days := r.Days
		if r.Outcome == catalog.After {
			days = -days
		}
		u.line("    " + plain(u.say("replay."+string(r.Outcome), "rule", r.Rule, "level", level, "text", r.Text, "days", days, "found", r.Found)))
	}
	caught := count[catalog.Before] + count[catalog.After] + count[catalog.Now]
	known := len(list) - count[catalog.Unknown]
	percent := 0
	if known > 0 {
		percent = (200*caught + known) / (2 * known)
	}
	u.line("")
	u.line(u.say("replay.share", "caught", caught, "of", known, "percent", percent))
	u.line(u.say("replay.split", "before", count[catalog.Before], "after", count[catalog.After], "now", count[catalog.Now], "missed", count[catalog.Missed], "unknown", count[catalog.Unknown]))
}

// draft writes rules for what was missed beside the notices. A draft that is
// there already may have been edited: it stays.
func (a *app) draft(path, asOf string, list []catalog.Replayed) error {
	drafts := draftsOf(list)
	if len(drafts) == 0 {
		return nil
	}
	data, err := draftPack(drafts, asOf)
	if err != nil {
		return err
	}
	place := path + ".drafts.yaml"
	for n := 2; fileExists(place); n++ {
		place = numbered(path+".drafts.yaml", n)
	}
	err = writeBeside(place, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(data))
		return err
	})
	if err == nil {
		a.ui.line(a.ui.say("replay.drafts", "count", len(drafts), "file", plain(place)))
	}
	return err
}
