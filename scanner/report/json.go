package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"prescreen/scanner"
)

// encoder writes values as single JSON lines, reusing one buffer.
type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

func newEncoder() *encoder {
	e := &encoder{}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}

// line gives v as JSON ending in a line feed, valid until the next call.
func (e *encoder) line(v any) ([]byte, error) {
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return e.buf.Bytes(), nil
}

// lines writes JSON Lines, one write per line, so that a filter that reads
// them never sees half a line.
type lines struct {
	w   io.Writer
	opt Options
	enc *encoder
}

func newLines(w io.Writer, opt Options) Writer { return &lines{w, opt, newEncoder()} }

func (l *lines) put(v any) error {
	b, err := l.enc.line(v)
	if err == nil {
		_, err = l.w.Write(b)
	}
	return err
}

func (l *lines) Begin(info scanner.RunInfo) error { return l.put(wireRun(info)) }

func (l *lines) Result(r scanner.Result) error {
	if line, ok := wireListing(&r, l.opt.All); ok {
		return l.put(line)
	}
	return nil
}

func (l *lines) Unread(u scanner.Unread) error { return l.put(wireUnread(u)) }

func (l *lines) End(s scanner.Summary) error { return l.put(wireSummary(s)) }

// document writes the same objects as one JSON document, a listing per line.
// Only the unread rows are held until the listings are done.
type document struct {
	w        io.Writer
	opt      Options
	enc      *encoder
	listings int
	unread   bytes.Buffer
}

func newDocument(w io.Writer, opt Options) Writer {
	return &document{w: w, opt: opt, enc: newEncoder()}
}

// put writes before and then v, without the line feed that ends a JSON line.
func (d *document) put(to io.Writer, before string, v any) error {
	b, err := d.enc.line(v)
	if err != nil {
		return err
	}
	if _, err = io.WriteString(to, before); err != nil {
		return err
	}
	_, err = to.Write(bytes.TrimSuffix(b, []byte("\n")))
	return err
}

func (d *document) Begin(info scanner.RunInfo) error {
	if err := d.put(d.w, "{\"run\":", wireRun(info)); err != nil {
		return err
	}
	_, err := io.WriteString(d.w, ",\n\"listings\":[")
	return err
}

func (d *document) Result(r scanner.Result) error {
	listing, ok := wireListing(&r, d.opt.All)
	if !ok {
		return nil
	}
	d.listings++
	return d.put(d.w, separator(d.listings), listing)
}

func (d *document) Unread(u scanner.Unread) error {
	before := ",\n"
	if d.unread.Len() == 0 {
		before = "\n"
	}
	return d.put(&d.unread, before, wireUnread(u))
}

func (d *document) End(s scanner.Summary) error {
	if _, err := io.WriteString(d.w, "],\n\"unread\":["); err != nil {
		return err
	}
	if _, err := d.unread.WriteTo(d.w); err != nil {
		return err
	}
	if err := d.put(d.w, "],\n\"summary\":", wireSummary(s)); err != nil {
		return err
	}
	_, err := io.WriteString(d.w, "}\n")
	return err
}

// separator stands before the nth listing, n from 1.
func separator(n int) string {
	if n == 1 {
		return "\n"
	}
	return ",\n"
}
