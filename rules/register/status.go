package register

import (
	"strconv"
	"strings"
)

// Status codes of the USPTO, as its list of codes gives them (live, dead,
// pending); a code of neither list is pending when it lies within the numbers
// in use. 0, 622, 715 and 970 say nothing.
var (
	usptoLive = codes("624 625 700-708 717 739 778 780 790 800")
	usptoDead = codes("400-406 411 412 414-417 600-610 612 614 618 626 632 709-714 781-783 900 901 968")
	usptoMute = codes("0 622 715 970")
	usptoOpen = codes("410 413 616 620 630 631 638 640-661 663-668 672 680-682 686 688-690 692-694 718-722 724 725 730-734 740 744-746 748 752 753 756 757 760 762-766 771-775 777 779 794 801-804 806-825 969 973")
)

// codes reads a list of numbers and ranges.
func codes(list string) map[int]bool {
	set := map[int]bool{}
	for part := range strings.FieldsSeq(list) {
		from, to, ranged := strings.Cut(part, "-")
		first, _ := strconv.Atoi(from)
		last := first
		if ranged {
			last, _ = strconv.Atoi(to)
		}
		for n := first; n <= last; n++ {
			set[n] = true
		}
	}
	return set
}

// usptoStatus gives the status of a code, and whether the code is known.
func usptoStatus(code string) (status string, known bool) {
	n, err := strconv.Atoi(code)
	switch {
	case err != nil:
		return "", code == ""
	case usptoLive[n]:
		return "live", true
	case usptoDead[n]:
		return "dead", true
	case usptoOpen[n]:
		return "pending", true
	}
	return "", usptoMute[n]
}

// statusWords are parts of what registers write, in the order they are tried:
// "cancellation pending" is alive, "not registered" is dead.
var statusWords = []struct{ status, words string }{
	{"pending", "registration pending"},
	{"live", "cancellation pending|löschung anhängig"},
	{"dead", "dead|not registered|unregistered|nicht eingetragen|expired|abgelaufen|cancel|gelöscht|abandon|refus|reject|zurückgewiesen|withdraw|zurückgenommen|removed|lapsed|surrender|invalid|inactive|verzicht|vernichtet|ended|실효|거절|소멸|포기|무효|취하|말소|각하|无效|驳回|撤销|注销"},
	{"live", "regist|ir accepted|eingetragen|등록|已注册|registrad|enregistr"},
	{"pending", "pending|application|anmeldung|angemeldet|widerspruch|filed|publish|examin|opposition|accepted|appeal|opposed|interrupt|출원|공고|심사|申请|初审"},
	{"live", "live|active|valid|in force|protected|granted"},
}

// wordedStatus gives the status that words speak of, and whether they are known.
func wordedStatus(text string) (status string, known bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return "", true
	}
	for _, line := range statusWords {
		for word := range strings.SplitSeq(line.words, "|") {
			if strings.Contains(text, word) {
				return line.status, true
			}
		}
	}
	return "", false
}
