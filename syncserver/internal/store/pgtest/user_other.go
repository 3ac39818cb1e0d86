//go:build !linux

package pgtest

import "syscall"

func ordinaryUser(string) (*struct{}, error) { return nil, nil }

func attributes(*struct{}) *syscall.SysProcAttr { return nil }
