package approval

import "qianshao/syncserver/office"

// EffectNumber gives the subject its official number on leaving the step (L11).
const EffectNumber = "number"

// EffectVoid voids the number of a subject whose flow was terminated (W42).
const EffectVoid = "void"

// knownEffects is the list that definitions may choose from.
var knownEffects = []string{EffectNumber}

// An Effect is what the subject's room does when a step is left.
type Effect struct {
	Name        string
	SubjectKind string
	Subject     string
	Instance    string
	Signed      bool // 签发 has been passed with the present text
	Reviewed    bool // so has 复核, after it
	Reason      string
}

// Effects does what only the server may do to a subject; the authority fills it in.
type Effects struct {
	Apply func(tx office.Tx, c office.Context, e Effect) error
	// Machines are a person's devices that have asked for news since a time; From
	// is the device that the command came from, "" for none. Either may be nil.
	Machines func(tx office.Tx, who office.UserID, since int64) ([]Machine, error)
	From     func(tx office.Tx) string
}
