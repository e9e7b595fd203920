package catalog

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"prescreen/scanner"
)

func TestParseQueryErrors(t *testing.T) {
	for _, test := range []struct {
		query  string
		column int
		want   string
	}{
		{"", 1, "the query is empty"},
		{"  \t ", 1, "the query is empty"},
		{`nike "air max`, 6, "never closed"},
		{"nike -", 6, "- needs a word"},
		{"nike - air", 6, "- needs a word"},
		{"nike marc:lego", 6, `unknown field "marc"`},
		{"http://x.example", 1, `unknown field "http"`},
		{"mark:", 6, "nothing to search for"},
		{`""`, 1, "nothing to search for"},
		{"!!!", 1, "no letter or digit"},
		{"*ike", 1, "cannot begin with *"},
		{"title:?ike", 7, "cannot begin with ?"},
		{"耐克 *ike", 4, "cannot begin with *"},
		{"n*ke", 2, "at the end of a word only"},
		{"nike~3", 5, "a distance of 1 or 2"},
		{"a-b~", 1, "is not one word"},
		{"mark:nik*", 9, "works on words"},
		{"level:hihg", 7, `unknown level "hihg"`},
		{"level:>=hihg", 9, `unknown level "hihg"`},
		{"level:>critical", 7, "no level is >critical"},
		{"level:<>low", 7, "is no comparison"},
		{"nike OR lego", 6, "no part of a query"},
		{"a\xff", 1, "not valid UTF-8"},
	} {
		_, err := parseQuery(test.query)
		var qe *QueryError
		if !errors.As(err, &qe) || qe.Column != test.column || !strings.Contains(qe.Problem, test.want) {
			t.Errorf("%q: %v, want column %d: %s", test.query, err, test.column, test.want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{`nike "air max" -mark:"louis vuitton" level:>=high wo~2 pre*`, "-", `"`, ":", "level:", "耐克", "a:b:c", "“x”"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		clauses, err := parseQuery(query)
		var qe *QueryError
		if err != nil {
			if !errors.As(err, &qe) || qe.Column < 1 || qe.Column > len(query)+1 {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		for _, c := range clauses {
			if c.op <= fuzzy && len(c.terms) == 0 || c.op == levels && len(c.levels) == 0 || c.op == value && c.text == "" {
				t.Fatalf("%q: clause %+v looks for nothing", query, c)
			}
		}
	})
}

// searchable is a catalogue of six listings of two stores.
func searchable(t *testing.T) *Catalog {
	t.Helper()
	c := open(t, filepath.Join(t.TempDir(), "c"), Options{})
	list := []scanner.Listing{
		listing("plain", "Nike running shoes", "light <b>shoes</b> for running"),
		listing("greek", "Νіke trainers", ""),
		listing("leet", "N1ke trainers", "the Lego of shoes"),
		listing("han", "耐克 运动鞋", ""),
		listing("innocent", "Garden hose", strings.Repeat("A long text about hoses. ", 40)+"Then Lego bricks &amp; more. "+strings.Repeat("And more hoses. ", 40)),
		listing("other", "Lego set", "running"),
	}
	list[5].Store, list[5].Supplier, list[5].Marketplace = "US West", "Brick, Ltd", "ebay"
	scan(t, c, info("2026-01-01"), list...)
	return c
}

func TestSearch(t *testing.T) {
	c := searchable(t)
	for _, test := range []struct {
		query   string
		literal bool
		want    string // ids in order
	}{
		{"nike", false, "plain greek leet"},
		{"nike", true, "plain"},
		{"N1KE", false, "leet greek plain"},
		{"NIKE running", false, "plain"},
		{`"nike trainers"`, false, "greek leet"},
		{`"nike trainers"`, true, ""},
		{`"running shoes"`, false, "plain"},
		{`"shoes running"`, false, ""},
		{"耐克", false, "han"},
		{"克耐", false, ""},
		{"title:lego", false, "other"},
		{"description:lego", false, "leet innocent"},
		{"mark:nike", false, "leet plain"},
		{"mark:NIKE level:critical", false, "leet"},
		{"level:>=high", false, "leet plain"},
		{"level:none", false, "greek han"},
		{"level:<=medium lego", false, "other innocent"},
		{"supplier:\"brick, ltd\"", false, "other"},
		{"marketplace:ebay", false, "other"},
		{`store:"us west"`, false, "other"},
		{"category:shoes -store:eu", false, "other"},
		{"kind:trademark -mark:lego", false, "plain"},
		{"rule:tm-lego", false, "other innocent leet"},
		{"id:han", false, "han"},
		{"lego -running -shoes", false, "innocent"},
		{"-lego", false, "greek han plain"},
		{"trainer~", false, "greek leet"},
		{"tranier~2", false, "greek leet"},
		{"train*", false, "greek leet"},
		{"b", false, ""}, // a tag is no word
		{"nonesuch", false, ""},
	} {
		hits, err := c.Search(test.query, SearchOptions{Literal: test.literal})
		if err != nil {
			t.Errorf("%s: %v", test.query, err)
			continue
		}
		var ids []string
		for _, h := range hits.Hits {
			ids = append(ids, h.ID)
		}
		if got := strings.Join(ids, " "); got != test.want || hits.Total != len(ids) {
			t.Errorf("%s (literal %v): %d hits %q, want %q", test.query, test.literal, hits.Total, got, test.want)
		}
	}
}

func TestSnippetsAndFacets(t *testing.T) {
	c := searchable(t)
	hits, err := c.Search("lego", SearchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	marked := map[string]string{}
	for _, h := range hits.Hits {
		for _, s := range h.Snippets {
			text := s.Text
			for i := len(s.Spans) - 1; i >= 0; i-- {
				sp := s.Spans[i]
				text = text[:sp.Start] + "[" + text[sp.Start:sp.End] + "]" + text[sp.End:]
			}
			marked[h.ID+" "+s.Field] = fmt.Sprint(s.CutFront, s.CutBack, " ", text)
		}
	}
	for key, want := range map[string]string{
		"other title":      "false false [Lego] set",
		"leet description": "false false the [Lego] of shoes",
	} {
		if marked[key] != want {
			t.Errorf("%s: %q, want %q", key, marked[key], want)
		}
	}
	long := marked["innocent description"]
	if !strings.HasPrefix(long, "true true ") || !strings.Contains(long, "Then [Lego] bricks & more.") || len(long) > 200 {
		t.Errorf("long snippet %q", long)
	}
	facets := fmt.Sprint(hits.Facets)
	want := "[{level [{medium 2} {critical 1}] 0} {mark [{Lego 3} {Short 3} {Nike 1}] 0} {supplier [{Acme 2} {Brick, Ltd 1}] 0} {marketplace [{shopify 2} {ebay 1}] 0} {store [{eu 2} {US West 1}] 0}]"
	if facets != want {
		t.Errorf("facets\n%s\n%s", facets, want)
	}
}

func TestSearchPages(t *testing.T) {
	c := searchable(t)
	var ids []string
	for from := 0; ; from += 2 {
		hits, err := c.Search("-nonesuch", SearchOptions{From: from, Size: 2, Facet: -1})
		if err != nil {
			t.Fatal(err)
		}
		if hits.Total != 6 || hits.Facets != nil {
			t.Fatalf("%+v", hits)
		}
		if len(hits.Hits) == 0 {
			break
		}
		for _, h := range hits.Hits {
			ids = append(ids, h.Store+"/"+h.ID)
		}
	}
	all, err := c.Search("-nonesuch", SearchOptions{Size: -1})
	if err != nil || len(all.Hits) != 6 {
		t.Fatalf("all: %d, %v", len(all.Hits), err)
	}
	if got := strings.Join(ids, " "); got != "US West/other eu/greek eu/han eu/innocent eu/leet eu/plain" {
		t.Errorf("order %s", got)
	}
}

// What is gone from a store is gone from the search.
func TestGoneIsNotFound(t *testing.T) {
	c := searchable(t)
	about := info("2026-01-08")
	about.Complete = true
	scan(t, c, about, listing("leet", "N1ke trainers", "the Lego of shoes"))
	hits, err := c.Search("nike", SearchOptions{})
	if err != nil || hits.Total != 1 {
		t.Errorf("%+v, %v", hits, err)
	}
	scan(t, c, info("2026-01-15"), listing("plain", "Nike running shoes", "light <b>shoes</b> for running"))
	if hits, err = c.Search("nike", SearchOptions{}); err != nil || hits.Total != 2 {
		t.Errorf("after its return %+v, %v", hits, err)
	}
}
