package story

import (
	"context"
	"fmt"
	"strings"
	"time"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// sixSigned is (a): of six papers signed off line two apply; the others are
// refused, each by its own reason, and their words are kept.
func (c *cast) sixSigned(ctx context.Context) error {
	titles := []string{"出差期间其一", "出差期间其二", "出差期间改过正文", "出差期间由代理人办", "出差期间取回", "出差期间挂起"}
	for i, t := range titles {
		titles[i] = "关于" + t + "的签报"
	}
	ids, instances, err := c.started(ctx, c.qin, []office.UserID{leader}, titles...)
	if err != nil {
		return err
	}
	// Only what comes after the rule is his agent's, and of that only this flow.
	now := office.Millis(time.Now())
	rule, err := newID()
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	c.say("　秦鹤鸣呈上六件。林知远出门前委托许南乔代办这类事项，然后离线，逐件签了意见。")
	if err := c.atOnce(ctx, c.lin, &approval.SetDelegation{ID: rule, From: leader, To: neighbor, Start: now, End: now + 72*3600_000, Flows: []string{flowP}, Already: true}); err != nil {
		return err
	}
	var given []script.Given
	for _, t := range titles {
		g, err := c.signs(ctx, c.lin, leader, t, "同意，请抓紧。")
		if err != nil {
			return err
		}
		given = append(given, g)
	}

	c.say("　三天里，秦鹤鸣改了第三件的正文，取回第五件，挂起第六件；许南乔代办了第四件。")
	text, err := c.rewritten(ctx, c.qin, ids[2], "b02", "所需经费 9 万元在年度预算中列支。妥否，请批示。")
	if err != nil {
		return err
	}
	changed, err := c.give(ctx, c.qin, text)
	if err != nil {
		return err
	}
	back, err := c.give(ctx, c.qin, &approval.TakeBack{Instance: instances[4], Subject: ids[4], Words: "补充材料后再报。"})
	if err != nil {
		return err
	}
	if err := c.send(ctx, c.qin, changed, back); err != nil {
		return err
	}
	if err := c.atOnce(ctx, c.qin, &approval.Suspend{Instance: instances[5], Subject: ids[5], Words: "等上级批复。"}); err != nil {
		return err
	}
	if err := c.agentActs(ctx, titles[3]); err != nil {
		return err
	}

	c.say("　第三天晚上，林知远联网。")
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	for i, want := range []string{"applied", "applied", "stale_body", "task_done_by_other", "task_withdrawn", "instance_suspended"} {
		if err := c.ended(ctx, fmt.Sprintf("第%c件", []rune("一二三四五六")[i]), c.lin, given[i], want); err != nil {
			return err
		}
	}
	if err := c.kept(ctx, "四件被拒的，意见都原样留着", "同意，请抓紧。", c.lin, given[2:]...); err != nil {
		return err
	}
	return c.atOnce(ctx, c.lin, &approval.EndDelegation{ID: rule})
}

// agentActs has xu act on a paper in lin's name. The rule begins by a job of the
// server's, which may take a moment.
func (c *cast) agentActs(ctx context.Context, title string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if _, err := c.xu.Sync(ctx); err != nil {
			return err
		}
		rs, err := c.xu.List(ctx, approval.Tasks.Name, "--where", "person="+neighbor, "--where", "state="+approval.TaskOpen, "--limit", "0")
		if err != nil {
			return err
		}
		for _, r := range rs {
			if strings.Contains(r.Text("title"), title) {
				g, err := c.signs(ctx, c.xu, neighbor, title, "同意（代）。")
				if err != nil {
					return err
				}
				if err := c.send(ctx, c.xu, g); err != nil {
					return err
				}
				c.expect("许南乔是代林知远办的", leader, r.Text("for"))
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the agent is not asked about %s", title)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// twoDeputies is (b): the server's order decides between two who were both off
// line.
func (c *cast) twoDeputies(ctx context.Context) error {
	title := "关于两位副职同办一件的签报"
	_, instances, err := c.started(ctx, c.qin, []office.UserID{leader, neighbor}, title)
	if err != nil {
		return err
	}
	for _, p := range []*script.Person{c.lin, c.xu} {
		if _, err := p.Sync(ctx); err != nil {
			return err
		}
	}
	first, err := c.signs(ctx, c.lin, leader, title, "林：同意。")
	if err != nil {
		return err
	}
	second, err := c.signs(ctx, c.xu, neighbor, title, "许：请再核。")
	if err != nil {
		return err
	}
	c.say("　林知远先写，许南乔后写，两人都离线；许南乔先联网。")
	for _, p := range []*script.Person{c.xu, c.lin} {
		if _, err := p.Sync(ctx); err != nil {
			return err
		}
	}
	if err := c.ended(ctx, "许南乔的意见生效", c.xu, second, "applied"); err != nil {
		return err
	}
	if err := c.ended(ctx, "林知远的未生效：他人已办", c.lin, first, "task_done_by_other"); err != nil {
		return err
	}
	if err := c.kept(ctx, "他的意见留作未生效意见", "林：同意。", c.lin, first); err != nil {
		return err
	}
	said, err := opinions(ctx, c.lin, instances[0])
	if err != nil {
		return err
	}
	c.holds("稿纸上只有许南乔的意见", len(said) == 1 && said[0].Actor == neighbor)
	return nil
}

// disputed is (d): words that a secretary entered stay as they are, and so does
// that the leader says otherwise.
func (c *cast) disputed(ctx context.Context) error {
	title := "关于电话请示事项的签报"
	ids, instances, err := c.started(ctx, c.qin, []office.UserID{leader}, title)
	if err != nil {
		return err
	}
	if _, err := c.he.Sync(ctx); err != nil {
		return err
	}
	c.say("　林知远不在，在电话里说了意见；贺云舟代填。")
	x, err := c.open(ctx, c.he, leader, title)
	if err != nil {
		return err
	}
	g, err := c.give(ctx, c.he, &approval.Enter{
		Task: x.task.ID, Subject: ids[0], TaskRev: x.t.Rev, Step: x.t.Step, SeenHash: x.hash, Act: approval.ActApprove,
		Words: "同意，按程序办。", Basis: approval.BasisPhone, Said: office.Millis(time.Now().Add(-time.Hour)),
	})
	if err != nil {
		return err
	}
	if err := c.send(ctx, c.he, g); err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	said, err := c.lin.Show(ctx, approval.Instances.Name, instances[0])
	if err != nil {
		return err
	}
	rs := said.Children[approval.Opinions.Name]
	if len(rs) != 1 {
		return fmt.Errorf("%d opinions", len(rs))
	}
	c.say("　林知远回来离线看到，不同意这样写。")
	answer, err := c.give(ctx, c.lin, &approval.Answer{
		Opinion: rs[0].ID, Instance: instances[0], Subject: ids[0], Answer: approval.AnswerDisputed, Words: "我说的是先核经费。",
	})
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "异议记下", c.lin, answer, "applied"); err != nil {
		return err
	}
	if _, err := c.he.Sync(ctx); err != nil {
		return err
	}
	now, err := opinions(ctx, c.he, instances[0])
	if err != nil {
		return err
	}
	c.expect("代录的话原样还在，旁边是他的异议", "同意，按程序办。 / disputed / 我说的是先核经费。", fmt.Sprintf("%s / %s / %s", now[0].Words, now[0].Answer, now[0].Dispute))
	c.expect("录入人和批示人都看得出", keeper+" 代 "+leader, fmt.Sprintf("%s 代 %s", now[0].Actor, now[0].For))
	return nil
}

// wrongClock is (e): the order is the server's; the time a wrong clock claims is
// kept beside it.
func (c *cast) wrongClock(ctx context.Context) error {
	titles := []string{"关于时钟快两天的签报", "关于时钟慢两天的签报"}
	_, instances, err := c.started(ctx, c.qin, []office.UserID{leader}, titles...)
	if err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	var given []script.Given
	for i, wrong := range []time.Duration{48 * time.Hour, -48 * time.Hour} {
		m := *c.lin
		m.Wrong = wrong
		g, err := c.signs(ctx, &m, leader, titles[i], "同意。")
		if err != nil {
			return err
		}
		given = append(given, g)
	}
	c.say("　一件在快两天的时钟下签，一件在慢两天的时钟下签。")
	m := *c.lin
	m.Wrong = 48 * time.Hour
	if _, err := m.Sync(ctx); err != nil {
		return err
	}
	for i, want := range []time.Duration{48 * time.Hour, -48 * time.Hour} {
		if err := c.ended(ctx, "签字生效", c.lin, given[i], "applied"); err != nil {
			return err
		}
		said, err := opinions(ctx, c.lin, instances[i])
		if err != nil {
			return err
		}
		claimed := time.Duration(said[0].Claimed-office.Millis(time.Now())) * time.Millisecond
		taken := time.Duration(said[0].Effective-office.Millis(time.Now())) * time.Millisecond
		c.expect("自报的时间照记，生效的时间是服务器的", fmt.Sprintf("%+.0f 小时，+0 小时", want.Hours()), fmt.Sprintf("%+.0f 小时，%+.0f 小时", claimed.Hours(), max(taken, 0).Hours()))
	}
	return nil
}
