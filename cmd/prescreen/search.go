package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"prescreen/scanner/catalog"
)

func (a *app) searchCommand() *cobra.Command {
	var opt catalog.SearchOptions
	var output string
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Look into the catalogue: who mentions it, disguised or not",
		Long: `Look into the catalogue. Words and "phrases" must all occur; -word must not; word* begins so; word~ allows a slip, word~2 two.
A word is found in disguise too (N1ke, N.I.K.E, Ni🔥ke, nikeshoes, adi das), unless --literal.
Fields: mark: rule: kind: level: supplier: store: marketplace: category: e.g. mark:nike level:>=high`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output != "" && !cmd.Flags().Changed("limit") {
				opt.Size = -1
			}
			return a.search(strings.Join(args, " "), output, opt)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	fs.BoolVar(&opt.Literal, "literal", false, "only what is spelled so, no disguises")
	fs.IntVar(&opt.Size, "limit", 20, "listings to show, -1 for all (with -o all, unless said)")
	fs.StringVarP(&output, "output", "o", "", "write the hits to this file; xlsx, jsonl or csv by its extension")
	fs.IntVar(&opt.From, "from", 0, "listings to pass over")
	return cmd
}

func (a *app) search(query, output string, opt catalog.SearchOptions) error {
	if output != "" {
		if err := hitFormat(output); err != nil {
			return err
		}
		opt.Facet = -1
	}
	cat, err := catalog.Open(a.catalogDir(), catalog.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer cat.Close()
	hits, err := cat.Search(query, opt)
	var bad *catalog.QueryError
	if errors.As(err, &bad) {
		return fmt.Errorf("%w\n  %s\n  %s^", err, query, strings.Repeat(" ", runewidth.StringWidth(string([]rune(query)[:max(0, bad.Column-1)]))))
	}
	if err != nil {
		return err
	}
	if err := a.warnUnindexed(cat); err != nil {
		return err
	}
	if output != "" {
		return a.writeHits(output, &hits)
	}
	a.ui.hits(&hits)
	return nil
}

func (u *ui) hits(h *catalog.Hits) {
	u.line(u.say("cli.search.total", "count", h.Total))
	for _, x := range h.Hits {
		marks := ""
		if len(x.Marks) > 0 {
			marks = "  (" + strings.Join(x.Marks, ", ") + ")"
		}
		u.line("")
		u.line(plain(fmt.Sprintf("%s %s  %s%s", x.Store, x.ID, u.say("level."+x.Level), marks)))
		u.line("  " + plain(x.Title))
		for _, s := range x.Snippets {
			u.line("    " + plain(s.Field) + ": " + u.snippet(&s))
		}
	}
	for _, f := range h.Facets {
		var parts []string
		for _, v := range f.Values {
			name := plain(v.Value)
			if f.Field == "level" {
				name = u.say("level." + v.Value)
			}
			parts = append(parts, fmt.Sprintf("%s %d", name, v.Count))
		}
		if len(parts) > 0 {
			u.line("")
			u.wrapped(u.say("search.facet."+f.Field), parts)
		}
	}
}

// snippet marks what was found: bold on a terminal, in brackets elsewhere.
func (u *ui) snippet(s *catalog.Snippet) string {
	open, shut := "[", "]"
	if u.color {
		open, shut = "\x1b[1m", "\x1b[0m"
	}
	return bracketed(s, open, shut)
}

// bracketed writes a snippet with marks around what was found.
func bracketed(s *catalog.Snippet, open, shut string) string {
	var b strings.Builder
	if s.CutFront {
		b.WriteString("…")
	}
	at := 0
	for _, sp := range s.Spans {
		b.WriteString(plain(s.Text[at:sp.Start]) + open + plain(s.Text[sp.Start:sp.End]) + shut)
		at = sp.End
	}
	b.WriteString(plain(s.Text[at:]))
	if s.CutBack {
		b.WriteString("…")
	}
	return b.String()
}
