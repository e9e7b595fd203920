package table

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"unicode/utf16"
)

// Sector numbers with a meaning of their own.
const (
	testFree     = 0xFFFFFFFF
	testChainEnd = 0xFFFFFFFE
)

// oleWriter collects the sectors of an OLE2 file and their chains.
type oleWriter struct {
	body []byte
	fat  []uint32
}

// add appends b as one chain and returns its first sector.
func (w *oleWriter) add(b []byte) uint32 {
	start := uint32(len(w.fat))
	n := max(1, (len(b)+511)/512)
	for i := range n {
		w.fat = append(w.fat, start+uint32(i)+1)
	}
	w.fat[len(w.fat)-1] = testChainEnd
	w.body = append(append(w.body, b...), make([]byte, n*512-len(b))...)
	return start
}

// addMini packs streams into one with sectors of 64 bytes.
func addMini(streams [][]byte) (starts []uint32, packed, table []byte) {
	next := uint32(0)
	for _, s := range streams {
		starts = append(starts, next)
		n := (len(s) + 63) / 64
		for i := range n {
			next++
			link := next
			if i == n-1 {
				link = testChainEnd
			}
			table = binary.LittleEndian.AppendUint32(table, link)
		}
		packed = append(append(packed, s...), make([]byte, n*64-len(s))...)
	}
	return starts, packed, table
}

// oleEntry is one entry of the directory.
func oleEntry(name string, kind byte, start uint32, size int) []byte {
	e := make([]byte, 128)
	for i, u := range utf16.Encode([]rune(name)) {
		binary.LittleEndian.PutUint16(e[2*i:], u)
	}
	binary.LittleEndian.PutUint16(e[64:], uint16(2*len(name)+2))
	e[66] = kind
	binary.LittleEndian.PutUint32(e[116:], start)
	binary.LittleEndian.PutUint32(e[120:], uint32(size))
	return e
}

// oleOf packs streams into an OLE2 file; mini puts them into the stream of
// short streams.
func oleOf(mini bool, names []string, streams ...[]byte) []byte {
	var w oleWriter
	head := make([]byte, 512)
	put := func(at int, n uint32) { binary.LittleEndian.PutUint32(head[at:], n) }
	var starts []uint32
	dir := oleEntry("Root Entry", 5, testChainEnd, 0)
	put(60, testChainEnd)
	if mini {
		var packed, table []byte
		starts, packed, table = addMini(streams)
		dir = oleEntry("Root Entry", 5, w.add(packed), len(packed))
		put(60, w.add(table))
		put(56, 4096)
		put(64, 1)
	} else {
		for _, s := range streams {
			starts = append(starts, w.add(s))
		}
	}
	for i, name := range names {
		dir = append(dir, oleEntry(name, 2, starts[i], len(streams[i]))...)
	}
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(head[30:], 9)
	put(48, w.add(dir))
	put(68, testChainEnd)
	return append(head, w.finish(head)...)
}

// finish appends the table of chains and enters its sectors in the header.
func (w *oleWriter) finish(head []byte) []byte {
	first, sectors := uint32(len(w.fat)), (len(w.fat)+128+127)/128
	for i := range 109 {
		binary.LittleEndian.PutUint32(head[76+4*i:], testFree)
	}
	var table []byte
	for i := range sectors {
		binary.LittleEndian.PutUint32(head[76+4*i:], first+uint32(i))
		w.fat = append(w.fat, 0xFFFFFFFD)
	}
	for _, n := range w.fat {
		table = binary.LittleEndian.AppendUint32(table, n)
	}
	return append(w.body, append(table, bytes.Repeat([]byte{0xFF}, sectors*512-len(table))...)...)
}

// rec writes one record; parts are uint8, uint16, uint32, float64 or text bytes.
func rec(kind uint16, parts ...any) []byte {
	var data bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			data.WriteString(s)
		} else {
			binary.Write(&data, binary.LittleEndian, p)
		}
	}
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, uint16(data.Len()))
	return append(out, data.Bytes()...)
}

func wideText(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

// biffOf writes a workbook stream: globals, then one sheet of cell records.
func biffOf(version uint16, globals, cells []byte) []byte {
	bof := rec(biffBOF, version, uint16(5))
	name := "\x00Items"
	if version < 0x600 {
		name = "Items"
	}
	entry := func(at uint32) []byte { return rec(biffSheet, at, uint8(0), uint8(0), uint8(5), name) }
	at := len(bof) + len(globals) + len(entry(0)) + len(rec(biffEOF))
	out := append(bytes.Clone(bof), globals...)
	out = append(append(out, entry(uint32(at))...), rec(biffEOF)...)
	out = append(append(out, rec(biffBOF, version, uint16(16))...), cells...)
	return append(out, rec(biffEOF)...)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestBIFF(t *testing.T) {
	u8, u16, u32 := func(n int) uint8 { return uint8(n) }, func(n int) uint16 { return uint16(n) }, func(n int) uint32 { return uint32(n) }
	// The second shared string is cut after two characters and goes on narrow.
	sst := join(rec(biffSST, u32(3), u32(3), u16(3), u8(0), "cup", u16(5), u8(1), wideText("蓝色")),
		rec(biffContinue, u8(0), "cup", u16(2), u8(9), u16(1), wideText("杯子"), u32(0)))
	styles := join(rec(biffFormat, u16(164), u16(10), u8(0), "yyyy-mm-dd"), rec(biffXF, u16(0), u16(0)), rec(biffXF, u16(0), u16(164)), rec(biffXF, u16(0), u16(14)))
	cell := func(row, col, style int) string {
		return string(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, u16(row)), u16(col)), u16(style)))
	}
	old := join(rec(biffCodePage, u16(936)))
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"shared strings over records", biffOf(0x600, sst, join(rec(biffLabelSST, cell(0, 0, 0), u32(0)), rec(biffLabelSST, cell(0, 1, 0), u32(1)), rec(biffLabelSST, cell(0, 3, 0), u32(2)))),
			"f xls Items\n1/0|cup|蓝色cup||杯子"},
		{"numbers and dates", biffOf(0x600, styles, join(rec(biffNumber, cell(4, 0, 0), 8595602512225.0), rec(biffRK, cell(4, 1, 0), u32(1250<<2|3)),
			rec(biffMulRK, u16(4), u16(2), u16(1), u32(45000<<2|2), u16(2), u32(45000<<2|2), u16(3)))), "f xls Items\n5/0|8595602512225|12.5|2023-03-15|2023-03-15"},
		{"formulas", biffOf(0x600, nil, join(rec(biffFormula, cell(0, 0, 0), "\x00\x00\x00\x00\x00\x00\xff\xff", u32(0)), rec(biffString, u16(3), u8(0), "sum"),
			rec(biffFormula, cell(0, 1, 0), "\x01\x00\x01\x00\x00\x00\xff\xff"), rec(biffFormula, cell(0, 2, 0), math.Pi/math.Pi))), "f xls Items\n1/0|sum|TRUE|1"},
		{"bool, error, label", biffOf(0x600, nil, join(rec(biffBoolErr, cell(0, 0, 0), u8(0), u8(0)), rec(biffBoolErr, cell(0, 1, 0), u8(0x2A), u8(1)), rec(biffLabel, cell(0, 2, 0), u16(2), u8(1), wideText("杯子")))),
			"f xls Items\n1/0|FALSE|#N/A|杯子"},
		{"out of order", biffOf(0x600, nil, join(rec(biffRK, cell(2, 0, 0), u32(3<<2|2)), rec(biffRK, cell(1, 1, 0), u32(2<<2|2)), rec(biffRK, cell(1, 0, 0), u32(1<<2|2)))),
			"f xls Items\n2/0|1|2\n3/0|3"},
		{"excel 5, code page", biffOf(0x500, old, rec(biffLabel, cell(0, 0, 0), u16(4), string(encode(t, gb18030.enc, "杯子")))), "f xls Items\n1/0|杯子"},
		{"string out of range", biffOf(0x600, sst, join(rec(biffLabelSST, cell(0, 0, 0), u32(9)), rec(biffRK, cell(1, 0, 0), u32(1<<2|2)))),
			"f xls Items\n2/0|1\nerror row 1: cell A1 is damaged: open the file in Excel and save it as .xlsx"},
		{"password", biffOf(0x600, rec(biffFilePass, u16(1)), nil), "error reading the Excel 97-2003 workbook f: it is protected by a password: open it in Excel and save it as .xlsx"},
	}
	for _, tt := range tests {
		for _, mini := range []bool{false, true} {
			if got := openAll(t, "f", oleOf(mini, []string{"Workbook"}, tt.data)); got != tt.want {
				t.Errorf("%s (mini %v): got\n%s\nwant\n%s", tt.name, mini, got, tt.want)
			}
		}
	}
}

func TestOLERefused(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"encrypted", oleOf(false, []string{"EncryptionInfo", "EncryptedPackage"}, []byte("x"), []byte("y")), "protected by a password"},
		{"word", oleOf(false, []string{"WordDocument"}, []byte("x")), "no workbook"},
		{"cut", oleOf(false, []string{"Workbook"}, make([]byte, 4096))[:700], "save it as .xlsx"},
		{"header only", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "ends in its header"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := openAll(t, "f.xls", tt.data); !strings.HasPrefix(got, "error") || !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %q", got, tt.want)
			}
		})
	}
}

// FuzzBIFF reads any bytes as an OLE2 file and as a workbook stream.
func FuzzBIFF(f *testing.F) {
	f.Add(oleOf(true, []string{"Workbook"}, biffOf(0x600, rec(biffSST, uint32(1), uint32(1), uint16(1), uint8(0), "a"), rec(biffLabelSST, uint16(0), uint16(0), uint16(0), uint32(0)))))
	f.Add(biffOf(0x500, rec(biffCodePage, uint16(936)), rec(biffLabel, uint16(0), uint16(0), uint16(0), uint16(1), "a")))
	f.Fuzz(func(t *testing.T, data []byte) {
		try := func(c *container, err error) {
			if err != nil {
				return
			}
			for _, s := range c.Sheets[:min(len(c.Sheets), 3)] {
				rows := 0
				for range s.Records() {
					if rows++; rows > len(data) {
						t.Fatal("more rows than bytes")
					}
				}
			}
		}
		try(openBIFF("f", data, containerOptions{}))
		try(openOLE(fileSource("f", bytes.NewReader(data), int64(len(data))), containerOptions{}))
	})
}
