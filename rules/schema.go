package rules

import (
	"encoding/json"
	"reflect"
	"slices"
)

// Schema gives the JSON Schema (draft 2020-12) of a pack, for editors that
// check YAML while it is written. It is made from the same types and limits as
// the reader; what needs two keys at once only the reader checks.
func Schema() ([]byte, error) {
	s := schemaBuilder{defs: object{}}
	top := s.record(reflect.TypeFor[packKeys](), nil)
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["title"] = "prescreen rules pack"
	properties := top["properties"].(object)
	properties["rules"] = object{"type": "array", "items": object{"$ref": "#/$defs/Rule"}}
	properties["defaults"] = s.record(reflect.TypeFor[Rule](), ownKeys)
	s.define(reflect.TypeFor[Rule]())
	s.defs["Rule"].(object)["required"] = []string{"id"} // a rule that overrides names no mark
	top["$defs"] = s.defs
	return json.MarshalIndent(top, "", "  ")
}

// object is a JSON object; its keys are written in order.
type object = map[string]any

// schemaBuilder gathers the definitions of the struct types it meets.
type schemaBuilder struct{ defs object }

// define adds the definition of a struct type once and gives a reference to it.
func (s *schemaBuilder) define(t reflect.Type) object {
	if _, done := s.defs[t.Name()]; !done {
		s.defs[t.Name()] = object{}
		s.defs[t.Name()] = s.record(t, nil)
	}
	return object{"$ref": "#/$defs/" + t.Name()}
}

// record describes a mapping whose keys are the fields of t, but for leave.
func (s *schemaBuilder) record(t reflect.Type, leave []string) object {
	properties := object{}
	var needed []string
	fields := fieldsOf(t)
	for _, key := range fields.names {
		if slices.Contains(leave, key) {
			continue
		}
		l := limits[t.Name()+"."+key]
		properties[key] = s.value(t.Field(fields.index[key]).Type, l)
		if l.needed {
			needed = append(needed, key)
		}
	}
	out := object{"type": "object", "properties": properties, "additionalProperties": false}
	if needed != nil && leave == nil {
		out["required"] = needed
	}
	if t == reflect.TypeFor[Replacements]() {
		out["patternProperties"] = object{langShape.pattern: orText(s.define(reflect.TypeFor[Replacement]()))}
	}
	return out
}

// value describes what a field of type t takes, within l.
func (s *schemaBuilder) value(t reflect.Type, l limit) object {
	switch t {
	case reflect.TypeFor[Alias](), reflect.TypeFor[Replacements]():
		return orText(s.define(t))
	case reflect.TypeFor[Sentence]():
		return orText(object{"type": "object", "propertyNames": object{"pattern": langShape.pattern}, "additionalProperties": object{"type": "string"}})
	case reflect.TypeFor[oneOrMore]():
		return orText(object{"type": "array", "items": object{"type": "string"}})
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.value(t.Elem(), l)
	case reflect.Struct:
		return s.define(t)
	case reflect.Slice:
		return object{"type": "array", "items": s.value(t.Elem(), l)}
	case reflect.Map:
		out := object{"type": "object", "additionalProperties": s.value(t.Elem(), l)}
		if l.keys != nil {
			out["propertyNames"] = object{"enum": l.keys}
		}
		return out
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return wholeSchema(l)
	}
	return textSchema(l)
}

// orText allows a bare text in place of what is described.
func orText(other object) object {
	return object{"anyOf": []object{textSchema(limit{needed: true}), other}}
}

// wholeSchema describes a whole number within l.
func wholeSchema(l limit) object {
	out := object{"type": "integer"}
	if l.max != 0 {
		out["minimum"], out["maximum"] = l.min, l.max
	}
	return out
}

// textSchema describes a text within l. Plain numbers and truth values are
// read as texts as well (mark: 501), and a key that is not needed may be empty.
func textSchema(l limit) object {
	switch {
	case l.oneOf != nil && l.needed:
		return object{"enum": l.oneOf}
	case l.oneOf != nil:
		return object{"enum": append(slices.Clone(l.oneOf), "")}
	case l.shape != nil && l.needed:
		return object{"type": "string", "pattern": l.shape.pattern}
	case l.shape != nil:
		return object{"type": "string", "pattern": "^$|" + l.shape.pattern}
	case l.needed:
		return object{"type": []string{"string", "number", "boolean"}, "minLength": 1}
	}
	return object{"type": []string{"string", "number", "boolean"}}
}
