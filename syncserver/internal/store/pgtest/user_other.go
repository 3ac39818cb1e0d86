//go:build !linux

package pgtest

import "syscall"

// credential names the user a program runs as: here always the present one.
type credential struct{}

func ordinaryUser(string) (*credential, error) { return nil, nil }

func attributes(*credential) *syscall.SysProcAttr { return nil }

func give(*credential, string) error { return nil }
