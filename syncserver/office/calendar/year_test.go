package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

func putRole(id string) office.Command { return &directory.PutRole{ID: id, Name: id} }
func assign(uid, role string) office.Command {
	return &directory.Assign{UID: office.UserID(uid), Roles: []string{role}}
}

func dragonBoat() *PutYear {
	return &PutYear{Year: 2026, Source: "国办发明电〔2025〕7号", Days: map[string]Day{
		"2026-06-19": {DayOff, "端午节"}, "2026-09-20": {DayWork, "国庆节"}, "2026-10-01": {DayOff, "国庆节"},
	}}
}

func TestYear(t *testing.T) {
	m := newMem(t)
	roles(t, m, "ding", directory.RoleSysAdmin)
	do(t, m, "ding", dragonBoat())
	r, ok := m.Get(Years.Name, "year-2026")
	var y Year
	if !ok || r.Decode(&y) != nil || y.By != "ding" || y.At != now.UnixMilli() || y.Year != 2026 {
		t.Fatalf("%+v", y)
	}
	if chans, err := m.Kinds.Channels(r, r); err != nil || len(chans) != 1 || chans[0] != office.Org {
		t.Errorf("%v %v", chans, err)
	}
	for day, want := range map[string]bool{
		"2026-06-18": true, "2026-06-19": false, "2026-06-20": false, "2026-09-20": true, "2026-10-01": false, "2026-10-09": true,
	} {
		d, _ := time.ParseInLocation(time.DateOnly, day, Zone)
		if y.Works(d.Add(12*time.Hour)) != want || y.Works(d) != want {
			t.Errorf("%s: worked %v", day, !want)
		}
	}
	x := dragonBoat()
	x.Source, x.Days = "", map[string]Day{"2026-06-22": {DayOff, "端午节"}}
	do(t, m, office.System, x)
	y = Year{}
	if r, _ = m.Get(Years.Name, "year-2026"); r.Decode(&y) != nil || len(y.Days) != 1 || y.Source != "" || y.By != office.System {
		t.Errorf("%+v", y)
	}
}

func TestYearRefused(t *testing.T) {
	many := map[string]Day{}
	for i := range maxYearDays + 1 {
		many[time.Date(2026, 1, 1+i, 0, 0, 0, 0, Zone).Format(time.DateOnly)] = Day{DayOff, "节"}
	}
	with := func(f func(*PutYear)) *PutYear { x := dragonBoat(); f(x); return x }
	one := func(day, kind, name string) *PutYear {
		return with(func(x *PutYear) { x.Days = map[string]Day{day: {kind, name}} })
	}
	for name, x := range map[string]struct {
		who   office.UserID
		cmd   *PutYear
		code  office.Code
		field string
	}{
		"a leader":                   {"lin", dragonBoat(), office.CodeNotPermitted, ""},
		"the security administrator": {"he", dragonBoat(), office.CodeNotPermitted, ""},
		"nobody":                     {"", dragonBoat(), office.CodeNotPermitted, ""},
		"no year":                    {"ding", with(func(x *PutYear) { x.Year = 0 }), office.CodeInvalid, "year"},
		"far year":                   {"ding", with(func(x *PutYear) { x.Year = 2100 }), office.CodeInvalid, "year"},
		"no days":                    {"ding", with(func(x *PutYear) { x.Days = nil }), office.CodeInvalid, "days"},
		"many days":                  {"ding", with(func(x *PutYear) { x.Days = many }), office.CodeInvalid, "days"},
		"another year's day":         {"ding", one("2027-01-01", DayOff, "元旦"), office.CodeInvalid, "days"},
		"no day":                     {"ding", one("2026-02-30", DayOff, "元旦"), office.CodeInvalid, "days"},
		"no kind":                    {"ding", one("2026-06-19", "half", "端午节"), office.CodeInvalid, "days"},
		"worked anyway":              {"ding", one("2026-06-18", DayWork, "端午节"), office.CodeInvalid, "days"},
		"no name":                    {"ding", one("2026-06-19", DayOff, " "), office.CodeInvalid, "days"},
		"long name":                  {"ding", one("2026-06-19", DayOff, strings.Repeat("节", maxDayName+1)), office.CodeInvalid, "days"},
		"source of two lines":        {"ding", with(func(x *PutYear) { x.Source = "a\nb" }), office.CodeInvalid, "source"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMem(t)
			roles(t, m, "ding", directory.RoleSysAdmin)
			roles(t, m, "he", directory.RoleSecAdmin)
			_, err := run(m, x.who, x.cmd)
			e := office.AsError(err)
			if err == nil || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			if len(m.All(Years.Name)) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

// Days checked against the published calendar of the Purple Mountain Observatory.
func TestLunar(t *testing.T) {
	for day, want := range map[string]string{
		"2026-06-15": "丙午 五月初一  ",
		"2026-06-19": "丙午 五月初五  端午节",
		"2026-06-21": "丙午 五月初七 夏至 ",
		"2026-02-16": "乙巳 腊月廿九  除夕",
		"2026-02-17": "丙午 正月初一  春节",
		"2026-09-25": "丙午 八月十五  中秋节",
		"2026-10-01": "丙午 八月廿一  国庆节",
		"2025-07-25": "乙巳 闰六月初一  ",
		"2026-12-22": "丙午 十一月十四 冬至 ",
		"2033-12-22": "癸丑 闰十一月初一  ",
	} {
		d, _ := time.ParseInLocation(time.DateOnly, day, Zone)
		l := Lunar(d.Add(23 * time.Hour))
		if got := fmt.Sprintf("%s %s%s %s %s", l.Year, l.Month, l.Day, l.Term, l.Festival); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
}
