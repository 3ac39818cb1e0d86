package directory

import (
	"strings"

	"qianshao/syncserver/office"
)

// States of an official.
const (
	Active   = "active"
	Disabled = "disabled" // left the office: sees nothing, is asked nothing, stays named in what was done
)

// The three administrators' roles; see Exclusive.
const (
	RoleSysAdmin = "sysadmin" // 系统管理员
	RoleSecAdmin = "secadmin" // 安全保密管理员
	RoleAuditor  = "auditor"  // 安全审计员
)

// Official is one person of the office, a record of kind dir.person; its id is
// the person's UserID.
type Official struct {
	Name     string   `json:"name"`
	Pinyin   string   `json:"pinyin"`   // syllables without tones, "lin zhi yuan"
	Initials string   `json:"initials"` // "lzy"
	Title    string   `json:"title,omitempty"`
	Unit     string   `json:"unit,omitempty"` // main unit
	Units    []string `json:"units,omitempty"`
	Posts    []string `json:"posts,omitempty"`
	Roles    []string `json:"roles,omitempty"`
	// PostUnits are the units of the posts: whoever fills a post sees what its
	// unit sees, also where they do not work in it.
	PostUnits []string `json:"post_units,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	Room      string   `json:"room,omitempty"`
	Order     int      `json:"order"`
	State     string   `json:"state"`
	Terms     []Term   `json:"terms,omitempty"` // posts filled, once filled and to be filled, as far as Appoint and Dismiss said so
}

// Term is the time during which somebody fills a post: from From until Until,
// Millis; Until 0 is "until further notice".
type Term struct {
	Post  string `json:"post"`
	From  int64  `json:"from"`
	Until int64  `json:"until,omitempty"`
}

// Closed is the state of a unit or post that is no longer used. It stays, for
// papers name it, but nobody new comes into it.
const Closed = "closed"

// Unit is a part of the office or a body it works with, a record of kind dir.unit.
type Unit struct {
	Name   string        `json:"name"`
	Short  string        `json:"short,omitempty"`
	Parent string        `json:"parent,omitempty"`
	Order  int           `json:"order"`
	Head   office.UserID `json:"head,omitempty"`
	Clerk  string        `json:"clerk,omitempty"` // the unit's 文书 post: who gets what nobody else can be found for (W41)
	State  string        `json:"state,omitempty"` // "" or Closed
}

// Post is a place of work that one or more people fill, a record of kind
// dir.post. Holders follow from the people's posts and are kept here so that
// finding them needs no search.
type Post struct {
	Name    string          `json:"name"`
	Unit    string          `json:"unit,omitempty"`
	Holders []office.UserID `json:"holders,omitempty"`
	State   string          `json:"state,omitempty"` // "" or Closed
}

// Role is a set of rights, a record of kind dir.role. Holders as in Post.
type Role struct {
	Name    string          `json:"name"`
	Holders []office.UserID `json:"holders,omitempty"`
}

func everybody(office.Record) ([]office.Channel, error) {
	return []office.Channel{office.Org}, nil
}

// People are the officials.
var People = office.Of[Official]{Kind: &office.Kind{
	Name: "dir.person", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "name", Type: office.Text}, {Name: "pinyin", Type: office.Text},
		{Name: "unit", Type: office.Text}, {Name: "order", Type: office.Int}, {Name: "state", Type: office.Text},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"unit", "state", "name"}, Orders: []string{"pinyin", "order"}},
		{Name: "unit", By: []string{"unit"}, Filters: []string{"state"}, Orders: []string{"order", "pinyin"}},
	},
	Search: []string{"name", "title", "phone", "room"}, Title: "name",
	SearchText: func(r office.Record) string {
		var p Official
		if r.Decode(&p) != nil {
			return ""
		}
		return strings.ReplaceAll(p.Pinyin, " ", "") + " " + p.Initials
	},
	Audience: everybody,
}}

// Units are the office's units and the bodies it works with.
var Units = office.Of[Unit]{Kind: &office.Kind{
	Name: "dir.unit", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "name", Type: office.Text}, {Name: "parent", Type: office.Text}, {Name: "order", Type: office.Int},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"parent", "name"}, Orders: []string{"order", "name"}},
		{Name: "tree", By: []string{"parent"}, Orders: []string{"order"}},
	},
	Search: []string{"name", "short"}, Title: "name",
	Audience: everybody,
}}

// Posts are the places of work.
var Posts = office.Of[Post]{Kind: &office.Kind{
	Name: "dir.post", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "name", Type: office.Text}, {Name: "unit", Type: office.Text}},
	Views: []office.View{
		{Name: "all", Filters: []string{"unit", "name"}, Orders: []string{"name"}},
		{Name: "unit", By: []string{"unit"}, Orders: []string{"name"}},
	},
	Title: "name", Audience: everybody,
}}

// Roles are the sets of rights.
var Roles = office.Of[Role]{Kind: &office.Kind{
	Name: "dir.role", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "name", Type: office.Text}},
	Views:  []office.View{{Name: "all", Filters: []string{"name"}, Orders: []string{"name"}}},
	Title:  "name", Audience: everybody,
}}

// Kinds are the room's kinds.
func Kinds() []*office.Kind {
	return []*office.Kind{People.Kind, Units.Kind, Posts.Kind, Roles.Kind}
}

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "directory.put_person@1", New: func() office.Command { return new(PutPerson) }, Class: office.Online},
		{Kind: "directory.put_unit@1", New: func() office.Command { return new(PutUnit) }, Class: office.Online},
		{Kind: "directory.put_post@1", New: func() office.Command { return new(PutPost) }, Class: office.Online},
		{Kind: "directory.put_role@1", New: func() office.Command { return new(PutRole) }, Class: office.Online},
		{Kind: "directory.assign@1", New: func() office.Command { return new(Assign) }, Class: office.Online},
		{Kind: "directory.place@1", New: func() office.Command { return new(Place) }, Class: office.Online},
		{Kind: "directory.appoint@1", New: func() office.Command { return new(Appoint) }, Class: office.Online},
		{Kind: "directory.dismiss@1", New: func() office.Command { return new(Dismiss) }, Class: office.Online},
		{Kind: "directory.turn@1", New: func() office.Command { return new(Turn) }, Class: office.Online},
		{Kind: "directory.grant@1", New: func() office.Command { return new(Grant) }, Class: office.Online},
		{Kind: "directory.close_unit@1", New: func() office.Command { return new(CloseUnit) }, Class: office.Online},
		{Kind: "directory.close_post@1", New: func() office.Command { return new(ClosePost) }, Class: office.Online},
	}
}
