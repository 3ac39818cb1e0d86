package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// noon is a Monday.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, calendar.Zone)

func nothing(context.Context, office.UserID, string, time.Time, office.Command) error { return nil }

// once fills a stage that the tests only read.
var once = sync.OnceValues(func() (*stage, error) { return fill(context.Background(), nothing, noon) })

func filled(t *testing.T) *stage {
	t.Helper()
	st, err := once()
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// decoded are all records of a kind by their ids.
func decoded[T any](t *testing.T, st *stage, k office.Of[T]) map[string]T {
	t.Helper()
	out := map[string]T{}
	for _, r := range st.mem.All(k.Name) {
		var v T
		if err := r.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out[r.ID] = v
	}
	return out
}

// An office at work: papers at many steps, tasks in many hands.
func TestOfficeAtWork(t *testing.T) {
	st := filled(t)
	steps := map[string]map[string]int{document.Incoming: {}, document.Outgoing: {}, document.Internal: {}}
	papers := map[string]int{}
	for id, h := range decoded(t, st, document.Headers) {
		papers[h.Direction]++
		steps[h.Direction][h.FlowState+":"+h.FlowStep]++
		var b document.Body
		if err := st.read(document.Bodies.Name, id, &b); err != nil || len(b.Blocks) == 0 {
			t.Errorf("%s has no text: %v", h.Title, err)
		}
		if hash := document.ContentHash(h.Elements(), b.Blocks); hash != h.ContentHash {
			t.Errorf("%s: the hash is not that of the content", h.Title)
		}
		if h.Updated > noon.UnixMilli() || h.Created > noon.UnixMilli() {
			t.Errorf("%s is of the future", h.Title)
		}
	}
	for d, least := range map[string][2]int{document.Incoming: {10, 6}, document.Outgoing: {8, 8}, document.Internal: {4, 3}} {
		if papers[d] < least[0] || len(steps[d]) < least[1] {
			t.Errorf("%s: %d papers in %d states %v, want %v", d, papers[d], len(steps[d]), steps[d], least)
		}
	}
	open, late := map[office.UserID]int{}, map[office.UserID]int{}
	for id, x := range decoded(t, st, approval.Tasks) {
		if x.State != approval.TaskOpen {
			continue
		}
		open[x.Person]++
		if x.Due < noon.UnixMilli() {
			late[x.Person]++
		}
		if x.Created > noon.UnixMilli() {
			t.Errorf("task %s is of the future", id)
		}
	}
	if total := sum(open); sum(late) < 1 || sum(late) > total/3 || late[lin] > open[lin]/3 {
		t.Errorf("%d of %d tasks are late, %d of the %d of 林知远", sum(late), total, late[lin], open[lin])
	}
	for uid, least := range map[office.UserID]int{lin: 8, ding: 3, chu: 2, shao: 2, su: 2, he: 2, xu: 3, zhou: 1, ma: 1, wen: 1, fang: 1, yao: 1} {
		if open[uid] < least {
			t.Errorf("%s has %d open tasks, want %d", uid, open[uid], least)
		}
	}
	for _, uid := range []office.UserID{"sys01", "sec01", "aud01"} {
		if open[uid] > 0 {
			t.Errorf("the administrator %s has tasks", uid)
		}
	}
	for id, i := range decoded(t, st, approval.Instances) {
		if i.Stuck != "" || slices.ContainsFunc(i.Tokens, func(v approval.Visit) bool { return v.Rescue }) {
			t.Errorf("instance %s (%s) found nobody for %s", id, i.Title, i.StepName)
		}
	}
	counts := map[string]int{}
	for _, k := range st.mem.Kinds.All() {
		counts[k.Name] = len(st.mem.All(k.Name))
	}
	for kind, least := range map[string]int{
		"dir.person": 100, "dir.unit": 35, "approval.copy": 30, "todo.item": 50, "calendar.event": 60, "contact.card": 80, "doc.version": 40, "approval.opinion": 80,
	} {
		if counts[kind] < least {
			t.Errorf("%d of %s, want %d", counts[kind], kind, least)
		}
	}
	t.Log(counts, open, late)
}

func sum(m map[office.UserID]int) (n int) {
	for _, x := range m {
		n += x
	}
	return n
}

// The official numbers that the organisation's description names.
func TestNumbers(t *testing.T) {
	st := filled(t)
	for name, number := range map[string]string{"充电桩通知": "清政办发〔2026〕21号", "市长办公会纪要": "清政阅〔2026〕9号", paperChargers: "上收〔2026〕0123"} {
		var h document.Header
		if err := st.read(document.Headers.Name, ID("document", name), &h); err != nil || h.Number != number {
			t.Errorf("%s: %q %v, want %s", name, h.Number, err, number)
		}
	}
	given := map[string]string{}
	for id, h := range decoded(t, st, document.Headers) {
		if h.Number == "" {
			continue
		}
		if given[h.Number] != "" {
			t.Errorf("%s is given twice", h.Number)
		}
		given[h.Number] = id
		if h.Direction == document.Outgoing && h.FlowStepID != "yinzhi" && h.FlowStepID != "yongyin" && h.FlowState != document.Done {
			t.Errorf("%s has a number at %s", h.Title, h.FlowStep)
		}
	}
	if len(given) < 15 {
		t.Errorf("%d numbers", len(given))
	}
}

// In January the papers of the old year are numbered in the old year's series.
func TestNumbersInJanuary(t *testing.T) {
	st, err := fill(context.Background(), nothing, time.Date(2027, 1, 5, 10, 0, 0, 0, calendar.Zone))
	if err != nil {
		t.Fatal(err)
	}
	var h document.Header
	if err := st.read(document.Headers.Name, ID("document", "充电桩通知"), &h); err != nil || h.Number != "清政办发〔2026〕21号" {
		t.Errorf("%q %v", h.Number, err)
	}
}

// Everybody sees what they should: the address book, two kinds of examples.
func TestOrganisation(t *testing.T) {
	st := filled(t)
	people := decoded(t, st, directory.People)
	units := decoded(t, st, directory.Units)
	for id, p := range people {
		if p.State != directory.Active || p.Unit == "" || p.Phone == "" || p.Pinyin == "" {
			t.Errorf("%s: %+v", id, p)
		}
	}
	for id, u := range units {
		if u.Head != "" && people[string(u.Head)].Name == "" {
			t.Errorf("%s is headed by nobody: %s", id, u.Head)
		}
		if u.Head == "" && id != ministr && id != areas {
			t.Errorf("%s has no head", id)
		}
	}
	for id, name := range map[string]string{"lin-zhiyuan": "林知远", "ou-ning": "区宁", "zeng-yun": "曾允", "shan-mingchuan": "单明川", "sys01": "高原"} {
		if people[id].Name != name {
			t.Errorf("%s is %q", id, people[id].Name)
		}
	}
	for _, holder := range []office.UserID{shao, chu, ding, ma, wen} {
		if len(people[string(holder)].Posts) == 0 {
			t.Errorf("%s has no post", holder)
		}
	}
}

func TestAccounts(t *testing.T) {
	seen := map[string]bool{}
	st := filled(t)
	for _, a := range Accounts() {
		if !regexp.MustCompile(`^[a-z]+[0-9]*$`).MatchString(a.User) || seen[a.User] || seen[string(a.UID)] {
			t.Errorf("%+v: bad or repeated", a)
		}
		seen[a.User] = true
		var p directory.Official
		if err := st.read(directory.People.Name, string(a.UID), &p); err != nil || p.Name != a.Name || p.Title != a.Title || a.Unit == "" {
			t.Errorf("%+v is %+v, %v", a, p, err)
		}
	}
	for _, user := range []string{"linzhiyuan", "dingxiaohe", "chuyan", "heyunzhou", "xunanqiao", "zhoumuye", "sys01", "sec01", "aud01"} {
		if !seen[user] {
			t.Errorf("%s has no account", user)
		}
	}
	if len(seen) != len(st.mem.All(directory.People.Name)) {
		t.Errorf("%d accounts for %d people", len(seen), len(st.mem.All(directory.People.Name)))
	}
}

// All that people read is text: nothing that a window could take for markup,
// no placeholders left, no control characters.
func TestTextIsText(t *testing.T) {
	st := filled(t)
	bad := regexp.MustCompile(`[<>{}&]|[\x00-\x09\x0b-\x1f]|TODO|test|http`)
	var walk func(where string, v any)
	walk = func(where string, v any) {
		switch x := v.(type) {
		case string:
			if bad.MatchString(x) {
				t.Errorf("%s: %q", where, x)
			}
		case []any:
			for _, y := range x {
				walk(where, y)
			}
		case map[string]any:
			for k, y := range x {
				walk(where+"."+k, y)
			}
		}
	}
	for _, k := range st.mem.Kinds.All() {
		for _, r := range st.mem.All(k.Name) {
			var v any
			if err := json.Unmarshal(r.Body, &v); err != nil {
				t.Fatal(err)
			}
			walk(k.Name, v)
		}
	}
}

// A month of calendar: entries on both sides of now, repeating ones among them,
// and somebody on duty every day.
func TestCalendar(t *testing.T) {
	st := filled(t)
	from, to := noon.AddDate(0, 0, -14), noon.AddDate(0, 0, 19)
	duty := map[string]bool{}
	var before, after, mine int
	for id, e := range decoded(t, st, calendar.Events) {
		list, err := calendar.Occurrences(e, from, to)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			t.Errorf("%s (%s) is not in the month", e.Title, id)
		}
		for _, o := range list {
			if o.Start < noon.UnixMilli() {
				before++
			} else {
				after++
			}
			if strings.HasPrefix(o.Title, "值班") {
				duty[time.UnixMilli(o.Start).In(calendar.Zone).Format(time.DateOnly)] = true
			}
		}
		if e.Owner == lin || slices.Contains(e.Attendees, string(lin)) {
			mine += len(list)
		}
	}
	for d := noon.AddDate(0, 0, -10); d.Before(to); d = d.AddDate(0, 0, 1) {
		if !duty[d.In(calendar.Zone).Format(time.DateOnly)] {
			t.Errorf("nobody is on duty on %s", d.Format(time.DateOnly))
		}
	}
	if before < 15 || after < 50 || mine < 15 {
		t.Errorf("%d before now, %d after, %d of 林知远", before, after, mine)
	}
}

func TestHandsAndHolders(t *testing.T) {
	st := filled(t)
	owners := map[office.UserID]int{}
	for _, x := range decoded(t, st, todo.Items) {
		owners[x.Owner]++
	}
	if len(owners) < 15 || owners[lin] < 5 || owners[ding] < 5 {
		t.Errorf("to-dos: %v", owners)
	}
	holders, shared := map[office.UserID]int{}, 0
	for _, x := range decoded(t, st, contact.Cards) {
		holders[x.Owner]++
		if x.Owner == lin && slices.Equal(x.Editors, []string{string(he)}) {
			shared++
		}
	}
	if len(holders) < 8 || shared < 20 {
		t.Errorf("cards: %v, %d with the secretary", holders, shared)
	}
}

// given is what a server was given.
type given struct {
	mid string
	at  time.Time
	say string
}

func commandsOf(t *testing.T, now time.Time) []given {
	t.Helper()
	c, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	var out []given
	err = Fill(context.Background(), func(_ context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) error {
		raw, err := json.Marshal(cmd)
		if err != nil {
			return err
		}
		if _, err := c.Decode(cmd.Kind(), raw); err != nil {
			return fmt.Errorf("%s would not pass the wire: %w", raw, err)
		}
		out = append(out, given{mid, at, string(uid) + " " + cmd.Kind() + " " + string(raw)})
		return nil
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The same now gives the same commands; another now other words and times, but
// the same mids, so that filling twice does nothing twice. Nothing is of the
// future, and time does not run back.
func TestFillAgain(t *testing.T) {
	first := commandsOf(t, noon)
	if !slices.Equal(first, commandsOf(t, noon)) {
		t.Error("the same now gives other commands")
	}
	for i, g := range first {
		if g.at.After(noon) || i > 0 && g.at.Before(first[i-1].at) {
			t.Errorf("%s at %s", g.say, g.at)
		}
	}
	mids := map[string]bool{}
	for _, g := range first {
		if mids[g.mid] || !office.ValidID(g.mid) {
			t.Errorf("mid %s is bad or used twice", g.mid)
		}
		mids[g.mid] = true
	}
	for _, now := range []time.Time{
		time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC),          // in the first days of a year, a Saturday
		time.Date(2028, 2, 29, 23, 59, 59, 0, calendar.Zone), // a leap day, at night
		time.Date(2026, 6, 14, 16, 30, 0, 0, time.UTC),       // a Sunday; in China the Monday has begun
	} {
		other := commandsOf(t, now)
		if len(other) != len(first) {
			t.Errorf("%s: %d commands, not %d", now, len(other), len(first))
		}
		for _, g := range other {
			if g.at.After(now) {
				t.Errorf("%s: %s at %s", now, g.say, g.at)
			}
			delete(mids, g.mid)
		}
		if len(mids) > 0 {
			t.Errorf("%s: %d mids are missing", now, len(mids))
		}
		for _, g := range first {
			mids[g.mid] = true
		}
	}
}

// A server that refuses or a context that ends stops the filling at once.
func TestFillStops(t *testing.T) {
	n, full := 0, errors.New("disk full")
	err := Fill(context.Background(), func(context.Context, office.UserID, string, time.Time, office.Command) error {
		if n++; n == 7 {
			return full
		}
		return nil
	}, noon)
	if !errors.Is(err, full) || n != 7 {
		t.Errorf("%v after %d commands", err, n)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := Fill(ctx, nothing, noon); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
