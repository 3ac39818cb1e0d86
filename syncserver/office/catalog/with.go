package catalog

import (
	"slices"

	"qianshao/syncserver/office"
)

// With is New with further kinds and commands: for tests of the machinery that
// need records and commands no room has.
func With(kinds []*office.Kind, specs []office.Spec) (*Catalog, error) {
	return build(slices.Concat(Kinds(), kinds), slices.Concat(Commands(), specs), Converters())
}
