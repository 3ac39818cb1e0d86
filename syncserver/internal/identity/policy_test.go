package identity

import (
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func TestPolicy(t *testing.T) {
	p := NewPolicy()
	for _, c := range []struct{ user, password, rule string }{
		{"lin", "", "at least"},
		{"lin", "Tr4vel-an", "at least"},     // nine
		{"lin", "九个汉字不够长的呀", "at least"},     // nine characters, 27 bytes
		{"lin", "十个汉字就够长了的呀", ""},            // ten
		{"lin", "correct horse battery", ""}, // spaces are fine
		{"zhou", "Tr4velling-by-train", ""},  // good
		{"linzhiyuan", "LinZhiYuan-2026", "name"},
		{"linzhiyuan", "xxLINZHIYUANxx7", "name"},
		{"li", "already like this", ""}, // a name of two letters is in too many words
		{"lin", "password123", "common"},
		{"lin", "Password2026!", "common"},  // digits and signs after a common word
		{"lin", "2026password!!", "common"}, // and before
		{"lin", "P@ssw0rd2026", "common"},   // signs for letters
		{"lin", "Admin@123456", "common"},
		{"lin", "1qaz2wsx3edc", "common"},
		{"lin", "woaini1314520", "common"},
		{"lin", "Bangongshi2026", "common"},
		{"lin", "Shizhengfu@888", "common"},
		{"lin", "0123456789", "common"},
		{"lin", "1234567890123", "common"},
		{"lin", "9876543210987", "common"},
		{"lin", "aaaaaaaaaaaaaa", "common"},
		{"lin", "ababababababab", "common"},
		{"lin", "x7k2x7k2x7k2", "common"},
		{"lin", "abcdefghijklmn", "common"},
		{"lin", "with\x00control chars", "control"},
		{"lin", "with\ttab-inside-it", "control"},
		{"lin", "bad \xff utf-8 here", "control"},
		{"lin", strings.Repeat("长口令啊", 200), "long"},
	} {
		err := p.Check(c.user, c.password)
		if c.rule == "" {
			if err != nil {
				t.Errorf("%q: %v", c.password, err)
			}
			continue
		}
		if office.CodeOf(err) != protocol.CodeWeak || !strings.Contains(err.Error(), c.rule) {
			t.Errorf("%q: %v, want the rule %q", c.password, err, c.rule)
		}
		if err != nil && c.password != "" && strings.Contains(err.Error(), c.password) {
			t.Errorf("%q is repeated in the error", c.password)
		}
	}
}

func TestCommonListIsClean(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(common) {
		s := strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(s, "#") {
			continue
		}
		if s == "" || s != strings.ToLower(strings.TrimSpace(s)) || seen[s] {
			t.Errorf("line %q: empty, not lower case, or repeated", s)
		}
		seen[s] = true
	}
	if len(seen) < 300 {
		t.Errorf("only %d", len(seen))
	}
}
