package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/servertest"
)

// shelve makes many incoming papers at once, as years of an office leave them.
type shelve struct {
	IDs     []string          `json:"ids"`
	Headers []document.Header `json:"headers"`
}

func (*shelve) Kind() string      { return "bench.shelve@1" }
func (x *shelve) Locks() []string { return nil }
func (x *shelve) Run(tx office.Tx, c office.Context) error {
	for i, id := range x.IDs {
		if err := document.Headers.Insert(tx, id, x.Headers[i]); err != nil {
			return err
		}
	}
	return nil
}

// window serves an office of n incoming papers and runs a command that measures
// the real program on it. The command gets QS_SERVER, QS_PASSWORD_FILE, QS_USER
// and QS_RECORDS.
func (b *bench) window(n int, command []string) {
	cat := got(catalog.With(nil, []office.Spec{{Kind: "bench.shelve@1", New: func() office.Command { return new(shelve) }, Class: office.Online}}))
	srv := got(servertest.Start(servertest.Options{Catalog: cat, Now: time.Now, LoginBurst: 100, Dir: filepath.Join(b.dir, "window")}))
	defer func() { must(srv.Close()) }()
	got(srv.Listen())
	must(srv.AddUser(servertest.User{UID: "ding", Name: "丁小禾", Unit: "zong", Roles: []string{document.RoleRegistrar}}))
	for i, name := range []string{"林知远", "许南乔", "褚言", "宋听泉"} {
		must(srv.AddUser(servertest.User{UID: office.UserID(fmt.Sprint("p", i)), Name: name, Unit: "zong"}))
	}
	texts, rng := newCorpus(3), rand.New(rand.NewPCG(3, 3))
	pick := func(l ...string) string { return l[rng.IntN(len(l))] }
	now := time.Now()
	b.note("papers: %d made in %.0f s", n, since(func() {
		for made := 0; made < n; {
			var x shelve
			for len(x.IDs) < 1000 && made < n {
				at := now.Add(-time.Duration(rng.IntN(300*24*60)) * time.Minute)
				h := document.Header{
					Direction: document.Incoming, Genre: pick("请示", "报告", "函", "通知"), Title: fmt.Sprintf("关于%s的第%d号请示", texts.text(14), made),
					From: pick("市水务局", "市教育局", "东屏区人民政府", "省数据局", "市财政局"), FromNumber: fmt.Sprintf("清水请〔2026〕%d号", made),
					Number: fmt.Sprintf("上收〔2026〕%d号", made), NumberState: document.NumberGiven, Handling: pick(document.HandlingAct, document.HandlingRead),
					Urgency: pick("", "", "", "加急", "特急"), Received: at.UnixMilli(), Created: at.UnixMilli(), Updated: at.UnixMilli(), Drafter: "ding", Reading: "ding xiao he",
					Unit: "zong", Flow: fmt.Sprint("i", made), FlowState: document.Done, FlowStand: document.Done,
				}
				if made%5 == 0 {
					h.FlowState, h.FlowStand, h.FlowStep = document.Running, document.Running, pick("拟办", "批示", "承办")
					h.FlowHolders, h.FlowHolder = []office.UserID{office.UserID(pick("p0", "p1", "p2", "p3"))}, pick("lin zhi yuan", "xu nan qiao", "chu yan")
					h.FlowDue = now.Add(time.Duration(rng.IntN(60*24)-10*24) * time.Hour).UnixMilli()
				}
				x.IDs, x.Headers = append(x.IDs, office.DeriveID("window", fmt.Sprint(made))), append(x.Headers, h)
				made++
			}
			must(srv.As(office.System).Must(&x))
		}
	}).Seconds())
	password := filepath.Join(b.dir, "password")
	must(os.WriteFile(password, []byte(servertest.Password), 0o600))
	cmd := exec.CommandContext(b.ctx, command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "QS_SERVER="+srv.URL, "QS_URL="+srv.URL, "QS_PASSWORD_FILE="+password, "QS_USER=ding", fmt.Sprint("QS_RECORDS=", n))
	must(cmd.Run())
}
