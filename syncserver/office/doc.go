// Package office is what an office is: the commands people give, the records
// they change and who may see those records.
//
// It is the contract between desk and server. A [Command] is one intention of
// one person; it runs at once on the desk and again, with authority, on the
// server. Both ends decode the same commands, run the same Run over their own
// [Tx] and therefore agree, except where only the server can know (see [Tx.Get]
// and [Elsewhere]). The package is pure: standard library only, no clock, no
// randomness, no network, no database. The rooms of the office (directory,
// approval, document, …) are the packages beside it; package catalog lists them.
package office
