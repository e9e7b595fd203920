package scanner

import (
	"fmt"
	"testing"

	"prescreen/rules"
)

func TestTryIt(t *testing.T) {
	set, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Nike Air Max 270 running shoes", "Νіke sneakers", "N1ke shoes", "N.I.K.E dunk low", "Gucc! belt", "Gucci style bag", "case for iPhone 15", "adi das shoes", "L*uis V*itton wallet", "Cr🐊cs clogs", "GymSharkSeamless leggings", "Coach leather handbag brown", "coach bus toy", "Velcro strap", "耐克 运动鞋"} {
		r := s.Screen(Listing{Fields: []Field{{Role: Title, Text: text}}})
		for _, f := range r.Findings {
			fmt.Println(text, "|", f.Mark, f.Text, f.Form, f.Use, f.Certainty, f.UseRisk, f.Level, f.Why)
		}
		if len(r.Findings) == 0 {
			fmt.Println(text, "| nothing")
		}
	}
}
