package table

import (
	"errors"

	"prescreen/scanner"
)

// What the readers have to say is kept as a message id with its values and put
// into words where it is shown, so that the readers need to know no language.

// sentence is a message of scanner/lang with the values that go into it.
type sentence struct {
	id    string
	pairs []any // names and values; a value may be a sentence or an error itself
}

// spoken is a value that depends on the language.
type spoken interface {
	in(lang *scanner.Language) string
}

func message(id string, pairs ...any) sentence { return sentence{id: id, pairs: pairs} }

// in puts the sentence into words.
func (s sentence) in(lang *scanner.Language) string {
	pairs := append([]any(nil), s.pairs...)
	for i := 1; i < len(pairs); i += 2 {
		switch v := pairs[i].(type) {
		case spoken:
			pairs[i] = v.in(lang)
		case error:
			pairs[i] = errorIn(v, lang)
		}
	}
	return lang.Say(s.id, pairs...)
}

// String gives the sentence in English.
func (s sentence) String() string { return s.in(english()) }

// fault is a reason why a file or a part of it cannot be read.
type fault struct {
	sentence
	cause error // the error among the values, nil for none
}

// because makes an error of a sentence; an error among its values is its cause.
func because(id string, pairs ...any) error {
	f := &fault{sentence: message(id, pairs...)}
	for i := 1; i < len(pairs); i += 2 {
		if err, ok := pairs[i].(error); ok {
			f.cause = err
		}
	}
	return f
}

// Error gives the sentence in English.
func (f *fault) Error() string { return f.in(english()) }

// Unwrap returns the cause.
func (f *fault) Unwrap() error { return f.cause }

// english is the language of errors that nobody asked for in another.
func english() *scanner.Language {
	lang, err := scanner.LanguageFor("en")
	if err != nil {
		return &scanner.Language{} // says the ids; the sentences are embedded, so this is never seen
	}
	return lang
}

// errorIn gives the text of an error in a language, as far as it has one.
func errorIn(err error, lang *scanner.Language) string {
	if s, ok := err.(spoken); ok {
		return s.in(lang)
	}
	return err.Error()
}

// worded is an error whose text is in the language of the reader.
type worded struct {
	text string
	err  error
}

// Error gives the text.
func (w *worded) Error() string { return w.text }

// Unwrap returns the error as the reader of the file gave it.
func (w *worded) Unwrap() error { return w.err }

// word puts an error into the language of the file's user.
func (f *File) word(err error) error {
	var fault *fault
	if err == nil || f.lang.Tag() == "en" || !errors.As(err, &fault) {
		return err
	}
	return &worded{text: errorIn(err, f.lang), err: err}
}

// words puts notes into the language of the file's user.
func (f *File) words(notes []sentence) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.in(f.lang))
	}
	return out
}
