package authority

import (
	"fmt"
	"strings"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
)

// RoomExtras is the table of what only the server does with the rooms'
// commands: flows move on, official numbers are given. A command that is not
// in it does on the server what it does on a desk.
func RoomExtras() Extras {
	x := Extras{"document.register@1": {numberIncoming}}
	for _, kind := range approval.Moving() {
		x[kind] = append(x[kind], moveOn)
	}
	return x
}

// moveOn advances the instance that the command acted on.
func moveOn(tx office.Tx, c office.Context, cmd office.Command) error {
	return approval.After(tx, c, cmd, approval.Effects{Apply: applyEffect, Machines: machines, From: cameFrom})
}

// machines are the devices of a person that may hold what was sent to them at a
// time: those that have asked for news since.
func machines(otx office.Tx, who office.UserID, since int64) ([]approval.Machine, error) {
	t, ok := otx.(*tx)
	if !ok { // a rehearsal without a store has no devices
		return nil, nil
	}
	ds, err := store.DevicesOf(t.ctx, t.q, who, since-heardEvery)
	if err != nil {
		return nil, t.fail(err)
	}
	out := make([]approval.Machine, len(ds))
	for i, d := range ds {
		out[i] = approval.Machine{ID: d.Dev, Name: d.Name, Lost: d.State != store.DeviceActive}
	}
	return out, nil
}

// cameFrom is the device that a command came from.
func cameFrom(otx office.Tx) string {
	if t, ok := otx.(*tx); ok {
		return t.dev
	}
	return ""
}

// numberIncoming gives a registered 收文 its number.
func numberIncoming(tx office.Tx, c office.Context, cmd office.Command) error {
	x, ok := cmd.(*document.Register)
	if !ok {
		return fmt.Errorf("number incoming: %T", cmd)
	}
	return document.Allocate(tx, c, x.ID, false, false)
}

// effects are what leaving a step may do to a subject, by the effect's name
// and the subject's kind.
var effects = map[[2]string]func(office.Tx, office.Context, approval.Effect) error{
	{approval.EffectNumber, document.Headers.Name}: func(tx office.Tx, c office.Context, e approval.Effect) error {
		if err := document.Allocate(tx, c, e.Subject, e.Signed, e.Reviewed); err != nil {
			return err
		}
		return keepTemplate(tx, c, e.Subject)
	},
	{approval.EffectVoid, document.Headers.Name}: voidNumber,
}

// keepTemplate notes on a paper that is now issued the 版式模板 of this moment: it
// is printed so for ever.
func keepTemplate(tx office.Tx, c office.Context, id string) error {
	h, err := document.Headers.Need(tx, id)
	if err != nil || h.Direction != document.Outgoing || h.Template != "" {
		return err
	}
	t, err := layout.Current(tx, layout.FormatFor(h.Direction, h.Genre), h.Issuers()[0])
	if err != nil {
		return err
	}
	return document.Headers.Patch(tx, id, office.Fields{"template": t.Key()})
}

// voidNumber strikes off the number of a paper whose flow was terminated (W42),
// where its series allows it; otherwise the number stays with the paper.
func voidNumber(tx office.Tx, c office.Context, e approval.Effect) error {
	h, err := document.Headers.Need(tx, e.Subject)
	if err != nil || h.NumberState != document.NumberGiven {
		return err
	}
	reason := []rune(strings.Join(strings.Fields(e.Reason), " "))
	c.Actor = office.System
	err = (&document.VoidNumber{Series: h.NumberSeries, Year: h.NumberYear, N: h.NumberN, Words: string(reason[:min(len(reason), 100)])}).Run(tx, c)
	if office.CodeOf(err) == office.CodeState {
		return nil
	}
	return err
}

func applyEffect(tx office.Tx, c office.Context, e approval.Effect) error {
	f := effects[[2]string{e.Name, e.SubjectKind}]
	if f == nil {
		return office.Errorf(office.CodeState, "a %s has no effect %q", e.SubjectKind, e.Name)
	}
	return f(tx, c, e)
}
