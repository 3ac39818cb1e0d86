package story

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"qianshao/build/trip/script"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Stage is where the story is played: an office whose server is filled with the
// demonstration.
type Stage struct {
	Office   *script.Office
	Password string    // of the demonstration accounts
	Out      io.Writer // where it is told
	Papers   int       // of scenario (h); 0 = 300
	// Picture takes a picture of a person's window, named; nil takes none.
	Picture func(ctx context.Context, p *script.Person, name string) error
}

// ErrDiffers says that something came out otherwise than it was written.
var ErrDiffers = errors.New("the trip did not go as written")

// teller tells the story and remembers whether all went as expected.
type teller struct {
	Stage
	wrong int
}

func (t *teller) say(format string, args ...any) {
	fmt.Fprintf(t.Out, format+"\n", args...)
}

// heading begins an act.
func (t *teller) heading(s string) { t.say("\n【%s】", s) }

// expect tells what was expected and what came of it.
func (t *teller) expect(what, want, got string) {
	if want == got {
		t.say("　预期：%s。结果：%s。✓", what, got)
		return
	}
	t.wrong++
	t.say("　预期：%s（%s）。结果：%s。✗ 与预期不符", what, want, got)
}

// holds is expect for a plain yes.
func (t *teller) holds(what string, ok bool) {
	if ok {
		t.say("　预期：%s。结果：是。✓", what)
		return
	}
	t.wrong++
	t.say("　预期：%s。结果：否。✗ 与预期不符", what)
}

// sign in signs people in and fetches what is theirs.
func (t *teller) signIn(ctx context.Context, people ...*script.Person) error {
	for _, p := range people {
		if err := p.Login(ctx, t.Password); err != nil {
			return err
		}
		if _, err := p.Sync(ctx); err != nil {
			return err
		}
	}
	return nil
}

// find is the one record whose field, filtered by options, is the text.
func find(ctx context.Context, p *script.Person, kind, field, text string, options ...string) (script.Record, error) {
	rs, err := p.List(ctx, kind, append(options, "--limit", "0")...)
	if err != nil {
		return script.Record{}, err
	}
	var hits []script.Record
	for _, r := range rs {
		if strings.Contains(r.Text(field), text) {
			hits = append(hits, r)
		}
	}
	if len(hits) != 1 {
		return script.Record{}, fmt.Errorf("%s sees %d %s whose %s has %q, not 1", p.User, len(hits), kind, field, text)
	}
	return hits[0], nil
}

// paper is a paper as one person's desk shows it, with the person's task on it.
type paper struct {
	header script.Record
	body   document.Body
	task   script.Record
	t      approval.Task
	hash   string // computed from what is shown
}

// open reads the paper with this title that waits for the person.
func (t *teller) open(ctx context.Context, p *script.Person, uid, title string) (paper, error) {
	var x paper
	task, err := find(ctx, p, approval.Tasks.Name, "title", title, "--where", "person="+uid, "--where", "state="+approval.TaskOpen)
	if err != nil {
		return x, err
	}
	x.task = task
	if err := json.Unmarshal(task.Body, &x.t); err != nil {
		return x, err
	}
	return x, x.read(ctx, p, x.t.Subject)
}

// read reads header and text and computes the hash of what they show.
func (x *paper) read(ctx context.Context, p *script.Person, id string) error {
	h, err := p.Show(ctx, document.Headers.Name, id)
	if err != nil {
		return err
	}
	x.header = h
	bodies := h.Children[document.Bodies.Name]
	if len(bodies) != 1 {
		return fmt.Errorf("%s has %d texts of paper %s", p.User, len(bodies), id)
	}
	x.body = document.Body{}
	if err := json.Unmarshal(bodies[0].Body, &x.body); err != nil {
		return err
	}
	var header document.Header
	if err := json.Unmarshal(h.Body, &header); err != nil {
		return err
	}
	var files []document.Attachment
	for _, r := range h.Children[document.Attachments.Name] {
		var f document.Attachment
		if err := json.Unmarshal(r.Body, &f); err != nil {
			return err
		}
		files = append(files, f)
	}
	x.hash = document.ContentHash(header.Elements(), x.body.Blocks, document.FilesOf(files)...)
	return nil
}

// approve is 同意 on the paper as it was read.
func (x paper) approve(words string) approval.Approve {
	return approval.Approve{Task: x.task.ID, Subject: x.t.Subject, TaskRev: x.t.Rev, Step: x.t.Step, SeenHash: x.hash, Words: words}
}

// changed is an edit of one field of a record as it is shown.
func changed(r script.Record, field, value string) ([]office.Change, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return []office.Change{{Field: field, Old: r.Raw(field), New: raw}}, nil
}

// outcome is what became of a command, as the outbox says it.
func (t *teller) outcome(ctx context.Context, p *script.Person, g script.Given) (string, error) {
	it, err := p.Item(ctx, g.Mid)
	if err != nil {
		return "", err
	}
	if it.Code != "" && it.Outcome != "applied" && it.Outcome != "conflict" {
		return it.Code, nil
	}
	return it.Outcome, nil
}
