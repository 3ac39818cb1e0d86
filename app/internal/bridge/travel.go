package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// Travel is the bag for a journey (出差包): what is to be on this desk while
// there is no line, and whether it is.
type Travel struct{ core *core }

const (
	travelKey   = "travel.plan"
	maxTravel   = 100 // papers packed for their people and subjects
	maxWords    = 20
	travelPages = 10 // of each list that is looked through at the server
)

// How something in the bag stands.
const (
	PackWork    = "work"    // 可离线办理
	PackRead    = "read"    // 仅可阅
	PackMissing = "missing" // not here
)

// TravelPlan says what a journey needs.
type TravelPlan struct {
	From     int64    `json:"from"` // midnight of the first day
	To       int64    `json:"to"`   // midnight of the last day
	People   []string `json:"people"`
	Subjects []string `json:"subjects"`
}

// TravelRow is one thing in the bag.
type TravelRow struct {
	Kind     string `json:"kind"` // task | copy | paper | event | todo
	ID       string `json:"id"`
	Document string `json:"document"`
	Title    string `json:"title"`
	State    string `json:"state"`
	Why      string `json:"why"` // a reason, for PackRead and PackMissing
	Due      int64  `json:"due"`
	At       int64  `json:"at"`
	Files    int    `json:"files"`
	Size     int64  `json:"size"`
	Away     int    `json:"away"` // files that are not here
	AwaySize int64  `json:"awaySize"`
}

// TravelBag is what a plan comes to on this desk now.
type TravelBag struct {
	Plan     TravelPlan  `json:"plan"`
	Packed   bool        `json:"packed"`
	At       int64       `json:"at"` // when it was packed
	Rows     []TravelRow `json:"rows"`
	Work     int         `json:"work"`
	Read     int         `json:"read"`
	Missing  int         `json:"missing"`
	Files    int         `json:"files"`
	Size     int64       `json:"size"`
	Away     int         `json:"away"`
	AwaySize int64       `json:"awaySize"`
	Due      int         `json:"due"`   // what falls due on the journey
	Ready    bool        `json:"ready"` // all of it is here
}

// bag is what is kept of a plan: with the papers found for it.
type bag struct {
	TravelPlan
	Papers []bagPaper `json:"papers"`
	At     int64      `json:"at"`
}

type bagPaper struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Pinned bool   `json:"pinned"` // by the plan: it is taken off with the plan
}

func (a *at) bag(ctx context.Context) (b bag, ok bool, err error) {
	d, ok, err := a.desk.Draft(ctx, travelKey)
	if err != nil || !ok {
		return b, false, err
	}
	if json.Unmarshal(d.Body, &b) != nil {
		return bag{}, false, nil // of another version: the plan is made again
	}
	return b, true, nil
}

// Bag is the plan and what it comes to now.
func (s *Travel) Bag() (TravelBag, error) {
	return signedIn(s.core, "Travel.Bag", func(ctx context.Context, a *at) (TravelBag, error) {
		b, ok, err := a.bag(ctx)
		if err != nil || !ok {
			return TravelBag{}, err
		}
		return a.check(ctx, b)
	})
}

// Pack makes a plan in place of the one before: the papers of its people and
// subjects are found here and at the server, kept on this person's desks, and
// all files are asked for. Without a line only what is here is packed.
func (s *Travel) Pack(p TravelPlan) (TravelBag, error) {
	return signedIn(s.core, "Travel.Pack", func(ctx context.Context, a *at) (TravelBag, error) {
		if err := a.checkPlan(&p); err != nil {
			return TravelBag{}, err
		}
		old, _, err := a.bag(ctx)
		if err != nil {
			return TravelBag{}, err
		}
		found, err := a.papersFor(ctx, p)
		if err != nil {
			return TravelBag{}, err
		}
		b := bag{TravelPlan: p, At: office.Millis(a.now)}
		pinned, err := a.pinned(ctx)
		if err != nil {
			return TravelBag{}, err
		}
		for _, h := range found {
			x := bagPaper{ID: h.ID, Title: h.Value.Title}
			i := slices.IndexFunc(old.Papers, func(o bagPaper) bool { return o.ID == h.ID })
			x.Pinned = i >= 0 && old.Papers[i].Pinned
			if !pinned[h.ID] {
				if _, err := a.give(ctx, h.ID, &office.SetPin{Of: document.Headers.Name, Record: h.ID, Title: office.ShortFileName(h.Value.Title, 300)}); err != nil {
					return TravelBag{}, err
				}
				x.Pinned = true
			}
			b.Papers = append(b.Papers, x)
		}
		if err := a.unpin(ctx, old.Papers, b.Papers, pinned); err != nil {
			return TravelBag{}, err
		}
		raw, err := json.Marshal(b)
		if err != nil {
			return TravelBag{}, err
		}
		if err := a.desk.SaveDraft(ctx, travelKey, raw); err != nil {
			return TravelBag{}, err
		}
		out, err := a.check(ctx, b)
		if err != nil {
			return out, err
		}
		return out, a.fetchBag(ctx, out)
	})
}

// Fetch asks for the files of the bag that are not here.
func (s *Travel) Fetch() error {
	return do(s.core, "Travel.Fetch", func(ctx context.Context, a *at) error {
		b, ok, err := a.bag(ctx)
		if err != nil || !ok {
			return err
		}
		out, err := a.check(ctx, b)
		if err != nil {
			return err
		}
		return a.fetchBag(ctx, out)
	})
}

// Unpack ends the plan: what was kept for it alone may leave this desk again.
func (s *Travel) Unpack() error {
	return do(s.core, "Travel.Unpack", func(ctx context.Context, a *at) error {
		b, ok, err := a.bag(ctx)
		if err != nil || !ok {
			return err
		}
		pinned, err := a.pinned(ctx)
		if err != nil {
			return err
		}
		if err := a.unpin(ctx, b.Papers, nil, pinned); err != nil {
			return err
		}
		return a.desk.DeleteDraft(ctx, travelKey)
	})
}

func (a *at) checkPlan(p *TravelPlan) error {
	if p.From <= 0 || p.To < p.From || p.To-p.From > (90*24*time.Hour).Milliseconds() {
		return office.Invalid("days", "one day to ninety")
	}
	clean := func(list []string) []string {
		var out []string
		for _, x := range list {
			if x = strings.TrimSpace(x); x != "" && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
		return out
	}
	p.People, p.Subjects = clean(p.People), clean(p.Subjects)
	if len(p.People) > maxWords || len(p.Subjects) > maxWords {
		return office.Invalid("subjects", "too many")
	}
	for _, x := range p.Subjects {
		if err := office.CheckLine("subjects", x, 1, 50); err != nil {
			return err
		}
	}
	return nil
}

// pinned are the papers the person has pinned.
func (a *at) pinned(ctx context.Context) (map[string]bool, error) {
	pins, err := list(ctx, a, office.Pins, office.Query{View: "mine", Where: []office.Cond{office.Where("owner", string(a.uid))}})
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, p := range pins {
		if p.Value.Kind == document.Headers.Name {
			out[p.Value.ID] = true
		}
	}
	return out, nil
}

// unpin takes the pins of a former plan off that the new one does not need.
func (a *at) unpin(ctx context.Context, old, now []bagPaper, pinned map[string]bool) error {
	for _, o := range old {
		if !o.Pinned || !pinned[o.ID] || slices.ContainsFunc(now, func(n bagPaper) bool { return n.ID == o.ID }) {
			continue
		}
		if _, err := a.give(ctx, o.ID, &office.ClearPin{Of: document.Headers.Name, Record: o.ID}); err != nil {
			return err
		}
	}
	return nil
}

// papersFor finds the papers of a plan's people and subjects: those here, then,
// with a line, those at the server, newest first.
func (a *at) papersFor(ctx context.Context, p TravelPlan) ([]item[document.Header], error) {
	if len(p.People) == 0 && len(p.Subjects) == 0 {
		return nil, nil
	}
	var out []item[document.Header]
	take := func(rs []office.Record) error {
		hs, err := decoded[document.Header](rs)
		if err != nil {
			return err
		}
		for _, h := range hs {
			if len(out) < maxTravel && p.wants(h.Value) && !slices.ContainsFunc(out, func(x item[document.Header]) bool { return x.ID == h.ID }) {
				out = append(out, h)
			}
		}
		return nil
	}
	q := office.Query{Kind: document.Headers.Name, View: "all", Order: "created", Desc: true}
	rs, err := a.listAll(ctx, q)
	if err != nil {
		return nil, err
	}
	if err := take(rs); err != nil {
		return nil, err
	}
	if st := a.desk.Status(); !st.Online || st.Offline {
		return out, nil
	}
	q.Limit = 200
	for range travelPages {
		rs, next, err := a.desk.ReadOnline(ctx, q)
		if errors.Is(err, &office.Error{Code: engine.CodeOffline}) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if err := take(rs); err != nil {
			return nil, err
		}
		if q.After = next; next == "" || len(out) >= maxTravel {
			break
		}
	}
	return out, nil
}

// wants reports whether a paper is of the plan's people or subjects.
func (p TravelPlan) wants(h document.Header) bool {
	for _, x := range p.Subjects {
		if strings.Contains(h.Title, x) || strings.Contains(h.From, x) || h.Number == x {
			return true
		}
	}
	for _, x := range p.People {
		u := office.UserID(x)
		if h.Drafter == u || h.Signer == u || h.Leader == u || slices.Contains(h.Leaders, u) || slices.Contains(h.Undertakers, u) || slices.Contains(h.Cosigners, u) {
			return true
		}
	}
	return false
}

// check looks at everything in the bag.
func (a *at) check(ctx context.Context, b bag) (TravelBag, error) {
	out := TravelBag{Plan: b.TravelPlan, Packed: true, At: b.At}
	end := b.To + (24 * time.Hour).Milliseconds()
	seen := map[string]bool{}
	shas := map[string]int64{} // each file counts once in the sums
	away := map[string]bool{}
	// paper adds a paper once, with its files.
	paper := func(r TravelRow) error {
		if seen[r.Document] {
			return nil
		}
		seen[r.Document] = true
		h, here, err := get(ctx, a, document.Headers, r.Document)
		if err != nil {
			return err
		}
		_, text, err := get(ctx, a, document.Bodies, r.Document)
		if err != nil {
			return err
		}
		if here {
			r.Title = h.Value.Title
		}
		if !here || !text {
			r.State, r.Why = PackMissing, "text"
		}
		files, err := a.attachments(ctx, r.Document)
		if err != nil {
			return err
		}
		var list []string
		for _, f := range files {
			list = append(list, f.Value.SHA256)
		}
		states, err := a.desk.Blobs(ctx, list)
		if err != nil {
			return err
		}
		for _, f := range files {
			r.Files++
			r.Size += f.Value.Size
			shas[f.Value.SHA256] = f.Value.Size
			if !states[f.Value.SHA256].Here {
				r.Away++
				r.AwaySize += f.Value.Size
				away[f.Value.SHA256] = true
			}
		}
		if r.State == PackRead && r.Why == "" {
			r.Why = "reading"
		}
		out.Rows = append(out.Rows, r)
		return nil
	}
	tasks, err := a.tasks(ctx)
	if err != nil {
		return out, err
	}
	for _, t := range tasks {
		r := TravelRow{Kind: "task", ID: t.ID, Document: t.Document, Title: t.Title, State: PackWork, Due: t.Due, At: t.Arrived}
		if v, ok, err := get(ctx, a, approval.Tasks, t.ID); err != nil {
			return out, err
		} else if ok && len(v.Value.Acts) == 0 {
			r.State, r.Why = PackRead, "elsewhere"
		}
		if err := paper(r); err != nil {
			return out, err
		}
	}
	copies, err := a.copies(ctx)
	if err != nil {
		return out, err
	}
	for _, c := range copies {
		if c.Read == 0 {
			if err := paper(TravelRow{Kind: "copy", ID: c.ID, Document: c.Document, Title: c.Title, State: PackRead, At: c.Sent}); err != nil {
				return out, err
			}
		}
	}
	for _, p := range b.Papers {
		if err := paper(TravelRow{Kind: "paper", ID: p.ID, Document: p.ID, Title: p.Title, State: PackRead}); err != nil {
			return out, err
		}
	}
	todos, err := list(ctx, a, todo.Items, office.Query{View: "open", Order: "due", Where: []office.Cond{office.Where("owner", string(a.uid)), office.Where("done", false)}})
	if err != nil {
		return out, err
	}
	for _, x := range todos {
		if x.Value.Due > 0 && x.Value.Due < end {
			out.Rows = append(out.Rows, TravelRow{Kind: "todo", ID: x.ID, Title: x.Value.Title, State: PackWork, Due: x.Value.Due})
		}
	}
	events, err := a.events(ctx, b.From, end)
	if err != nil {
		return out, err
	}
	for _, e := range events {
		if e.Status != calendar.Cancelled {
			out.Rows = append(out.Rows, TravelRow{Kind: "event", ID: e.ID, Title: e.Title, State: PackRead, Why: "event", At: e.Start})
		}
	}
	rank := func(r TravelRow) int { return slices.Index([]string{PackMissing, PackWork, PackRead}, r.State) }
	slices.SortStableFunc(out.Rows, func(x, y TravelRow) int {
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(y.Away, x.Away))
	})
	for _, r := range out.Rows {
		switch {
		case r.State == PackMissing:
			out.Missing++
		case r.Kind == "event": // neither handled nor read
		case r.State == PackWork:
			out.Work++
		case r.State == PackRead:
			out.Read++
		}
		if r.Due > 0 && r.Due < end {
			out.Due++
		}
	}
	for sha, size := range shas {
		out.Files++
		out.Size += size
		if away[sha] {
			out.Away++
			out.AwaySize += size
		}
	}
	out.Ready = out.Missing == 0 && out.Away == 0
	return out, nil
}

// fetchBag asks for the files of all papers in the bag.
func (a *at) fetchBag(ctx context.Context, b TravelBag) error {
	for _, r := range b.Rows {
		if r.Away == 0 {
			continue
		}
		files, err := a.attachments(ctx, r.Document)
		if err != nil {
			return err
		}
		for _, f := range files {
			a.desk.WantBlob(f.Value.SHA256)
		}
	}
	return nil
}
