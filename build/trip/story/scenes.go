package story

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// The people of the scenarios besides those of the trip.
const (
	qin   = "qin-heming"   // 秦鹤鸣, drafts
	yao   = "yao-jingshu"  // 姚静姝, 流程管理员
	ding  = "ding-xiaohe"  // 丁小禾, 收发员
	ma    = "ma-xiaochuan" // 马晓川, becomes a second one
	flowP = "chenpi"       // the scenarios' flow: 起草, 批示, 办结
)

// A scenario is one of those of the design's list, by its letter.
type scenario struct {
	letter, title string
	play          func(*cast, context.Context) error
}

// Scenarios that share machines are played one after the other; the groups side
// by side.
func scenarios() [][]scenario {
	return [][]scenario{
		{
			{"a", "出差三天，离线签了六件", (*cast).sixSigned},
			{"b", "两位副职离线办同一或签", (*cast).twoDeputies},
			{"c", "重复日程两边各改一次", (*cast).meetings},
			{"d", "秘书代填，领导后来不同意", (*cast).disputed},
			{"e", "电脑时钟错了两天", (*cast).wrongClock},
			{"j", "离线附上涉密文件", (*cast).classified},
			{"k", "离线期间流程升级", (*cast).upgraded},
		},
		{
			{"f", "七天离线期限已过", (*cast).termOver},
			{"g", "离线期间电脑被吊销", (*cast).revoked},
		},
		{{"h", "慢网首次下载，断线续传", (*cast).slowLink}},
		{
			{"i", "两位文书抢号", (*cast).numbers},
			{"l", "离线期间调离岗位", (*cast).moved},
		},
	}
}

// OfflineTerm are the options of the server that scenario (f) needs.
func OfflineTerm() []string { return []string{"--offline-term", "7d"} }

// cast are the machines of the scenarios, signed in.
type cast struct {
	*teller
	lin, xu, he, qin, yao *script.Person
	ding, ma, sys, sec    *script.Person
}

// Scenes plays and tells the scenarios (a)–(l) of the design's list, each with
// what is expected of it, on a server that is filled with the demonstration:
// ErrDiffers if anything came out otherwise. (e) and (f) need a desk whose clock
// can be wrong, see [script.Person], and (f) a server that was started with an
// offline term of 7 days, see [OfflineTerm].
func Scenes(ctx context.Context, s Stage) error {
	as := func(user string) *script.Person { return s.Office.As(user, "scene") }
	c := &cast{
		teller: &teller{Stage: s}, lin: as("linzhiyuan"), xu: as("xunanqiao"), he: as("heyunzhou"), qin: as("qinheming"), yao: as("yaojingshu"),
		ding: as("dingxiaohe"), ma: as("maxiaochuan"), sys: as("sys01"), sec: as("sec01"),
	}
	if err := c.signIn(ctx, c.yao); err != nil {
		return err
	}
	if err := c.atOnce(ctx, c.yao, &approval.Publish{Definition: flowOf(1)}); err != nil {
		return err
	}
	if err := together([]*script.Person{c.lin, c.xu, c.he, c.qin, c.ding, c.sys, c.sec}, func(p *script.Person) error { return c.signIn(ctx, p) }); err != nil {
		return err
	}
	groups := scenarios()
	told := make([]map[string]*bytes.Buffer, len(groups))
	wrong := make([]int, len(groups))
	at := make([]int, len(groups))
	for i := range at {
		at[i] = i
	}
	if err := together(at, func(i int) error {
		told[i] = map[string]*bytes.Buffer{}
		for _, x := range groups[i] {
			mine := *c
			told[i][x.letter] = &bytes.Buffer{}
			mine.teller = &teller{Stage: s}
			mine.Out = told[i][x.letter]
			mine.heading(fmt.Sprintf("(%s) %s", x.letter, x.title))
			err := x.play(&mine, ctx)
			wrong[i] += mine.wrong
			if err != nil {
				return fmt.Errorf("scenario (%s): %w", x.letter, err)
			}
		}
		return nil
	}); err != nil {
		return err
	}
	sum := 0
	for letter := 'a'; letter <= 'l'; letter++ {
		for _, t := range told {
			if b, ok := t[string(letter)]; ok {
				fmt.Fprint(s.Out, b.String())
			}
		}
	}
	for _, n := range wrong {
		sum += n
	}
	if sum > 0 {
		c.say("\n各场景共有 %d 处与预期不符。", sum)
		return ErrDiffers
	}
	c.say("\n各场景全部与预期相符。")
	return nil
}

// together does something with all at once, two at a time, and gives the first
// error.
func together[T any](all []T, do func(T) error) error {
	var wg sync.WaitGroup
	errs := make([]error, len(all))
	free := make(chan bool, 4)
	for i, x := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			free <- true
			errs[i] = do(x)
			<-free
		}()
	}
	wg.Wait()
	i := slices.IndexFunc(errs, func(e error) bool { return e != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}

// flowOf is the scenarios' flow. The second version has a step more.
func flowOf(version int) approval.Definition {
	d := approval.Definition{
		Key: flowP, Name: "呈批", Subjects: []string{document.Headers.Name}, First: "nigao", Material: []string{"leaders"},
		Steps: []approval.Step{
			{ID: "nigao", Name: "起草", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true,
				Lines: []approval.Line{{To: "pishi"}}},
			{ID: "pishi", Name: "批示", Policy: approval.Any, Handlers: []approval.Handler{{By: approval.ByField, ID: "leaders"}},
				Editors: []approval.Handler{{By: approval.ByStarter}}, Area: "instruct", AreaName: "领导批示", Lines: []approval.Line{{To: "banjie"}}},
			{ID: "banjie", Name: "办结", Type: approval.StepEnd},
		},
	}
	if version > 1 {
		d.Steps[1].Lines = []approval.Line{{To: "huigao"}}
		d.Steps = slices.Insert(d.Steps, 2, approval.Step{
			ID: "huigao", Name: "回告", Handlers: []approval.Handler{{By: approval.ByStarter}}, Area: "note", AreaName: "备注", Lines: []approval.Line{{To: "banjie"}},
		})
	}
	return d
}

// give gives a command.
func (t *teller) give(ctx context.Context, p *script.Person, cmd office.Command) (script.Given, error) {
	return p.Do(ctx, cmd.Kind(), cmd)
}

// atOnce gives a command that needs the server, which must take it.
func (t *teller) atOnce(ctx context.Context, p *script.Person, cmd office.Command) error {
	g, err := t.give(ctx, p, cmd)
	if err != nil {
		return err
	}
	got, err := t.outcome(ctx, p, g)
	if err == nil && got != "applied" {
		err = fmt.Errorf("%s of %s: %s", cmd.Kind(), p.User, got)
	}
	return err
}

// ended tells what became of a command.
func (t *teller) ended(ctx context.Context, what string, p *script.Person, g script.Given, want string) error {
	got, err := t.outcome(ctx, p, g)
	if err != nil {
		return err
	}
	t.expect(fmt.Sprintf("%s（%s）", what, want), want, got)
	return nil
}

// kept holds that a refused command still has its words and asks for the person.
func (t *teller) kept(ctx context.Context, what, words string, p *script.Person, gs ...script.Given) error {
	ok := true
	for _, g := range gs {
		it, err := p.Item(ctx, g.Mid)
		if err != nil {
			return err
		}
		ok = ok && it.NeedsYou && bytes.Contains(it.Args, []byte(words))
	}
	t.holds(what, ok)
	return nil
}

func newID() (string, error) { return office.NewID(time.Now(), rand.Reader) }

// started drafts papers for leaders and sends them on their way, one sync for
// all of them.
func (c *cast) started(ctx context.Context, p *script.Person, leaders []office.UserID, titles ...string) (ids, instances []string, err error) {
	var drafts, starts []any
	for _, title := range titles {
		id, err := newID()
		if err != nil {
			return nil, nil, err
		}
		inst, err := newID()
		if err != nil {
			return nil, nil, err
		}
		ids, instances = append(ids, id), append(instances, inst)
		drafts = append(drafts, document.DraftPaper{
			ID: id, Direction: document.Internal, Genre: "签报", Title: title, Leaders: leaders,
			Blocks: []document.Block{
				{ID: "b01", Type: document.BlockText, Text: "现就有关工作报告如下。"},
				{ID: "b02", Type: document.BlockText, Text: "所需经费在年度预算中列支。妥否，请批示。"},
			},
		})
		starts = append(starts, approval.Start{ID: inst, Flow: flowP, SubjectKind: document.Headers.Name, Subject: id})
	}
	gs, err := p.DoMany(ctx, "document.draft@1", drafts)
	if err != nil {
		return nil, nil, err
	}
	more, err := p.DoMany(ctx, "approval.start@1", starts)
	if err != nil {
		return nil, nil, err
	}
	return ids, instances, c.send(ctx, p, append(gs, more...)...)
}

// signs approves a paper that is found by its title.
func (c *cast) signs(ctx context.Context, p *script.Person, uid, title, words string) (script.Given, error) {
	x, err := c.open(ctx, p, uid, title)
	if err != nil {
		return script.Given{}, err
	}
	a := x.approve(words)
	return c.give(ctx, p, &a)
}

// opinions are what stands on a sheet.
func opinions(ctx context.Context, p *script.Person, instance string) ([]approval.Opinion, error) {
	i, err := p.Show(ctx, approval.Instances.Name, instance)
	if err != nil {
		return nil, err
	}
	var out []approval.Opinion
	for _, r := range i.Children[approval.Opinions.Name] {
		var o approval.Opinion
		if err := json.Unmarshal(r.Body, &o); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// rewritten is a change of one block of a paper as a person reads it.
func (c *cast) rewritten(ctx context.Context, p *script.Person, id, block, text string) (*document.SaveBody, error) {
	var x paper
	if err := x.read(ctx, p, id); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(x.body.Blocks, func(b document.Block) bool { return b.ID == block })
	if i < 0 {
		return nil, fmt.Errorf("the paper %s has no block %s", id, block)
	}
	var rev int64
	if err := x.header.Field("rev", &rev); err != nil {
		return nil, err
	}
	old := x.body.Blocks[i]
	now := old
	now.Text = text
	return &document.SaveBody{ID: id, BaseRev: rev, Ops: []document.Op{{Op: document.OpSet, Block: block, Old: &old, New: &now}}}, nil
}

func unmarshal(r script.Record, v any) error {
	if err := json.Unmarshal(r.Body, v); err != nil {
		return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}
