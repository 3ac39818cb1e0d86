// Package client is the desk's side of the wire: log-in, hello, push, pull and
// the stream of pokes over HTTP (resty, zstd).
//
// It sends each request once; when to try again is the engine's business. It
// tells apart a word of the sync server from whatever else may answer on the
// way (a captive portal, a proxy, a cut line): only the former can be a verdict,
// the latter is always temporary and changes nothing. It logs nothing.
package client
