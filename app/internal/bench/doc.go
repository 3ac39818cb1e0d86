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
//     rows and counters on the same database, nothing else
//   - lists and searches: the SQL that finds the same, on the same file
//
// Server and desks share the processors of one machine here, in one process but
// for the idle desks, whose server has one of its own to have its memory alone.
package main
