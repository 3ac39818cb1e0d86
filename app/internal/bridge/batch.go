package bridge

import (
	"context"
	"slices"
	"sync"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// maxBatch is the most acts one batch may have.
const maxBatch = 200

// opened remembers which text of a paper a person has had open since the
// program began. The zero value is ready; it is safe for concurrent use.
type opened struct {
	mu   sync.Mutex
	seen map[string]string // by person and paper: the hash of the text
}

func (o *opened) note(who office.UserID, paper, hash string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen == nil {
		o.seen = map[string]string{}
	}
	o.seen[string(who)+"\x00"+paper] = hash
}

func (o *opened) has(who office.UserID, paper, hash string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return hash != "" && o.seen[string(who)+"\x00"+paper] == hash
}

// Ready says of each of the person's tasks whether it can be signed from a
// list: 签发 and 复核 only if this very text was opened, none that asks for a
// choice, none whose text is not here.
func (s *Approvals) Ready(tasks []string) ([]Ready, error) {
	return signedIn(s.core, "Approvals.Ready", func(ctx context.Context, a *at) ([]Ready, error) {
		if len(tasks) > maxBatch {
			return nil, office.Invalid("tasks", "at most %d", maxBatch)
		}
		names := a.names(ctx)
		out := make([]Ready, 0, len(tasks))
		for _, id := range tasks {
			r, err := a.ready(ctx, names, id)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	})
}

func (a *at) ready(ctx context.Context, names *book, id string) (Ready, error) {
	r := Ready{Task: id}
	no := func(code office.Code) (Ready, error) {
		r.Code = string(code)
		return r, nil
	}
	t, ok, err := get(ctx, a, approval.Tasks, id)
	if err != nil {
		return r, err
	}
	if !ok || t.Value.Person != a.uid {
		return no(office.CodeNotFound)
	}
	v := t.Value
	r.Document, r.Title, r.Step, r.StepName, r.Rev = v.Subject, v.Title, v.Step, v.StepName, v.Rev
	if r.SayBy, r.Say, err = a.lastWords(ctx, names, t.Root); err != nil {
		return r, err
	}
	if v.State != approval.TaskOpen {
		return no(office.CodeState)
	}
	if !slices.Contains(v.Acts, approval.ActApprove) {
		return no(office.CodeNotPermitted)
	}
	inst, ok, err := get(ctx, a, approval.Instances, t.Root)
	if err != nil {
		return r, err
	}
	if !ok {
		return no(office.CodeElsewhere)
	}
	def, ok, err := get(ctx, a, approval.Definitions, inst.Value.Definition)
	if err != nil {
		return r, err
	}
	if !ok {
		return no(office.CodeElsewhere)
	}
	step, _ := def.Value.Step(v.Step)
	r.Gate = string(step.Gate)
	h, ok, err := get(ctx, a, document.Headers, v.Subject)
	if err != nil {
		return r, err
	}
	body, here, err := get(ctx, a, document.Bodies, v.Subject)
	if err != nil {
		return r, err
	}
	if !ok || !here {
		return no(office.CodeElsewhere)
	}
	r.Title, r.TextRev = h.Value.Title, h.Value.Rev
	files, err := a.filesOf(ctx, v.Subject)
	if err != nil {
		return r, err
	}
	r.Seen = document.ContentHash(h.Value.Elements(), body.Value.Blocks, files...)
	r.Opened = a.opened.has(a.uid, v.Subject, r.Seen)
	switch line := next(def.Value, step); {
	case r.Seen != h.Value.ContentHash:
		return no(office.CodeStaleBody)
	case line != nil && slices.ContainsFunc(line.Handlers, func(x approval.Handler) bool { return x.By == approval.ByChosen }):
		return no(CodeNeedsPage)
	case r.Gate != "" && !r.Opened:
		return no(CodeUnread)
	}
	return r, nil
}

// SignMany signs tasks with one opinion, each as Ready told it; it is judged
// again here, so that nothing is signed that has changed meanwhile.
func (s *Approvals) SignMany(items []Ready, words string) ([]BatchResult, error) {
	return signedIn(s.core, "Approvals.SignMany", func(ctx context.Context, a *at) ([]BatchResult, error) {
		if len(items) > maxBatch {
			return nil, office.Invalid("tasks", "at most %d", maxBatch)
		}
		names := a.names(ctx)
		var out []BatchResult
		for _, x := range items {
			r, err := a.ready(ctx, names, x.Task)
			if err != nil {
				return out, err
			}
			b := BatchResult{ID: r.Document, Title: r.Title, Code: r.Code}
			if b.Code == "" && r.Seen != x.Seen {
				b.Code, b.Field = string(office.CodeStaleBody), "seen_hash"
			}
			if b.Code == "" {
				b.queue(a.give(ctx, r.Document, &approval.Approve{
					Task: x.Task, Subject: r.Document, TaskRev: x.Rev, Step: x.Step, SeenHash: x.Seen, Words: words,
				}))
			}
			out = append(out, b)
		}
		return out, nil
	})
}

// queue notes what the desk said to one act.
func (b *BatchResult) queue(d Done, err error) {
	if err != nil {
		e := office.AsError(err)
		b.Code, b.Field = string(e.Code), e.Field
		return
	}
	b.Mid = d.Mid
}

// ReadMany marks circulation copies as read.
func (s *Approvals) ReadMany(copies []string, words string) ([]BatchResult, error) {
	return signedIn(s.core, "Approvals.ReadMany", func(ctx context.Context, a *at) ([]BatchResult, error) {
		return a.each(copies, func(id string) (BatchResult, error) {
			b := BatchResult{ID: id}
			c, ok, err := get(ctx, a, approval.Copies, id)
			if err != nil {
				return b, err
			}
			if b.Title = c.Value.Title; !ok {
				b.Code = string(office.CodeNotFound)
				return b, nil
			}
			b.ID = c.Value.Subject
			b.queue(a.give(ctx, id, &approval.Read{ID: id, Words: words}))
			return b, nil
		})
	})
}

// CirculateMany sends papers round to the same people.
func (s *Approvals) CirculateMany(papers, people []string, words string) ([]BatchResult, error) {
	return signedIn(s.core, "Approvals.CirculateMany", func(ctx context.Context, a *at) ([]BatchResult, error) {
		return a.eachPaper(ctx, papers, func(b *BatchResult, _ document.Header) error {
			id, err := a.newID()
			if err == nil {
				b.queue(a.give(ctx, b.ID, &approval.Circulate{
					ID: id, SubjectKind: document.Headers.Name, Subject: b.ID, To: users(people), Words: words,
				}))
			}
			return err
		})
	})
}

// StartMany begins the flow that each of the person's own papers may take.
func (s *Approvals) StartMany(papers []string) ([]BatchResult, error) {
	return signedIn(s.core, "Approvals.StartMany", func(ctx context.Context, a *at) ([]BatchResult, error) {
		return a.eachPaper(ctx, papers, func(b *BatchResult, h document.Header) error {
			p := DocumentPage{ID: b.ID}
			if err := a.fillChoices(ctx, a.names(ctx), &p, h); err != nil {
				return err
			}
			body, ok, err := get(ctx, a, document.Bodies, b.ID)
			switch {
			case err != nil:
				return err
			case !ok:
				b.Code = string(office.CodeElsewhere)
				return nil
			case len(p.Flows) == 0:
				b.Code = string(office.CodeState)
				return nil
			}
			files, err := a.filesOf(ctx, b.ID)
			if err != nil {
				return err
			}
			id, err := a.newID()
			if err == nil {
				b.queue(a.give(ctx, b.ID, &approval.Start{
					ID: id, Flow: p.Flows[0].ID, SubjectKind: document.Headers.Name, Subject: b.ID,
					SeenHash: document.ContentHash(h.Elements(), body.Value.Blocks, files...),
				}))
			}
			return err
		})
	})
}

// DiscardMany deletes papers that were never started.
func (s *Documents) DiscardMany(papers []string) ([]BatchResult, error) {
	return signedIn(s.core, "Documents.DiscardMany", func(ctx context.Context, a *at) ([]BatchResult, error) {
		return a.eachPaper(ctx, papers, func(b *BatchResult, _ document.Header) error {
			d, err := a.give(ctx, b.ID, &document.Discard{ID: b.ID})
			if b.queue(d, err); err != nil {
				return nil
			}
			return a.desk.DeleteDraft(ctx, draftKey(b.ID))
		})
	})
}

func (a *at) eachPaper(ctx context.Context, papers []string, act func(b *BatchResult, h document.Header) error) ([]BatchResult, error) {
	return a.each(papers, func(id string) (BatchResult, error) {
		b := BatchResult{ID: id}
		h, ok, err := get(ctx, a, document.Headers, id)
		if err != nil {
			return b, err
		}
		if b.Title = h.Value.Title; !ok {
			b.Code = string(office.CodeNotFound)
			return b, nil
		}
		return b, act(&b, h.Value)
	})
}

func (a *at) each(ids []string, act func(id string) (BatchResult, error)) ([]BatchResult, error) {
	if len(ids) > maxBatch {
		return nil, office.Invalid("items", "at most %d", maxBatch)
	}
	var out []BatchResult
	for _, id := range ids {
		b, err := act(id)
		if err != nil {
			return out, err
		}
		out = append(out, b)
	}
	return out, nil
}

// Copies are the circulation copies of the person, unread ones first.
func (s *Approvals) Copies() ([]Copy, error) {
	return signedIn(s.core, "Approvals.Copies", func(ctx context.Context, a *at) ([]Copy, error) {
		return a.copies(ctx)
	})
}

const maxHandled = 200

// Handled are the tasks the person acted on last, newest first.
func (s *Approvals) Handled() ([]Handled, error) {
	return signedIn(s.core, "Approvals.Handled", func(ctx context.Context, a *at) ([]Handled, error) {
		rows, err := first(ctx, a, approval.Tasks, office.Query{
			View: "mine", Order: "done_at", Desc: true, Limit: maxHandled,
			Where: []office.Cond{office.Where("person", string(a.uid)), {
				Field: "state", Op: office.In, Value: []string{approval.TaskDone, approval.TaskTransferred},
			}},
		})
		if err != nil {
			return nil, err
		}
		m, err := a.paperMarks(ctx)
		if err != nil {
			return nil, err
		}
		var out []Handled
		for _, r := range rows {
			v := r.Value
			x := Handled{ID: r.ID, Document: v.Subject, Title: v.Title, Step: v.StepName, Act: v.Act, At: v.DoneAt, Mark: m.of(v.Subject)}
			h, ok, err := get(ctx, a, document.Headers, v.Subject)
			if err != nil {
				return nil, err
			}
			if ok {
				x.Title, x.Kind, x.Number, x.State, x.Now = h.Value.Title, h.Value.Direction, h.Value.Number, h.Value.FlowState, h.Value.FlowStep
			}
			said, err := first(ctx, a, approval.Opinions, office.Query{
				View: "instance", Order: "effective", Desc: true, Limit: 1,
				Where: []office.Cond{office.Where("root", r.Root), office.Where("actor", string(a.uid)), office.Where("step", v.Step)},
			})
			if err != nil {
				return nil, err
			}
			for _, o := range said {
				x.Words = o.Value.Words
			}
			out = append(out, x)
		}
		return out, nil
	})
}
