// Package httpd answers the protocol over HTTP: log-in and sessions, hello,
// push, pull, the stream of pokes, health and metrics.
//
// It decides nothing of the office: who calls is package identity's business,
// what a command does the authority's. Its own are the form of requests, sizes,
// rates, status codes, and that nothing but the listed routes answers. Errors
// are JSON {code, message, field}; texts of documents never reach its log.
package httpd
