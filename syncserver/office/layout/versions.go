package layout

import (
	"slices"
	"strconv"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Version is one version of a 版式模板, a record of kind layout.template. None
// is ever changed: a paper stays as it was issued.
type Version struct {
	Key      string        `json:"key"` // the template's ID
	Version  int           `json:"version"`
	Format   Format        `json:"format"`
	Issuers  []string      `json:"issuers,omitempty"` // names of the offices whose papers it is for; none: everybody's
	Off      bool          `json:"off,omitempty"`     // from here on the template is not used
	Template Template      `json:"template"`
	Words    string        `json:"words"` // why
	By       office.UserID `json:"by"`
	At       int64         `json:"at"`
}

// Versions reach every desk: all set alike.
var Versions = office.Of[Version]{Kind: &office.Kind{
	Name: "layout.template", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "key", Type: office.Text}, {Name: "version", Type: office.Int}, {Name: "format", Type: office.Text}},
	Views: []office.View{
		{Name: "all", Filters: []string{"format"}, Orders: []string{"key", "version"}},
		{Name: "key", By: []string{"key"}, Orders: []string{"version"}},
	},
	Title: "key",
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Versions.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{{Kind: "layout.put_template@1", New: func() office.Command { return new(PutTemplate) }, Class: office.Online}}
}

// Limits of a version.
const (
	maxIssuers = 50
	maxIssuer  = 100
	maxReason  = 200
)

// presetPrefix begins the ids of the templates that ship.
const presetPrefix = "gb-"

// PutTemplate makes the next version of a template, or the first of a new one.
// The system and the system administrator may.
type PutTemplate struct {
	Base     int      `json:"base"` // the newest version its author saw; 0 for a new template
	Template Template `json:"template"`
	Issuers  []string `json:"issuers,omitempty"`
	Off      bool     `json:"off,omitempty"`
	Words    string   `json:"words"`
}

func (*PutTemplate) Kind() string      { return "layout.put_template@1" }
func (x *PutTemplate) Locks() []string { return []string{"template:" + x.Template.ID} }

// Run checks and stores the version; its number is set here. Refusals:
// CodeInvalid naming the number that leaves its limits, CodeState if another
// version was made meanwhile or the format would change, CodeNotPermitted.
func (x *PutTemplate) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	if c.Actor != office.System {
		ok, err := directory.HasRole(tx, c.Actor, directory.RoleSysAdmin)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotPermitted}
		}
	}
	last, err := Versions.List(tx, office.Query{View: "key", Where: []office.Cond{office.Where("key", x.Template.ID)}, Order: "version", Desc: true, Limit: 1})
	if err != nil {
		return err
	}
	newest := 0
	if len(last) > 0 {
		newest = last[0].Value.Version
		if last[0].Value.Format != x.Template.Format {
			return office.Errorf(office.CodeState, "the template is of the format %s", last[0].Value.Format)
		}
	}
	if newest != x.Base {
		return office.Errorf(office.CodeState, "version %d is the newest", newest)
	}
	t := x.Template
	t.Version = newest + 1
	return Versions.Insert(tx, VersionID(t.ID, t.Version), Version{
		Key: t.ID, Version: t.Version, Format: t.Format, Issuers: x.Issuers, Off: x.Off, Template: t, Words: x.Words,
		By: c.Actor, At: office.Millis(c.Now),
	})
}

func (x *PutTemplate) check() error {
	t := x.Template
	t.Version = max(1, t.Version)
	if err := t.Check(); err != nil {
		return err
	}
	if strings.HasPrefix(t.ID, presetPrefix) {
		return office.Invalid("id", "templates that ship are not changed")
	}
	if x.Base < 0 {
		return office.Invalid("base", "counts from 0")
	}
	if err := office.CheckLine("words", x.Words, 1, maxReason); err != nil {
		return err
	}
	if len(x.Issuers) > maxIssuers {
		return office.Invalid("issuers", "%d, at most %d", len(x.Issuers), maxIssuers)
	}
	for i, s := range x.Issuers {
		if err := office.CheckLine("issuers", s, 1, maxIssuer); err != nil {
			return err
		}
		if slices.Contains(x.Issuers[:i], s) {
			return office.Invalid("issuers", "%s is given twice", s)
		}
	}
	return nil
}

// VersionID is the id of one version of a template.
func VersionID(key string, version int) string { return key + "." + strconv.Itoa(version) }

// Current is the template for papers of a format that an office issues now: one
// made for it, else one for everybody, the newest first, else the preset.
func Current(tx office.Tx, f Format, issuer string) (Template, error) {
	rows, err := Versions.List(tx, office.Query{View: "all", Where: []office.Cond{office.Where("format", string(f))}, Order: "version"})
	if err != nil {
		return Preset(f), err
	}
	newest := map[string]Version{}
	for _, r := range rows {
		if v := r.Value; v.Version > newest[v.Key].Version {
			newest[v.Key] = v
		}
	}
	var best *Version
	for _, v := range newest {
		own := slices.Contains(v.Issuers, issuer)
		// One that this program's limits no longer allow is not followed blindly.
		if v.Off || len(v.Issuers) > 0 && !own || v.Template.Check() != nil {
			continue
		}
		if best == nil || own != (len(best.Issuers) > 0) && own || own == (len(best.Issuers) > 0) && (v.At > best.At || v.At == best.At && v.Key < best.Key) {
			best = &v
		}
	}
	if best == nil {
		return Preset(f), nil
	}
	return best.Template, nil
}

// ByKey is the template of a key and version, "gb-file@1"; false if it is not
// here.
func ByKey(tx office.Tx, key string) (Template, bool, error) {
	for _, t := range Presets() {
		if t.Key() == key {
			return t, true, nil
		}
	}
	id, version, ok := strings.Cut(key, "@")
	n, err := strconv.Atoi(version)
	if !ok || err != nil || !office.ValidID(VersionID(id, n)) {
		return Template{}, false, nil
	}
	v, at, err := Versions.Get(tx, VersionID(id, n))
	return v.Template, err == nil && at == office.Present, err
}

// FormatFor is the format of a paper by its direction and 文种, as package
// document names them.
func FormatFor(direction, genre string) Format {
	switch {
	case direction == "in":
		return FormatPlain
	case direction != "out":
		return FormatFile
	case genre == "函":
		return FormatLetter
	case genre == "命令":
		return FormatOrder
	case genre == "纪要":
		return FormatMinutes
	}
	return FormatFile
}
