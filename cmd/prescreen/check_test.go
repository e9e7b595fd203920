package main

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// An engine that writes one listing waits for its answer before it writes the
// next: every line is answered while standard input is still open.
func TestCheckAnswersEachLine(t *testing.T) {
	in, writer := io.Pipe()
	reader, out := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		args := []string{"check", "--no-builtin", "--rules", filepath.Join("..", "..", "testdata", "script", "toys.yaml")}
		code <- run(args, environment{stdin: in, stdout: out, stderr: &stderr, getenv: func(string) string { return "" }})
		out.Close()
	}()
	answers := bufio.NewScanner(reader)
	for _, x := range []struct{ line, want string }{
		{`{"id":"1","title":"Zorbex robot"}`, `"level":"high"`},
		{`no json`, `{"type":"unread","file":"-","sheet":"","row":2,"line":2,`},
		{`{"id":"3","title":"mug"}`, `"level":"none"`},
	} {
		if _, err := io.WriteString(writer, x.line+"\n"); err != nil {
			t.Fatalf("write: %v; %s", err, &stderr)
		}
		if !answers.Scan() || !strings.Contains(answers.Text(), x.want) {
			t.Fatalf("%s is answered with %q, wanted %s; %s", x.line, answers.Text(), x.want, &stderr)
		}
	}
	writer.Close()
	if answers.Scan() {
		t.Errorf("more than one line for each: %s", answers.Text())
	}
	if got := <-code; got != exitFailed {
		t.Errorf("exit %d, wanted %d", got, exitFailed)
	}
}
