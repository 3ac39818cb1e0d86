// Package script lets people of an office work through the real programs, as a
// test or a demonstration writes it down: each person is a profile of the
// window-less desk, each act one run of that program. It knows nothing of the
// programs but their command lines.
package script
