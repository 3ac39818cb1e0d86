package worktime

import (
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Years are the published lists, one record for each year; its id is the year.
var Years = office.Of[Year]{Kind: &office.Kind{
	Name: "worktime.year", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "year", Type: office.Int}},
	Views:  []office.View{{Name: "all", Orders: []string{"year"}}},
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// Read is the calendar as published. A desk without the lists knows weekends
// only, and says so: known is false then.
func Read(tx office.Tx) (Calendar, error) {
	list, err := Years.List(tx, office.Query{View: "all"})
	c := Calendar{Years: map[int]Year{}}
	for _, y := range list {
		c.Years[y.Value.Year] = y.Value
	}
	return c, err
}

// RoleClerk may publish besides the 系统管理员: the 流程管理员.
const RoleClerk = "flowadmin"

// Publish enters the list of a year, or mends it.
type Publish struct {
	Year  int      `json:"year"`
	Off   []string `json:"off"`
	Work  []string `json:"work"`
	Basis string   `json:"basis,omitempty"`
}

func (*Publish) Kind() string      { return "worktime.publish@1" }
func (x *Publish) Locks() []string { return []string{"worktime:" + strconv.Itoa(x.Year)} }

// Run stores the list. CodeNotPermitted for others than the 系统管理员, the
// 流程管理员 and the system; CodeInvalid for days of another year, twice or both.
func (x *Publish) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		sys, err := directory.HasRole(tx, c.Actor, directory.RoleSysAdmin)
		if err != nil {
			return err
		}
		flow, err := directory.HasRole(tx, c.Actor, RoleClerk)
		if err != nil {
			return err
		}
		if !sys && !flow {
			return &office.Error{Code: office.CodeNotPermitted}
		}
	}
	if x.Year < 2000 || x.Year > 2200 {
		return office.Invalid("year", "2000 to 2200")
	}
	if err := office.CheckLine("basis", x.Basis, 0, 200); err != nil {
		return err
	}
	seen := map[string]bool{}
	for field, list := range map[string][]string{"off": x.Off, "work": x.Work} {
		if len(list) > 200 {
			return office.Invalid(field, "at most 200 days")
		}
		for _, d := range list {
			t, err := time.Parse(time.DateOnly, d)
			if err != nil || t.Year() != x.Year || seen[d] {
				return office.Invalid(field, "%q is no day of %d, or is there twice", d, x.Year)
			}
			seen[d] = true
		}
	}
	y := Year{Year: x.Year, Off: x.Off, Work: x.Work, Basis: x.Basis, By: string(c.Actor), At: office.Millis(c.Now)}
	id := strconv.Itoa(x.Year)
	if _, at, err := Years.Get(tx, id); err != nil {
		return err
	} else if at == office.Absent {
		return Years.Insert(tx, id, y)
	}
	return Years.Patch(tx, id, office.Fields{"off": y.Off, "work": y.Work, "basis": y.Basis, "by": y.By, "at": y.At})
}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Years.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{{Kind: "worktime.publish@1", New: func() office.Command { return new(Publish) }, Class: office.Online}}
}
