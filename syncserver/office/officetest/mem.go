// Package officetest helps to test rooms and Tx implementations: a Tx in
// memory, the suite that every Tx passes, and builders of people.
package officetest

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officemem"
)

// Mem is a store in memory; call NewMem.
type Mem = officemem.Mem

// Outcome is what a run left beside its writes.
type Outcome = officemem.Outcome

// NewMem makes an empty store of these kinds.
func NewMem(ks *office.Kinds) *Mem { return officemem.NewMem(ks) }
