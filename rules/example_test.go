package rules_test

import (
	"fmt"

	"prescreen/rules"
)

func ExampleParse() {
	pack := `
pack: our-terms
defaults: {kind: trademark}
rules:
  - id: tm-acme
    mark: Acme
    aliases: [Akme, {text: Акме, lang: ru}]
    replacements: {preferred: anvil, de: Amboss}
`
	set, err := rules.Parse("our-terms.yaml", []byte(pack), rules.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := set.Rules[0]
	fmt.Println(r.ID, r.Right, r.Aliases[1].Text, r.Replacements.ByLang["de"].Preferred, r.Pos)
	// Output: tm-acme trademark Акме Amboss our-terms.yaml:5:5
}

func ExampleParse_faults() {
	_, err := rules.Parse("our-terms.yaml", []byte("pack: our-terms\nrules:\n  - {id: tm-acme, mrak: Acme, kind: trademark}\n"), rules.Options{})
	fmt.Println(err)
	// Output:
	// our-terms.yaml:3:5: tm-acme: key "mark" is missing
	// our-terms.yaml:3:19: tm-acme: unknown key "mrak"
	//     did you mean mark?
}
