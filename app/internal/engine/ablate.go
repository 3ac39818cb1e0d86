package engine

// Ablation names one defence that a test switches off, to see that the
// simulator then fails. None is ever set in production.
type Ablation string

const (
	// NoBase: a rebase re-runs waiting commands on top of their own effects.
	NoBase Ablation = "nobase"
	// NoSweep: a reset of a channel forgets no members.
	NoSweep Ablation = "nosweep"
	// ApplyPartial: pages are applied as they come, not at the checkpoint.
	ApplyPartial Ablation = "applypartial"
	// NoReplay: acknowledged commands are not sent again when the server's
	// history turns out to be another one.
	NoReplay Ablation = "noreplay"
	// NoDeps: commands name no earlier commands they depend on.
	NoDeps Ablation = "nodeps"
	// NoLastCheck: a last_n below what was acknowledged goes unnoticed.
	NoLastCheck Ablation = "nolastcheck"
	// NoOverlayOrd: on open, outbox and replica are not compared.
	NoOverlayOrd Ablation = "nooverlayord"
	// NoClosure: a selective re-run takes only the commands that the page
	// touches directly, not those that these touch in turn.
	NoClosure Ablation = "noclosure"
	// NoRequest: the exact request is not kept; a retry is made anew under a
	// new ticket.
	NoRequest Ablation = "norequest"
	// NoSelective: every command runs again at every rebase. No defence: it
	// measures the selective way, and must change nothing that is visible.
	NoSelective Ablation = "noselective"
	// NoCopy: a first load of a few records goes the way of a large one. No
	// defence: it must change nothing that is visible.
	NoCopy Ablation = "nocopy"
	// NoMid: commands get new mids when a device is forked.
	NoMid Ablation = "nomid"
	// NoSums: sums are not compared.
	NoSums Ablation = "nosums"
	// NoFormer: a command sent again does not tell what it once came to.
	NoFormer Ablation = "noformer"
	// NoKnown: a pull tells all cursors, also where a digest of them would do.
	NoKnown Ablation = "noknown"
	// NoMend: the bad rows of a channel that differs are not asked for.
	NoMend Ablation = "nomend"
	// NoScrub: what lies on the disk is not hashed again.
	NoScrub Ablation = "noscrub"
	// EarlyForget: a command leaves the overlay when the push is answered,
	// not when a pull has brought its effects.
	EarlyForget Ablation = "earlyforget"
	// NoBlobWait: commands are sent before others that they depend on and that
	// wait for a file.
	NoBlobWait Ablation = "noblobwait"
	// NoBlobAsk: before commands that refer to files are sent, the server is
	// not asked whether it still has them.
	NoBlobAsk Ablation = "noblobask"
	// NoBlobKeep: files make room, and go with the last record that refers to
	// them, though no verified backup of the server has them.
	NoBlobKeep Ablation = "noblobkeep"
	// NoBlobVerify: a fetched file is shown without being verified.
	NoBlobVerify Ablation = "noblobverify"
	// NoBlobSweep: files stay to which no record refers any more.
	NoBlobSweep Ablation = "noblobsweep"
)
