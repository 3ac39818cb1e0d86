package office

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFileName is the most characters of a file's name.
const MaxFileName = 200

// reservedNames cannot name a file on Windows, whatever follows a dot.
var reservedNames = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true, "clock$": true}

// CheckFileName refuses a name that could not be, or would not stay, the name
// of one file in one folder on every system: empty, too long, a path, a
// character that Windows forbids or nobody sees, a space or dot at its ends, a
// device's name. 涉密 words are CodeClassified.
func CheckFileName(field, name string) error {
	if !utf8.ValidString(name) {
		return Invalid(field, "文件名不是 UTF-8")
	}
	if n := utf8.RuneCountInString(name); n == 0 || n > MaxFileName {
		return Invalid(field, "文件名须为 1 至 %d 个字", MaxFileName)
	}
	for _, r := range name {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return Invalid(field, "文件名不能含有 %c", r)
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co), r == utf8.RuneError:
			return Invalid(field, "文件名含有看不见的字符 U+%04X", r)
		}
	}
	if name != strings.TrimSpace(name) || strings.HasSuffix(name, ".") {
		return Invalid(field, "文件名不能以空格开头，也不能以空格或句点结尾")
	}
	if reservedFileName(name) {
		return Invalid(field, "%s 是 Windows 保留的名称", name)
	}
	if Classified(name) {
		return &Error{Code: CodeClassified, Field: field, Message: "涉密文件不得进入本系统"}
	}
	return nil
}

func reservedFileName(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToLower(strings.TrimSpace(stem))
	if reservedNames[stem] {
		return true
	}
	for _, p := range []string{"com", "lpt"} {
		if rest, ok := strings.CutPrefix(stem, p); ok && utf8.RuneCountInString(rest) == 1 && strings.Contains("0123456789¹²³", rest) {
			return true
		}
	}
	return false
}

// Classified reports whether a text has a mark of a state secret: 绝密, 机密 or
// 秘密 (rule L15). 商业秘密 and 工作秘密, which the product may hold, are none.
func Classified(text string) bool {
	for _, plain := range []string{"商业秘密", "工作秘密", "商业机密"} {
		text = strings.ReplaceAll(text, plain, "")
	}
	for _, c := range []string{"绝密", "机密", "秘密"} {
		if strings.Contains(text, c) {
			return true
		}
	}
	return false
}

// ShortFileName is name with its stem cut so that it has at most max bytes: file
// systems count bytes where people count characters. The extension stays.
func ShortFileName(name string, max int) string {
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	stem := strings.TrimSuffix(name, ext)
	for len(stem)+len(ext) > max && stem != "" {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	return strings.TrimRight(stem, " .") + ext
}
