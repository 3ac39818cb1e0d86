package script

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Exit codes of the desk.
const (
	ExitDone        = 0
	ExitFault       = 1
	ExitUsage       = 2
	ExitRefused     = 3
	ExitUnreachable = 4
	ExitBusy        = 5
)

// Exit is a run of the desk that did not end with 0.
type Exit struct {
	Code    int    // -1: killed
	Message string // what it said
	Args    []string
}

func (e *Exit) Error() string {
	return fmt.Sprintf("desk %s: exit %d: %s", strings.Join(e.Args, " "), e.Code, e.Message)
}

// ExitCode is the exit code behind an error of this package; 0 for nil.
func ExitCode(err error) int {
	var e *Exit
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &e):
		return e.Code
	}
	return ExitFault
}

// Person is one person at one machine. Nothing goes to the server but by
// Login, Logout and Sync: whoever calls none of these is off line.
type Person struct {
	User    string
	Profile string // the folder
	Server  string // the address this machine knows; "" = the office's
	// Wrong is by how much this machine's clock is ahead. The desk must have been
	// built with the tag wrongclock.
	Wrong  time.Duration
	office *Office
}

// As is a person at a machine of that name. A person may have several.
func (o *Office) As(user, machine string) *Person {
	return &Person{User: user, Profile: filepath.Join(o.Dir, "desks", user+"-"+machine), office: o}
}

// Command prepares a run of the desk for callers that want to end it early.
func (p *Person) Command(ctx context.Context, args ...string) *exec.Cmd {
	line := append(append([]string{}, p.office.Runner...), p.office.Desk, "--profile", p.path(), "--json")
	line = append(line, args...)
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Env = append(os.Environ(), p.office.Env...)
	if p.Wrong != 0 {
		cmd.Env = append(cmd.Env, "QIANSHAO_WRONG_CLOCK="+p.Wrong.String())
	}
	prepare(cmd)
	return cmd
}

// path is the profile as the desk's system names it: under wine the file
// system of this machine is drive Z.
func (p *Person) path() string {
	if len(p.office.Runner) > 0 && strings.Contains(filepath.Base(p.office.Runner[0]), "wine") {
		return "Z:" + strings.ReplaceAll(p.Profile, "/", `\`)
	}
	return p.Profile
}

// run runs the desk to its end; a non-zero exit is an *Exit.
func (p *Person) run(ctx context.Context, stdin string, args ...string) ([]byte, error) {
	cmd := p.Command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return out.Bytes(), &Exit{Code: exit.ExitCode(), Message: tail(errs.String()), Args: args}
	case err != nil:
		return nil, fmt.Errorf("run the desk: %w", err)
	}
	return out.Bytes(), nil
}

// into runs the desk and decodes what it printed.
func (p *Person) into(ctx context.Context, v any, stdin string, args ...string) error {
	out, err := p.run(ctx, stdin, args...)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, v); err != nil {
		return fmt.Errorf("desk %s printed no JSON: %w", strings.Join(args, " "), err)
	}
	return nil
}

// Login signs the person in.
func (p *Person) Login(ctx context.Context, password string) error {
	server := p.Server
	if server == "" {
		server = p.office.URL()
	}
	_, err := p.run(ctx, password+"\n", "login", "--server", server, "--user", p.User, "--password-file", "-", "--machine", filepath.Base(p.Profile))
	return err
}

// Given is a command that was queued.
type Given struct {
	Mid string `json:"mid"`
	ID  string `json:"id"` // of the record it makes or is about
}

// Do gives a command; args is encoded as JSON.
func (p *Person) Do(ctx context.Context, command string, args any) (Given, error) {
	var g Given
	raw, err := json.Marshal(args)
	if err != nil {
		return g, err
	}
	return g, p.into(ctx, &g, string(raw), "do", command, "-")
}

// DoMany gives many commands of one kind with one run of the desk.
func (p *Person) DoMany(ctx context.Context, command string, args []any) ([]Given, error) {
	var lines bytes.Buffer
	for _, a := range args {
		raw, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		lines.Write(append(raw, '\n'))
	}
	out, err := p.run(ctx, lines.String(), "do", command, "-", "--many")
	if err != nil {
		return nil, err
	}
	var gs []Given
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var g Given
		if err := d.Decode(&g); err != nil {
			return nil, fmt.Errorf("desk do --many printed no JSON: %w", err)
		}
		gs = append(gs, g)
	}
	return gs, nil
}

// Attach adds a file to a paper.
func (p *Person) Attach(ctx context.Context, document, path string) (Given, error) {
	var g Given
	return g, p.into(ctx, &g, "", "attach", document, path)
}

// Status is the status line.
type Status struct {
	Device   string `json:"device"`
	Waiting  int    `json:"waiting"`
	NeedsYou int    `json:"needs_you"`
	Loading  bool   `json:"loading"`
	Staged   int    `json:"staged"`
	Lists    bool   `json:"lists"`
}

// Status reads the status line.
func (p *Person) Status(ctx context.Context) (Status, error) {
	var s Status
	return s, p.into(ctx, &s, "", "status")
}

// Report is what a sync did.
type Report struct {
	Pushed   int `json:"pushed"`
	Applied  int `json:"applied"`
	Refused  int `json:"refused"`
	Pulled   int `json:"pulled"`
	Waiting  int `json:"waiting"`
	NeedsYou int `json:"needs_you"`
}

// Sync sends and fetches once.
func (p *Person) Sync(ctx context.Context) (Report, error) {
	var r Report
	return r, p.into(ctx, &r, "", "sync")
}

// Record is a record as the desk shows it.
type Record struct {
	Kind     string              `json:"kind"`
	ID       string              `json:"id"`
	Root     string              `json:"root"`
	Ver      int64               `json:"ver"`
	Waiting  []string            `json:"waiting"`
	Body     json.RawMessage     `json:"body"`
	Children map[string][]Record `json:"children"`
}

// Field decodes one field of the body into v; a missing one leaves v as it is.
func (r Record) Field(name string, v any) error {
	raw := r.Raw(name)
	if raw == nil {
		return nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%s of %s %s: %w", name, r.Kind, r.ID, err)
	}
	return nil
}

// Raw is one field of the body as it is; nil if there is none.
func (r Record) Raw(name string) json.RawMessage {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(r.Body, &m) != nil {
		return nil
	}
	return m[name]
}

// Text is a field that is a text; "" if it is missing or none.
func (r Record) Text(name string) string {
	var s string
	if r.Field(name, &s) != nil {
		return ""
	}
	return s
}

// List lists records; options are those of "desk list".
func (p *Person) List(ctx context.Context, kind string, options ...string) ([]Record, error) {
	var rs []Record
	return rs, p.into(ctx, &rs, "", append([]string{"list", kind}, options...)...)
}

// Show reads one record and its children.
func (p *Person) Show(ctx context.Context, kind, id string) (Record, error) {
	var r Record
	return r, p.into(ctx, &r, "", "show", kind, id)
}

// Item is a command in the outbox.
type Item struct {
	Mid      string          `json:"mid"`
	Ord      int64           `json:"ord"`
	Command  string          `json:"command"`
	Args     json.RawMessage `json:"args"`
	State    string          `json:"state"`
	Outcome  string          `json:"outcome"`
	Waiting  bool            `json:"waiting"`
	Code     string          `json:"code"`
	Message  string          `json:"message"`
	Next     string          `json:"next"`
	NeedsYou bool            `json:"needs_you"`
}

// Outbox lists what was given here and what became of it.
func (p *Person) Outbox(ctx context.Context) ([]Item, error) {
	var is []Item
	return is, p.into(ctx, &is, "", "outbox", "--all")
}

// Item is one command of the outbox.
func (p *Person) Item(ctx context.Context, mid string) (Item, error) {
	is, err := p.Outbox(ctx)
	if err != nil {
		return Item{}, err
	}
	for _, it := range is {
		if it.Mid == mid {
			return it, nil
		}
	}
	return Item{}, fmt.Errorf("%s is not in the outbox of %s", mid, p.User)
}

// Discard gives a command up.
func (p *Person) Discard(ctx context.Context, mid string) error {
	_, err := p.run(ctx, "", "outbox", "discard", mid)
	return err
}

// Doctor checks the profile.
func (p *Person) Doctor(ctx context.Context) error {
	_, err := p.run(ctx, "", "doctor")
	return err
}
