package bridge

import (
	"context"
	"slices"
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
	desk, uid, ok := s.core.host.Desk()
	if !ok {
		out.Stage = StageOut
		return out, nil
	}
	out.Stage = StageIn
	st := desk.Status()
	if st.Loading && st.SyncedAt == 0 {
		out.Stage = StageLoading
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
	}
	return out, nil
}

// leaderRoles are the roles of those who sign rather than work lists: 主要领导,
// 分管领导, 办公室审核.
var leaderRoles = []string{"principal", "incharge", "officereview"}

func isLeader(p directory.Official) bool {
	return slices.ContainsFunc(p.Roles, func(r string) bool { return slices.Contains(leaderRoles, r) })
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

// SignOut ends the session. What waits stays in the profile.
func (s *Session) SignOut() error {
	_, err := call(s.core, "Session.SignOut", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.core.host.SignOut(ctx)
	})
	return err
}
