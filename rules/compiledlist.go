package rules

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"reflect"
	"slices"
)

// A compiled list is lists and packs merged into one file that is read as a
// list again, with every column and in every form: what it finds is what the
// lists found. It is the compact form (compiled.go) behind a line of its own,
// sealed with a sum. It holds rules, not tables of the matcher: those depend on
// what it is used with, and are kept per user (scanner.Tables).

// ListMagic begins a compiled list; the digit is its version.
const ListMagic = "prescreen list 1\n"

// compiledList is what the file holds.
type compiledList struct {
	Name, Version string
	Rules         []Rule
}

// WriteList writes the rules of set as a compiled list of the given name. All
// of them become rules of the tier List.
func WriteList(w io.Writer, name string, set *Set) error {
	list := compiledList{Name: name, Version: set.Version, Rules: set.Rules}
	_, err := w.Write(seal(compact(ListMagic, compiledKey(nil), &list)))
	return err
}

// IsCompiledList tells by its first bytes whether data is a compiled list.
func IsCompiledList(data []byte) bool { return bytes.HasPrefix(data, []byte(ListMagic)) }

// readCompiledList reads a compiled list as if it were a list.
func readCompiledList(file string, data []byte) (*document, Errors) {
	fail := func(err error, hint string) (*document, Errors) {
		return nil, Errors{{Pos: Pos{File: file}, Err: fmt.Errorf("read compiled list: %w", err), Hint: hint}}
	}
	body, ok := sealed(data)
	if !ok {
		return fail(errors.New("it is damaged or cut short"), "compile it again")
	}
	var list compiledList
	switch err := openCompact(ListMagic, compiledKey(nil), string(body), &list); {
	case errors.Is(err, errStale):
		return fail(errors.New("it was compiled by another version"), "compile it again")
	case err != nil:
		return fail(errors.New("it is damaged"), "compile it again")
	}
	doc := &document{file: file, sha256: hashOf(data), list: true, at: map[string]Pos{}}
	doc.Pack, doc.Version, doc.Tier = list.Name, list.Version, List
	doc.rules = make([]ruleKeys, len(list.Rules))
	for i := range list.Rules {
		r := &doc.rules[i]
		r.Rule = list.Rules[i]
		r.keys = filledKeys(&r.Rule)
	}
	return doc, nil
}

// merged are the keys that addRow sets by itself.
var merged = []string{"id", "mark", "aliases"}

// filledKeys names the keys of a rule that say something, beside those that
// every rule has and those that are what a list's rule has anyway.
func filledKeys(r *Rule) []string {
	v := reflect.ValueOf(r).Elem()
	var keys []string
	for key, i := range ruleFields.index {
		switch {
		case v.Field(i).IsZero(), slices.Contains(merged, key):
		case key == "kind" && r.Kind == Trademark, key == "right" && r.Right == usualRight(r.Kind):
		default:
			keys = append(keys, key)
		}
	}
	return keys
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal appends the sum of data.
func seal(data []byte) []byte {
	return binary.LittleEndian.AppendUint32(data, crc32.Checksum(data, castagnoli))
}

// sealed gives what was sealed; ok is false when it is not that any more.
func sealed(data []byte) (body []byte, ok bool) {
	if len(data) < 4 {
		return nil, false
	}
	body = data[:len(data)-4]
	return body, crc32.Checksum(body, castagnoli) == binary.LittleEndian.Uint32(data[len(body):])
}
