package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
	"golang.org/x/term"

	"prescreen/scanner"
	"prescreen/scanner/report"
)

// ui is every line a person reads. Text from files goes through plain, so that
// nothing in it can drive the terminal.
type ui struct {
	environment
	lang     *scanner.Language
	quiet    bool
	toStderr bool // stdout holds data
	color    bool
}

func newUI(env environment, lang string) *ui {
	l, err := scanner.LanguageFor(lang)
	if err != nil {
		l, _ = scanner.LanguageFor("en")
	}
	return &ui{environment: env, lang: l, color: isTerminal(env.stdout) && env.getenv("NO_COLOR") == ""}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (u *ui) say(id string, pairs ...any) string { return u.lang.Say(id, pairs...) }

func (u *ui) out() io.Writer {
	if u.toStderr {
		return u.stderr
	}
	return u.stdout
}

// line prints one line unless told to be quiet.
func (u *ui) line(s string) {
	if !u.quiet {
		fmt.Fprintln(u.out(), s)
	}
}

// text prints a sentence wrapped at 80 columns; its later lines stand two
// columns further in than the first.
func (u *ui) text(s string) { u.line(wrappedText(s)) }

func wrappedText(s string) string {
	body := strings.TrimLeft(s, " ")
	indent := s[:len(s)-len(body)]
	return report.Wrap(indent, indent+"  ", body)
}

// note prints one message on stderr, where progress goes too.
func (u *ui) note(id string, pairs ...any) {
	if !u.quiet {
		fmt.Fprintln(u.stderr, wrappedText(u.say(id, plainPairs(pairs)...)))
	}
}

// failure prints an error; it is the one thing quiet does not silence.
func (u *ui) failure(err error) {
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(u.stderr, "prescreen:", plain(strings.TrimRight(line, "\n")))
	}
}

func plainPairs(pairs []any) []any {
	out := make([]any, len(pairs))
	for i, p := range pairs {
		if s, ok := p.(string); ok {
			p = plain(s)
		}
		out[i] = p
	}
	return out
}

// plain makes text safe for a terminal: control and direction characters are
// shown as their code, line ends as spaces.
func plain(s string) string {
	clean := true
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r == '\u200d':
			b.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, "<%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fitted cuts or pads plain text to n columns of a terminal.
func fitted(s string, n int) string {
	return runewidth.FillRight(runewidth.Truncate(plain(s), n, "…"), n)
}

var levelColors = map[scanner.Level]string{scanner.Critical: "1;31", scanner.High: "31", scanner.Medium: "33", scanner.Low: "36", scanner.None: "32"}

func (u *ui) paint(l scanner.Level, s string) string {
	if !u.color || u.toStderr {
		return s
	}
	return "\x1b[" + levelColors[l] + "m" + s + "\x1b[0m"
}

func (u *ui) levelName(l scanner.Level) string { return u.say("level." + l.String()) }

// summary prints what a scan found: levels, the worst listings with what to
// write instead, the most frequent marks, what was not checked.
func (u *ui) summary(r *scanRun) {
	if u.quiet {
		u.unread(r)
		return
	}
	s := &r.sum
	u.text(u.say("cli.summary.counts", "listings", s.Listings, "rows", s.Rows, "flagged", s.Flagged, "findings", s.Findings))
	var levels []string
	for l := scanner.Critical; l >= scanner.Low; l-- {
		levels = append(levels, u.paint(l, fmt.Sprintf("%s %d", u.levelName(l), s.Levels[l])))
	}
	u.line("  " + strings.Join(levels, "  "))
	u.worst(r.board.worst)
	if names := r.board.frequent(); len(names) > 0 {
		parts := make([]string, len(names))
		for i, n := range names {
			parts[i] = fmt.Sprintf("%s %d", plain(n), r.board.marks[n])
		}
		u.line("")
		u.wrapped(u.say("cli.summary.marks"), parts)
	}
	for _, market := range slices.Sorted(maps.Keys(r.board.stakes)) {
		if cost := u.lang.Cost(market, r.board.stakes[market]); cost != "" {
			u.text(cost)
		}
	}
	u.changes(s.History)
	for _, sentence := range s.Standing {
		u.text(sentence)
	}
	u.files(s)
	u.unread(r)
	u.text(u.say("cli.summary.not_checked", "what", strings.Join(s.NotChecked, ", ")))
	for _, o := range r.out.all {
		if o.path != "" {
			u.text(u.say("cli.report.ready", "file", plain(o.path)))
		}
	}
}

// worst prints the table of the worst listings within 80 columns.
func (u *ui) worst(list []worstListing) {
	if len(list) == 0 {
		return
	}
	u.line("")
	u.line(u.say("cli.summary.worst"))
	for _, w := range list {
		u.line("  " + u.paint(w.level, fitted(u.levelName(w.level), 9)) + fmt.Sprintf("%3d  ", w.risk) + fitted(w.words, 18) + "  " + strings.TrimRight(fitted(firstOf(w.title, w.id), 42), " "))
		u.line("                 → " + runewidth.Truncate(plain(w.instead), 61, "…"))
	}
}

// wrapped prints parts after a heading, wrapped at 80 columns.
func (u *ui) wrapped(head string, parts []string) {
	line := head
	for i, p := range parts {
		sep := ", "
		if i == 0 {
			sep = " "
		}
		if runewidth.StringWidth(line+sep+p) > 79 {
			u.line(line + strings.TrimRight(sep, " "))
			line, sep = "   ", " "
		}
		line += sep + p
	}
	u.line(line)
}

func (u *ui) changes(h *scanner.History) {
	if h == nil {
		return
	}
	u.line("")
	u.text(u.say("cli.summary.changes", "since", h.Since, "new", len(h.New), "fixed", len(h.Fixed), "back", len(h.Back), "open", len(h.Open), "gone", len(h.Gone)))
}

func (u *ui) files(s *scanner.Summary) {
	u.line("")
	for _, f := range s.Files {
		name := filepath.Base(f.File)
		if f.Sheet != "" {
			name += " [" + f.Sheet + "]"
		}
		u.text(u.say("cli.summary.file", "file", plain(name), "platform", f.Platform, "rows", f.Rows, "listings", f.Listings))
		for i, n := range f.Notes {
			if i == 5 {
				u.line(u.say("cli.summary.more_notes", "count", len(f.Notes)-5))
				break
			}
			u.text("    " + plain(n))
		}
	}
}

// unread lists what was not read; that is an error, which quiet does not silence.
func (u *ui) unread(r *scanRun) {
	if r.sum.Unread == 0 {
		return
	}
	if u.quiet {
		for _, x := range r.board.unreads {
			u.failure(errors.New(unreadLine(&x)))
		}
		return
	}
	u.text(u.say("cli.summary.unread", "count", r.sum.Unread))
	for _, x := range r.board.unreads {
		u.text("    " + plain(unreadLine(&x)))
	}
}

// unreadLine tells what was not read and why, the place only once.
func unreadLine(x *scanner.Unread) string {
	place := x.File
	if x.Sheet != "" {
		place += " [" + x.Sheet + "]"
	}
	if x.Row > 0 {
		place += fmt.Sprintf(":%d", x.Row)
	}
	why := strings.ReplaceAll(x.Err.Error(), "\n", " ")
	why = strings.TrimPrefix(why, "open "+x.File+": ")
	if strings.HasPrefix(why, place) || strings.HasPrefix(why, filepath.Base(x.File)+" ") {
		return why
	}
	return place + ": " + why
}

func hashOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}
