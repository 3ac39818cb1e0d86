package servertest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// Password is everybody's, unless their User says otherwise.
const Password = "Servertest-password"

// User is somebody to add.
type User struct {
	UID      office.UserID
	Login    string // "" = the UID without hyphens
	Password string // "" = Password
	Name     string // 姓名; "" = the UID
	Unit     string
	Units    []string
	Posts    []string
	Roles    []string
}

func (u User) login() string {
	if u.Login != "" {
		return u.Login
	}
	return strings.ReplaceAll(string(u.UID), "-", "")
}

func (u User) password() string {
	if u.Password != "" {
		return u.Password
	}
	return Password
}

// AddUser makes a person of the directory with an account; units, posts and
// roles that are not there yet are made too, named by their ids.
func (s *Server) AddUser(u User) error {
	name := u.Name
	if name == "" {
		name = string(u.UID)
	}
	system := s.As(office.System)
	for _, id := range append([]string{u.Unit}, u.Units...) {
		if err := s.ensure(directory.Units.Name, id, &directory.PutUnit{ID: id, Name: id}); err != nil {
			return err
		}
	}
	for _, id := range u.Posts {
		if err := s.ensure(directory.Posts.Name, id, &directory.PutPost{ID: id, Name: id}); err != nil {
			return err
		}
	}
	for _, id := range u.Roles {
		if err := s.ensure(directory.Roles.Name, id, &directory.PutRole{ID: id, Name: id}); err != nil {
			return err
		}
	}
	if err := system.Must(&directory.PutPerson{ID: string(u.UID), Name: name}); err != nil {
		return err
	}
	if err := system.Must(&directory.Assign{UID: u.UID, Unit: u.Unit, Units: u.Units, Posts: u.Posts, Roles: u.Roles}); err != nil {
		return err
	}
	return s.AddAccount(u.login(), u.UID, u.password())
}

// AddAccount makes an account for somebody who is in the directory already.
func (s *Server) AddAccount(login string, uid office.UserID, password string) error {
	return s.server().Identity.Add(context.Background(), login, uid, password)
}

// ensure gives a command of the system if the record it makes is not there.
func (s *Server) ensure(kind, id string, cmd office.Command) error {
	if id == "" {
		return nil
	}
	if _, ok, err := s.Get(kind, id); ok || err != nil {
		return err
	}
	return s.As(office.System).Must(cmd)
}

// Actor gives commands as somebody, without a desk.
type Actor struct {
	s   *Server
	uid office.UserID
	at  time.Time
}

// As is a person, or office.System.
func (s *Server) As(uid office.UserID) Actor { return Actor{s: s, uid: uid} }

// At gives the next commands at another time than the clock's.
func (a Actor) At(t time.Time) Actor {
	a.at = t
	return a
}

// Do carries a command out. A refusal is a result; an error a fault.
func (a Actor) Do(cmd office.Command) (protocol.Result, error) {
	mid, err := office.NewID(a.s.o.Now(), a.s.o.Rand)
	if err != nil {
		return protocol.Result{}, err
	}
	return a.DoAs(mid, cmd)
}

// DoAs is Do with a mid: the same mid again gives the same result.
func (a Actor) DoAs(mid string, cmd office.Command) (protocol.Result, error) {
	return a.s.server().Authority.As(context.Background(), a.uid, mid, a.at, cmd)
}

// Must is Do where a refusal is an error too.
func (a Actor) Must(cmd office.Command) error {
	r, err := a.Do(cmd)
	if err != nil {
		return err
	}
	if err := wiring.Refusal(r); err != nil {
		return fmt.Errorf("%s as %s: %w", cmd.Kind(), a.uid, err)
	}
	return nil
}

// Desk is a signed-in client with the device it got.
type Desk struct {
	*client.Client
	UID     office.UserID
	Device  string
	Install string
}

// SignIn signs a user in on a device: "" is a new one. rt is as for Client.
func (s *Server) SignIn(u User, device, install string, rt http.RoundTripper) (*Desk, error) {
	c := s.Client(rt)
	r, err := c.Login(context.Background(), protocol.LoginRequest{User: u.login(), Password: u.password(), Device: device, Install: install})
	if err != nil {
		return nil, err
	}
	return &Desk{Client: c, UID: r.User, Device: r.Device, Install: install}, nil
}

// RevokeDevice revokes a device and its forks: their next contact tells them.
func (s *Server) RevokeDevice(dev string) error {
	return s.server().Identity.RevokeDevice(context.Background(), dev)
}

// EndSessions ends all sessions of a person.
func (s *Server) EndSessions(uid office.UserID) error {
	_, err := s.server().Identity.EndSessions(context.Background(), uid)
	return err
}

// DisableAccount closes an account; EnableAccount opens it.
func (s *Server) DisableAccount(login string) error {
	return s.server().Identity.Disable(context.Background(), login)
}

// EnableAccount opens a closed account.
func (s *Server) EnableAccount(login string) error {
	return s.server().Identity.Enable(context.Background(), login)
}

// Get reads one record of the store.
func (s *Server) Get(kind, id string) (r office.Record, ok bool, err error) {
	in := s.server()
	err = in.Store.Read(context.Background(), func(q store.Q) (err error) {
		r, ok, err = in.Store.Rows.Get(context.Background(), q, kind, id)
		return err
	})
	return r, ok, err
}
