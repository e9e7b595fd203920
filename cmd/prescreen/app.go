package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"prescreen/scanner"
)

// Exit codes, as promised in the README.
const (
	exitClean   = 0 // ran, nothing at or above --fail-on
	exitFlagged = 1 // ran, something was
	exitFailed  = 2 // did not fully run
)

// environment is all of the outside world a run may touch beside files.
type environment struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	cacheDir       func() (string, error) // the user's folder for caches; nil: keep none
}

// app is one run of the command.
type app struct {
	environment
	ui       *ui
	settings *settings
	code     int
	common   commonFlags

	registers []*scanner.Pack // compiled packs of the run, open until its end
	inputs    []string        // files of the run, which no report replaces

	// keepDecisions takes the decisions written into an earlier workbook before
	// it is replaced; nil where no catalogue is open.
	keepDecisions func([]writtenDecision) (int, error)
}

// commonFlags are the flags that several commands share.
type commonFlags struct {
	rules       []string
	noBuiltin   bool
	marketplace string
	lang        string
	asOf        string
	catalog     string
	quiet       bool
}

// run executes one command line and returns its exit code.
func run(args []string, env environment) int {
	if env.getenv("GOGC") == "" {
		debug.SetGCPercent(400) // short runs allocate little; long ones hold little
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	a := &app{environment: env}
	a.ui = newUI(env, "en")
	root := a.root()
	root.SetArgs(a.withDefaultCommand(root, args))
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetContext(ctx)
	switch err := root.Execute(); {
	case errors.Is(err, context.Canceled):
		a.ui.failure(errors.New(a.ui.say("cli.stopped")))
		return exitFailed
	case err != nil:
		a.ui.failure(err)
		return exitFailed
	}
	return a.code
}

// fail keeps the worst exit code: 2 wins over 1.
func (a *app) fail(code int) { a.code = max(a.code, code) }

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "prescreen",
		Short:         "Screens store exports for trademarks and protected terms",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.prepare(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.common.lang, "lang", "", "language of every sentence: en or zh (default: the locale's)")
	f.BoolVar(&a.common.quiet, "quiet", false, "print errors only")
	root.AddCommand(a.scanCommand(), a.checkCommand(), a.fixCommand(), a.searchCommand(), a.suppliersCommand(), a.rulesCommand(), a.evidenceCommand(), a.catalogCommand(), a.versionCommand())
	root.AddCommand(a.historyCommands()...)
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

// withDefaultCommand makes `prescreen FILE...` mean `prescreen scan FILE...`,
// which is what dropping files on the program does.
func (a *app) withDefaultCommand(root *cobra.Command, args []string) []string {
	if len(args) == 0 {
		return args
	}
	first := args[0]
	if slices.ContainsFunc(args, func(x string) bool { return isCommand(root, x) }) && (isCommand(root, first) || strings.HasPrefix(first, "-")) {
		return args
	}
	switch {
	case first == "-h", first == "--help", strings.HasPrefix(first, "__"):
		return args
	case strings.HasPrefix(first, "-") && first != "-":
		if slices.ContainsFunc(args, fileExists) {
			return append([]string{"scan"}, args...)
		}
	case fileExists(first), strings.ContainsAny(first, "./\\"):
		return append([]string{"scan"}, args...)
	}
	return args
}

// isCommand tells whether name is a command, those of cobra itself included.
func isCommand(root *cobra.Command, name string) bool {
	return name == "help" || name == "completion" ||
		slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name || c.HasAlias(name) })
}

func fileExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// prepare reads the settings and picks the language, before any command runs.
func (a *app) prepare(cmd *cobra.Command) error {
	if err := a.fromEnvironment(cmd); err != nil {
		return err
	}
	s, err := findSettings(".")
	if err != nil {
		return err
	}
	a.settings = s
	lang := firstOf(a.common.lang, s.Lang)
	if lang == "" {
		lang = a.localeLanguage()
	}
	if _, err := scanner.LanguageFor(lang); err != nil {
		return err
	}
	quiet := a.common.quiet
	a.common.lang = lang
	a.ui = newUI(a.environment, lang)
	a.ui.quiet = quiet
	return nil
}

// fromEnvironment gives every flag that was not set its PRESCREEN_ variable.
func (a *app) fromEnvironment(cmd *cobra.Command) error {
	var errs []error
	for _, name := range flagNames(cmd) {
		variable := "PRESCREEN_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		v := a.getenv(variable)
		if flag := cmd.Flags().Lookup(name); v != "" && flag != nil && !flag.Changed {
			if err := cmd.Flags().Set(name, v); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", variable, err))
			}
		}
	}
	return errors.Join(errs...)
}

func (a *app) localeLanguage() string {
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := a.getenv(v); s != "" {
			if strings.HasPrefix(strings.ToLower(s), "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// asOf returns the date of the run: --as-of, else today.
func (a *app) asOf() (string, error) {
	if a.common.asOf == "" {
		return time.Now().Format(time.DateOnly), nil
	}
	if _, err := time.Parse(time.DateOnly, a.common.asOf); err != nil {
		return "", fmt.Errorf("--as-of %s: want a date such as 2026-11-23", a.common.asOf)
	}
	return a.common.asOf, nil
}

// catalogDir is where the catalogue lies: --catalog, the settings, else
// .prescreen beside the settings file in force or in the working directory.
func (a *app) catalogDir() string {
	dir := firstOf(a.common.catalog, a.settings.Catalog)
	if dir == "" {
		dir = filepath.Join(a.settings.dir, ".prescreen")
	}
	return dir
}

// version of the build: the module's, with the revision where it is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return releaseVersion
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return releaseVersion + "+" + s.Value[:12]
		}
	}
	return releaseVersion
}

const releaseVersion = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.stdout, "prescreen", version())
			return err
		},
	}
}
