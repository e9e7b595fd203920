// Package register reads trademark registers as their offices hand them out,
// one entry at a time, whatever their size, and turns each entry into a
// rules.Mark.
//
//	uspto   daily and yearly XML, result lists as CSV     read against real files
//	dpma    result lists as CSV                           read against a real file
//	kipris  JSON                                          read against a real file
//	euipo   XML by WIPO ST.66 and ST.96; result lists     from documentation only
//	tmview  result lists as CSV or XLSX; ST.66            from documentation only
//	wipo    XML by ST.66 and ST.96, MARKGR; result lists  from documentation only
//	csv     a table of one's own, CSV or XLSX
//	marks   what an import leaves for a later compile
//
// "From documentation only" means that no file of that office was at hand: the
// names of elements and columns are those that the standards and published code
// which reads such files give, and the tests read files written by hand. What
// such a file holds beyond that is left out; where nothing is recognised, the
// error says what was expected.
package register

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"prescreen/rules"
)

// Options choose what of a register is kept. The zero value keeps every entry
// that has words.
type Options struct {
	Live      bool              // drop dead entries; applications are alive
	WordMarks bool              // drop marks with a device
	Classes   []int             // keep these Nice classes; entries without classes are kept
	Ordinary  func(string) bool // drop marks whose whole text is ordinary, nil: none
	Report    *Report           // counts what happens while reading, may be nil
}

// Reason says why an entry was dropped.
type Reason string

// The reasons.
const (
	NoText       Reason = "no-text"       // a device or sound without words
	Dead         Reason = "dead"          // --live
	Device       Reason = "device"        // --word-marks
	OtherClass   Reason = "other-class"   // --classes
	OrdinaryText Reason = "ordinary-text" // --minus-ordinary
)

// Reasons lists the reasons in the order reports use.
var Reasons = []Reason{NoText, Dead, Device, OtherClass, OrdinaryText}

// Report counts what became of the entries. It is complete once the sequence
// has ended.
type Report struct {
	Files        int            // read; each file of an archive counts
	Skipped      []string       // files of archives that are no register, at most mostSkipped
	SkippedFiles int            // how many were skipped
	Bytes        int64          // read, after decompression
	Records      int            // entries met, faulty ones too
	Kept         int            //
	Dropped      map[Reason]int //
	Faults       int            // entries that could not be read
	FaultBytes   int64          // what they took up in their files
	Shown        []*rules.Error // the first faults, at most mostShown
	Statuses     map[string]int // statuses that are not known, kept as "not said"
	OldClasses   int            // class numbers of an older, national classification, not kept
}

const mostShown = 20

// Read yields the entries of files in order. format is one of Formats. An
// entry that cannot be read is a fault in the report and costs that entry; a
// file that cannot be read on (missing, cut short, no such format) is an error
// of the sequence, with its position, and ends it. The error of Read itself
// says that the format is not known.
func Read(format string, files []string, opt Options) (iter.Seq2[rules.Mark, error], error) {
	open, ok := readers[format]
	if !ok {
		return nil, unknownFormat(format)
	}
	return func(yield func(rules.Mark, error) bool) {
		s := &sieve{opt: opt, report: opt.Report, yield: yield}
		if s.report == nil {
			s.report = &Report{}
		}
		s.register = format
		s.report.Dropped, s.report.Statuses = map[Reason]int{}, map[string]int{}
		for _, path := range files {
			err := readFile(path, s, open)
			if errors.Is(err, errStopped) {
				return
			}
			if err != nil {
				yield(rules.Mark{}, err)
				return
			}
		}
	}, nil
}

// reader reads one file; its entries go to s.
type reader func(name string, r io.Reader, s *sieve) error

var readers = map[string]reader{
	"uspto": readOffice("uspto"), "euipo": readOffice("euipo"), "tmview": readOffice("tmview"), "wipo": readOffice("wipo"),
	"dpma": readTable("dpma"), "csv": readTable("csv"), "kipris": readKIPRIS, "marks": readMarks,
}

// Formats lists what Read takes.
func Formats() []string {
	names := make([]string, 0, len(readers))
	for name := range readers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func unknownFormat(format string) error {
	return fmt.Errorf("read register: %q is no known format: use %s", format, strings.Join(Formats(), ", "))
}

// errStopped ends the reading when the caller wants no more.
var errStopped = errors.New("stopped")

// readFile opens one file, the entries of an archive one after another.
func readFile(path string, s *sieve, read reader) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read register: %w", err)
	}
	defer f.Close()
	var magic [4]byte
	n, err := io.ReadFull(f, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read register: %w", err)
	}
	if string(magic[:n]) == "PK\x03\x04" {
		return readZip(path, s, read)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read register: %w", err)
	}
	s.report.Files++
	return read(path, &counter{f, &s.report.Bytes}, s)
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n *int64
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

// sieve takes entries from a reader, drops what is not wanted, and counts.
type sieve struct {
	opt      Options
	report   *Report
	yield    func(rules.Mark, error) bool
	register string // the format
	buf      []byte // of the last file, to be used for the next
}

// take passes an entry on; the error is errStopped when the caller has enough.
func (s *sieve) take(m *rules.Mark) error {
	s.report.Records++
	if why := s.drop(m); why != "" {
		s.report.Dropped[why]++
		return nil
	}
	s.report.Kept++
	if !s.yield(*m, nil) {
		return errStopped
	}
	return nil
}

// drop says why an entry is not wanted, or "".
func (s *sieve) drop(m *rules.Mark) Reason {
	switch {
	case m.Text == "":
		return NoText
	case s.opt.Live && m.Status == "dead":
		return Dead
	case s.opt.WordMarks && (m.Drawing == rules.DrawingCombined || m.Drawing == rules.DrawingDevice):
		return Device
	case len(s.opt.Classes) > 0 && len(m.Classes) > 0 && !slices.ContainsFunc(m.Classes, func(c int) bool { return slices.Contains(s.opt.Classes, c) }):
		return OtherClass
	case s.opt.Ordinary != nil && s.opt.Ordinary(m.Text):
		return OrdinaryText
	}
	return ""
}

// fault counts an entry that cannot be read: where, what it took up in bytes.
func (s *sieve) fault(at rules.Pos, size int, format string, args ...any) {
	s.report.Records++
	s.report.Faults++
	s.report.FaultBytes += int64(size)
	if len(s.report.Shown) < mostShown {
		s.report.Shown = append(s.report.Shown, &rules.Error{Pos: at, Err: fmt.Errorf(format, args...)})
	}
}

// failed is an error that ends a file.
func failed(at rules.Pos, format string, args ...any) error {
	return &rules.Error{Pos: at, Err: fmt.Errorf("read register: "+format, args...)}
}
