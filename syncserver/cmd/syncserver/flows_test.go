package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An office of its own gets the standard flows and their posts, takes one out,
// changes it and puts it back; what does not hold is refused and changes nothing.
func TestFlows(t *testing.T) {
	dir := add(t)
	flows := func(in string, args ...string) string {
		return must(t, in, append([]string{"flows", args[0], "--data", dir}, args[1:]...)...)
	}
	if out := flows("", "list"); out != "" {
		t.Error(out)
	}
	out := flows("", "standard")
	for _, want := range []string{"post hegao\t核稿\tnobody", "flow fawen_han\t函\tpublished", "flow shouwen_yuejian\t收文(阅件)\tpublished"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if out := flows("", "standard"); !strings.Contains(out, "here already") {
		t.Error(out)
	}
	xml := flows("", "export", "fawen_han")
	if strings.Count(xml, `name="核发"`) != 1 {
		t.Fatal(xml)
	}
	if out := flows(strings.Replace(xml, `name="核发"`, `name="分发"`, 1), "publish", "-"); !strings.HasPrefix(out, "fawen_han.2 is published") {
		t.Error(out)
	}
	if again := flows("", "export", "fawen_han"); !strings.Contains(again, `name="分发"`) {
		t.Error(again)
	}
	if list := flows("", "list"); !strings.Contains(list, "fawen_han.2\t函\t") || strings.Contains(list, "fawen_han.1\t") {
		t.Error(list)
	}
	before := flows("", "list")
	broken := filepath.Join(t.TempDir(), "broken.bpmn")
	if err := os.WriteFile(broken, []byte(strings.ReplaceAll(xml, `id="hegao"`, `id="hegao2"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"publish " + broken:                      "nothing was published",
		"publish /nowhere/x.bpmn":                "no such file",
		"export nothing":                         `no flow "nothing"`,
		"burn":                                   `not "burn"`,
		"publish":                                "",
		"list --data " + filepath.Join(dir, "x"): "no database",
	} {
		a := strings.Fields("flows " + args)
		if !strings.Contains(args, "--data") {
			a = append(a[:2:2], append([]string{"--data", dir}, a[2:]...)...)
		}
		if code, _, errs := call(t, "", a...); code == exitOK || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d %s", args, code, errs)
		}
	}
	if after := flows("", "list"); after != before {
		t.Errorf("%s\nbecame\n%s", before, after)
	}
}
