package table

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// numberStyle says what a number in a cell of this style stands for.
type numberStyle uint8

const (
	plainNumber numberStyle = iota
	dateNumber
	timeNumber
	dateTimeNumber
)

// readStyles returns the meaning of each cell style by its number. A broken or
// missing part leaves numbers as they are.
func (w *workbook) readStyles(part string) []numberStyle {
	var out []numberStyle
	custom := map[int]numberStyle{}
	inCells := false
	if !w.parts.has(part) {
		return nil
	}
	// An error cuts the list short, which only leaves dates as numbers.
	_ = w.each(part, func(x *xmlScanner) {
		switch string(x.name) {
		case "numFmt":
			if id, err := strconv.Atoi(x.attrText("numFmtId")); err == nil {
				custom[id] = formatMeaning(x.attrText("formatCode"))
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(out) < 1<<17 {
				id, _ := strconv.Atoi(x.attrText("numFmtId"))
				meaning, ok := custom[id]
				if !ok {
					meaning = builtinMeaning(id)
				}
				out = append(out, meaning)
			}
		}
	})
	return out
}

// builtinMeaning knows the number formats that files need not spell out.
func builtinMeaning(id int) numberStyle {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id >= 57 && id <= 58:
		return dateNumber
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id >= 55 && id <= 56:
		return timeNumber
	case id == 22:
		return dateTimeNumber
	}
	return plainNumber
}

// formatMeaning reads a format code such as yyyy\-mm\-dd: letters outside
// quotes, brackets and escapes decide.
func formatMeaning(code string) numberStyle {
	date, clock := false, false
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '\\', '_', '*':
			i++
		case '"':
			if end := strings.IndexByte(code[i+1:], '"'); end >= 0 {
				i += end + 1
			}
		case '[':
			if i+1 < len(code) && strings.IndexByte("hHmMsS", code[i+1]) >= 0 {
				clock = true
			}
			if end := strings.IndexByte(code[i:], ']'); end >= 0 {
				i += end
			}
		case ';':
			i = len(code)
		case 'y', 'Y', 'd', 'D':
			date = true
		case 'h', 'H', 's', 'S':
			clock = true
		case 'G', 'g': // General
			if strings.HasPrefix(strings.ToLower(code[i:]), "general") {
				i += 6
			}
		}
	}
	switch {
	case date && clock:
		return dateTimeNumber
	case date:
		return dateNumber
	case clock:
		return timeNumber
	}
	return plainNumber
}

// appendNumber appends a number the way a person reads it: whole ids without
// exponent, fractions without binary noise, dates as ISO 8601.
func appendNumber(dst, raw []byte, style numberStyle, base1904 bool) []byte {
	raw = bytes.TrimSpace(raw)
	if style == plainNumber && len(raw) <= 15 && bytes.IndexAny(raw, "eE") < 0 {
		return append(dst, raw...)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return append(dst, raw...)
	}
	if style != plainNumber && f >= 0 && f < 2958466 {
		return appendDate(dst, f, style, base1904)
	}
	switch {
	case bytes.IndexAny(raw, "eE") < 0 && bytes.IndexByte(raw, '.') < 0:
		return append(dst, raw...)
	case math.Abs(f) >= 1e21 || f != 0 && math.Abs(f) < 1e-7:
		return append(dst, raw...)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil || f == math.Trunc(f) {
		rounded = f
	}
	return strconv.AppendFloat(dst, rounded, 'f', -1, 64)
}

// appendDate appends a serial day number as a date. Excel counts from 1900 with
// a 29 February that never was, or from 1904.
func appendDate(dst []byte, serial float64, style numberStyle, base1904 bool) []byte {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case base1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case serial < 60:
		base = base.AddDate(0, 0, 1)
	}
	days := math.Floor(serial)
	clock := time.Duration(math.Round((serial-days)*86400)) * time.Second
	at := base.AddDate(0, 0, int(days)).Add(clock)
	switch {
	case style == timeNumber && serial < 1:
		return at.AppendFormat(dst, "15:04:05")
	case clock == 0 && style != dateTimeNumber:
		return at.AppendFormat(dst, "2006-01-02")
	}
	return at.AppendFormat(dst, "2006-01-02 15:04:05")
}

// unescapeExcel turns _x000D_ and the like in dst[start:] into the characters
// Excel stores that way.
func unescapeExcel(dst []byte, start int) []byte {
	if !bytes.Contains(dst[start:], []byte("_x")) {
		return dst
	}
	in := append([]byte(nil), dst[start:]...)
	dst = dst[:start]
	for i := 0; i < len(in); {
		if i+7 <= len(in) && in[i] == '_' && in[i+1] == 'x' && in[i+6] == '_' {
			if n, err := strconv.ParseUint(string(in[i+2:i+6]), 16, 16); err == nil && (n < 0xD800 || n > 0xDFFF) {
				dst = utf8.AppendRune(dst, rune(n))
				i += 7
				continue
			}
		}
		dst = append(dst, in[i])
		i++
	}
	return dst
}
