// Package servertest is a whole server in a test, like httptest: the real
// store, authority, identity and handlers, over an embedded database in a
// folder of its own or over PostgreSQL, with a clock the test moves.
//
// [New] is for tests; [Start] needs no testing.T and serves simulators. Desks
// reach the server without sockets through [Server.RoundTripper], or over
// loopback through [Server.Listen].
package servertest
