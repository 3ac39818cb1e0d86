// Command bench measures the product beside a peer or a raw limit in the same
// run and writes one table. It is no test: figures of a busy machine say little,
// so nothing fails by them. The script build/bench runs it.
package main
