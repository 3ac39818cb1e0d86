// Package approval is how a paper goes from hand to hand: flow definitions,
// running instances, each person's tasks, what they wrote, and the trace.
//
// It has two halves. Decide, the Run of each command, holds an act against the
// task, the step and the text its author saw and records it; it runs on the
// desk and again on the server. [Advance] moves the instance on: it weighs the
// acts, chooses the next step, finds the people and makes their tasks. It runs
// only in the authority, in the same transaction as the act; [After] is its
// door, and [Moving] the list of the commands that need it. [Expected] tells a
// desk where a paper will probably go, and says that it only expects so;
// [Offers] what a person may do now, and whether it will be queued, asked or
// needs the server.
//
// A paper stands at one step or, in parallel branches, at several: its stays
// ([Visit]). A stay has members, in whose places others may act: to whom a task
// was transferred, who was added before, after or beside, agents. A flow may run
// inside a step of another, once for each unit it asks. The trace alone tells
// where an instance stands ([Replay]).
//
// A paper under approval, the subject, is a record of any kind whose body has
// the fields that [Subject] names; this package knows no room but the directory
// and the working time. Names W1–W46 and L1–L23 in comments are rules of the
// design; [Actions] is the table W1–W46 as data. How flows are written down for
// other tools is in package bpmn.
package approval
