package authority

// Ablation names one defence that the simulator and the tests switch off, to
// see that something then fails. No configuration reaches it.
type Ablation string

const (
	// NoMid: a command is not looked up by its mid; it runs however often it comes.
	NoMid Ablation = "nomid"
	// NoTicket: any push ticket is accepted.
	NoTicket Ablation = "noticket"
	// NoLastCheck: the number n of a command is not held against the device's last one.
	NoLastCheck Ablation = "nolastcheck"
	// NoChain: the newest head that a desk has seen is not held against the history.
	NoChain Ablation = "nochain"
	// NoGCBase: reading from 0 is reset by any floor above the position.
	NoGCBase Ablation = "nogcbase"
	// NoGCFloor: a position below the floor is not reset.
	NoGCFloor Ablation = "nogcfloor"
	// NoRem: a row that leaves a channel leaves no entry.
	NoRem Ablation = "norem"
	// NoChildren: a root that gains or loses a channel leaves its children where they are.
	NoChildren Ablation = "nochildren"
	// NoRollback: the writes of a refused command stay.
	NoRollback Ablation = "norollback"
	// NoSnapshotLastN: a pull tells the last_n of a moment after its snapshot.
	NoSnapshotLastN Ablation = "nosnapshotlastn"
	// NoLocks: what a command's Locks name is not held.
	NoLocks Ablation = "nolocks"
	// NoVersion: a row is written whatever happened to it since it was read.
	NoVersion Ablation = "noversion"
	// NoHeld: a command runs though one that it depends on was refused.
	NoHeld Ablation = "noheld"
	// NoFormer: what a command once got, in a history that is lost, is not given again.
	NoFormer Ablation = "noformer"
	// NoDrop: a channel that is no longer subscribed is not dropped.
	NoDrop Ablation = "nodrop"
	// NoBlobRight: whoever knows the hash of a content may read it.
	NoBlobRight Ablation = "noblobright"
	// NoBlobHash: an upload becomes visible without being verified.
	NoBlobHash Ablation = "noblobhash"
	// NoBlobProof: a record may refer to a content that its author neither
	// brought nor may read, or that is not here.
	NoBlobProof Ablation = "noblobproof"
	// NoAge: records whose time is over stay on the desks.
	NoAge Ablation = "noage"
	// NoPinRight: a pin keeps a record for somebody who may no longer read it.
	NoPinRight Ablation = "nopinright"
	// NoClock: a command sees the clock of the desk that sent it, not the server's.
	NoClock Ablation = "noclock"
)

// Ablations are all defences that can be switched off.
func Ablations() []Ablation {
	return []Ablation{NoMid, NoTicket, NoLastCheck, NoChain, NoGCBase, NoGCFloor, NoRem, NoChildren, NoRollback, NoSnapshotLastN, NoLocks, NoVersion, NoHeld, NoFormer, NoDrop, NoBlobRight, NoBlobHash, NoBlobProof, NoAge, NoPinRight, NoClock}
}

// Ablate switches defences off, for the simulator and tests alone. Call it
// before the authority is used.
func (a *Authority) Ablate(off ...Ablation) {
	a.defences = defences{}
	for _, x := range off {
		a.defences[x] = true
	}
}

// defences that are off; nil in the product.
type defences map[Ablation]bool

func (d defences) off(x Ablation) bool { return d[x] }
