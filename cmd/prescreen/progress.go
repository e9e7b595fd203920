package main

import (
	"path/filepath"

	"github.com/schollz/progressbar/v3"
)

// progress is the bar of one stage; nil inside where stderr is no terminal.
type progress struct {
	bar *progressbar.ProgressBar
	n   int64
}

// progress starts the bar of reading and screening.
func (u *ui) progress(files []string) *progress {
	if u.quiet || !isTerminal(u.stderr) {
		return &progress{}
	}
	return &progress{bar: newBar(u, u.say("cli.progress.read", "file", plain(filepath.Base(files[0]))), -1)}
}

// counter starts the bar of a stage whose total is told as it goes.
func (u *ui) counter(id string) *progress {
	if u.quiet || !isTerminal(u.stderr) {
		return &progress{}
	}
	return &progress{bar: newBar(u, u.say(id), 1)}
}

func newBar(u *ui, what string, total int64) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(u.stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("listings"), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100_000_000), progressbar.OptionSetWidth(24))
}

func (p *progress) file(path string) {
	if p.bar != nil {
		p.bar.Describe(plain(filepath.Base(path)))
	}
}

// listing counts one listing; the bar is told in steps, because telling it
// each time would cost more than screening a short title.
func (p *progress) listing() {
	if p.n++; p.bar != nil && p.n%256 == 0 {
		_ = p.bar.Add(256)
	}
}

func (p *progress) set(done, total int) {
	if p.bar != nil {
		p.bar.ChangeMax(max(total, 1))
		_ = p.bar.Set(done)
	}
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
