package document

import "qianshao/syncserver/office"

// Standings of a paper that was issued and holds no more (L22).
const (
	Revoked   = "revoked"   // 撤销: void from the beginning
	Abolished = "abolished" // 废止: void from a day on
)

// Annul records that an issued paper was revoked or abolished, and by what. Both
// are for good.
type Annul struct {
	ID       string `json:"id"`
	Standing string `json:"standing"` // Revoked or Abolished
	Basis    string `json:"basis"`    // number or title of the paper that says so
	Paper    string `json:"paper,omitempty"`
	From     int64  `json:"from,omitempty"` // 废止: the day from which it is void; 0: today
}

func (*Annul) Kind() string      { return "document.annul@1" }
func (x *Annul) Locks() []string { return lockPaper(x.ID) }

// Run sets the standing. CodeNotPermitted for anybody but the 文书, CodeState for a
// paper that was not issued or has a standing, CodeInvalid without basis.
func (x *Annul) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if x.Standing != Revoked && x.Standing != Abolished {
		return office.Invalid("standing", "%q is neither 撤销 nor 废止", x.Standing)
	}
	if err := office.CheckLine("basis", x.Basis, 2, maxTitle); err != nil {
		return err
	}
	if err := office.CheckTime("from", x.From); err != nil {
		return err
	}
	if x.Standing == Revoked && x.From != 0 {
		return office.Invalid("from", "what is revoked is void from the beginning")
	}
	if err := mustClerk(tx, c); err != nil {
		return err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if h.FlowState != Done || h.Number == "" || h.Direction != Outgoing || h.Standing != "" {
		return office.Errorf(office.CodeState, "the paper is %q %q", h.FlowState, h.Standing)
	}
	if x.Paper != "" {
		if err := office.CheckID("paper", x.Paper); err != nil {
			return err
		}
		if _, err := Headers.Need(tx, x.Paper); err != nil {
			return err
		}
	}
	from := h.Created
	if x.Standing == Abolished {
		from = x.From
		if from == 0 {
			from = office.Millis(c.Now)
		}
	}
	return Headers.Patch(tx, x.ID, office.Fields{
		"standing": x.Standing, "standing_basis": x.Basis, "standing_paper": text(x.Paper), "standing_from": from, "updated": office.Millis(c.Now),
	})
}
