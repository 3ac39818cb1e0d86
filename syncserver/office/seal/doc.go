// Package seal makes the trace of an approval provable: each event holds the
// hash of the one before, and the server signs it.
//
// The form that is hashed is fixed ([Hash]); words are in it only as SM3 of salt
// and words ([Words]), so that those who may not read the words can verify the
// trace without guessing them: the salt lies with the words. [Verify] holds an
// instance's events against each other, against the words that are here and
// against the server's published keys, and names the first link that does not
// hold. It needs no network and no secret.
//
// The server alone seals (package sealer). On a desk an event without a hash is
// one that a waiting command expects.
package seal
