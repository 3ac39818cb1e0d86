// Package sim has tests only: a deterministic simulation of an office with
// several people, two desks each, one server or two over one store, and a bad
// network.
//
// One seed decides everything: who does what, which message is lost, delayed
// or doubled, when a process dies, whose disk is copied, restored or damaged,
// which release of the program runs where, when the server goes back to a
// backup. The same seed gives the same run, event for event, so that a failing
// one can be replayed. The desks and the server are the real ones on real SQLite
// databases; only the clock, the randomness and the network are the simulation's.
// After each pull that reaches a checkpoint an oracle compares the desk with the
// server's truth (design: sync.md §6).
//
// Each defence is needed. Without it these seeds break an invariant that holds
// with it (TestDefences; 120 steps each):
//
//	server:nomid            2  a command sent again runs again
//	server:noticket         6  a copied machine goes unnoticed
//	server:nochain          4  a restored history is taken for the old one (restored server)
//	server:nogcbase         1  a first load begins anew after each collection
//	server:norem            1  what was taken from somebody stays
//	server:nochildren       1  children do not follow their root
//	server:norollback       1  a refused command leaves its writes
//	server:noheld           3  what stands on a refused command is done all the same
//	server:nodrop           4  a channel that somebody left stays
//	server:noblobright      5  whoever knows a hash gets the file
//	server:noblobproof      1  whoever knows a hash makes the file his own
//	server:noblobhash       8  what came in wrong is shown
//	server:noage            1  what is over stays on the desks
//	server:nopinright       1  a pin keeps what its owner may no longer read
//	desk:noblobverify       3  what came spoilt is shown
//	desk:noblobask         12  commands reach a restored server before their files (restored server)
//	desk:noblobkeep        61  what a restored server forgot is nowhere any more (restored server)
//	desk:noblobsweep       36  files of what was taken away stay
//	desk:nobase             1  commands run again over their own effects
//	desk:nosweep            1  a reset forgets nothing
//	desk:applypartial       1  a page is shown before its checkpoint
//	desk:nodeps             1  commands do not say what they stand on
//	desk:nooverlayord       3  a kill between the two files goes unnoticed
//	desk:noclosure          4  only what a page touches directly runs again
//	desk:norequest          1  a retry is another request
//	desk:nomid              4  a forked desk gives its work new names
//	desk:earlyforget        1  an answered command vanishes before its effects come
//	desk:nomend             6  what is found damaged is not asked for
//	desk:noscrub            6  what lies damaged on the disk is not found
//	desk:noreplay           2  what a restored server forgot is not sent again (restored server)
//
// Those that one thread of a simulation cannot show, or that need papers with
// numbers, have a scenario each in the packages authority and engine.
//
// Of the long runs, 10,026 seeds of 400 steps were played on 2026-11-28: 870 from
// 10000 and 20000, 2,999 from 5000, 100000 and 200000, then 6,157 from 300000,
// 400000, 999 and of 200287, on a state each of that day. The last 9,100 of which
// the counts were kept: 2,110,146 commands given, 104,367 kills, 19,993 forks,
// 22,752 damaged records, 52,928 files spoilt on their way, 14,315 profiles
// copied or put back, 60,097 changes of release; 4.0 hours of processor time, 1.6
// s a seed. Two failed. 20372 was a fault: a record that the disk had lost was
// taken away, and a waiting command that stood on it went on showing
// (TestLostAndTakenAway in package replica). 200287 was the oracle's: a run that
// had ended early for want of its first record was to depend on who changed its
// second (checkDeps). Both have passed since.
//
// More seeds: -sim.seeds, -sim.steps, -sim.cpu; build/test --long.
package sim
