package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"prescreen/scanner/catalog"
)

func (a *app) evidenceCommand() *cobra.Command {
	var mark, since, out string
	cmd := &cobra.Command{
		Use:   "evidence --mark MARK [--since DATE] -o DIR",
		Short: "What was known and done about a mark, and when, as a workbook and a page",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if mark == "" || out == "" {
				return errors.New("evidence: name the mark with --mark and the folder with -o")
			}
			return a.evidence(mark, since, out)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&mark, "mark", "", "canonical name of the mark, or the id of its rule")
	fs.StringVar(&since, "since", "", "only what was open since that day, YYYY-MM-DD")
	fs.StringVarP(&out, "output", "o", "", "folder for evidence.xlsx and evidence.html")
	fs.StringVar(&a.common.catalog, "catalog", "", "folder of the catalogue (default: .prescreen)")
	return cmd
}

func (a *app) evidence(mark, since, out string) error {
	return a.readCatalog(func(cat *catalog.Catalog) error {
		e, err := cat.Evidence(mark, since)
		if err != nil {
			return err
		}
		if len(e.Listings) == 0 {
			a.ui.line(a.ui.say("cli.evidence.none", "mark", plain(mark)))
			return nil
		}
		if err := a.warnUnindexed(cat); err != nil {
			return err
		}
		letters, err := a.authorisations()
		if err != nil {
			return err
		}
		sheet := newEvidenceSheet(a.ui, e, lettersFor(letters, e))
		if err := os.MkdirAll(out, 0o755); err != nil {
			return fmt.Errorf("write evidence: %w", err)
		}
		if err := writeBeside(filepath.Join(out, "evidence.xlsx"), sheet.workbook); err != nil {
			return err
		}
		if err := writeBeside(filepath.Join(out, "evidence.html"), sheet.page); err != nil {
			return err
		}
		a.ui.line(a.ui.say("cli.evidence.done", "listings", len(e.Listings), "dir", plain(out)))
		a.ui.line(a.ui.say("cli.evidence.head", "head", e.Head))
		a.ui.line(a.ui.say("evidence.head"))
		return nil
	})
}

// writeBeside writes a file beside its place and renames it once it is whole.
func writeBeside(path string, write func(io.Writer) error) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(temp.Name())
	if err := errors.Join(write(temp), temp.Chmod(0o644), temp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
