package rules

// Mark is one entry of a trademark register, as a compiled pack holds it. It is
// what rules/register reads and scanner.WritePack writes: much smaller than a
// Rule, because there are millions of them. The zero value of a field means
// that the register does not say.
type Mark struct {
	Register     string   // uspto, dpma-em, kipris ...: whose numbers these are
	Application  string   // application or serial number: names the entry across editions
	Registration string   // registration number, empty before there is one
	Text         string   // the words of the mark
	Aliases      []string // pseudo marks, and the mark in other scripts
	Owner        string
	Status       string // live, pending or dead
	Drawing      Drawing
	Filed        string // YYYY-MM-DD
	Registered   string // YYYY-MM-DD
	Classes      []int  // Nice classes, 1-45
	Goods        string // the beginning of the list of goods
	Pos          Pos    // where it stands
}

// Number is what a reader looks the entry up by: the registration number,
// else that of the application.
func (m *Mark) Number() string {
	if m.Registration != "" {
		return m.Registration
	}
	return m.Application
}

// Drawing says what a mark's drawing shows.
type Drawing uint8

// The drawings.
const (
	DrawingUnknown  Drawing = iota
	DrawingWord             // plain characters
	DrawingStylised         // words in a lettering of their own
	DrawingCombined         // words with a device
	DrawingDevice           // a device without words
	DrawingNone             // sounds and the like
)
