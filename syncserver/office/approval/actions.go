package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// An Action is one row of what may be done in approval, as data: a screen asks
// it before the act whether it will be queued, asked, or needs the server.
type Action struct {
	ID      string       // of the design, "W7"
	Name    string       // 前加签
	Command string       // kind of the command; "" where there is none to give
	Act     string       // what Task.Acts calls it, where a task allows or forbids it
	Class   office.Class // of the command; "" for what the server does by itself, or only reading
	Where   string       // OnTask …
	Who     []string     // WhoHandler …; the command's Run is what decides
	States  []string     // of the task or the instance in which it may be given
}

// What an action is about.
const (
	OnTask       = "task"
	OnInstance   = "instance"
	OnCopy       = "copy"
	OnPerson     = "person"
	OnDefinition = "definition"
	ByServer     = "server" // the server does it
	OnDesk       = "desk"   // it stays on the desk
	OnlyRead     = "read"
)

// Who may act.
const (
	WhoHandler    = "handler"   // whose task it is
	WhoSecretary  = "secretary" // bound to whose task it is
	WhoAdder      = "adder"     // who added the person
	WhoSender     = "sender"    // who sent it to its present step
	WhoStarter    = "starter"
	WhoTakesPart  = "takes_part"  // everybody who takes part
	WhoReader     = "reader"      // of a copy
	WhoCirculator = "circulator"  // who sent the copies
	WhoAuthor     = "author"      // of an opinion
	WhoPrincipal  = "principal"   // for whom others act
	WhoClerk      = "clerk"       // the unit's 文书
	WhoHead       = "head"        // of the unit
	WhoAdmin      = RoleFlowAdmin // 流程管理员
	WhoSystem     = "system"
	WhoEverybody  = "everybody"
	WhoEnteredFor = "entered_for" // in whose name words were entered
)

var (
	handler = []string{WhoHandler}
	admin   = []string{WhoAdmin}
	open_   = []string{TaskOpen}
	live    = []string{Running}
)

func onTask(id, name, kind, act string, class office.Class) Action {
	return Action{ID: id, Name: name, Command: "approval." + kind + "@1", Act: act, Class: class, Where: OnTask, Who: handler, States: open_}
}

func onInstance(id, name, kind string, class office.Class, who []string, states ...string) Action {
	return Action{ID: id, Name: name, Command: "approval." + kind + "@1", Class: class, Where: OnInstance, Who: who, States: states}
}

func byServer(id, name string) Action {
	return Action{ID: id, Name: name, Where: ByServer, Who: []string{WhoSystem}, States: live}
}

// Actions is the table, in the order of the design. An action that has several
// commands has several rows.
func Actions() []Action {
	q, i, n := office.Queued, office.Intent, office.Online
	copies := func(id, name, kind string, class office.Class, who ...string) Action {
		return Action{ID: id, Name: name, Command: "approval." + kind + "@1", Class: class, Where: OnCopy, Who: who}
	}
	person := func(id, name, kind string, class office.Class, who ...string) Action {
		return Action{ID: id, Name: name, Command: "approval." + kind + "@1", Class: class, Where: OnPerson, Who: who}
	}
	return []Action{
		onTask("W1", "会签", "approve", ActApprove, q),
		onTask("W2", "公文会签", "approve", ActApprove, q),
		onTask("W3", "或签", "approve", ActApprove, q),
		onTask("W4", "认领", "claim", ActClaim, i),
		onTask("W4", "释放", "release", ActRelease, i),
		onTask("W5", "顺签", "approve", ActApprove, q),
		onInstance("W5", "调整顺序", "requeue", q, []string{WhoHandler, WhoSender, WhoAdmin}, Running),
		onTask("W6", "票签", "approve", ActApprove, q),
		onTask("W7", "前加签", "add_sign", ActAdd, q),
		onTask("W8", "后加签", "add_sign", ActAdd, q),
		onTask("W9", "并加签", "add_sign", ActAdd, q),
		{ID: "W10", Name: "减签", Command: "approval.drop_sign@1", Class: i, Where: OnTask, Who: []string{WhoAdder, WhoAdmin}, States: []string{TaskOpen, TaskAsleep, TaskDone}},
		onTask("W11", "转办", "transfer", ActTransfer, q),
		onTask("W12", "委派", "delegate", ActDelegate, q),
		{ID: "W12", Name: "收回委派", Command: "approval.drop_sign@1", Class: i, Where: OnTask, Who: []string{WhoAdder, WhoAdmin}, States: []string{TaskAsleep}},
		person("W13", "委托代理", "delegation_set", n, WhoPrincipal, WhoAdmin),
		person("W13", "结束代理", "delegation_end", n, WhoPrincipal, WhoAdmin),
		onTask("W13", "代理办理", "approve", ActApprove, q),
		person("W14", "批量移交", "hand_over", n, WhoAdmin),
		onTask("W15", "退回上一步", "return", ActReturn, q),
		onTask("W16", "退回任意步", "return", ActReturn, q),
		onTask("W17", "退回起草人", "return", ActReturn, q),
		onTask("W18", "退回后直送", "return", ActReturn, q),
		onTask("W19", "退文", "reject", ActReject, q),
		onInstance("W20", "取回", "take_back", i, []string{WhoSender}, Running),
		onInstance("W21", "撤销", "cancel", i, []string{WhoStarter}, Running),
		copies("W22", "收回已发", "recall_copies", n, WhoCirculator),
		onInstance("W23", "跳转", "jump", n, admin, Running),
		onInstance("W24", "流程切换", "switch", n, admin, Running),
		copies("W25", "传阅", "circulate", q, WhoTakesPart),
		copies("W25", "阅读", "read", q, WhoReader),
		copies("W26", "知会", "circulate", q, WhoTakesPart),
		onInstance("W27", "催办", "urge", i, []string{WhoTakesPart}, Running),
		onInstance("W28", "挂起", "suspend", n, []string{WhoAdmin, WhoStarter}, Running),
		onInstance("W28", "恢复", "resume", n, []string{WhoAdmin, WhoStarter}, Suspended),
		onTask("W29", "自由流", "approve", ActApprove, q),
		byServer("W30", "条件分支"),
		byServer("W31", "并行"),
		onInstance("W31", "终止分支", "end_branch", n, admin, Running),
		byServer("W32", "子流程"),
		{ID: "W33", Name: "代填意见", Command: "approval.enter@1", Class: q, Where: OnTask, Who: []string{WhoSecretary}, States: open_},
		{ID: "W33", Name: "本人确认", Command: "approval.answer@1", Class: q, Where: OnInstance, Who: []string{WhoEnteredFor}},
		onInstance("W34", "转线下", "paper_out", q, []string{WhoHandler, WhoSender, WhoSecretary, WhoClerk}, Running),
		onInstance("W34", "线下补录", "paper_in", q, []string{WhoHandler, WhoSender, WhoSecretary, WhoClerk}, Running),
		person("W35", "常用意见", "phrase_put", q, WhoEverybody, WhoHead, WhoClerk),
		person("W35", "删除常用意见", "phrase_drop", q, WhoEverybody, WhoHead, WhoClerk),
		onTask("W36", "手写签批", "approve", ActApprove, q),
		byServer("W37", "超时自动"),
		{ID: "W38", Name: "流程图跟踪", Where: OnlyRead, Who: []string{WhoTakesPart}},
		{ID: "W38", Name: "首次打开", Command: "approval.opened@1", Class: q, Where: OnTask, Who: handler, States: open_},
		{ID: "W39", Name: "起草流程", Command: "approval.draft_save@1", Class: q, Where: OnDefinition, Who: admin},
		{ID: "W39", Name: "发布草稿", Command: "approval.draft_publish@1", Class: n, Where: OnDefinition, Who: admin},
		{ID: "W39", Name: "删除草稿", Command: "approval.draft_drop@1", Class: n, Where: OnDefinition, Who: admin},
		{ID: "W39", Name: "发布流程", Command: "approval.publish@1", Class: n, Where: OnDefinition, Who: admin},
		onInstance("W39", "迁移版本", "migrate", n, admin, Running),
		byServer("W40", "自动去重"),
		byServer("W41", "无人办理"),
		onInstance("W42", "终止", "terminate", n, admin, Running, Suspended),
		onInstance("W43", "唤醒", "reopen", n, admin, Ended),
		{ID: "W44", Name: "暂存", Where: OnDesk, Who: handler, States: open_},
		onInstance("W45", "沟通", "talk", q, []string{WhoTakesPart}),
		onInstance("W45", "答复沟通", "talk_reply", q, []string{WhoTakesPart}),
		onInstance("W46", "修改意见", "reword", q, []string{WhoAuthor}, Running),
	}
}

// An Offer is an action that somebody may give now, as far as this desk can see.
type Offer struct {
	Action
	Task string // of his own, where the action is about a task
}

// Offers are what a person may do with a paper now: what a screen shows before
// the act, with whether it will be queued, asked or needs the server. What Run
// then finds decides.
func Offers(tx office.Tx, c office.Context, instance string) ([]Offer, error) {
	inst, err := Instances.Need(tx, instance)
	if err != nil {
		return nil, err
	}
	tasks, err := allTasks(tx, office.Query{View: "instance", Order: "created", Where: []office.Cond{office.Where("root", instance)}})
	if err != nil {
		return nil, err
	}
	isAdmin := flowAdmin(tx, c) == nil
	sender := slices.ContainsFunc(inst.Tokens, func(v Visit) bool {
		did, err := actedAt(tx, instance, inst, senderVisit(inst.Path, v.Branch), c.Actor)
		return v.From == c.Actor && v.Recall == "" && v.Paper == nil && did && err == nil
	})
	back, err := Retrievable(tx, instance, c.Actor)
	if err != nil {
		return nil, err
	}
	var out []Offer
	for _, a := range Actions() {
		if a.Command == "" || a.Where == OnDefinition || a.Where == OnPerson || a.Where == OnCopy || a.Command == "approval.opened@1" {
			continue
		}
		if a.Where == OnTask {
			if inst.State != Running {
				continue
			}
			for _, t := range tasks {
				if a.offers(t.Value, inst, c.Actor) {
					out = append(out, Offer{a, t.ID})
				}
			}
			continue
		}
		if len(a.States) > 0 && !slices.Contains(a.States, inst.State) {
			continue
		}
		may := slices.Contains(a.Who, WhoAdmin) && isAdmin || slices.Contains(a.Who, WhoSender) && sender ||
			slices.Contains(a.Who, WhoStarter) && inst.Starter == c.Actor || slices.Contains(a.Who, WhoTakesPart) && partOf(inst, c.Actor)
		may = may || slices.Contains(a.Who, WhoHandler) && slices.ContainsFunc(tasks, func(t taskItem) bool {
			return t.Value.Person == c.Actor && t.Value.State == TaskOpen
		})
		if a.ID == "W20" && !back.May || a.ID == "W21" && len(inst.Did) > 0 || a.ID == "W5" && !hasSerial(tx, inst) {
			may = false
		}
		if may {
			out = append(out, Offer{Action: a})
		}
	}
	return out, nil
}

func hasSerial(tx office.Tx, inst Instance) bool {
	def, at, err := Definitions.Get(tx, inst.Definition)
	return err == nil && at == office.Present && slices.ContainsFunc(inst.Tokens, func(v Visit) bool {
		s, ok := def.Step(v.Step)
		return ok && s.Type != StepSub && v.policy(s) == Serial && len(v.People) > 1
	})
}

// offers reports whether an action on a task is the person's, now.
func (a Action) offers(t Task, inst Instance, who office.UserID) bool {
	i := slices.IndexFunc(inst.Tokens, func(v Visit) bool { return v.Step == t.Step && v.Round == t.Round })
	if i < 0 || inst.Tokens[i].Paper != nil || !slices.Contains(a.States, t.State) || t.Person != who {
		return false
	}
	if slices.Contains(a.Who, WhoAdder) {
		return len(t.Adds) > 0 && (a.ID == "W12") == (len(t.Adds) > 0 && t.Adds[len(t.Adds)-1].Mode == AddDelegate)
	}
	return slices.Contains(a.Who, WhoHandler) && slices.Contains(t.Acts, a.Act)
}

// ActsNow are the acts a task allows with the class of each, for a screen.
func ActsNow(t Task) map[string]office.Class {
	out := map[string]office.Class{}
	for _, a := range Actions() {
		if a.Where == OnTask && a.Act != "" && slices.Contains(t.Acts, a.Act) {
			out[a.Act] = a.Class
		}
	}
	return out
}
