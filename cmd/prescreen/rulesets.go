package main

import (
	"strings"

	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/scanner"
)

// ruleFlags adds the flags that choose rules.
func (a *app) ruleFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&a.common.rules, "rules", nil, "a pack (YAML), list (CSV, TXT, XLSX) or compiled pack (.pack) of your own; may be repeated")
	f.BoolVar(&a.common.noBuiltin, "no-builtin", false, "leave the built-in packs out")
}

// loadRules merges the built-in packs, those of the settings and those of --rules.
func (a *app) loadRules() (*rules.Set, error) {
	paths, builtin := a.settings.packPaths()
	if a.common.noBuiltin {
		builtin = false
	}
	packs, paths := registerPaths(append(paths, a.common.rules...))
	set, err := a.loadSources(paths, builtin)
	if err != nil {
		return nil, err
	}
	return a.openRegisters(set, packs)
}

// loadSources loads packs and lists that are text or tables.
func (a *app) loadSources(paths []string, builtin bool) (*rules.Set, error) {
	if builtin && len(paths) == 0 {
		return rules.Builtin()
	}
	return rules.Load(paths, rules.Options{Builtin: builtin, Warn: a.warner(), Kept: a.keptRules()})
}

// warner shows the first warnings of one loading.
func (a *app) warner() func(rules.Warning) {
	warned := 0
	return func(w rules.Warning) {
		if warned++; warned <= warningsShown {
			a.ui.note("cli.rules.warning", "text", w.String())
		}
	}
}

const warningsShown = 8

// loadScanner loads the rules in force and builds the scanner for them.
func (a *app) loadScanner() (set *rules.Set, s *scanner.Scanner, asOf string, err error) {
	if asOf, err = a.asOf(); err != nil {
		return nil, nil, "", err
	}
	if set, err = a.loadRules(); err != nil {
		return nil, nil, "", err
	}
	s, err = a.newScanner(set, asOf)
	return set, s, asOf, err
}

// newScanner builds the scanner from flags and settings.
func (a *app) newScanner(set *rules.Set, asOf string) (*scanner.Scanner, error) {
	return scanner.New(set, scanner.Options{
		Lang: a.common.lang, AsOf: asOf, Marketplaces: a.marketplaces(), OwnBrands: a.settings.OwnBrands,
		Points: a.settings.points(), Levels: a.settings.thresholds(), Fields: a.settings.roles(), Tables: a.tables(), Registers: a.registers,
	})
}

// marketplaces are where the listings will be sold: --marketplace, else the
// settings, else none, which means each listing's own.
func (a *app) marketplaces() []string {
	switch {
	case a.common.marketplace != "":
		return []string{a.common.marketplace}
	case len(a.settings.SellOn) > 0:
		return a.settings.SellOn
	case a.settings.Marketplace != "":
		return []string{a.settings.Marketplace}
	}
	return nil
}

// packNames gives name and version of each pack.
func packNames(set *rules.Set) []string {
	out := make([]string, len(set.Packs))
	for i, p := range set.Packs {
		out[i] = strings.TrimSpace(p.Name + " " + p.Version)
	}
	return out
}

func packInfos(set *rules.Set) []scanner.PackInfo {
	out := make([]scanner.PackInfo, len(set.Packs))
	for i, p := range set.Packs {
		out[i] = scanner.PackInfo{Name: p.Name, Version: p.Version, SHA256: p.SHA256, Rules: p.Rules}
	}
	return out
}
