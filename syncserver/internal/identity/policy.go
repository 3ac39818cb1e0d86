package identity

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// MinPassword is the least length of a password in characters.
const MinPassword = 10

// common lists passwords that guessers try first, one a line, lower case.
//
//go:embed common.txt
var common string

// Policy judges new passwords. Length counts, not the mixture of signs (NIST
// SP 800-63B §5.1.1.2).
type Policy struct{ common map[string]bool }

// NewPolicy reads the list of common passwords.
func NewPolicy() *Policy {
	p := &Policy{common: map[string]bool{}}
	for line := range strings.Lines(common) {
		if s := strings.TrimSpace(line); s != "" && !strings.HasPrefix(s, "#") {
			p.common[s] = true
		}
	}
	return p
}

// Check refuses a weak password with CodeWeak and a sentence that names the
// rule. user is the log-in name.
func (p *Policy) Check(user, password string) error {
	weak := func(msg string) error {
		return &office.Error{Code: protocol.CodeWeak, Field: "password", Message: msg}
	}
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return weak("no control characters")
	}
	if utf8.RuneCountInString(password) < MinPassword {
		return weak("at least 10 characters")
	}
	if len(password) > protocol.MaxPassword {
		return weak("too long")
	}
	low := strings.ToLower(password)
	if user = strings.ToLower(user); len(user) >= 3 && strings.Contains(low, user) {
		return weak("contains the user name")
	}
	if p.guessed(low) {
		return weak("too common")
	}
	return nil
}

// guessed reports whether a lower-case password is a common one, as it stands,
// spelt with the usual signs for letters, with digits or signs put before or
// after it, or is made of a few repeated or neighbouring characters.
func (p *Policy) guessed(low string) bool {
	plain := strings.NewReplacer("@", "a", "0", "o", "1", "l", "3", "e", "$", "s", "5", "s", "!", "i").Replace(low)
	isTail := func(r rune) bool { return !unicode.IsLetter(r) }
	for _, s := range []string{low, plain, strings.TrimRightFunc(low, isTail), strings.TrimFunc(low, isTail), strings.TrimFunc(plain, isTail)} {
		if p.common[s] {
			return true
		}
	}
	return monotone(low)
}

// monotone reports fewer than four different characters, one piece repeated to
// the end (abcabcabcabc), or a walk of neighbours (0123456789, zyxwvuts…).
func monotone(s string) bool {
	rs := []rune(s)
	kinds := map[rune]bool{}
	up, down := true, true
	for i, r := range rs {
		kinds[r] = true
		if i > 0 {
			up = up && (r == rs[i-1]+1 || rs[i-1] == '9' && r == '0')
			down = down && (r == rs[i-1]-1 || rs[i-1] == '0' && r == '9')
		}
	}
	if len(kinds) < 4 || up || down {
		return true
	}
	for n := 1; n <= len(rs)/2; n++ {
		if len(rs)%n == 0 && strings.Repeat(string(rs[:n]), len(rs)/n) == s {
			return true
		}
	}
	return false
}
