package office_test

import (
	"testing"

	"qianshao/syncserver/office"
)

func TestIsolate(t *testing.T) {
	for in, want := range map[string]string{
		"":                "",
		"关于供热的请示":         "关于供热的请示",
		"䶮𠮷 <b>3</b>":     "䶮𠮷 <b>3</b>",
		"a\u202eb":        "\u2068a\u202eb\u2069",
		"שלום":            "\u2068שלום\u2069",
		"a\u2069\u202eb":  "\u2068a\u202eb\u2069",
		"\u2067a\u2068b":  "\u2068\u2067a\u2068b\u2069\u2069\u2069",
		"\u2066a\u2069 b": "\u2068\u2066a\u2069 b\u2069",
	} {
		if got := office.Isolate(in); got != want {
			t.Errorf("%+q: %+q, want %+q", in, got, want)
		}
	}
}
