//go:build !dev

package desktop

// Dev says that this is a build for tests: its page can be opened by any
// browser on this machine, and calls are accepted from there. No build that
// leaves the house has it.
const Dev = false
