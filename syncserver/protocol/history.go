package protocol

// Change is one dated version of the wire.
type Change struct {
	Version string // date of the version, "2006-01-02"; versions order as strings
	What    string // one line
}

// Version is the version this program speaks; the last of History.
const Version = "2026-11-28"

// MinVersion is the oldest version a server of this program still answers. A
// version stays for at least 400 days after the next one.
const MinVersion = "2026-11-23"

// History tells every version of the wire, oldest first. A change of any type
// in testdata/*.json needs a new line here.
func History() []Change {
	return []Change{
		{"2026-11-23", "first version: log-in, password, log-out, hello, push, pull, poke; JSON, zstd"},
		{"2026-11-27", "digest; a command sent again to a restored server tells the result it once got; a pull tells what waits; files (/blob), reading on line (/read), the office's policy for desks (the offline term) in hello and in every pull; accounts and devices by administrators (/admin)"},
		{"2026-11-28", "a desk asks which of its files the server lacks before it pushes (/sync/blobs)"},
	}
}

// Supported reports whether a peer that speaks version v can be answered. Newer
// versions are: a desk that is ahead of its server only adds fields.
func Supported(v string) bool { return v >= MinVersion }
