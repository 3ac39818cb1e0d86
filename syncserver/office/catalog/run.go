package catalog

import (
	"errors"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/office/rules"
	"qianshao/syncserver/paper"
)

// Run carries a decoded command out: the office's rules first, then the
// command's own Run. Desk and server both come through here, so that neither
// takes what the other's rules refuse. It is the seam between rooms that may
// not import each other: what an act is for the rules stands in act.go.
//
// A desk that lacks a record leaves the rules that read it to the server.
func (c *Catalog) Run(tx office.Tx, x office.Context, cmd office.Command) error {
	if err := rules.Enforce(about(tx, x, actOf(tx, cmd))); err != nil {
		return err
	}
	return cmd.Run(tx, x)
}

// Check gives what the rules find about a paper as it is now, or as draft would
// make it, for the person who looks: nothing is refused by it.
func Check(tx office.Tx, x office.Context, paper string, draft *rules.Paper, blocks []rules.Block) ([]rules.Finding, error) {
	a := rules.Act{Moment: rules.Drafting, Paper: paper, Draft: draft, Blocks: blocks}
	return rules.Judge(about(tx, x, a))
}

// Foresee gives what the rules would find about an act that has not been given.
func Foresee(tx office.Tx, x office.Context, cmd office.Command) ([]rules.Finding, error) {
	return rules.Judge(about(tx, x, actOf(tx, cmd)))
}

// about are the facts of an act with what other rooms know: the flow, and how
// the pages are set.
func about(tx office.Tx, x office.Context, a rules.Act) *rules.Facts {
	return rules.About(tx, x, a, flowOf).WithPages(func(p *rules.Paper, blocks []rules.Block, signer string) []rules.Fault {
		s := paper.Source{
			Direction: p.Direction, Genre: p.Genre, Title: p.Title, Number: p.Number, Issuer: p.Issuer, Urgency: p.Urgency, Level: p.Level,
			To: p.To, CC: p.CC, Note: p.Note, Signer: signer, Updated: office.Millis(x.Now),
			Form: document.Form{Seal: p.Seal, SignTitle: p.SignTitle, AlsoSigned: p.AlsoSigned, Joint: p.Joint, CopyNo: p.CopyNo, Present: p.Present},
		}
		for _, b := range blocks {
			s.Blocks = append(s.Blocks, document.Block(b))
		}
		var out []rules.Fault
		// A desk that cannot read the templates sees the standard's.
		t, _ := layout.Current(tx, paper.FormatOf(s.Direction, s.Genre), paper.Issuers(s.Issuer)[0])
		for _, f := range paper.SetWith(s, t).Faults {
			out = append(out, rules.Fault{Rule: f.Rule, Text: f.Text})
		}
		return out
	})
}

// here drops the fault of a record that this desk does not hold.
func here(err error) error {
	var e *office.Error
	if errors.As(err, &e) && e.Code == office.CodeNotFound {
		return nil // the command's own Run says so
	}
	return err
}
