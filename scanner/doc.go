// Package scanner screens product listings for protected names: it finds every
// mention of a rule in every text field, judges how the name is used, and says
// why in points that sum to its scores.
//
// The nouns are Listing, Field, Finding, Score and Result; the verbs are New,
// Screen, Run and Prove. Screen is pure: it depends on the listing, the rules,
// the options and the as-of date, and on nothing else.
package scanner
