package office

// Spec declares one command of a room: what package catalog decodes on both
// ends. Each room exports its kinds and specs as explicit lists:
//
//	func Kinds() []*office.Kind
//	func Specs() []office.Spec
type Spec struct {
	Kind    string         // name and version, equal to New().Kind()
	New     func() Command // a fresh command to decode arguments into
	Class   Class          // whether the act may be given off line
	Creates bool           // the argument "id" is the id of a new record; a desk fills it if absent
}
