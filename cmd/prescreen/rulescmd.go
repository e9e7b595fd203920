package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"prescreen/rules"
	"prescreen/scanner"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rules", Short: "List, show, check and test rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	list := &cobra.Command{Use: "list [WORD]", Short: "List rules, of all packs or those that hold a word", Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.rulesList(strings.Join(args, "")) }}
	show := &cobra.Command{Use: "show ID", Short: "Show one rule: where it stands and everything it says", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.rulesShow(args[0]) }}
	lint := a.lintCommand()
	test := &cobra.Command{Use: "test [FILE...]", Short: "Screen every rule's hits and misses", Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return a.rulesTest(args) }}
	schema := &cobra.Command{Use: "schema", Short: "Print the JSON Schema of a pack", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b, err := rules.Schema()
			if err == nil {
				_, err = a.stdout.Write(b)
			}
			return err
		}}
	for _, c := range []*cobra.Command{list, show, test} {
		a.ruleFlags(c)
	}
	cmd.AddCommand(list, show, lint, test, schema)
	cmd.AddCommand(a.registerCommands()...)
	cmd.AddCommand(a.previewCommands()...)
	return cmd
}

func (a *app) rulesList(word string) error {
	set, err := a.loadRules()
	if err != nil {
		return err
	}
	word = strings.ToLower(word)
	n := 0
	for i := range set.Rules {
		r := &set.Rules[i]
		if word != "" && !strings.Contains(strings.ToLower(r.ID+" "+r.Mark+" "+r.Pack+" "+string(r.Kind)), word) {
			continue
		}
		n++
		a.ui.line(fitted(r.ID, 34) + "  " + fitted(r.Mark, 26) + "  " + fitted(string(r.Kind), 12) + "  " + r.Pack)
	}
	a.ui.line(a.ui.say("cli.rules.count", "count", n, "packs", len(set.Packs)))
	if word == "" {
		a.ui.packCounts(set)
	}
	return nil
}

// packCounts tells how many rules each pack contributes.
func (u *ui) packCounts(set *rules.Set) {
	parts := make([]string, len(set.Packs))
	for i, p := range set.Packs {
		parts[i] = fmt.Sprintf("%s %d", plain(p.Name), p.Rules)
	}
	u.wrapped(u.say("cli.rules.packs"), parts)
}

// rulesShow prints a rule with the place each of its values came from.
func (a *app) rulesShow(id string) error {
	set, err := a.loadRules()
	if err != nil {
		return err
	}
	paths, builtin := a.settings.packPaths()
	_, paths = registerPaths(append(paths, a.common.rules...))
	history, err := rules.Trace(id, paths, rules.Options{Builtin: builtin && !a.common.noBuiltin})
	if err != nil {
		return err
	}
	for i := range set.Rules {
		if r := &set.Rules[i]; r.ID == id {
			a.ui.line(a.ui.say("cli.rules.stands", "pack", r.Pack, "place", r.Pos.String()))
			return a.printRule(r, history)
		}
	}
	if history.Gone {
		off := history.Disabled[len(history.Disabled)-1]
		return fmt.Errorf("rule %s is left out by pack %s, %s", id, off.Pack, off.Pos)
	}
	return fmt.Errorf("no rule is called %q: prescreen rules list WORD finds ids", id)
}

// printRule writes the rule as a pack would say it; beside each key, as a
// comment, the file and line its value came from.
func (a *app) printRule(r *rules.Rule, history *rules.History) error {
	shown := *r
	shown.Pack, shown.Pos = "", rules.Pos{} // in the line above and the comments
	b, err := json.Marshal(&shown)
	if err != nil {
		return fmt.Errorf("show rule %s: %w", r.ID, err)
	}
	if b, err = yaml.JSONToYAML(b); err != nil {
		return fmt.Errorf("show rule %s: %w", r.ID, err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		key, _, _ := strings.Cut(line, ":")
		origin, ok := history.At(key)
		switch {
		case line == `pack: ""`:
		case ok:
			a.ui.line(plain(line) + "  # " + plain(origin.String()))
		default:
			a.ui.line(plain(line))
		}
	}
	return nil
}

// named loads the files given, else what a scan would load.
func (a *app) named(files []string) (*rules.Set, error) {
	if len(files) == 0 {
		return a.loadRules()
	}
	return rules.Load(files, rules.Options{Builtin: a.extendsBuiltin(files)})
}

// extendsBuiltin tries the files alone first: a pack that stands alone is
// tested alone, one that extends another needs the built-in packs below it.
func (a *app) extendsBuiltin(files []string) bool {
	_, err := rules.Load(files, rules.Options{})
	return err != nil
}

func (a *app) rulesTest(files []string) error {
	set, err := a.named(files)
	if err != nil {
		return err
	}
	faults, err := scanner.Prove(set)
	if err != nil {
		return err
	}
	for _, f := range faults {
		a.ui.line(plain(f.String()))
	}
	a.ui.line(a.ui.say("cli.rules.test", "rules", len(set.Rules), "count", len(faults)))
	if len(faults) > 0 {
		a.fail(exitFlagged)
	}
	return nil
}
