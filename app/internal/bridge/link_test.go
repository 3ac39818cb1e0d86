package bridge

import (
	"strings"
	"testing"
)

func TestRoute(t *testing.T) {
	const id = "01903f7a-1111-7abc-8def-0123456789ab"
	for link, want := range map[string]string{
		"qianshao://document/" + id:       "/document/" + id,
		"qianshao://document/" + id + "/": "/document/" + id,
		"qianshao://todo":                 "/todo",
		"qianshao://todo/":                "/todo",
		"qianshao://workbench":            "/",
		"qianshao://person/lin-zhiyuan":   "/contacts?book=public&show=lin-zhiyuan",
		"qianshao://case/" + id:           "/reconcile/" + id,
		"QIANSHAO://item/" + id:           "/todo?show=" + id,
	} {
		if got, ok := Route(link); !ok || got != want {
			t.Errorf("%s: %q %v, want %q", link, got, ok, want)
		}
	}
	for _, link := range []string{
		"", "qianshao:", "qianshao://", "qianshao:document/" + id, "qianshao://document", "qianshao://document/",
		"qianshao://document/" + id + "/more", "qianshao://document/" + id + "?x=1", "qianshao://document/" + id + "#x",
		"qianshao://document/../settings", "qianshao://document/%2e%2e", "qianshao://document/a%2fb", "qianshao://document/<script>",
		"qianshao://a@document/" + id, "qianshao://document:80/" + id, "qianshao://DOCUMENT2/" + id, "qianshao://todo/x",
		"https://document/" + id, "javascript:alert(1)", "file:///etc/passwd", "//document/" + id,
		"qianshao://document/" + strings.Repeat("a", 400), "qianshao://document/\x00", "qianshao://document/" + id + "\n",
	} {
		if got, ok := Route(link); ok {
			t.Errorf("%q leads to %q", link, got)
		}
	}
}
