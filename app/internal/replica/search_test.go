package replica

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

func find(t *testing.T, r *Replica, text string) string {
	t.Helper()
	hs, err := r.Search(context.Background(), text, 0)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var out []string
	for _, h := range hs {
		out = append(out, h.ID)
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	part := office.Record{Kind: "t.part", ID: "p1", Root: "a", Ver: 1, Body: body(obj{"blocks": []obj{{"text": "第一段落"}}})}
	person := office.Record{Kind: "t.person", ID: "lin", Root: "lin", Ver: 1, Body: body(obj{"name": "林知远", "pinyin": "lin zhi yuan", "initials": "lzy"})}
	take(t, r, Rebase{}, puts(org1, 1,
		card("a", 1, obj{"title": "关于召开全市防汛工作会议的通知", "tags": []string{"防汛", "Meeting 2026", "hanzi"}}),
		card("b", 1, obj{"title": "汛期值班表 ＡＢＣ１２３号"}),
		card("c", 1, obj{"title": "工作要点：会，议。", "n": 7}),
		card("d", 1, obj{"title": "𬭚䶮镕 café résumé"}), // 𬭚 is newer than SQLite's tables
		part, person))
	for q, want := range map[string]string{
		"防汛": "a", "汛工": "a", "汛": "b a", "会议": "c a", "工作 通知": "a", "通知 值班": "",
		"abc123号": "b", "ABC": "b", "ab": "b", "bc": "", "123": "b", "meet": "a", "2026": "a", "MEETING": "a",
		"𬭚": "d", "𬭚䶮": "d", "䶮": "d", "cafe": "d", "RESUME": "d",
		"林知": "lin", "lzy": "lin", "lz": "lin", "linzhiy": "lin", "zhi yuan": "lin", "LIN": "lin", "han": "a",
		"段落": "p1", "": "", "   ": "", "\"": "", "\" OR a*": "", "(防汛": "a", "防汛*": "a", "-通知": "a", "NEAR(": "", "text:防汛": "",
		"防 汛": "a", "'; DROP TABLE search; --": "",
	} {
		if got := find(t, r, q); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
	if hs, err := r.Search(context.Background(), "林知远", 1); err != nil || len(hs) != 1 || hs[0].Title != "林知远" || hs[0].Root != "lin" || hs[0].Kind != "t.person" {
		t.Fatalf("%+v %v", hs, err)
	}
	// What changed last comes first.
	take(t, r, Rebase{}, puts(org1, 2, card("a", 2, obj{"title": "汛情"})))
	if got := find(t, r, "汛"); got != "a b" {
		t.Errorf("after a change %q", got)
	}
	for _, q := range []string{"召开", "meeting"} {
		if got := find(t, r, q); got != "" {
			t.Errorf("%q still finds %q", q, got)
		}
	}
	// A change of something else leaves the order.
	take(t, r, Rebase{}, puts(org1, 3, card("b", 2, obj{"title": "汛期值班表 ＡＢＣ１２３号", "n": 1})))
	if got := find(t, r, "汛"); got != "a b" {
		t.Errorf("after another change %q", got)
	}
	if n := count(t, r, "SELECT count(*) FROM search_doc"); n != 6 {
		t.Errorf("%d texts", n)
	}
}

func count(t *testing.T, r *Replica, q string) int {
	t.Helper()
	var n int
	if err := r.r.QueryRow(q).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Nothing of a record that left stays in any file of the profile.
func TestErasureLeavesNoWords(t *testing.T) {
	p := profile(t)
	r, err := Open(context.Background(), p, testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	secret := card("s", 1, obj{"title": "Xylophonequartz 密谈纪要"})
	others := make([]office.Record, 200)
	for i := range others {
		others[i] = card("o"+strings.Repeat("x", i%50)+string(rune('a'+i%26))+string(rune('a'+i/26)), 1, obj{"title": "平常的文件"})
	}
	take(t, r, Rebase{}, puts(org1, 1, append(others, secret)...))
	if !inFiles(t, p.Dir, "ylophonequart") {
		t.Fatal("the test looks in the wrong place")
	}
	out := take(t, r, Rebase{}, rems(org1, 2, secret))
	if !out.Erased {
		t.Fatal("nothing erased")
	}
	if done, err := r.Truncate(context.Background()); err != nil || !done {
		t.Fatal(done, err)
	}
	if got := find(t, r, "密谈"); got != "" {
		t.Fatal(got)
	}
	for _, words := range []string{"ylophonequart", "密 谈", "密谈", "密"} {
		if inFiles(t, p.Dir, words) {
			t.Errorf("%q is still in a file", words)
		}
	}
}

func inFiles(t *testing.T, dir, words string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || strings.Contains(string(b), words)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
