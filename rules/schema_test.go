package rules

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestSchema: the schema is JSON, resolves its references, and names every key
// that a pack may hold.
func TestSchema(t *testing.T) {
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if doc["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("$schema is %v", doc["$schema"])
	}
	defs := doc["$defs"].(map[string]any)
	properties := func(of any) map[string]any { return of.(map[string]any)["properties"].(map[string]any) }
	check := func(typ reflect.Type, of any) {
		for _, key := range fieldsOf(typ).names {
			if _, ok := properties(of)[key]; !ok {
				t.Errorf("%s: no key %q", typ.Name(), key)
			}
		}
		if n := len(properties(of)); n != len(fieldsOf(typ).names) {
			t.Errorf("%s: %d keys, want %d", typ.Name(), n, len(fieldsOf(typ).names))
		}
	}
	check(reflect.TypeFor[packKeys](), doc)
	for _, typ := range []reflect.Type{reflect.TypeFor[Rule](), reflect.TypeFor[Alias](), reflect.TypeFor[Ordinary](), reflect.TypeFor[Contexts](),
		reflect.TypeFor[Replacements](), reflect.TypeFor[Replacement](), reflect.TypeFor[Enforced](), reflect.TypeFor[Season]()} {
		check(typ, defs[typ.Name()])
	}
	for part := range strings.SplitSeq(string(data), `"$ref": "#/$defs/`) {
		name, _, _ := strings.Cut(part, `"`)
		if _, ok := defs[name]; !ok && !strings.HasPrefix(part, "{") {
			t.Errorf("reference to %q, which is not defined", name)
		}
	}
	if kinds := properties(defs["Rule"])["kind"].(map[string]any)["enum"].([]any); len(kinds) != len(Kinds)+1 {
		t.Errorf("kinds are %v", kinds)
	}
}

// TestLimitsHaveKeys fails when a limit bounds a key that no type has.
func TestLimitsHaveKeys(t *testing.T) {
	known := map[string]bool{}
	for _, typ := range []reflect.Type{reflect.TypeFor[packKeys](), reflect.TypeFor[Rule](), reflect.TypeFor[Alias](), reflect.TypeFor[Contexts](), reflect.TypeFor[Replacement](), reflect.TypeFor[Enforced](), reflect.TypeFor[Season]()} {
		for _, key := range fieldsOf(typ).names {
			known[typ.Name()+"."+key] = true
		}
	}
	for key := range limits {
		if !known[key] {
			t.Errorf("limit for %s, which is no key", key)
		}
	}
}
