package main

import (
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
)

// progress is the bar of one stage; nil inside where stderr is no terminal.
type progress struct {
	bar    *progressbar.ProgressBar
	n      int
	before int64 // bytes of the files read before this one
}

// progress starts the bar of reading and screening, in bytes of all files.
func (u *ui) progress(files []string) *progress {
	if u.quiet || !isTerminal(u.stderr) {
		return &progress{}
	}
	total := int64(0)
	for _, path := range files {
		if info, err := os.Stat(path); err == nil {
			total += info.Size()
		}
	}
	return &progress{bar: newBar(u, plain(filepath.Base(files[0])), max(total, 1), progressbar.OptionShowBytes(true))}
}

// counter starts the bar of a stage that counts listings, whose total is told
// as it goes.
func (u *ui) counter(id string) *progress {
	if u.quiet || !isTerminal(u.stderr) {
		return &progress{}
	}
	return &progress{bar: newBar(u, u.say(id), 1, progressbar.OptionShowIts(), progressbar.OptionSetItsString("listings"))}
}

func newBar(u *ui, what string, total int64, more ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, append(more,
		progressbar.OptionSetWriter(u.stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100_000_000), progressbar.OptionSetWidth(24))...)
}

func (p *progress) file(path string) {
	if p.bar != nil {
		p.bar.Describe(plain(filepath.Base(path)))
	}
}

// listing follows the reading of a file; the bar is told in steps, because
// telling it each time would cost more than screening a short title.
func (p *progress) listing(read func() (int64, int64)) {
	if p.n++; p.bar != nil && p.n%256 == 0 {
		done, _ := read()
		_ = p.bar.Set64(p.before + done)
	}
}

// fileDone counts a file as read, whole.
func (p *progress) fileDone(read func() (int64, int64)) {
	_, size := read()
	p.before += size
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
