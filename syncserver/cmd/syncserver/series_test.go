package main

import (
	"strings"
	"testing"
)

// An office makes its series, says where the year stands, and changes one thing
// without touching the others; numbers never go back.
func TestSeries(t *testing.T) {
	dir := add(t)
	series := func(args ...string) (int, string) {
		code, out, errs := call(t, "", append([]string{"series", args[0], "--data", dir}, args[1:]...)...)
		return code, out + errs
	}
	for _, x := range []struct {
		args string
		code int
		want string
	}{
		{"list", exitOK, ""},
		{"put zf --code 清政发 --name 市政府文件 --year 2026 --next 14 --void=false --order 2", exitOK, "series zf is 清政发"},
		{"put ling --code 清政令 --name 市政府令 --style order --continuous --year 2026 --next 3 --order 3", exitOK, ""},
		{"put sw --code 收 --name 来文 --direction in --year 2026 --next 301 --order 1", exitOK, ""},
		{"put zf --year 2026 --next 13", exitFailed, "nothing was changed"},
		{"put zf --year 2026 --next 20", exitFailed, "say why"},
		{"put zf --year 2026 --next 20 --words 旧系统已用", exitOK, "清政发\t市政府文件"},
		{"put zf --direction in", exitFailed, "keeps its direction"},
		{"put new --code 清政发 --name 又一个", exitFailed, "exists"},
		{"put new --name 无代字", exitFailed, "code"},
		{"put zf --name 市人民政府文件", exitOK, "清政发\t市人民政府文件"},
		{"put sw --name 外来文", exitOK, "收\t外来文"},
		{"put", exitUsage, ""},
		{"burn", exitUsage, ""},
	} {
		code, out := series(strings.Fields(x.args)...)
		if code != x.code || !strings.Contains(out, x.want) {
			t.Errorf("%s: exit %d %s", x.args, code, out)
		}
	}
	want := "sw\t收\t外来文\tin\t2026: 301\nzf\t清政发\t市人民政府文件\tout\t2026: 20\nling\t清政令\t市政府令\tout\t3\n"
	if _, out := series("list"); out != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
