//go:build !cgo

package vault

// corrupt is never asked: without cgo the driver opens nothing. The file lets
// the rest be checked for platforms that are not at hand.
func corrupt(error) bool { return false }
