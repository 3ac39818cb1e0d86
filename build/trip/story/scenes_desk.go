package story

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
)

// meetings is (c): changes of different days of a repeating event are joined; of
// the same day both are kept.
func (c *cast) meetings(ctx context.Context) error {
	id, err := newID()
	if err != nil {
		return err
	}
	start := time.Now().In(calendar.Zone).AddDate(0, 0, 1)
	start = time.Date(start.Year(), start.Month(), start.Day(), 9, 0, 0, 0, calendar.Zone)
	day := func(n int) string { return start.AddDate(0, 0, n).Format(time.DateOnly) }
	g, err := c.give(ctx, c.lin, &calendar.Create{
		ID: id, Title: "要素保障晨会", Place: "综合楼201", Start: office.Millis(start), End: office.Millis(start.Add(time.Hour)),
		RRule: "FREQ=DAILY;COUNT=10", Editors: []string{keeper}, Attendees: []string{},
	})
	if err != nil {
		return err
	}
	if err := c.send(ctx, c.lin, g); err != nil {
		return err
	}
	if _, err := c.he.Sync(ctx); err != nil {
		return err
	}
	change := func(p *script.Person, day, place string) (script.Given, error) {
		e, err := p.Show(ctx, calendar.Events.Name, id)
		if err != nil {
			return script.Given{}, err
		}
		days := map[string]calendar.Override{}
		if err := e.Field("overrides", &days); err != nil {
			return script.Given{}, err
		}
		days[day] = calendar.Override{Place: place}
		raw, err := json.Marshal(days)
		if err != nil {
			return script.Given{}, err
		}
		return c.give(ctx, p, &calendar.Edit{ID: id, Changes: []office.Change{{Field: "overrides", Old: e.Raw("overrides"), New: raw}}})
	}
	c.say("　林知远离线把第二天那一次改到 305，贺云舟在单位把第三天那一次改到 402。")
	mine, err := change(c.lin, day(1), "综合楼305")
	if err != nil {
		return err
	}
	theirs, err := change(c.he, day(2), "综合楼402")
	if err != nil {
		return err
	}
	if err := c.send(ctx, c.he, theirs); err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "两边改的不是同一天，合并", c.lin, mine, "applied"); err != nil {
		return err
	}
	places := func(p *script.Person) (string, error) {
		e, err := p.Show(ctx, calendar.Events.Name, id)
		if err != nil {
			return "", err
		}
		days := map[string]calendar.Override{}
		err = e.Field("overrides", &days)
		return days[day(1)].Place + "，" + days[day(2)].Place, err
	}
	got, err := places(c.lin)
	if err != nil {
		return err
	}
	c.expect("两次例外都在", "综合楼305，综合楼402", got)

	c.say("　两人又都改了第二天那一次。")
	if _, err := c.he.Sync(ctx); err != nil {
		return err
	}
	if mine, err = change(c.lin, day(1), "主楼一会议室"); err != nil {
		return err
	}
	if theirs, err = change(c.he, day(1), "主楼二会议室"); err != nil {
		return err
	}
	if err := c.send(ctx, c.he, theirs); err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	if err := c.ended(ctx, "同一天两边都改：两个值都保留", c.lin, mine, "conflict"); err != nil {
		return err
	}
	conflict, err := c.lin.Show(ctx, office.Conflicts.Name, office.ConflictID(calendar.Events.Name, id, "overrides", leader))
	if err != nil {
		return err
	}
	if got, err = places(c.lin); err != nil {
		return err
	}
	c.holds("日程上是贺云舟的，冲突里有林知远的", strings.HasPrefix(got, "主楼二会议室") && strings.Contains(string(conflict.Body), "主楼一会议室"))
	return nil
}

// termOver is (f): a desk that had no contact for longer than its office allows
// shows nothing; what waits on it is kept, and the next contact opens it.
func (c *cast) termOver(ctx context.Context) error {
	p := c.Office.As("fuxiaofeng", "away")
	if err := c.signIn(ctx, p); err != nil {
		return err
	}
	title := "值班抽查的几点想法"
	g, err := p.Do(ctx, "todo.create@1", map[string]string{"title": title})
	if err != nil {
		return err
	}
	c.say("　傅晓峰的电脑离线期限为七天；他带着一件待送达出门。")
	late := *p
	late.Wrong = 6 * 24 * time.Hour
	rs, err := late.List(ctx, "todo.item", "--limit", "0")
	if err != nil {
		return err
	}
	c.holds("第六天：照常看得到", len(rs) > 0)
	late.Wrong = 8 * 24 * time.Hour
	_, err = late.List(ctx, "todo.item", "--limit", "0")
	c.expect("第八天：锁上，看不到（退出码 3）", "3", fmt.Sprint(script.ExitCode(err)))
	c.holds("说明是离线期限已过（offline_term）", err != nil && strings.Contains(err.Error(), "offline_term"))
	_, err = late.Do(ctx, "todo.create@1", map[string]string{"title": "锁上以后"})
	c.expect("也不能办理（退出码 3）", "3", fmt.Sprint(script.ExitCode(err)))
	if _, err := late.Sync(ctx); err != nil {
		return err
	}
	it, err := late.Item(ctx, g.Mid)
	if err != nil {
		return err
	}
	c.expect("联网即解锁，出门前写的照样送达（applied）", "applied", it.Outcome)
	if rs, err = late.List(ctx, "todo.item", "--limit", "0"); err != nil {
		return err
	}
	c.holds("资料都在", len(rs) > 0)
	return nil
}

// revoked is (g): a machine that was revoked while it was away gives nothing and
// keeps nothing, at its first contact.
func (c *cast) revoked(ctx context.Context) error {
	lost, other := c.Office.As("duanxingye", "lost"), c.Office.As("duanxingye", "office")
	if err := together([]*script.Person{lost, other}, func(p *script.Person) error { return c.signIn(ctx, p) }); err != nil {
		return err
	}
	st, err := lost.Status(ctx)
	if err != nil {
		return err
	}
	title := "笔记本丢失前离线写的"
	if _, err := lost.Do(ctx, "todo.create@1", map[string]string{"title": title}); err != nil {
		return err
	}
	c.say("　段星野的笔记本离线时丢了，里面有一件待送达；管理员在服务器上吊销了它。")
	if _, err := c.Office.Admin(ctx, "", "user", "revoke", st.Device, "--data", c.Office.Data()); err != nil {
		return err
	}
	_, err = lost.Sync(ctx)
	c.expect("捡到的人一联网：被拒（退出码 3）", "3", fmt.Sprint(script.ExitCode(err)))
	left, err := os.ReadDir(lost.Profile)
	if err != nil {
		return err
	}
	var data []string
	for _, f := range left {
		if n := f.Name(); strings.HasSuffix(n, ".db") || n == "blobs" || strings.HasSuffix(n, ".token") {
			data = append(data, n)
		}
	}
	c.expect("那台电脑上的资料已经清空", "[]", fmt.Sprint(data))
	if _, err := other.Sync(ctx); err != nil {
		return err
	}
	rs, err := other.List(ctx, "todo.item", "--limit", "0")
	if err != nil {
		return err
	}
	n := 0
	for _, r := range rs {
		if r.Text("title") == title {
			n++
		}
	}
	c.expect("吊销后送来的没有生效；他的另一台照常", "0 件", fmt.Sprintf("%d 件", n))
	return nil
}

// linkRate is the slow road of (h), in bytes a second.
const linkRate = 1 << 20

// slowLink is (h): a first load over a slow road that breaks goes on where it
// was, and holds everything in the end.
func (c *cast) slowLink(ctx context.Context) error {
	n := c.Papers
	if n == 0 {
		n = 300
	}
	office1, fast, slow := c.Office.As("xiayimo", "office"), c.Office.As("xiayimo", "fast"), c.Office.As("xiayimo", "slow")
	if err := c.signIn(ctx, office1); err != nil {
		return err
	}
	var drafts []any
	for i := range n {
		blocks := []document.Block{{ID: "b00", Type: document.BlockText, Text: fmt.Sprintf("第 %d 期。", i)}}
		for b := range 12 { // figures, which are hardly compressed
			var line strings.Builder
			for k := range 24 {
				fmt.Fprintf(&line, "%d、", (i*7919+b*104729+k*1299709)*2654435761%1_000_003)
			}
			blocks = append(blocks, document.Block{ID: fmt.Sprintf("b%02d", b+1), Type: document.BlockText, Text: line.String()})
		}
		drafts = append(drafts, document.DraftPaper{
			ID: office.DeriveID("scene h", fmt.Sprint(i)), Direction: document.Internal, Genre: "签报", Title: fmt.Sprintf("关于第 %d 期运行数据的签报", i+1), Blocks: blocks,
		})
	}
	if _, err := office1.DoMany(ctx, "document.draft@1", drafts); err != nil {
		return err
	}
	if _, err := office1.Sync(ctx); err != nil {
		return err
	}
	road, err := c.Office.Link()
	if err != nil {
		return err
	}
	defer road.Close()
	fast.Server, slow.Server = road.URL, road.URL
	for _, p := range []*script.Person{fast, slow} {
		if err := p.Login(ctx, c.Password); err != nil {
			return err
		}
	}
	road.Set(0, 0)
	if _, err := fast.Sync(ctx); err != nil {
		return err
	}
	whole := road.Down()
	c.say("　夏以沫有 %d 份公文，首次下载 %d KB。新电脑走每秒 %d KB 的慢网，到一半断了。", n, whole>>10, linkRate>>10)
	road.Set(linkRate, whole*6/10)
	_, err = slow.Sync(ctx)
	c.expect("断线：连不上（退出码 4），不是失败", "4", fmt.Sprint(script.ExitCode(err)))
	st, err := slow.Status(ctx)
	if err != nil {
		return err
	}
	c.holds("下到的留着，并说明还没下完", st.Loading && st.Staged > 0)
	road.Set(linkRate, 0)
	if _, err := slow.Sync(ctx); err != nil {
		return err
	}
	again := road.Down()
	c.holds(fmt.Sprintf("再联网接着下，没有从头来（%d KB，全部是 %d KB）", again>>10, whole>>10), again < whole*9/10)
	rs, err := slow.List(ctx, document.Headers.Name, "--limit", "0")
	if err != nil {
		return err
	}
	mine := 0
	for _, r := range rs {
		if strings.Contains(r.Text("title"), "期运行数据") {
			mine++
		}
	}
	c.expect("一份不少", fmt.Sprintf("%d 份", n), fmt.Sprintf("%d 份", mine))
	return slow.Doctor(ctx)
}

// classified is (j): a file that bears a mark of a state secret is refused
// before anything of it is kept, without a network too.
func (c *cast) classified(ctx context.Context) error {
	g, err := c.give(ctx, c.lin, &document.DraftPaper{ID: office.DeriveID("scene j", "draft"), Direction: document.Internal, Genre: "签报", Title: "关于离线附件的签报"})
	if err != nil {
		return err
	}
	if err := c.send(ctx, c.lin, g); err != nil {
		return err
	}
	dir := filepath.Join(c.Office.Dir, "scene-j")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	attach := func(name string) (script.Given, error) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("内容 "+name), 0o600); err != nil {
			return script.Given{}, err
		}
		return c.lin.Attach(ctx, office.DeriveID("scene j", "draft"), path)
	}
	before, err := c.lin.Outbox(ctx)
	if err != nil {
		return err
	}
	_, err = attach("会议纪要（机密）.docx")
	c.expect("标有密级的文件当场被拒（退出码 3）", "3", fmt.Sprint(script.ExitCode(err)))
	c.holds("说明是涉密（classified）", err != nil && strings.Contains(err.Error(), "classified"))
	after, err := c.lin.Outbox(ctx)
	if err != nil {
		return err
	}
	c.expect("没有排队", fmt.Sprint(len(before)), fmt.Sprint(len(after)))
	if g, err = attach("会议纪要.docx"); err != nil {
		return err
	}
	if _, err := c.lin.Sync(ctx); err != nil {
		return err
	}
	return c.ended(ctx, "没有密级的照常送达", c.lin, g, "applied")
}
