package story

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// upgraded is (k): a paper keeps the version it was begun with, unless it is
// migrated; then what was signed against the old one is asked again.
func (c *cast) upgraded(ctx context.Context) error {
	titles := []string{"关于升级前呈报的签报", "关于升级后迁移的签报"}
	ids, instances, err := c.started(ctx, c.qin, []office.UserID{leader}, titles...)
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	var given []script.Given
	for _, title := range titles {
		g, err := c.signs(ctx, c.lin, leader, title, "同意。")
		if err != nil {
			return err
		}
		given = append(given, g)
	}
	c.say("　林知远离线签了两件。姚静姝发布流程第 2 版，多了“回告”一步，并把第二件迁到新版。")
	if err := c.atOnce(ctx, c.yao, &approval.Publish{Base: 1, Definition: flowOf(2)}); err != nil {
		return err
	}
	if err := c.atOnce(ctx, c.yao, &approval.Migrate{Instance: instances[1], Subject: ids[1], Version: 2, Words: "按新流程办理。"}); err != nil {
		return err
	}
	c.say("　秦鹤鸣的电脑还没取回新版，离线又呈报一件。")
	_, late, err := c.started(ctx, c.qin, []office.UserID{leader}, "关于用旧版呈报的签报")
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "第一件按旧版生效", c.lin, given[0], "applied"); err != nil {
		return err
	}
	if err := c.ended(ctx, "第二件步骤变了，再问一次", c.lin, given[1], "stale_body"); err != nil {
		return err
	}
	h, err := c.lin.Show(ctx, document.Headers.Name, ids[0])
	if err != nil {
		return err
	}
	c.expect("第一件办结，没有多出一步", "办结", h.Text("flow_step"))
	again, err := c.signs(ctx, c.lin, leader, titles[1], "同意，请回告。")
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "看过后再签", c.lin, again, "applied"); err != nil {
		return err
	}
	if h, err = c.lin.Show(ctx, document.Headers.Name, ids[1]); err != nil {
		return err
	}
	c.expect("第二件走到新版的一步", "回告", h.Text("flow_step"))
	i, err := c.qin.Show(ctx, approval.Instances.Name, late[0])
	if err != nil {
		return err
	}
	c.expect("离线呈报的那件走服务器上的新版", flowP+".2", i.Text("definition"))
	return nil
}

// numbers is (i): two who want the same number, and two who register without a
// network: none is given twice.
func (c *cast) numbers(ctx context.Context) error {
	if err := c.second(ctx); err != nil {
		return err
	}
	registered := func(title string) *document.Register {
		return &document.Register{
			ID: office.DeriveID("scene i", title), Series: "sw-ping", Genre: "函", Title: title, From: "市交通运输局",
			FromNumber: "清交函〔2026〕" + title[len(title)-1:] + "号", Received: office.Millis(time.Now()), Unit: "mishu1", Handling: document.HandlingAct,
		}
	}
	first, second := registered("关于公交站点调整的函1"), registered("关于停车泊位调整的函2")
	a, err := c.give(ctx, c.ding, first)
	if err != nil {
		return err
	}
	b, err := c.give(ctx, c.ma, second)
	if err != nil {
		return err
	}
	for _, x := range []struct {
		p  *script.Person
		id string
	}{{c.ding, first.ID}, {c.ma, second.ID}} {
		h, err := x.p.Show(ctx, document.Headers.Name, x.id)
		if err != nil {
			return err
		}
		c.holds("离线登记，编号待分配", h.Text("number") == "")
	}
	if err := together([]*script.Person{c.ma, c.ding}, func(p *script.Person) error { _, err := p.Sync(ctx); return err }); err != nil {
		return err
	}
	if err := c.ended(ctx, "丁小禾的登记生效", c.ding, a, "applied"); err != nil {
		return err
	}
	if err := c.ended(ctx, "马晓川的登记生效", c.ma, b, "applied"); err != nil {
		return err
	}
	if _, err := c.ding.Sync(ctx); err != nil {
		return err
	}
	x, err := c.ding.Show(ctx, document.Headers.Name, first.ID)
	if err != nil {
		return err
	}
	y, err := c.ma.Show(ctx, document.Headers.Name, second.ID)
	if err != nil {
		return err
	}
	c.holds(fmt.Sprintf("两件各得一号（%s，%s）", x.Text("number"), y.Text("number")), x.Text("number") != "" && y.Text("number") != "" && x.Text("number") != y.Text("number"))

	// Both put the same reserved number down at the same moment, each for a paper
	// of their own.
	year := time.Now().In(calendar.Zone).Year()
	why := "会议已通报的号"
	if err := c.atOnce(ctx, c.ding, &document.ReserveNumbers{Series: "qzbf", Year: year, Count: 1, Words: why}); err != nil {
		return err
	}
	gap, err := find(ctx, c.ding, document.Gaps.Name, "words", why, "--where", "series=qzbf")
	if err != nil {
		return err
	}
	var next int
	if err := gap.Field("from", &next); err != nil {
		return err
	}
	papers := map[*script.Person]string{c.ding: office.DeriveID("scene i", "ding"), c.ma: office.DeriveID("scene i", "ma")}
	for p, id := range papers {
		if _, err := c.give(ctx, p, &document.DraftPaper{
			ID: id, Direction: document.Outgoing, Genre: "通知", Title: "关于抢号的通知" + p.User, Series: "qzbf", Publicity: "主动公开", To: []string{"各区、县人民政府"},
		}); err != nil {
			return err
		}
		if _, err := p.Sync(ctx); err != nil {
			return err
		}
	}
	given := map[*script.Person]script.Given{}
	results := make([]script.Given, 2)
	both := []*script.Person{c.ding, c.ma}
	if err := together([]int{0, 1}, func(i int) (err error) {
		results[i], err = c.give(ctx, both[i], &document.ChooseNumber{ID: papers[both[i]], Year: year, N: next, Words: why})
		return err
	}); err != nil {
		return err
	}
	var got []string
	for i, p := range both {
		given[p] = results[i]
		o, err := c.outcome(ctx, p, results[i])
		if err != nil {
			return err
		}
		got = append(got, o)
	}
	slices.Sort(got)
	c.expect("同时要同一个号：一位得到，另一位被拒", "[applied exists]", fmt.Sprint(got))
	out, err := c.Office.Admin(ctx, "", "verify", "--data", c.Office.Data())
	if err != nil {
		return fmt.Errorf("verify: %w: %s", err, out)
	}
	c.say("　服务器核对号簿和轨迹：无误。")
	return nil
}

// second makes 马晓川 a second 文书 and 收发员: the post is the system
// administrator's to fill, the role the security administrator's to grant.
func (c *cast) second(ctx context.Context) error {
	if err := c.placed(ctx, "mishu1", "wenyin", "wenshu", "shoufa"); err != nil {
		return err
	}
	if err := c.atOnce(ctx, c.sec, &directory.Grant{UID: ma, Add: []string{document.RoleRegistrar}}); err != nil {
		return err
	}
	if err := c.signIn(ctx, c.ma); err != nil {
		return err
	}
	c.say("　马晓川兼任文书和收发员，与丁小禾同在离线时办。")
	return nil
}

// placed puts 马晓川 into a unit and on posts; his roles stay.
func (c *cast) placed(ctx context.Context, unit string, posts ...string) error {
	if _, err := c.sys.Sync(ctx); err != nil {
		return err
	}
	p, err := c.sys.Show(ctx, directory.People.Name, ma)
	if err != nil {
		return err
	}
	var was directory.Official
	if err := unmarshal(p, &was); err != nil {
		return err
	}
	return c.atOnce(ctx, c.sys, &directory.Assign{UID: ma, Unit: unit, Units: was.Units, Posts: posts, Roles: was.Roles})
}

// moved is (l): what a person gives after they have been moved is refused with
// what they wrote kept, and the former post's books leave their desk.
func (c *cast) moved(ctx context.Context) error {
	title := "关于岗位调整前呈批的签报"
	drafter := c.Office.As("yusiqi", "scene")
	if err := c.signIn(ctx, drafter); err != nil {
		return err
	}
	if _, _, err := c.started(ctx, drafter, []office.UserID{ma}, title); err != nil {
		return err
	}
	if _, err := c.ma.Sync(ctx); err != nil {
		return err
	}
	books, err := c.ma.List(ctx, document.Gaps.Name, "--where", "series=qzbf", "--limit", "0")
	if err != nil {
		return err
	}
	sign, err := c.signs(ctx, c.ma, ma, title, "已核，拟同意。")
	if err != nil {
		return err
	}
	entry, err := c.give(ctx, c.ma, &document.Register{
		ID: office.DeriveID("scene l", "paper"), Series: "sw-ping", Genre: "函", Title: "关于离线登记的函", From: "市教育局",
		FromNumber: "清教函〔2026〕90号", Received: office.Millis(time.Now()), Unit: "mishu1", Handling: document.HandlingAct,
	})
	if err != nil {
		return err
	}
	c.say("　马晓川离线办了一件、登记了一件。同日他调到行政科，手上的待办移交给邵文渊。")
	admin := c.Office.As("yaojingshu", "moves")
	if err := c.signIn(ctx, admin); err != nil {
		return err
	}
	if err := c.atOnce(ctx, c.sec, &directory.Grant{UID: ma, Remove: []string{document.RoleRegistrar}}); err != nil {
		return err
	}
	if err := c.placed(ctx, "xingzheng"); err != nil {
		return err
	}
	if err := c.atOnce(ctx, admin, &approval.HandOver{From: ma, To: "shao-wenyuan", Words: "马晓川同志调行政科。"}); err != nil {
		return err
	}
	if err := c.handed(ctx, drafter, title); err != nil {
		return err
	}
	if _, err := c.ma.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "已移交的待办，离线签的未生效", c.ma, sign, "task_transferred"); err != nil {
		return err
	}
	if err := c.ended(ctx, "已不任收发员，登记被规则拒绝", c.ma, entry, "rule"); err != nil {
		return err
	}
	if err := c.kept(ctx, "意见留着，可以抄走", "已核，拟同意。", c.ma, sign); err != nil {
		return err
	}
	if err := c.kept(ctx, "登记的内容留着", "关于离线登记的函", c.ma, entry); err != nil {
		return err
	}
	after, err := c.ma.List(ctx, document.Gaps.Name, "--where", "series=qzbf", "--limit", "0")
	if err != nil {
		return err
	}
	c.expect(fmt.Sprintf("文书的断号台账（原有 %d 条）不再在他的电脑上", len(books)), "0 条", fmt.Sprintf("%d 条", len(after)))
	return c.ma.Doctor(ctx)
}

// handed waits until the server has handed the task over, which is a job of its
// own for each paper.
func (c *cast) handed(ctx context.Context, p *script.Person, title string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := p.Sync(ctx); err != nil {
			return err
		}
		h, err := find(ctx, p, document.Headers.Name, "title", title)
		if err != nil {
			return err
		}
		var holders []string
		if err := h.Field("flow_holders", &holders); err != nil {
			return err
		}
		if slices.Equal(holders, []string{"shao-wenyuan"}) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the task was not handed over: %v", holders)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
