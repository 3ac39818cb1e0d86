package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// maxPassword is the longest password file that is read, in bytes.
const maxPassword = 4096

// login signs in and makes the profile this person's.
func login(ctx context.Context, c *call) (err error) {
	f := c.flags
	if f.server == "" || f.user == "" || f.passwordFile == "" {
		return usage("用法：desk login %s", c.verb.args)
	}
	if !f.insecure {
		if _, err := client.CheckURL(f.server); err != nil {
			return &usageError{err}
		}
	}
	password, err := readPassword(c.in, f.passwordFile)
	if err != nil {
		return err
	}
	machine := f.machine
	if machine == "" {
		machine, _ = os.Hostname() // a machine without a name is one without a name
	}
	l, err := c.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Release()) }()
	p, err := c.folder.SignIn(ctx, settings.SignIn{
		Server: f.server, User: f.user, Password: password, Machine: machine, Insecure: f.insecure,
		Network: c.network, Now: c.now, Rand: c.rand,
	})
	if err != nil {
		return err
	}
	// The databases are made now, so that reading verbs find them.
	e, err := c.open(ctx, p, nil, false)
	if err != nil {
		return err
	}
	e.Contacted(ctx)
	if err := e.Close(); err != nil {
		return err
	}
	if c.json {
		return writeLine(c.out, struct {
			User   string        `json:"user"`
			UID    office.UserID `json:"uid"`
			Name   string        `json:"name"`
			Device string        `json:"dev"`
		}{p.User, p.UID, p.Name, p.Device})
	}
	fmt.Fprintf(c.out, "已登录：%s（%s）\n", plain(p.Name), plain(p.User))
	return nil
}

// readPassword is the first line of a file, or of standard input for "-".
func readPassword(in io.Reader, name string) (string, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", usage("读密码：%v", err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxPassword+1))
	if err != nil {
		return "", usage("读密码：%v", err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" || len(raw) > maxPassword {
		return "", usage("密码文件是空的或过长")
	}
	return line, nil
}

// logout forgets the session here and, if the server can be reached, there.
func logout(ctx context.Context, c *call) (err error) {
	if _, err := c.folder.Load(); err != nil {
		return err
	}
	l, err := c.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Release()) }()
	untold, err := c.folder.SignOut(ctx, c.network)
	if untold != nil {
		fmt.Fprintf(c.err, "desk: 本机已退出；未能告知服务器：%v\n", untold)
	}
	return err
}

func printVersion(_ context.Context, c *call) error {
	fmt.Fprintf(c.out, "desk %s protocol %s\n", version, protocol.Version)
	return nil
}
