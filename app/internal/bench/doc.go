// Command bench measures the product beside a peer or a raw limit in the same
// run, writes one table and draws how cost grows. It is no test: figures of a
// busy machine say little, so nothing fails by them. The script build/bench runs
// it: a few minutes as it is, most of an hour with -full.
//
// Beside what each is measured:
//
//   - a first load: inserts of the same rows by prepared statements, same driver,
//     pragmas, columns and indexes, in the batch that does best; and PouchDB 9
//     replicating from express-pouchdb over LevelDB with its own best batch
//   - approvals: transactions of the same number of writers that write the same
//     rows and counters on the same database, nothing else. The approvals of a
//     desk come in one push, as they do from a desk that was off line: on SQLite
//     they share transactions, which is how they may beat raw ones
//   - lists and searches: the SQL that finds the same, on the same file
//
// Server and desks share the processors of one machine here, in one process but
// for the idle desks, whose server has one of its own to have its memory alone.
//
// Why some rows fall short, by profile (processor time on two cores, 872 bytes a
// record; measured while others used both: a load of 17 to 30):
//
//   - first load beside raw inserts (30 to 43 % of raw): a record costs the
//     desk's writer 15 µs, as much as raw inserts do (16 µs), for its indexes are
//     built at the end. The other half of the pipeline costs 21 µs: the server 15
//     (zstd 7, reading SQLite 7), fetching and decoding 6. Only with a core for
//     each half are they hidden behind each other; here raw inserts, on one core,
//     waited less
//   - first load beside the peer (2.4 to 3.7 times): the same. The peer spent 0.6
//     to 0.7 ms on a document
//   - pushing edits beside the peer (0.6 to 1.0 times before the desk's half was
//     mended; not measured beside it since): an edit costs 0.35 ms. The server
//     takes 0.18: it checks and decodes arguments, judges and runs the command
//     (0.11) and writes a dozen rows. The desk takes 0.17: numbers and answers in
//     the outbox (0.06), the same record back by pull and the overlay taken off
//     (0.11). The peer stores one revision of a document in 0.6 to 1 ms and runs
//     nothing; an eighth of that is less than the dozen rows alone
//   - pulling one change, which grows with the records on the desk: the words of
//     the record leave the index of search, each looked up in lists that grow
//     (secure-delete: no word of a revoked paper may stay in the file). With 250
//     words 3.6 ms beside 1,000 records and 5 ms beside 40,000; 7.5 ms as long as
//     the index a first load leaves was not merged
//   - one change until another desk shows it (median 20 to 66 ms, p95 127 to 319):
//     three desks' and servers' commits, one after the other, each waiting for a
//     processor; before the index of search stopped using RETURNING 16 ms of it
//     were processor time, a third of that in the index
//
// How it grows (2026-11-28, on processors that others worked on): a first load of
// 1,000, 10,000, 100,000 and 1,000,000 records 0.1, 0.7, 6.9 and 91 s; a change
// pulled in 4, 9, 7 and 12 ms; the to-do list p95 0.3, 0.3, 0.3 and 1.5 ms; the
// commonest word p95 1.4, 8.6, 2.5 and 6.4 ms; a pull with nothing new 927 bytes
// at every size; 4.1 KB of the desk's disk a record, index and sums among it.
// The first change after an opening counts all sums: 2.2 s beside a million. With
// a million records in the archive a desk's first load is 4 records
// (TestArchiveLeavesDesksSmall in package authority, -authority.archive).
//
// An act beside ended instances, each with all the rows of a played paper (see
// past): median 2.3 ms beside 1,000, 2.4 beside 10,000, 2.5 beside 100,000, 2.7
// beside a million in a file of 17 GB (2026-11-28). Before ids made inside
// commands began with the command's time, 5.9 ms beside a million: each of the
// two dozen rows of an act went to another page of every index.
package main
