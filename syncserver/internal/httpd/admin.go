package httpd

import (
	"net/http"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/protocol"
)

// What administrators do about accounts and devices. Who may do what is judged by
// identity.Admin, in each act's own transaction.

func (c *call) admin() identity.Admin { return c.s.o.Identity.As(c.session.UID) }

func (c *call) done(err error) error {
	if err != nil {
		return err
	}
	return c.reply(http.StatusOK, protocol.Ack{OK: true})
}

func (s *Server) accounts(c *call) error {
	as, err := c.admin().Accounts(c.ctx())
	if err != nil {
		return err
	}
	out := protocol.AccountsReply{Accounts: []protocol.Account{}}
	for _, a := range as {
		out.Accounts = append(out.Accounts, protocol.Account{User: a.Name, UID: a.UID, State: a.State, Created: a.Created, Changed: a.Changed, Sessions: a.Sessions})
	}
	return c.reply(http.StatusOK, out)
}

func (s *Server) addAccount(c *call) error {
	r, err := protocol.DecodeAccount(c.body, true)
	if err != nil {
		return err
	}
	return c.done(c.admin().Add(c.ctx(), r.User, r.UID, r.Password))
}

func (s *Server) setPassword(c *call) error {
	r, err := protocol.DecodeAccount(c.body, true)
	if err != nil {
		return err
	}
	return c.done(c.admin().SetPassword(c.ctx(), r.User, r.Password))
}

func (s *Server) enableAccount(c *call) error {
	r, err := protocol.DecodeAccount(c.body, false)
	if err != nil {
		return err
	}
	return c.done(c.admin().Enable(c.ctx(), r.User))
}

func (s *Server) disableAccount(c *call) error {
	r, err := protocol.DecodeAccount(c.body, false)
	if err != nil {
		return err
	}
	return c.done(c.admin().Disable(c.ctx(), r.User))
}

func (s *Server) devices(c *call) error {
	r, err := protocol.DecodeDevices(c.body)
	if err != nil {
		return err
	}
	ds, err := c.admin().Devices(c.ctx(), r.UID)
	if err != nil {
		return err
	}
	out := protocol.DevicesReply{Devices: []protocol.Device{}}
	for _, d := range ds {
		out.Devices = append(out.Devices, protocol.Device{ID: d.ID, Name: d.Name, State: d.State, Seen: d.Seen, Sessions: d.Sessions})
	}
	return c.reply(http.StatusOK, out)
}

func (s *Server) revokeDevice(c *call) error {
	r, err := protocol.DecodeDevice(c.body)
	if err != nil {
		return err
	}
	return c.done(c.admin().Revoke(c.ctx(), r.UID, r.Device))
}
