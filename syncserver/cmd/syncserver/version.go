package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
)

// showVersion prints what this program is and speaks.
func (p *program) showVersion(_ context.Context, args []string) error {
	if len(args) > 0 {
		return p.usageError("version: no arguments")
	}
	fmt.Fprintf(p.out, "syncserver %s (%s %s/%s)\nprotocol %s, oldest answered %s\nschema %d\n",
		release(), runtime.Version(), runtime.GOOS, runtime.GOARCH, protocol.Version, protocol.MinVersion, catalog.SchemaVersion)
	return nil
}

// version is the release, set by the linker: -ldflags "-X main.version=…".
var version string

// release is the version, or what is known of where the program comes from.
func release() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}
