package identity

import (
	"os"
	"testing"

	"qianshao/syncserver/internal/store/pgtest"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

// onPostgres makes newWorld use PostgreSQL; only TestPostgres sets it, and no
// test of this package runs in parallel.
var onPostgres bool

// The same tests over PostgreSQL.
func TestPostgres(t *testing.T) {
	onPostgres = true
	defer func() { onPostgres = false }()
	for name, test := range map[string]func(*testing.T){
		"LoginOpensASession": TestLoginOpensASession, "AddRefuses": TestAddRefuses, "NoEnumeration": TestNoEnumeration,
		"LockAndUnlock": TestLockAndUnlock, "LockIsStored": TestLockIsStored, "GuessesAtOnce": TestGuessesAtOnce,
		"SessionExpiresAndSlides": TestSessionExpiresAndSlides, "WhatEndsSessions": TestWhatEndsSessions, "EndedIsTold": TestEndedIsTold,
		"PasswordOfOnesOwn": TestPasswordOfOnesOwn, "Devices": TestDevices, "BadTokens": TestBadTokens, "Rehash": TestRehash,
	} {
		t.Run(name, test)
	}
}
