// Package approval is how a paper goes from hand to hand: flow definitions,
// running instances, each person's tasks, what they wrote, and the trace.
//
// It has two halves. Decide, the Run of each command, holds an act against the
// task, the step and the text its author saw and records it; it runs on the
// desk and again on the server. [Advance] moves the instance on: it weighs the
// acts, chooses the next step, finds the people and makes their tasks. It runs
// only in the authority, in the same transaction as the act. [Expected] tells a
// desk where a paper will probably go, and says that it only expects so.
//
// A paper under approval, the subject, is a record of any kind whose body has
// the fields that [Subject] names; this package knows no room but the
// directory. Names W1–W46 and L1–L23 in comments are rules of the design.
package approval
