// Package proc has tests only: scripted people work through the real programs,
// over real sockets on loopback, while desks and server are killed at random
// moments (design: sync.md §6, invariants 2, 4, 8, 16 and 20), also while files
// are on their way (17).
//
// With the desk's parts of files forgotten when a fetching begins again,
// TestKillsWithFiles printed "附件 1.bin: 32658965 bytes were here, and 32658965 of
// 32658965 were fetched again".
//
// The largest file there may be (TestLargeFile, -proc.large=2048, measured once on
// two shared processors): 2 GiB brought into the desk in 13 s, sent in 27 s,
// fetched in 10 s; the desk took 26, 48 and 29 MiB, the server grew by 1 MiB.
//
// With a lock that everybody gets, TestTwoProcessesOnOneProfile printed "a second
// sync: exit 0, want 5".
//
// The long run, 200 rounds of TestKills, was played on 2026-11-28: desks died 1127
// times, the server 185 times; 456 commands, each once. 1159 s on a busy machine.
//
// Scenario (h) with 3,000 papers (TestTrip, -proc.papers=3000, played once on a busy
// machine, 2026-11-28): a first load of 5,614 KB over 1,024 KB/s broke off after
// 60 %, went on with 2,917 KB, and had all 3,000; the twelve scenarios took 156 s.
//
// Longer: -proc.rounds, -proc.papers, -proc.files, -proc.large; build/test --long.
package proc
