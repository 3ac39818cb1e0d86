package httpd

import (
	"errors"
	"net/http"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// login opens a session. Attempts are limited by address and by name before
// any work is done; a right password gives its tokens back.
func (s *Server) login(c *call) error {
	r, err := protocol.DecodeLogin(c.body)
	if err != nil {
		return err
	}
	net, name, now := c.network(), identity.Normal(r.User), s.o.Now()
	wait := s.address.take(net, now)
	if wait == 0 {
		if wait = s.account.take(name, now); wait > 0 {
			s.address.giveBack(net)
		}
	}
	if wait > 0 {
		s.metrics.logins.WithLabelValues("limited").Inc()
		s.o.Log.Warn("log-in refused: too many", "request", c.id, "from", c.from())
		retryAfter(c, wait)
		return &office.Error{Code: protocol.CodeRate}
	}
	out, err := s.o.Identity.Login(c.ctx(), r, c.from())
	s.metrics.logins.WithLabelValues(loginResult(err)).Inc()
	if err != nil {
		return err
	}
	s.address.giveBack(net)
	s.account.giveBack(name)
	return c.reply(http.StatusOK, out)
}

func loginResult(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, new(*identity.Locked)):
		return "locked"
	case office.CodeOf(err) == office.CodeInternal:
		return "failed"
	}
	return "refused"
}

// logout ends the session it comes with.
func (s *Server) logout(c *call) error {
	if err := s.o.Identity.Logout(c.ctx(), c.session); err != nil {
		return err
	}
	return c.reply(http.StatusOK, protocol.Ack{OK: true})
}

// password changes the caller's own password.
func (s *Server) password(c *call) error {
	r, err := protocol.DecodePassword(c.body)
	if err != nil {
		return err
	}
	if err := s.o.Identity.ChangePassword(c.ctx(), c.session, r, c.from()); err != nil {
		return err
	}
	return c.reply(http.StatusOK, protocol.Ack{OK: true})
}
