package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// maxTerms bounds a person's history of posts.
const maxTerms = 200

// Appoint puts a person on a post, at once or from a day on, until further notice
// or until a day; the other posts stay. From that moment they see the post's
// papers, old ones too. System or system administrator; nobody appoints himself.
type Appoint struct {
	UID   office.UserID `json:"uid"`
	Post  string        `json:"post"`
	From  int64         `json:"from,omitempty"`  // Millis; 0 = now
	Until int64         `json:"until,omitempty"` // 0 = until further notice
}

func (*Appoint) Kind() string    { return "directory.appoint@1" }
func (*Appoint) Locks() []string { return locks() }

// Run notes the term and, if it has begun, fills the post. A term of the same
// post that has not ended is replaced, and keeps its begin if it has begun.
func (x *Appoint) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	p, err := other(tx, c, x.UID, RoleSysAdmin)
	if err != nil {
		return err
	}
	now := office.Millis(c.Now)
	if x.Until != 0 && x.Until <= now {
		return office.Invalid("until", "the end is past")
	}
	if !p.IsActive() {
		return office.Errorf(office.CodeState, "%s", p.State)
	}
	if err := open(tx, Posts.Kind, "post", x.Post); err != nil {
		return err
	}
	if err := Exclusive([]string{x.Post}, p.Roles); err != nil {
		return err
	}
	t := Term{Post: x.Post, From: max(x.From, now), Until: x.Until}
	if i := running(p.Terms, x.Post, now); i >= 0 {
		if p.Terms[i].From <= now && t.From <= now {
			t.From = p.Terms[i].From
		}
		p.Terms = slices.Delete(slices.Clone(p.Terms), i, i+1)
	}
	if len(p.Terms) == maxTerms {
		p.Terms = p.Terms[1:]
	}
	p.Terms = append(p.Terms, t)
	if len(p.Posts) == maxList && !p.HasPost(x.Post) {
		return office.Invalid("post", "at most %d posts", maxList)
	}
	for _, at := range []int64{t.From, t.Until} {
		if at > now {
			later(tx, at, &Turn{UID: x.UID, Post: x.Post, At: at})
		}
	}
	return fill(tx, p, x.UID, x.Post, now)
}

func (x *Appoint) check() error {
	if err := office.CheckID("uid", string(x.UID)); err != nil {
		return err
	}
	if err := office.CheckID("post", x.Post); err != nil {
		return err
	}
	if err := office.CheckTime("from", x.From); err != nil {
		return err
	}
	if err := office.CheckTime("until", x.Until); err != nil {
		return err
	}
	if x.Until != 0 && x.Until <= x.From {
		return office.Invalid("until", "the end is before the begin")
	}
	return nil
}

// Dismiss takes a person off a post now; the term stays in their history. A term
// that has not begun is called off. System or system administrator.
type Dismiss struct {
	UID  office.UserID `json:"uid"`
	Post string        `json:"post"`
}

func (*Dismiss) Kind() string    { return "directory.dismiss@1" }
func (*Dismiss) Locks() []string { return locks() }

// Run ends the term. CodeState if the person does not have the post and will not.
func (x *Dismiss) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("uid", string(x.UID)); err != nil {
		return err
	}
	if err := office.CheckID("post", x.Post); err != nil {
		return err
	}
	p, err := other(tx, c, x.UID, RoleSysAdmin)
	if err != nil {
		return err
	}
	now := office.Millis(c.Now)
	i := running(p.Terms, x.Post, now)
	if i < 0 && !p.HasPost(x.Post) {
		return office.Errorf(office.CodeState, "not on this post")
	}
	p.Terms = slices.Clone(p.Terms)
	switch {
	case i < 0: // assigned before terms were kept
		p.Terms = append(p.Terms, Term{Post: x.Post, Until: now})
	case p.Terms[i].From > now:
		p.Terms = slices.Delete(p.Terms, i, i+1)
	default:
		p.Terms[i].Until = now
	}
	return fill(tx, p, x.UID, x.Post, now)
}

// Turn is the moment at which a term begins or ends, given by the system.
type Turn struct {
	UID  office.UserID `json:"uid"`
	Post string        `json:"post"`
	At   int64         `json:"at"`
}

func (*Turn) Kind() string    { return "directory.turn@1" }
func (*Turn) Locks() []string { return locks() }

// Run does what the terms say by now; a term changed meanwhile has its own turn.
// CodeNotPermitted for anybody but the system.
func (x *Turn) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	p, at, err := People.Get(tx, string(x.UID))
	if err != nil || at != office.Present {
		return err
	}
	now := office.Millis(c.Now)
	if running(p.Terms, x.Post, now) < 0 && !slices.ContainsFunc(p.Terms, func(t Term) bool { return t.Post == x.Post && t.Until == x.At }) {
		return nil
	}
	// What was closed, or became an administrator, meanwhile begins nothing.
	if err := open(tx, Posts.Kind, "post", x.Post); err != nil && !p.HasPost(x.Post) {
		return nil
	}
	if Exclusive([]string{x.Post}, p.Roles) != nil && !p.HasPost(x.Post) {
		return nil
	}
	return fill(tx, p, x.UID, x.Post, now)
}

// fill writes a person's terms and makes the post theirs, or no longer theirs, as
// the terms say of now.
func fill(tx office.Tx, p Official, uid office.UserID, post string, now int64) error {
	i := running(p.Terms, post, now)
	has := i >= 0 && p.Terms[i].From <= now
	posts := slices.DeleteFunc(slices.Clone(p.Posts), func(id string) bool { return id == post && !has })
	if has && !slices.Contains(posts, post) {
		posts = append(posts, post)
	}
	if err := hold(tx, Posts.Kind, uid, p.Posts, posts); err != nil {
		return err
	}
	var terms any
	if len(p.Terms) > 0 {
		terms = p.Terms
	}
	units, err := unitsOf(tx, posts)
	if err != nil {
		return err
	}
	return People.Patch(tx, string(uid), office.Fields{"posts": list(posts), "terms": terms, "post_units": list(units)})
}

// running is the index of the term of a post that has not ended by now, -1 for none.
func running(terms []Term, post string, now int64) int {
	return slices.IndexFunc(terms, func(t Term) bool { return t.Post == post && (t.Until == 0 || t.Until > now) })
}

// jobAt is the kind of job that gives a command of the system at a time.
const jobAt = "command.at"

func later(tx office.Tx, due int64, cmd office.Command) {
	tx.Emit(office.Job{Kind: jobAt, Args: struct {
		Due     int64          `json:"due"`
		Command string         `json:"command"`
		Args    office.Command `json:"args"`
	}{due, cmd.Kind(), cmd}})
}
