package table

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"prescreen/scanner"
)

// Every message the readers name has a sentence in every language, with the
// same values, and no sentence is left over.
func TestSentencesOfReaders(t *testing.T) {
	named := map[string]bool{}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(container\.[a-z0-9-]{4,})"`).FindAllSubmatch(code, -1) {
			named[string(m[1])] = true
		}
	}
	if len(named) < 50 {
		t.Fatalf("only %d messages found", len(named))
	}
	values := map[string]string{}
	for _, tag := range scanner.Languages() {
		lang, err := scanner.LanguageFor(tag)
		if err != nil {
			t.Fatal(err)
		}
		for id := range named {
			if !lang.Has(id) {
				t.Errorf("%s: no sentence %s", tag, id)
				continue
			}
			used := regexp.MustCompile(`\{\w+\}`).FindAllString(lang.Say(id), -1)
			slices.Sort(used)
			all := strings.Join(used, " ")
			if before, ok := values[id]; ok && before != all {
				t.Errorf("%s: %s has the values %s, elsewhere %s", tag, id, all, before)
			}
			values[id] = all
		}
		text, err := os.ReadFile(filepath.Join("..", "lang", tag, "container.txt"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if id, _, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") && !named[id] {
				t.Errorf("%s: sentence %s is not used", tag, id)
			}
		}
	}
}

// Errors and notes are in the language that was asked for, down to the cause,
// and the cause can still be told.
func TestLanguageOfReaders(t *testing.T) {
	chinese, err := scanner.LanguageFor("zh")
	if err != nil {
		t.Fatal(err)
	}
	broken := string(zipOf(t,
		"_rels/.rels", `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>cut`))
	for name, tt := range map[string]struct{ data, want string }{
		"empty":    {"", "空文件"},
		"picture":  {"\x89PNG\r\n\x1a\n", "不是表格"},
		"broken":   {broken, "未能读完|无法读取：|其 XML 在中途结束"},
		"no table": {"<html><body><p>hello</p></body></html>", "没有表格的网页"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(writeFile(t, name, tt.data), Options{Language: chinese})
			if err == nil {
				t.Fatal("no error")
			}
			if !regexp.MustCompile(tt.want).MatchString(err.Error()) || regexp.MustCompile(`[a-z]{4,} [a-z]{3,}`).MatchString(err.Error()) {
				t.Errorf("error %q, want %s", err, tt.want)
			}
			var cause *fault
			if !errors.As(err, &cause) {
				t.Errorf("%T hides its cause", err)
			}
		})
	}
	f, err := Open(writeFile(t, "notes", "id,title,description,price\n1,caf\xe9,\"open,2\n2,Mug,Good,3\n3,Lid,Fine,4\n"), Options{Language: chinese})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range f.Listings() {
	}
	notes := strings.Join(f.Facts()[0].Notes, "\n")
	for _, want := range []string{"文件没有标明编码：按最吻合的 windows-1252 读取", "“café”", "引号"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q lack %q", notes, want)
		}
	}
}

func writeFile(t *testing.T, name, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
