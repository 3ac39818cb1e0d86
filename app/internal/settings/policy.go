package settings

// Policy is what the office decides for its desks. The zero value is the
// policy of a new profile.
type Policy struct {
	// Insecure allows http to servers beyond this machine. For trials only.
	Insecure bool `json:"insecure,omitempty"`
}
