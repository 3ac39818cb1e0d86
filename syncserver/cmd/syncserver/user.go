package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
)

// user keeps accounts.
func (p *program) user(ctx context.Context, args []string) error {
	acts := map[string]func(context.Context, []string) error{
		"add": p.userAdd, "password": p.userPassword, "list": p.userList, "devices": p.userDevices,
		"disable": p.onUser("disable", func(ctx context.Context, s *wiring.Server, name string) (string, error) {
			return name + " is disabled, its sessions have ended", s.Identity.Disable(ctx, name)
		}),
		"enable": p.onUser("enable", func(ctx context.Context, s *wiring.Server, name string) (string, error) {
			return name + " is enabled and unlocked", s.Identity.Enable(ctx, name)
		}),
		"end-sessions": p.onUser("end-sessions", func(ctx context.Context, s *wiring.Server, name string) (string, error) {
			uid, err := s.Identity.Owner(ctx, name)
			if err != nil {
				return "", err
			}
			n, err := s.Identity.EndSessions(ctx, uid)
			return fmt.Sprintf("%d sessions of %s ended", n, name), err
		}),
		"revoke": p.onUser("revoke", func(ctx context.Context, s *wiring.Server, dev string) (string, error) {
			return "device " + dev + " is revoked", s.Identity.RevokeDevice(ctx, dev)
		}),
	}
	if len(args) == 0 || acts[args[0]] == nil {
		return p.usageError("user: add, password, disable, enable, end-sessions, devices, revoke or list")
	}
	return acts[args[0]](ctx, args[1:])
}

// userAdd makes an account, and the person in the directory if told the name.
func (p *program) userAdd(ctx context.Context, args []string) error {
	f, w := p.flags("user add NAME")
	uid := f.String("uid", "", "the person's id in the directory, such as lin-zhiyuan; default NAME")
	file := f.String("password-file", "-", `file with the password in its first line; "-" = standard input`)
	var x wiring.NewPerson
	f.StringVar(&x.Name, "person", "", "姓名: make the person in the directory, if nobody has the id yet")
	f.StringVar(&x.Title, "title", "", "职务 of a person made now")
	f.StringVar(&x.Unit, "unit", "", "unit of a person made now")
	posts := f.String("posts", "", "posts of a person made now, with commas")
	roles := f.String("roles", "", "roles of a person made now, with commas, such as sysadmin; made if absent")
	rest, err := p.parse(f, args, 1)
	if err != nil {
		return err
	}
	x.UID, x.Posts, x.Roles = office.UserID(*uid), list(*posts), list(*roles)
	if x.UID == "" {
		x.UID = office.UserID(strings.ToLower(rest[0]))
	}
	s, err := p.open(ctx, w, mode{})
	if err != nil {
		return err
	}
	defer s.Close()
	password, err := p.password(*file)
	if err != nil {
		return err
	}
	if err := s.AddUser(ctx, rest[0], password, x); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s is added for %s\n", strings.ToLower(rest[0]), x.UID)
	return nil
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// userPassword sets a password without knowing the old one.
func (p *program) userPassword(ctx context.Context, args []string) error {
	f, w := p.flags("user password NAME")
	file := f.String("password-file", "-", `file with the password in its first line; "-" = standard input`)
	rest, err := p.parse(f, args, 1)
	if err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	password, err := p.password(*file)
	if err != nil {
		return err
	}
	if err := s.Identity.SetPassword(ctx, rest[0], password); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "the password of %s is set, its sessions have ended\n", rest[0])
	return nil
}

// onUser is a command with one argument and no flags of its own.
func (p *program) onUser(name string, act func(context.Context, *wiring.Server, string) (string, error)) func(context.Context, []string) error {
	return func(ctx context.Context, args []string) error {
		f, w := p.flags("user " + name)
		rest, err := p.parse(f, args, 1)
		if err != nil {
			return err
		}
		s, err := p.open(ctx, w, mode{mustExist: true})
		if err != nil {
			return err
		}
		defer s.Close()
		done, err := act(ctx, s, rest[0])
		if err != nil {
			return err
		}
		fmt.Fprintln(p.out, done)
		return nil
	}
}

// userList prints all accounts.
func (p *program) userList(ctx context.Context, args []string) error {
	f, w := p.flags("user list")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	as, err := s.Identity.Accounts(ctx)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(p.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tUID\tSTATE\tSESSIONS\tPASSWORD SET")
	for _, a := range as {
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\n", a.Name, a.UID, a.State, a.Sessions, when(a.Changed))
	}
	return t.Flush()
}

// userDevices prints the machines of a person.
func (p *program) userDevices(ctx context.Context, args []string) error {
	f, w := p.flags("user devices NAME")
	rest, err := p.parse(f, args, 1)
	if err != nil {
		return err
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	uid, err := s.Identity.Owner(ctx, rest[0])
	if err != nil {
		return err
	}
	ds, err := s.Identity.DevicesOf(ctx, uid)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(p.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "DEVICE\tSTATE\tSESSIONS\tSEEN\tNAME")
	for _, d := range ds {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\n", d.ID, d.State, d.Sessions, when(d.Seen), d.Name)
	}
	return t.Flush()
}

func when(ms int64) string {
	if ms == 0 {
		return "never"
	}
	return time.UnixMilli(ms).Format("2006-01-02 15:04")
}
