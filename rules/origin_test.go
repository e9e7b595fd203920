package rules

import (
	"path/filepath"
	"strings"
	"testing"
)

// traced loads files and gives "key: origin" for each key of a rule, with the
// folder of the files left out.
func traced(t *testing.T, id string, opt Options, files ...string) (map[string]string, *History) {
	t.Helper()
	paths := write(t, files...)
	h, err := Trace(id, paths, opt)
	if err != nil {
		t.Fatal(err)
	}
	folder := ""
	if len(paths) > 0 {
		folder = filepath.ToSlash(filepath.Dir(paths[0])) + "/"
	}
	out := map[string]string{}
	for _, o := range h.Keys {
		out[o.Key] = strings.ReplaceAll(o.String(), folder, "")
	}
	return out, h
}

// same compares the origins that a test names.
func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for key, place := range want {
		if got[key] != place {
			t.Errorf("%s is from %q, want %q", key, got[key], place)
		}
	}
}

func TestTrace(t *testing.T) {
	over := "pack: mine\nextends: base\nrules:\n  - id: tm-acme\n    owner: Acme Holding\n    aliases: [Ackme]\n"
	again := "pack: more\nextends: mine\nrules:\n  - id: tm-acme\n    owner: Acme Group\n"
	got, _ := traced(t, "tm-acme", Options{}, "base.yaml", basePack, "mine.yaml", over)
	same(t, got, map[string]string{
		"id":            "base.yaml:6:9",
		"mark":          "base.yaml:7:11",
		"owner":         "mine.yaml:5:12, over base.yaml:8:12",
		"aliases":       "mine.yaml:6:14, over base.yaml:10:14",
		"kind":          "base.yaml:4:18 (default)",
		"jurisdictions": "base.yaml:4:57 (default)",
		"right":         "base.yaml:4:18 (usual)",
		"tier":          "base.yaml (usual)",
	})
	if _, ok := got["goods"]; ok {
		t.Error("a key that nobody names has an origin")
	}
	got, _ = traced(t, "tm-acme", Options{}, "base.yaml", basePack, "mine.yaml", over, "more.yaml", strings.Replace(again, "mine", "[mine, base]", 1))
	same(t, got, map[string]string{"owner": "more.yaml:5:12, over mine.yaml:5:12, base.yaml:8:12"})
}

func TestTraceDisabled(t *testing.T) {
	off := "pack: off\ndisable: [tm-acme]\n"
	got, h := traced(t, "tm-acme", Options{}, "base.yaml", basePack, "off.yaml", off)
	if len(got) > 0 || !h.Gone || len(h.Disabled) != 1 || h.Disabled[0].Pack != "off" || h.Disabled[0].Pos.Line != 2 {
		t.Errorf("keys %v, history %+v", got, h)
	}
	anew := off + "rules:\n  - {id: tm-acme, mark: Acme, kind: gi}\n"
	got, h = traced(t, "tm-acme", Options{}, "base.yaml", basePack, "off.yaml", anew)
	if h.Gone || len(h.Disabled) != 1 {
		t.Errorf("history %+v", h)
	}
	same(t, got, map[string]string{"mark": "off.yaml:4:25", "owner": "", "kind": "off.yaml:4:37"})
}

func TestTraceList(t *testing.T) {
	got, _ := traced(t, "list-acme", Options{}, "a.csv", "term,owner,severity,aliases\nAcme,Acme Ltd,high,Akme\nACME,,,Ackme\n", "b.csv", "brand,participant\nAcme,Acme Group\n")
	same(t, got, map[string]string{
		"id": "a.csv:2:1 (usual)", "mark": "a.csv:2:1", "base": "a.csv:2:15", "owner": "b.csv:2:6, over a.csv:2:6",
		"aliases": "a.csv:3:8, added to a.csv:2:20", "kind": "a.csv (usual)", "tier": "a.csv (usual)",
	})
}

func TestTraceBuiltin(t *testing.T) {
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r := find(t, set, "tm-nike")
	got, h := traced(t, "tm-nike", Options{Builtin: true}, "mine.yaml", "pack: mine\nextends: builtin\nrules:\n  - {id: tm-nike, base: 70}\n")
	if at, _ := h.At("mark"); at.Pos.File != r.Pos.File || at.Pos.Line != r.Pos.Line+1 || at.Pack != r.Pack {
		t.Errorf("mark is from %+v, the rule stands at %v", at, r.Pos)
	}
	same(t, got, map[string]string{"base": "mine.yaml:4:25"})
	if !strings.HasSuffix(got["kind"], "(default)") || !strings.HasPrefix(got["id"], "packs/") {
		t.Errorf("kind is from %q, id from %q", got["kind"], got["id"])
	}
	if _, h := traced(t, "no-such", Options{Builtin: true}); len(h.Keys) > 0 || h.Gone {
		t.Errorf("a rule nobody has: %+v", h)
	}
}

func TestTraceFaults(t *testing.T) {
	if _, err := Trace("tm-acme", write(t, "x.yaml", "pack: x\nrules:\n  - {id: tm-acme}\n"), Options{}); err == nil {
		t.Error("a faulty pack gives no error")
	}
}
