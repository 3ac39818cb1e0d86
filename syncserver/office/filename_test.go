package office

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheckFileName(t *testing.T) {
	for _, good := range []string{
		"值班表.txt", "a", "-rf", "--help", "'; DROP TABLE x --.sql", "$(rm -rf).sh", "%2e%2e%2f.txt", "𠮷田𪚥㙍.docx", ".gitignore", "a..b", "com10.txt",
		"contract.pdf", "nulls.csv", "名 字 (1) [终稿].docx", "商业秘密保护办法.pdf", strings.Repeat("长", MaxFileName), "é́.txt", "#&;=@!~`^{}.txt",
	} {
		if err := CheckFileName("name", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", " ", ".", "..", "../x", "a/b", `a\b`, "c:x", "a*", "a?", `a"b`, "a<b", "a>b", "a|b", "a\x00b", "a\nb", "a\tb", "\x7f",
		"a\u202etxt.exe", "a\u200bb", "a\u2028b", "\ufeffa", "a\ue000", "a\xffb", " a", "a ", "a.", "a. ", "　a", "con", "CON.txt", "Nul", "aux.tar.gz", "com1", "LPT9.x", "com²", "conin$",
		strings.Repeat("长", MaxFileName+1),
	} {
		if err := CheckFileName("name", bad); CodeOf(err) != CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, secret := range []string{"绝密.pdf", "关于机密事项.docx", "秘密★.txt"} {
		if err := CheckFileName("name", secret); CodeOf(err) != CodeClassified {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

func TestShortFileName(t *testing.T) {
	for in, want := range map[string]string{
		"值班表.txt": "值班表.txt", strings.Repeat("长", 200) + ".docx": strings.Repeat("长", 65) + ".docx", "x." + strings.Repeat("y", 300): "x." + strings.Repeat("y", 198),
	} {
		got := ShortFileName(in, 200)
		if got != want || len(got) > 200 || !utf8.ValidString(got) {
			t.Errorf("%d bytes become %q", len(in), got)
		}
	}
}
