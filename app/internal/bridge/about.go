package bridge

import (
	"context"
	"encoding/json"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// about is what a command of the outbox is about.
type about struct {
	kind     string // of the record
	record   string
	document string // id of the paper, if it is about one
	title    string
	step     string // name of the step
	task     string
	taskNow  approval.Task
	taskHere bool
	instance string
}

// argsOf are the arguments that any command may have.
type argsOf struct {
	ID       string `json:"id"`
	Task     string `json:"task"`
	Subject  string `json:"subject"`
	Instance string `json:"instance"`
	Step     string `json:"step"`
	TaskRev  int64  `json:"task_rev"`
	Seen     string `json:"seen_hash"`
	Words    string `json:"words"`
	Title    string `json:"title"`
	Name     string `json:"name"`
	Document string `json:"document"`
	UID      string `json:"uid"`
	Of       string `json:"of"`
}

func parseArgs(raw json.RawMessage) argsOf {
	var x argsOf
	_ = json.Unmarshal(raw, &x) // an argument of another type counts as missing
	return x
}

func wordsOf(raw json.RawMessage) string { return parseArgs(raw).Words }

// rooms maps the first part of a command's name to the kind it changes.
var roomKinds = map[string]string{
	"document": "doc.header", "todo": "todo.item", "calendar": "calendar.event", "contact": "contact.card",
	"approval": "doc.header",
}

// about finds what a command is about: the record as it is now or, if it is no
// longer here, as the person had it before them.
func (a *at) about(ctx context.Context, names *book, x engine.Item) (about, error) {
	args := parseArgs(x.Args)
	room, _, _ := strings.Cut(x.Command, ".")
	out := about{kind: roomKinds[room], record: args.ID, task: args.Task, instance: args.Instance}
	if args.Title != "" {
		out.title = args.Title
	} else if args.Name != "" {
		out.title = args.Name
	}
	if room == "approval" {
		out.record = args.Subject
		if args.Subject == "" { // reading a copy
			c, ok, err := get(ctx, a, approval.Copies, args.ID)
			if err != nil {
				return out, err
			}
			if ok {
				out.record, out.title = c.Value.Subject, c.Value.Title
			}
		}
	}
	if out.kind == document.Headers.Name {
		out.document = out.record
		if room == "document" && args.Document != "" { // of something in it, by its own name
			out.document = args.Document
		}
	}
	if args.Task != "" {
		t, ok, err := get(ctx, a, approval.Tasks, args.Task)
		if err != nil {
			return out, err
		}
		if ok {
			out.taskNow, out.taskHere, out.instance, out.step = t.Value, true, t.Root, t.Value.StepName
		}
	}
	if out.kind != "" && out.record != "" {
		r, ok, err := a.desk.Get(ctx, out.kind, out.record)
		if err != nil {
			return out, err
		}
		if ok {
			out.title = a.titleOf(r)
		}
	}
	if out.title == "" && out.document != "" && out.document != out.record {
		r, ok, err := a.desk.Get(ctx, out.kind, out.document)
		if err != nil {
			return out, err
		}
		if ok {
			out.title = a.titleOf(r)
		}
	}
	if out.title == "" && args.Of != "" { // a second one of it
		r, ok, err := a.desk.Get(ctx, out.kind, args.Of)
		if err != nil {
			return out, err
		}
		if ok {
			out.title = a.titleOf(r)
		}
	}
	if out.title == "" && args.UID != "" {
		out.title = names.name(office.UserID(args.UID))
	}
	for _, v := range viewed(x) {
		if out.title == "" && v.Kind == out.kind && v.ID == out.record {
			out.title = v.Title
		}
		if out.step == "" && v.Kind == approval.Tasks.Name && v.ID == args.Task {
			var t approval.Task
			if json.Unmarshal(v.Body, &t) == nil {
				out.step, out.instance = t.StepName, ""
			}
		}
	}
	return out, nil
}

// viewed are the records the person had before them when they acted.
func viewed(x engine.Item) []engine.Viewed {
	var out []engine.Viewed
	_ = json.Unmarshal(x.Context, &out) // no context is none
	return out
}

// titleOf is the field that the record's kind shows for it.
func (a *at) titleOf(r office.Record) string {
	k := a.kinds.Get(r.Kind)
	if k == nil || k.Title == "" {
		return ""
	}
	m, err := r.Fields()
	if err != nil {
		return ""
	}
	var s string
	_ = json.Unmarshal(m[k.Title], &s) // a title of another type is no title
	return s
}
