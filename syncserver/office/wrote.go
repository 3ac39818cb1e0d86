package office

// Wrote is one record that a run has made, changed or removed: what whoever runs
// commands tells those who add to them.
type Wrote struct {
	Record      // as it is now; as it was, if it is gone
	New    bool // it was not there before the run
	Gone   bool
}
