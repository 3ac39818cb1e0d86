package approval

import (
	"slices"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Publish makes the next version of a flow; running instances keep theirs
// (W39). The system and the 流程管理员 may.
type Publish struct {
	Base       int        `json:"base"` // the newest version its author saw; 0 for a new flow
	Definition Definition `json:"definition"`
}

func (*Publish) Kind() string      { return "approval.publish@1" }
func (x *Publish) Locks() []string { return []string{"definition:" + x.Definition.Key} }

// Run validates and stores the version. Refusals: CodeInvalid naming the
// element, CodeState if another version was published meanwhile. Version,
// state, time and author are set here, whatever the arguments say.
func (x *Publish) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	if err := x.Definition.Validate(); err != nil {
		return err
	}
	if err := known(tx, x.Definition); err != nil {
		return err
	}
	newest := 0
	switch last, err := Newest(tx, x.Definition.Key); {
	case err == nil:
		newest = last.Value.Version
	case office.CodeOf(err) != office.CodeNotFound:
		return err
	}
	if newest != x.Base {
		return office.Errorf(office.CodeState, "version %d is the newest", newest)
	}
	d := x.Definition
	d.Version, d.State = newest+1, DefinitionPublished
	d.Published, d.By = office.Millis(c.Now), string(c.Actor)
	return Definitions.Insert(tx, DefinitionID(d.Key, d.Version), d)
}

// MayDraft refuses whoever is neither the system nor the 流程管理员, and what is no
// key of a flow.
func MayDraft(tx office.Tx, c office.Context, key string) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	if !flowKey.MatchString(key) {
		return office.Invalid("key", "%q is no key of a flow", key)
	}
	return nil
}

// DefinitionID is the id of one version of a flow.
func DefinitionID(key string, version int) string { return key + "." + strconv.Itoa(version) }

// known refuses handlers that name nobody in the directory, and subjects that
// are no kind of record.
func known(tx office.Tx, d Definition) error {
	for _, k := range d.Subjects {
		if _, _, err := tx.Get(k, "any"); office.CodeOf(err) == office.CodeInvalid {
			return office.Invalid("definition.subjects", "there is no kind %q", k)
		} else if err != nil {
			return err
		}
	}
	for i, s := range d.Steps {
		if s.Type == StepSub {
			in, err := Newest(tx, s.Sub.Flow)
			if err != nil || !in.Value.Child {
				return fault(i, s, "sub", "no flow %q is published that may be inside another", s.Sub.Flow)
			}
		}
		for j, h := range slices.Concat(s.Handlers, s.Editors) {
			kind := map[string]string{
				ByPerson: directory.People.Name, ByPost: directory.Posts.Name, ByRole: directory.Roles.Name,
				ByHead: directory.Units.Name,
			}[h.By]
			if kind == "" || h.ID == "" {
				continue
			}
			_, at, err := tx.Get(kind, h.ID)
			switch {
			case err != nil:
				return err
			case at == office.Elsewhere:
				return office.ErrElsewhere()
			case at == office.Absent:
				field := "handlers"
				if j >= len(s.Handlers) {
					field = "editors"
				}
				return fault(i, s, field, "%s %s is not in the directory", h.By, h.ID)
			}
		}
	}
	return nil
}
