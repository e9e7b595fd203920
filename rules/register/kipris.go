package register

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"prescreen/rules"
)

// The Korean register comes as JSON: one array of objects, or one object after
// another.

// kiprisEntry is what is of interest of one object.
type kiprisEntry struct {
	Korean       string   `json:"productName"`
	English      string   `json:"productNameEng"`
	Application  string   `json:"applicationNumber"`
	Filed        string   `json:"applicationDate"`
	Status       string   `json:"registerStatus"`
	Registration []string `json:"registrationNumber"`
	Registered   []string `json:"registrationDate"`
	Classes      []string `json:"asignProductMainCodeList"`
	Vienna       []string `json:"viennaCodeList"` // codes of what a device shows
	Applicant    string   `json:"applicantName"`
}

// readKIPRIS reads the objects one at a time.
func readKIPRIS(name string, r io.Reader, s *sieve) error {
	b := bufio.NewReaderSize(r, 1<<18)
	at := rules.Pos{File: name}
	first, err := firstByte(b)
	if err != nil {
		return failed(at, "%w", err)
	}
	if first != '[' && first != '{' {
		return failed(at, "the file is no JSON array of objects")
	}
	d := json.NewDecoder(b)
	if first == '[' {
		if _, err := d.Token(); err != nil {
			return failed(at, "%w", err)
		}
	}
	for n := 1; ; n++ {
		if first == '[' && !d.More() {
			return endOfArray(d, at)
		}
		before := d.InputOffset()
		var e kiprisEntry
		err := d.Decode(&e)
		var wrong *json.UnmarshalTypeError
		switch {
		case errors.Is(err, io.EOF) && first == '{':
			return nil
		case errors.As(err, &wrong):
			s.fault(at, int(d.InputOffset()-before), "read object %d, byte %d: %s holds a %s", n, before, wrong.Field, wrong.Value)
			continue
		case err != nil:
			return failed(at, "object %d, byte %d: %w", n, d.InputOffset(), err)
		}
		if err := s.take(e.mark(at, s)); err != nil {
			return err
		}
	}
}

// firstByte looks at the first byte that is no white space.
func firstByte(b *bufio.Reader) (byte, error) {
	if head, err := b.Peek(3); err == nil && string(head) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	for {
		c, err := b.ReadByte()
		if errors.Is(err, io.EOF) {
			return 0, errors.New("the file is empty")
		}
		if err != nil || c > ' ' {
			return c, errors.Join(err, b.UnreadByte())
		}
	}
}

// endOfArray checks that the array is closed.
func endOfArray(d *json.Decoder, at rules.Pos) error {
	if _, err := d.Token(); err != nil {
		return failed(at, "byte %d: the array is not closed: %w", d.InputOffset(), err)
	}
	return nil
}

// mark makes a mark of an entry. Its text is the Latin name where there is
// one, the Korean name is then another spelling.
func (e *kiprisEntry) mark(at rules.Pos, s *sieve) *rules.Mark {
	m := &rules.Mark{Register: "kipris", Application: e.Application, Text: strings.TrimSpace(e.English), Owner: e.Applicant,
		Filed: compactDate(e.Filed), Drawing: rules.DrawingWord, Pos: at}
	if korean := strings.TrimSpace(e.Korean); m.Text == "" {
		m.Text = korean
	} else if korean != "" && korean != m.Text {
		m.Aliases = []string{korean}
	}
	switch {
	case m.Text == "":
		m.Drawing = rules.DrawingDevice
	case len(e.Vienna) > 0:
		m.Drawing = rules.DrawingCombined
	}
	status, known := wordedStatus(e.Status)
	if m.Status = status; !known {
		s.report.Statuses[e.Status]++
	}
	if len(e.Registration) > 0 {
		m.Registration = e.Registration[0]
	}
	if len(e.Registered) > 0 {
		m.Registered = compactDate(e.Registered[0])
	}
	for _, code := range e.Classes {
		n, err := strconv.Atoi(code)
		switch {
		case len(code) != 2 || err != nil || n < 1 || n > 45:
			s.report.OldClasses++ // three digits: the classes Korea had before Nice
		case !slices.Contains(m.Classes, n):
			m.Classes = append(m.Classes, n)
		}
	}
	return m
}
