package rules

import (
	"bytes"
	"errors"

	"golang.org/x/text/encoding/unicode"
)

// isUTF16 tells whether data begins with a UTF-16 byte order mark.
func isUTF16(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff})
}

// decodeUTF16 turns UTF-16 that begins with its mark into UTF-8 without one.
func decodeUTF16(data []byte) ([]byte, error) {
	if len(data)%2 != 0 {
		return nil, errors.New("UTF-16 with half a character at the end")
	}
	return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
}
