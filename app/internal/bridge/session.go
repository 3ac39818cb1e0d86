package bridge

import (
	"context"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Session is who works in the window.
type Session struct{ core *core }

// State says who is here and how far the first load is.
func (s *Session) State() (SessionState, error) {
	return call(s.core, "Session.State", s.state)
}

func (s *Session) state(ctx context.Context) (SessionState, error) {
	var out SessionState
	out.Server, out.User = s.core.host.Remembered()
	known := s.core.host.Known()
	out.Fixed, out.Trouble = known.Fixed, known.Trouble
	out.Rooms = []string{}
	if known.Wiped {
		out.Stage = StageWiped
		return out, nil
	}
	desk, uid, ok := s.core.host.Desk()
	if !ok {
		out.Stage = StageOut
		return out, nil
	}
	out.Stage, out.Name = StageIn, known.Person
	st := desk.Status()
	if st.Locked {
		out.Stage, out.Error = StageLocked, string(st.LastError)
		return out, nil
	}
	if st.Loading {
		out.Loaded = st.Staged
		if !st.Lists {
			out.Stage = StageLoading
			out.Error = string(st.LastError)
		}
	}
	a := &at{core: s.core, desk: desk, uid: uid, now: s.core.now()}
	names := a.names(ctx)
	p, found, err := names.official(uid)
	if err != nil {
		return out, err
	}
	if found {
		me := names.person(string(uid), p)
		out.Me = &me
		out.Leader = isLeader(p)
		heads, err := names.headed(uid, p)
		if err != nil {
			return out, err
		}
		out.Desk, out.Rooms = deskOf(p, heads), roomsOf(p)
	}
	return out, nil
}

// SignIn logs in on the server and opens the person's desk.
func (s *Session) SignIn(c Credentials) (SessionState, error) {
	return call(s.core, "Session.SignIn", func(ctx context.Context) (SessionState, error) {
		switch {
		case strings.TrimSpace(c.Server) == "":
			return SessionState{}, office.Invalid("server", "")
		case strings.TrimSpace(c.User) == "":
			return SessionState{}, office.Invalid("user", "")
		case c.Password == "":
			return SessionState{}, office.Invalid("password", "")
		}
		err := s.core.host.SignIn(ctx, strings.TrimSpace(c.Server), strings.TrimSpace(c.User), c.Password)
		if err != nil {
			return SessionState{}, err
		}
		return s.state(ctx)
	})
}

// SignOut ends the session. What the server does not have stays in the profile;
// if there is such, only with keep (CodeUnsent).
func (s *Session) SignOut(keep bool) error {
	_, err := call(s.core, "Session.SignOut", func(ctx context.Context) (struct{}, error) {
		if desk, uid, ok := s.core.host.Desk(); ok && !keep {
			a := &at{core: s.core, desk: desk, uid: uid, now: s.core.now()}
			left, err := a.unsent(ctx)
			if err != nil {
				return struct{}{}, err
			}
			if len(left) > 0 {
				return struct{}{}, &office.Error{Code: CodeUnsent}
			}
		}
		return struct{}{}, s.core.host.SignOut(ctx)
	})
	return err
}

// Renew opens a new session for the person whose desk is open: after the old
// one has expired. The desk stays open all the time.
func (s *Session) Renew(password string) error {
	return do(s.core, "Session.Renew", func(ctx context.Context, _ *at) error {
		if password == "" {
			return office.Invalid("password", "")
		}
		return s.core.host.Renew(ctx, password)
	})
}

// Password changes the person's password. It needs the server.
func (s *Session) Password(old, now string) error {
	return do(s.core, "Session.Password", func(ctx context.Context, _ *at) error {
		switch {
		case old == "":
			return office.Invalid("old_password", "")
		case now == "":
			return office.Invalid("new_password", "")
		}
		return s.core.host.Password(ctx, old, now)
	})
}

// Mine is what is known of the person who works here.
func (s *Session) Mine() (Profile, error) {
	return signedIn(s.core, "Session.Mine", func(ctx context.Context, a *at) (Profile, error) {
		var out Profile
		_, out.User = s.core.host.Remembered()
		names := a.names(ctx)
		p, found, err := names.official(a.uid)
		if err != nil {
			return out, err
		}
		if found {
			me := names.person(string(a.uid), p)
			out.Me = &me
			for _, u := range append([]string{p.Unit}, p.Units...) {
				if u != "" {
					out.Units = append(out.Units, names.unit(u))
				}
			}
			for _, id := range p.Posts {
				x, ok, err := get(ctx, a, directory.Posts, id)
				if err != nil {
					return out, err
				}
				if ok {
					out.Posts = append(out.Posts, x.Value.Name)
				}
			}
			for _, id := range p.Roles {
				x, ok, err := get(ctx, a, directory.Roles, id)
				if err != nil {
					return out, err
				}
				if ok {
					out.Roles = append(out.Roles, x.Value.Name)
				}
			}
			heads, err := names.headed(a.uid, p)
			if err != nil {
				return out, err
			}
			for _, u := range heads {
				out.Heads = append(out.Heads, names.unit(u))
			}
		}
		left, err := a.unsent(ctx)
		if err != nil {
			return out, err
		}
		out.Unsent = len(left)
		out.Here, err = a.here(ctx)
		return out, err
	})
}
