package wiring

import (
	"context"
	"fmt"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
)

// NewPerson is a person of the directory to make together with an account.
type NewPerson struct {
	UID   office.UserID
	Name  string // "" = do not make; the person is there
	Title string
	Unit  string
	Posts []string
	Roles []string // roles that are not there are made
}

// AddUser makes an account. With a name it first makes the person, by the
// system's commands, if nobody has the id: so the first administrator comes in.
func (s *Server) AddUser(ctx context.Context, user, password string, x NewPerson) error {
	if err := s.Identity.CheckNew(user, password); err != nil {
		return err
	}
	if x.Name != "" {
		there, err := s.has(ctx, directory.People.Name, string(x.UID))
		if err != nil {
			return err
		}
		if !there {
			if err := s.addPerson(ctx, x); err != nil {
				return fmt.Errorf("make person: %w", err)
			}
		}
	}
	return s.Identity.Add(ctx, user, x.UID, password)
}

func (s *Server) addPerson(ctx context.Context, x NewPerson) error {
	for _, role := range x.Roles {
		there, err := s.has(ctx, directory.Roles.Name, role)
		if err != nil {
			return err
		}
		if !there {
			if err := s.system(ctx, &directory.PutRole{ID: role, Name: role}); err != nil {
				return err
			}
		}
	}
	if err := s.system(ctx, &directory.PutPerson{ID: string(x.UID), Name: x.Name, Title: x.Title}); err != nil {
		return err
	}
	return s.system(ctx, &directory.Assign{UID: x.UID, Unit: x.Unit, Posts: x.Posts, Roles: x.Roles})
}

func (s *Server) has(ctx context.Context, kind, id string) (ok bool, err error) {
	err = s.Store.Read(ctx, func(q store.Q) error {
		_, ok, err = s.Store.Rows.Get(ctx, q, kind, id)
		return err
	})
	return ok, err
}

// system gives one command of the system; a refusal is an error.
func (s *Server) system(ctx context.Context, cmd office.Command) error {
	mid, err := office.NewID(s.Now(), s.Rand)
	if err != nil {
		return err
	}
	r, err := s.Authority.As(ctx, office.System, mid, s.Now(), cmd)
	if err != nil {
		return err
	}
	return Refusal(r)
}

// Refusal is a result that is none of success, as an error.
func Refusal(r protocol.Result) error {
	switch r.Outcome {
	case protocol.Applied, protocol.Noop, protocol.Conflict:
		return nil
	}
	return fmt.Errorf("%s: %w", r.Outcome, &office.Error{Code: r.Code, Message: r.Message, Field: r.Field})
}
