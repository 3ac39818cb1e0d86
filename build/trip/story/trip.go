package story

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/document"
)

// Who takes part, and with what. Things are found by their titles, as a person
// finds them.
const (
	leader   = "lin-zhiyuan" // 林知远
	neighbor = "xu-nanqiao"  // 许南乔, asked at the same 或签 step
	reviser  = "chu-yan"     // 褚言, 核稿
	keeper   = "he-yunzhou"  // 贺云舟, keeps his calendar and cards

	toSign   = "关于进一步加强应急值守和信息报告工作的通知"
	toReturn = "关于报送老旧小区充电设施台账的函"
	toStale  = "关于印发市级应急物资储备和调用办法的通知"
	meeting  = "重点项目调度会"
	card     = "沐言"

	wordsSign   = "同意签发。"
	wordsReturn = "台账口径请先与发改局核对后再报。"
	draftTitle  = "关于近期重点项目要素保障的几点建议"
	eventNote   = "请各单位带项目进度表"
	eventPlace  = "综合楼305会议室"
	titleMine   = "一级调研员"
	titleTheirs = "副局长"
)

// gives are the commands 林知远 gave on the train.
type gives struct {
	sign, giveBack, stale, draft, event, card script.Given

	seen paper // the paper that changes while he is away, as he read it
}

// Tell plays and tells the whole trip: ErrDiffers if anything came out
// otherwise than written, another error if it could not be played.
func Tell(ctx context.Context, s Stage) error {
	t := &teller{Stage: s}
	lin, xu := s.Office.As("linzhiyuan", "laptop"), s.Office.As("xunanqiao", "desk")
	chu, he := s.Office.As("chuyan", "desk"), s.Office.As("heyunzhou", "desk")

	t.heading("出发前")
	t.say("　林知远、许南乔、褚言、贺云舟在各自的电脑上登录，取回自己的资料。")
	if err := t.signIn(ctx, lin, xu, chu, he); err != nil {
		return err
	}
	tasks, err := lin.List(ctx, approval.Tasks.Name, "--where", "person="+leader, "--where", "state="+approval.TaskOpen)
	if err != nil {
		return err
	}
	t.say("　林知远的桌面上有 %d 件待办。", len(tasks))
	if err := t.picture(ctx, lin, "1-before"); err != nil {
		return err
	}

	// The train: no server answers.
	s.Office.Kill()
	g, err := t.train(ctx, lin)
	if err != nil {
		return err
	}
	if err := t.picture(ctx, lin, "2-train"); err != nil {
		return err
	}
	if err := s.Office.Start(ctx); err != nil {
		return err
	}
	if err := t.home(ctx, xu, chu, he); err != nil {
		return err
	}
	if err := t.back(ctx, lin, g); err != nil {
		return err
	}
	if err := t.again(ctx, lin, g); err != nil {
		return err
	}
	if err := t.afterwards(ctx, lin, g); err != nil {
		return err
	}
	if err := t.picture(ctx, lin, "3-back"); err != nil {
		return err
	}
	if t.wrong > 0 {
		t.say("\n共有 %d 处与预期不符。", t.wrong)
		return ErrDiffers
	}
	t.say("\n全部与预期相符：一件未丢，一件未重。")
	return nil
}

func (t *teller) picture(ctx context.Context, p *script.Person, name string) error {
	if t.Picture == nil {
		return nil
	}
	return t.Picture(ctx, p, name)
}

// train is what 林知远 does off line.
func (t *teller) train(ctx context.Context, lin *script.Person) (gives, error) {
	var g gives
	t.heading("火车上，没有网络")
	if _, err := lin.Sync(ctx); script.ExitCode(err) != script.ExitUnreachable {
		return g, fmt.Errorf("off line, but the desk says: %v", err)
	}
	sign, err := t.open(ctx, lin, leader, toSign)
	if err != nil {
		return g, err
	}
	t.say("　一、签发《%s》，写“%s”。", toSign, wordsSign)
	if g.sign, err = lin.Do(ctx, "approval.approve@1", sign.approve(wordsSign)); err != nil {
		return g, err
	}

	back, err := t.open(ctx, lin, leader, toReturn)
	if err != nil {
		return g, err
	}
	t.say("　二、退回《%s》，写“%s”。这一步是或签，许南乔也在看。", toReturn, wordsReturn)
	if g.giveBack, err = lin.Do(ctx, "approval.return@1", approval.Return{
		Task: back.task.ID, Subject: back.t.Subject, TaskRev: back.t.Rev, Step: back.t.Step, SeenHash: back.hash, Words: wordsReturn,
	}); err != nil {
		return g, err
	}

	if g.seen, err = t.open(ctx, lin, leader, toStale); err != nil {
		return g, err
	}
	t.say("　三、签发《%s》。", toStale)
	if g.stale, err = lin.Do(ctx, "approval.approve@1", g.seen.approve(wordsSign)); err != nil {
		return g, err
	}

	t.say("　四、起草签报《%s》。", draftTitle)
	if g.draft, err = lin.Do(ctx, "document.draft@1", map[string]any{
		"direction": document.Internal, "genre": "签报", "title": draftTitle,
		"blocks": []document.Block{
			{ID: "b01", Type: document.BlockText, Text: "近期对重点项目作了梳理，现就要素保障提出以下建议。"},
			{ID: "b02", Type: document.BlockText, Text: "一是用地、用能指标按月调度；二是前期手续并联办理。"},
		},
	}); err != nil {
		return g, err
	}

	event, err := find(ctx, lin, calendar.Events.Name, "title", meeting)
	if err != nil {
		return g, err
	}
	note, err := changed(event, "note", eventNote)
	if err != nil {
		return g, err
	}
	t.say("　五、给日程“%s”加备注“%s”。", meeting, eventNote)
	if g.event, err = lin.Do(ctx, "calendar.edit@1", calendar.Edit{ID: event.ID, Changes: note}); err != nil {
		return g, err
	}
	g.event.ID = event.ID

	person, err := find(ctx, lin, contact.Cards.Name, "name", card)
	if err != nil {
		return g, err
	}
	title, err := changed(person, "title", titleMine)
	if err != nil {
		return g, err
	}
	t.say("　六、把联系人 %s 的职务改为“%s”。", person.Text("name"), titleMine)
	if g.card, err = lin.Do(ctx, "contact.edit@1", contact.Edit{ID: person.ID, Changes: title}); err != nil {
		return g, err
	}
	g.card.ID = person.ID

	items, err := lin.Outbox(ctx)
	if err != nil {
		return g, err
	}
	waiting := 0
	for _, it := range items {
		if it.Waiting {
			waiting++
		}
	}
	t.expect("六件都已在本机生效，待送达", "6 件待送达", fmt.Sprintf("%d 件待送达", waiting))
	return g, nil
}

// home is what the others do meanwhile.
func (t *teller) home(ctx context.Context, xu, chu, he *script.Person) error {
	t.heading("同时，单位里")
	x, err := t.open(ctx, xu, neighbor, toReturn)
	if err != nil {
		return err
	}
	t.say("　许南乔在同一步先办了《%s》：同意。", toReturn)
	first, err := xu.Do(ctx, "approval.approve@1", x.approve("同意，请抓紧报送。"))
	if err != nil {
		return err
	}
	if err := t.send(ctx, xu, first); err != nil {
		return err
	}

	h, err := find(ctx, chu, document.Headers.Name, "title", toStale)
	if err != nil {
		return err
	}
	var p paper
	if err := p.read(ctx, chu, h.ID); err != nil {
		return err
	}
	i := slices.IndexFunc(p.body.Blocks, func(b document.Block) bool { return strings.Contains(b.Text, "20艘") })
	if i < 0 {
		return fmt.Errorf("the paper %s has no paragraph on the boats", h.ID)
	}
	old := p.body.Blocks[i]
	now := old
	now.Text = strings.Replace(old.Text, "20艘", "24艘", 1)
	var rev int64
	if err := p.header.Field("rev", &rev); err != nil {
		return err
	}
	t.say("　褚言改了《%s》的一段：冲锋舟由 20 艘改为 24 艘。", toStale)
	revised, err := chu.Do(ctx, "document.save_body@1", document.SaveBody{ID: h.ID, BaseRev: rev, Ops: []document.Op{{Op: document.OpSet, Block: old.ID, Old: &old, New: &now}}})
	if err != nil {
		return err
	}
	if err := t.send(ctx, chu, revised); err != nil {
		return err
	}

	event, err := find(ctx, he, calendar.Events.Name, "title", meeting)
	if err != nil {
		return err
	}
	place, err := changed(event, "place", eventPlace)
	if err != nil {
		return err
	}
	t.say("　贺云舟把日程“%s”换到%s，又把 %s 的职务改为“%s”。", meeting, eventPlace, card, titleTheirs)
	moved, err := he.Do(ctx, "calendar.edit@1", calendar.Edit{ID: event.ID, Changes: place})
	if err != nil {
		return err
	}
	person, err := find(ctx, he, contact.Cards.Name, "name", card)
	if err != nil {
		return err
	}
	title, err := changed(person, "title", titleTheirs)
	if err != nil {
		return err
	}
	renamed, err := he.Do(ctx, "contact.edit@1", contact.Edit{ID: person.ID, Changes: title})
	if err != nil {
		return err
	}
	return t.send(ctx, he, moved, renamed)
}

// send syncs and wants the commands applied: what happens at home is not in
// question.
func (t *teller) send(ctx context.Context, p *script.Person, gs ...script.Given) error {
	if _, err := p.Sync(ctx); err != nil {
		return err
	}
	for _, g := range gs {
		got, err := t.outcome(ctx, p, g)
		if err != nil {
			return err
		}
		if got != "applied" {
			return fmt.Errorf("%s of %s at home: %s", g.Mid, p.User, got)
		}
	}
	return nil
}

// back is the moment the train arrives.
func (t *teller) back(ctx context.Context, lin *script.Person, g gives) error {
	t.heading("到站，联网")
	r, err := lin.Sync(ctx)
	if err != nil {
		return err
	}
	t.say("　送达 %d 件，生效 %d 件，被拒 %d 件。", r.Pushed, r.Applied, r.Refused)
	for _, x := range []struct {
		what, want string
		given      script.Given
	}{
		{"一、签发生效（applied）", "applied", g.sign},
		{"二、退回未生效：他人已办（task_done_by_other）", "task_done_by_other", g.giveBack},
		{"三、签发未生效：正文已改（stale_body）", "stale_body", g.stale},
		{"四、起草生效（applied）", "applied", g.draft},
		{"五、日程备注与地点合并（applied）", "applied", g.event},
		{"六、联系人同一项两边都改：两个值都保留（conflict）", "conflict", g.card},
	} {
		got, err := t.outcome(ctx, lin, x.given)
		if err != nil {
			return err
		}
		t.expect(x.what, x.want, got)
	}
	it, err := lin.Item(ctx, g.giveBack.Mid)
	if err != nil {
		return err
	}
	t.holds("退回的意见原样留在对账台，可再用", strings.Contains(string(it.Args), wordsReturn) && it.NeedsYou)
	return nil
}

// again signs the changed paper after a look at the difference.
func (t *teller) again(ctx context.Context, lin *script.Person, g gives) error {
	t.heading("正文改过的那一件，再问一次")
	now, err := t.open(ctx, lin, leader, toStale)
	if err != nil {
		return err
	}
	lines := difference(g.seen.body.Blocks, now.body.Blocks)
	for _, l := range lines {
		t.say("　　%s", l)
	}
	t.holds("给出他当时所见与现在的差别", len(lines) == 2)
	t.say("　林知远看过差别，在现在的版本上签发。")
	signed, err := lin.Do(ctx, "approval.approve@1", now.approve(wordsSign))
	if err != nil {
		return err
	}
	if err := lin.Discard(ctx, g.stale.Mid); err != nil {
		return err
	}
	if err := lin.Discard(ctx, g.giveBack.Mid); err != nil {
		return err
	}
	r, err := lin.Sync(ctx)
	if err != nil {
		return err
	}
	got, err := t.outcome(ctx, lin, signed)
	if err != nil {
		return err
	}
	t.expect("在现在的版本上签发生效（applied）", "applied", got)
	t.expect("只剩联系人的冲突待他决定", "0 件待送达，1 件需您处理", fmt.Sprintf("%d 件待送达，%d 件需您处理", r.Waiting, r.NeedsYou))
	return nil
}

// difference shows how blocks differ, a line each way.
func difference(old, now []document.Block) []string {
	var out []string
	for _, b := range old {
		i := slices.IndexFunc(now, func(x document.Block) bool { return x.ID == b.ID })
		switch {
		case i < 0:
			out = append(out, "－"+b.Text)
		case now[i].Text != b.Text:
			out = append(out, "－"+b.Text, "＋"+now[i].Text)
		}
	}
	for _, b := range now {
		if !slices.ContainsFunc(old, func(x document.Block) bool { return x.ID == b.ID }) {
			out = append(out, "＋"+b.Text)
		}
	}
	return out
}

// afterwards looks at the truth from another machine.
func (t *teller) afterwards(ctx context.Context, lin *script.Person, g gives) error {
	t.heading("换一台电脑看")
	other := t.Office.As("linzhiyuan", "office")
	if err := t.signIn(ctx, other); err != nil {
		return err
	}
	for _, title := range []string{toSign, toStale} {
		h, err := find(ctx, other, document.Headers.Name, "title", title)
		if err != nil {
			return err
		}
		t.expect(fmt.Sprintf("《%s》到了下一步", title), "复核", h.Text("flow_step"))
		n, err := words(ctx, other, h.Text("flow"), leader, wordsSign)
		if err != nil {
			return err
		}
		t.expect("他的意见在稿纸上，只有一次", "1 次", fmt.Sprintf("%d 次", n))
	}
	h, err := find(ctx, other, document.Headers.Name, "title", toReturn)
	if err != nil {
		return err
	}
	n, err := words(ctx, other, h.Text("flow"), leader, wordsReturn)
	if err != nil {
		return err
	}
	t.expect("未生效的退回意见不在稿纸上", "0 次", fmt.Sprintf("%d 次", n))

	draft, err := other.Show(ctx, document.Headers.Name, g.draft.ID)
	if err != nil {
		return err
	}
	t.expect("签报草稿也在这台电脑上", draftTitle, draft.Text("title"))
	event, err := other.Show(ctx, calendar.Events.Name, g.event.ID)
	if err != nil {
		return err
	}
	t.expect("日程有他的备注，也有贺云舟改的地点", eventNote+"，"+eventPlace, event.Text("note")+"，"+event.Text("place"))
	person, err := other.Show(ctx, contact.Cards.Name, g.card.ID)
	if err != nil {
		return err
	}
	conflict, err := other.Show(ctx, office.Conflicts.Name, office.ConflictID(contact.Cards.Name, g.card.ID, "title", leader))
	if err != nil {
		return err
	}
	t.expect("联系人的职务两个值都在：名片上是贺云舟的，冲突里是他的", titleTheirs+"，"+titleMine, person.Text("title")+"，"+conflict.Text("mine"))
	return t.same(ctx, lin, other)
}

// words counts the opinions of a person on a sheet that say exactly this.
func words(ctx context.Context, p *script.Person, instance, uid, text string) (int, error) {
	i, err := p.Show(ctx, approval.Instances.Name, instance)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, o := range i.Children[approval.Opinions.Name] {
		var x approval.Opinion
		if err := json.Unmarshal(o.Body, &x); err != nil {
			return 0, err
		}
		if string(x.Actor) == uid && x.Words == text {
			n++
		}
	}
	return n, nil
}

// same compares two machines of one person, record by record.
func (t *teller) same(ctx context.Context, a, b *script.Person) error {
	if _, err := a.Sync(ctx); err != nil {
		return err
	}
	if _, err := b.Sync(ctx); err != nil {
		return err
	}
	n, differs := 0, 0
	for _, kind := range []string{document.Headers.Name, approval.Tasks.Name, approval.Instances.Name, calendar.Events.Name, contact.Cards.Name, office.Conflicts.Name} {
		options := []string{"--limit", "0"}
		if kind == office.Conflicts.Name {
			options = append(options, "--where", "actor="+leader)
		}
		x, err := a.List(ctx, kind, options...)
		if err != nil {
			return err
		}
		y, err := b.List(ctx, kind, options...)
		if err != nil {
			return err
		}
		n += len(x)
		same := slices.EqualFunc(x, y, func(r, s script.Record) bool { return r.ID == s.ID && string(r.Body) == string(s.Body) })
		if !same {
			differs++
		}
	}
	t.holds(fmt.Sprintf("两台电脑上的 %d 条记录逐条一致", n), differs == 0)
	for _, p := range []*script.Person{a, b} {
		if err := p.Doctor(ctx); err != nil {
			return err
		}
	}
	return nil
}
