package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"prescreen/scanner"
)

// inSentence writes a change in lower case where the name had its capital only
// for being a name: "sewn with Velcro at the cuff" takes "hook-and-loop
// fastener", while a heading, a title in capitals and the start of a sentence
// keep theirs.
func inSentence(c *scanner.Replacement, f *scanner.Finding, text string) {
	rest := text[:c.Span.Start] + text[c.Span.End:]
	if all := strings.ToUpper(f.Preferred); f.Text == f.Mark && c.New == all && all != f.Preferred && smallLetters(rest) {
		c.New = firstUp(f.Preferred) // the owner writes the name in capitals, the text is not
		if headingCase(rest) {
			c.New = everyUp(f.Preferred)
		}
	}
	capital := firstUp(f.Preferred)
	if capital == f.Preferred || !strings.Contains(c.New, capital) || beginsSentence(text[:c.Span.Start]) || headingCase(rest) {
		return
	}
	c.New = strings.Replace(c.New, capital, f.Preferred, 1)
}

// smallLetters tells whether a text has more small letters than capitals.
func smallLetters(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			n++
		} else if unicode.IsUpper(r) {
			n--
		}
	}
	return n > 0
}

// everyUp gives the words of s capitals, small words between them aside.
func everyUp(s string) string {
	words := strings.Split(s, " ")
	for i, w := range words {
		if i == 0 || len(w) > 3 {
			words[i] = firstUp(w)
		}
	}
	return strings.Join(words, " ")
}

func firstUp(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// beginsSentence tells whether what stands after before begins one: at the
// start, after a full stop, a tag that ends a line, a bracket or a bullet.
func beginsSentence(before string) bool {
	before = strings.TrimRight(before, " \t\u00A0\"'“‘")
	for strings.HasSuffix(before, ">") {
		open := strings.LastIndexByte(before, '<')
		if open < 0 || !inlineTag(before[open:]) {
			return true
		}
		before = strings.TrimRight(before[:open], " \t\u00A0")
	}
	r, size := utf8.DecodeLastRuneInString(before)
	return size == 0 || strings.ContainsRune(".!?:•·|-–—\n\r([。！？：", r)
}

// headingCase tells whether more of the longer words of a text begin with a
// capital than not.
func headingCase(text string) bool {
	upper, lower := 0, 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' }) {
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case utf8.RuneCountInString(w) < 4:
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper > lower
}
