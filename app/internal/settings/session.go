package settings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// SignIn is what a person enters to sign in, and what signing in works with.
type SignIn struct {
	Server, User, Password string
	Machine                string // what the person calls this machine; may be ""
	Insecure               bool   // take plain http beyond this machine, and remember it

	Network http.RoundTripper // nil: the real one
	Now     func() time.Time
	Rand    io.Reader
}

// SignIn opens a session and makes the folder this person's. The caller holds
// the profile's lock. A folder that is another person's, or another server's,
// stays theirs, for their queue is in it: CodeNotPermitted. Errors of the
// network and the server's refusals are those of [client.Client.Login].
func (f *Folder) SignIn(ctx context.Context, s SignIn) (Profile, error) {
	p, err := f.Load()
	switch {
	case errors.Is(err, ErrNone):
		if p.Install, err = office.NewID(s.Now(), s.Rand); err != nil {
			return p, err
		}
	case err != nil:
		return p, err
	}
	p.Policy.Insecure = p.Policy.Insecure || s.Insecure
	server := strings.TrimRight(strings.TrimSpace(s.Server), "/")
	if !p.Policy.Insecure {
		if server, err = client.CheckURL(s.Server); err != nil {
			return p, err
		}
	}
	if p.Server != "" && p.Server != server {
		return p, office.Errorf(office.CodeNotPermitted, "这个资料目录属于服务器 %s，请换一个目录", p.Server)
	}
	device := p.Device
	if p.User != s.User {
		device = "" // ask as a new device; whose the folder is shows below
	}
	cl := client.New(client.Options{BaseURL: server, RoundTripper: s.Network, Plain: p.Policy.Insecure})
	r, err := cl.Login(ctx, protocol.LoginRequest{User: s.User, Password: s.Password, Device: device, Install: p.Install, Name: s.Machine})
	if err != nil {
		return p, fmt.Errorf("sign in: %w", err)
	}
	if p.UID != "" && p.UID != r.User {
		err = office.Errorf(office.CodeNotPermitted, "这个资料目录属于 %s，请换一个目录", p.Name)
		return p, errors.Join(err, end(ctx, cl))
	}
	p.Server, p.User, p.UID, p.Name, p.Device, p.Machine = server, s.User, r.User, r.Name, r.Device, s.Machine
	p.Wiped = false // the server has let this machine in again
	if err := f.forgetWiped(); err != nil {
		return p, errors.Join(err, end(ctx, cl))
	}
	if err := f.Save(p); err != nil {
		return p, errors.Join(err, end(ctx, cl))
	}
	if err := f.SaveToken(r.Token); err != nil {
		return p, errors.Join(err, end(ctx, cl))
	}
	return p, nil
}

// patience is how long signing out waits for the server.
const patience = 5 * time.Second

// end closes a session at the server.
func end(ctx context.Context, cl *client.Client) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return cl.Logout(ctx)
}

// SignOut forgets the session here, then ends it at the server. untold is why
// the server could not be told: the session then ends there by itself. The
// work that waits stays. The caller holds the profile's lock.
func (f *Folder) SignOut(ctx context.Context, network http.RoundTripper) (untold, err error) {
	p, err := f.Load()
	if err != nil {
		return nil, err
	}
	cl, err := f.Client(p, network)
	if err != nil {
		return nil, err
	}
	if err := f.SaveToken(""); err != nil {
		return nil, err
	}
	if cl.Token() == "" {
		return nil, nil
	}
	if err := end(ctx, cl); err != nil && office.CodeOf(err) != protocol.CodeSession {
		return err, nil
	}
	return nil, nil
}

// Client is the connection of the profile with the token kept here. Signed
// out, it has none, and the server answers CodeSession.
func (f *Folder) Client(p Profile, network http.RoundTripper) (*client.Client, error) {
	token, err := f.Token()
	if err != nil {
		return nil, err
	}
	return client.New(client.Options{BaseURL: p.Server, Token: token, RoundTripper: network, Plain: p.Policy.Insecure}), nil
}
