package catalog

import (
	"maps"
	"slices"

	"qianshao/syncserver/office"
)

// With is New with further kinds and commands, and converters of former ones:
// for tests of the machinery that need records and commands no room has.
func With(kinds []*office.Kind, specs []office.Spec, former ...map[string]Converter) (*Catalog, error) {
	all := Converters()
	for _, m := range former {
		maps.Copy(all, m)
	}
	return build(slices.Concat(Kinds(), kinds), slices.Concat(Commands(), specs), all)
}
