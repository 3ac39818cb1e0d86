// Package door is the door of an open window: a second start of the program
// finds the profile's lock taken (see package vault), knocks here with the link
// it was asked to open, if any, and the window that is already there comes to
// the front and follows it.
package door

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Door is where others knock. Close takes it away.
type Door struct{ l net.Listener }

// maxSaid bounds what somebody who knocks may say.
const maxSaid = 1024

// Listen calls knock, on a goroutine of its own, each time another process
// knocks at the profile, with the link it brings; "" for none. What is said is
// not checked here. The caller holds the profile's lock: whatever door is
// found there was left by a process that is no more.
func Listen(profile string, knock func(link string)) (*Door, error) {
	path, err := at(profile)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(path)
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for a second start: %w", err)
	}
	_ = os.Chmod(path, 0o600) // its folder is closed to others anyway
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(time.Second))
			_, _ = c.Write([]byte{'k'})
			said, _ := bufio.NewReader(io.LimitReader(c, maxSaid)).ReadString('\n')
			_ = c.Close()
			link, whole := strings.CutSuffix(said, "\n")
			if !whole {
				link = "" // broken off, or too long to be one
			}
			knock(link)
		}
	}()
	return &Door{l}, nil
}

// Close takes the door away.
func (d *Door) Close() error { return d.l.Close() }

// Knock asks the window that has the profile open to come to the front and to
// follow link ("" for none) and reports whether one answered. A desk without a
// window has no door.
func Knock(profile, link string) bool {
	path, err := at(profile)
	if err != nil {
		return false
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(2 * time.Second))
	var b [1]byte
	if n, _ := c.Read(b[:]); n != 1 {
		return false
	}
	_, _ = io.WriteString(c, strings.Map(func(r rune) rune {
		if r == '\n' || r == 0 {
			return -1
		}
		return r
	}, link)+"\n")
	return true
}

// maxPath is the shortest limit of any system we run on (macOS: 104 bytes with
// the terminating zero).
const maxPath = 103

// at is the socket of a profile: inside the profile, or, where that path is too
// long for a socket, in a folder of this person's own.
func at(profile string) (string, error) {
	abs, err := filepath.Abs(profile)
	if err != nil {
		return "", err
	}
	if p := filepath.Join(abs, "window.sock"); len(p) <= maxPath {
		return p, nil
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	base = filepath.Join(base, "qianshao")
	if err := os.MkdirAll(base, 0o700); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(abs))
	p := filepath.Join(base, hex.EncodeToString(sum[:8])+".sock")
	if len(p) > maxPath {
		return "", fmt.Errorf("no room for a socket's path under %s", base)
	}
	return p, nil
}
