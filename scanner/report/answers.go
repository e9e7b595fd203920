package report

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"prescreen/scanner"
)

// answerColumns are the columns a supplier fills in.
var answerColumns = []string{"changed_on", "proof", "remark"}

// CountAnswers tells whether the workbook at path is a sheet made with
// Options.Answers, in any language, and how many of its rows the supplier has
// filled in. A file that is no workbook is an error.
func CountAnswers(path string) (rows int, sheet bool, err error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return 0, false, fmt.Errorf("read answers: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	heads, err := answerHeads()
	if err != nil {
		return 0, false, err
	}
	for _, name := range f.GetSheetList() {
		n, ours, err := answersIn(f, name, heads)
		if err != nil {
			return 0, false, fmt.Errorf("read answers from sheet %s: %w", name, err)
		}
		rows, sheet = rows+n, sheet || ours
	}
	return rows, sheet, nil
}

// answerHeads gives the headings of answerColumns in every language.
func answerHeads() (map[string]bool, error) {
	heads := map[string]bool{}
	for _, tag := range scanner.Languages() {
		lang, err := scanner.LanguageFor(tag)
		if err != nil {
			return nil, err
		}
		for _, id := range answerColumns {
			heads[lang.Say("workbook.col."+id)] = true
		}
	}
	return heads, nil
}

// answersIn counts the rows of a sheet with something in an answer's column;
// it is ours when all of these columns are there.
func answersIn(f *excelize.File, name string, heads map[string]bool) (answered int, ours bool, err error) {
	rows, err := f.Rows(name)
	if err != nil {
		return 0, false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var columns []int
	for first := true; rows.Next(); first = false {
		cells, err := rows.Columns()
		if err != nil {
			return 0, false, err
		}
		if first {
			for i, c := range cells {
				if heads[strings.TrimSpace(c)] {
					columns = append(columns, i)
				}
			}
			if len(columns) != len(answerColumns) {
				return 0, false, nil
			}
			continue
		}
		if slices.ContainsFunc(columns, func(i int) bool { return i < len(cells) && strings.TrimSpace(cells[i]) != "" }) {
			answered++
		}
	}
	return answered, columns != nil, rows.Error()
}
