package report

import (
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip()
	}
	info, results, unread, sum := sampleRun(600)
	info.History = sampleHistory(results)
	for _, lang := range []string{"en", "zh"} {
		for _, f := range Formats() {
			os.WriteFile(dir+"/"+lang+"."+f, write(t, f, lang, false, info, results, unread, sum), 0o644)
		}
	}
}
