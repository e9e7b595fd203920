package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Parsing the embedded YAML takes longer than a whole `check` may take, so the
// merged set is embedded a second time in a compact form:
//
//	magic | key (32 bytes) | strings: count, lengths, bytes | the set
//
// key is the hash of the YAML bytes and of the Go types' layout; when it does
// not fit, the form is stale and the YAML is parsed instead. Every string is
// stored once and read as a slice of the embedded file, without a copy. A
// struct is a bit per field that is not zero, then those fields; a list or map
// is its length, then its entries; numbers are varints.
//
// encoding/gob is no choice: it reads half as fast, drops a pointer to false
// (misspellings: false) and writes maps in any order; encoding/json reads at a
// quarter of the speed. BenchmarkBuiltin and its neighbours measure all of them.

// compiledMagic begins the compiled form; the digit is its version.
const compiledMagic = "prescreen rules 1\n"

var errCompiled = errors.New("read compiled rules: the file is damaged")

// errStale means that the compiled form was made from other YAML or other types.
var errStale = errors.New("read compiled rules: the file is stale")

// compiledKey is what a compiled form must have been made from to be fresh.
func compiledKey(files []packFile) [sha256.Size]byte {
	h := sha256.New()
	var layout strings.Builder
	describeType(&layout, reflect.TypeFor[Set]())
	h.Write([]byte(layout.String()))
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n", f.name, len(f.data))
		h.Write(f.data)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// describeType writes the names and types of all fields below t.
func describeType(b *strings.Builder, t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		b.WriteString(t.Kind().String() + " ")
		describeType(b, t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			b.WriteString(t.Field(i).Name + " ")
			describeType(b, t.Field(i).Type)
		}
	default:
		b.WriteString(t.Kind().String() + "\n")
	}
}

// compile gives the compact form of set under key.
func compile(set *Set, key [sha256.Size]byte) []byte { return compact(compiledMagic, key, set) }

// compact gives the compact form of what v points to, behind magic and key.
func compact(magic string, key [sha256.Size]byte, v any) []byte {
	e := &encoder{index: map[string]int{}}
	e.value(reflect.ValueOf(v).Elem())
	out := append([]byte(magic), key[:]...)
	out = binary.AppendUvarint(out, uint64(len(e.strings)))
	for _, s := range e.strings {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	out = append(out, strings.Join(e.strings, "")...)
	return append(out, e.body...)
}

// encoder writes values and gathers their strings.
type encoder struct {
	strings []string
	index   map[string]int
	body    []byte
}

// number appends an unsigned number.
func (e *encoder) number(n int) { e.body = binary.AppendUvarint(e.body, uint64(n)) }

// text appends the number of s among the strings.
func (e *encoder) text(s string) {
	i, ok := e.index[s]
	if !ok {
		i = len(e.strings)
		e.index[s] = i
		e.strings = append(e.strings, s)
	}
	e.number(i)
}

// value appends v.
func (e *encoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		e.text(v.String())
	case reflect.Int:
		e.body = binary.AppendVarint(e.body, v.Int())
	case reflect.Bool:
		e.body = append(e.body, 0)
		if v.Bool() {
			e.body[len(e.body)-1] = 1
		}
	case reflect.Pointer:
		e.value(v.Elem())
	case reflect.Slice:
		e.number(v.Len())
		for i := range v.Len() {
			e.value(v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		e.number(len(keys))
		for _, k := range keys {
			e.text(k.String())
			e.value(v.MapIndex(k))
		}
	case reflect.Struct:
		e.fields(v)
	}
}

// fields appends a bit for each field of v that is not zero, then those fields.
func (e *encoder) fields(v reflect.Value) {
	var bits uint64
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			bits |= 1 << i
		}
	}
	e.body = binary.AppendUvarint(e.body, bits)
	for i := range v.NumField() {
		if bits&(1<<i) != 0 {
			e.value(v.Field(i))
		}
	}
}

// openCompiled reads the compact form, whose strings the set goes on using.
// The error is errStale when it was made under another key, else errCompiled.
func openCompiled(data string, key [sha256.Size]byte) (*Set, error) {
	set := &Set{}
	if err := openCompact(compiledMagic, key, data, set); err != nil {
		return nil, err
	}
	return set, nil
}

// openCompact fills what v points to with what compact made of it.
func openCompact(magic string, key [sha256.Size]byte, data string, v any) error {
	rest, ok := strings.CutPrefix(data, magic)
	if !ok || len(rest) < len(key) || rest[:len(key)] != string(key[:]) {
		return errStale
	}
	d := &compactReader{data: rest[len(key):]}
	d.readStrings()
	d.value(reflect.ValueOf(v).Elem())
	if d.bad || len(d.data) != 0 {
		return errCompiled
	}
	return nil
}

// compactReader reads values off the front of data. After damage it gives zeroes.
type compactReader struct {
	data    string
	strings []string
	texts   chunk[string]
	aliases chunk[Alias]
	bad     bool
}

// chunk hands out short slices of one long one, which spares most of the
// allocations: a set has thousands of lists of two or three entries.
type chunk[T any] struct{ free []T }

// chunkSize is how many entries are allocated at once.
const chunkSize = 2048

// take gives a slice of n zero entries whose capacity ends with it.
func (c *chunk[T]) take(n int) []T {
	if n > len(c.free) {
		c.free = make([]T, max(n, chunkSize))
	}
	out := c.free[:n:n]
	c.free = c.free[n:]
	return out
}

// number reads an unsigned number.
func (d *compactReader) number() uint64 {
	var n uint64
	for i := 0; i < len(d.data) && i < binary.MaxVarintLen64; i++ {
		c := d.data[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.data = d.data[i+1:]
			return n
		}
	}
	d.bad, d.data = true, ""
	return 0
}

// length reads the length of a list, of which each entry takes a byte or more.
func (d *compactReader) length() int {
	n := d.number()
	if n > uint64(len(d.data)) {
		d.bad, d.data = true, ""
		return 0
	}
	return int(n)
}

// readStrings reads the table of strings.
func (d *compactReader) readStrings() {
	d.strings = make([]string, d.length())
	lengths := make([]int, len(d.strings))
	for i := range lengths {
		lengths[i] = d.length()
	}
	for i, n := range lengths {
		if n > len(d.data) {
			d.bad = true
			return
		}
		d.strings[i], d.data = d.data[:n], d.data[n:]
	}
}

// text reads one string.
func (d *compactReader) text() string {
	i := d.number()
	if i >= uint64(len(d.strings)) {
		d.bad = true
		return ""
	}
	return d.strings[i]
}

// value fills v. The commonest types go without reflection: they are nine
// tenths of a set.
func (d *compactReader) value(v reflect.Value) {
	switch to := v.Addr().Interface().(type) {
	case *string:
		*to = d.text()
		return
	case *[]string:
		*to = d.texts.take(d.length())
		for i := range *to {
			(*to)[i] = d.text()
		}
		return
	case *[]Alias:
		*to = d.aliases.take(d.length())
		for i := range *to {
			d.fields(reflect.ValueOf(&(*to)[i]).Elem())
		}
		return
	}
	d.byKind(v)
}

// byKind fills v by reflection.
func (d *compactReader) byKind(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.text())
	case reflect.Int:
		n := d.number()
		v.SetInt(int64(n>>1) ^ -int64(n&1)) // as binary.AppendVarint writes it
	case reflect.Bool:
		v.SetBool(d.number() == 1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(v.Elem())
	case reflect.Slice:
		n := d.length()
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			d.value(v.Index(i))
		}
	case reflect.Map:
		d.dictionary(v)
	case reflect.Struct:
		d.fields(v)
	}
}

// dictionary fills a map.
func (d *compactReader) dictionary(v reflect.Value) {
	n := d.length()
	v.Set(reflect.MakeMapWithSize(v.Type(), n))
	entry := reflect.New(v.Type().Elem()).Elem()
	for range n {
		key := d.text()
		entry.SetZero()
		d.value(entry)
		v.SetMapIndex(reflect.ValueOf(key), entry)
	}
}

// fields fills the fields of v whose bit is set.
func (d *compactReader) fields(v reflect.Value) {
	bits := d.number()
	for i := range v.NumField() {
		if bits&(1<<i) != 0 {
			d.value(v.Field(i))
		}
	}
}
