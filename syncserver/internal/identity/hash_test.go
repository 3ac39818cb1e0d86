package identity

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

// quick are costs for tests.
var quick = Params{Memory: 8, Time: 1, Threads: 1}

func TestHashAndVerify(t *testing.T) {
	a, err := quick.hash("Tr4velling-by-train", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b, err := quick.hash("Tr4velling-by-train", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if a == b {
		t.Error("two hashes of one password are equal: no salt")
	}
	if !strings.HasPrefix(a, "$argon2id$v=19$m=8,t=1,p=1$") || strings.Contains(a, "Tr4vel") {
		t.Errorf("hash %q", a)
	}
	for password, want := range map[string]bool{"Tr4velling-by-train": true, "tr4velling-by-train": false, "": false, "Tr4velling-by-train ": false} {
		if got, err := verify(a, password); got != want || err != nil {
			t.Errorf("verify %q: %t, %v", password, got, err)
		}
	}
}

func TestHashUsesTheRandomnessGiven(t *testing.T) {
	a, _ := quick.hash("x", bytes.NewReader(make([]byte, 16)))
	b, _ := quick.hash("x", bytes.NewReader(make([]byte, 16)))
	if a != b || a == "" {
		t.Error("other randomness than given")
	}
	if _, err := quick.hash("x", bytes.NewReader(nil)); err == nil {
		t.Error("no randomness, no error")
	}
}

func TestVerifyRefusesWhatIsNoHash(t *testing.T) {
	good, _ := quick.hash("x", rand.Reader)
	for _, s := range []string{
		"", "x", "$argon2id$", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=8", "m=99999999", 1), strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "t=1", "t=4000000", 1),
		strings.Replace(good, "p=1", "p=0", 1), good + "$x", good[:len(good)-30], "$argon2id$v=19$m=8,t=1,p=1$$",
	} {
		if ok, err := verify(s, "x"); ok || err == nil {
			t.Errorf("%q: %t, %v", s, ok, err)
		}
	}
}
