package demo

import (
	"context"
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// Run gives one command to the server as a person, at a time in the past, once
// for its mid. A refusal is an error.
type Run func(ctx context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) error

// Fill makes the whole demonstration. The same now gives the same data; filling
// again, at whatever now, changes nothing, for the mids are the same.
func Fill(ctx context.Context, run func(ctx context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) error, now time.Time) error {
	_, err := fill(ctx, run, now)
	return err
}

// fill rehearses each act on the stage, then gives it to the server.
func fill(ctx context.Context, run Run, now time.Time) (*stage, error) {
	st, err := newStage()
	if err != nil {
		return nil, err
	}
	for _, a := range write(now).inOrder() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		cmd := a.cmd
		if a.make != nil {
			if cmd, err = a.make(st); err != nil {
				return nil, fmt.Errorf("demonstration at %s: %w", a.at.Format(time.DateTime), err)
			}
		}
		if cmd == nil {
			continue
		}
		if err := st.play(a.at, a.who, a.mid, cmd); err != nil {
			return nil, fmt.Errorf("demonstration: %s by %s: %w", cmd.Kind(), a.who, err)
		}
		if err := run(ctx, a.who, a.mid, a.at, cmd); err != nil {
			return nil, fmt.Errorf("demonstration: %s by %s: %w", cmd.Kind(), a.who, err)
		}
	}
	return st, nil
}

// write writes the whole script.
func write(now time.Time) *script {
	s := &script{clock: clock{now}, labels: map[string]int{}}
	s.organisation()
	s.incoming()
	s.outgoing()
	s.notes()
	s.archive()
	s.states()
	s.todos()
	s.years()
	s.calendars()
	s.cards()
	return s
}

// organisation makes units, posts, roles and people, then says who works where,
// then the number series and flows.
func (s *script) organisation() {
	at := s.day(-330, 9, 0)
	sys := func(label string, cmd office.Command) { s.do(at, office.System, label, cmd) }
	for i, u := range allUnits() {
		sys("unit:"+u.id, &directory.PutUnit{ID: u.id, Name: u.name, Short: u.short, Parent: u.parent, Order: 10 * (i + 1)})
	}
	for _, p := range allPosts() {
		sys("post:"+p.id, &directory.PutPost{ID: p.id, Name: p.name, Unit: p.unit})
	}
	for _, r := range roles {
		sys("role:"+r.id, &directory.PutRole{ID: r.id, Name: r.name})
	}
	for i, p := range allPeople() {
		sys("person:"+p.id, &directory.PutPerson{
			ID: p.id, Name: p.name, Title: p.title, Phone: fmt.Sprintf("0000-%d", 6001+i), Room: p.room, Order: 10 * (i + 1),
		})
		sys("assign:"+p.id, &directory.Assign{
			UID: office.UserID(p.id), Unit: p.unit, Units: fields(p.units), Posts: fields(p.posts), Roles: fields(p.roles),
		})
	}
	for i, u := range allUnits() { // again, now that heads and clerks exist
		if u.head != "" || u.clerk != "" {
			sys("head:"+u.id, &directory.PutUnit{
				ID: u.id, Name: u.name, Short: u.short, Parent: u.parent, Order: 10 * (i + 1), Head: u.head, Clerk: u.clerk,
			})
		}
	}
	// The archive reaches back into the years before, the papers of a demonstration
	// in January into the former year; where two are one, the later act changes
	// nothing. It is there in any case, so
	// that every demonstration has the same mids.
	for _, x := range series {
		for _, year := range []int{s.year(-330), s.year(-90), s.year(0)} {
			x.Year = year
			put := x
			sys("series:"+x.ID, &put)
		}
	}
	for _, d := range append(flows(), approval.Standard()...) {
		sys("flow:"+d.Key, &approval.Publish{Definition: d})
	}
}

// series are the office's number series (facts §3); Next is where the year
// stands when the demonstration begins.
var series = []document.PutSeries{
	{ID: "qzf", Code: "清政发", Name: "市政府文件", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 10, Next: 14, Reserve: true, Fill: true, Void: true},
	{ID: "qzbf", Code: "清政办发", Name: "市政府办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 20, Next: 21, Reserve: true, Fill: true, Void: true},
	{ID: "qzh", Code: "清政函", Name: "市政府函", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 30, Next: 37, Reserve: true, Fill: true, Void: true},
	{ID: "qzbh", Code: "清政办函", Name: "市政府办公室函", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 40, Next: 52, Reserve: true, Fill: true, Void: true},
	{ID: "qztg", Code: "清政通", Name: "市政府通告", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 50, Next: 6, Reserve: true, Fill: true, Void: true},
	{ID: "qzy", Code: "清政阅", Name: "市长办公会议纪要", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 60, Next: 9, Reserve: true, Fill: true, Void: true},
	{ID: "qzl", Code: "清政令", Name: "市政府令", Direction: document.Outgoing, Style: document.StyleOrder, Order: 70, Next: 3, Continuous: true, Reserve: true, Fill: true, Void: true},
	{ID: "qdh", Code: "清督函", Name: "督办函", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 80, Next: 18, Reserve: true, Fill: true, Void: true},
	{ID: "qdt", Code: "清督通", Name: "督查通报", Direction: document.Outgoing, Style: document.StyleOfficial, Order: 90, Next: 5, Reserve: true, Fill: true, Void: true},
	{ID: "sw-shang", Code: "上收", Name: "上级来文", Direction: document.Incoming, Style: document.StyleRegister, Order: 110, Next: 121},
	{ID: "sw-ping", Code: "平收", Name: "部门来文", Direction: document.Incoming, Style: document.StyleRegister, Order: 120, Next: 486},
	{ID: "sw-xia", Code: "下收", Name: "县区来文", Direction: document.Incoming, Style: document.StyleRegister, Order: 130, Next: 217},
	{ID: "sw-dian", Code: "电收", Name: "电报", Direction: document.Incoming, Style: document.StyleRegister, Order: 140, Next: 31},
	{ID: "qb", Code: "清办签", Name: "签报", Direction: document.Internal, Style: document.StyleOfficial, Order: 210, Next: 64},
}
