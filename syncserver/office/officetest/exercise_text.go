package officetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

func (x *exercise) canonical(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return tx.Insert("ex.card", "can-1", "", json.RawMessage("{ \"b\" : [ 1 , 2.50, null ],\n\"a\":{\"z\":1,\"y\":true} , \"n\":null}"))
	})
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "can-1", `{"a":{"z":1,"y":true},"b":[1,2.50,null],"n":null}`)
		return tx.Patch("ex.card", "can-1", office.Fields{"0": "<b>&\u2028"})
	})
	x.do(t, func(tx office.Tx) error {
		r, _, err := tx.Get("ex.card", "can-1")
		if err != nil {
			return err
		}
		if again, err := office.Canonical(r.Body); err != nil || string(again) != string(r.Body) {
			t.Errorf("%s is not canonical: %s, %v", r.Body, again, err)
		}
		if !strings.HasPrefix(string(r.Body), `{"0":"<b>&`) {
			t.Errorf("HTML is escaped: %s", r.Body)
		}
		return nil
	})
}

func (x *exercise) unknownFields(t *testing.T) {
	const was = `{"future":{"deep":[1,{"x":"y"}]},"title":"a","元数据":"v"}`
	x.do(t, func(tx office.Tx) error { return tx.Insert("ex.card", "unk-1", "", json.RawMessage(was)) })
	x.do(t, func(tx office.Tx) error { return tx.Patch("ex.card", "unk-1", office.Fields{"title": "b"}) })
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "unk-1", strings.Replace(was, `"a"`, `"b"`, 1))
		return nil
	})
}

// odd are texts that have broken databases, encoders or shells.
var odd = []string{
	"", " ", "  two  spaces ", "\t\n\r\n", `"`, `\`, `\\`, `\u0000 spelled out`, `'`, `''`, "`", "--", "/* */", ";", "%", "_", "?", "$1", ":a", "@a",
	"Robert'); DROP TABLE r_ex_card; --", `<script>alert("x")</script>`, "&lt;&amp;", "${jndi:ldap://x}", "{{7*7}}", "../../etc/passwd",
	"关于印发《办法》的通知", "𠮷野家", "㐂䶮㛃", "龘靐齉爩", "𰻝𰻝麵", "喆堃镕", "镕\U000E0100", "e\u0301", "\u202eabc\u202c", "\ufeff", "\u200b", "\u2028\u2029", "\u0001\u001f\u007f", "\ufffd", "\uffff", "👨‍👩‍👧",
}

func (x *exercise) oddText(t *testing.T) {
	id := func(i int) string { return fmt.Sprintf("odd-%02d", i) }
	x.do(t, func(tx office.Tx) error {
		for i, s := range odd {
			if err := tx.Insert("ex.card", id(i), "", body{"grp": "odd", "title": s, "note": s, "key " + s: s}); err != nil {
				return fmt.Errorf("%q: %w", s, err)
			}
		}
		return nil
	})
	x.do(t, func(tx office.Tx) error {
		for i, s := range odd {
			r, p, err := tx.Get("ex.card", id(i))
			if err != nil || p != office.Present {
				t.Fatalf("%q: %d %v", s, p, err)
			}
			var got map[string]string
			if err := r.Decode(&got); err != nil || got["title"] != s || got["note"] != s || got["key "+s] != s {
				t.Errorf("%q came back as %q, %v", s, got, err)
			}
			for _, w := range []office.Cond{office.Where("title", s), {Field: "title", Op: office.In, Value: []string{s, "none of these"}}} {
				if got := x.list(t, tx, "odd", office.Query{Where: []office.Cond{w}}); got != fmt.Sprintf("%02d", i) {
					t.Errorf("%s %q finds %q", w.Op, s, got)
				}
			}
			if err := tx.Patch("ex.card", id(i), office.Fields{"note": s + s}); err != nil {
				t.Errorf("patch %q: %v", s, err)
			}
		}
		return nil
	})
}

// refusedText: what one database cannot keep, none keeps.
func (x *exercise) refusedText(t *testing.T) {
	for name, v := range map[string]any{
		"U+0000":              body{"a": "x\x00y"},
		"U+0000 escaped":      json.RawMessage(`{"a":["\u0000"]}`),
		"U+0000 after slash":  json.RawMessage(`{"a":"\\\u0000"}`),
		"U+0000 in a key":     body{"a\x00": 1},
		"bytes not UTF-8":     json.RawMessage("{\"a\":[\"\xff\"]}"),
		"long declared field": body{"title": strings.Repeat("长", office.MaxText/3+1)},
	} {
		t.Run(name, func(t *testing.T) {
			x.refused(t, office.CodeInvalid, func(tx office.Tx) error { return tx.Insert("ex.card", "ref-1", "", v) })
		})
	}
	x.do(t, func(tx office.Tx) error {
		x.wantGone(t, tx, "ex.card", "ref-1")
		return tx.Insert("ex.card", "ref-2", "", body{"title": strings.Repeat("长", office.MaxText/3), "long": strings.Repeat("字", 100_000), "a": `\u0000`})
	})
	x.refused(t, office.CodeInvalid, func(tx office.Tx) error {
		return tx.Patch("ex.card", "ref-2", office.Fields{"a": "\x00"})
	})
	if e := x.refused(t, office.CodeInvalid, func(tx office.Tx) error {
		return tx.Patch("ex.card", "ref-2", office.Fields{"title": strings.Repeat("a", office.MaxText+1)})
	}); e.Field != "title" {
		t.Errorf("field %q", e.Field)
	}
}

func (x *exercise) bigNumbers(t *testing.T) {
	for i, n := range []string{"9223372036854775807", "-9223372036854775808", "9007199254740993", "1e3", "1.0", "0.1", "1e300", "123456789012345678901234567890"} {
		id := fmt.Sprintf("big-%d", i)
		want1 := fmt.Sprintf(`{"n":%s,"rank":%s,"weight":%s}`, n, n, n)
		x.do(t, func(tx office.Tx) error { return tx.Insert("ex.card", id, "", json.RawMessage(want1)) })
		x.do(t, func(tx office.Tx) error {
			want(t, tx, "ex.card", id, want1)
			return tx.Patch("ex.card", id, office.Fields{"x": 1})
		})
		x.do(t, func(tx office.Tx) error {
			want(t, tx, "ex.card", id, strings.TrimSuffix(want1, "}")+`,"x":1}`)
			return nil
		})
	}
	x.do(t, func(tx office.Tx) error {
		return errors.Join(
			tx.Insert("ex.card", "big-a", "", json.RawMessage(`{"grp":"big","rank":9007199254740993}`)),
			tx.Insert("ex.card", "big-b", "", json.RawMessage(`{"grp":"big","rank":9007199254740992}`)),
		)
	})
	x.do(t, func(tx office.Tx) error {
		if got := x.list(t, tx, "big", office.Query{Where: []office.Cond{{Field: "rank", Op: office.Gt, Value: int64(9007199254740992)}}}); got != "a" {
			t.Errorf("integers above 2^53 compare as floats: %q", got)
		}
		return nil
	})
}
