// Package rules is what a paper and an act on it are held against: rules as
// data, and the one engine that desk and server judge by.
//
// A [Rule] says what it reads, when it is asked and what it finds; [List] is the
// explicit list of them. [Judge] asks all rules of a moment: a desk shows the
// findings while a person drafts. [Enforce] refuses an act that a rule blocks,
// or that a rule warns of while nobody has given a reason; it runs before the
// command on the desk and again on the server (package catalog), so that the
// server enforces what the desk shows. A rule whose facts a desk does not hold
// is not asked there; the server always has them.
//
// Rules are pure. To add one: a file with a function that returns a Rule, a line
// in List, and a test. Ids such as L2 are those of the design; an office may
// switch off what is not Fixed.
package rules
