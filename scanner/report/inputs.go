package report

import (
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// answerLayout is findingLayout as a supplier gets it: the columns to fill in
// ask for the supplier's answer, not for the seller's decision.
var answerLayout = answering(findingLayout)

func answering(l layout) layout {
	asked := map[string]column{
		"decision": {id: "changed_on", width: 14},
		"reason":   {id: "proof", width: 16},
		"person":   {id: "remark", width: 28, kind: wrapped},
	}
	l.columns = slices.Clone(l.columns)
	for i, c := range l.columns {
		if to, ok := asked[c.id]; ok {
			l.columns[i] = to
		}
	}
	return l
}

// proofChoices are the answers to whether a proof comes with the sheet. Their
// words are the messages "proof.…".
var proofChoices = []string{"attached", "follows", "none", "not-needed"}

// decisionList lets the reader choose a decision in every row of the findings.
func (b *workbook) decisionList(s *sheet) error {
	return b.dropList(s, "decision", "decision", "decision.", Choices)
}

// answerLists lets a supplier choose whether proof comes, and takes dates only
// where one is asked for.
func (b *workbook) answerLists(s *sheet) error {
	if err := b.dropList(s, "proof", "proof", "proof.", proofChoices); err != nil {
		return err
	}
	date, err := s.validation("changed_on")
	if err != nil {
		return err
	}
	// 2000-01-01 to 2099-12-31, as Excel counts days.
	if err = date.SetRange(36526, 73050, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween); err != nil {
		return err
	}
	date.SetError(excelize.DataValidationErrorStyleStop, b.words.Say("workbook.date_title"), b.words.Say("workbook.date_help"))
	return b.file.AddDataValidation(s.name, date)
}

// dropList offers the choices in every row of a column; prefix completes the
// message ids of their words, help those of the title and text shown when
// something else is written.
func (b *workbook) dropList(s *sheet, column, help, prefix string, choices []string) error {
	said := make([]string, len(choices))
	for i, c := range choices {
		said[i] = b.words.Say(prefix + c)
	}
	list, err := s.validation(column)
	if err != nil {
		return err
	}
	if err = list.SetDropList(said); err != nil {
		return err
	}
	list.SetError(excelize.DataValidationErrorStyleStop, b.words.Say("workbook."+help+"_title"), b.words.Say("workbook."+help+"_help"))
	return b.file.AddDataValidation(s.name, list)
}

// validation is an empty check of all rows of a column.
func (s *sheet) validation(column string) (*excelize.DataValidation, error) {
	name, err := excelize.ColumnNumberToName(1 + s.layout.index(column))
	if err != nil {
		return nil, err
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = name + "2:" + name + strconv.Itoa(max(s.row, 2))
	return v, nil
}

// index is where the column id stands, -1 when it is none of the layout's.
func (l layout) index(id string) int {
	return slices.IndexFunc(l.columns, func(c column) bool { return c.id == id })
}

// firstInput is the cell of the first column to fill in: a decision, or a date.
func (b *workbook) firstInput() cell {
	if b.answers {
		return cell{kind: dateCell}
	}
	return cell{kind: inputCell}
}
