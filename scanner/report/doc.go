// Package report writes screened listings for people and for programs: a
// workbook, a page, JSON Lines, one JSON document, CSV and Markdown.
//
// Every format is a Writer that takes one run in order. Text from a file is
// hostile until proven otherwise: each format makes it inert in its own way,
// and control characters, which could hide or reorder words, are shown by name.
// The same run gives the same bytes in every format.
package report
