package authority

import (
	"bytes"
	"context"
	"testing"

	"qianshao/syncserver/internal/store"
)

func TestLogHasNoContents(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	d := w.desk("lin", "d1")
	d.push(doc("a", "机密内容"), &panics{}, &emit{Word: "fail 机密内容"}, &refuse{I: "机密内容"})
	w.RunJobs(context.Background())
	if w.log.Len() == 0 || bytes.Contains(w.log.Bytes(), []byte("机密内容")) {
		t.Errorf("log: %s", w.log)
	}
}
