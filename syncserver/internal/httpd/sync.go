package httpd

import (
	"fmt"
	"net/http"

	"qianshao/syncserver/protocol"
)

// hello introduces a device.
func (s *Server) hello(c *call) error {
	r, err := protocol.DecodeHello(c.body)
	if err != nil {
		return err
	}
	out, err := s.o.Authority.Hello(c.ctx(), c.caller(), r)
	if err != nil {
		return err
	}
	return c.reply(http.StatusOK, out)
}

// push runs commands. The raw bytes go along: a ticket is bound to them.
func (s *Server) push(c *call) error {
	r, err := protocol.DecodePush(c.body)
	if err != nil {
		return err
	}
	out, err := s.o.Authority.Push(c.ctx(), c.caller(), r, c.body)
	if err != nil {
		return err
	}
	for _, res := range out.Results {
		s.metrics.commands.WithLabelValues(outcomeLabel(res.Outcome)).Inc()
	}
	return c.reply(http.StatusOK, out)
}

// outcomeLabel keeps the labels of a metric to the known ones.
func outcomeLabel(o string) string {
	switch o {
	case protocol.Applied, protocol.Noop, protocol.Rejected, protocol.Conflict, protocol.Held, protocol.Quarantined:
		return o
	}
	return "other"
}

// pull gives one page.
func (s *Server) pull(c *call) error {
	r, err := protocol.DecodePull(c.body)
	if err != nil {
		return err
	}
	r.Limit = min(r.Limit, protocol.PageMax)
	out, err := s.o.Authority.Pull(c.ctx(), c.caller(), r)
	if err != nil {
		return err
	}
	body, err := protocol.AppendPage(nil, out)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	c.answer(http.StatusOK, body)
	s.metrics.pullPages.Inc()
	s.metrics.pullRows.Add(float64(len(out.Rows)))
	s.metrics.pullBytes.Add(float64(c.w.bytes))
	return nil
}

// digest answers one question of a desk that mends a channel.
func (s *Server) digest(c *call) error {
	r, err := protocol.DecodeDigest(c.body)
	if err != nil {
		return err
	}
	out, err := s.o.Authority.Digest(c.ctx(), c.caller(), r)
	if err != nil {
		return err
	}
	s.metrics.digests.Inc()
	s.metrics.mendedRows.Add(float64(len(out.Rows)))
	return c.reply(http.StatusOK, out)
}

// read gives records that need not live on desks.
func (s *Server) read(c *call) error {
	r, err := protocol.DecodeRead(c.body)
	if err != nil {
		return err
	}
	out, err := s.o.Authority.Read(c.ctx(), c.caller(), r)
	if err != nil {
		return err
	}
	s.metrics.readRows.Add(float64(len(out.Rows)))
	return c.reply(http.StatusOK, out)
}
