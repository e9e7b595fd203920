package catalog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"

	"prescreen/scanner"
)

// A log's name is its scan's number and one of these.
const (
	openExt   = ".open" // being written, or written and not yet committed
	toldExt   = ".told" // committed, its report was written
	sealedExt = ".log"  // committed
)

// A log is this line, the ScanInfo as JSON, and entries, each with its length
// before it. The last entry holds the checksum of all before it; a log without
// it was cut short. The texts are not compressed: that took longer than writing
// them, and a log lives only until it is in ledger and index.
const logMagic = "prescreen log 2\n"

// An entry is its flags, its key, its state where it has one, then, unless it is
// the same as before, the listing (see appendListing) with 4 bytes of length
// before it, and the rest is its findings (see encodeFindings).
//
// The flags an entry begins with.
const (
	sameFlag     = 1 << iota // nothing changed: only its presence counts
	reusableFlag             // see reusable
	stateFlag                // its state follows the key
	endFlag                  // the last entry
)

// entry is one listing of a scan, as its log holds it.
type entry struct {
	Key      string
	Same     bool
	Reusable bool
	State    [32]byte       // zero where the scan had no use for it
	Findings []byte         // see encodeFindings
	Result   scanner.Result // listing and findings; empty when Same
	Doc      document
}

// logWriter writes a scan's log. It is not safe for concurrent use.
type logWriter struct {
	file *os.File
	buf  *bufio.Writer
	sum  uint32 // of what was flushed
	body []byte
}

// Write counts what goes to the file into the checksum.
func (w *logWriter) Write(p []byte) (int, error) {
	w.sum = crc32.Update(w.sum, crc32.IEEETable, p)
	return w.file.Write(p)
}

func createLog(path string, info ScanInfo) (*logWriter, error) {
	about, err := json.Marshal(info)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &logWriter{file: f}
	w.buf = bufio.NewWriterSize(w, 1<<18)
	_, err = w.buf.WriteString(logMagic)
	if err == nil {
		err = w.entry(about)
	}
	if err != nil {
		w.discard()
	}
	return w, err
}

// entry writes one body with its length before it.
func (w *logWriter) entry(body []byte) error {
	var n [binary.MaxVarintLen64]byte
	if _, err := w.buf.Write(binary.AppendUvarint(n[:0], uint64(len(body)))); err != nil {
		return err
	}
	_, err := w.buf.Write(body)
	return err
}

// same writes that a listing is there as it was.
func (w *logWriter) same(key string) error {
	w.body = appendText(append(w.body[:0], sameFlag), key)
	return w.entry(w.body)
}

// result writes a listing with its findings; state may be zero.
func (w *logWriter) result(key string, state [32]byte, r *scanner.Result) error {
	var flags byte
	if reusable(r) {
		flags |= reusableFlag
	}
	if state != [32]byte{} {
		flags |= stateFlag
	}
	w.body = appendText(append(w.body[:0], flags), key)
	if flags&stateFlag != 0 {
		w.body = append(w.body, state[:]...)
	}
	size := len(w.body)
	w.body = appendListing(append(w.body, 0, 0, 0, 0), &r.Listing)
	binary.BigEndian.PutUint32(w.body[size:], uint32(len(w.body)-size-4))
	w.body = appendFindings(w.body, r.Findings)
	return w.entry(w.body)
}

// end writes the last entry: from here on the log is whole.
func (w *logWriter) end() error {
	if err := w.buf.Flush(); err != nil {
		return err
	}
	if err := w.entry(binary.BigEndian.AppendUint32([]byte{endFlag}, w.sum)); err != nil {
		return err
	}
	return w.buf.Flush()
}

// seal makes sure an ended log is on the disk, and gives it its final name.
func (w *logWriter) seal(ext string) error {
	open := w.file.Name()
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return err
	}
	return os.Rename(open, strings.TrimSuffix(open, openExt)+ext)
}

// discard throws the log away.
func (w *logWriter) discard() {
	w.file.Close()
	os.Remove(w.file.Name())
}

// readLog calls start with what a log says of its scan, then each for every
// entry. An error of either ends it; so does a log that is not whole.
func readLog(path string, start func(ScanInfo) error, each func(*entry) error) (info ScanInfo, err error) {
	f, err := os.Open(path)
	if err != nil {
		return info, err
	}
	defer f.Close()
	r := &logReader{in: bufio.NewReaderSize(f, 1<<18)}
	if info, err = r.head(); err == nil {
		if err = start(info); err != nil {
			return info, err
		}
	}
	for err == nil {
		var e entry
		if err = r.next(&e); errors.Is(err, io.EOF) {
			return info, nil
		}
		if err == nil {
			if err := each(&e); err != nil {
				return info, err
			}
		}
	}
	return info, fmt.Errorf("%s is damaged (%w); delete it to go on without that scan", path, err)
}

// whole reads a log and tells what is wrong with it.
func whole(path string) error {
	_, err := readLog(path, func(ScanInfo) error { return nil }, func(*entry) error { return nil })
	return err
}

// logReader reads a log from its start to its end.
type logReader struct {
	in  *bufio.Reader
	sum uint32
}

func (r *logReader) head() (info ScanInfo, err error) {
	magic := make([]byte, len(logMagic))
	if _, err := io.ReadFull(r.in, magic); err != nil {
		return info, err
	}
	if string(magic) != logMagic {
		return info, errors.New("it was written by another version of prescreen")
	}
	r.sum = crc32.ChecksumIEEE(magic)
	about, err := r.body()
	if err != nil {
		return info, err
	}
	r.count(about)
	return info, json.Unmarshal(about, &info)
}

// body reads the next body; the checksum then stands after it.
func (r *logReader) body() ([]byte, error) {
	n, err := binary.ReadUvarint(r.in)
	if err != nil {
		return nil, noEnd(err)
	}
	var b bytes.Buffer // grows with what is there, whatever the length says
	if _, err := io.CopyN(&b, r.in, int64(min(n, 1<<40))); err != nil {
		return nil, noEnd(err)
	}
	return b.Bytes(), nil
}

// count adds a body to the checksum.
func (r *logReader) count(body []byte) {
	var n [binary.MaxVarintLen64]byte
	r.sum = crc32.Update(r.sum, crc32.IEEETable, binary.AppendUvarint(n[:0], uint64(len(body))))
	r.sum = crc32.Update(r.sum, crc32.IEEETable, body)
}

func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

var errEntry = errors.New("an entry cannot be read")

// next reads the next entry; io.EOF after the last of a whole log.
func (r *logReader) next(e *entry) error {
	body, err := r.body()
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return errEntry
	}
	flags := body[0]
	if flags > endFlag {
		return errEntry
	}
	if flags == endFlag {
		if len(body) != 5 || binary.BigEndian.Uint32(body[1:]) != r.sum {
			return errors.New("the checksum does not match")
		}
		return io.EOF
	}
	r.count(body)
	e.Same, e.Reusable = flags&sameFlag != 0, flags&reusableFlag != 0
	return e.decode(body[1:], flags&stateFlag != 0)
}

func (e *entry) decode(body []byte, state bool) (err error) {
	t := textReader{rest: string(body)}
	e.Key = t.next()
	if e.Same || t.bad {
		return ifBad(t.bad)
	}
	if state {
		if len(t.rest) < len(e.State) {
			return errEntry
		}
		t.rest = t.rest[copy(e.State[:], t.rest):]
	}
	if len(t.rest) < 4 {
		return errEntry
	}
	size := int(binary.BigEndian.Uint32([]byte(t.rest[:4])))
	if t.rest = t.rest[4:]; size > len(t.rest) {
		return errEntry
	}
	if e.Result.Listing, err = decodeListing(e.Key, t.rest[:size]); err != nil {
		return err
	}
	if size < len(t.rest) {
		e.Findings = []byte(t.rest[size:])
	}
	if e.Result.Findings, err = decodeFindings(e.Findings); err != nil {
		return err
	}
	e.Result.Settle()
	e.Doc = newDocument(&e.Result)
	return nil
}

func ifBad(bad bool) error {
	if bad {
		return errEntry
	}
	return nil
}

func (c *Catalog) logPath(n int, ext string) string {
	return c.path(pendingDir, fmt.Sprintf("%012d%s", n, ext))
}

// pending returns the numbers of the logs with the extension, ascending.
func (c *Catalog) pending(ext string) ([]int, error) {
	entries, err := os.ReadDir(c.path(pendingDir))
	if err != nil {
		return nil, err
	}
	var out []int
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ext)
		if n, err := strconv.Atoi(name); ok && err == nil {
			out = append(out, n)
		}
	}
	sort.Ints(out)
	return out, nil
}
